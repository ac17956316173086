"""What a learner would ask next, from what the cited page holds: never a question that the page has no section for.

Owns the choice of the questions; their wording is `asking`'s. A subject is offered only where the page has exactly one
section for it, a price or a time of a course only where the page states it. What this conversation has been told is not
offered again. Knows nothing of search.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from advisor.answer.asking import (
    ask_cost,
    ask_duration,
    ask_heading,
    ask_phase,
    ask_prerequisites,
    ask_subject,
    is_phase,
)
from advisor.answer.weigh import Page
from advisor.corpus.items import Item, ItemKind
from advisor.corpus.outline import Kind, Node, Outline
from advisor.corpus.quantities import durations, without_durations
from advisor.corpus.roadmap import Roadmap
from advisor.corpus.subjects import Subject, subject_of_heading
from advisor.records import Answer, Citation, Intent, Passage, Query
from advisor.text import normalise

MOST = 3
LONGEST_CHARS = 70
MOST_OF_ITEM = 2  # of the three: the third leads on

_ORDER = tuple(Subject(name) for name in (
    "day-to-day work", "roadmap", "how long it takes", "difficulty", "essential skills", "first step", "certificates",
    "first jobs", "pitfalls", "who it suits", "job titles and progression", "optional skills", "myths",
))  # fmt: skip
_ON_THE_WAY = (Subject.TIME, Subject.CERTIFICATES, Subject.PITFALLS)  # after a phase or a course
_NEXT: Mapping[Subject, tuple[Subject, ...]] = {
    Subject.DEFINITION: (Subject.DAILY_WORK, Subject.PATH, Subject.SUITS),
    Subject.DAILY_WORK: (Subject.SUITS, Subject.SKILLS, Subject.DIFFICULTY),
    Subject.SUITS: (Subject.DIFFICULTY, Subject.FIRST_STEP, Subject.PATH),
    Subject.SKILLS: (Subject.PATH, Subject.OPTIONAL_SKILLS, Subject.TIME),
    Subject.OPTIONAL_SKILLS: (Subject.SKILLS, Subject.CERTIFICATES, Subject.PITFALLS),
    Subject.PATH: (Subject.TIME, Subject.FIRST_STEP, Subject.DIFFICULTY),
    Subject.TIME: (Subject.DIFFICULTY, Subject.FIRST_STEP, Subject.CERTIFICATES),
    Subject.CERTIFICATES: (Subject.FIRST_JOBS, Subject.SKILLS, Subject.TIME),
    Subject.TITLES: (Subject.FIRST_JOBS, Subject.SKILLS, Subject.CERTIFICATES),
    Subject.FIRST_JOBS: (Subject.TITLES, Subject.CERTIFICATES, Subject.FIRST_STEP),
    Subject.DIFFICULTY: (Subject.PITFALLS, Subject.TIME, Subject.SUITS),
    Subject.PITFALLS: (Subject.FIRST_STEP, Subject.MYTHS, Subject.DIFFICULTY),
    Subject.MYTHS: (Subject.DAILY_WORK, Subject.DIFFICULTY, Subject.PITFALLS),
    Subject.FIRST_STEP: (Subject.PATH, Subject.TIME, Subject.PITFALLS),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, and the section of a document that it was made from."""

    text: str
    document: str
    section: str  # text of its heading


@dataclass(frozen=True, slots=True)
class Told:
    """What a conversation has asked and been told so far, the answer at hand included."""

    questions: frozenset[str]
    sections: frozenset[tuple[str, str]]  # document and the heading of a section that was cited

    def holds(self, outline: Outline, heading: Node) -> bool:
        """Whether this section of the page was cited."""
        return (outline.document.key, normalise(heading.text)) in self.sections


def follow_answer(
    query: Query, answer: Answer, page: Page, roadmap: Roadmap, earlier: Sequence[Answer] = ()
) -> tuple[Suggestion, ...]:
    """Up to three questions that the page of the first citation answers, the nearest to what was told first.

    `page` and `roadmap` are that page's; `earlier` are the answers before this one. () without citations. Ties go to
    the order of the page.
    """
    if not answer.citations:
        return ()
    told = _told(query, answer, earlier)
    node = _cited_node(page, answer.citations[0])
    chain_up = (*page.outline.ancestors(node), node)
    questions = chain(
        _of_item(query, answer, page.outline, roadmap, chain_up),
        _of_phases(page.outline, roadmap, chain_up),
        _of_subjects(query, page.outline, chain_up, told),
        _of_siblings(page.outline, chain_up, told),
    )
    return _chosen(questions, told)


