"""Conversations: order, owners, restarts, damage, many writers."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from advisor.career.marks import ItemState, Mark
from advisor.errors import StoreError, UsageError
from advisor.memory import (
    REASON_CHARS,
    SCHEMA_VERSION,
    TITLE_CHARS,
    Conversations,
    Feedback,
    Thumb,
    open_conversations,
)
from advisor.records import Answer, Citation, Claim, Profile, RankedPassage, Status, Timings, Turn

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def turn(question: str, text: str = "12 weeks [1].", minutes: int = 0) -> Turn:
    answer = Answer(
        question=question,
        status=Status.ANSWERED,
        text=text,
        claims=(Claim(text, (1,), True),),
        citations=(Citation(1, "a.md#time#00", "a.md", "A > B", None, "12 weeks", "A page", 3),),
        hits=(RankedPassage("a.md#time#00", "a.md", 0.5),),
        notes=("a note",),
        timings_ms=Timings(1.0, 2.0, 3.0),
    )
    return Turn(question, answer, NOON + timedelta(minutes=minutes))


def test_turns_come_back_equal_and_in_the_order_asked(tmp_path: Path) -> None:
    asked = tuple(turn(f"Question {n}?", f"Text {n} with \U0001f600, \x00 and ünïcode [1].") for n in range(5))
    with open_conversations(tmp_path / "c.db") as conversations:
        for one in asked:
            conversations.append("c", one, owner="ann")
        assert conversations.turns("c", owner="ann") == asked


def test_turns_survive_closing_and_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "c.db"
    with open_conversations(path) as conversations:
        conversations.append("c", turn("How long?"), owner="ann")
    with open_conversations(path) as conversations:
        assert conversations.turns("c", owner="ann") == (turn("How long?"),)


def test_in_memory_nothing_is_shared_between_two_stores() -> None:
    with open_conversations(None) as one, open_conversations(None) as other:
        one.append("c", turn("How long?"), owner="ann")
        assert len(one.turns("c", owner="ann")) == 1
        assert other.list("ann") == ()


def test_the_list_is_newest_first_and_titled_by_the_first_question() -> None:
    with open_conversations(None) as conversations:
        conversations.append("old", turn("First question?", minutes=0), owner="ann")
        conversations.append("new", turn("Other question?", minutes=1), owner="ann")
        assert [c.id for c in conversations.list("ann")] == ["new", "old"]
        conversations.append("old", turn("A follow-up?", minutes=2), owner="ann")
        listed = conversations.list("ann")
    assert [(c.id, c.title) for c in listed] == [("old", "First question?"), ("new", "Other question?")]
    assert listed[0].updated_at == NOON + timedelta(minutes=2)


@pytest.mark.parametrize("question", ["word " * 50, "x" * 500, "one\ntwo\tthree " * 20])
def test_a_long_question_becomes_a_short_one_line_title(question: str) -> None:
    with open_conversations(None) as conversations:
        conversations.append("c", turn(question), owner="ann")
        title = conversations.list("ann")[0].title
    assert len(title) <= TITLE_CHARS
    assert title.endswith("…")
    assert len(title) > TITLE_CHARS // 2
    assert "\n" not in title


def test_a_lone_surrogate_in_a_question_is_kept_as_a_replacement_character() -> None:
    with open_conversations(None) as conversations:
        conversations.append("c", turn("bad \ud800 text"), owner="ann")
        assert conversations.turns("c", owner="ann")[0].question == "bad \N{REPLACEMENT CHARACTER} text"


def test_an_owner_never_sees_or_changes_what_another_owns() -> None:
    with open_conversations(None) as conversations:
        conversations.append("c", turn("Ann's question?"), owner="ann")
        conversations.append("c", turn("Bob's question?"), owner="bob")
        assert [t.question for t in conversations.turns("c", owner="ann")] == ["Ann's question?"]
        assert conversations.turns("c", owner="eve") == ()
        assert conversations.list("eve") == ()
        conversations.delete("c", owner="eve")
        conversations.truncate("c", 0, owner="eve")
        conversations.delete_all("bob")
        with pytest.raises(UsageError, match="no conversation"):
            conversations.rename("c", "Mine now", owner="eve")
        assert conversations.list("bob") == ()
        assert [c.title for c in conversations.list("ann")] == ["Ann's question?"]


def test_rename_delete_and_truncate_touch_one_conversation_only() -> None:
    with open_conversations(None) as conversations:
        for name in ("a", "b"):
            for n in range(3):
                conversations.append(name, turn(f"{name}{n}?"), owner="ann")
        conversations.rename("a", "Better title", owner="ann")
        conversations.truncate("a", 1, owner="ann")
        assert [t.question for t in conversations.turns("a", owner="ann")] == ["a0?"]
        assert len(conversations.turns("b", owner="ann")) == 3
        conversations.append("a", turn("a1 again?"), owner="ann")
        assert [t.question for t in conversations.turns("a", owner="ann")] == ["a0?", "a1 again?"]
        conversations.delete("b", owner="ann")
        assert [(c.id, c.title) for c in conversations.list("ann")] == [("a", "Better title")]
        conversations.truncate("a", 0, owner="ann")
        assert conversations.list("ann") == ()


@pytest.mark.parametrize("owner", ["", "x" * 201, "\ud800", "a\x00b"])
def test_an_owner_that_is_no_identifier_is_refused(owner: str) -> None:
    with open_conversations(None) as conversations, pytest.raises(UsageError, match="owner"):
        conversations.list(owner)


def test_deleted_words_are_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with open_conversations(path) as conversations:
        for n in range(20):
            conversations.append("c", turn(f"canary-7391 {n}?"), owner="ann")
        assert b"canary-7391" in path.read_bytes()
        conversations.delete_all("ann")
    assert not [file for file in tmp_path.iterdir() if b"canary-7391" in file.read_bytes()]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_a_new_file_is_readable_by_its_user_alone(tmp_path: Path) -> None:
    open_conversations(tmp_path / "c.db").close()
    assert (tmp_path / "c.db").stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    path.write_bytes(b"this is not a database, " * 200)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="Move the file"):
        open_conversations(path)
    assert path.read_bytes() == before


def test_a_damaged_database_is_refused_and_never_answers_wrongly(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with open_conversations(path) as conversations:
        for n in range(50):
            conversations.append("c", turn(f"Question {n}?"), owner="ann")
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreError, match=r"c\.db"), open_conversations(path) as conversations:
        conversations.turns("c", owner="ann")


def test_a_newer_schema_is_refused_with_the_cure_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with open_conversations(path) as conversations:
        conversations.append("c", turn("How long?"), owner="ann")
    with sqlite3.connect(path) as raw:
        raw.execute("INSERT INTO schema_version VALUES (?)", (SCHEMA_VERSION + 1,))
    raw.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="update career-advisor"):
        open_conversations(path)
    assert path.read_bytes() == before


def test_a_turn_written_in_an_unknown_form_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with open_conversations(path) as conversations:
        conversations.append("c", turn("How long?"), owner="ann")
        raw = sqlite3.connect(path)
        with raw:
            raw.execute("UPDATE turns SET answer = '{}'")
        raw.close()
        with pytest.raises(StoreError, match="turn 1 of conversation 'c'"):
            conversations.turns("c", owner="ann")


def test_a_place_that_cannot_hold_a_file_is_refused_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="ADVISOR_DATA_DIR"):
        open_conversations(tmp_path / "file" / "c.db")


@pytest.mark.parametrize("on_disk", [True, False])
def test_many_threads_lose_no_turn(tmp_path: Path, on_disk: bool) -> None:
    with open_conversations(tmp_path / "c.db" if on_disk else None) as conversations:

        def write(name: str) -> None:
            for n in range(10):
                conversations.append("shared", turn(f"{name}-{n}"), owner="ann")

        threads = [threading.Thread(target=write, args=(f"t{n}",)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        questions = [t.question for t in conversations.turns("shared", owner="ann")]
    assert sorted(questions) == sorted(f"t{t}-{n}" for t in range(8) for n in range(10))


_WRITER = """
import sys
from pathlib import Path
from datetime import UTC, datetime
from advisor.memory import open_conversations
from advisor.records import Answer, Status, Turn
with open_conversations(Path(sys.argv[1])) as conversations:
    for n in range(int(sys.argv[3])):
        question = f"{sys.argv[2]}-{n}"
        turn = Turn(question, Answer(question, Status.ANSWERED, "yes"), datetime.now(UTC))
        conversations.append("shared", turn, owner="ann")
        print(question, flush=True)
