"""`advisor plan`: a dated study plan for one career, or a table over all of them. Opens the index, needs no model."""

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from advisor.cli.learner import marks_of
from advisor.cli.options import AsJson, IndexDir, note
from advisor.cli.shelf import open_shelf
from advisor.errors import UsageError

if TYPE_CHECKING:
    from advisor.career.picture import Row, Signs
    from advisor.career.planned import Plan
    from advisor.career.request import PlanRequest


Form = Literal["md", "ics", "csv", "json"]


def plan(
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE", help="The career to plan for.")] = None,
    hours_per_week: Annotated[
        float | None, typer.Option("--hours-per-week", metavar="H", help="Hours you have in a week; up to 100.")
    ] = None,
    known: Annotated[
        list[str] | None,
        typer.Option("--known", metavar="A,B", help="Skills you have; what they cover is not planned."),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="DATE", help="First day, as 2026-11-30; next Monday if not given.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="DATE", help="Day to be done by: the pace it needs, what could be cut."),
    ] = None,
    free_only: Annotated[bool, typer.Option("--free-only", help="Nothing that costs, or might.")] = False,
    budget: Annotated[
        str | None, typer.Option("--budget", metavar="AMOUNT", help="Most to spend, as 100 or EUR 50; cheapest first.")
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", metavar="ITEM", help="Leave this item out; may be repeated.")
    ] = None,
    realism: Annotated[
        float, typer.Option("--realism", metavar="FACTOR", help="Multiplies all hours: 1.5 for half as much again.")
    ] = 1.0,
    days_off: Annotated[
        list[str] | None,
        typer.Option("--days-off", metavar="FROM..TO", help="Holidays, as 2026-12-21..2027-01-03; may be repeated."),
    ] = None,
    progress: Annotated[
        bool, typer.Option("--with-progress", help="Credit what `advisor progress` has as done, leave out the skipped.")
    ] = False,
    form: Annotated[Form, typer.Option("--format", help="What to write.")] = "md",
    every: Annotated[bool, typer.Option("--all", help="A table over all careers instead of one plan.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write to a file, not to the screen.")
    ] = None,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Make a study plan with dates: what to do in which week and why then, what it costs, each line with its source.

    Example: advisor plan --role "data engineer" --hours-per-week 8 --known python,sql --free-only

    Into a calendar: advisor plan --role "data engineer" --hours-per-week 8 --format ics --out plan.ics
    """
    form = "json" if as_json else form
    if every and (
        form != "md" or any((role, hours_per_week, known, start, by, free_only, budget, skip, days_off, progress))
    ):
        raise UsageError("--all makes one Markdown table of all careers; beside it only --out and --index can stand")
    if not every and role is None:
        raise UsageError('say which career: advisor plan --role "data engineer" --hours-per-week 8')
    if every:
        _write(_overview(index), out, form)
        return
    request = _request(hours_per_week, known, start, by, free_only, budget, skip, realism, days_off)
    made = _made(index, role or "", request, progress)
    if out is None and form == "md" and sys.stdout.isatty():
        typer.echo(in_terminal(made, columns=get_terminal_size().columns, encoding=sys.stdout.encoding), nl=False)
    else:
        _write(_exported(made, form), out, form)


def _request(
    hours_per_week: float | None,
    known: list[str] | None,
    start: str | None,
    by: str | None,
    free_only: bool,
    budget: str | None,
    skip: list[str] | None,
    realism: float,
    days_off: list[str] | None,
) -> "PlanRequest":
    from advisor.career.purse import read_budget
    from advisor.career.request import PlanRequest, check_request, read_day, read_days_off

    request = PlanRequest(
        hours_per_week=hours_per_week,
        known=tuple(known or ()),
        start=None if start is None else read_day(start, "--start"),
        by=None if by is None else read_day(by, "--by"),
        free_only=free_only,
        budget=None if budget is None else read_budget(budget),
        skip=tuple(skip or ()),
        realism=realism,
        days_off=tuple(map(read_days_off, days_off or ())),
    )
    check_request(request, today=date.today())
    return request


def _made(index: Path | None, role: str, request: "PlanRequest", progress: bool) -> "Plan":
    from advisor.career.progress import with_progress

    shelf = open_shelf(index)
    career = shelf.role(role).name
    request = with_progress(request, marks_of(career)) if progress else request
    return shelf.plan(career, request, today=date.today())


def _exported(made: "Plan", form: Form) -> bytes:
    from advisor.career.export import PlanFormat, export_plan

    return export_plan(made, PlanFormat(form))


def in_terminal(made: "Plan", *, columns: int, encoding: str) -> str:
    """The plan as Markdown with the picture of its phases above them; in colour unless NO_COLOR is set."""
    from advisor.career.markdown import plan_markdown
    from advisor.career.picture import picture

    head, phases, rest = plan_markdown(made).partition("\n## ")
    rows = picture(made, columns=columns, signs=_signs(encoding))
    drawn = "\n".join(str(row if os.environ.get("NO_COLOR") else _coloured(row)) for row in rows)
    return f"{head}\n{drawn}\n{phases}{rest}" if rows else f"{head}{phases}{rest}"


def _signs(encoding: str) -> "Signs":
    """Blocks, or signs that every terminal has where this one cannot show blocks."""
    from advisor.career.picture import BLOCKS, PLAIN

    try:
        f"{BLOCKS.bar}{BLOCKS.track}".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return PLAIN
    return BLOCKS


def _coloured(row: "Row") -> "Row":
    return replace(row, bar=typer.style(row.bar, fg=typer.colors.GREEN))


def _overview(index: Path | None) -> bytes:
    from advisor.career.overview import overview_markdown, plan_all

    shelf = open_shelf(index)
    careers = [role.career for role in shelf.roles]
    return overview_markdown(tuple(plan_all(careers, shelf.passages, today=date.today()))).encode()


def _write(content: bytes, out: Path | None, form: Form) -> None:
    """To the screen, or to a file; a CSV file begins with the mark by which spreadsheets know UTF-8."""
    if out is None:
        typer.echo(content, nl=False)
        return
    try:
        out.write_bytes(b"\xef\xbb\xbf" + content if form == "csv" else content)
    except OSError as error:
        raise UsageError(f"the plan cannot be written to {str(out)!r}: {error}; name another --out") from error
    note(f"the plan is in {str(out)!r}")
