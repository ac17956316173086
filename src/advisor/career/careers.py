"""The careers of an index: each with its page, its typed facts, and where a fact of it can be read.

Knows which document a career's roadmap is in and how a learner may call it; nothing of plans, gaps or interfaces.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from advisor.corpus.items import Span
from advisor.corpus.outline import Outline, outline_document
from advisor.corpus.roadmap import Roadmap, read_roadmap
from advisor.errors import UsageError
from advisor.records import Citation, Document, Passage
from advisor.search.roles import Spelling, count_words, mentions, read_spellings
from advisor.text import normalise

_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Career:
    """A career that has a page: its names, the page with its outline, and the facts read from it."""

    name: str
    document: Document
    outline: Outline
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
    outlines = [outline_document(page) for page in pages]
    read = [Career(role, page, outline, read_roadmap(outline)) for page, outline in zip(pages, outlines, strict=True)]

    def fitness(career: Career) -> tuple[bool, int, int]:
        titled = normalise(career.document.title) == normalise(role)
        return titled and bool(career.roadmap.phases), len(career.roadmap.phases), len(career.roadmap.items)

    return max(read, key=fitness)


def find_career(name: str, careers: Sequence[Career]) -> Career:
    """The career that is called so, whatever the case and within a typo; raises UsageError that names the nearest.

    A name without its last word will do where only one career's begins so: "devops" is the DevOps engineer, "data" is
    nobody.
    """
    called = {normalise(spelling): career for career in reversed(careers) for spelling in career.names}
    exact = called.get(normalise(name))
    if exact is not None:
        return exact
    spellings = read_spellings([career.document for career in careers])
    roles = _named(name, spellings) or _begun(name, spellings)
    if len(roles) == 1:
        return next(career for career in careers if career.name in roles)
    if not careers:
        raise UsageError("no document of the index names a career; give its pages a `role` and build the index again")
    nearest = process.extract(normalise(name), called.keys(), scorer=fuzz.WRatio, limit=3 * _NAMES_SHOWN)
    names = list(dict.fromkeys(called[spelling].name for spelling, _score, _place in nearest))[:_NAMES_SHOWN]
    raise UsageError(f"no document is about the career {name!r}; the nearest are: {', '.join(names)}")


def _named(name: str, spellings: Sequence[Spelling], *, only_persons: bool = False) -> set[str]:
    """The role that the name is a name of, with no word left over."""
    found = mentions(name, spellings)
    is_whole = len(found) == 1 and len(found[0].words) == count_words(name)
    return {found[0].role} if is_whole and (found[0].names_person or not only_persons) else set()


def _begun(name: str, spellings: Sequence[Spelling]) -> set[str]:
    """The roles that have a name of these words and one more."""
    last = {one.words[-1] for one in spellings}
    return {role for word in last for role in _named(f"{name} {word}", spellings, only_persons=True)}


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
