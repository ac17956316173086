"""Answers to "what does the course on X cover": the topics that the page lists beside the course or below it.

Knows nothing of what else a page says of a course; `fields` tells its price and length.
"""

import re
from collections.abc import Sequence

from advisor.answer.listing import grouped
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.answer.wording import snippet_of, worded
from advisor.records import Query
from advisor.text import normalise, stem

MOST_NAMED = 0.75  # of what the question names, by the course and what it stands under

_COVERS = r"(?:cover(?:s|ed)?|teach(?:es)?|taught|include[ds]?|contains?|go(?:es)? (?:through|over|into)|deals? with)"
_ASKED = re.compile(
    rf"\bwhat\b[^.?!]*\b{_COVERS}\b|\bwhat(?:'?s| is| are)? (?:all )?in(?:side)? (?:the|that|this)\b"
    r"|\bwhat (?:would|will|do|can|could|should|am) (?:i|you|we|one) (?:going to )?(?:learn|study)\b"
    r"|\bwhich (?:topics|subjects)\b|\b(?:topics|contents?|syllabus|curriculum) (?:of|in|for)\b",
    re.IGNORECASE,
)
_ASKING = frozenset(
    stem(word)
    for word in (
        "cover teach taught include contain through deal inside learn study topic subject content syllabus curriculum "
        "course class specialization programme program module"
    ).split()
)
_CONTENTS = frozenset({"topics", "topic", "key outcomes", "outcomes", "contents", "content", "syllabus", "curriculum",
                       "covers", "what you learn", "what you will learn", "you will learn", "key topics"})  # fmt: skip


def select_contents(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The topics of the course or part that the question names; None where it asks for none or the page lists none."""
    named = {term for term in query.terms if term not in _ASKING}
    if not named or not _ASKED.search(query.question):
        return None
    listing = [w for w in weighed if normalise(w.node.label) in _CONTENTS and (w.node.children or w.node.value)]
    best = max(listing, key=lambda w: (_share_named(named, w), w.score), default=None)
    if best is None or _share_named(named, best) < MOST_NAMED:
        return None
    if best.node.children:
        return Selection(Shape.LIST, (grouped(best, Shape.LIST, several=False),))
    return Selection(Shape.SENTENCES, (Group("", (snippet_of(best, worded(best)),)),))


def _share_named(named: set[str], listing: Weighed) -> float:
    """Share of what is named that the course beside a list of topics has, or what they both stand right under."""
    return len(named & _names(listing)) / len(named)


def _names(listing: Weighed) -> set[str]:
    outline = listing.page.outline
    above = outline.nodes[listing.node.parent]
    beside = [node for node in outline.children(above) if node.index < listing.node.index and not node.children]
    return {word for node in (above, *beside) for word in listing.page.own_stems(node)}
