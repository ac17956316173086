"""`advisor eval draft`: what people thought of answers, as drafts of evaluation questions.

The only command of `eval` that reads the kept conversations. Knows nothing of what a draft holds.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.options import AsJson, json_text, read_settings
from advisor.errors import UsageError

if TYPE_CHECKING:
    from advisor.memory import Rated

DRAFTS_FILE = "drafts.jsonl"


def draft(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=f"File to add to; {DRAFTS_FILE} in the data folder if not given."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Draft answers with a thumbs-up as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Turn every thumbs-down of the chat into a draft of a question for `advisor eval run`.

    A draft lacks the facts of a right answer, and no run takes it before somebody has added them. Drafts that the file
    holds already are kept as they are. They are what people typed: read them before you pass them on.

    Example: advisor eval draft --out eval/drafts.jsonl
    """
    from advisor.evaluation.draft import add_drafts, draft_json, make_drafts

    data_dir = read_settings().data_dir
    path = out or data_dir / DRAFTS_FILE
    drafts = make_drafts(_rated(data_dir / "conversations.db"), today=date.today(), also_good=everything)
    added = add_drafts(path, drafts)
    held = len(drafts) - len(added)
    if as_json:
        typer.echo(json_text({"out": str(path), "held": held, "added": list(map(draft_json, added))}))
        return
    typer.echo(f"{len(added)} drafts added to {path}, {held} were there already")
    if added:
        typer.echo("to complete: add the nuggets, check kind, expected and gold, remove the key 'draft'")


def _rated(database: Path) -> "tuple[Rated, ...]":
    from advisor.memory import open_conversations

    if not database.is_file():
        folder = str(database.parent)
        raise UsageError(f"no conversations are kept in {folder!r}; set ADVISOR_DATA_DIR to the folder that holds them")
    with open_conversations(database) as conversations:
        return conversations.all_feedback()
