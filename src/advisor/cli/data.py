"""`advisor data`: what is kept about people, for whoever runs this program: export, forget, back up, check.

Lists show numbers and owners' names, never what somebody asked. Opens neither an index nor a model.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.options import AsJson, json_text, note, read_settings
from advisor.errors import UsageError

if TYPE_CHECKING:
    from advisor.memory import Conversations

data_app = typer.Typer(help="Export, forget, back up and check what is kept about people.")

OwnerName = Annotated[
    str,
    typer.Option("--owner", metavar="NAME", help="Whose: local is this terminal, a browser's is a long random name."),
]


@data_app.command()
def owners(as_json: AsJson = False) -> None:
    """List about whom something is kept, and how much; nothing of what they said. A browser's name opens all it has.

    Example: advisor data owners
    """
    with _open_store() as store:
        found = store.owners()
    if as_json:
        typer.echo(json_text([asdict(one) for one in found]))
        return
    for one in found:
        typer.echo(f"{one.owner}  {_counted(one.rows)}")
    if not found:
        typer.echo(f"nothing is kept about anybody in {_database()}")


@data_app.command()
def export(
    out: Annotated[Path, typer.Argument(metavar="OUT.json", help="The file to write, readable by you alone.")],
    owner: OwnerName = "local",
    as_json: AsJson = False,
) -> None:
    """Write everything that is kept about an owner into a file: conversations, feedback, progress, profile.

    Example: advisor data export mine.json
    """
    from advisor.memory import export_text

    with _open_store() as store:
        tables = store.everything_of(owner)
    counts = {name: len(rows) for name, rows in tables.items() if rows}
    if not counts:
        raise _unknown(owner)
    _write_private(out, export_text(owner, tables, datetime.now(UTC)))
    shown = {"owner": owner, "out": str(out), "rows": counts}
    typer.echo(json_text(shown) if as_json else f"{out}: {_counted(counts)}")


@data_app.command()
def forget(
    owner: OwnerName = "local",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete everything that is kept about an owner, for good; backups and exports are yours to delete.

    Example: advisor data forget --yes
    """
    with _open_store() as store:
        counts = next((one.rows for one in store.owners() if one.owner == owner), None)
        if counts is None:
            raise _unknown(owner)
        if not yes and not _agrees(f"Delete {_counted(counts)} of {owner!r} for good?"):
            note("nothing was deleted")
            raise typer.Exit(1)
        gone = store.delete_all(owner)
    typer.echo(json_text(asdict(gone)) if as_json else f"deleted: {_counted(gone.rows)}")


@data_app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; a backup never replaces one.")],
    as_json: AsJson = False,
) -> None:
    """Copy the conversations of everybody into a new file while they are in use, and verify the copy.

    To restore it, stop the advisor and put the copy in the place of conversations.db.

    Example: advisor data backup conversations-backup.db
    """
    from advisor.memory import back_up

    size_bytes = back_up(_database(), file)
    shown = {"file": str(file), "size_bytes": size_bytes}
    typer.echo(json_text(shown) if as_json else f"{file}: {size_bytes / 1e6:,.1f} MB, verified")


@data_app.command()
def check(as_json: AsJson = False) -> None:
    """Let the database look itself over; exit code 1 if it is not sound. Nothing is changed.

    Example: advisor data check
    """
    from advisor.memory import check_file

    database = _database()
    problems = check_file(database) if database.exists() else ()
    if as_json:
        typer.echo(json_text({"file": str(database), "sound": not problems, "problems": problems}))
    elif problems:
        note(
            f"advisor: {database} is not sound ({problems[0]}); put a backup in its place, or move it away and a new "
            "one is made at the next start"
        )
    else:
        typer.echo(f"{database} is sound" if database.exists() else f"nothing is kept yet: there is no {database}")
    raise typer.Exit(1 if problems else 0)


# --- what they share ------------------------------------------------------------------------------


def _database() -> Path:
    return read_settings().data_dir / "conversations.db"


@contextmanager
def _open_store() -> "Iterator[Conversations]":
    """The store of the settings; where there is none, an empty one in memory: looking makes no file."""
    from advisor.memory import open_conversations

    database = _database()
    with open_conversations(database if database.exists() else None) as store:
        yield store


def _unknown(owner: str) -> UsageError:
    return UsageError(f"nothing is kept about {owner!r} in {_database()}; `advisor data owners` lists the names")


def _counted(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in rows.items())


def _agrees(question: str) -> bool:
    """What somebody at the terminal says; UsageError where there is nobody to ask."""
    if not sys.stdin.isatty():
        raise UsageError(f"{question} There is nobody to ask: say --yes")
    typer.echo(f"{question} [y/N] ", nl=False, err=True)
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}


def _write_private(path: Path, text: str) -> None:
    """A new file, readable by its user alone where files have modes."""
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(text, encoding="utf-8", newline="\n")
    except FileExistsError as error:
        raise UsageError(f"{str(path)!r} is there already; name a new file") from error
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be written ({error.strerror}); name another file") from error
