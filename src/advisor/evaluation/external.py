"""Questions that bring their own passages: each is asked of those alone, and what came of it becomes a row.

Owns what a row of such a set holds and its file. Knows nothing of published builds, of sums over rows, or of how they
are shown.
"""

import json
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from advisor.corpus.chunking import CHUNKER_VERSION, CountPieces
from advisor.corpus.cleaning import clean_markdown
from advisor.corpus.reading import find_sections
from advisor.errors import AdvisorError, UsageError
from advisor.evaluation.metrics import Expected, token_f1
from advisor.evaluation.passages import Answerable, ExternalCase, ExternalPassage, read_external_cases, read_mtrag
from advisor.evaluation.questions import Case
from advisor.evaluation.rows import Outcome, Row
from advisor.evaluation.run import Progress, evaluate
from advisor.evaluation.shelf import hold_for_answers
from advisor.index.embedding import Embedder
from advisor.memory import Conversations, open_conversations
from advisor.pipeline import EXTRACTIVE, Advisor
from advisor.records import Document
from advisor.text import content_hash

log = logging.getLogger(__name__)

EXTERNAL_ROWS_FILE = "external.jsonl"

# What the passages of one case can break on without the machine being at fault: a row is lost, not the run.
_FAULTS = (AdvisorError, ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, ValueError)


class Form(StrEnum):
    """How a file of cases is written."""

    GENERAL = "general"
    MTRAG = "mtrag"


_READERS: Mapping[Form, Callable[[Path], tuple[ExternalCase, ...]]] = {
    Form.GENERAL: read_external_cases,
    Form.MTRAG: read_mtrag,
}


@dataclass(frozen=True, slots=True)
class ExternalRow:
    """Everything measured of one case. A share that there is nothing to take of is None."""

    id: str
    question: str
    answerable: Answerable
    passages: int  # different ones that the case brings
    digest: str  # of the case and of what its passages are read with
    status: Outcome
    answer: str
    reference: str
    words: int
    token_f1: float | None  # against the reference; of answers alone
    borne_out: float | None  # statements of an answer that the passages they cite bear out / statements
    unsupported_numbers: tuple[str, ...]
    unknown_names: tuple[str, ...]
    first_text_ms: float | None  # None after an error; the making of the index is not counted
    notes: tuple[str, ...]
    error: str  # what was raised, "" where nothing was


def read_cases_in(form: str, path: Path) -> tuple[ExternalCase, ...]:
    """The cases of a file in this form; UsageError for a form that is not known, and as the readers raise it."""
    if form not in set(Form):
        raise UsageError(f"there is no format {form!r}; give one of: {', '.join(Form)}")
    return _READERS[Form(form)](path)


# --- asking --------------------------------------------------------------------------------------


def ask_external(
    cases: Sequence[ExternalCase],
    embedder: Embedder,
    count_pieces: CountPieces,
    *,
    done: Collection[str] = (),
    progress: Progress = lambda _done, _total: None,
) -> Iterator[ExternalRow]:
    """One row per case in their order, but for those whose id is in `done`; they only count in `progress`.

    Each case has an index of its own, in memory, of its passages alone; the earlier questions are asked first, and
    replies are extracts. A case that raises becomes a row with the status "error". Conversations live in memory too.
    """
    progress(0, len(cases))
    with open_conversations(None) as conversations:
        for number, case in enumerate(cases, start=1):
            if case.id not in done:
                yield _row(case, embedder, count_pieces, conversations)
            progress(number, len(cases))


def fitting_external_rows(
    rows: Iterable[ExternalRow], cases: Iterable[ExternalCase], embedder: Embedder
) -> tuple[ExternalRow, ...]:
    """The rows that asking these cases again would only repeat: same embedder and chunker, case unchanged.

    A case that raised is worth another try, so its row fits never.
    """
    wanted = {case.id: _digest(case, embedder) for case in cases}
    return tuple(row for row in rows if wanted.get(row.id) == row.digest and row.status is not Outcome.ERROR)


def _digest(case: ExternalCase, embedder: Embedder) -> str:
    return content_hash(json.dumps([asdict(case), embedder.digest, CHUNKER_VERSION]))


