"""Answers to "how many hours a week": the line that states the pace of what is asked for.

Knows nothing of how long a thing takes in all; a pace is never computed here, only found.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import CONVINCING, Weighed
from advisor.answer.wording import snippet_of, worded
from advisor.corpus.outline import Kind, Node
from advisor.records import Query

LEAST_COVERAGE = 0.35  # of the question's words, by a line and what stands around it
OWN_LABEL = 0.2  # what a line gains whose label says that it is a pace, and nothing else

_EACH = r"(?:\b(?:a|per|each|every)\s+(?:single\s+)?(?:week(?:end)?|wk|day)|/\s?(?:week|wk|day)|\bweekly|\bdaily)\b"
_ASKS = re.compile(
    rf"\b(?:how many (?:hours?|hrs?|h)|how much time|what (?:time )?commitment)\b[^.?!,]{{0,40}}?{_EACH}"
    r"|\b(?:weekly|daily) (?:hours|hrs|time|commitment|effort|workload)\b",
    re.IGNORECASE,
)
_ASKS_WHOLE = re.compile(r"\bhow (?:long|many (?:days?|weeks?|wks?|months?|years?))\b", re.IGNORECASE)
_EACH_WEEK = re.compile(rf"\bhours? {_EACH}", re.IGNORECASE)
_PACE = re.compile(rf"\d\s*\+?\s*(?:hours?|hrs?|h|minutes?|mins?)\s*{_EACH}", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:(?:weekly|daily|estimated|study|expected|time)\s+)*"
    r"(?:effort|pace|workload|commitment|investment|hours"
    r"|(?:hours|time) (?:per|a|each) (?:week|day)|hours/(?:week|day))",
    re.IGNORECASE,
)


def asks_pace(question: str) -> bool:
    """Whether a question asks how many hours each week or day something wants."""
    return bool(_ASKS.search(question))


def asks_whole_time(question: str) -> bool:
    """Whether it asks besides how long that takes in all."""
    return bool(_ASKS_WHOLE.search(question))


def states_pace(text: str) -> bool:
    """Whether words say how many hours each week or day."""
    return bool(_PACE.search(text))


def select_pace(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The best line that states a pace, by how well it answers; None where it is not asked for or nowhere stated."""
    if not asks_pace(query.question) or _says_there_is_none(weighed):
        return None
    stated = [w for w in weighed if w.coverage >= LEAST_COVERAGE and _states_pace(w.node)]
    best = max(stated, key=lambda w: w.score + OWN_LABEL * _is_labelled(w.node), default=None)
    best = _of_the_whole(best) if best else None
    return Selection(Shape.SENTENCES, (Group("", (snippet_of(best, worded(best)),)),)) if best else None


def _of_the_whole(weighed: Weighed) -> Weighed:
    """The line above that states the pace of the whole, where this one states that of a part; else the line itself."""
    outline = weighed.page.outline
    above = outline.nodes[weighed.node.parent]
    return replace(weighed, node=above) if _states_pace(above) else weighed


def _says_there_is_none(weighed: Sequence[Weighed]) -> bool:
    """Whether the line that is read as the answer speaks of hours each week and gives no number of them."""
    read = [w.node.text for w in weighed[:1] if w.likely >= CONVINCING]
    return any(_EACH_WEEK.search(text) and not states_pace(text) for text in read)


def _states_pace(node: Node) -> bool:
    return node.kind is not Kind.HEADING and states_pace(node.text)


def _is_labelled(node: Node) -> bool:
    return bool(_LABEL.fullmatch(node.label.strip()))
