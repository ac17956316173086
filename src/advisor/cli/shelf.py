"""The careers of the index, for the commands about plans, gaps and progress. Needs no model. Knows no command."""

from pathlib import Path
from typing import TYPE_CHECKING

from advisor.cli.options import read_settings

if TYPE_CHECKING:
    from advisor.career.shelf import Shelf


def open_shelf(index: Path | None) -> "Shelf":
    """The shelf of the index in this folder, of that of the settings if None."""
    from advisor.career.shelf import read_shelf
    from advisor.index.publish import open_snapshot

    snapshot = open_snapshot(read_settings(index_dir=index).index_dir)
    return read_shelf(snapshot.documents, snapshot.passages)
