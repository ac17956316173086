"""A plan in a few lines for a conversation: its sum, its phases with dates, what is known, cut and paid for.

Every figure can be worked out again from what is shown: `evaluation.computed` does so.

Every line carries the citations its figures come from. Takes plans and computes none; numbers no citation. Knows
nothing of questions.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from advisor.career.estimate import PROJECT_EFFORT, STUDY_EFFORT
from advisor.career.markdown import counted, reached_words, shown
from advisor.career.planned import Basis, Credit, Plan, Step, Target, WaitKind, hours_words
from advisor.career.progress import StudyWeek
from advisor.career.target import slow_words
from advisor.career.timeline import Stretch, timeline
from advisor.corpus.items import ItemKind
from advisor.corpus.measures import Effort, Hours
from advisor.records import Citation
from advisor.text import normalise

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_SIGNS = {Basis.STATED: "", Basis.ASSUMED_EFFORT: "≈", Basis.ESTIMATE: "~"}
_NAMED = 3  # of several items in one line
_RATE = re.compile(r"(?P<rate>.+), (?P<times>\d+) \w+ at this pace = .+")
_PRODUCT = re.compile(
    r"(?P<length>[^=;,:]+) at (?:an assumed )?(?P<effort>[\d.–-]+) hours? per week = (?P<hours>[\d.,–]+) hours?"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the answer, what it rests on, and whether it is an entry of the list of phases."""

    text: str
    sources: tuple[Citation, ...] = ()
    is_entry: bool = False


def plan_lines(plan: Plan) -> Iterator[Line]:
    """The plan in the order of reading: sum, date asked for, phases, what is known and left out, cost, estimates."""
    stretches = timeline(plan)
    heads = _sources(plan, [one.citation for one in stretches])
    yield Line(_sum_words(plan), heads or _sources(plan, [one.citation for one in plan.credits]))
    if plan.target is not None and plan.steps:
        line = _target_line(plan, plan.target)
        yield line if line.sources else replace(line, sources=heads)
    if slow := slow_words(plan.minutes, len(plan.weeks)):
        yield Line(slow, heads)
    for before, stretch in zip((None, *stretches), stretches, strict=False):
        yield _phase_line(plan, stretch, year=before is None or before.end.year != stretch.end.year)
    yield from _known_lines(plan)
    yield from _left_out_lines(plan)
    if plan.steps:
        yield _cost_line(plan)
        yield from _audit_lines(plan)
    yield from _estimate_lines(plan)


def week_lines(plan: Plan, week: StudyWeek) -> Iterator[Line]:
    """What one week of the plan holds."""
    dates = f"{day_words(week.start, year=False)} to {day_words(week.end)}"
    if not week.pieces:
        rest = "the days are off" if week.is_off else "nothing is left to do"
        yield Line(f"**{plan.career}, {dates}**: {rest}.", _sources(plan, [one.citation for one in plan.phases[:1]]))
        return
    yield Line(
        f"**{plan.career}, {dates}**, {_pace(plan)}:", _sources(plan, [one.step.citation for one in week.pieces])
    )
    for piece in week.pieces:
        whole = "" if piece.is_whole else f" of {hours_words(piece.step.minutes)}"
        begin = f", beginning with {', '.join(map(shown, piece.topics[:_NAMED]))}" if piece.topics else ""
        text = f"{shown(piece.step.name)}: {hours_words(piece.minutes)}{whole}{begin}"
        yield Line(text, _sources(plan, [piece.step.citation]), is_entry=True)


def day_words(day: date, *, year: bool = True) -> str:
    """The day as one writes it: "2 May 2027"."""
    return f"{day.day} {_MONTHS[day.month - 1]}{f' {day.year}' if year else ''}"


# --- the sum and the date -------------------------------------------------------------------------


