"""`advisor chat`: the same conversation as on the page, in a terminal, kept in the same store."""

import sys
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING
from uuid import uuid4

import typer

from advisor.cli.ask import worded_by
from advisor.cli.options import GeneratorName, IndexDir, RoleName, note, read_settings
from advisor.cli.parts import parts_of
from advisor.errors import QuestionError

if TYPE_CHECKING:
    from advisor.pipeline import Advisor
    from advisor.records import Answer

_HELP = "Ask in your own words. /new begins another conversation, /sources shows the words relied on, /quit ends."
_OWNER = "local"


def chat(
    context: typer.Context, generator: GeneratorName = None, role: RoleName = None, index: IndexDir = None
) -> None:
    """Hold a conversation in the terminal: follow-up questions are understood, and it is kept.

    A question that names no career is about that of `advisor profile`, unless --role gives another.

    Example: advisor chat
    """
    settings = read_settings(index_dir=index, generator=generator)
    note("One moment …")
    advisor = parts_of(context).open_advisor(settings)
    if sys.stdin.isatty():
        Thread(target=advisor.prepare, daemon=True).start()  # while the first question is typed
    typer.echo(_HELP)
    with suppress(EOFError, KeyboardInterrupt):
        _converse(advisor, worded_by(settings), role)
    typer.echo("\nGoodbye.")


def _converse(advisor: "Advisor", generator: str | None, role: str | None) -> None:
    """Ask until /quit; Ctrl-D and, at the prompt, Ctrl-C raise out of it."""
    conversation = uuid4().hex
    while True:
        said = _read_line()
        if said == "/quit":
            return
        if said == "/new":
            conversation = uuid4().hex
            typer.echo("A new conversation.")
        elif said == "/sources":
            _show_sources(advisor, conversation)
        elif said.startswith("/"):
            typer.echo(_HELP)
        elif said:
            _reply(advisor, said, conversation, generator, role)


def _read_line() -> str:
    """What the user says next; lines of a pipe are read without a prompt."""
    if sys.stdin.isatty():
        with suppress(ImportError):
            import readline  # noqa: F401 - gives input() a history and arrow keys where the system has it
    return input("\nyou> " if sys.stdin.isatty() else "").strip()


def _reply(advisor: "Advisor", question: str, conversation: str, generator: str | None, role: str | None) -> None:
    from rich.console import Console

    from advisor.cli.reply import final, follow, plain

    profile = None if role else advisor.conversations.profile_of(owner=_OWNER)
    events = advisor.ask(
        question, conversation=conversation, owner=_OWNER, generator=generator, role=role, profile=profile
    )
    try:
        if sys.stdout.isatty():
            follow(events, writer=advisor.writer_name, out=Console(), err=Console(stderr=True))
        else:
            typer.echo(f"{plain(final(events))}\n")
    except QuestionError as error:
        note(f"advisor: {error}")
    except KeyboardInterrupt:
        typer.echo("\n(stopped; what stands above is kept)")


def _show_sources(advisor: "Advisor", conversation: str) -> None:
    turns = advisor.conversations.turns(conversation, owner=_OWNER)
    typer.echo("\n".join(_full_sources(turns[-1].answer)) if turns else "Nothing has been asked yet.")


def _full_sources(answer: "Answer") -> list[str]:
    """Every source of an answer with all the words relied on."""
    from advisor.text import visible

    lines = []
    for citation in answer.citations:
        page = f", page {citation.page}" if citation.page is not None else ""
        lines.append(f"[{citation.number}] {citation.title or citation.document}, {citation.section}{page}")
        lines.append(f"    {' '.join(citation.quote.split())}")
        if citation.url:
            lines.append(f"    {citation.url}")
    return [visible(line) for line in lines] or ["That reply relies on no source."]
