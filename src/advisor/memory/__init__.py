"""Conversations, what people thought of the answers, and how far they are with a career, in SQLite."""

from advisor.memory.conversations import IDENTIFIER_CHARS, TITLE_CHARS, Conversations, open_conversations
from advisor.memory.feedback import REASON_CHARS, Feedback, Rated, Thumb
from advisor.memory.schema import SCHEMA_VERSION

__all__ = [
    "IDENTIFIER_CHARS",
    "REASON_CHARS",
    "SCHEMA_VERSION",
    "TITLE_CHARS",
    "Conversations",
    "Feedback",
    "Rated",
    "Thumb",
    "open_conversations",
]