def _sum_words(plan: Plan) -> str:
    """What is to be done, at which pace, and the weeks that makes; a range of hours makes a range of weeks."""
    if plan.end is None:
        return f"**{plan.career}**: nothing is left to do, all of it is known, done or left out."
    hours = sum((one.hours for one in plan.sums), start=Hours(0, 0))
    low, high = (None if end is None else _weeks(end, plan) for end in (hours.low, hours.high))
    done = f"done by {day_words(plan.end)}"
    if low == high:
        weeks = counted(len(plan.weeks), "week")
        return f"**{plan.career}: {_hours(hours)} at {_pace(plan)} = {weeks}**, from {day_words(plan.start)}, {done}."
    weeks = f"at least {counted(low or 0, 'week')}" if high is None else f"{low}–{high} weeks"
    taken = f"the {'least' if high is None else 'middle'}, {hours_words(plan.minutes)}"
    planned = f"{taken}, takes {counted(len(plan.weeks), 'week')} from {day_words(plan.start)}"
    return f"**{plan.career}: {_hours(hours)} at {_pace(plan)} = {weeks}**, {done} ({planned})."


def _weeks(hours: float, plan: Plan) -> int:
    return math.ceil(round(hours / plan.hours_per_week, 6))


def _hours(hours: Hours) -> str:
    if hours.high is None:
        return f"at least {_hours(Hours(hours.low, hours.low))}"
    return str(hours).replace(" hours", " h")


def _pace(plan: Plan) -> str:
    return f"{plan.hours_per_week:g} h a week"


def _target_line(plan: Plan, target: Target) -> Line:
    day = f"By {day_words(target.by)}"
    if target.fits:
        spare = target.weeks_at_hand - len(plan.weeks)
        shown_sum = f"{counted(spare, 'week')} to spare ({target.weeks_at_hand} − {len(plan.weeks)})"
        return Line(f"{day}: it fits, with {shown_sum if spare else 'no week to spare'}.")
    if target.needed_hours_per_week is None:
        return Line(f"{day} it cannot be done: no whole week of study is left before that day.")
    pace = f"{target.needed_hours_per_week:g} h a week"
    work = f"{hours_words(plan.minutes)} in the {counted(target.weeks_at_hand, 'week')} until then"
    need = f"{day} it does not fit: {work} take {pace}. {reached_words(plan, target.by)}"
    cuts = [plan.step(cut.step) for cut in target.cuts]
    if not cuts:
        return Line(f"{need} Nothing can be cut without breaking what comes after.")
    names = _listed([f"{shown(step.name)} ({hours_words(step.minutes)})" for step in cuts])
    sources = _sources(plan, [step.citation for step in cuts])
    asked_for = f"which nothing later asks for, it {'fits' if target.fits_after_cuts else 'would not fit'}."
    still = f"At {_pace(plan)}, without" if target.fits_after_cuts else "Even without"
    return Line(f"{need} {still} {names}, {asked_for}", sources)


# --- phases ---------------------------------------------------------------------------------------


def _phase_line(plan: Plan, stretch: Stretch, *, year: bool) -> Line:
    own = [step for step in plan.steps if plan.phases[step.phase - 1].citation == stretch.citation]
    items = "; ".join(f"{shown(step.name)} ({_effort(step)})" for step in own)
    text = f"**{shown(stretch.label)}**, {stretch.weeks}, to {day_words(stretch.end, year=year)}: {items}"
    return Line(text, _sources(plan, [stretch.citation, *(step.citation for step in own)]), is_entry=True)


def _effort(step: Step) -> str:
    """The hours of a step as it is reckoned with, and how they come from what the page states, where they do."""
    sign, load = _SIGNS[step.workload.basis], step.workload
    product = _PRODUCT.fullmatch(load.told)
    if product is not None:
        return f"{sign}{product['length']} at {product['effort']} h = {product['hours']} h"
    if load.hours.high == load.hours.low:
        return f"{sign}{hours_words(step.minutes)}"
    return f"{sign}{_hours(load.hours)}"


# --- what is not planned, and what it costs -------------------------------------------------------


def _known_lines(plan: Plan) -> Iterator[Line]:
    if plan.credits:
        yield Line(
            f"Already known: {'; '.join(map(_credit, plan.credits))}.",
            _sources(plan, [one.citation for one in plan.credits]),
        )
    idle = [skill.given for skill in plan.known if not skill.credited]
    if idle:
        yield Line(f"{shown(_listed(idle))}: no whole item here is about {'it' if len(idle) == 1 else 'these'} alone.")


def _credit(credit: Credit) -> str:
    why = ", ".join(credit.known) or "done"
    return shown(credit.name) if normalise(why) == normalise(credit.name) else f"{shown(credit.name)} ({shown(why)})"


