"""Answers to "which of them is free, longer, still offered": the items asked of, kept or ranked by one of their fields.

A field that an item does not state counts for nothing: such an item is neither free nor the longest. Knows nothing of
how the items were found, or of questions that name a single one.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.answer.wording import snippet_of
from advisor.corpus.measures import CostKind, hours_of, read_cost, read_effort, read_length
from advisor.corpus.outline import Kind, Node
from advisor.records import Query
from advisor.text import normalise, stems

LEAST_COVERAGE = 0.2  # of the question's words by an item, where no answer before says which are meant
MOST = 6

_WHICH = re.compile(
    r"\b(?:which|what|any|are any|is any)(?: ones?)?"
    r"(?: of (?:them|those|these|the|it)\b"
    r"| (?:one )?(?:is|are|takes?|costs?|has|never|doesn'?t|don'?t|will)\b"
    r"|\s+(?:\w+\s+){0,4}(?:in it|there|are|is|do|does|takes?|costs?|never)\b)|\bis any of\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\w (?:or|and) (?:the |an? )?\w[^?]*\bwhich\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Property:
    """A way to choose among items: those whose field fits, or the one whose field has the largest value."""

    asked: re.Pattern[str]
    label: str
    fits: Callable[[str], bool] | None = None
    size: Callable[[str, str], float | None] | None = None  # of the field and of the weekly effort beside it


def _is_free(words: str) -> bool:
    cost = read_cost(words)
    return cost is not None and cost.kind is not CostKind.PAID


def _hours(length: str, effort: str) -> float | None:
    stated = hours_of(read_length(length), read_effort(effort or length))
    return stated.low if stated else None


def _price(words: str, _effort: str) -> float | None:
    cost = read_cost(words)
    if cost is None:
        return None
    return 0.0 if cost.kind is not CostKind.PAID else cost.amount


def _reverse(size: Callable[[str, str], float | None]) -> Callable[[str, str], float | None]:
    def smaller(words: str, effort: str) -> float | None:
        found = size(words, effort)
        return None if found is None else -found

    return smaller


_PROPERTIES = (
    _Property(re.compile(r"\bfree\b|\bcosts? nothing\b|\bwithout paying\b", re.I), "cost", fits=_is_free),
    _Property(
        re.compile(
            r"\bnever (?:runs? out|expires?|lapses?)\b|\b(?:doesn'?t|don'?t|not|no) (?:expir\w+|renew\w*)\b", re.I
        ),
        "validity",
        fits=lambda words: "not expire" in normalise(words),
    ),
    _Property(
        re.compile(r"\bstill (?:offered|active|valid|current|available)\b|\bactive\b", re.I),
        "status",
        fits=lambda words: normalise(words).startswith("active"),
    ),
    _Property(
        re.compile(r"\b(?:cheap(?:er|est)|(?:least|less) expensive|costs? (?:less|the least))\b", re.I),
        "cost",
        size=_reverse(_price),
    ),
    _Property(
        re.compile(r"\b(?:dear(?:er|est)|(?:most|more) expensive|pricier|priciest)\b", re.I), "cost", size=_price
    ),
    _Property(re.compile(r"\blong(?:er|est)\b|\bmost (?:time|hours)\b", re.I), "duration", size=_hours),
    _Property(re.compile(r"\b(?:short(?:er|est)|quick(?:er|est)|fastest)\b", re.I), "duration", size=_reverse(_hours)),
    _Property(
        re.compile(r"\b(?:for|as a) (?:\w+ )?beginners?\b|\beas(?:ier|iest)\b", re.I),
        "level",
        fits=lambda words: "beginner" in normalise(words),
    ),
)


def select_among(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The items that have what is asked for, each with the line that says so; None where the question chooses none."""
    if not _WHICH.search(query.question) or len(query.roles) > 1:
        return None
    wanted = next((one for one in _PROPERTIES if one.asked.search(query.question)), None)
    items = _items(query, weighed) if wanted else []
    if wanted is None or len(items) < 2:
        return None
    named = _named(query, items)
    if wanted.size and not named and _SEVERAL.search(query.question):  # two are meant, and it is not known which
        return None
    kept = _kept(wanted, named or items, all_told=bool(named))
    if not kept:
        return None
    snippets = tuple(
        snippet_of(item, f"{_name(item.node)}: {field.text}", field)
        for item in kept
        for field in [_field(item, wanted.label)]
        if field
    )
    shape = Shape.LIST if len(snippets) > 1 else Shape.SENTENCES
    return Selection(shape, (Group("", snippets[:MOST]),))


def _items(query: Query, weighed: Sequence[Weighed]) -> list[Weighed]:
    """The items beside the first that the answer before cited, or else beside the best one; in reading order."""
    typed = [w for w in weighed if w.node.kind in {Kind.ITEM, Kind.HEADING} and _field(w, "kind")]
    cited = [w for w in typed if w.page.passage_of(w.node).id in query.near]
    careers = query.careers
    near = [w for w in typed if w.coverage >= LEAST_COVERAGE]
    about = cited or [w for w in near if w.page.outline.document.role in careers] or near
    if not about:
        return []
    page, parent = about[0].page, about[0].node.parent
    beside = sorted((w for w in typed if w.page is page and w.node.parent == parent), key=lambda w: w.node.index)
    kinds = [normalise(value_of(w, "kind")) for w in beside]
    named = {kind for kind in kinds if set(stems(kind)) & set(query.terms)}
    return [w for w, kind in zip(beside, kinds, strict=True) if not named or kind in named]


def _named(query: Query, items: Sequence[Weighed]) -> list[Weighed]:
    """The items that the question names by a word of no other, where it names several: "Juniper's or Cisco's"."""
    names = [set(stems(item.node.text)) for item in items]
    times_said = Counter(word for name in names for word in name)
    asked = {word for word in stems(query.question) if times_said[word] == 1}
    named = [item for item, name in zip(items, names, strict=True) if asked & name]
    return named if len(named) > 1 else []


def _kept(wanted: _Property, items: Sequence[Weighed], *, all_told: bool) -> list[Weighed]:
    """The items that have what is wanted; of those set beside each other all, the one that is wanted first."""
    if wanted.fits:
        return [item for item in items if wanted.fits(value_of(item, wanted.label))]
    sizes = [(wanted.size(value_of(w, wanted.label), value_of(w, "effort")) if wanted.size else None, w) for w in items]
    stated = [size for size, _ in sizes if size is not None]
    if len(stated) < 2:  # "longer" than what?
        return []
    if all_told:
        return [item for size, item in sorted(sizes, key=lambda one: -(one[0] or 0.0)) if size is not None]
    return [item for size, item in sizes if size == max(stated)]


def _field(weighed: Weighed, label: str) -> Node | None:
    children = weighed.page.outline.children(weighed.node)
    return next((child for child in children if normalise(child.label) == label), None)


def value_of(weighed: Weighed, label: str) -> str:
    """What an item states in the field of this name; nothing where it has none."""
    field = _field(weighed, label)
    return field.value if field else ""


def _name(node: Node) -> str:
    return node.text.rstrip(":.")
