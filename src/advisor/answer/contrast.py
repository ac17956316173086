"""Careers side by side: a column for each career, a row for each subject, honest where a page is silent.

Used where a question names several careers and sets them against each other. Takes the words of each career's own
page; knows nothing of other comparisons (`extract`).
"""

import re
from collections.abc import Sequence

from advisor.answer.sections import READ_AS_TEXT, heading_of
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import SURE, Weighed
from advisor.answer.wording import brief, snippet_of, worded
from advisor.corpus.outline import Kind, Node
from advisor.corpus.quantities import durations
from advisor.corpus.subjects import Subject
from advisor.records import Intent, Query, Snippet

MOST_CAREERS = 4
CELL_SENTENCES, CELL_ITEMS = 2, 4
CELL_LINES = 2
LEAST_READ, SHARE_OF_BEST = 0.5, 0.6  # of a line's reading; against the best one of its page
ASKED = "On your question"
_ROWS = (Subject.DEFINITION, Subject.DIFFICULTY, Subject.FIRST_JOBS)  # where the question asks for nothing special
_SET_AGAINST = re.compile(
    r"\b(?:or|vs\.?|versus|compar\w+|differen\w+|same|both|each|either|between|rather|apart|the two"
    r"|distinguish\w*)\b|/",
    re.IGNORECASE,
)


def select_contrast(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The table of the careers named; None where the question names fewer than two or does not compare them."""
    if not is_contrast(query) or _is_told_in_one(query, weighed[:1]):
        return None
    asked = _asked_row(query, weighed)
    subjects = _subjects(query)
    groups = (
        *asked,
        *(Group(role, _cell(role, one, weighed), row=_row_name(one)) for one in subjects for role in query.roles),
    )
    return Selection(Shape.TABLE, groups) if any(group.snippets for group in groups) else None


def _is_told_in_one(query: Query, best: Sequence[Weighed]) -> bool:
    """Whether the best line is read as the answer and belongs to none of the careers' pages: it tells them apart."""
    elsewhere = any(w.page.outline.document.role not in query.roles and w.likely >= SURE for w in best)
    return elsewhere and query.intent is not Intent.DURATION


def is_contrast(query: Query) -> bool:
    """Whether the question sets careers against each other."""
    compares = query.intent is Intent.COMPARISON or query.subject or _SET_AGAINST.search(query.question)
    told_apart = query.intent not in {Intent.COST, Intent.RESOURCE}
    return bool(compares) and told_apart and 2 <= len(query.roles) <= MOST_CAREERS


def _asked_row(query: Query, weighed: Sequence[Weighed]) -> tuple[Group, ...]:
    """What each career's page says of the very thing asked, by the reading; () where a page says nothing of it."""
    if query.subject or query.intent is Intent.DURATION:
        return ()
    cells = []
    for role in query.roles:
        own = [w for w in weighed if w.page.outline.document.role == role and w.likely >= LEAST_READ]
        own.sort(key=lambda w: -w.likely)
        told = [w for w in own if w.likely >= SHARE_OF_BEST * own[0].likely][:CELL_LINES]
        cells.append(Group(role, tuple(snippet_of(w, worded(w)) for w in told), row=ASKED))
    return tuple(cells) if all(cell.snippets for cell in cells) else ()


def _subjects(query: Query) -> tuple[Subject, ...]:
    if query.intent is Intent.DURATION:
        return (Subject.TIME,)
    return (Subject(query.subject),) if query.subject else _ROWS


def _row_name(subject: Subject) -> str:
    return subject.value[:1].upper() + subject.value[1:]


def _cell(career: str, subject: Subject, weighed: Sequence[Weighed]) -> tuple[Snippet, ...]:
    """What the career's page says of the subject, in a few words; () where it says nothing."""
    heading = heading_of(subject, {career}, weighed)
    if heading is None:
        return ()
    return tuple(snippet_of(heading, brief(heading, node), node) for node in _telling(heading, subject))


def _telling(heading: Weighed, subject: Subject) -> list[Node]:
    """The first sentences of a section that is text, the first items of one that is a list."""
    outline = heading.page.outline
    nodes = [node for node in outline.descendants(heading.node) if not node.text.rstrip().endswith(":")]
    if subject is Subject.TIME:
        return [node for node in nodes if durations(node.text)][:CELL_SENTENCES]
    items = [node for node in nodes if node.kind is Kind.ITEM and outline.nodes[node.parent].kind is not Kind.ITEM]
    sentences = [node for node in nodes if node.kind is Kind.SENTENCE]
    return sentences[:CELL_SENTENCES] if subject in READ_AS_TEXT or not items else items[:CELL_ITEMS]
