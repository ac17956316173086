"""Looking for a conversation by words of its title, its questions and its answers."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from advisor.memory import Conversations, open_conversations
from advisor.memory.finding import holds_all, wanted_parts
from advisor.records import Answer, Status, Turn

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def keep(store: Conversations, name: str, question: str, text: str, *, owner: str = "ann", minutes: int = 0) -> None:
    asked_at = NOON + timedelta(minutes=minutes)
    store.append(name, Turn(question, Answer(question, Status.ANSWERED, text), asked_at), owner=owner)


@pytest.fixture
def store() -> Iterator[Conversations]:
    """A conversation on bread in two turns, a newer one on bees, and one of bob's."""
    with open_conversations(None) as conversations:
        keep(conversations, "bread", "How do I bake?", "Knead the **dough** [1].")
        keep(conversations, "bread", "And then?", "Wait for 2 hours.", minutes=1)
        keep(conversations, "bees", "What is a smoker?", "It calms bees; café \u201cHive\u201d, ἄλφα.", minutes=2)
        keep(conversations, "bread", "Rye?", "Bob's sourdough.", owner="bob")
        yield conversations


def found(store: Conversations, words: str, owner: str = "ann") -> list[str]:
    return [one.id for one in store.find(words, owner=owner)]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("dough", ["bread"]),
        ("SMOKER", ["bees"]),
        ("bake hours", ["bread"]),  # of two turns
        ("bake bees", []),
        ("calm", ["bees"]),
        ('"hive"', ["bees"]),
        ("ἌΛΦΑ", ["bees"]),
        ("is", ["bees"]),
        ("answered", []),  # of how an answer is kept, not of what it says
        ("sourdough", []),
        ("%", []),
        ("", ["bees", "bread"]),
        (" \u200b ", ["bees", "bread"]),
    ],
)
def test_all_words_must_stand_in_one_conversation_of_the_owner(
    store: Conversations, words: str, names: list[str]
) -> None:
    assert found(store, words) == names


def test_a_new_title_is_found_and_the_old_one_no_more(store: Conversations) -> None:
    keep(store, "long", "Why " + "so " * 30 + "long?", "Because.")
    store.rename("bees", "Winter plans", owner="ann")
    assert found(store, "winter") == ["bees"]
    assert found(store, "smoker") == ["bees"]  # its question still says so
    store.rename("long", "Short", owner="ann")
    assert found(store, "short") == ["long"]


def test_a_damaged_answer_hides_no_other_conversation(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with open_conversations(path) as conversations:
        keep(conversations, "a", "First?", "dough")
        keep(conversations, "b", "Second?", "dough", minutes=1)
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("UPDATE turns SET answer = '{' WHERE conversation = 'a'")
        assert found(conversations, "dough") == ["b"]
        assert found(conversations, "first") == ["a"]


def test_parts_are_in_one_form_and_each_is_looked_for_once() -> None:
    assert wanted_parts("  Ab ab\tC ") == ("ab", "c")
    assert holds_all((), [])
    assert holds_all(("ab", "c"), ["xaBx", "C"])
    assert not holds_all(("ab", "d"), ["xaBx", "C"])
