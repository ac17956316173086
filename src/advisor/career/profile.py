"""What a learner says of themselves: read from fields or options and checked, and told in a few words.

Errors name the options of `advisor profile set`, as those of a plan do. Knows nothing of where a profile is kept.
"""

import re
from collections.abc import Collection

from advisor.career.planned import pace_words
from advisor.career.purse import read_budget
from advisor.career.request import check_pace
from advisor.errors import UsageError
from advisor.records import Profile
from advisor.text import normalise, visible

KNOWN_CHARS = 1000


def read_profile(
    role: str | None, known: str, hours_per_week: float | None, budget: str, *, careers: Collection[str]
) -> Profile:
    """The profile in these words; what is empty was not said.

    `role` must be one of `careers`. Raises UsageError for what cannot be meant.
    """
    if role and role not in careers:
        raise UsageError(f"--role {role!r} is no career of these pages; choose one of theirs")
    if hours_per_week is not None:
        check_pace(hours_per_week)
    amount = " ".join(visible(budget).split())
    if amount:
        read_budget(amount)
    return Profile(role or None, read_skills(known), hours_per_week, amount or None)


def read_skills(text: str) -> tuple[str, ...]:
    """Skills set apart by commas, semicolons or lines, each once; UsageError for more than 1000 characters."""
    text = visible(text)
    if len(text) > KNOWN_CHARS:
        raise UsageError(f"--known has {len(text)} characters: list what matters in {KNOWN_CHARS} or fewer")
    named = (" ".join(part.split()) for part in re.split(r"[,;\n]", text))
    first: dict[str, str] = {}
    for name in filter(None, named):
        first.setdefault(normalise(name), name)
    return tuple(first.values())


def in_short(profile: Profile) -> str:
    """What was said, on one line; empty where that is nothing."""
    said = (
        profile.role,
        f"knows {', '.join(profile.known)}" if profile.known else None,
        pace_words(profile.hours_per_week) if profile.hours_per_week is not None else None,
        f"budget {profile.budget}" if profile.budget is not None else None,
    )
    return " · ".join(filter(None, said))
