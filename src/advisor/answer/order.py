"""Answers about order: what comes after X, and whether X comes before or after Y, in the page's own order.

Only parts of a way count: headings that are counted or dated, and the members of an ordered list. Knows nothing of how
long anything takes.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.answer.selection import Group, Selection, Shape, distinct
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
    asked = _NEIGHBOUR.search(query.question) or _NEIGHBOUR.search(query.standalone)
    named = set(stems(asked.group("named"))) if asked else set()
    if not asked or not named:
        return None
    for line in weighed:
        if _is_part(line) and named <= set(stems(without_durations(line.node.text))):
            neighbour = _neighbour(line, 1 if asked.group("way").lower() == "after" else -1)
            return Selection(Shape.SENTENCES, (Group("", (_told(line, neighbour),)),)) if neighbour else None
    return None


_EITHER = re.compile(
    r"\b(?:is|are|does|do|should i|would i|will i)\b (?P<one>[^,;?]+?) (?:before or after|after or before) "
    r"(?P<other>[^,;?]+)",
    re.IGNORECASE,
)
_DOING = re.compile(
    r"\b(?:do|study|learn|learned|learnt|take|taken|taught|teach|start|begin|cover(?:ed)?|come|go|done|studied|scheduled|placed)\b",
    re.IGNORECASE,
)


def select_before_or_after(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The parts in which the two things first stand, in the page's order; None where no page has both in its parts."""
    asked = _EITHER.search(query.question)
    things = [set(stems(_DOING.sub(" ", asked.group(name)))) for name in ("one", "other")] if asked else []
    if not things or not all(things):
        return None
    for page_line in distinct(weighed, key=lambda w: w.page.outline.document.key):
        found = [line for thing in things for line in [_first_part(page_line, thing)] if line]
        parts = {part.index for line in found for part in [_part_of(line)] if part}
        if len(parts) == len(things):
            found.sort(key=lambda w: w.node.index)
            return Selection(Shape.SENTENCES, (Group("", tuple(snippet_of(w, _in_its_part(w)) for w in found)),))
    return None


def _first_part(page_line: Weighed, thing: set[str]) -> Weighed | None:
    """The first line of a page that names the thing in a counted part."""
    outline = page_line.page.outline
    lines = (replace(page_line, node=node) for node in outline.nodes if thing <= page_line.page.own_stems(node))
    return next((line for line in lines if _part_of(line)), None)


def _part_of(line: Weighed) -> Node | None:
    """The innermost counted part that a line is or stands in."""
    around = (line.node, *reversed(line.page.outline.ancestors(line.node)))
    return next((node for node in around if _is_part(replace(line, node=node))), None)


def _in_its_part(line: Weighed) -> str:
    part = _part_of(line)
    own = line.node.text.rstrip(":")
    return own if part is None or part is line.node else f"{part.text.rstrip(':')}: {own}"


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
