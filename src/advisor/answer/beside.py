"""Two things that a page itself sets side by side: the items or rows of one list or table that are called like them.

Such lines were written to be read beside each other. Knows nothing of other comparisons (`contrast`, `extract`).
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from advisor.answer.readout import LEAST
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import CONVINCING, Weighed
from advisor.answer.wording import snippet_of, worded
from advisor.corpus.outline import Kind, Node
from advisor.records import Intent, Query
from advisor.search.compared import things_compared
from advisor.text import stems

MOST_ADDED = 1  # words that a line's name may have beside those of the thing; of a career none
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_IS = re.compile(r"\b(?:is|are|means?)\b", re.IGNORECASE)

_Pair = Mapping[int, Weighed]  # the line of each of the two things, by its place in the question


def select_beside(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The table of the two lines; None where no two things are compared, or their lines do not read as answers.

    Two careers have pages with much more to tell: there both lines have to be read so, and convincingly.
    """
    if query.intent is Intent.DURATION:
        return None
    if len(query.roles) == 2:
        pairs = _pairs(query.roles, weighed, most_added=0)
        pairs = [pair for pair in pairs if min(line.likely for line in pair.values()) >= CONVINCING]
    elif query.intent is Intent.COMPARISON and not query.roles:
        pairs = _pairs(things_compared(query.question), weighed, most_added=MOST_ADDED)
        pairs = [pair for pair in pairs if max(line.likely for line in pair.values()) >= LEAST]
    else:
        return None
    best = max(pairs, key=lambda pair: sum(line.score for line in pair.values()), default=None)
    return Selection(Shape.TABLE, tuple(_column(best[place]) for place in sorted(best))) if best else None


def _pairs(things: Sequence[str], weighed: Sequence[Weighed], *, most_added: int) -> list[_Pair]:
    """For each list or table that has a line of either of the two things: the best of each."""
    names = [frozenset(stems(_BRACKETS.sub("", thing))) for thing in things]
    found: dict[tuple[str, int, Kind], dict[int, Weighed]] = defaultdict(dict)
    for line in weighed:
        called = _called(line.node)
        fitting = [place for place, name in enumerate(names) if name <= called and len(called - name) <= most_added]
        if called and len(fitting) == 1:  # what is called like both tells neither from the other
            beside = (line.page.outline.document.key, line.node.parent, line.node.kind)
            found[beside].setdefault(fitting[0], line)
    return [pair for pair in found.values() if len(pair) == 2]


def _column(line: Weighed) -> Group:
    name, node = _name(line.node), line.node
    told = "; ".join(node.cells[1:]) if node.kind is Kind.ROW else node.value if node.kind is Kind.ITEM else ""
    return Group(_opened(name), (snippet_of(line, _opened(told or worded(line))),))


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]


def _name(node: Node) -> str:
    """What a line is about: the label of an item, the first cell of a row, what a sentence says something of."""
    if node.kind is Kind.ROW and node.cells:
        return node.cells[0].partition(": ")[2] or node.cells[0]
    return _IS.split(node.text, maxsplit=1)[0].strip() if node.kind is Kind.SENTENCE else node.label


def _called(node: Node) -> frozenset[str]:
    """The stems of a line's name; none where it is a heading, or a sentence that says of nothing what it is."""
    if node.kind is Kind.HEADING or (node.kind is Kind.SENTENCE and not _IS.search(node.text)):
        return frozenset()
    return frozenset(stems(_BRACKETS.sub("", _name(node))))
