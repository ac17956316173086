"""The hours of an item: what its page states, what has to be assumed, what has to be estimated; each says which.

A page's own hours always win. A length without a weekly effort takes an assumed effort; an item without any length
takes the median of its kind over all careers, or a constant of ours where too few state theirs. Knows no learner.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from advisor.career.careers import Career
from advisor.career.planned import Basis, Workload
from advisor.corpus.items import Item, ItemKind
from advisor.corpus.measures import Effort, Hours, Length, Unit, hours_of
from advisor.records import Document
from advisor.text import normalise

# Assumptions of ours, all of them here. Study at 5 to 10 hours a week is what most courses that state an effort
# ask for; a project with a calendar length ("three months") runs beside other study.
STUDY_EFFORT = Effort(5, 10, Unit.WEEK, "5–10 hours per week")
PROJECT_EFFORT = Effort(2, 4, Unit.WEEK, "2–4 hours per week")
ENOUGH = 5  # items with stated hours from which a median is worth something
FALLBACK_HOURS: Mapping[ItemKind | None, float] = {
    ItemKind.COURSE: 40,
    ItemKind.BOOK: 30,
    ItemKind.TUTORIAL: 8,
    ItemKind.DOCUMENTATION: 6,
    ItemKind.VIDEO: 2,
    ItemKind.PROJECT: 20,
    None: 20,
}


@dataclass(frozen=True, slots=True)
class Typical:
    """The usual hours of a kind of item, and how many items that state theirs it rests on."""

    hours: float
    rests_on: int


@dataclass(frozen=True, slots=True)
class Estimates:
    """Usual hours by kind and level, and by kind alone (level None)."""

    typical: Mapping[tuple[ItemKind, str | None], Typical]


def read_estimates(careers: Iterable[Career]) -> Estimates:
    """Medians over the items of all careers whose hours are stated; an item of several pages counts once."""
    stated: dict[tuple[str, str], Item] = {}
    for career in careers:
        for item in career.roadmap.items:
            if item.kind is not None and item.hours is not None:
                stated.setdefault((normalise(item.name), normalise(item.provider or "")), item)
    found: dict[tuple[ItemKind, str | None], list[float]] = {}
    for item in stated.values():
        if item.kind is not None and item.hours is not None:
            for key in {(item.kind, _level(item)), (item.kind, None)}:
                found.setdefault(key, []).append(_middle(item.hours))
    enough = {key: hours for key, hours in found.items() if len(hours) >= ENOUGH}
    return Estimates({key: Typical(_whole(median(hours)), len(hours)) for key, hours in enough.items()})


def _whole(hours: float) -> float:
    """Whole hours, rounded up: more would pretend to know."""
    return float(math.ceil(hours))


def _level(item: Item) -> str | None:
    return normalise(item.level) if item.level else None


def _middle(hours: Hours) -> float:
    return hours.low if hours.high is None else (hours.low + hours.high) / 2


def workload(item: Item, estimates: Estimates) -> Workload:
    """The hours of one item and what they rest on; open ranges stay open."""
    if item.hours is not None:
        return Workload(item.hours, Basis.STATED, _told_stated(item, item.hours))
    if item.length is not None:
        return _assumed(item.length, item.kind)
    return _estimated(item, estimates)


def _told_stated(item: Item, hours: Hours) -> str:
    length = item.length.words if item.length else ""
    if item.length is not None and item.effort is not None and item.length.unit not in {Unit.HOUR, Unit.MINUTE}:
        return f"{length} at {item.effort.words} = {hours}"
    return length


def _assumed(length: Length, kind: ItemKind | None) -> Workload:
    effort = PROJECT_EFFORT if kind is ItemKind.PROJECT else STUDY_EFFORT
    hours = hours_of(length, effort)
    if hours is None:  # a length always has hours once there is an effort
        raise ValueError(f"no hours for {length!r} at {effort!r}")
    return Workload(hours, Basis.ASSUMED_EFFORT, f"{length.words} at an assumed {effort.words} = {hours}")


def _estimated(item: Item, estimates: Estimates) -> Workload:
    level, noun = _level(item), item.kind.value if item.kind else "item"
    for key, of_level in (((item.kind, level), f" for {level}s" if level == "beginner" else f" at {level} level"),
                          ((item.kind, None), "")):  # fmt: skip
        typical = estimates.typical.get((key[0], key[1])) if key[0] is not None else None
        if typical is not None:
            hours = Hours(typical.hours, typical.hours)
            why = f"the median of {typical.rests_on} {noun}s{of_level if key[1] else ''} with stated hours"
            return Workload(hours, Basis.ESTIMATE, f"length not stated, our estimate is {hours} ({why})")
    usual = FALLBACK_HOURS[item.kind]
    hours = Hours(usual, usual)
    why = f"rule of thumb for {'an item' if item.kind is None else _with_article(noun)}"
    return Workload(hours, Basis.ESTIMATE, f"length not stated, our estimate is {hours} ({why})")


def _with_article(noun: str) -> str:
    return noun if noun == ItemKind.DOCUMENTATION else f"a {noun}"


# --- lengths that a page gives to several items together ------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """Items with a length of their own or, where none has one, the length of the heading over them."""

    name: str
    length: Length | None
    effort: Effort | None
    items: tuple[Item, ...]


def blocks_of(document: Document, items: Sequence[Item]) -> tuple[Block, ...]:
    """The items of a phase by the timed heading over them, which is no item unless nothing stands below it."""
    blocks: list[Block] = []
    for item in items:
        if _is_heading(document, item):
            blocks.append(Block(item.name, item.length, item.effort, ()))
        elif blocks:
            blocks[-1] = replace(blocks[-1], items=(*blocks[-1].items, item))
        else:
            blocks.append(Block("", None, None, (item,)))
    heads = {item.name: item for item in items if _is_heading(document, item)}
    return tuple(block if block.items else Block("", None, None, (heads[block.name],)) for block in blocks)


def _is_heading(document: Document, item: Item) -> bool:
    return document.text.startswith("#", item.span.start)


def shared_workload(block: Block, estimates: Estimates) -> Workload | None:
    """The equal part of a block's length that falls on each of its items; None where an item states its own length."""
    if block.length is None or any(item.length is not None for item in block.items):
        return None
    count = len(block.items)
    head = Item(block.name, block.items[0].span, length=block.length, effort=block.effort)
    whole = workload(head, estimates)
    if count == 1:
        return replace(whole, told=f"{whole.told}; the page gives that length to {block.name!r}")
    high = None if whole.hours.high is None else whole.hours.high / count
    hours = Hours(whole.hours.low / count, high)
    told = f"{hours}, one of {count} equal parts of {block.name!r}: {whole.told}"
    return Workload(hours, Basis.ASSUMED_EFFORT, told)
