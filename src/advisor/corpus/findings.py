"""What the rules of `advisor corpus lint` look at, and the form of what they find."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from advisor.corpus.metadata import FrontMatter
from advisor.corpus.outline import Outline
from advisor.corpus.roadmap import Roadmap
from advisor.records import Document
from advisor.text import normalise


class Severity(StrEnum):
    """Errors fail the lint; warnings are for a person to weigh."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One problem: where, what, and how to mend it. Sorted by file and line."""

    file: str
    line: int  # 1-based
    rule: str
    message: str
    cure: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Page:
    """One page with everything that was read from it. `raw` is the file's text before cleaning."""

    document: Document
    front: FrontMatter
    outline: Outline
    roadmap: Roadmap
    raw: str

    @property
    def key(self) -> str:
        """The page's path below the corpus folder."""
        return self.document.key

    def line_of(self, offset: int) -> int:
        """The 1-based line of an offset into the document's text."""
        return self.document.text.count("\n", 0, offset) + 1

    def finding(self, rule: str, offset: int, message: str, cure: str) -> Finding:
        """An error at this offset."""
        return Finding(self.key, self.line_of(offset), rule, message, cure)


@dataclass(frozen=True, slots=True)
class Corpus:
    """All pages, the day on which they are judged, and the names that a prerequisite may have, by normal form."""

    pages: tuple[Page, ...]
    today: date
    names: Mapping[str, str]


def known_names(pages: Sequence[Page]) -> dict[str, str]:
    """The skills, items and certificates of all pages, by their normal form."""
    known: dict[str, str] = {}
    for page in pages:
        certified = (certificate.item for certificate in page.roadmap.certificates)
        names = [skill.name for skill in page.roadmap.skills]
        for name in (*names, *(item.name for item in (*page.roadmap.items, *certified))):
            known.setdefault(normalise(name), name)
    return known


PageRule = Callable[[Page, Corpus], Iterator[Finding]]
CorpusRule = Callable[[Corpus], Iterator[Finding]]


def all_findings(
    corpus: Corpus, page_rules: Sequence[PageRule], corpus_rules: Sequence[CorpusRule]
) -> tuple[Finding, ...]:
    """What all rules find, sorted by file and line, nothing twice."""
    found = [finding for page in corpus.pages for rule in page_rules for finding in rule(page, corpus)]
    found.extend(finding for rule in corpus_rules for finding in rule(corpus))
    return tuple(sorted(set(found)))
