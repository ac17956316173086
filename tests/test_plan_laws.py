"""What holds of every plan, whatever the page and the request: checked on cases made at random.

`PLAN_EXAMPLES=5000` makes that many cases. Each law is looked up again in the page's own words or counted anew.
"""

import math
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import given
from plan_bench import Asked, asked, career_of, few, passages_of, plan_asked

from advisor.career.known import covering
from advisor.career.planned import DaysOff, Plan, WaitKind
from advisor.career.skills import read_known, read_vocabulary
from advisor.corpus.items import Item
from advisor.corpus.measures import Hours

FREE = {"free", "free to audit"}  # of the costs that the pages at random have


def items_of(one: Asked) -> dict[str, Item]:
    return {item.name: item for item in career_of(one.text).roadmap.items}


def names(plan: Plan) -> list[str]:
    return [step.name for step in plan.steps]


def days_in(off: tuple[DaysOff, ...]) -> set[date]:
    return {date.fromordinal(day) for one in off for day in range(one.first.toordinal(), one.last.toordinal() + 1)}


def weeks_of_study(plan: Plan, until: date) -> int:
    """The weeks from the plan's first Monday that end by a day and have at least four days that are not off."""
    off, found, monday = days_in(plan.days_off), 0, plan.start
    while monday + timedelta(days=6) <= until:
        found += sum(monday + timedelta(days=day) not in off for day in range(7)) >= 4
        monday += timedelta(days=7)
    return found


# --- laws -----------------------------------------------------------------------------------------


def hours_are_those_of_the_items(one: Asked, plan: Plan) -> None:
    """A step has the middle of its hours times realism, to the quarter of an hour; sums add up to all of them."""
    for step in plan.steps:
        hours = step.workload.hours
        middle = hours.low if hours.high is None else (hours.low + hours.high) / 2
        assert step.minutes % 15 == 0
        assert step.minutes >= 15
        assert abs(step.minutes - middle * 60 * one.request.realism) <= 7.5 or step.minutes == 15
    whole = sum((step.workload.hours for step in plan.steps), start=Hours(0, 0))
    summed = sum((part.hours for part in plan.sums), start=Hours(0, 0))
    assert math.isclose(whole.low, summed.low)
    assert (whole.high is None) == (summed.high is None)
    assert math.isclose(whole.high or 0, summed.high or 0)
    assert sum(part.steps for part in plan.sums) == len(plan.steps)


def hours_are_conserved(one: Asked, plan: Plan) -> None:
    """What the weeks hold of a step is the whole step, and its last share says so."""
    spread, ends = Counter[int](), Counter[int]()
    for week in plan.weeks:
        for share in week.shares:
            assert share.minutes > 0
            spread[share.step] += share.minutes
            ends[share.step] += share.is_last
    assert spread == {step.number: step.minutes for step in plan.steps}
    assert ends == {step.number: 1 for step in plan.steps}


def weeks_are_hours_over_pace_rounded_up(one: Asked, plan: Plan) -> None:
    pace = round(plan.hours_per_week * 60)
    assert len(plan.weeks) == math.ceil(plan.minutes / pace)
    assert all(week.minutes == pace for week in plan.weeks[:-1])
    assert [week.number for week in plan.weeks] == list(range(1, len(plan.weeks) + 1))


def dates_only_go_forward(one: Asked, plan: Plan) -> None:
    for before, after in zip(plan.weeks, plan.weeks[1:], strict=False):
        assert before.end < after.start
    for first, second in zip(plan.steps, plan.steps[1:], strict=False):
        assert first.start <= second.start <= second.end
        assert first.end <= second.end
    done = [phase.end for phase in plan.phases if phase.end]
    assert done == sorted(done)
    assert plan.end == (plan.weeks[-1].end if plan.weeks else None)
    assert all(week.start >= max(plan.start, one.request.start or plan.start) for week in plan.weeks)


def no_week_is_mostly_off(one: Asked, plan: Plan) -> None:
    off = days_in(plan.days_off)
    for week in plan.weeks:
        assert (week.start.weekday(), week.end - week.start) == (0, timedelta(days=6))
        assert sum(week.start + timedelta(days=day) in off for day in range(7)) < 4
    if plan.end is not None:
        assert weeks_of_study(plan, plan.end) == len(plan.weeks)  # and no week that is not off is left idle


def every_item_is_planned_credited_or_left_out(one: Asked, plan: Plan) -> None:
    told = [*names(plan), *(credit.name for credit in plan.credits), *(left.name for left in plan.left_out)]
    assert sorted(told) == sorted(items_of(one))
    assert {left.name for left in plan.left_out if left.why == "you left it out"} == set(one.request.skip)


