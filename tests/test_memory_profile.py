"""The profile in the store: whole, per owner, replaced and erased."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from advisor.errors import StoreError
from advisor.memory import Conversations, open_conversations
from advisor.records import Answer, Profile, Status, Turn

FULL = Profile("Beekeeper", ("smoke", "Höhe"), 7.5, "EUR 50")


@pytest.fixture
def store() -> Iterator[Conversations]:
    with open_conversations(None) as conversations:
        yield conversations


@pytest.mark.parametrize("profile", [FULL, Profile(), Profile(known=("smoke",)), Profile(hours_per_week=8)])
def test_a_profile_survives_closing_and_opening_again(tmp_path: Path, profile: Profile) -> None:
    with open_conversations(tmp_path / "c.db") as conversations:
        conversations.keep_profile(profile, owner="ann")
    with open_conversations(tmp_path / "c.db") as conversations:
        assert conversations.profile_of(owner="ann") == profile


def test_who_said_nothing_has_an_empty_profile(store: Conversations) -> None:
    assert store.profile_of(owner="ann") == Profile()


def test_a_second_profile_replaces_the_whole_of_the_first(store: Conversations) -> None:
    store.keep_profile(FULL, owner="ann")
    store.keep_profile(Profile("Baker"), owner="ann")
    assert store.profile_of(owner="ann") == Profile("Baker")


def test_a_profile_is_its_owners_alone(store: Conversations) -> None:
    store.keep_profile(FULL, owner="ann")
    store.keep_profile(Profile("Baker"), owner="bob")
    assert store.profile_of(owner="eve") == Profile()
    assert store.erase_profile(owner="eve") == 0
    assert store.erase_profile(owner="ann") == 1
    assert store.profile_of(owner="ann") == Profile()
    assert store.profile_of(owner="bob") == Profile("Baker")


def test_a_profile_goes_with_everything_of_its_owner_but_not_with_a_conversation(store: Conversations) -> None:
    for owner in ("ann", "bob"):
        store.append("c", Turn("How?", Answer("How?", Status.ANSWERED, "So."), datetime.now(UTC)), owner=owner)
        store.keep_profile(FULL, owner=owner)
    store.delete("c", owner="ann")
    assert store.profile_of(owner="ann") == FULL
    store.delete_all("ann")
    assert store.profile_of(owner="ann") == Profile()
    assert store.profile_of(owner="bob") == FULL


def test_hidden_characters_are_not_kept(store: Conversations) -> None:
    store.keep_profile(Profile("Bee\u200bkeeper", ("sm\x00oke",)), owner="ann")
    assert store.profile_of(owner="ann") == Profile("Beekeeper", ("smoke",))


def test_an_erased_profile_is_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with open_conversations(path) as conversations:
        conversations.keep_profile(Profile(known=("canary-7391",)), owner="ann")
        assert b"canary-7391" in path.read_bytes()
        conversations.erase_profile(owner="ann")
    assert b"canary-7391" not in path.read_bytes()


@pytest.mark.parametrize("known", ["no list", '{"a": 1}'])
def test_a_profile_of_a_newer_version_is_named_and_can_be_erased(tmp_path: Path, known: str) -> None:
    path = tmp_path / "c.db"
    with open_conversations(path) as conversations:
        conversations.keep_profile(FULL, owner="ann")
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("UPDATE profiles SET known = ?", (known,))
        with pytest.raises(StoreError, match="the profile in"):
            conversations.profile_of(owner="ann")
        assert conversations.erase_profile(owner="ann") == 1
