"""A plan as bytes in the formats it leaves in, and read back from JSON.

CSV is made for spreadsheets, JSON for programs; Markdown and calendars have modules of their own.
"""

import csv
import io
from collections.abc import Iterator
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError

from advisor.career.calendar import plan_calendar
from advisor.career.markdown import plan_markdown
from advisor.career.planned import MINUTES_PER_HOUR, Plan, Share, Week
from advisor.errors import UsageError

_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
CSV_COLUMNS = (
    "week", "starts", "ends", "phase", "step", "item", "kind", "provider", "hours", "finished", "hours_rest_on",
    "cost", "link", "citation", "source",
)  # fmt: skip


class PlanFormat(StrEnum):
    """What a plan can be written as."""

    MD = "md"
    ICS = "ics"
    CSV = "csv"
    JSON = "json"


def export_plan(plan: Plan, form: PlanFormat) -> bytes:
    """The plan in this format, in UTF-8; the same plan gives the same bytes."""
    write = {
        PlanFormat.MD: plan_markdown,
        PlanFormat.ICS: plan_calendar,
        PlanFormat.CSV: plan_csv,
        PlanFormat.JSON: plan_json,
    }
    return write[form](plan).encode("utf-8")


def plan_json(plan: Plan) -> str:
    """Every field of the plan; `read_plan_json` gives an equal plan back."""
    return _PLAN.dump_json(plan, indent=2).decode("utf-8") + "\n"


def read_plan_json(text: str | bytes) -> Plan:
    """The plan that `plan_json` wrote; raises UsageError where it is none."""
    try:
        return _PLAN.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise UsageError(
            f"this is no plan of `advisor plan --format json`: {where}: {first['msg']}; make it anew"
        ) from error


def plan_csv(plan: Plan) -> str:
    """A row for every step in every week (RFC 4180, CRLF); no cell is taken for a formula by a spreadsheet."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(CSV_COLUMNS)
    for week in plan.weeks:
        for share in week.shares:
            rows.writerow([_safe(cell) for cell in _cells(plan, week, share)])
    return text.getvalue()


def _cells(plan: Plan, week: Week, share: Share) -> Iterator[str]:
    step = plan.step(share.step)
    source = plan.citations[step.citation - 1]
    yield from (str(week.number), str(week.start), str(week.end), plan.phases[step.phase - 1].label, str(step.number))
    yield from (step.name, step.kind, step.provider or "", f"{share.minutes / MINUTES_PER_HOUR:.10g}")
    yield from ("yes" if share.is_last else "no", step.workload.basis.value, step.price.told, step.url or "")
    yield from (str(step.citation), f"{source.document}, {source.section}")


def _safe(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula begins with an apostrophe (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