def nothing_known_is_planned(one: Asked, plan: Plan) -> None:
    known, items = read_known(one.request.known, read_vocabulary([], [])), items_of(one)
    assert all(covering(items[step.name], known) == () for step in plan.steps)
    assert all(covering(items[credit.name], known) for credit in plan.credits)


def prerequisites_come_first(one: Asked, plan: Plan) -> None:
    """A dumb oracle: the page's own words, looked up by name."""
    numbers = {step.name: step.number for step in plan.steps}
    gone = {*(credit.name for credit in plan.credits), *(left.name for left in plan.left_out)}
    for step in plan.steps:
        for name in (part.strip() for part in items_of(one)[step.name].prerequisites.split(",")):
            assert name in gone or numbers.get(name, 0) < step.number
        for wait in step.waits:
            assert all(number < step.number for number in wait.steps)
            assert bool(wait.steps) <= (wait.kind in {WaitKind.AFTER, WaitKind.PHASE})
    assert [step.phase for step in plan.steps] == sorted(step.phase for step in plan.steps)


def the_purse_is_kept(one: Asked, plan: Plan) -> None:
    words = {name: item.cost.words if item.cost else "" for name, item in items_of(one).items()}
    if plan.free_only:
        assert {words[name] for name in names(plan)} <= FREE
        assert (plan.costs, plan.unpriced) == ((), ())
    if plan.budget is not None:
        assert all(money.currency == plan.budget.currency for money in plan.costs)
        assert sum(money.amount for money in plan.costs) <= plan.budget.amount
        assert plan.unpriced == ()
    paid = [step.price.total.amount for step in plan.steps if step.price.total]
    assert math.isclose(sum(paid), sum(money.amount for money in plan.costs), abs_tol=0.01)


def a_target_tells_what_is_so(one: Asked, plan: Plan) -> None:
    target, pace = plan.target, round(plan.hours_per_week * 60)
    assert (target is None) == (one.request.by is None)
    if target is None:
        return
    at_hand = weeks_of_study(plan, target.by)
    assert target.weeks_at_hand == at_hand
    assert target.fits == (plan.end is None or plan.end <= target.by)
    if target.needed_hours_per_week is not None:
        assert target.needed_hours_per_week * 60 * at_hand >= plan.minutes
        assert (target.needed_hours_per_week - 0.5) * 60 * at_hand < max(plan.minutes, 1)
    cut = [plan.step(one_cut.step) for one_cut in target.cuts]
    asked_for = {step for one_step in plan.steps for wait in one_step.waits for step in wait.steps
                 if wait.kind is WaitKind.AFTER}  # fmt: skip
    assert all(step.kind != "project" and step.number not in asked_for for step in cut)
    if not target.fits:
        left = plan.minutes - sum(step.minutes for step in cut)
        assert target.fits_after_cuts == (left <= at_hand * pace)


def every_line_has_a_citation_that_leads_to_its_words(one: Asked, plan: Plan) -> None:
    document = career_of(one.text).document
    passages = {passage.id: passage for passage in passages_of(document)}
    assert [citation.number for citation in plan.citations] == list(range(1, len(plan.citations) + 1))
    for line in (*plan.steps, *plan.credits, *plan.left_out):
        assert line.name in plan.citations[line.citation - 1].quote
    for phase in plan.phases:
        assert phase.label.partition(": ")[2] in plan.citations[phase.citation - 1].quote
        assert not phase.done_when or phase.done_when in plan.citations[(phase.done_when_citation or 0) - 1].quote
    for citation in plan.citations:
        assert citation.quote in document.text
        assert citation.quote.split("\n")[0] in passages[citation.passage_id].text


LAWS: tuple[Callable[[Asked, Plan], None], ...] = (
    hours_are_those_of_the_items,
    hours_are_conserved,
    weeks_are_hours_over_pace_rounded_up,
    dates_only_go_forward,
    no_week_is_mostly_off,
    every_item_is_planned_credited_or_left_out,
    nothing_known_is_planned,
    prerequisites_come_first,
    the_purse_is_kept,
    a_target_tells_what_is_so,
    every_line_has_a_citation_that_leads_to_its_words,
)


@given(asked)
@few
def test_every_law_holds_of_every_plan(one: Asked) -> None:
    plan = plan_asked(one)
    for law in LAWS:
        law(one, plan)
