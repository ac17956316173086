"""`advisor profile`: what the learner at this terminal says of themselves. Kept beside their conversations.

`advisor ask` and `advisor chat` take it into account; files of questions, `--json`, `--role` and evaluations never do.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.learner import open_store
from advisor.cli.options import AsJson, IndexDir, json_text
from advisor.errors import UsageError

if TYPE_CHECKING:
    from advisor.records import Profile

_OWNER = "local"

profile_app = typer.Typer(help="Say who you are: the career you work towards, what you know, your hours and budget.")


@profile_app.command()
def show(as_json: AsJson = False) -> None:
    """Show what you said of yourself.

    Example: advisor profile show
    """
    _tell(own_profile(), as_json, 'Nothing is said yet; try: advisor profile set --role "data engineer"')


@profile_app.command("set")
def set_profile(
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE", help="The career you work towards.")] = None,
    known: Annotated[str | None, typer.Option("--known", metavar="A,B", help="Skills you have.")] = None,
    hours_per_week: Annotated[
        float | None, typer.Option("--hours-per-week", metavar="H", help="Hours you have in a week; up to 100.")
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            "--budget", metavar="AMOUNT", help="Most to spend in all, as 100 or EUR 50; 0: only what is free."
        ),
    ] = None,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Say something of yourself, or change it; what is not given stays; an empty text takes it back.

    Example: advisor profile set --role "data engineer" --known python,sql --hours-per-week 8
    """
    if role is None and known is None and hours_per_week is None and budget is None:
        raise UsageError('say what is to be set; try: advisor profile set --role "data engineer"')
    from advisor.career.profile import read_profile

    before = own_profile()
    career = before.role if role is None else _career_called(role, index)
    profile = read_profile(
        career,
        ", ".join(before.known) if known is None else known,
        before.hours_per_week if hours_per_week is None else hours_per_week,
        (before.budget or "") if budget is None else budget,
        careers=(career,) if career else (),
    )
    with open_store() as store:
        store.keep_profile(profile, owner=_OWNER)
    _tell(profile, as_json, "Nothing is said any more.")


@profile_app.command()
def erase(as_json: AsJson = False) -> None:
    """Delete what you said of yourself.

    Example: advisor profile erase
    """
    with open_store(is_new_needed=False) as store:
        count = store.erase_profile(owner=_OWNER)
    typer.echo(json_text({"erased": count}) if as_json else "Erased." if count else "There was nothing to erase.")


def own_profile() -> "Profile":
    """What the learner at this terminal said of themselves."""
    with open_store(is_new_needed=False) as store:
        return store.profile_of(owner=_OWNER)


def _career_called(role: str, index: Path | None) -> str | None:
    """The career's own name; none for an empty one."""
    from advisor.cli.shelf import open_shelf

    return open_shelf(index).role(role).name if role.strip() else None


def _tell(profile: "Profile", as_json: bool, nothing: str) -> None:
    from dataclasses import asdict

    from advisor.career.profile import in_short

    typer.echo(json_text(asdict(profile)) if as_json else in_short(profile) or nothing)
