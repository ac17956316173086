"""The rows in which a learner's marks are kept: their statements, and the way from a mark to its row and back.

Knows nothing of transactions or of who may see what; `Conversations` runs the statements.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from advisor.career.marks import ItemState, Mark

if TYPE_CHECKING:
    from sqlalchemy import Row

KEEP_MARK = (
    "INSERT INTO progress (owner, career, item, provider, state, changed_at)"
    " VALUES (:owner, :career, :item, :provider, :state, :now)"
    " ON CONFLICT (owner, career, item, provider) DO UPDATE SET"
    " state = excluded.state, changed_at = excluded.changed_at"
)
READ_MARKS = (
    "SELECT item, provider, state, changed_at FROM progress"
    " WHERE owner = :owner AND career = :career ORDER BY changed_at, item, provider"
)
FORGET_ALL = "DELETE FROM progress WHERE owner = :owner"
FORGET_CAREER = f"{FORGET_ALL} AND career = :career"
FORGET_ITEM = f"{FORGET_CAREER} AND item = :item AND provider = :provider"


def mark_of(row: "Row[Any]") -> Mark:
    """The mark in a row of `READ_MARKS`; raises ValueError where its state or its moment is none."""
    return Mark(row.item, row.provider, ItemState(row.state), datetime.fromisoformat(row.changed_at))
