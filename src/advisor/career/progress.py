"""Where a learner stands in a plan: what can be started now, what this week holds, what fits into an hour.

Functions over a plan and the learner's marks; the plan's own dates are left aside, because what is marked counts. How
much of an item in progress is done is nowhere known, so it stands with all its time. No clock: today is an argument.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rapidfuzz import fuzz, process

from advisor.career.choice import fitting_names
from advisor.career.marks import ItemKey, ItemState, Mark, States, states_of
from advisor.career.planned import MINUTES_PER_HOUR, Plan, Step, WaitKind
from advisor.career.request import PlanRequest
from advisor.career.schedule import study_mondays, week_ends
from advisor.errors import UsageError
from advisor.text import normalise

_NAMES_SHOWN = 3
_MOST_MINUTES = 24 * MINUTES_PER_HOUR
_TIME = re.compile(
    r"(?:(?P<hours>\d{1,4}(?:\.\d{1,4})?) ?h(?:rs?|ours?)?)? ?(?:(?P<minutes>\d{1,4}) ?(?:m|mins?|minutes?)?)?"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some minutes of a step. `topics` are those to begin with; of a step in progress, all of them."""

    step: Step
    minutes: int
    mark: Mark | None  # set where the step is in progress
    topics: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the step fits in with all its time."""
        return self.minutes == self.step.minutes


@dataclass(frozen=True, slots=True)
class Sitting:
    """What to do in some minutes; `instead` are steps that can be started now and fit whole."""

    minutes: int
    pieces: tuple[Piece, ...]
    instead: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class StudyWeek:
    """What to do in the week from a Monday to a Sunday; nothing where most of its days are off."""

    start: date
    end: date
    is_off: bool
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A step and what the learner said of it."""

    step: Step
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Every step with its mark, in the plan's order; `strays` are marks whose items are not on the page any more."""

    rows: tuple[Row, ...]
    strays: tuple[Mark, ...]

    def steps(self, state: ItemState | None) -> tuple[Step, ...]:
        """The steps in this state; None for those without a mark."""
        return tuple(row.step for row in self.rows if (row.mark.state if row.mark else None) is state)


def with_progress(request: PlanRequest, marks: Iterable[Mark]) -> PlanRequest:
    """The request for a plan in which items that are done are credited and skipped ones left out."""
    states = states_of(marks)

    def those(state: ItemState) -> tuple[ItemKey, ...]:
        return tuple(key for key, mark in states.items() if mark.state is state)

    return replace(request, done=those(ItemState.DONE), set_aside=those(ItemState.SKIPPED))


def standing(plan: Plan, states: States) -> Standing:
    """Where the learner stands; `plan` is one made without marks, so that it has every item."""
    keys = {step.key for step in plan.steps}
    rows = tuple(Row(step, states.get(step.key)) for step in plan.steps)
    return Standing(rows, tuple(mark for key, mark in states.items() if key not in keys))


# --- what comes next ------------------------------------------------------------------------------


def steps_in_progress(plan: Plan, states: States) -> tuple[Step, ...]:
    """The steps that are in progress, in the plan's order."""
    return tuple(step for step in plan.steps if _state(step, states) is ItemState.IN_PROGRESS)


def next_steps(plan: Plan, states: States) -> tuple[Step, ...]:
    """The steps that can be started now, in the plan's order.

    Everything they ask for is done (or left out), and no phase before theirs has a step that is not begun. Empty where
    all is begun, or where the rest waits for what is in progress.
    """
    unbegun = [step for step in plan.steps if _state(step, states) is None]
    first = min((step.phase for step in unbegun), default=0)
    waited_for = {step.number for step in (*unbegun, *steps_in_progress(plan, states))}
    return tuple(step for step in unbegun if step.phase == first and not waited_for & _asked_for(step))


def _asked_for(step: Step) -> set[int]:
    return {number for wait in step.waits if wait.kind is WaitKind.AFTER for number in wait.steps}


def _state(step: Step, states: States) -> ItemState | None:
    mark = states.get(step.key)
    return mark.state if mark else None


# --- what fits ------------------------------------------------------------------------------------


def this_week(plan: Plan, states: States, today: date) -> StudyWeek:
    """What to do in the week of `today` at the plan's pace: what is in progress first, then the plan's order."""
    monday = today - timedelta(days=today.weekday())
    is_off = next(study_mondays(monday, plan.days_off)) != monday
    pace_minutes = round(plan.hours_per_week * MINUTES_PER_HOUR)
    pieces = () if is_off else tuple(_pieces(plan, states, pace_minutes))
    return StudyWeek(monday, week_ends(monday), is_off, pieces)


def within(plan: Plan, states: States, minutes: int) -> Sitting:
    """What to do in so many minutes: what is in progress first, then the plan's order; and what else fits whole."""
    pieces = tuple(_pieces(plan, states, minutes))
    taken = {piece.step.number for piece in pieces}
    startable = next_steps(plan, states)
    return Sitting(
        minutes, pieces, tuple(step for step in startable if step.minutes <= minutes and step.number not in taken)
    )


def _pieces(plan: Plan, states: States, minutes: int) -> Iterator[Piece]:
    """Steps laid end to end until the minutes are used up."""
    begun = steps_in_progress(plan, states)
    for step in (*begun, *(step for step in plan.steps if _state(step, states) is None)):
        if minutes == 0:
            return
        taken = min(step.minutes, minutes)
        minutes -= taken
        is_begun = step in begun
        topics = step.topics if is_begun else _first_topics(step, taken)
        yield Piece(step, taken, states[step.key] if is_begun else None, topics)


def _first_topics(step: Step, minutes: int) -> tuple[str, ...]:
    """The topics that so many minutes reach, at least one; each is taken to need as long as the others."""
    return step.topics[: max(len(step.topics) * minutes // step.minutes, 1)]


def read_minutes(text: str) -> int:
    """The minutes in "1h", "45min", "1h30" or "1.5h", up to a day; raises UsageError."""
    read = _TIME.fullmatch(normalise(text))
    hours, rest = (read["hours"], read["minutes"]) if read else (None, None)
    is_bare = not hours and normalise(text).isdecimal()
    minutes = round(float(hours or 0) * MINUTES_PER_HOUR) + int(rest or 0)
    if is_bare or not 0 < minutes <= _MOST_MINUTES:
        raise UsageError(
            f"{text!r} is no time that can be spent at one go; write it like 45min, 1h or 1h30, up to 24h; "
            "for more: advisor progress week"
        )
    return minutes


# --- finding an item ------------------------------------------------------------------------------


def find_step(name: str, steps: Sequence[Step]) -> Step:
    """The step that is called so, whatever the case and within a typo, also as "NAME by PROVIDER", or by part of it.

    Raises UsageError that names those that fit, or the nearest.
    """
    labels = [f"{step.name} by {step.provider}" if step.provider else step.name for step in steps]
    exact = [place for place, label in enumerate(labels) if normalise(label) == normalise(name)]
    places = exact or fitting_names(name, [step.name for step in steps])
    if len(places) == 1:
        return steps[places[0]]
    if places:
        fitting = "; ".join(labels[place] for place in places)
        raise UsageError(f"the item {name!r} fits several: {fitting}; write one of these names")
    near = [one for one, _score, _place in process.extract(name, labels, scorer=fuzz.WRatio, limit=_NAMES_SHOWN)]
    raise UsageError(f"{name!r} is no item of this roadmap; the nearest are: {'; '.join(near)}")
