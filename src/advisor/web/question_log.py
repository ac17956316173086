"""What the server writes down of its work: one line per question, without a word of the question or the answer.

Owns the two forms of a line (text, JSON) and what of an error is told. Knows nothing of how questions are answered.
"""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Literal

log = logging.getLogger(__name__)

LogForm = Literal["text", "json"]
_LOGGERS = ("advisor", "uvicorn")


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """What is told of a question: nothing that anybody wrote, only how much and how long."""

    build: str
    status: str  # of the answer, or stopped, turned_away, failed
    generator: str = ""
    question_chars: int = 0
    answer_chars: int = 0
    citations: int = 0
    search_ms: float = 0.0
    first_text_ms: float = 0.0
    total_ms: float = 0.0


def write_line(line: QuestionLine) -> None:
    """One line at level INFO."""
    fields = asdict(line)
    log.info("question %s", " ".join(f"{name}={value}" for name, value in fields.items()), extra={"question": fields})


class _Lines(logging.Formatter):
    """A record as one line of text or JSON. The message of an exception stays out: it may quote what somebody asked."""

    def __init__(self, form: LogForm) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        question = getattr(record, "question", None)
        said = record.getMessage()
        error = _told(record.exc_info) if record.exc_info and record.exc_info[0] else ""
        if self._form == "text":
            return f"{when} {record.levelname} {' '.join(said.split())}{f' | {error}' if error else ''}"
        line = {"time": when, "level": record.levelname, "logger": record.name}
        line |= {"message": "question", **question} if isinstance(question, dict) else {"message": said}
        return json.dumps(line | ({"error": error} if error else {}), ensure_ascii=False)


def _told(
    raised: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
) -> str:
    """Which exception, and where it was raised; all of it where somebody looks for a fault."""
    kind, error, trace = raised
    if kind is None:
        return ""
    places = ", ".join(f"{Path(at.filename).name}:{at.lineno}" for at in extract_tb(trace))
    return f"{kind.__name__}{f': {error}' if os.environ.get('ADVISOR_DEBUG') else ''} at {places}"


@contextmanager
def logging_to_stderr(form: LogForm) -> Iterator[None]:
    """Within, what the program and its server have to tell goes to standard error, in this form."""
    written = logging.StreamHandler(sys.stderr)
    written.setFormatter(_Lines(form))
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [one.level for one in loggers]
    for one, level in zip(loggers, (logging.INFO, logging.WARNING), strict=True):
        one.addHandler(written)
        one.setLevel(level)
    try:
        yield
    finally:
        for one, level in zip(loggers, levels, strict=True):
            one.removeHandler(written)
            one.setLevel(level)