def _left_out_lines(plan: Plan) -> Iterator[Line]:
    asked = [one for one in plan.left_out if one.why == "you left it out"]
    dear = [one for one in plan.left_out if one not in asked]
    limit = "not free or unpriced" if plan.free_only else "beyond the budget or unpriced"
    for why, those in (("as you asked", asked), (limit, dear)):
        if those:
            names = _listed([shown(one.name) for one in those])
            yield Line(f"Left out, {why}: {names}.", _sources(plan, [one.citation for one in those]))
    missing = [step for step in plan.steps if any(wait.kind is WaitKind.LEFT_OUT for wait in step.waits)]
    if missing:
        names = _listed([shown(step.name) for step in missing])
        verb = "asks" if len(missing) == 1 else "ask"
        yield Line(
            f"Mind the gap: {names} {verb} for what is left out.", _sources(plan, [one.citation for one in missing])
        )


def _cost_line(plan: Plan) -> Line:
    priced = [step for step in plan.steps if step.price.total is not None]
    unpriced = [plan.step(number) for number in plan.unpriced]
    parts = []
    if priced:
        total = " and ".join(map(str, plan.costs))
        parts.append(f"{total} ({' + '.join(map(_price, priced))})")
    if unpriced:
        parts.append(f"the page gives no amount for {_listed([shown(step.name) for step in unpriced])}")
    sources = _sources(plan, [step.citation for step in (*priced, *unpriced)])
    if not parts:
        return Line("Cost: nothing.", _sources(plan, [step.citation for step in plan.steps]))
    return Line(f"Cost: {'; '.join(parts)}; the rest is free.", sources)


def _price(step: Step) -> str:
    """What a step costs and for what, so that the sum can be added up again."""
    rate = _RATE.fullmatch(step.price.told)
    times = f"{rate['times']} × {rate['rate']} = " if rate else ""
    return f"{shown(step.name)} {times}{step.price.total}"


def _audit_lines(plan: Plan) -> Iterator[Line]:
    """Which steps are free only to audit: without a certificate, and not everywhere any longer."""
    audited = [step for step in plan.steps if "audit" in step.price.words.casefold()]
    if audited:
        is_all = len(audited) == sum(step.price.is_free for step in plan.steps)
        few = [shown(step.name) for step in audited[:_NAMED]]
        names = _listed(few) if len(audited) <= _NAMED else f"{', '.join(few)} and others"
        which = "all that is free here" if is_all and len(audited) > 1 else names
        look = "look at the course page whether that still holds"
        yield Line(f"Free only to audit: {which}; {look}.", _sources(plan, [step.citation for step in audited]))


def _estimate_lines(plan: Plan) -> Iterator[Line]:
    assumed, guessed = (
        [step for step in plan.steps if step.workload.basis is basis]
        for basis in (Basis.ASSUMED_EFFORT, Basis.ESTIMATE)
    )
    told = []
    if guessed:
        minutes = sum(step.minutes for step in guessed)
        told.append(f"~ is our estimate, no length is stated ({hours_words(minutes)} in all)")
    if assumed:
        is_study = dict.fromkeys(step.kind != ItemKind.PROJECT for step in assumed)
        efforts = [_assumed(STUDY_EFFORT) if one else f"{_assumed(PROJECT_EFFORT)} for a project" for one in is_study]
        told.append(f"≈ stated weeks at an assumed {' and '.join(efforts)}")
    if told:
        yield Line(f"{'; '.join(told)}.", _sources(plan, [step.citation for step in (*guessed, *assumed)]))


def _assumed(effort: Effort) -> str:
    return effort.words.replace(" hours per", " h a")


def _listed(names: Sequence[str]) -> str:
    """Up to three names: "A, B and C", "A, B, C and 2 more"."""
    few = list(names[:_NAMED])
    if len(names) > _NAMED:
        return f"{', '.join(few)} and {len(names) - _NAMED} more"
    return " and ".join(filter(None, [", ".join(few[:-1]), few[-1]]))


def _sources(plan: Plan, numbers: Sequence[int]) -> tuple[Citation, ...]:
    return tuple(plan.citations[number - 1] for number in dict.fromkeys(numbers))
