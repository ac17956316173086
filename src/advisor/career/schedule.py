"""Weeks with dates: minutes of work laid end to end into weeks of study, days off left out.

A week begins on Monday. A week of which most days are off is no week of study, everything after it moves; fewer days
off cost nothing, the hours fit into the other days. Knows nothing of what is studied.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from advisor.career.planned import DaysOff, Share, Week
from advisor.errors import UsageError

_DAYS = 7
_MOST_DAYS = 4
LAST_DAY = date(2200, 1, 1)  # a plan that goes on beyond it is not one


def next_monday(today: date) -> date:
    """The first Monday after a day; of a Monday the one a week later."""
    return today + timedelta(days=_DAYS - today.weekday())


def monday_from(day: date) -> date:
    """The first Monday on or after a day."""
    return day + timedelta(days=-day.weekday() % _DAYS)


def week_ends(monday: date) -> date:
    """The Sunday of a week."""
    return monday + timedelta(days=_DAYS - 1)


def study_mondays(start: date, days_off: Sequence[DaysOff]) -> Iterator[date]:
    """The Mondays of the weeks of study from a Monday on, without end; raises UsageError beyond LAST_DAY."""
    monday = start
    while monday < LAST_DAY:
        days = [monday + timedelta(days=day) for day in range(_DAYS)]
        if sum(any(off.first <= day <= off.last for off in days_off) for day in days) < _MOST_DAYS:
            yield monday
        monday += timedelta(days=_DAYS)
    raise UsageError(f"the plan would go on beyond {LAST_DAY}; give it more hours per week or fewer days off")


def weeks_needed(minutes: int, *, pace_minutes: int) -> int:
    """How many weeks of study the work takes: rounded up."""
    return math.ceil(minutes / pace_minutes)


def schedule(
    minutes: Sequence[int], *, pace_minutes: int, start: date, days_off: Sequence[DaysOff] = ()
) -> tuple[Week, ...]:
    """The weeks in which these steps are done, one after the other, every week but the last one full.

    `minutes` are those of the steps 1, 2, …, each positive; `start` is a Monday. The shares of a step add up to its
    minutes, and the weeks are `weeks_needed` of the sum.
    """
    mondays = islice(study_mondays(start, days_off), weeks_needed(sum(minutes), pace_minutes=pace_minutes))
    queue = list(enumerate(minutes, start=1))[::-1]
    return tuple(
        Week(number, monday, week_ends(monday), tuple(_filled(queue, pace_minutes)))
        for number, monday in enumerate(mondays, start=1)
    )


def _filled(queue: list[tuple[int, int]], room: int) -> Iterator[Share]:
    """The shares that fill one week, taken from the end of the queue."""
    while queue and room:
        step, left = queue.pop()
        taken = min(left, room)
        room -= taken
        if taken < left:
            queue.append((step, left - taken))
        yield Share(step, taken, is_last=taken == left)


def weeks_until(by: date, *, start: date, days_off: Sequence[DaysOff]) -> int:
    """The weeks of study that lie wholly between a Monday and a day."""
    count = 0
    for monday in study_mondays(start, days_off):
        if week_ends(monday) > by:
            return count
        count += 1
    return count
