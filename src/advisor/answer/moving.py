"""Answers to moves from one career to another: what the pages say of just that move, then the way to the goal.

Knows which lines tell of a move by their form, "QA to development"; nothing of how such questions are worded.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from advisor.answer.listing import grouped
from advisor.answer.sections import heading_of, select_section
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.answer.wording import snippet_of, worded
from advisor.corpus.outline import Kind
from advisor.corpus.quantities import durations
from advisor.corpus.subjects import Subject
from advisor.records import Intent, Query
from advisor.text import stems

_MOVE = re.compile(r"^(?:from )?(?P<origin>[^,;:()]{2,50}?) (?:in)?to (?P<goal>[^,;:()]{2,50})(?:,.*)?$", re.IGNORECASE)
_OF_A_MOVE = (None, Subject.SKILLS, Subject.PATH, Subject.TIME)
_OR = re.compile(r"\s+or\s+")


def select_move(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """What is told of the move that the question speaks of, and the phases of its goal; None where it speaks of none.

    None, too, where a page is about this very move: it is searched like any other. Of a time that is asked for, what
    the pages say of the move's own.
    """
    if query.origin is None or query.subject not in _OF_A_MOVE:
        return None
    rows = [w for w in weighed if w.node.kind is Kind.ROW and _tells_of_move(w, query.origin, query.roles[0])]
    tables = {(w.page.outline.document.key, w.node.parent) for w in rows if durations(w.node.text)}
    timed = [w for w in rows if (w.page.outline.document.key, w.node.parent) in tables]
    if query.intent is Intent.DURATION:
        whole = replace(query, subject=Subject.TIME, special=())
        return Selection(Shape.SENTENCES, (_group(timed),)) if timed else select_section(whole, weighed)
    told = [w for w in rows if w not in timed]
    if not told and _has_own_page(query, weighed):
        return None
    way = heading_of(Subject.PATH, query.roles, weighed)
    phases = (grouped(way, Shape.STEPS, several=False),) if way else ()
    groups = (*((_group(told),) if told else ()), *phases)
    return Selection(Shape.STEPS, groups) if groups else None


def _group(rows: Sequence[Weighed]) -> Group:
    return Group("", tuple(snippet_of(w, worded(w)) for w in rows))


def _tells_of_move(weighed: Weighed, origin: str, goal: str) -> bool:
    """Whether a cell of the row says "X to Y", by words of the two careers' names alone."""
    named_origin, named_goal = set(stems(origin)), set(stems(goal))
    for move in _moves(weighed):
        starts = [set(stems(one)) for one in _OR.split(move["origin"])]
        ends = set(stems(move["goal"]))
        if ends and ends <= named_goal and any(start and start <= named_origin for start in starts):
            return True
    return False


def _moves(weighed: Weighed) -> Iterator[re.Match[str]]:
    cells = (cell.partition(": ")[2] for cell in weighed.node.text.split("; "))
    yield from (move for cell in cells if (move := _MOVE.match(cell.strip())))


def _has_own_page(query: Query, weighed: Sequence[Weighed]) -> bool:
    """Whether the title of a page of the goal names the career that one comes from."""
    came_from = set(stems(query.origin or "")) - set(stems(query.roles[0]))
    titles = {w.page.outline.document.title for w in weighed if w.page.outline.document.role == query.roles[0]}
    return any(came_from & set(stems(title)) for title in titles)
