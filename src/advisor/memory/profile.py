"""The row in which a learner's profile is kept: its statements, and the way from a profile to its row and back.

Knows nothing of transactions or of who may see what; `Conversations` runs the statements.
"""

import json
from typing import TYPE_CHECKING, Any

from advisor.records import Profile
from advisor.text import visible

if TYPE_CHECKING:
    from sqlalchemy import Row

KEEP_PROFILE = (
    "INSERT INTO profiles (owner, role, known, hours_per_week, budget)"
    " VALUES (:owner, :role, :known, :hours_per_week, :budget)"
    " ON CONFLICT (owner) DO UPDATE SET role = excluded.role, known = excluded.known,"
    " hours_per_week = excluded.hours_per_week, budget = excluded.budget"
)
READ_PROFILE = "SELECT role, known, hours_per_week, budget FROM profiles WHERE owner = :owner"
ERASE_PROFILE = "DELETE FROM profiles WHERE owner = :owner"


def row_of(profile: Profile) -> dict[str, Any]:
    """The values of `KEEP_PROFILE`, hidden characters taken out."""
    return {
        "role": _clean(profile.role),
        "known": json.dumps([visible(one) for one in profile.known]),
        "hours_per_week": profile.hours_per_week,
        "budget": _clean(profile.budget),
    }


def profile_of(row: "Row[Any]") -> Profile:
    """The profile in a row of `READ_PROFILE`; raises ValueError where its skills are no list."""
    known = json.loads(row.known)
    if not isinstance(known, list):
        raise ValueError("its skills are no list")
    return Profile(row.role, tuple(map(str, known)), row.hours_per_week, row.budget)


def _clean(text: str | None) -> str | None:
    return None if text is None else visible(text)
