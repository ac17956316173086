"""Everything that is kept about an owner, whatever the tables are: counted, handed out, forgotten.

Any table with a column `owner` counts, so that a table added later is neither left out of an export nor kept after a
deletion. Knows nothing of turns or marks; `Conversations` runs these in its transactions.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from advisor.memory.schema import JSON_COLUMNS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Table

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Owned:
    """How many rows of each table are an owner's; tables without any are left out."""

    owner: str
    rows: Mapping[str, int]


def count_owned(connection: "Connection") -> tuple[Owned, ...]:
    """What is kept about each owner, in numbers, by the owners' names."""
    from sqlalchemy import func, select

    counts: dict[str, dict[str, int]] = {}
    for table in _tables(connection):
        for row in connection.execute(select(table.c.owner, func.count()).group_by(table.c.owner)):
            counts.setdefault(row[0], {})[table.name] = row[1]
    return tuple(Owned(owner, counts[owner]) for owner in sorted(counts))


def rows_of(connection: "Connection", owner: str) -> dict[str, Rows]:
    """Every row that is this owner's, by table and in the order of the tables' keys, without the owner's name."""
    from sqlalchemy import select

    found = {}
    for table in _tables(connection):
        rows = connection.execute(select(table).where(table.c.owner == owner).order_by(*table.primary_key.columns))
        found[table.name] = [_plain(row) for row in rows]
    return found


def forget_owner(connection: "Connection", owner: str) -> Owned:
    """Delete every row that is this owner's; what there was."""
    gone = {}
    for table in reversed(_tables(connection)):  # rows that refer to others go before these
        if count := connection.execute(table.delete().where(table.c.owner == owner)).rowcount:
            gone[table.name] = count
    return Owned(owner, gone)


def forget_before(connection: "Connection", moment: str) -> int:
    """Delete the conversations of all owners that nothing was added to since then; how many there were."""
    from sqlalchemy import text

    statement = text("DELETE FROM conversations WHERE updated_at < :moment")
    return connection.execute(statement, {"moment": moment}).rowcount


def export_text(owner: str, tables: Mapping[str, Rows], exported_at: datetime) -> str:
    """What is kept about an owner as JSON that a person can read, with a line break at its end."""
    whole = {"owner": owner, "exported_at": exported_at.isoformat(timespec="seconds"), **tables}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _tables(connection: "Connection") -> "Sequence[Table]":
    """The tables whose rows are somebody's, none before one that it refers to."""
    from sqlalchemy import MetaData

    schema = MetaData()
    schema.reflect(connection)
    return [table for table in schema.sorted_tables if "owner" in table.c]


def _plain(row: "Row[Any]") -> dict[str, Any]:
    values = {name: value for name, value in row._mapping.items() if name != "owner"}
    return {name: _read_json(value) if name in JSON_COLUMNS else value for name, value in values.items()}


def _read_json(value: Any) -> Any:
    """The value that a text spells; a text that spells none is handed out as it is."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value
