"""The figures of the newest committed report, for whoever wants to know how good the answers are.

Reads the Markdown of `eval/reports` as it stands. Measures nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHOWN = (
    "wholly right",
    "statements borne out by what they cite",
    "unanswerable questions refused",
    "answerable questions refused (lower is better)",
)


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """One row of a report in its own words: what was measured on which questions, mean and interval."""

    measured_on: str
    name: str
    mean: str
    interval: str


@dataclass(frozen=True, slots=True)
class LatestReport:
    """The newest report that measures answers."""

    name: str  # of the file
    title: str
    figures: tuple[ReportFigure, ...]


def read_latest(folder: Path) -> LatestReport | None:
    """The last report by name (names begin with their day) that has any figure of `SHOWN`; None where none has."""
    for path in sorted(folder.glob("*.md"), reverse=True):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        figures = tuple(_figures(lines))
        if figures:
            title = next((line.removeprefix("# ") for line in lines if line.startswith("# ")), path.name)
            return LatestReport(path.name, title, figures)
    return None


def _figures(lines: list[str]) -> Iterator[ReportFigure]:
    heading = ""
    for line in lines:
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) > 2 and cells[0] in SHOWN:
            yield ReportFigure(heading, cells[0], cells[1], cells[2])
