"""Answers to when something comes in a plan: the week, month or phase that names it, or that it stands under.

Knows nothing of how long such a part takes (`timing`), or of what one that is named holds (`numbered`).
"""

import re
from collections.abc import Sequence

from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.answer.wording import snippet_of, worded
from advisor.corpus.outline import Kind, Node
from advisor.corpus.quantities import bracketed_span
from advisor.records import Query
from advisor.search.moment import PART, asks_when
from advisor.search.thesaurus import synonyms
from advisor.text import stem, stems

_STRETCH = re.compile(rf"\W*{PART}\s+\d{{1,3}}\b", re.IGNORECASE)
# What a question for the time of something says beside that thing.
_NOT_THE_THING = frozenset(
    stem(word)
    for word in """
    year week month day quarter semester sprint phase stage term plan roadmap schedule course path part
    get reach start begin learn study build come cover teach planned scheduled first time
    """.split()
)
MOST_PARTS = 3
FORGIVING = 3  # words of a thing from which on one may be missing
_DIGITS = re.compile(r"\d+")


def select_when(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The parts of one plan that name what is asked for, with its line; None where none does, or for other questions.

    A part whose own heading names it stands for all the lines below that do.
    """
    if query.numbered or not asks_when(query.question):
        return None
    titles = {w.page.outline.document.title for w in weighed}
    known = {term for title in titles for term in stems(title)}
    thing = {term for term in query.terms if term not in known | _NOT_THE_THING and not _DIGITS.fullmatch(term)}
    placed = [w for w in weighed if thing and _names(w, thing) and _part_of(w)]
    titled = [w for w in placed if _part_of(w) == w.node]
    if not placed:
        return None
    page = max(titled or placed, key=lambda w: w.score).page
    told = [w for w in titled or placed if w.page is page]
    told = sorted(told, key=lambda w: (-w.score, w.node.index))[:MOST_PARTS]
    snippets = [snippet_of(w, _told(w)) for w in sorted(told, key=lambda w: w.node.index)]
    return Selection(Shape.SENTENCES, (Group("", tuple(snippets)),))


def _names(weighed: Weighed, thing: set[str]) -> bool:
    """Whether a line, with what stands above it, holds all of the thing's words, or all but one of several."""
    page, outline = weighed.page, weighed.page.outline
    own = page.own_stems(weighed.node)
    around = own.union(*(page.own_stems(part) for part in outline.ancestors(weighed.node)))
    held = {term for term in thing if ({term} | synonyms(term)) & around}
    here = {term for term in held if ({term} | synonyms(term)) & own}
    return len(held) >= len(thing) - (len(thing) >= FORGIVING) and len(here) >= len(held) - 1 and bool(here)


def _part_of(weighed: Weighed) -> Node | None:
    """The innermost dated part of the plan that a line is or stands under; None where it stands in none."""
    above = (weighed.node, *reversed(weighed.page.outline.ancestors(weighed.node)))
    return next((node for node in above if _STRETCH.match(node.text) or bracketed_span(node.text)), None)


def _told(weighed: Weighed) -> str:
    """A line under the part that it stands in: "Days 31-60: Get the certificate"."""
    part = _part_of(weighed)
    own = worded(weighed) if weighed.node.kind is Kind.ROW else weighed.node.text.rstrip(":")
    return own if part is None or part == weighed.node else f"{part.text.rstrip(':')}: {own}"
