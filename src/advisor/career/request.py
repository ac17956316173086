"""What a learner asks of a plan, and which requests no plan can meet.

Knows nothing of careers.
"""

from dataclasses import dataclass
from datetime import date

from advisor.career.marks import ItemKey
from advisor.career.planned import MINUTES_PER_HOUR, DaysOff, Money
from advisor.career.schedule import LAST_DAY
from advisor.errors import UsageError

MOST_HOURS_PER_WEEK = 100
MOST_REALISM = 10


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What a learner asks of a plan. Without hours per week the pace is what `by` needs.

    Items that are `done` are credited, those `set_aside` left out; one that is not on the page changes nothing.
    """

    hours_per_week: float | None = None
    known: tuple[str, ...] = ()
    start: date | None = None
    by: date | None = None
    free_only: bool = False
    budget: Money | None = None
    skip: tuple[str, ...] = ()
    realism: float = 1.0
    days_off: tuple[DaysOff, ...] = ()
    done: tuple[ItemKey, ...] = ()
    set_aside: tuple[ItemKey, ...] = ()


def check_request(request: PlanRequest, *, today: date) -> None:
    """Raise UsageError for what no plan can meet; the message says what can be asked instead."""
    if request.hours_per_week is None and request.by is None:
        raise UsageError("say how much time you have: --hours-per-week 8, or the day to be done by: --by 2027-06-30")
    if request.hours_per_week is not None:
        check_pace(request.hours_per_week)
    if not 1 / MOST_REALISM <= request.realism <= MOST_REALISM:
        raise UsageError(
            f"--realism {request.realism:g} is not possible; 1 takes the hours as they are, 1.5 half as much again"
        )
    if request.free_only and request.budget is not None:
        raise UsageError("--free-only and --budget exclude each other; take the one that holds for you")
    _check_days(request, today)


def check_pace(hours_per_week: float) -> None:
    """Raise UsageError for a pace at which nobody can study."""
    if not 0 < hours_per_week <= MOST_HOURS_PER_WEEK or not round(hours_per_week * MINUTES_PER_HOUR):
        raise UsageError(
            f"--hours-per-week {hours_per_week:g} is not possible; give more than 0 and at most {MOST_HOURS_PER_WEEK}"
        )


def _check_days(request: PlanRequest, today: date) -> None:
    start, by = request.start, request.by
    if start is not None and start >= LAST_DAY:
        raise UsageError(f"--start {start} is too far away; give a day before {LAST_DAY}")
    if by is not None and by <= today:
        raise UsageError(f"--by {by} is not in the future (today is {today}); give a later day")
    if by is not None and start is not None and by <= start:
        raise UsageError(f"--by {by} is not after --start {start}; give a later day")
    for off in request.days_off:
        if off.first > off.last:
            raise UsageError(f"--days-off {off} ends before it begins; write it like 2026-12-21..2027-01-03")


def read_day(text: str, option: str) -> date:
    """A day as 2026-11-30; raises UsageError naming the option it was given to."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is no date; write it like 2026-11-30") from error


def read_days_off(text: str) -> DaysOff:
    """Days off as "2026-12-21..2027-01-03", or a single day; raises UsageError."""
    first, dots, last = text.partition("..")
    begin = read_day(first, "--days-off")
    return DaysOff(begin, read_day(last, "--days-off") if dots else begin)
