"""`advisor corpus lint`: reads every page of a folder and asks each rule what it finds.

Knows which rules there are and nothing of what they look for. Reads files, writes none.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from advisor.corpus.corpus_rules import CORPUS_RULES
from advisor.corpus.decoding import decode, normalise_newlines
from advisor.corpus.findings import Corpus, Finding, Page, Severity, all_findings, known_names
from advisor.corpus.measures import read_date
from advisor.corpus.metadata import front_matter_lines, read_front_matter
from advisor.corpus.outline import outline_document
from advisor.corpus.page_rules import PAGE_RULES
from advisor.corpus.reading import read_corpus
from advisor.corpus.roadmap import read_roadmap
from advisor.records import Document


@dataclass(frozen=True, slots=True)
class LintReport:
    """How many pages were read and everything found on them, sorted by file and line."""

    pages: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class CorpusFigures:
    """The size and age of a corpus, counted from its pages."""

    pages: int
    careers: int
    guides: int
    words: int
    phases: int
    items: int
    items_with_hours: int
    items_free: int  # free, or free to audit
    certificates: dict[str, int]  # by state
    skills: int  # distinct names
    oldest_last_verified: date | None


def lint_corpus(folder: Path, *, today: date) -> LintReport:
    """Every problem of the pages below the folder, as seen on this day; raises DocumentError as `read_corpus` does."""
    reading = read_corpus(folder)
    pages = tuple(_page(folder, document) for document in reading.documents)
    unread = [
        Finding(problem.key, 1, "unreadable", problem.message, "mend or remove the file")
        for problem in reading.problems
    ]
    found = all_findings(Corpus(pages, today, known_names(pages)), PAGE_RULES, CORPUS_RULES)
    return LintReport(len(pages), tuple(sorted((*unread, *found))))


def corpus_figures(folder: Path) -> CorpusFigures:
    """What the corpus holds; raises DocumentError as `read_corpus` does."""
    return _figures([_page(folder, document) for document in read_corpus(folder).documents])


def figures_of(documents: Iterable[Document]) -> CorpusFigures:
    """What these documents hold; the words of one that was no text file are those of the Markdown made of it."""
    return _figures([_page_with(document, document.text) for document in documents])


def _figures(pages: Sequence[Page]) -> CorpusFigures:
    roadmaps = [page.roadmap for page in pages]
    items = [item for roadmap in roadmaps for item in roadmap.items if item.labels & {"kind", "cost", "provider"}]
    states = Counter(
        certificate.status.state.value if certificate.status else "no status"
        for roadmap in roadmaps
        for certificate in roadmap.certificates
    )
    verified = [day for page in pages if (day := read_date(page.front.last_verified or ""))]
    return CorpusFigures(
        pages=len(pages),
        careers=len({page.document.role for page in pages if page.document.role}),
        guides=sum(page.document.role is None for page in pages),
        words=sum(len(page.raw.split()) for page in pages),
        phases=sum(len(roadmap.phases) for roadmap in roadmaps),
        items=len(items),
        items_with_hours=sum(item.hours is not None for item in items),
        items_free=sum(item.cost is not None and item.cost.kind.value.startswith("free") for item in items),
        certificates=dict(sorted(states.items())),
        skills=len({skill.name.lower() for roadmap in roadmaps for skill in roadmap.skills}),
        oldest_last_verified=min(verified, default=None),
    )


def _page(folder: Path, document: Document) -> Page:
    return _page_with(document, normalise_newlines(_raw(folder / document.key, document)))


def _page_with(document: Document, raw: str) -> Page:
    lines = document.text.split("\n")
    front = read_front_matter(lines[: front_matter_lines(lines)])
    outline = outline_document(document)
    return Page(document, front, outline, read_roadmap(outline), raw)


def _raw(path: Path, document: Document) -> str:
    """The text as it stands in the file; what is no text file was made into Markdown by its reader."""
    if path.suffix.lower() in {".md", ".markdown", ".txt"}:
        return decode(path.read_bytes(), key=document.key).text
    return document.text
