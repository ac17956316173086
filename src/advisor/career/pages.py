"""All pages of one career, and what they say on a subject: opening sentences, list, table.

A career may have several pages (its own roadmap, its certificates, paths for switchers); a fact stands on one of them.
Knows nothing of learners, comparisons or wording.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from advisor.career.careers import Career
from advisor.career.skills import canonical
from advisor.corpus.items import Span, span_of
from advisor.corpus.outline import Kind, Node, Outline, outline_document
from advisor.corpus.roadmap import Roadmap, SkillNeed, read_roadmap
from advisor.corpus.subjects import Subject, subject_of_heading
from advisor.records import Document
from advisor.text import normalise

_LEAD_WORDS = 4  # a line above a list that is no longer than this is read like a heading: "Entry-level roles:"
_ALSO = {Subject.TIME: re.compile(r"^how long\b", re.IGNORECASE)}  # where no page has the heading of the format


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of a document that a statement rests on."""

    document: str
    span: Span


@dataclass(frozen=True, slots=True)
class Page:
    """One page with its outline and its typed facts."""

    document: Document
    outline: Outline
    roadmap: Roadmap

    def evidence(self, *nodes: Node) -> Evidence:
        """From the first of these nodes to the end of the last, with what hangs below it."""
        last = span_of(self.outline, nodes[-1])
        return Evidence(self.document.key, Span(nodes[0].start, last.end))


@dataclass(frozen=True, slots=True)
class RolePages:
    """The pages of one career: the one called like it first, then the one with its phases, then the others by key."""

    career: Career
    pages: tuple[Page, ...]

    @property
    def name(self) -> str:
        """What the career is called."""
        return self.career.name

    @property
    def own(self) -> Page:
        """The page that holds the career's phases."""
        return next(page for page in self.pages if page.document.key == self.career.document.key)


@dataclass(frozen=True, slots=True)
class Said:
    """What stands below one heading. `items` are those of the first level, with what hangs below them left out."""

    page: Page
    heading: Node
    sentences: tuple[Node, ...]
    items: tuple[Node, ...]
    rows: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A skill a career asks for, with the line that says so."""

    name: str
    detail: str
    is_essential: bool
    evidence: Evidence


def read_role(career: Career, documents: Iterable[Document]) -> RolePages:
    """The career with every document of its role."""

    def place(document: Document) -> tuple[bool, bool, str]:
        return normalise(document.title) != normalise(career.name), document.key != career.document.key, document.key

    own = {document.key: document for document in documents if document.role == career.name}
    own[career.document.key] = career.document
    return RolePages(career, tuple(_page(document, career) for document in sorted(own.values(), key=place)))


def _page(document: Document, career: Career) -> Page:
    if document.key == career.document.key:
        return Page(document, career.outline, career.roadmap)
    outline = outline_document(document)
    return Page(document, outline, read_roadmap(outline))


def said_on(subject: Subject, role: RolePages) -> Said | None:
    """What the career's pages say on a subject, under its first heading that holds anything; None where none does."""
    found = (said for page in role.pages for said in _said(page, subject))
    other = _ALSO.get(subject)
    also = (said for page in role.pages for said in _under(page, other)) if other else iter(())
    return next(found, None) or next(also, None)


def _said(page: Page, subject: Subject) -> Iterator[Said]:
    for node in page.outline.nodes[1:]:
        leads = node.kind is Kind.SENTENCE and node.children and len(node.text.split()) <= _LEAD_WORDS
        if (node.kind is Kind.HEADING or leads) and subject_of_heading(node.text.rstrip(":")) is subject:
            yield from _below(page, node)


def _under(page: Page, pattern: re.Pattern[str]) -> Iterator[Said]:
    for node in page.outline.nodes[1:]:
        if node.kind is Kind.HEADING and pattern.search(node.text):
            yield from _below(page, node)


def _below(page: Page, heading: Node) -> Iterator[Said]:
    nodes = tuple(page.outline.descendants(heading))
    sentences = tuple(node for node in nodes if node.kind is Kind.SENTENCE and not node.text.endswith(":"))
    items = tuple(
        node for node in nodes if node.kind is Kind.ITEM and page.outline.nodes[node.parent].kind is not Kind.ITEM
    )
    rows = tuple(node for node in nodes if node.kind is Kind.ROW)
    if sentences or items or rows:
        yield Said(page, heading, sentences, items, rows)


def row_words(row: Node) -> str:
    """A row of two cells as "OSSU: 2 years"; of a longer one each further cell keeps its column."""
    first, *rest = row.cells or (row.text,)
    name = first.partition(": ")[2] or first
    told = [cell.replace(": ", " ", 1) if len(rest) > 1 else cell.partition(": ")[2] or cell for cell in rest]
    return ": ".join(filter(None, (name, ", ".join(told))))


def needs_of(role: RolePages) -> tuple[Need, ...]:
    """The skills its pages ask for, each once, in their order; an essential one stays essential."""
    needs = [_need(page, skill) for page in role.pages for skill in page.roadmap.skills]
    found: dict[tuple[str, ...], Need] = {}
    for need in sorted(needs, key=lambda need: not need.is_essential):
        found.setdefault(canonical(need.name), need)
    return tuple(found.values())


def _need(page: Page, skill: SkillNeed) -> Need:
    """Brackets behind a name say what of it: "Advanced mathematics (calculus and linear algebra)"."""
    name, bracket, rest = skill.name.partition(" (")
    detail = "; ".join(filter(None, (rest.rstrip(")") if bracket else "", skill.detail)))
    return Need(name, detail, skill.is_essential, Evidence(page.document.key, skill.span))


def read_roles(careers: Sequence[Career], documents: Sequence[Document]) -> tuple[RolePages, ...]:
    """All careers with their pages, in the order of the careers."""
    return tuple(read_role(career, documents) for career in careers)
