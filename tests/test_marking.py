"""Marks on items: set in place of all before, whoever spelt the item how."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from advisor.career.marks import ItemState, Mark
from advisor.memory import Conversations, open_conversations
from advisor.memory.marking import set_mark, take_mark_back

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[Conversations]:
    with open_conversations(None) as conversations:
        yield conversations


def test_a_mark_takes_the_place_of_one_under_an_older_spelling(store: Conversations) -> None:
    store.set_progress("Baker", Mark("FIRE", "the Guild", ItemState.SKIPPED, NOW), owner="anna")
    store.set_progress("Baker", Mark("Dough", "", ItemState.DONE, NOW), owner="anna")
    set_mark(store, "Baker", Mark("Fire", "the Guild", ItemState.DONE, NOW), owner="anna")
    kept = {(mark.item, mark.state) for mark in store.progress_of("Baker", owner="anna")}
    assert kept == {("Fire", ItemState.DONE), ("Dough", ItemState.DONE)}


def test_taking_back_forgets_every_spelling_and_nobody_elses_mark(store: Conversations) -> None:
    for item, owner in (("Fire", "anna"), ("FIRE", "anna"), ("Fire", "bert")):
        store.set_progress("Baker", Mark(item, "", ItemState.DONE, NOW), owner=owner)
    take_mark_back(store, "Baker", "fire", "", owner="anna")
    assert store.progress_of("Baker", owner="anna") == ()
    assert len(store.progress_of("Baker", owner="bert")) == 1
