"""Where it is asked whether sources agree on a time: what each of them says, from wherever it says so.

Knows nothing of how a time is found where nobody doubts it; that is `timing`'s.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.answer.parttimes import select_time_around
from advisor.answer.selection import Group, Selection, Shape, distinct
from advisor.answer.timing import TIMES, row_told
from advisor.answer.weigh import Weighed
from advisor.answer.wording import snippet_of, worded
from advisor.corpus.outline import Kind, Node
from advisor.corpus.quantities import durations
from advisor.records import Query, Snippet
from advisor.text import normalise, stem

LINES_LOOKED_AT = 30
LEAST_TOLD = 2  # times below one announcement, for it to set sources side by side
MOST_TOLD = 8
MOST_NAMED = 0.5  # of what is asked of, by the announcement

_WHETHER_ALL_AGREE = re.compile(
    r"\b(?:dis)?agree\w*\b|\b(?:same|different|differing|conflicting|consistent)\b|\bdiffer\b"
    r"|\b(?:all|both|other) (?:of )?(?:the )?(?:guides?|roadmaps?|pages?|documents?|sources?)\b",
    re.IGNORECASE,
)
_SAYING_SO = frozenset(
    stem(word)
    for word in """
    agree disagree same differ guide roadmap page document source different give time number figure review answer
    keep read hear find see say tell people everyone everybody every total
    """.split()
)


def with_other_sources(query: Query, told: Selection, weighed: Sequence[Weighed]) -> Selection:
    """The times told; where it is asked whether the sources agree, also those that a page sets side by side.

    Where none does, that of the part another page puts it in.
    """
    if not _WHETHER_ALL_AGREE.search(query.question):
        return told
    asked = replace(query, terms=tuple(term for term in query.terms if term not in _SAYING_SO))
    others = _side_by_side(asked, weighed) or _around(asked, told, weighed)
    if not others:
        return told
    new = distinct((*others, *told.snippets), key=lambda snippet: normalise(snippet.quote))
    return Selection(Shape.DIFFERENCE, (Group(TIMES, tuple(new)),))


def _side_by_side(asked: Query, weighed: Sequence[Weighed]) -> tuple[Snippet, ...]:
    """The lines below the announcement that names most of what is asked of and has several times below it."""
    announced = [
        (len(set(asked.terms) & line.page.own_stems(lead)), replace(line, node=lead))
        for line in weighed[:LINES_LOOKED_AT]
        for lead in (line.node, *line.page.outline.ancestors(line.node)[-1:])
        if lead.kind is Kind.SENTENCE and _times_below(line, lead) >= LEAST_TOLD
    ]
    named, lead = max(announced, key=lambda one: one[0], default=(0, None))
    if lead is None or not named or named < MOST_NAMED * len(asked.terms):
        return ()
    below = lead.page.outline.children(lead.node)[:MOST_TOLD]
    return tuple(snippet_of(lead, _told(replace(lead, node=node)), node) for node in below)


def _times_below(line: Weighed, lead: Node) -> int:
    return sum(bool(durations(node.text)) for node in line.page.outline.children(lead))


def _told(line: Weighed) -> str:
    return row_told(line.node) if line.node.kind is Kind.ROW else worded(line)


def _around(asked: Query, told: Selection, weighed: Sequence[Weighed]) -> tuple[Snippet, ...]:
    """The times told, and that of the part of another page that holds it."""
    pages = {snippet.passage.document for snippet in told.snippets}
    elsewhere = [line for line in weighed if line.page.outline.document.key not in pages]
    other = select_time_around(asked, elsewhere) if asked.terms else None
    return (*told.snippets, *other.snippets) if other else ()
