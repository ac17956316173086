"""A plan as a picture in numbers: which weeks each phase takes.

Draws nothing. Knows nothing of formats.
"""

from dataclasses import dataclass
from datetime import date

from advisor.career.planned import Plan


@dataclass(frozen=True, slots=True)
class Stretch:
    """The weeks of study of one phase, numbered from 1, both ends included; two phases may share a week."""

    label: str
    first_week: int
    last_week: int
    start: date
    end: date
    minutes: int
    citation: int

    @property
    def weeks(self) -> str:
        """The weeks in words: "week 3", "weeks 3–7"."""
        if self.first_week == self.last_week:
            return f"week {self.first_week}"
        return f"weeks {self.first_week}–{self.last_week}"


def timeline(plan: Plan) -> tuple[Stretch, ...]:
    """One stretch for each phase that has anything planned, in the order of the plan."""
    found = []
    for phase in plan.phases:
        own = {step.number for step in plan.steps if step.phase == phase.number}
        weeks = [week for week in plan.weeks if any(share.step in own for share in week.shares)]
        if weeks:
            minutes = sum(plan.step(number).minutes for number in own)
            first, last = weeks[0], weeks[-1]
            span = (first.number, last.number, first.start, last.end)
            found.append(Stretch(phase.label, *span, minutes, phase.citation))
    return tuple(found)
