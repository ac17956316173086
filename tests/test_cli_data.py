"""What is kept about people: listed in numbers, handed out whole, forgotten, copied, looked over."""

import json
import os
import sqlite3
import stat
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_bench import Captured, Command, one_line

from advisor.career.marks import ItemState, Mark
from advisor.memory import Thumb, open_conversations
from advisor.records import Answer, Profile, Status, Turn

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings")

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BROWSER = "b" * 32


@pytest.fixture
def database(own_surroundings: None, tmp_path: Path) -> Path:
    """Two owners: one with a row of everything, one with a conversation."""
    path = tmp_path / "data" / "conversations.db"
    with open_conversations(path) as store:
        for owner in ("local", BROWSER):
            turn = Turn(f"A secret of {owner}?", Answer("?", Status.ANSWERED, f"Words to {owner}."), NOON)
            store.append("c", turn, owner=owner)
        store.give_feedback("c", 1, Thumb.DOWN, "too short", owner="local", given_at=NOON)
        store.set_progress("Baker", Mark("Dough", "", ItemState.DONE, NOON), owner="local")
        store.keep_profile(Profile("Baker", ("flour",), 8.0, None), owner="local")
    return path


OF_LOCAL = {"conversations": 1, "turns": 1, "feedback": 1, "progress": 1, "profiles": 1}


@pytest.mark.usefixtures("database")
def test_owners_are_listed_with_numbers_and_without_their_words(advisor: Command, capsys: Captured) -> None:
    assert advisor("data", "owners", "--json") == 0
    said = capsys.readouterr().out
    assert {one["owner"]: one["rows"] for one in json.loads(said)} == {
        "local": OF_LOCAL, BROWSER: {"conversations": 1, "turns": 1}
    }  # fmt: skip
    assert advisor("data", "owners") == 0
    said += capsys.readouterr().out
    assert BROWSER in said
    assert "secret" not in said


