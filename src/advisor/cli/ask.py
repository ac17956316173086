"""`advisor ask`: one question, or a file of them. Nothing of it is kept in the user's conversations."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from advisor.cli.options import AsJson, GeneratorName, IndexDir, RoleName, json_text, read_settings
from advisor.cli.parts import Parts, open_forgetful, parts_of
from advisor.cli.profile import own_profile
from advisor.errors import UsageError

if TYPE_CHECKING:
    from advisor.settings import Settings

_EXTRACTIVE = "extractive"


def ask(
    context: typer.Context,
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="The question; - reads it from standard input.")
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", metavar="IN.jsonl", help="Ask every line: id, question, history (earlier questions)."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT.jsonl", help="Where the answers of --batch go.")
    ] = None,
    generator: GeneratorName = None,
    role: RoleName = None,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Answer a question from the roadmaps, with its sources.

    Example: advisor ask "How long is phase 1?"

    A question that names no career is about that of `advisor profile`; not so with --role, --json or --batch.

    Many at once: advisor ask --batch questions.jsonl --out answers.jsonl
    """
    parts, settings = parts_of(context), read_settings(index_dir=index, generator=generator)
    if batch is not None or out is not None:
        if batch is None or out is None or question is not None:
            raise UsageError("a batch takes --batch IN.jsonl and --out OUT.jsonl together, and no QUESTION")
        _ask_batch(parts, settings, batch, out, role)
    elif question is None:
        raise UsageError('there is no question; try: advisor ask "How long is phase 1?"')
    else:
        _ask_one(parts, settings, sys.stdin.read() if question == "-" else question, role, as_json)


def worded_by(settings: "Settings") -> str | None:
    """What `Advisor.ask` is told about the generator: the extract alone, or whatever the advisor was opened with."""
    return _EXTRACTIVE if settings.generator == _EXTRACTIVE else None


def _ask_one(parts: Parts, settings: "Settings", question: str, role: str | None, as_json: bool) -> None:
    from advisor.cli.reply import final, follow, plain
    from advisor.search.query import read_question

    read_question(question, max_chars=settings.max_question_chars)  # before seconds are spent on loading
    advisor = open_forgetful(parts, settings.model_copy(update={"quick_start": True}))
    profile = None if as_json or role else own_profile()
    events = advisor.ask(question, conversation=uuid4().hex, generator=worded_by(settings), role=role, profile=profile)
    if as_json:
        from advisor.records import answer_to_json

        typer.echo(json_text({"id": "", **answer_to_json(final(events))}))
    elif sys.stdout.isatty():
        from rich.console import Console

        follow(events, writer=advisor.writer_name, out=Console(), err=Console(stderr=True))
    else:
        typer.echo(plain(final(events)))


def _ask_batch(parts: Parts, settings: "Settings", batch: Path, out: Path, role: str | None) -> None:
    from advisor.cli.batch import answer_questions, check_target, growing_file, read_questions
    from advisor.cli.progress import progress_bar

    questions = read_questions(batch)
    check_target(out, source=batch)
    advisor = open_forgetful(parts, settings)
    with growing_file(out, noun="answers") as write, progress_bar("questions") as step:
        answer_questions(advisor, questions, write, generator=worded_by(settings), role=role, step=step)