def instead_of(
    query: Query, near: Sequence[Passage], pages: Mapping[str, Page], earlier: Sequence[Answer] = ()
) -> tuple[Suggestion, ...]:
    """Up to three questions that these sections answer, in their order: what a refusal may offer.

    `pages` holds the page of each passage.
    """
    told = Told(_questions(query, earlier), frozenset())
    headings: dict[tuple[str, int], Suggestion | None] = {}
    for passage in near:
        page = pages[passage.document]
        heading = _heading_of(page.outline, passage)
        if heading is not None:
            headings.setdefault((passage.document, heading.index), _of_heading(page.outline, heading))
    return _chosen(filter(None, headings.values()), told)


def _chosen(questions: Iterable[Suggestion], told: Told) -> tuple[Suggestion, ...]:
    """The first three that are short enough and not asked yet, each once."""
    fresh: dict[str, Suggestion] = {}
    for question in questions:
        if len(question.text) <= LONGEST_CHARS and normalise(question.text) not in told.questions:
            fresh.setdefault(normalise(question.text), question)
        if len(fresh) == MOST:
            break
    return tuple(fresh.values())


# --- what was told ----------------------------------------------------------------------------------


def _told(query: Query, answer: Answer, earlier: Sequence[Answer]) -> Told:
    cited = (citation for one in (*earlier, answer) for citation in one.citations)
    sections = frozenset((citation.document, normalise(citation.section.split(" > ")[-1])) for citation in cited)
    return Told(_questions(query, earlier), sections)


def _questions(query: Query, earlier: Sequence[Answer]) -> frozenset[str]:
    return frozenset(map(normalise, (query.question, query.standalone, *(one.question for one in earlier))))


def _cited_node(page: Page, citation: Citation) -> Node:
    """The node in which the words relied on begin; the last before them where they begin in none."""
    passage = next((one for one in page.passages if one.id == citation.passage_id), None)
    start = page.outline.document.text.find(citation.quote, passage.start if passage else 0)
    before = [node for node in page.outline.nodes if node.start <= max(start, passage.start if passage else 0)]
    return before[-1]


# --- courses and phases -----------------------------------------------------------------------------


def _of_item(
    query: Query, answer: Answer, outline: Outline, roadmap: Roadmap, chain_up: Sequence[Node]
) -> Iterator[Suggestion]:
    """What the page states of the one course, book or certificate that was told of, and the answer did not say."""
    items = {item.span.start: item for item in (*roadmap.items, *(one.item for one in roadmap.certificates))}
    owner = next((node for node in reversed(chain_up) if node.start in items), None)
    if owner is None or owner.kind is not Kind.ITEM or not _is_within(outline, owner, answer.citations):
        return
    heading = _section(chain_up)
    texts = _unsaid(query, items[owner.start], normalise(answer.text))
    for text in list(texts)[:MOST_OF_ITEM]:
        yield Suggestion(text, outline.document.key, heading.text if heading else "")


def _unsaid(query: Query, item: Item, said: str) -> Iterator[str]:
    if item.length and query.intent is not Intent.DURATION and normalise(item.length.words) not in said:
        yield ask_duration(item)
    is_made = item.kind is ItemKind.PROJECT  # nobody asks what a project of one's own costs
    if item.cost and not is_made and query.intent is not Intent.COST and normalise(item.cost.words) not in said:
        yield ask_cost(item)
    if item.prerequisites and normalise(item.prerequisites) not in said:
        yield ask_prerequisites(item)


def _is_within(outline: Outline, owner: Node, citations: Sequence[Citation]) -> bool:
    """Whether all the words relied on stand with this one thing: else the answer is of several."""
    if len(citations) > 1:
        return False
    end = max((node.end for node in outline.descendants(owner)), default=owner.end)
    start = outline.document.text.find(citations[0].quote, owner.start)
    return start >= 0 and start + len(citations[0].quote) <= end


