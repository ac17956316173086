"""Answers to "the five tips for X": the list, or the sections, of which there are as many as the question counts.

Knows nothing of what the things are called: a page that gives five pieces of advice need not call them tips.
"""

import re
from collections.abc import Sequence

from advisor.answer.listing import grouped
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed, borne_out
from advisor.answer.wording import snippet_of
from advisor.corpus.outline import Kind, Node
from advisor.records import Intent, Query

LINES_LOOKED_AT = 40
LEAST_NAMED = 2  # words of the question that the list's own line, or what it stands under, bears out
CLOSE = 0.35  # in score, to the best line of all

_NUMBERS = {"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_UNIT = r"(?:hours?|hrs?|days?|weeks?|months?|years?|minutes?|percent|euros?|dollars?|times)"
_ASKED = re.compile(
    rf"\b(?<!first )(?<!last )(?P<count>1[0-2]|[3-9]|{'|'.join(_NUMBERS)}) "
    rf"(?!{_UNIT}\b)(?:[\w-]+ ){{0,2}}?(?!{_UNIT}\b)[a-z]{{3,}}s\b",
    re.IGNORECASE,
)
_OTHERS = frozenset({Intent.DURATION, Intent.COST, Intent.COMPARISON})
_ASKS_THEM = re.compile(r"\b(?:which|what|list|name|the|those|all|tell me|give me)\b", re.IGNORECASE)


def select_tallied(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The list with as many members as the question counts, the best of such; None where it counts nothing so."""
    asked = _ASKED.search(query.question)
    if (
        asked is None
        or query.numbered
        or query.intent in _OTHERS
        or not _ASKS_THEM.search(query.question[: asked.start()])
    ):
        return None
    count = _NUMBERS.get(asked["count"].lower()) or int(asked["count"])
    near = [w for w in weighed[:LINES_LOOKED_AT] if w.score >= weighed[0].score - CLOSE]
    best = next((w for w in near if len(_members(w)) == count and _is_named(query, w)), None)
    if best is None:
        return None
    members = _members(best)
    if members[0].kind is not Kind.HEADING:
        return Selection(Shape.LIST, (grouped(best, Shape.LIST, several=False),))
    headings = tuple(snippet_of(best, node.text.rstrip(":."), node) for node in members)
    return Selection(Shape.LIST, (Group(f"{best.node.text.rstrip(':')}:", headings),))


def _members(line: Weighed) -> tuple[Node, ...]:
    """The items of a list, or the sections right under a heading; none where there is anything else among them."""
    if line.node.text == line.page.outline.document.title:  # the whole page
        return ()
    children = line.page.outline.children(line.node)
    sections = tuple(node for node in children if node.kind is Kind.HEADING)
    items = tuple(node for node in children if node.kind is Kind.ITEM)
    if line.node.kind is Kind.HEADING and sections:
        return sections
    return items if len(items) == len(children) else ()


def _is_named(query: Query, line: Weighed) -> bool:
    worth = line.page.worth[line.node.index]
    return sum(borne_out(term, worth) > 0 for term in query.terms if not term.isdigit()) >= LEAST_NAMED
