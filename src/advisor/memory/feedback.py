"""What people thought of answers: a thumb and a reason, as plain data.

Knows nothing of the database or of where a thumb is pressed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from advisor.errors import UsageError
from advisor.records import Turn
from advisor.text import content_hash, visible

REASON_CHARS = 1000
_KEY_CHARS = 12


class Thumb(StrEnum):
    """Whether an answer was found good."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the owner of a conversation thinks of one of its turns; `number` counts them from 1."""

    conversation: str
    number: int
    thumb: Thumb
    reason: str  # empty where none was given
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Rated:
    """Feedback with the turn it is about and the questions asked before that, oldest first.

    `key` names the turn for good and does not give its owner away: who knows an owner's name can read everything.
    """

    key: str
    feedback: Feedback
    turn: Turn
    history: tuple[str, ...]


def cleaned_reason(reason: str) -> str:
    """The reason without hidden characters and outer space; UsageError for more than 1000 characters."""
    clean = visible(reason).strip()
    if len(clean) > REASON_CHARS:
        raise UsageError(f"the reason has {len(clean)} characters: say it in {REASON_CHARS} or fewer.")
    return clean


def turn_key(owner: str, conversation: str, turn: Turn) -> str:
    """A name for a turn: the same at every reading, another once the question was asked again."""
    return content_hash("\n".join((owner, conversation, turn.asked_at.isoformat(), turn.question)))[:_KEY_CHARS]
