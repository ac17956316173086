"""A certificate that can no longer be earned is never named in silence: the pages' own word on it goes with the answer.

Roadmaps go on recommending what has ended. Wherever a selection names such a certificate and does not say so, the line
that does is added, with its source. Knows nothing of questions.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Page
from advisor.corpus.items import Certificate, CertificateState
from advisor.corpus.roadmap import read_roadmap
from advisor.records import Document, Passage, Snippet
from advisor.text import stems

_MAY_BE_GONE = re.compile(
    r"^\s*[-*]\s+\**status\**:\s*(?:retired|closed|replaced|discontinued)", re.IGNORECASE | re.MULTILINE
)
_CODE = re.compile(r"\b[A-Z]{2,5}-[A-Z]?\d{2,4}\b")
_TELLS = re.compile(r"\b(?:retired|closed|replaced|discontinued|no longer|ended|successor)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_COMMON = frozenset(stems("certified certificate certification exam official version"))
_LEAST_WORDS = 2
SHORT = 2  # pieces; a longer list names many certificates, and its own words on each are enough


@dataclass(frozen=True, slots=True)
class Gone:
    """A certificate that has ended: how it is recognised, and the line that says so."""

    name: str
    codes: frozenset[str]
    words: frozenset[str]  # stems that name it together
    successors: frozenset[str]  # stems that name what replaced it
    told: Snippet


def may_hold_gone(document: Document) -> bool:
    """Whether a document has a status line of an ended certificate at all: most need not be read for them."""
    return bool(_MAY_BE_GONE.search(document.text))


def find_gone(pages: Iterable[Page]) -> tuple[Gone, ...]:
    """The certificates that these pages call retired, closed or replaced, in their order."""
    return tuple(
        gone
        for page in pages
        for certificate in read_roadmap(page.outline).certificates
        for gone in [_gone(page.outline.document, page.passages, certificate)]
        if gone
    )


def _gone(document: Document, passages: Sequence[Passage], certificate: Certificate) -> Gone | None:
    status, span = certificate.status, certificate.state_span
    over = {CertificateState.RETIRED, CertificateState.REPLACED}
    holding = [passage for passage in passages if span and passage.start <= span.start < passage.end]
    if status is None or span is None or status.state not in over or not holding:
        return None
    name = _BRACKETS.sub("", certificate.item.name)
    successors = f"; successor: {'; '.join(certificate.successors)}" if certificate.successors else ""
    told = Snippet(f"{name}: {status.words}{successors}.", document.text[span.start : span.end], holding[-1])
    named = frozenset(stems(_CODE.sub(" ", name))) - _COMMON
    replaced_by = frozenset(stems(" ".join(certificate.successors[:1]))) - _COMMON
    return Gone(name, frozenset(_CODE.findall(certificate.item.name)), named, replaced_by, told)


def with_warnings(selection: Selection, gone: Sequence[Gone]) -> Selection:
    """The selection, and after it what the pages say of each ended certificate it names without saying so."""
    warnings = tuple(one.told for one in gone if _is_named_in_silence(one, selection.snippets))
    if not warnings or selection.shape is Shape.TABLE:
        return selection
    return replace(selection, groups=(*selection.groups, Group("", warnings)))


def _is_named_in_silence(gone: Gone, pieces: Sequence[Snippet]) -> bool:
    """Whether a piece names it and none says that it has ended; in a short answer, also what replaced it."""
    naming = [piece for piece in pieces if _names(gone, piece.text)]
    told = any(_TELLS.search(piece.text) for piece in naming)
    said = set(stems(" ".join(piece.text for piece in pieces)))
    lacks_successor = len(pieces) <= SHORT and bool(gone.successors) and not gone.successors <= said
    return bool(naming) and (not told or lacks_successor)


def _names(gone: Gone, text: str) -> bool:
    if gone.codes & set(_CODE.findall(text)):
        return True
    return len(gone.words) >= _LEAST_WORDS and gone.words <= set(stems(text))
