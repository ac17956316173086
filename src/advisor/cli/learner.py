"""`advisor progress`: what a learner has done of a career, and what comes next. Opens the index, needs no model.

Marks are kept beside the conversations of `advisor chat`, under the same owner.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.options import AsJson, IndexDir, json_text, read_settings
from advisor.cli.shelf import open_shelf

if TYPE_CHECKING:
    from advisor.career.marks import Mark, States
    from advisor.career.planned import Plan
    from advisor.career.shelf import Shelf
    from advisor.memory import Conversations

_OWNER = "local"
_ANY_PACE = 8.0  # hours per week, where no date of the plan is shown

progress_app = typer.Typer(help="Mark what you have done, and see what comes next, this week, or in an hour.")

CareerName = Annotated[str, typer.Option("--role", metavar="ROLE", help="The career you work towards.")]


@progress_app.command("set")
def set_state(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="An item of the roadmap; a part of its name will do.")],
    state: Annotated[str, typer.Argument(metavar="STATE", help="done, in-progress, skipped, or open to take it back.")],
    role: CareerName,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Say how far you are with an item: done, in-progress or skipped; open takes that back.

    Example: advisor progress set --role "data engineer" "Docker workshop" done
    """
    from advisor.career.marks import Mark, read_state
    from advisor.career.progress import find_step
    from advisor.career.progress_text import mark_json
    from advisor.memory.marking import set_mark, take_mark_back

    wanted, course = read_state(state), _open_course(index, role)
    step = find_step(item, course.plan(()).steps)
    shown = {"item": step.name, "provider": step.provider, "state": None, "changed_at": None}
    with open_store() as store:
        if wanted is None:
            take_mark_back(store, course.name, step.name, step.provider or "", owner=_OWNER)
        else:
            kept = Mark(step.name, step.provider or "", wanted, datetime.now(UTC))
            set_mark(store, course.name, kept, owner=_OWNER)
            shown = mark_json(kept)
    if as_json:
        typer.echo(json_text({"career": course.name, **shown}))
    else:
        typer.echo(f"{course.name}: {step.name} is {wanted or 'open'}")


@progress_app.command()
def show(role: CareerName, as_json: AsJson = False, index: IndexDir = None) -> None:
    """Show every item of a career with what you said of it, each with its source.

    Example: advisor progress show --role "data engineer"
    """
    from advisor.career.marks import states_of
    from advisor.career.progress import standing
    from advisor.career.progress_text import standing_json, standing_text

    course = _open_course(index, role)
    plan = course.plan(())
    found = standing(plan, states_of(marks_of(course.name)))
    typer.echo(json_text(standing_json(plan, found)) if as_json else standing_text(plan, found))


@progress_app.command("next")
def next_items(role: CareerName, as_json: AsJson = False, index: IndexDir = None) -> None:
    """Show what is in progress and what can be started now: everything it asks for is done.

    Example: advisor progress next --role "data engineer"
    """
    from advisor.career.progress import Row, next_steps, steps_in_progress
    from advisor.career.progress_text import next_json, next_text

    marked = _marked(index, role)
    plan, states = marked.plan, marked.states
    begun = [Row(step, states[step.key]) for step in steps_in_progress(plan, states)]
    found = next_steps(plan, states)
    typer.echo(json_text(next_json(plan, begun, found)) if as_json else next_text(plan, begun, found))


@progress_app.command()
def week(
    role: CareerName,
    hours_per_week: Annotated[
        float, typer.Option("--hours-per-week", metavar="H", help="Hours you have in a week; up to 100.")
    ],
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Show what to do this week: what is in progress first, then what comes next.

    Example: advisor progress week --role "data engineer" --hours-per-week 8
    """
    from advisor.career.progress import this_week
    from advisor.career.progress_text import week_json, week_text
    from advisor.career.request import check_pace

    check_pace(hours_per_week)
    marked = _marked(index, role, hours_per_week)
    plan, found = marked.plan, this_week(marked.plan, marked.states, date.today())
    typer.echo(json_text(week_json(plan, found)) if as_json else week_text(plan, found))


@progress_app.command()
def have(
    time: Annotated[str, typer.Argument(metavar="TIME", help="The time at hand: 45min, 1h, 1h30.")],
    role: CareerName,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Show what to do in the time you have just now.

    Example: advisor progress have --role "data engineer" 1h
    """
    from advisor.career.progress import read_minutes, within
    from advisor.career.progress_text import sitting_json, sitting_text

    minutes = read_minutes(time)
    marked = _marked(index, role)
    plan, found = marked.plan, within(marked.plan, marked.states, minutes)
    typer.echo(json_text(sitting_json(plan, found)) if as_json else sitting_text(plan, found))


@progress_app.command()
def forget(
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help="The career to forget; all if not given.")
    ] = None,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Delete what you said of the items of one career, or of all.

    Example: advisor progress forget --role "data engineer"
    """
    with open_store(is_new_needed=False) as store:
        count = store.clear_progress(role, owner=_OWNER)
        if role is not None and not count:  # called otherwise; by its own name it goes without an index too
            role = _open_course(index, role).name
            count = store.clear_progress(role, owner=_OWNER)
    if as_json:
        typer.echo(json_text({"career": role, "forgotten": count}))
    else:
        typer.echo(f"{count} mark{'' if count == 1 else 's'} forgotten")


# --- the career and the marks ---------------------------------------------------------------------


def marks_of(career: str) -> "tuple[Mark, ...]":
    """What the learner at this terminal has marked of a career."""
    with open_store(is_new_needed=False) as store:
        return store.progress_of(career, owner=_OWNER)


@contextmanager
def open_store(*, is_new_needed: bool = True) -> "Iterator[Conversations]":
    """The store of the settings; where there is none and none is needed, an empty one in memory."""
    from advisor.memory import open_conversations

    database = read_settings().data_dir / "conversations.db"
    with open_conversations(database if is_new_needed or database.is_file() else None) as store:
        yield store


@dataclass(frozen=True, slots=True)
class _Course:
    """A career of the index, by its own name."""

    shelf: "Shelf"
    name: str

    def plan(self, marks: "Iterable[Mark]", hours_per_week: float = _ANY_PACE) -> "Plan":
        """The plan that credits what is done and leaves out what is skipped."""
        from advisor.career.progress import with_progress
        from advisor.career.request import PlanRequest

        return self.shelf.plan(self.name, with_progress(PlanRequest(hours_per_week), marks), today=date.today())


def _open_course(index: Path | None, role: str) -> _Course:
    shelf = open_shelf(index)
    return _Course(shelf, shelf.role(role).name)


@dataclass(frozen=True, slots=True)
class _Marked:
    """A plan made with the learner's marks, and the marks by item."""

    plan: "Plan"
    states: "States"


def _marked(index: Path | None, role: str, hours_per_week: float = _ANY_PACE) -> _Marked:
    from advisor.career.marks import states_of

    course = _open_course(index, role)
    marks = marks_of(course.name)
    return _Marked(course.plan(marks, hours_per_week), states_of(marks))
