"""A target date worked backwards: the pace it needs, and what could be given up to be done by then.

Says so where nothing helps. Cuts nothing itself. Knows nothing of pages.
"""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date

from advisor.career.planned import MINUTES_PER_HOUR, Cut, DaysOff, Step, Target, WaitKind, pace_words
from advisor.career.request import MOST_HOURS_PER_WEEK
from advisor.career.schedule import weeks_until
from advisor.corpus.items import ItemKind

_HALF_HOUR = 30
_WEEKS_PER_YEAR, _LONG_YEARS = 52, 2


def needed_pace(minutes: int, weeks: int) -> float | None:
    """The hours per week, rounded up to half an hour, that do the work in so many weeks; None for no weeks."""
    if weeks == 0:
        return None
    return max(math.ceil(minutes / weeks / _HALF_HOUR), 1) * _HALF_HOUR / MINUTES_PER_HOUR


def slow_words(minutes: int, weeks: int) -> str:
    """What to tell of a plan of more than two years: how long that is, and the pace that makes it one; else ""."""
    pace = needed_pace(minutes, _WEEKS_PER_YEAR)
    if weeks <= _LONG_YEARS * _WEEKS_PER_YEAR or pace is None or pace > MOST_HOURS_PER_WEEK:
        return ""
    return f"At this pace it takes {weeks / _WEEKS_PER_YEAR:.1f} years of study; {pace_words(pace)} would make it one."


def target_for(
    by: date, steps: Sequence[Step], *, pace_minutes: int, start: date, days_off: Sequence[DaysOff]
) -> Target:
    """What reaching the date asks for, and cuts that would do at the pace given.

    What may be cut: no project, nothing that a later step asks for, and not the last thing to learn of a phase. The
    later a step comes the sooner it goes, because what comes first carries the rest.
    """
    weeks = weeks_until(by, start=start, days_off=days_off)
    minutes, room = sum(step.minutes for step in steps), weeks * pace_minutes
    pace = needed_pace(minutes, weeks)
    if minutes <= room:
        return Target(by, weeks, pace, fits=True)
    cuts = _cuts(steps, over=minutes - room)
    return Target(by, weeks, pace, False, cuts, sum(cut.minutes for cut in cuts) >= minutes - room)


def _cuts(steps: Sequence[Step], *, over: int) -> tuple[Cut, ...]:
    asked_for = {
        number for step in steps for wait in step.waits if wait.kind is WaitKind.AFTER for number in wait.steps
    }
    learning = Counter(step.phase for step in steps if step.kind != ItemKind.PROJECT)
    taken: list[Step] = []
    for step in reversed(steps):
        if sum(one.minutes for one in taken) >= over:
            break
        if step.kind != ItemKind.PROJECT and step.number not in asked_for and learning[step.phase] > 1:
            learning[step.phase] -= 1
            taken.append(step)
    for step in sorted(taken, key=lambda one: one.minutes):  # a longer one may have made it needless
        if sum(one.minutes for one in taken) - step.minutes >= over:
            taken.remove(step)
    return tuple(Cut(step.number, step.minutes) for step in taken[::-1])
