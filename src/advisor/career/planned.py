"""The frozen nouns of a study plan, as it is shown, exported and read back.

Plain data: knows nothing of pages, of how a plan is made, or of formats. Planned time is in whole minutes, so that what
is scheduled adds up exactly; steps and phases are named by their 1-based numbers within the plan.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from advisor.career.marks import ItemKey, item_key
from advisor.corpus.measures import Hours
from advisor.records import Citation

MINUTES_PER_HOUR = 60


class Basis(StrEnum):
    """What the hours of a step rest on."""

    STATED = "stated"
    ASSUMED_EFFORT = "assumed effort"  # the page states weeks or months, the hours per week are ours
    ESTIMATE = "our estimate"  # the page states no length


@dataclass(frozen=True, slots=True)
class Workload:
    """The hours of a step, what they rest on, and how they came about in words."""

    hours: Hours
    basis: Basis
    told: str

    @property
    def middle_hours(self) -> float:
        """What a plan reckons with: the middle of the range, its lower end where the range is open."""
        return self.hours.low if self.hours.high is None else (self.hours.low + self.hours.high) / 2


class WaitKind(StrEnum):
    """How what a step asks for is met."""

    AFTER = "after"
    PHASE = "phase order"
    KNOWN = "known"
    LEFT_OUT = "left out"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a step comes where it comes, or what it takes for granted.

    `asked` is the page's own wording, "" for the order of phases; `steps` are the earlier steps that it waits for.
    """

    kind: WaitKind
    asked: str
    reason: str
    steps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency."""

    amount: float
    currency: str

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:,.2f}".removesuffix(".00")


@dataclass(frozen=True, slots=True)
class Price:
    """What a step costs. `total` is None where the page does not say how much, or for how long a rate is paid."""

    words: str
    is_free: bool
    is_stated: bool
    total: Money | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One item of the roadmap in the plan."""

    number: int
    phase: int
    name: str
    kind: str
    provider: str | None
    url: str | None
    workload: Workload
    minutes: int
    price: Price
    outcomes: str
    waits: tuple[Wait, ...]
    start: date
    end: date
    citation: int
    topics: tuple[str, ...] = ()

    @property
    def key(self) -> ItemKey:
        """The item it is, for the marks of a learner."""
        return item_key(self.name, self.provider)


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a step that falls into one week."""

    step: int
    minutes: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A week of study from Monday to Sunday; weeks off are not among them."""

    number: int
    start: date
    end: date
    shares: tuple[Share, ...]

    @property
    def minutes(self) -> int:
        """The time planned for this week."""
        return sum(share.minutes for share in self.shares)


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """A phase with its milestone: the end, what the page says one can do by then, and the projects that prove it.

    `start` and `end` are None where nothing of the phase is in the plan; `length` is what the page gives the phase.
    """

    number: int
    label: str
    start: date | None
    end: date | None
    length: str
    done_when: str
    proofs: tuple[int, ...]
    citation: int
    done_when_citation: int | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """An item that the learner knows already, and by which of the skills they gave; by none where it is done."""

    name: str
    phase: int
    known: tuple[str, ...]
    citation: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that is not in the plan: why, and what stands in the same phase instead."""

    name: str
    phase: int
    why: str
    instead: tuple[str, ...]
    citation: int


@dataclass(frozen=True, slots=True)
class KnownSkill:
    """A skill the learner gave and what it did."""

    given: str
    read_as: str
    credited: tuple[str, ...]
    meets: tuple[str, ...]  # steps that ask for it


@dataclass(frozen=True, slots=True)
class Sum:
    """Hours of several steps that rest on the same thing."""

    basis: Basis
    steps: int
    hours: Hours


@dataclass(frozen=True, slots=True)
class Cut:
    """A step that could be given up to be done sooner."""

    step: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Target:
    """What a target date asks for.

    `needed_hours_per_week` is None where no whole week of study is left before the date. `cuts` are what could be given
    up at the pace given, `fits_after_cuts` whether that is enough.
    """

    by: date
    weeks_at_hand: int
    needed_hours_per_week: float | None
    fits: bool
    cuts: tuple[Cut, ...] = ()
    fits_after_cuts: bool = False


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days without study, both ends included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}..{self.last}" if self.first != self.last else str(self.first)


@dataclass(frozen=True, slots=True)
class Plan:
    """A dated study plan for one career. `end` is None where nothing is left to do."""

    career: str
    document: str
    made_on: date
    hours_per_week: float
    realism: float
    free_only: bool
    budget: Money | None
    days_off: tuple[DaysOff, ...]
    start: date
    end: date | None
    phases: tuple[PlannedPhase, ...]
    steps: tuple[Step, ...]
    weeks: tuple[Week, ...]
    credits: tuple[Credit, ...]
    left_out: tuple[LeftOut, ...]
    known: tuple[KnownSkill, ...]
    sums: tuple[Sum, ...]
    costs: tuple[Money, ...]
    unpriced: tuple[int, ...]  # steps that cost an amount nobody states, or whose cost is not stated at all
    target: Target | None
    notes: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def minutes(self) -> int:
        """All planned time."""
        return sum(step.minutes for step in self.steps)

    def done_by(self, day: date) -> tuple[PlannedPhase, ...]:
        """The phases that have come to their end by a day."""
        return tuple(phase for phase in self.phases if phase.end is not None and phase.end <= day)

    def step(self, number: int) -> Step:
        """The step with this number."""
        return self.steps[number - 1]


def hours_words(minutes: float) -> str:
    """Minutes as hours: "7.5 h", "1,240 h"; under an hour as minutes."""
    if 0 < minutes < MINUTES_PER_HOUR:
        return f"{minutes:g} min"
    return f"{minutes / MINUTES_PER_HOUR:,.2f}".rstrip("0").rstrip(".") + " h"


def pace_words(hours_per_week: float) -> str:
    """A pace as one says it: "7.5 hours per week"."""
    return f"{hours_per_week:g} hour{'' if hours_per_week == 1 else 's'} per week"
