"""Which items are done and at which pace: what is skipped, what the purse allows, what a target date needs.

Knows nothing of order, dates of weeks, or citations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from advisor.career.known import plain_name
from advisor.career.ordering import Entry
from advisor.career.planned import MINUTES_PER_HOUR, Price, Workload
from advisor.career.purse import price_of, refused
from advisor.career.request import MOST_HOURS_PER_WEEK, PlanRequest
from advisor.career.schedule import weeks_until
from advisor.career.target import needed_pace
from advisor.corpus.items import Span
from advisor.errors import UsageError
from advisor.text import normalise

_QUARTER = 15  # minutes: plans are made in quarters of an hour
_SAME_ITEM = 88  # rapidfuzz ratio for the name of an item to skip
_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """An item that could be planned, with the minutes it would get."""

    entry: Entry
    workload: Workload
    minutes: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What is done at which pace, the prices and what the purse refuses, both by the places of the items."""

    hours_per_week: float
    drafts: tuple[Draft, ...]
    prices: Mapping[int, Price]
    refused: Mapping[int, str]


def draft_of(entry: Entry, load: Workload, *, realism: float) -> Draft:
    """The item with the middle of its hours, times realism, to the quarter of an hour."""
    quarters = round(load.middle_hours * realism * MINUTES_PER_HOUR / _QUARTER)
    return Draft(entry, load, max(quarters, 1) * _QUARTER)


def skipped_items(names: Sequence[str], items: Mapping[Span, str]) -> dict[Span, str]:
    """The items to leave out, by stretch, each with the learner's word for it; raises UsageError for unknown ones."""
    found: dict[Span, str] = {}
    for name in names:
        spans = [list(items)[place] for place in fitting_names(name, list(items.values()))]
        if len(spans) != 1:
            raise UsageError(_skip_words(name, [items[span] for span in spans], list(items.values())))
        found[spans[0]] = name
    return found


def fitting_names(wanted: str, names: Sequence[str]) -> list[int]:
    """The places of the names meant: those that are the same, else those that hold it, else those within a typo."""
    wanted, called = normalise(wanted), [normalise(name) for name in names]
    places = [place for place, one in enumerate(called) if wanted in {one, plain_name(names[place])}]
    places = places or [place for place, one in enumerate(called) if wanted and wanted in one]
    return places or [place for place, one in enumerate(called) if fuzz.ratio(wanted, one) >= _SAME_ITEM]


def _skip_words(name: str, fitting: Sequence[str], items: Sequence[str]) -> str:
    if fitting:
        return f"--skip {name!r} fits several items: {'; '.join(fitting)}; write one of these names"
    near = [one for one, _score, _place in process.extract(name, items, scorer=fuzz.WRatio, limit=_NAMES_SHOWN)]
    return f"--skip {name!r} is no item of this roadmap; the nearest are: {'; '.join(near)}"


def choose(drafts: Sequence[Draft], request: PlanRequest, start: date) -> Choice:
    """What the purse allows at the pace given; without one at the pace that the target date needs.

    A rate per month costs less at a faster pace, so without a pace both are settled in turns. Raises UsageError where
    no pace reaches the date.
    """
    if request.hours_per_week is not None:
        return _affordable(drafts, request, request.hours_per_week)
    chosen = _affordable(drafts, request, _pace_needed(drafts, request, start))
    for _turn in drafts:
        pace = _pace_needed(chosen.drafts, request, start)
        if pace == chosen.hours_per_week:
            break
        chosen = _affordable(drafts, request, pace)
    return chosen


def _pace_needed(drafts: Sequence[Draft], request: PlanRequest, start: date) -> float:
    minutes, by = sum(draft.minutes for draft in drafts), request.by or start
    weeks = weeks_until(by, start=start, days_off=request.days_off)
    pace = needed_pace(minutes, weeks)
    if pace is None:
        raise UsageError(f"no whole week of study lies between {start} and {by}; give a later --by")
    if pace > MOST_HOURS_PER_WEEK:
        raise UsageError(
            f"to be done by {by} takes {pace:g} hours per week in {weeks} weeks, which nobody can do; "
            "give a later --by, or give --hours-per-week too and see what fits"
        )
    return pace


def _affordable(drafts: Sequence[Draft], request: PlanRequest, hours_per_week: float) -> Choice:
    prices = {
        draft.entry.place: price_of(draft.entry.item, minutes=draft.minutes, hours_per_week=hours_per_week)
        for draft in drafts
    }
    out = refused(prices, free_only=request.free_only, budget=request.budget)
    kept = tuple(draft for draft in drafts if draft.entry.place not in out)
    return Choice(hours_per_week, kept, prices, out)
