"""The careers of an index: each with its page, its typed facts, and where a fact of it can be read.

Knows which document a career's roadmap is in and how a learner may call it; nothing of plans, gaps or interfaces.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from advisor.corpus.items import Span
from advisor.corpus.outline import outline_document
from advisor.corpus.roadmap import Roadmap, read_roadmap
from advisor.errors import UsageError
from advisor.records import Citation, Document, Passage
from advisor.text import normalise

_NEAR_ENOUGH = 85  # rapidfuzz ratio: "data enginer" finds "data engineer", "data scientist" does not
_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Career:
    """A career that has a page: its names, the page, and the facts read from it."""

    name: str
    document: Document
    roadmap: Roadmap

    @property
    def names(self) -> tuple[str, ...]:
        """What learners call it, the page's own name first."""
        return self.name, self.document.title, *self.document.aliases


def read_careers(documents: Iterable[Document]) -> tuple[Career, ...]:
    """One career per role, by name; of several pages with one role, that titled like it or with most phases."""
    pages: dict[str, list[Document]] = {}
    for document in documents:
        if document.role:
            pages.setdefault(document.role, []).append(document)
    return tuple(_career(role, pages[role]) for role in sorted(pages, key=str.casefold))


def _career(role: str, pages: Sequence[Document]) -> Career:
    read = [Career(role, page, read_roadmap(outline_document(page))) for page in pages]

    def fitness(career: Career) -> tuple[bool, int, int]:
        titled = normalise(career.document.title) == normalise(role)
        return titled and bool(career.roadmap.phases), len(career.roadmap.phases), len(career.roadmap.items)

    return max(read, key=fitness)


def find_career(name: str, careers: Sequence[Career]) -> Career:
    """The career that is called so, whatever the case and within a typo; raises UsageError that names the nearest."""
    called = {normalise(spelling): career for career in reversed(careers) for spelling in career.names}
    exact = called.get(normalise(name))
    if exact is not None:
        return exact
    near = process.extractOne(normalise(name), called.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH)
    if near is not None:
        return called[near[0]]
    if not careers:
        raise UsageError("no document of the index names a career; give its pages a `role` and build the index again")
    nearest = process.extract(normalise(name), called.keys(), scorer=fuzz.WRatio, limit=3 * _NAMES_SHOWN)
    names = list(dict.fromkeys(called[spelling].name for spelling, _score, _place in nearest))[:_NAMES_SHOWN]
    raise UsageError(f"no document is about the career {name!r}; the nearest are: {', '.join(names)}")


def cite(document: Document, span: Span, passages: Iterable[Passage], *, number: int) -> Citation:
    """A citation of a stretch of a document: its passage is the one in which the stretch begins.

    Raises LookupError where no passage of the document holds the beginning.
    """
    own = [passage for passage in passages if passage.document == document.key and passage.start <= span.start]
    if not own:
        raise LookupError(f"no passage of {document.key!r} holds offset {span.start}")
    passage = max(own, key=lambda one: one.start)
    return Citation(
        number=number,
        passage_id=passage.id,
        document=document.key,
        section=" > ".join(passage.section),
        url=passage.url,
        quote=document.text[span.start : span.end].strip(),
        title=passage.title,
        page=passage.page,
    )
