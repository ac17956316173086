"""A learner's standing, next steps, week and sitting as Markdown and as JSON values; each line with its source.

Takes them as they are and decides nothing. Sources are numbered anew, in the order in which they are used.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from advisor.career.markdown import counted, linked, shown, source_line
from advisor.career.marks import ItemState, Mark
from advisor.career.planned import Basis, Plan, Step, WaitKind, hours_words
from advisor.career.progress import Piece, Row, Sitting, Standing, StudyWeek
from advisor.records import Citation

Sources = Mapping[int, Citation]
_NOTHING_LEFT = "Nothing is left: every item is done or left out."


def sources_of(plan: Plan, steps: Iterable[Step]) -> Sources:
    """The sources of these steps by their numbers in the plan, numbered anew from 1 in the order given."""
    numbers = dict.fromkeys(step.citation for step in steps)
    return {number: replace(plan.citations[number - 1], number=place) for place, number in enumerate(numbers, start=1)}


def _page(title: str, lines: Iterable[str], sources: Sources) -> str:
    listed = ["", "## Sources", "", *map(source_line, sources.values())] if sources else []
    return "\n".join([f"# {title}", "", *lines, *listed])


def _phase(plan: Plan, step: Step) -> str:
    return plan.phases[step.phase - 1].label


def _day(mark: Mark) -> date:
    """The day on which a mark was set, where the learner is."""
    return mark.changed_at.astimezone().date()


# --- standing -------------------------------------------------------------------------------------


def standing_text(plan: Plan, found: Standing) -> str:
    """How far the learner is, then every item by phase with its mark."""
    sources = sources_of(plan, (row.step for row in found.rows))
    lines = [_standing_summary(found)]
    for phase in plan.phases:
        own = [row for row in found.rows if row.step.phase == phase.number]
        if own:
            lines += ["", f"## {shown(phase.label)}", "", *(_row_line(row, sources) for row in own)]
    if found.strays:
        lines += ["", "## Not on the page any more", ""]
        lines += [f"- {shown(mark.item)}: {mark.state} since {_day(mark)}" for mark in found.strays]
    return _page(f"Progress: {shown(plan.career)}", lines, sources)


def _standing_summary(found: Standing) -> str:
    done, begun, skipped = (found.steps(state) for state in ItemState)
    kept = sum(row.step.minutes for row in found.rows) - sum(step.minutes for step in skipped)
    finished = sum(step.minutes for step in done)
    return (
        f"{len(done)} of {counted(len(found.rows), 'item')} done, {len(begun)} in progress, {len(skipped)} skipped. "
        f"That is {hours_words(finished)} of {hours_words(kept)}."
    )


def _row_line(row: Row, sources: Sources) -> str:
    tick = "x" if row.mark and row.mark.state is ItemState.DONE else " "
    said = f", {row.mark.state} since {_day(row.mark)}" if row.mark else ""
    return f"- [{tick}] {_named(row.step)}: {_time(row.step)}{said} {_source(row.step, sources)}"


def _named(step: Step) -> str:
    return f"**{linked(step)}**" + (f" by {shown(step.provider)}" if step.provider else "")


def _time(step: Step) -> str:
    """Its time, and what that rests on where the page does not state it."""
    basis = step.workload.basis
    return hours_words(step.minutes) + (f" ({basis})" if basis is not Basis.STATED else "")


def _source(step: Step, sources: Sources) -> str:
    return f"[{sources[step.citation].number}]"


# --- next -----------------------------------------------------------------------------------------


def next_text(plan: Plan, begun: Sequence[Row], startable: Sequence[Step]) -> str:
    """What is in progress, then what can be started now."""
    sources = sources_of(plan, (*(row.step for row in begun), *startable))
    lines = ["In progress:", "", *(_row_line(row, sources) for row in begun), ""] if begun else []
    if startable:
        lines += [f"Can be started now, in {shown(_phase(plan, startable[0]))}:", ""]
        lines += [line for step in startable for line in _startable_lines(step, sources)]
    else:
        lines.append("What is left waits for what is in progress." if begun else _NOTHING_LEFT)
    return _page(f"Next: {shown(plan.career)}", lines, sources)


def _startable_lines(step: Step, sources: Sources) -> Iterator[str]:
    told = ", ".join(filter(None, (_time(step), step.kind, step.price.words)))
    yield f"- {_named(step)}: {shown(told)} {_source(step, sources)}"
    asks = [wait.reason for wait in step.waits if wait.kind is not WaitKind.PHASE]
    if asks:
        yield f"  - {shown('; '.join(asks))}"
    yield from _work_lines(step.topics, step.outcomes)


def _work_lines(topics: Sequence[str], outcomes: str) -> Iterator[str]:
    if topics:
        yield f"  - topics: {shown(', '.join(topics))}"
    if outcomes:
        yield f"  - result: {shown(outcomes)}"


# --- a week, a sitting ----------------------------------------------------------------------------


def week_text(plan: Plan, week: StudyWeek) -> str:
    """What to do in this week."""
    sources = sources_of(plan, (piece.step for piece in week.pieces))
    lines = [line for piece in week.pieces for line in _piece_lines(piece, sources)]
    nothing = "Most days of this week are off: nothing to do." if week.is_off else _NOTHING_LEFT
    return _page(f"{shown(plan.career)}, {week.start} to {week.end}", lines or [nothing], sources)


def sitting_text(plan: Plan, sitting: Sitting) -> str:
    """What to do in the minutes at hand, and what would fit whole instead."""
    sources = sources_of(plan, (*(piece.step for piece in sitting.pieces), *sitting.instead))
    lines = [line for piece in sitting.pieces for line in _piece_lines(piece, sources)] or [_NOTHING_LEFT]
    if sitting.instead:
        lines += ["", "Or, from beginning to end:", ""]
        lines += [f"- {_named(one)}: {_time(one)} {_source(one, sources)}" for one in sitting.instead]
    return _page(f"{shown(plan.career)}, {hours_words(sitting.minutes)}", lines, sources)


def _piece_lines(piece: Piece, sources: Sources) -> Iterator[str]:
    step, spent = piece.step, hours_words(piece.minutes)
    if piece.mark:
        line = f"{spent}: go on with {_named(step)}, {_time(step)} in all, begun {_day(piece.mark)}"
    elif piece.is_whole:
        line = f"{_time(step)}, from beginning to end: {_named(step)}"
    else:
        line = f"{spent} of {_time(step)}: begin {_named(step)}"
    yield f"- {line} {_source(step, sources)}"
    if piece.topics:
        begin = "topics" if len(piece.topics) == len(step.topics) else "topics to begin with"
        yield f"  - {begin}: {shown(', '.join(piece.topics))}"
    yield from _work_lines((), step.outcomes)


# --- JSON -----------------------------------------------------------------------------------------


def mark_json(mark: Mark) -> dict[str, Any]:
    """A mark; the moment in ISO 8601."""
    return {
        "item": mark.item,
        "provider": mark.provider or None,
        "state": str(mark.state),
        "changed_at": mark.changed_at.isoformat(),
    }


def standing_json(plan: Plan, found: Standing) -> dict[str, Any]:
    """Every item with its state, null where it has none."""
    sources = sources_of(plan, (row.step for row in found.rows))
    return {
        "career": plan.career,
        "items": [_row_json(plan, row, sources) for row in found.rows],
        "not_on_the_page": [mark_json(mark) for mark in found.strays],
        "citations": _citations(sources),
    }


def next_json(plan: Plan, begun: Sequence[Row], startable: Sequence[Step]) -> dict[str, Any]:
    """What is in progress and what can be started now."""
    sources = sources_of(plan, (*(row.step for row in begun), *startable))
    return {
        "career": plan.career,
        "in_progress": [_row_json(plan, row, sources) for row in begun],
        "next": [_step_json(plan, step, sources) for step in startable],
        "citations": _citations(sources),
    }


def week_json(plan: Plan, week: StudyWeek) -> dict[str, Any]:
    """The week's days and what to do in it."""
    sources = sources_of(plan, (piece.step for piece in week.pieces))
    return {
        "career": plan.career,
        "start": week.start.isoformat(),
        "end": week.end.isoformat(),
        "is_off": week.is_off,
        "pieces": [_piece_json(plan, piece, sources) for piece in week.pieces],
        "citations": _citations(sources),
    }


