"""A plan as a Markdown checklist with dates, hours, reasons and sources, and a table of many plans.

Takes plans and computes none; the same plan gives the same bytes.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from advisor.career.planned import (
    Basis,
    Cut,
    Plan,
    PlannedPhase,
    Price,
    Step,
    Target,
    WaitKind,
    Week,
    hours_words,
    pace_words,
)
from advisor.career.waits import ASKED
from advisor.corpus.measures import Hours
from advisor.corpus.outline import plain
from advisor.records import Citation

_MARKUP = re.compile(r"([\\`*\[\]<>])")
_SUM_WORDS = {
    Basis.STATED: "stated by the page",
    Basis.ASSUMED_EFFORT: "from a stated length at assumed hours per week",
    Basis.ESTIMATE: "our estimate, the page states no length",
}


def plan_markdown(plan: Plan) -> str:
    """The whole plan as Markdown, ending in a line break."""
    lines = [f"# Study plan: {plan.career}", "", *_summary(plan)]
    for phase in plan.phases:
        lines += ["", *_phase_lines(plan, phase)]
    if plan.weeks:
        lines += ["", "## Week by week", "", *_week_lines(plan)]
    lines += ["", "## Sources", "", *(source_line(citation) for citation in plan.citations)]
    return "\n".join(lines) + "\n"


# --- the head -------------------------------------------------------------------------------------


def _summary(plan: Plan) -> Iterator[str]:
    pace = pace_words(plan.hours_per_week)
    if plan.end is None:
        yield "Nothing is left to do: all items are done, known already or left out."
    else:
        yield (
            f"**{pace} from {plan.start}: {counted(len(plan.weeks), 'week')}, done by {plan.end}.** "
            f"That is {hours_words(plan.minutes)} of work in {counted(len(plan.steps), 'step')}."
        )
    yield ""
    yield from (f"- {line}" for line in (*_hours_lines(plan), *_cost_lines(plan), *_known_lines(plan)))
    yield from (f"- {line}" for line in (*_left_lines(plan), *_off_lines(plan), *_target_lines(plan), *plan.notes))


def _hours_lines(plan: Plan) -> Iterator[str]:
    if not plan.sums:
        return
    whole = sum((one.hours for one in plan.sums), start=Hours(0, 0))
    parts = "; ".join(
        f"{_hours(one.hours)} {_SUM_WORDS[one.basis]} ({counted(one.steps, 'step')})" for one in plan.sums
    )
    by = f", times {plan.realism:g} for realism" if plan.realism != 1 else ""
    yield f"Hours: {_hours(whole)} in all, planned with the middle{by}. Of these {parts}."


def _hours(hours: Hours) -> str:
    return f"at least {Hours(hours.low, hours.low)}" if hours.high is None else str(hours)


def _cost_lines(plan: Plan) -> Iterator[str]:
    limit = f" of a budget of {plan.budget}" if plan.budget else ""
    known = " and ".join(map(str, plan.costs))
    unknown = "; ".join(f"{shown(step.name)} ({_unpriced(step.price)})" for step in map(plan.step, plan.unpriced))
    if known and unknown:
        yield f"Cost: {known}{limit}, and on top what the page gives no amount for: {unknown}."
    elif unknown:
        yield f"Cost: the page gives no amount for {unknown}; everything else is free."
    elif known:
        yield f"Cost: {known}{limit}; everything else is free."
    else:
        yield f"Cost: nothing{limit}; every step is free."


def _unpriced(price: Price) -> str:
    return price.words if price.is_stated else "cost not stated"


def _known_lines(plan: Plan) -> Iterator[str]:
    done = sum(not credit.known for credit in plan.credits)
    if done:
        yield f"Done: {counted(done, 'item')}, ticked below."
    for skill in plan.known:
        read = f" (read as {skill.read_as})" if skill.read_as != skill.given else ""
        if skill.credited:
            yield f"Already known: {skill.given}{read} covers {_listed(skill.credited)}."
        elif skill.meets:
            yield f"{skill.given}{read} covers no whole item, but meets what {_listed(skill.meets)} asks for."
        else:
            yield f"{skill.given}{read} credited nothing: no item of this roadmap is about it alone."


def _left_lines(plan: Plan) -> Iterator[str]:
    if plan.left_out:
        places = "listed in its phase" if len(plan.left_out) == 1 else "listed in their phases"
        yield f"Left out: {counted(len(plan.left_out), 'item')}, {places}."
    missing = [step.name for step in plan.steps if any(wait.kind is WaitKind.LEFT_OUT for wait in step.waits)]
    if missing:
        yield f"Mind the gap: {_listed(missing)} {'asks' if len(missing) == 1 else 'ask'} for something left out."
    assumed = dict.fromkeys(wait.asked for step in plan.steps for wait in step.waits if wait.kind is WaitKind.ASSUMED)
    if assumed:
        yield f"Taken for granted, because nothing earlier in the roadmap teaches it: {', '.join(assumed)}."


def _off_lines(plan: Plan) -> Iterator[str]:
    if plan.days_off:
        yield f"Days off: {', '.join(map(str, plan.days_off))}; a week of which most days are off is not planned."


# --- the target -----------------------------------------------------------------------------------


def _target_lines(plan: Plan) -> Iterator[str]:
    if plan.target is None:
        return
    yield f"To be done by {plan.target.by}: {target_words(plan, plan.target)}"


def target_words(plan: Plan, target: Target) -> str:
    """Whether the date is kept, the pace it needs, and what could be cut; honest where nothing helps."""
    weeks = counted(target.weeks_at_hand, "week")
    if target.fits:
        spare = target.weeks_at_hand - len(plan.weeks)
        return f"it fits, with {counted(spare, 'week')} to spare." if spare else "it fits, with no week to spare."
    if target.needed_hours_per_week is None:
        return f"it cannot fit: no whole week of study is left before that day. This plan ends on {plan.end}."
    need = f"{pace_words(target.needed_hours_per_week)} for {weeks}"
    said = f"it does not fit at {pace_words(plan.hours_per_week)}; the whole plan needs {need}."
    return f"{said} {reached_words(plan, target.by)} {_cut_words(plan, target)}"


def reached_words(plan: Plan, day: date) -> str:
    """How far the plan has come by a day."""
    done = [phase.label.partition(":")[0] for phase in plan.done_by(day)]
    return f"By that day {_listed(done)} would be done." if done else "By that day no phase would be done."


def _cut_words(plan: Plan, target: Target) -> str:
    if not target.cuts:
        return f"Nothing in it can be cut without breaking what comes after. It ends on {plan.end}."
    cuts = "; ".join(_cut(plan, cut) for cut in target.cuts)
    if target.fits_after_cuts:
        return f"At your pace it would fit without: {cuts} (nothing later asks for these; drop them with --skip)."
    return f"Even without what nothing later asks for ({cuts}) it would not fit. It ends on {plan.end}."


def _cut(plan: Plan, cut: Cut) -> str:
    return f"{plan.step(cut.step).name} ({hours_words(cut.minutes)})"


# --- phases ---------------------------------------------------------------------------------------


def _phase_lines(plan: Plan, phase: PlannedPhase) -> Iterator[str]:
    yield f"## {phase.label}"
    yield ""
    yield _phase_head(plan, phase)
    if phase.done_when:
        yield ""
        yield f"Goal: {shown(phase.done_when)} [{phase.done_when_citation or phase.citation}]"
    yield ""
    for credit in (one for one in plan.credits if one.phase == phase.number):
        why = f"already known, {_listed(credit.known)} covers it" if credit.known else "done"
        yield f"- [x] {shown(credit.name)}: {why} [{credit.citation}]"
    for step in (one for one in plan.steps if one.phase == phase.number):
        yield from _step_lines(step)
    for left in (one for one in plan.left_out if one.phase == phase.number):
        instead = f"; in the same phase, free: {_listed(left.instead)}" if left.instead else ""
        yield f"- Left out: {shown(left.name)}: {left.why}{instead} [{left.citation}]"
    yield from _milestone_lines(plan, phase)


def _phase_head(plan: Plan, phase: PlannedPhase) -> str:
    own = sum(step.minutes for step in plan.steps if step.phase == phase.number)
    length = f"; the page gives it {phase.length}" if phase.length else ""
    if phase.start is None:
        return f"Nothing of this phase is planned{length}. [{phase.citation}]"
    follows = [wait.reason for step in plan.steps if step.phase == phase.number for wait in step.waits
               if wait.kind is WaitKind.PHASE]  # fmt: skip
    order = f"; {follows[0]}" if follows else ""
    return f"{phase.start} to {phase.end}, {hours_words(own)}{length}{order}. [{phase.citation}]"


def _step_lines(step: Step) -> Iterator[str]:
    dates = f"{step.start} to {step.end}"
    yield f"- [ ] {step.number}. **{linked(step)}**: {hours_words(step.minutes)}, {dates} [{step.citation}]"
    told = ", ".join(filter(None, (step.kind, step.provider and f"by {step.provider}", step.price.told)))
    yield f"  - {shown(told)}; hours: {shown(step.workload.told)}"
    asks = [wait.reason for wait in step.waits if wait.kind is not WaitKind.PHASE]
    if asks:
        first, *others = asks
        yield f"  - why here: {shown('; '.join([first, *(one.removeprefix(ASKED) for one in others)]))}"
    if step.outcomes:
        yield f"  - result: {shown(step.outcomes)}"


def _milestone_lines(plan: Plan, phase: PlannedPhase) -> Iterator[str]:
    if phase.end is None:
        return
    proofs = [f"{plan.step(number).name} [{plan.step(number).citation}]" for number in phase.proofs]
    proof = f"shown by {' and '.join(proofs)}" if proofs else "no project of this plan shows it"
    yield ""
    yield f"Milestone {phase.end}: {phase.label} is done, {proof}."


# --- weeks and sources ----------------------------------------------------------------------------


def _week_lines(plan: Plan) -> Iterator[str]:
    """One line for each run of weeks with the same work."""

    def work(week: Week) -> str:
        return " + ".join(f"{plan.step(one.step).name} ({hours_words(one.minutes)})" for one in week.shares)

    for words, run in groupby(plan.weeks, key=work):
        weeks = list(run)
        first, last = weeks[0], weeks[-1]
        numbers = f"week {first.number}" if first is last else f"weeks {first.number}–{last.number}"
        yield f"- {first.start} to {last.end}, {numbers}: {shown(words)}{' each week' if first is not last else ''}"


def source_line(citation: Citation) -> str:
    """One line of the list of sources: number, title, section and the first line of the words relied on."""
    place = ", ".join(filter(None, (citation.title, citation.section)))
    first = plain(citation.quote.strip().split("\n")[0]).strip("# ")
    where = f", <{citation.url}>" if citation.url else ""
    return f'- [{citation.number}] {shown(place)}: "{shown(first)}" ({citation.document}{where})'


def linked(step: Step) -> str:
    """The name of a step, with its link where that leads to the web."""
    name = shown(step.name)
    if step.url is None or not step.url.startswith(("https://", "http://")):
        return name
    return f"[{name}](<{step.url}>)" if re.search(r"[()\s]", step.url) else f"[{name}]({step.url})"


def shown(text: str) -> str:
    """Words of a page on one line, such that they cannot become markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _listed(names: Sequence[str]) -> str:
    return shown(" and ".join(filter(None, [", ".join(names[:-1]), names[-1]])))


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 week", "2 weeks"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