@pytest.mark.usefixtures("database")
def test_an_export_holds_everything_of_its_owner_and_nothing_of_others(
    advisor: Command, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "mine.json"
    assert advisor("data", "export", out) == 0
    whole = json.loads(out.read_text(encoding="utf-8"))
    assert {name: len(rows) for name, rows in whole.items() if isinstance(rows, list)} == OF_LOCAL
    assert whole["owner"] == "local"
    assert whole["turns"][0]["question"] == "A secret of local?"
    assert whole["turns"][0]["answer"]["answer"] == "Words to local."
    assert whole["feedback"][0]["reason"] == "too short"
    assert whole["progress"][0]["item"] == "Dough"
    assert whole["profiles"][0]["known"] == ["flour"]
    assert BROWSER not in out.read_text(encoding="utf-8")
    capsys.readouterr()
    assert advisor("data", "export", out) == 2
    assert "is there already" in one_line(capsys.readouterr().err)


@pytest.mark.usefixtures("database")
@pytest.mark.skipif(os.name == "nt", reason="files have no modes there")
def test_exports_and_backups_are_readable_by_their_user_alone(advisor: Command, tmp_path: Path) -> None:
    assert advisor("data", "export", tmp_path / "mine.json") == 0
    assert advisor("data", "backup", tmp_path / "all.db") == 0
    for name in ("mine.json", "all.db"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_table_that_is_added_later_is_exported_and_forgotten_too(
    advisor: Command, database: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("CREATE TABLE wishes (owner TEXT NOT NULL, wish TEXT NOT NULL, PRIMARY KEY (owner, wish))")
        raw.execute("INSERT INTO wishes VALUES ('local', 'an oven'), ('other', 'a shop')")
        raw.commit()
    assert advisor("data", "export", tmp_path / "mine.json") == 0
    assert json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))["wishes"] == [{"wish": "an oven"}]
    assert advisor("data", "forget", "--yes") == 0
    with closing(sqlite3.connect(database)) as raw:
        assert raw.execute("SELECT * FROM wishes").fetchall() == [("other", "a shop")]


def test_what_is_forgotten_is_in_no_byte_of_the_file_and_others_keep_theirs(
    advisor: Command, database: Path, capsys: Captured
) -> None:
    assert advisor("data", "forget", "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out)["rows"] == OF_LOCAL
    assert b"secret of local" not in database.read_bytes()
    with open_conversations(database) as store:
        assert [(one.owner, one.rows) for one in store.owners()] == [(BROWSER, {"conversations": 1, "turns": 1})]
    assert advisor("data", "forget", "--yes") == 2
    assert "advisor data owners" in one_line(capsys.readouterr().err)


class Terminal:
    """Somebody who types one line."""

    def __init__(self, line: str) -> None:
        self._line = line

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self._line


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("\n", 1), ("no\n", 1), ("", 1)])
def test_without_yes_it_asks_before_it_forgets(
    advisor: Command, database: Path, typed: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert advisor("data", "forget") == code
    with open_conversations(database) as store:
        assert bool(store.list("local")) == bool(code)


def test_where_nobody_can_be_asked_nothing_is_forgotten(advisor: Command, database: Path, capsys: Captured) -> None:
    assert advisor("data", "forget") == 2
    assert "--yes" in one_line(capsys.readouterr().err)
    with open_conversations(database) as store:
        assert store.list("local")


def test_a_backup_made_while_somebody_writes_opens_with_everything(
    advisor: Command, database: Path, tmp_path: Path, capsys: Captured
) -> None:
    with open_conversations(database) as store:
        assert advisor("data", "backup", tmp_path / "all.db") == 0
        assert "verified" in capsys.readouterr().out
        before = store.turns("c", owner="local")
    with open_conversations(tmp_path / "all.db") as copy:
        assert copy.turns("c", owner="local") == before
    assert [path.name for path in tmp_path.glob(".all*")] == []
    assert advisor("data", "backup", tmp_path / "all.db") == 2
    assert "never replaces" in one_line(capsys.readouterr().err)


def test_a_damaged_database_is_told_and_no_backup_of_it_is_left(
    advisor: Command, database: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert advisor("data", "check") == 0
    assert "is sound" in capsys.readouterr().out
    raw = bytearray(database.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)  # every page but the first
    database.write_bytes(raw)
    assert advisor("data", "check") == 1
    assert "put a backup in its place" in one_line(capsys.readouterr().err)
    assert advisor("data", "check", "--json") == 1
    assert json.loads(capsys.readouterr().out)["sound"] is False
    assert advisor("data", "backup", tmp_path / "all.db") == 2
    assert "advisor data check" in one_line(capsys.readouterr().err)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_rows_that_refer_to_none_are_told(advisor: Command, database: Path, capsys: Captured) -> None:
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("DELETE FROM conversations WHERE owner = 'local'")  # foreign keys are off here
        raw.commit()
    assert advisor("data", "check") == 1
    assert "refers to none of conversations" in one_line(capsys.readouterr().err)


def test_where_nothing_is_kept_that_is_said_and_no_file_is_made(
    advisor: Command, tmp_path: Path, capsys: Captured
) -> None:
    for command in ("owners", "check"):
        assert advisor("data", command) == 0
        assert "nothing is kept" in capsys.readouterr().out
    for command in (("export", "mine.json"), ("forget", "--yes"), ("backup", "all.db")):
        assert advisor("data", *command) == 2
        assert "kept" in one_line(capsys.readouterr().err)
    assert [*tmp_path.iterdir()] == []


def test_conversations_older_than_the_retention_are_forgotten_when_the_store_is_opened(database: Path) -> None:
    now = datetime.now(UTC)
    with open_conversations(database) as store:
        for age_days in (1, 40):
            asked = Turn("What?", Answer("What?", Status.ANSWERED, "That."), now - timedelta(days=age_days))
            store.append(f"{age_days} days", asked, owner="ann")
    with open_conversations(database, retention_days=0) as store:
        assert [one.id for one in store.list("ann")] == ["1 days", "40 days"]
    with open_conversations(database, retention_days=30) as store:
        assert [one.id for one in store.list("ann")] == ["1 days"]
        assert store.progress_of("Baker", owner="local")  # marks are no conversation


def test_a_conversation_that_was_added_to_lately_is_kept_whole(database: Path) -> None:
    with open_conversations(database) as store:
        store.append(
            "c", Turn("More?", Answer("More?", Status.ANSWERED, "No."), NOON + timedelta(days=9)), owner="local"
        )
        assert store.forget_before(NOON + timedelta(days=5)) == 1  # the browser's
        assert len(store.turns("c", owner="local")) == 2