def _row(
    case: ExternalCase, embedder: Embedder, count_pieces: CountPieces, conversations: Conversations
) -> ExternalRow:
    digest = _digest(case, embedder)
    try:
        snapshot = hold_for_answers(_documents(case.passages), embedder, count_pieces)
        advisor = Advisor(snapshot, embedder=embedder, writer=None, conversations=conversations)
    except _FAULTS as error:
        log.exception("the passages of the case %r raised", case.id)
        return _error_row(case, digest, f"{type(error).__name__}: {error}")
    (row,) = evaluate(advisor, [_as_asked(case)], generator=EXTRACTIVE)
    return _measured(case, digest, row)


def _documents(passages: Iterable[ExternalPassage]) -> list[Document]:
    """Each different passage as a document, read as a Markdown file that holds it would be."""
    return [_document(number, passage) for number, passage in enumerate(dict.fromkeys(passages), start=1)]


def _document(number: int, passage: ExternalPassage) -> Document:
    text = clean_markdown(passage.text).text
    sections = find_sections(text)
    heading = next((section.path[-1] for section in sections if section.path), "")
    return Document(
        key=f"passage-{number}",  # says nothing, so it is no title: that would be embedded and would name the source
        title=" ".join(passage.title.split()) or heading,
        text=text,
        sections=sections,
        digest=content_hash(f"{passage.title}\n{passage.text}"),
    )


def _as_asked(case: ExternalCase) -> Case:
    """The case as a run asks it; what is right is not judged, so it expects nothing in particular.

    Unchecked: what our own files must keep to (no blank in an id, a word in each question) binds no other file.
    """
    return Case.model_construct(
        id=case.id, kind="external", question=case.question, history=case.history, expected=Expected.ANSWER
    )


def _measured(case: ExternalCase, digest: str, row: Row) -> ExternalRow:
    answered = row.status is Outcome.ANSWERED
    return ExternalRow(
        id=case.id,
        question=case.question,
        answerable=case.answerable,
        passages=len(set(case.passages)),
        digest=digest,
        status=row.status,
        answer=row.answer,
        reference=case.answer,
        words=row.words,
        token_f1=token_f1(row.answer, [case.answer]) if answered and case.answer else None,
        borne_out=row.citation_recall,
        unsupported_numbers=row.unsupported_numbers,
        unknown_names=row.unknown_names,
        first_text_ms=row.first_text_ms,
        notes=row.notes,
        error=row.error,
    )


def _error_row(case: ExternalCase, digest: str, error: str) -> ExternalRow:
    """The row of a case whose passages could not be indexed."""
    return ExternalRow(
        id=case.id,
        question=case.question,
        answerable=case.answerable,
        passages=len(set(case.passages)),
        digest=digest,
        status=Outcome.ERROR,
        answer="",
        reference=case.answer,
        words=0,
        token_f1=None,
        borne_out=None,
        unsupported_numbers=(),
        unknown_names=(),
        first_text_ms=None,
        notes=(),
        error=error,
    )


# --- files ---------------------------------------------------------------------------------------

_ROW: TypeAdapter[ExternalRow] = TypeAdapter(ExternalRow)


def external_row_line(row: ExternalRow) -> str:
    """The row as one line of JSON, with its end; its keys are the fields' names."""
    line: dict[str, Any] = _ROW.dump_python(row, mode="json")
    return f"{json.dumps(line, ensure_ascii=False)}\n"


def external_rows_so_far(path: Path) -> tuple[ExternalRow, ...]:
    """The rows that the file holds, in their order; none where it is not there.

    A last line that an interruption cut off is passed over. UsageError names a file that cannot be read and a line
    that is no row.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{str(path)!r} cannot be read ({error}); name another --out") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            rows.append(_ROW.validate_python(json.loads(line)))  # pydantic's own reader refuses a lone surrogate
        except (json.JSONDecodeError, ValidationError) as error:
            if number < len(lines):  # every line is written with its end, so the last one is empty or was cut off
                raise UsageError(
                    f"{str(path)!r}, line {number}: this is no row of `advisor eval external`; name another --out"
                ) from error
    return tuple(rows)


def write_external_rows(path: Path, rows: Iterable[ExternalRow]) -> None:
    """Put these rows in place of what the file held, in one step."""
    aside = path.with_name(f"{path.name}.new")
    # JSON spells a lone surrogate, which UTF-8 has no bytes for, just as backslashreplace does
    with aside.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.writelines(map(external_row_line, rows))
    aside.replace(path)
