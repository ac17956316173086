"""All careers in one table: weeks at three paces, cost, and how much of their hours nobody states.

Takes careers and plans each with nothing known; knows nothing of interfaces.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from advisor.career.careers import Career
from advisor.career.estimate import read_estimates
from advisor.career.plan import build_plan
from advisor.career.planned import MINUTES_PER_HOUR, Basis, Plan
from advisor.career.request import PlanRequest
from advisor.records import Passage

PACES = (3, 8, 20)  # hours per week: beside a job and a family, beside a job, nearly full time
_COST_AT = 8


def plan_all(careers: Sequence[Career], passages: Sequence[Passage], *, today: date) -> Iterator[Mapping[int, Plan]]:
    """For each career its plans by pace, with nothing known and nothing left out."""
    estimates = read_estimates(careers)
    for career in careers:
        yield {
            pace: build_plan(career, passages, PlanRequest(float(pace)), estimates=estimates, today=today)
            for pace in PACES
        }


def overview_markdown(plans: Sequence[Mapping[int, Plan]]) -> str:
    """One row for each career, then the sums, ending in a line break."""
    heads = ("career", "items", "hours", *(f"weeks at {pace} h" for pace in PACES), "cost", "length not stated",
             "hours of these, our estimate")  # fmt: skip
    rows = [_row(by_pace) for by_pace in plans]
    table = [heads, ("---",) * len(heads), *rows]
    lines = ["| " + " | ".join(row) + " |" for row in table]
    steps = [step for by_pace in plans for step in by_pace[_COST_AT].steps]
    guessed = sum(step.workload.basis is Basis.ESTIMATE for step in steps)
    closing = (
        f"{len(plans)} careers, {len(steps)} items; {guessed} of them state no length. Hours are the middle of ranges. "
        f"Cost is at {_COST_AT} hours per week; `+ n` counts the items whose cost is not stated or has no amount."
    )
    return "\n".join([*lines, "", closing]) + "\n"


def _row(by_pace: Mapping[int, Plan]) -> tuple[str, ...]:
    plan = by_pace[_COST_AT]
    guessed = [step for step in plan.steps if step.workload.basis is Basis.ESTIMATE]
    return (
        plan.career.replace("|", "\\|"),
        str(len(plan.steps)),
        _whole_hours(plan.minutes),
        *(str(len(by_pace[pace].weeks)) for pace in PACES),
        _cost(plan),
        f"{len(guessed)} of {len(plan.steps)}",
        _whole_hours(sum(step.minutes for step in guessed)),
    )


def _cost(plan: Plan) -> str:
    known = " and ".join(map(str, plan.costs)) or "free"
    return f"{known} + {len(plan.unpriced)}" if plan.unpriced else known


def _whole_hours(minutes: int) -> str:
    return f"{minutes / MINUTES_PER_HOUR:,.0f}"
