"""The command line: `advisor …`. Maps every error to one line and an exit code.

0 done, 1 the thing checked does not hold, 2 wrong use or bad input, 3 a fault of this program (its traceback is in the
log), 130 interrupted. Each command has a file of its own; importing this package loads nothing heavy.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from advisor import __version__
from advisor.cli.ask import ask
from advisor.cli.career import compare, gap, suits
from advisor.cli.chat import chat
from advisor.cli.corpus import corpus_app
from advisor.cli.data import data_app
from advisor.cli.doctor import doctor
from advisor.cli.evaluate import eval_app
from advisor.cli.index import index_app
from advisor.cli.learner import progress_app
from advisor.cli.mcp import mcp
from advisor.cli.models import models_app
from advisor.cli.options import note, read_settings
from advisor.cli.parts import Parts, calm
from advisor.cli.plan import plan
from advisor.cli.profile import profile_app
from advisor.cli.search import search
from advisor.cli.setup import serve, setup
from advisor.cli.shown_settings import settings
from advisor.errors import AdvisorError

log = logging.getLogger(__name__)

FAULT = 3

app = typer.Typer(name="advisor", add_completion=False, pretty_exceptions_enable=False)
for command in (ask, chat, search, serve, setup, doctor, settings, gap, compare, suits, plan, mcp):
    app.command()(command)
app.add_typer(corpus_app, name="corpus")
app.add_typer(data_app, name="data")
app.add_typer(eval_app, name="eval")
app.add_typer(index_app, name="index")
app.add_typer(models_app, name="models")
app.add_typer(progress_app, name="progress")
app.add_typer(profile_app, name="profile")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"advisor {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Career advice from roadmap documents: every sentence cited, every citation checked, on your own machine.

    Example: advisor setup, then: advisor ask "How do I become a machine learning engineer?"
    """


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run one command line (that of the process if none is given) and end the process with its exit code."""
    calm()
    # A pipe may have an old encoding (cp1252 on Windows); lone surrogates come out as JSON spells them.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    logging.getLogger().addHandler(_debug_or_silent())
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: Sequence[str], *, parts: Parts | None = None) -> int:
    """Run one command line and give its exit code. `parts` replaces what is heavy to open."""
    try:
        code = _invoke(list(argv) or ["--help"], parts or Parts())
        sys.stdout.flush()
    except AdvisorError as error:
        return _complain(str(error), 2)
    except KeyboardInterrupt as stopped:
        return _complain(str(stopped) or "interrupted", 130)
    except BrokenPipeError:
        _drop_output()
        return 0
    except Exception as error:
        if os.environ.get("ADVISOR_DEBUG"):
            raise
        return _complain(f"something went wrong ({type(error).__name__}); {_log_fault()}", FAULT)
    return code


def _invoke(argv: list[str], parts: Parts) -> int:
    root_command = typer.main.get_command(app)
    try:
        with root_command.make_context("advisor", argv, obj=parts) as context:
            root_command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    except TyperException as error:
        at = getattr(error, "ctx", None)
        where = at.command_path if at else "advisor"
        return _complain(f"{error.format_message().rstrip('. ')}; see: {where} --help", 2)
    return 0


def _complain(message: str, code: int) -> int:
    with contextlib.suppress(BrokenPipeError):
        note(f"advisor: {' '.join(message.split())}")
    return code


def _drop_output() -> None:
    """The reader of our output is gone: write the rest, which is flushed as the process ends, to nowhere."""
    with contextlib.suppress(OSError, ValueError):  # a stream that stands in for stdout may have no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# --- the log -------------------------------------------------------------------------------------


def _debug_or_silent() -> logging.Handler:
    """Warnings of the program are for its log, and for the terminal only where somebody looks for a fault."""
    return logging.StreamHandler() if os.environ.get("ADVISOR_DEBUG") else logging.NullHandler()


def log_path() -> Path:
    """Where tracebacks go: beside the conversations, or where the system keeps logs if no settings can be read."""
    try:
        return read_settings().data_dir / "advisor.log"
    except AdvisorError:
        from platformdirs import user_log_path

        return user_log_path("career-advisor") / "advisor.log"


def _log_fault() -> str:
    """Write the exception in flight to the log; the result tells where it can be read."""
    path = log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        return f"the log {str(path)!r} cannot be written ({error}): run it again with ADVISOR_DEBUG=1 to see it"
    with contextlib.closing(opened):
        log.addHandler(opened)
        log.exception("advisor %s ended unexpectedly", __version__)
        log.removeHandler(opened)
    return f"the details are in {str(path)!r}; ADVISOR_DEBUG=1 shows them here"
