"""What was measured of one question: the row of a run, and the file of such rows.

Knows nothing of how a question is asked or how rows are summed up.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from advisor.errors import UsageError
from advisor.evaluation.metrics import Expected, Verdict
from advisor.records import RankedPassage

ROWS_FILE = "rows.jsonl"


class Outcome(StrEnum):
    """What came of a question: the status of its answer, or a fault."""

    ANSWERED = "answered"
    REFUSED = "refused"
    CLARIFY = "clarify"
    ERROR = "error"


class Fault(StrEnum):
    """Where a reply that is not right went wrong."""

    RETRIEVAL = "retrieval"  # a fact that the answer lacks is not in the first five passages either
    WRITING = "writing"  # everything needed was found, or nothing had to be: the gate or the wording went wrong
    NONE = "none"  # right, or not asked at all because of an error


class WordedBy(StrEnum):
    """Whose words the reply has."""

    MODEL = "model"
    EXTRACT = "extract"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a row was measured with. Rows are of one run only where build and generator are the same."""

    build: str
    generator: str  # "extractive" or the writer's name
    case: str  # digest of the question and of all it is judged by


@dataclass(frozen=True, slots=True)
class RetrievalScores:
    """How the passages found rank the gold ones, each 0…1."""

    recall_at_5: float
    recall_at_10: float
    ndcg_at_10: float
    reciprocal_rank_at_10: float


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A source of an answer, as its reader sees it."""

    number: int
    passage_id: str
    section: str
    quote: str


@dataclass(frozen=True, slots=True)
class Row:
    """Everything measured of one question. A share that there is nothing to take of is None."""

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    expected: Expected
    origin: Origin
    status: Outcome
    right: bool
    verdict: Verdict
    fault: Fault
    nugget_recall: float | None  # of the answer; 0 where nothing was answered
    missing: tuple[str, ...]  # nuggets that the answer lacks
    forbidden: tuple[str, ...]  # forbidden wordings that the answer has
    forbidden_watched: int  # forbidden wordings that were looked for
    hits_nugget_recall: float | None  # of the first five passages found
    retrieval: RetrievalScores | None  # None where the question names no gold
    citation_recall: float | None  # these three only of answers
    citation_precision: float | None
    citation_validity: float | None
    unsupported_numbers: tuple[str, ...]
    unknown_names: tuple[str, ...]
    words: int
    first_text_ms: float | None  # None after an error
    total_ms: float | None
    worded_by: WordedBy
    answer: str
    cited: tuple[CitedPassage, ...]
    hits: tuple[RankedPassage, ...]
    notes: tuple[str, ...]
    error: str  # what was raised, "" where nothing was
    computed_numbers: tuple[str, ...] = ()  # no cited passage has these two, but the sum is shown and comes out,
    assumed_numbers: tuple[str, ...] = ()  # or they are labelled as a premise; earlier runs lack both


_ROW: TypeAdapter[Row] = TypeAdapter(Row)


def row_to_json(row: Row) -> dict[str, Any]:
    """The row as values that `json.dumps` takes; its keys are the fields' names."""
    line: dict[str, Any] = _ROW.dump_python(row, mode="json")
    return line


def row_from_json(line: dict[str, Any]) -> Row:
    """The inverse of `row_to_json`; raises pydantic's ValidationError where the keys do not fit."""
    return _ROW.validate_python(line)


def row_line(row: Row) -> str:
    """The row as one line of JSON, with its end."""
    return f"{json.dumps(row_to_json(row), ensure_ascii=False)}\n"


# --- files ---------------------------------------------------------------------------------------


def rows_path(run: Path) -> Path:
    """The file of rows that a run's folder, or the file itself, stands for."""
    return run / ROWS_FILE if run.is_dir() else run


def read_rows(run: Path) -> tuple[Row, ...]:
    """The rows of a run (its folder or its file of rows) in their order.

    UsageError as `rows_so_far` raises it, and for a run without rows.
    """
    path = rows_path(run)
    rows = rows_so_far(path)
    if not rows:
        what = "holds no row" if path.exists() else "is not there"
        raise UsageError(f"{str(path)!r} {what}; name what `advisor eval run` wrote")
    return rows


def rows_so_far(path: Path) -> tuple[Row, ...]:
    """The rows of a run that may not be through, in their order; none where the file is not there.

    A last line that an interruption cut off is passed over. UsageError names a file that cannot be read, a line that
    is no row, and an id that comes twice.
    """
    try:
        return tuple(_rows(path.read_text(encoding="utf-8"), path))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{str(path)!r} cannot be read ({error}); name what `advisor eval run` wrote") from error


def _rows(text: str, path: Path) -> Iterator[Row]:
    lines = text.split("\n")  # every line is written with its end, so the last one is empty or was cut off
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        try:
            row = _ROW.validate_python(json.loads(line))  # pydantic's own reader refuses a lone surrogate
        except ValueError as error:
            if number == len(lines):
                return
            raise UsageError(f"{_place(path, number)}: {_fault(error)}; {_cure(path)}") from error
        if row.id in seen:
            raise UsageError(f"{_place(path, number)}: the id {row.id!r} comes twice; {_cure(path)}")
        seen.add(row.id)
        yield row


def _place(path: Path, number: int) -> str:
    return f"{str(path)!r}, line {number}"


def _fault(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return f"this is not JSON ({error})"
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'the line'}: {first['msg']}"


def _cure(path: Path) -> str:
    return f"remove the line, then: advisor eval run --out {str(path.parent)!r}"


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Put these rows in place of what the file held, in one step."""
    aside = path.with_name(f"{path.name}.new")
    # JSON spells a lone surrogate, which UTF-8 has no bytes for, just as backslashreplace does
    with aside.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.writelines(row_line(row) for row in rows)
    aside.replace(path)
