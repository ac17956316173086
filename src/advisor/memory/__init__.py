"""Conversations, what people thought of the answers, how far they are with a career and who they are, in SQLite."""

from advisor.memory.backup import back_up, check_file
from advisor.memory.conversations import IDENTIFIER_CHARS, TITLE_CHARS, Conversations, open_conversations
from advisor.memory.feedback import REASON_CHARS, Feedback, Rated, Thumb
from advisor.memory.owned import Owned, export_text
from advisor.memory.schema import SCHEMA_VERSION

__all__ = [
    "IDENTIFIER_CHARS",
    "REASON_CHARS",
    "SCHEMA_VERSION",
    "TITLE_CHARS",
    "Conversations",
    "Feedback",
    "Owned",
    "Rated",
    "Thumb",
    "back_up",
    "check_file",
    "export_text",
    "open_conversations",
]
