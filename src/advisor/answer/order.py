"""Answers to "what comes after X": the neighbour of the part that X names, one on or one back, in the page's own order.

Only parts of a way count: headings that are counted or dated, and the members of an ordered list. Knows nothing of how
long anything takes.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.answer.wording import snippet_of
from advisor.corpus.outline import Kind, Node
from advisor.corpus.quantities import span, without_durations
from advisor.records import Query, Snippet
from advisor.text import stems

_ASKING = r"(?:'?s| is| comes?| follows?| (?:do|should) i (?:do|study|learn))?(?: (?:right|directly|next|just))?"
_NEIGHBOUR = re.compile(
    rf"\bwhat{_ASKING} (?P<way>after|before) (?P<named>[^,;?]+?)\s*(?:\b(?:in|of|on) the\b.*)?\W*$", re.IGNORECASE
)
_COUNTED = re.compile(
    r"\W*(?:phase|step|stage|part|level|week|month|day|module|chapter|year|\d{1,2}[.)])\s*\w", re.IGNORECASE
)


def select_neighbour(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The part before or after the one that is named; None where the question asks for none, or the page has none."""
    asked = _NEIGHBOUR.search(query.question)
    named = set(stems(asked.group("named"))) if asked else set()
    if not asked or not named:
        return None
    for line in weighed:
        if _is_part(line) and named <= set(stems(without_durations(line.node.text))):
            neighbour = _neighbour(line, 1 if asked.group("way").lower() == "after" else -1)
            return Selection(Shape.SENTENCES, (Group("", (_told(line, neighbour),)),)) if neighbour else None
    return None


def _is_part(weighed: Weighed) -> bool:
    """Whether a node is one of several parts that the page puts in an order."""
    node = weighed.node
    if node.kind is Kind.HEADING or node.kind is Kind.ITEM:
        return node.ordinal is not None or bool(_COUNTED.match(node.text)) or span(node.text) is not None
    return False


def _neighbour(weighed: Weighed, step: int) -> Node | None:
    outline = weighed.page.outline
    beside = [n for n in outline.children(outline.nodes[weighed.node.parent]) if _is_part(replace(weighed, node=n))]
    place = next((i for i, node in enumerate(beside) if node.index == weighed.node.index), None)
    if place is None or not 0 <= place + step < len(beside):
        return None
    return beside[place + step]


def _told(named: Weighed, neighbour: Node) -> Snippet:
    return snippet_of(named, neighbour.text.rstrip(":"), neighbour)
