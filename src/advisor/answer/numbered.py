"""Answers to what a counted part of a way holds: the items of phase 1, its courses alone, its project.

Knows nothing of how long such a part takes (`timing`), or of parts that are not counted.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.answer.listing import grouped
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.answer.wording import snippet_of, worded
from advisor.corpus.outline import Kind, Node, Outline
from advisor.corpus.quantities import durations
from advisor.records import Intent, Query
from advisor.search.asked import names_nothing
from advisor.search.counted import spans_of
from advisor.text import normalise, stem

_ASKS_WHAT = frozenset({Intent.LIST, Intent.STEPS, Intent.FACT, Intent.DEFINITION})
_KINDS = ("course", "book", "project", "certificate", "tutorial", "paper", "video", "resource", "item", "topic")
_ANY_KIND = frozenset({"resource", "item"})
_DOING = frozenset(stem(word) for word in "take study learn do build read include contain cover list studying".split())


def select_numbered(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The members of the one counted part that is asked for, of the kind asked for; None where something else is."""
    if len(query.numbered) != 1 or query.intent not in _ASKS_WHAT:
        return None
    kinds = [kind for kind in _KINDS if stem(kind) in query.terms]
    rest = [term for term in query.terms if term not in _DOING and term not in {stem(kind) for kind in kinds}]
    if not names_nothing(rest) or (not kinds and query.intent is not Intent.LIST):
        return None
    part = _part(query.numbered[0], weighed)
    if part is None:
        return None
    members = _of_kind(part.page.outline, part.node, kinds)
    if len(members) == 1:
        only = replace(part, node=members[0])
        return Selection(Shape.SENTENCES, (Group("", (snippet_of(only, worded(only)),)),))
    whole = grouped(part, Shape.LIST, several=False)
    if not members:
        others = _of_kind(part.page.outline, part.node, ())
        lead = f"The page names no {' or '.join(kinds)} in {query.numbered[0]}. It holds:"
        return Selection(Shape.LIST, (replace(whole, lead=lead),)) if others and kinds and whole.snippets else None
    wanted = {part.page.outline.quote(member) for member in members}
    kept = tuple(snippet for snippet in whole.snippets if snippet.quote in wanted)
    return Selection(Shape.LIST, (replace(whole, snippets=kept),)) if kept else None


def in_its_part(query: Query, weighed: Sequence[Weighed]) -> Sequence[Weighed]:
    """The lines that stand in no other week, phase … than those the question names; all where it names none."""
    if not query.numbered or query.intent is Intent.COMPARISON:
        return weighed
    kept = [w for w in weighed if not any(_is_in_another(thing, query.numbered, w) for thing in query.numbered)]
    return kept or weighed


def _is_in_another(thing: str, named: Sequence[str], weighed: Weighed) -> bool:
    """Whether a line stands under, or is, a counted part of the thing's kind that is none of those named."""
    kind = thing.split()[0]
    wanted = {int(one.split()[1]) for one in named if one.split()[0] == kind}
    texts = [normalise(text) for text in (*weighed.path, weighed.node.text) if kind in text.casefold()]
    opening = [span for text in texts for at, span in spans_of(kind, text) if not re.search(r"\w", text[:at])]
    return any(wanted.isdisjoint(span) for span in opening)


def select_numbered_time(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The items of the counted part with their lengths, where the career's page gives the part as a whole none.

    None where no career is meant, its page has no such part, or a line says how long the part takes as a whole: another
    career's phase 1 says nothing of this one's.
    """
    careers = query.careers
    own = [w for w in weighed if w.page.outline.document.role in careers]
    if len(query.numbered) != 1 or (part := _part(query.numbered[0], own)) is None:
        return None
    thing = normalise(query.numbered[0])
    if any(durations(w.node.text) and normalise(w.node.text).startswith(thing) for w in own):
        return None
    members = _of_kind(part.page.outline, part.node, ())
    told = ((node, _timed_name(part.page.outline, node)) for node in members)
    snippets = tuple(replace(snippet_of(part, words, node), text=words) for node, words in told if words)
    lead = f"The page gives no length for {query.numbered[0]} as a whole. Lengths stated of its items:"
    return Selection(Shape.LIST, (Group(lead, snippets),)) if snippets else None


def _timed_name(outline: Outline, item: Node) -> str:
    """An item with its length, or that nobody states one, and its weekly effort; "" where it says nothing of either."""
    fields = {normalise(field.label): field for field in outline.children(item)}
    length, effort = fields.get("duration"), fields.get("effort")
    told = [length.text] if length else []
    told += [effort.text] if effort and not normalise(effort.value).startswith("not ") else []
    return f"{item.text.rstrip(':.')}: {', '.join(told)}" if told else ""


def _part(thing: str, weighed: Sequence[Weighed]) -> Weighed | None:
    """The best weighed heading or item that is this part and has members: a mere mention of it has none."""
    named = (
        w for w in weighed if normalise(w.node.text).startswith(f"{normalise(thing)}") and len(w.node.children) > 1
    )
    return next((w for w in named if w.node.kind is not Kind.SENTENCE and _is_exactly(thing, w.node)), None)


def _is_exactly(thing: str, node: Node) -> bool:
    """Whether the name goes on with no further digit: "phase 1" is no name of phase 10."""
    following = normalise(node.text)[len(normalise(thing)) :]
    return not following[:1].isdigit()


def _of_kind(outline: Outline, part: Node, kinds: Sequence[str]) -> list[Node]:
    """The members that are items of these kinds, by the field that tells; all items where no kind is asked for."""
    items = [node for node in outline.children(part) if node.kind in {Kind.ITEM, Kind.ROW}]
    if not kinds or _ANY_KIND & set(kinds):
        return items
    told = {node.index: _kind_of(outline, node) for node in items}
    if not any(told.values()):
        return items if "topic" in kinds or "course" in kinds else []
    return [node for node in items if any(kind in told[node.index] for kind in kinds)]


def _kind_of(outline: Outline, node: Node) -> str:
    """What the item says it is, "" where it does not say."""
    return next((normalise(child.value) for child in outline.children(node) if normalise(child.label) == "kind"), "")