def _of_phases(outline: Outline, roadmap: Roadmap, chain_up: Sequence[Node]) -> Iterator[Suggestion]:
    """After a phase the next one; after the whole way its first."""
    starts = [phase.span.start for phase in roadmap.phases if phase.number is not None]
    told = next((starts.index(node.start) for node in chain_up if node.start in starts), None)
    section = _section(chain_up)
    of_way = section is not None and subject_of_heading(section.text) is Subject.PATH
    following = starts[told + 1 : told + 2] if told is not None else starts[:1] if of_way else []
    for node in outline.nodes:
        if node.start in following and node.kind is Kind.HEADING and (text := ask_phase(outline, node)):
            yield Suggestion(text, outline.document.key, node.text)


# --- subjects and other sections --------------------------------------------------------------------


def _of_subjects(query: Query, outline: Outline, chain_up: Sequence[Node], told: Told) -> Iterator[Suggestion]:
    """The standing subjects that the career's page has one section for, those first that follow the one at hand."""
    if not outline.document.role:
        return
    sections = _subject_sections(outline)
    heading = _section(chain_up)
    at_hand = subject_of_heading(heading.text) if heading else None
    at_hand = at_hand or (Subject(query.subject) if query.subject else None)
    nearest = _NEXT[at_hand] if at_hand else _ON_THE_WAY if any(is_phase(node.text) for node in chain_up) else ()
    order = dict.fromkeys((*nearest, *_ORDER))
    for subject in order:
        section = sections.get(subject)
        if section is None or subject in {at_hand, query.subject} or told.holds(outline, section):
            continue
        if text := ask_subject(outline, subject):
            yield Suggestion(text, outline.document.key, section.text)


def _subject_sections(outline: Outline) -> dict[Subject, Node]:
    """The heading of each subject that the page has exactly one section for."""
    found: dict[Subject, list[Node]] = {}
    for node in _headings(outline):
        subject = subject_of_heading(node.text)
        if subject and (subject is not Subject.TIME or any(durations(one.text) for one in outline.descendants(node))):
            found.setdefault(subject, []).append(node)
    return {subject: nodes[0] for subject, nodes in found.items() if len(nodes) == 1}


def _of_siblings(outline: Outline, chain_up: Sequence[Node], told: Told) -> Iterator[Suggestion]:
    """The sections beside the cited one, those after it first, then those beside the section around it."""
    headings = [node for node in chain_up if node.kind is Kind.HEADING]
    for heading in reversed(headings):
        beside = [node for node in _headings(outline) if node.parent == heading.parent and node is not heading]
        later, before = (
            [node for node in beside if node.index > heading.index],
            [node for node in beside if node.index < heading.index],
        )
        for node in (*later, *before):
            question = None if told.holds(outline, node) else _of_heading(outline, node)
            if question:
                yield question


def _of_heading(outline: Outline, heading: Node) -> Suggestion | None:
    """The question that a section answers; None where its heading gives none that can stand alone."""
    subject = subject_of_heading(heading.text) if outline.document.role else None
    text: str | None
    if subject and _subject_sections(outline).get(subject) is heading:
        text = ask_subject(outline, subject)
    elif is_phase(heading.text):
        text = ask_phase(outline, heading)
    else:
        text = ask_heading(outline, heading)
    return Suggestion(text, outline.document.key, heading.text) if text else None


def _headings(outline: Outline) -> Iterator[Node]:
    """The headings that have something below them, the page's own title apart."""
    for node in outline.nodes[1:]:
        if node.kind is Kind.HEADING and node.children and normalise(node.text) != normalise(outline.document.title):
            yield node


def _heading_of(outline: Outline, passage: Passage) -> Node | None:
    """The heading of the section that a refusal names by this passage."""
    named = normalise(without_durations(passage.section[-1])) if passage.section else ""
    same = [node for node in _headings(outline) if normalise(without_durations(node.text)) == named]
    return next((node for node in reversed(same) if node.start <= passage.start), same[0] if same else None)


def _section(chain_up: Sequence[Node]) -> Node | None:
    return next((node for node in reversed(chain_up) if node.kind is Kind.HEADING), None)
