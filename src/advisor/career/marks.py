"""What a learner says of the items of a career: done, in progress or skipped. Plain data.

Knows nothing of plans, of pages or of where marks are kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from advisor.errors import UsageError
from advisor.text import normalise


class ItemState(StrEnum):
    """How far a learner is with an item; of an item without a mark nothing is known."""

    DONE = "done"
    IN_PROGRESS = "in progress"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ItemKey:
    """An item by its normalised name and provider, so that a mark still finds it once its page has been edited."""

    name: str
    provider: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of one item, as its page spells it; `provider` is empty where the page names none."""

    item: str
    provider: str
    state: ItemState
    changed_at: datetime

    @property
    def key(self) -> ItemKey:
        """The item it is about."""
        return item_key(self.item, self.provider)


States = Mapping[ItemKey, Mark]


def item_key(name: str, provider: str | None) -> ItemKey:
    """The key of an item; spellings that differ in case, quotes or hyphens alone have the same."""
    return ItemKey(normalise(name), normalise(provider or ""))


def states_of(marks: Iterable[Mark]) -> States:
    """The marks by item; of two for one item the later stands."""
    return {mark.key: mark for mark in sorted(marks, key=lambda one: one.changed_at)}


def read_state(words: str) -> ItemState | None:
    """The state in "done", "in-progress" or "skipped"; None for "open", which takes a mark back. Else UsageError."""
    wanted = normalise(words).replace("-", " ")
    if wanted == "open":
        return None
    try:
        return ItemState(wanted)
    except ValueError as error:
        raise UsageError(f"the state {words!r} is none of: done, in-progress, skipped, open") from error
