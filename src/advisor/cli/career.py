"""`advisor gap`, `advisor compare`, `advisor suits`: careers against a learner and each other. Needs no model."""

import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.options import AsJson, IndexDir, json_text
from advisor.cli.shelf import open_shelf
from advisor.errors import UsageError

if TYPE_CHECKING:
    from advisor.career.citing import Cited
    from advisor.career.shelf import Shelf
    from advisor.career.suits import Learner

_YES, _NO = frozenset({"y", "yes"}), frozenset({"n", "no"})
_NOTHING_SAID = (
    "there is nothing to go on; say something of yourself with --interests, --strengths, --dislikes, --known, "
    '--maths/--no-maths or --coding/--no-coding, for example: advisor suits --interests "puzzles, networks"'
)


class Format(StrEnum):
    """What is printed."""

    MD = "md"
    JSON = "json"


AsFormat = Annotated[Format, typer.Option("--format", help="Markdown, or JSON as with --json.")]
KnownSkills = Annotated[
    str, typer.Option("--known", metavar="A,B,C", help="Skills you have already, separated by commas.")
]


def gap(
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="The career you aim at.")],
    known: KnownSkills = "",
    as_format: AsFormat = Format.MD,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Show which skills of a career you have, which are missing, and the shortest way to each of these.

    Example: advisor gap --role "data analyst" --known "excel, python"
    """
    from advisor.career.gap import find_gap
    from advisor.career.wording import gap_text

    shelf = open_shelf(index)
    found = find_gap(shelf.role(role), shelf.known(known), shelf.roles)
    cited = shelf.cite(found)
    typer.echo(_json(found, cited) if as_json or as_format is Format.JSON else gap_text(found, cited))


def compare(
    roles: Annotated[list[str] | None, typer.Argument(metavar="ROLE ROLE …", help="Two to four careers.")] = None,
    as_format: AsFormat = Format.MD,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Set two to four careers side by side, field by field, each cell with its source.

    Example: advisor compare "data analyst" "data scientist"
    """
    from advisor.career.compare import compare_roles
    from advisor.career.wording import comparison_text

    shelf = open_shelf(index)
    found = compare_roles([shelf.role(name) for name in roles or ()])
    cited = shelf.cite(found)
    typer.echo(_json(found, cited) if as_json or as_format is Format.JSON else comparison_text(found, cited))


def suits(
    interests: Annotated[str, typer.Option("--interests", metavar="WORDS", help="What interests you.")] = "",
    strengths: Annotated[str, typer.Option("--strengths", metavar="WORDS", help="What you are good at.")] = "",
    dislikes: Annotated[str, typer.Option("--dislikes", metavar="WORDS", help="What you would rather not do.")] = "",
    known: KnownSkills = "",
    maths: Annotated[
        bool | None, typer.Option("--maths/--no-maths", help="Whether you are comfortable with mathematics.")
    ] = None,
    coding: Annotated[
        bool | None, typer.Option("--coding/--no-coding", help="Whether you are comfortable with coding.")
    ] = None,
    hours_per_week: Annotated[
        float | None, typer.Option("--hours-per-week", min=0.5, max=112, help="Hours a week you can give.")
    ] = None,
    as_format: AsFormat = Format.MD,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Rank careers by what you say of yourself, with the lines of the pages that speak for and against each.

    Example: advisor suits --interests "puzzles, networks" --strengths "patience" --dislikes "meetings"

    In a terminal it asks, if you give none of these: advisor suits
    """
    from advisor.career.suits import Learner, rank_careers
    from advisor.career.wording import ranking_text

    shelf = open_shelf(index)
    learner = Learner(interests, strengths, dislikes, shelf.known(known), maths, coding, hours_per_week)
    if learner.is_silent and not as_json and sys.stdin.isatty():
        learner = ask_learner(lambda question: str(typer.prompt(question, default="", show_default=False)), shelf)
    if learner.is_silent:
        raise UsageError(_NOTHING_SAID)
    found = rank_careers(learner, shelf.roles)
    cited = shelf.cite(found)
    typer.echo(_json(found, cited) if as_json or as_format is Format.JSON else ranking_text(found, cited))


# --- what the commands read -----------------------------------------------------------------------


def _json(found: object, cited: "Cited") -> str:
    from dataclasses import asdict

    from advisor.career.citing import as_json

    return json_text(as_json(found, cited) | {"citations": [asdict(citation) for citation in cited.values()]})


# --- the questions --------------------------------------------------------------------------------


def ask_learner(ask: Callable[[str], str], shelf: "Shelf") -> "Learner":
    """What a learner answers to seven questions; an empty answer says nothing. `ask` shows one and gives the reply."""
    from advisor.career.suits import Learner, examples

    return Learner(
        interests=ask(_with_examples("What interests you?", examples(shelf.roles, "Interests"))),
        strengths=ask(_with_examples("What are you good at?", examples(shelf.roles, "Strengths"))),
        dislikes=ask("What would you rather not do at work?"),
        known=shelf.known(ask("Which skills do you have already? Separate them by commas")),
        likes_maths=_ask_whether(ask, "Are you comfortable with mathematics? yes, no or nothing"),
        likes_coding=_ask_whether(ask, "Are you comfortable with coding? yes, no or nothing"),
        hours_per_week=_ask_hours(ask),
    )


def _with_examples(question: str, phrases: Sequence[str]) -> str:
    return f"{question} For example {'; '.join(phrases)}" if phrases else question


def _ask_whether(ask: Callable[[str], str], question: str) -> bool | None:
    """Yes or no, asked until it is one of them or nothing."""
    while True:
        reply = ask(question).strip().casefold()
        if not reply:
            return None
        if reply in _YES | _NO:
            return reply in _YES


def _ask_hours(ask: Callable[[str], str]) -> float | None:
    """A number of hours, asked until it is one or nothing."""
    while True:
        reply = ask("How many hours a week can you give? A number or nothing").strip()
        if not reply:
            return None
        if reply.replace(".", "", 1).isdecimal() and float(reply) > 0:
            return float(reply)
