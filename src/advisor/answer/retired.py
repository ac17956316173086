"""A certificate that can no longer be earned is never named in silence: the pages' own word on it goes with the answer.

Roadmaps go on recommending what has ended. Wherever a selection, or the question, names such a certificate and the
answer does not say so, the line that does is added, with its source: first where the learner asked about it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Page
from advisor.corpus.items import Certificate, CertificateState
from advisor.corpus.roadmap import Roadmap
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
LEAST_SHARED = 0.6  # of a standing certificate's name, by a sentence on the version before it
SHORT = 2  # pieces; a longer list names many certificates, and its own words on each are enough


@dataclass(frozen=True, slots=True)
class Gone:
    """A certificate that has ended: how it is recognised, and the line that says so."""

    name: str
    codes: frozenset[str]
    spelled: tuple[str, ...]  # the stems of its name, in order; they name it together
    successors: frozenset[str]  # stems that name what replaced it
    told: Snippet


def may_hold_gone(document: Document) -> bool:
    """Whether a document has a status line of an ended certificate at all: most need not be read for them."""
    return bool(_MAY_BE_GONE.search(document.text))


def find_gone(pages: Iterable[tuple[Page, Roadmap]]) -> tuple[Gone, ...]:
    """The certificates that these pages, each with what it says of its career, call ended, in their order."""
    return tuple(
        gone
        for page, roadmap in pages
        for certificate in roadmap.certificates
        for gone in [_gone(page.outline.document, page.passages, certificate)]
        if gone
    )


def _gone(document: Document, passages: Sequence[Passage], certificate: Certificate) -> Gone | None:
    over = {CertificateState.RETIRED, CertificateState.REPLACED}
    name = _BRACKETS.sub("", certificate.item.name)
    told = _told(document, passages, certificate, name)
    if told is None or certificate.status is None or certificate.status.state not in over:
        return None
    replaced_by = frozenset(stems(" ".join(certificate.successors[:1]))) - _COMMON
    return Gone(name, frozenset(_CODE.findall(certificate.item.name)), _spelled(name), replaced_by, told)


def _told(document: Document, passages: Sequence[Passage], certificate: Certificate, name: str) -> Snippet | None:
    """What the page says of the certificate's state, and of what replaced it; None where it says nothing."""
    status, span = certificate.status, certificate.state_span
    holding = [passage for passage in passages if span and passage.start <= span.start < passage.end]
    if status is None or span is None or not holding:
        return None
    successors = f"; successor: {'; '.join(certificate.successors)}" if certificate.successors else ""
    return Snippet(f"{name}: {status.words}{successors}.", document.text[span.start : span.end], holding[-1])


def _spelled(name: str) -> tuple[str, ...]:
    """The stems that tell this certificate from others, in order: no code, no "certified"."""
    return tuple(word for word in stems(_CODE.sub(" ", name)) if word not in _COMMON)


def with_endings(
    selection: Selection,
    gone: Sequence[Gone],
    *,
    question: str,
    page: Callable[[str], Page],
    roadmap: Callable[[str], Roadmap],
) -> Selection:
    """The selection with what has ended of all that it or the question names, and with what stands in its place.

    `page` and `roadmap` give those of a document's key.
    """
    return with_current(with_warnings(selection, gone, question=question), page=page, roadmap=roadmap)


def with_current(selection: Selection, *, page: Callable[[str], Page], roadmap: Callable[[str], Roadmap]) -> Selection:
    """The selection, and after a sentence that tells of an ended version the line on the one of that name that stands.

    "Version 003 of the Terraform Associate was retired": 004 is what can be taken.
    """
    if selection.shape is Shape.TABLE or len(selection.snippets) > SHORT:
        return selection
    ended = [piece for piece in selection.snippets if _TELLS.search(piece.text)]
    said = " ".join(piece.text for piece in selection.snippets)
    current = tuple(
        told
        for piece in ended
        for key in [piece.passage.document]
        for told in _standing(page(key), roadmap(key).certificates, piece, said)
    )
    return replace(selection, groups=(*selection.groups, Group("", current))) if current else selection


def _standing(page: Page, certificates: Iterable[Certificate], piece: Snippet, said: str) -> Iterator[Snippet]:
    """What the page says of those active certificates of the name that this piece says has ended."""
    of_piece = set(stems(piece.text))
    for certificate in certificates:
        is_active = certificate.status is not None and certificate.status.state is CertificateState.ACTIVE
        name = set(_spelled(_BRACKETS.sub("", certificate.item.name)))
        shared = len(name & of_piece)
        is_it = shared >= _LEAST_WORDS and shared >= LEAST_SHARED * len(name)
        told = _told(page.outline.document, page.passages, certificate, certificate.item.name)
        if is_active and is_it and told and certificate.item.name not in said:
            yield told


def with_warnings(selection: Selection, gone: Sequence[Gone], *, question: str = "") -> Selection:
    """The selection with what the pages say of each ended certificate it names without saying so, after it.

    What they say of one that the question names goes before it.
    """
    if selection.shape is Shape.TABLE:
        return selection
    wants_successor = bool(_INSTEAD.search(question))
    silent = [
        (one, is_asked)
        for one in gone
        for is_asked in [_is_asked_about(one, question)]
        if _is_in_silence(one, selection.snippets, is_asked=is_asked, wants_successor=is_asked and wants_successor)
    ]
    if not silent:
        return selection
    before, after = (tuple(one.told for one, is_asked in silent if is_asked is first) for first in (True, False))
    groups = (*_group(before), *selection.groups, *_group(after))
    return replace(selection, groups=groups)


def _group(told: tuple[Snippet, ...]) -> tuple[Group, ...]:
    return (Group("", told),) if told else ()


_INSTEAD = re.compile(r"\binstead\b|\breplac(?:e[ds]?|ements?|ing)\b|\bsuccessors?\b|\btook its place\b", re.IGNORECASE)
_WITHIN = 2  # further words between those that name it, in a question


def _is_in_silence(gone: Gone, pieces: Sequence[Snippet], *, is_asked: bool, wants_successor: bool) -> bool:
    """Whether it is named and no piece says that it has ended; in a short answer, also what replaced it."""
    naming = [piece for piece in pieces if _names(gone, piece.text)]
    told = any(_TELLS.search(piece.text) for piece in naming)
    said = set(stems(" ".join(piece.text for piece in pieces)))
    is_short = len(pieces) <= SHORT or wants_successor
    lacks_successor = is_short and bool(gone.successors) and not gone.successors <= said
    return (bool(naming) or is_asked) and (not told or lacks_successor)


def _is_asked_about(gone: Gone, question: str) -> bool:
    """Whether a question names it: by its code, or by its words in their order, near each other."""
    if gone.codes & set(_CODE.findall(question.upper())):
        return True
    name, asked = gone.spelled, stems(question)
    width = len(name) + _WITHIN
    starts = (place for place, word in enumerate(asked) if name and word == name[0])
    return len(set(name)) >= _LEAST_WORDS and any(_in_order(name, asked[start : start + width]) for start in starts)


def _in_order(words: Sequence[str], text: Sequence[str]) -> bool:
    left = iter(text)
    return all(word in left for word in words)


def _names(gone: Gone, text: str) -> bool:
    if gone.codes & set(_CODE.findall(text)):
        return True
    name = set(gone.spelled)
    return len(name) >= _LEAST_WORDS and name <= set(stems(text))
