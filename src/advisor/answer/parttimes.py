"""How long the part takes that something belongs to, where no source gives the thing a time of its own.

Knows nothing of times that are stated of the thing itself; those are `timing`'s.
"""

from collections.abc import Sequence
from dataclasses import replace

from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.answer.wording import snippet_of
from advisor.corpus.outline import Kind
from advisor.corpus.quantities import durations, without_durations
from advisor.records import Query

LINES_LOOKED_AT = 40  # for a part with a time of its own
MOST_NAMED = 0.7  # of the question's words, by a part whose time is told
_ONLY_AROUND = "No time is given for that by itself, only for the part that it belongs to:"


def select_time_around(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """How long the part takes that holds most of what is asked for, where nothing says it of the thing itself.

    None where no part with a time of its own, that one of the best lines stands in, holds that much. Of several the one
    that holds more, and then the smaller.
    """
    parts = {
        (line.page.outline.document.key, node.index): replace(line, node=node)
        for line in weighed[:LINES_LOOKED_AT]
        for node in (*line.page.outline.ancestors(line.node), line.node)
        if node.children and node.kind is not Kind.SENTENCE and durations(node.text)
    }
    asked = set(query.terms)
    held = {key: asked & _words_within(part) for key, part in parts.items()}
    best = max(parts, key=lambda key: (len(held[key]), -_size(parts[key])), default=None)
    if best is None or len(held[best]) < MOST_NAMED * len(asked):
        return None
    part = parts[best]
    name, words = without_durations(part.node.label), durations(part.node.text)[0].words
    told = snippet_of(part, f"{name} takes {words.lower()}", part.node)
    is_it = asked <= part.page.own_stems(part.node)
    return Selection(Shape.DIFFERENCE, (Group("" if is_it else _ONLY_AROUND, (told,)),))


def _words_within(part: Weighed) -> set[str]:
    """The stems of a part, of what stands above it and of all that stands in it."""
    outline = part.page.outline
    nodes = (*outline.ancestors(part.node), part.node, *outline.descendants(part.node))
    return {word for node in nodes for word in part.page.own_stems(node)}


def _size(part: Weighed) -> int:
    return sum(1 for _ in part.page.outline.descendants(part.node))
