"""Files of questions: read and checked before anything is asked, answered or searched line by line, never half written.

Knows nothing of options or of how an advisor is opened.
"""

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import typer

from advisor.cli.options import json_text, note
from advisor.cli.progress import Step
from advisor.cli.reply import final
from advisor.errors import QuestionError, UsageError
from advisor.records import Answer, Event, Hit, Sources, Status, answer_to_json

if TYPE_CHECKING:
    from advisor.pipeline import Advisor

TREC_TAG = "advisor"

Write = Callable[[str], None]  # takes a line without its end


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line of a batch: a question and those asked before it in the same conversation, oldest first."""

    id: str
    question: str
    history: tuple[str, ...] = ()


# --- the files -----------------------------------------------------------------------------------


def read_questions(path: Path) -> tuple[BatchQuestion, ...]:
    """The questions of a JSONL file; other keys are passed over. UsageError names the file and the wrong line."""
    found: list[BatchQuestion] = []
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    found.append(_read_line(line, f"{str(path)!r}, line {number}"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{str(path)!r} cannot be read ({error}); give a UTF-8 file of JSON lines") from error
    if not found:
        raise UsageError(f'{str(path)!r} holds no question; write one JSON object a line: {{"id": …, "question": …}}')
    return tuple(found)


def _read_line(line: str, place: str) -> BatchQuestion:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{place}: this is not JSON ({error}); write one object a line") from error
    if not isinstance(read, dict):
        raise UsageError(f'{place}: {line.strip()[:40]!r} is no object; write {{"id": "…", "question": "…"}}')
    name, question, history = read.get("id"), read.get("question"), read.get("history", [])
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise UsageError(f'{place}: "id" is {name!r}; give every question a text that names it')
    if not isinstance(question, str):
        raise UsageError(f'{place}: "question" is {question!r}; give a text')
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        raise UsageError(f'{place}: "history" is {history!r}; give a list of the earlier questions, or leave it out')
    return BatchQuestion(str(name), question, tuple(history))


def check_target(out: Path, *, source: Path) -> None:
    """Raise UsageError where a result could not be written, before any time is spent on it."""
    if not out.parent.is_dir():
        raise UsageError(f"the folder {str(out.parent)!r} does not exist; create it, or name another file")
    if out.is_dir() or (out.exists() and out.samefile(source)):
        raise UsageError(f"{str(out)!r} {'is a folder' if out.is_dir() else 'holds the questions'}; name another file")


@contextmanager
def growing_file(out: Path, *, noun: str) -> Iterator[Write]:
    """Lines go to OUT.partial, each flushed as it comes; OUT appears in one step once the block is through.

    Ctrl-C leaves the partial file, says so in one line, and ends with exit code 130.
    """
    partial, lines = out.with_name(f"{out.name}.partial"), 0
    try:
        # JSON spells a lone surrogate, which UTF-8 has no bytes for, just as backslashreplace does
        file = partial.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise UsageError(f"{str(partial)!r} cannot be written ({error}); name another file with --out") from error

    def write(line: str) -> None:
        nonlocal lines
        file.write(f"{line}\n")
        file.flush()
        lines += 1

    try:
        with file:
            yield write
    except KeyboardInterrupt as interrupt:
        note(f"advisor: interrupted; the {noun} so far ({lines}) are in {str(partial)!r}")
        raise typer.Exit(130) from interrupt
    partial.replace(out)


# --- asking --------------------------------------------------------------------------------------


def answer_questions(
    advisor: "Advisor",
    questions: Sequence[BatchQuestion],
    write: Write,
    *,
    generator: str | None,
    role: str | None,
    step: Step,
) -> None:
    """One JSON line per question, in order. What cannot be asked at all still gets a line, with status `refused`."""
    step(0, len(questions))
    for done, question in enumerate(questions, start=1):
        answer = _answer(advisor, question, generator, role)
        write(json_text({"id": question.id, **answer_to_json(answer)}))
        step(done, len(questions))


def _answer(advisor: "Advisor", question: BatchQuestion, generator: str | None, role: str | None) -> Answer:
    conversation = uuid4().hex

    def ask(text: str) -> Answer:
        return final(advisor.ask(text, conversation=conversation, generator=generator, role=role))

    notes = _ask_history(question, ask)
    try:
        answer = ask(question.question)
    except QuestionError as error:
        reason = "the question could not be asked, so nothing was searched"
        answer = Answer(question.question, Status.REFUSED, str(error), notes=(reason,))
    advisor.conversations.delete(conversation, owner="local")
    return replace(answer, notes=(*notes, *answer.notes))


def _ask_history(question: BatchQuestion, ask: Callable[[str], object]) -> tuple[str, ...]:
    """Ask the earlier questions; the result are notes on those that could not be asked."""
    notes = []
    for earlier in question.history:
        try:
            ask(earlier)
        except QuestionError as error:
            notes.append(f"an earlier question was passed over: {error}")
    return tuple(notes)


# --- searching -----------------------------------------------------------------------------------


def find_hits(events: Iterator[Event]) -> Sources:
    """What search found for a question; it is not answered."""
    for event in events:
        if isinstance(event, Sources):
            cast("Generator[Event]", events).close()
            return event
    raise RuntimeError("the events of a question ended without Sources")


def search_questions(
    advisor: "Advisor", questions: Sequence[BatchQuestion], write: Write, *, role: str | None, step: Step
) -> None:
    """A TREC run: `qid Q0 docid rank score tag`. A question that cannot be asked finds nothing, and is reported."""
    step(0, len(questions))
    for done, question in enumerate(questions, start=1):
        conversation = uuid4().hex

        def ask(text: str, conversation: str = conversation) -> Answer:
            return final(advisor.ask(text, conversation=conversation, generator="extractive", role=role))

        _ask_history(question, ask)
        try:
            hits = find_hits(advisor.ask(question.question, conversation=conversation, role=role)).hits
        except QuestionError as error:
            note(f"{question.id}: nothing was searched: {error}")
            hits = ()
        for rank, hit in enumerate(hits, start=1):
            write(trec_line(question.id, rank, hit))
        advisor.conversations.delete(conversation, owner="local")
        step(done, len(questions))


def trec_line(question_id: str, rank: int, hit: Hit) -> str:
    """One line of a TREC run; white space in a passage id, which would split it, is written as %20."""
    return f"{question_id} Q0 {'%20'.join(hit.passage.id.split())} {rank} {hit.fused_score:.6f} {TREC_TAG}"


def check_query_ids(questions: Sequence[BatchQuestion], source: Path) -> None:
    """Raise UsageError for an id that a TREC run cannot hold: empty, with white space, or used twice."""
    seen: set[str] = set()
    for question in questions:
        if question.id in seen or question.id.split() != [question.id]:
            raise UsageError(
                f"{str(source)!r}: the id {question.id!r} is used twice, empty or has white space; "
                "a TREC run needs one word per question"
            )
        seen.add(question.id)