def sitting_json(plan: Plan, sitting: Sitting) -> dict[str, Any]:
    """The minutes at hand, what to do in them, and what would fit whole instead."""
    sources = sources_of(plan, (*(piece.step for piece in sitting.pieces), *sitting.instead))
    return {
        "career": plan.career,
        "minutes": sitting.minutes,
        "pieces": [_piece_json(plan, piece, sources) for piece in sitting.pieces],
        "instead": [_step_json(plan, step, sources) for step in sitting.instead],
        "citations": _citations(sources),
    }


def _row_json(plan: Plan, row: Row, sources: Sources) -> dict[str, Any]:
    marked = {"state": str(row.mark.state), "changed_at": row.mark.changed_at.isoformat()} if row.mark else {}
    return {**_step_json(plan, row.step, sources), "state": None, "changed_at": None, **marked}


def _piece_json(plan: Plan, piece: Piece, sources: Sources) -> dict[str, Any]:
    """A step with the minutes of it that are meant, and the topics to begin with."""
    return {
        **_step_json(plan, piece.step, sources),
        "minutes": piece.minutes,
        "minutes_in_all": piece.step.minutes,
        "topics": list(piece.topics),
        "begun_at": piece.mark.changed_at.isoformat() if piece.mark else None,
    }


def _step_json(plan: Plan, step: Step, sources: Sources) -> dict[str, Any]:
    return {
        "item": step.name,
        "provider": step.provider,
        "phase": _phase(plan, step),
        "kind": step.kind,
        "url": step.url,
        "minutes": step.minutes,
        "minutes_rest_on": str(step.workload.basis),
        "topics": list(step.topics),
        "outcomes": step.outcomes,
        "citation": sources[step.citation].number,
    }


def _citations(sources: Sources) -> list[dict[str, Any]]:
    return [asdict(citation) for citation in sources.values()]
