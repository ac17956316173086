"""Where the files of a run lie, which of its cases are asked, and how rows get to the disk while it goes on.

Knows nothing of what a row holds.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import typer

from advisor.cli.options import note
from advisor.errors import UsageError

RUNS = Path("eval/runs")

One = TypeVar("One")


def run_folder(out: Path | None) -> Path:
    """The folder of a run, made if need be: the one that is named, else one by date and time; UsageError if not."""
    folder = out or RUNS / datetime.now().strftime("%Y-%m-%d-%H%M%S")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder {str(folder)!r} cannot be made ({error.strerror}); name another --out") from error
    return folder


def spread(cases: Sequence[One], limit: int | None) -> tuple[One, ...]:
    """At most `limit` of the cases, evenly from the first to the last, so that every part has its share."""
    count = min(limit or len(cases), len(cases))
    return tuple(cases[place * len(cases) // count] for place in range(count))


def append_rows(path: Path, rows: Iterable[One], line_of: Callable[[One], str], *, kept: int) -> list[One]:
    """Write each row as it comes; an interruption says how to go on and ends with 130. `kept` are there already."""
    fresh: list[One] = []
    try:
        with path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            for row in rows:
                file.write(line_of(row))
                file.flush()
                fresh.append(row)
    except KeyboardInterrupt as interrupt:
        count = kept + len(fresh)
        note(f"advisor: interrupted; the rows so far ({count}) are in {str(path)!r}: the same with --out goes on")
        raise typer.Exit(130) from interrupt
    return fresh


def write_text(path: Path, text: str) -> None:
    """Put this text in place of what the file held."""
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