"""


def _writer(path: Path, name: str, turns: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", _WRITER, str(path), name, str(turns)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_several_processes_opening_and_writing_one_file_lose_no_turn(tmp_path: Path) -> None:
    writers = [_writer(tmp_path / "c.db", f"p{n}", 40) for n in range(4)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.close()
    with open_conversations(tmp_path / "c.db") as conversations:
        assert len({t.question for t in conversations.turns("shared", owner="ann")}) == 160


def test_a_killed_process_loses_no_turn_it_was_told_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    told: list[str] = []
    for attempt in range(3):
        writer = _writer(path, f"k{attempt}", 100_000)
        assert writer.stdout is not None
        told += [writer.stdout.readline().strip() for _ in range(20 + 7 * attempt)]
        writer.kill()
        told += writer.stdout.read().split("\n")[:-1]  # the last line may be cut short
        writer.wait()
        writer.stdout.close()
    with open_conversations(path) as conversations:
        kept = [t.question for t in conversations.turns("shared", owner="ann")]
    assert set(told) <= set(kept)
    assert len(kept) == len(set(kept)) <= len(told) + 3


# --- feedback ------------------------------------------------------------------------------------


def rate(
    store: Conversations, number: int, thumb: Thumb, reason: str = "", *, owner: str = "ann", minutes: int = 0
) -> None:
    store.give_feedback("c", number, thumb, reason, owner=owner, given_at=NOON + timedelta(minutes=minutes))


@pytest.fixture
def store() -> Iterator[Conversations]:
    """Two turns of ann's and one of bob's, in conversations of the same name."""
    with open_conversations(None) as conversations:
        for owner, question in (("ann", "First?"), ("ann", "Second?"), ("bob", "Bob's?")):
            conversations.append("c", turn(question), owner=owner)
        yield conversations


def test_feedback_comes_back_in_the_order_of_the_turns(store: Conversations) -> None:
    rate(store, 2, Thumb.DOWN, " too \u200bold\x00 ", minutes=1)
    rate(store, 1, Thumb.UP, minutes=2)
    assert store.feedback_of("c", owner="ann") == (
        Feedback("c", 1, Thumb.UP, "", NOON + timedelta(minutes=2)),
        Feedback("c", 2, Thumb.DOWN, "too old", NOON + timedelta(minutes=1)),
    )
    assert store.feedback_of("c", owner="bob") == ()


def test_a_second_verdict_replaces_the_first_and_its_reason(store: Conversations) -> None:
    rate(store, 1, Thumb.DOWN, "wrong")
    rate(store, 1, Thumb.UP, minutes=5)
    assert store.feedback_of("c", owner="ann") == (Feedback("c", 1, Thumb.UP, "", NOON + timedelta(minutes=5)),)


def test_withdrawn_feedback_is_gone_and_withdrawing_twice_is_fine(store: Conversations) -> None:
    rate(store, 1, Thumb.DOWN)
    rate(store, 1, Thumb.UP, owner="bob")
    for _ in range(2):
        store.withdraw_feedback("c", 1, owner="ann")
    assert store.feedback_of("c", owner="ann") == ()
    assert len(store.feedback_of("c", owner="bob")) == 1


@pytest.mark.parametrize(("number", "owner"), [(0, "ann"), (3, "ann"), (2, "bob"), (1, "eve")])
def test_only_ones_own_turns_can_be_rated(store: Conversations, number: int, owner: str) -> None:
    with pytest.raises(UsageError, match="cannot be rated"):
        rate(store, number, Thumb.DOWN, owner=owner)
    assert store.all_feedback() == ()


def test_a_reason_is_at_most_as_long_as_allowed(store: Conversations) -> None:
    rate(store, 1, Thumb.DOWN, "x" * REASON_CHARS + " \u200b")
    with pytest.raises(UsageError, match="1001 characters"):
        rate(store, 1, Thumb.DOWN, "x" * (REASON_CHARS + 1))
    assert store.feedback_of("c", owner="ann")[0].reason == "x" * REASON_CHARS


def test_feedback_goes_with_its_turn_and_its_conversation(store: Conversations) -> None:
    for number, owner in ((1, "ann"), (2, "ann"), (1, "bob")):
        rate(store, number, Thumb.DOWN, owner=owner)
    store.truncate("c", 1, owner="ann")
    store.append("c", turn("Second again?"), owner="ann")
    assert [given.number for given in store.feedback_of("c", owner="ann")] == [1]
    store.delete("c", owner="ann")
    store.delete_all("bob")
    assert store.all_feedback() == ()


def test_all_feedback_has_the_turn_and_what_was_asked_before_but_no_owner(store: Conversations) -> None:
    rate(store, 2, Thumb.DOWN, "wrong", minutes=2)
    rate(store, 1, Thumb.UP, owner="bob", minutes=1)
    bobs, anns = store.all_feedback()
    assert (anns.turn, anns.history, anns.feedback.reason) == (turn("Second?"), ("First?",), "wrong")
    assert (bobs.turn, bobs.history, bobs.feedback.thumb) == (turn("Bob's?"), (), Thumb.UP)
    assert "ann" not in repr(anns)


def test_the_key_of_a_rated_turn_stays_until_it_is_asked_again(store: Conversations) -> None:
    rate(store, 2, Thumb.DOWN)
    (before,) = store.all_feedback()
    rate(store, 2, Thumb.DOWN, "wrong", minutes=5)
    (after,) = store.all_feedback()
    assert before.key == after.key
    store.truncate("c", 1, owner="ann")
    store.append("c", turn("Second?", minutes=9), owner="ann")
    rate(store, 2, Thumb.DOWN)
    assert store.all_feedback()[0].key != before.key


# --- progress ------------------------------------------------------------------------------------


def mark(item: str, state: ItemState = ItemState.DONE, *, provider: str = "", minutes: int = 0) -> Mark:
    return Mark(item, provider, state, NOON + timedelta(minutes=minutes))


def test_marks_come_back_in_the_order_set_and_of_one_career_alone(store: Conversations) -> None:
    begun = mark("Bees", ItemState.IN_PROGRESS, provider="The Guild", minutes=1)
    for one in (mark("Wasps", minutes=2), begun):
        store.set_progress("Beekeeper", one, owner="ann")
    store.set_progress("Baker", mark("Bread", ItemState.SKIPPED), owner="ann")
    assert store.progress_of("Beekeeper", owner="ann") == (begun, mark("Wasps", minutes=2))
    assert store.progress_of("Beekeeper", owner="bob") == ()


def test_a_second_mark_replaces_the_first_and_another_provider_is_another_item(store: Conversations) -> None:
    for one in (mark("Bees"), mark("Bees", ItemState.SKIPPED, minutes=5), mark("Bees", provider="The Guild")):
        store.set_progress("Beekeeper", one, owner="ann")
    kept = store.progress_of("Beekeeper", owner="ann")
    assert kept == (mark("Bees", provider="The Guild"), mark("Bees", ItemState.SKIPPED, minutes=5))


def test_progress_is_deleted_by_item_by_career_and_whole_but_never_anothers(store: Conversations) -> None:
    for owner in ("ann", "bob"):
        for career in ("Beekeeper", "Baker", "Gardener"):
            store.set_progress(career, mark("Hive"), owner=owner)
            store.set_progress(career, mark("Hive", provider="The Guild"), owner=owner)
    assert store.clear_mark("Beekeeper", "Hive", "", owner="ann") == 1
    assert store.clear_mark("Beekeeper", "Hive", "", owner="ann") == 0
    assert store.progress_of("Beekeeper", owner="ann") == (mark("Hive", provider="The Guild"),)
    assert store.clear_progress("Baker", owner="ann") == 2
    assert len(store.progress_of("Gardener", owner="ann")) == 2
    assert store.clear_progress(owner="ann") == 3
    assert [len(store.progress_of(career, owner="bob")) for career in ("Beekeeper", "Baker", "Gardener")] == [2, 2, 2]


def test_progress_goes_with_everything_of_its_owner_but_not_with_a_conversation(store: Conversations) -> None:
    for owner in ("ann", "bob"):
        store.set_progress("Beekeeper", mark("Hive"), owner=owner)
    store.delete("c", owner="ann")
    assert len(store.progress_of("Beekeeper", owner="ann")) == 1
    store.delete_all("ann")
    assert store.progress_of("Beekeeper", owner="ann") == ()
    assert len(store.progress_of("Beekeeper", owner="bob")) == 1


def test_deleted_progress_is_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with open_conversations(path) as conversations:
        conversations.set_progress("Beekeeper", mark("canary-7391"), owner="ann")
        assert b"canary-7391" in path.read_bytes()
        conversations.clear_progress(owner="ann")
    assert b"canary-7391" not in path.read_bytes()


@pytest.mark.parametrize(("career", "item", "noun"), [("", "Hive", "career"), ("Baker", "", "item")])
def test_a_mark_on_nothing_is_refused(store: Conversations, career: str, item: str, noun: str) -> None:
    with pytest.raises(UsageError, match=noun):
        store.set_progress(career, mark(item), owner="ann")


def test_a_state_of_a_newer_version_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with open_conversations(path) as conversations:
        conversations.set_progress("Beekeeper", mark("Hive"), owner="ann")
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("UPDATE progress SET state = 'dreamt of'")
        with pytest.raises(StoreError, match="the progress in 'Beekeeper'"):
            conversations.progress_of("Beekeeper", owner="ann")
        assert conversations.clear_progress("Beekeeper", owner="ann") == 1


# --- migrations ----------------------------------------------------------------------------------


def older_version(path: Path, version: int = 1, *, planted: str = "") -> None:
    """A database as that version of this program left it, with one turn; `planted` is SQL run on it."""
    with open_conversations(path) as conversations:
        conversations.append("c", turn("How long?"), owner="ann")
    with closing(sqlite3.connect(path)) as raw, raw:
        for since, table in ((2, "feedback"), (3, "progress"), (4, "profiles")):
            if version < since:
                raw.execute(f"DROP TABLE {table}")
        raw.execute("DELETE FROM schema_version WHERE version > ?", (version,))
        raw.execute(planted)


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_an_older_schema_is_migrated_and_keeps_its_turns(tmp_path: Path, version: int) -> None:
    path = tmp_path / "c.db"
    older_version(path, version)
    with open_conversations(path) as conversations:
        assert conversations.turns("c", owner="ann") == (turn("How long?"),)
        rate(conversations, 1, Thumb.DOWN)
        assert len(conversations.feedback_of("c", owner="ann")) == 1
        conversations.set_progress("Beekeeper", mark("Hive"), owner="ann")
        assert conversations.progress_of("Beekeeper", owner="ann") == (mark("Hive"),)
        conversations.keep_profile(Profile("Beekeeper"), owner="ann")
        assert conversations.profile_of(owner="ann") == Profile("Beekeeper")


def test_the_third_schema_keeps_its_progress_and_has_no_profile(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    progress = "INSERT INTO progress VALUES ('ann', 'Baker', 'Bread', '', 'done', '2026-03-01T12:00:00.000000+00:00')"
    older_version(path, 3, planted=progress)
    with open_conversations(path) as conversations:
        assert conversations.progress_of("Baker", owner="ann") == (mark("Bread"),)
        assert conversations.profile_of(owner="ann") == Profile()


def test_the_second_schema_keeps_its_feedback(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    feedback = "INSERT INTO feedback VALUES ('ann', 'c', 1, 'down', 'wrong', '2026-03-01T12:00:00.000000+00:00')"
    older_version(path, 2, planted=feedback)
    with open_conversations(path) as conversations:
        assert conversations.feedback_of("c", owner="ann") == (Feedback("c", 1, Thumb.DOWN, "wrong", NOON),)


def test_a_migration_that_fails_changes_nothing_and_leaves_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    older_version(path, planted="CREATE TABLE progress (stranger)")
    with pytest.raises(StoreError, match=rf"c\.db\.before-{SCHEMA_VERSION}"):
        open_conversations(path)
    copy = tmp_path / f"c.db.before-{SCHEMA_VERSION}"
    for kept in (path, copy):
        with closing(sqlite3.connect(kept)) as raw:
            assert raw.execute("SELECT question FROM turns").fetchall() == [("How long?",)]
            assert raw.execute("SELECT max(version) FROM schema_version").fetchone() == (1,)
    assert copy.stat().st_mode & 0o077 == 0


def test_a_migration_that_succeeds_leaves_no_copy_of_what_people_asked(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    older_version(path)
    open_conversations(path).close()
    assert [found.name for found in tmp_path.glob("*before*")] == []


def test_importing_memory_does_not_import_sqlalchemy() -> None:
    program = "import sys, advisor.memory; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
