"""Faults 9, 10 and 11: conversations while a writer is killed, while many write, and out of an older program."""

import json
import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

from advisor.errors import StoreError
from advisor.memory import SCHEMA_VERSION, open_conversations
from advisor.memory.schema import _MIGRATIONS, open_engine
from advisor.records import Answer, Status, Turn, answer_to_json
from tests.torture.trial import Run, ended, expect, kill, process, start, told_by

OWNER = "ann"


def _turn(question: str) -> Turn:
    return Turn(question, Answer(question, Status.ANSWERED, "12 weeks [1]. " * 40), datetime.now(UTC))


def _sound(path: Path) -> None:
    """SQLite's own check of the file."""
    with closing(sqlite3.connect(path)) as raw:
        expect(raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "the database is damaged", lost=1)
        expect(raw.execute("PRAGMA foreign_key_check").fetchall() == [], "rows without their conversation", lost=1)


def kills(run: Run) -> None:
    """A process that keeps turns is killed; every turn it was told is kept must be there."""
    path = run.place("store") / "c.db"
    open_conversations(path).close()
    told: set[str] = set()
    for number in range(run.count):

        def trial(chance: Random, number: int = number) -> None:
            told.update(_told_until_killed(path, f"k{number}", chance.uniform(0.005, 0.12)))
            _sound(path)
            with open_conversations(path) as conversations:
                kept = [turn.question for turn in conversations.turns(f"k{number}", owner=OWNER)]
            mine = {question for question in told if question.startswith(f"k{number} ")}
            expect(mine <= {*kept}, "an acknowledged turn is gone", lost=len(mine - {*kept}))
            expect(len(kept) <= len(mine) + 1, f"{len(kept)} turns of {len(mine)} that were told")

        run.attempt(f"kill {number}", trial)
    with open_conversations(path) as conversations:
        kept = {t.question for n in range(run.count) for t in conversations.turns(f"k{n}", owner=OWNER)}
    expect(told <= kept, "turns vanished later", lost=len(told - kept))
    run.note(f"{len(told):,} turns were acknowledged before the kills")


def _told_until_killed(path: Path, conversation: str, seconds: float) -> list[str]:
    """The questions a writer said are kept before it was killed, this long after its first."""
    reader, writer = os.pipe()

    def write() -> None:
        with open_conversations(path) as conversations:
            for number in range(100_000):
                conversations.append(conversation, _turn(f"{conversation} {number}"), owner=OWNER)
                os.write(writer, f"{conversation} {number}\n".encode())

    child = start(write)
    os.close(writer)
    said = os.read(reader, 1 << 16)
    time.sleep(seconds)
    kill(child)
    while part := os.read(reader, 1 << 16):
        said += part
    os.close(reader)
    return said.decode().splitlines()


def many_writers(run: Run) -> None:
    """Eight processes keep turns in one conversation and read the list meanwhile."""
    path = run.place("store") / "c.db"
    open_conversations(path).close()
    processes, each = 8, run.count // 8

    reader, writer = os.pipe()

    def write(number: int) -> None:
        with open_conversations(path) as conversations:
            for n in range(each):
                conversations.append("shared", _turn(f"{number} {n}"), owner=OWNER)
                os.write(writer, b"+")
                if n % 50 == 0:
                    conversations.list(OWNER)

    def trial(_chance: Random) -> None:
        codes = [ended(child) for child in [start(partial(write, number)) for number in range(processes)]]
        os.close(writer)
        told = sum(len(part) for part in iter(lambda: os.read(reader, 1 << 16), b""))
        _sound(path)
        with open_conversations(path) as conversations:
            kept = {turn.question for turn in conversations.turns("shared", owner=OWNER)}
        expect(len(kept) >= told, "acknowledged turns are gone", lost=told - len(kept))
        expect(codes == [0] * processes, f"writers ended with {codes}: the store was locked")
        expect(len(kept) == processes * each, f"{len(kept)} turns are kept")

    run.attempt("all writers", trial, worth=processes * each)


def older_schemas(run: Run) -> None:
    """Every schema there ever was, one of the future, and files that are none; opened, at once, and under a kill."""
    folder = run.place("store")
    for version in range(1, SCHEMA_VERSION + 1):
        run.attempt(f"schema {version}", partial(_migrates, folder / f"{version}.db", version))
        run.attempt(
            f"schema {version}, by eight at once", partial(_migrates_at_once, folder / f"{version}-8.db", version)
        )
    for number in range(run.count):
        run.attempt(f"killed migration {number}", partial(_killed, folder / f"killed-{number}.db"))
    run.attempt("a schema of the future", partial(_refused, folder / "future.db", SCHEMA_VERSION + 1))
    for what, content in (("no database", b"hello" * 1000), ("a torn one", b"SQLite format 3\x00" + b"\x00" * 84)):
        path = folder / f"{what.replace(' ', '-')}.db"
        path.write_bytes(content)
        run.attempt(what, partial(_left_alone, path, content))
    run.attempt("a change that fails", partial(_fails, folder / "fails.db"))


def _make(path: Path, version: int) -> None:
    """A database as the program of that schema left it (published migrations are never edited), with one turn."""
    turn = _turn("How long?")
    engine = open_engine(path)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE schema_version (version INTEGER NOT NULL)")
        for number, change in enumerate(_MIGRATIONS[:version], start=1):
            change(connection)
            connection.exec_driver_sql(f"INSERT INTO schema_version (version) VALUES ({number})")
    engine.dispose()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("INSERT INTO conversations VALUES (?, 'c', 'How long?', '2026-01-01T00:00:00+00:00')", (OWNER,))
        raw.execute(
            "INSERT INTO turns VALUES (?, 'c', 1, ?, ?, '2026-01-01T00:00:00+00:00')",
            (OWNER, turn.question, json.dumps(answer_to_json(turn.answer))),
        )
        if version > SCHEMA_VERSION:
            raw.execute("INSERT INTO schema_version (version) VALUES (?)", (version,))


def _whole(path: Path) -> None:
    with open_conversations(path) as conversations:
        kept = [turn.question for turn in conversations.turns("c", owner=OWNER)]
        conversations.append("c", _turn("And now?"), owner=OWNER)
    expect(kept[:1] == ["How long?"], "the turn did not come along", lost=1)
    expect(not [*path.parent.glob(f"{path.name}.before-*")], "a copy of what people asked was left behind")
    _sound(path)


def _migrates(path: Path, version: int, _chance: Random) -> None:
    _make(path, version)
    _whole(path)


def _migrates_at_once(path: Path, version: int, _chance: Random) -> None:
    _make(path, version)
    codes = [ended(child) for child in [start(lambda: open_conversations(path).close()) for _ in range(8)]]
    expect(codes == [0] * 8, f"opening ended with {codes}")
    _whole(path)


def _killed(path: Path, chance: Random) -> None:
    _make(path, 1)
    with process(lambda: open_conversations(path).close()):
        time.sleep(chance.uniform(0, 0.03))
    _whole(path)


def _refused(path: Path, version: int, _chance: Random) -> None:
    _make(path, version)
    _left_alone(path, path.read_bytes(), _chance)


def _left_alone(path: Path, content: bytes, _chance: Random) -> None:
    said = told_by(partial(_opening, path))
    expect(said.startswith("StoreError"), f"no clear error, but {said!r}")
    expect(path.read_bytes() == content, "the file was changed", lost=1)


def _fails(path: Path, _chance: Random) -> None:
    _make(path, 1)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE feedback (stranger)")
    said = told_by(partial(_opening, path))
    expect(said.startswith("StoreError") and f".before-{SCHEMA_VERSION}" in said, f"no clear error, but {said!r}")
    for kept in (path, path.with_name(f"{path.name}.before-{SCHEMA_VERSION}")):
        with closing(sqlite3.connect(kept)) as raw:
            expect(raw.execute("SELECT question FROM turns").fetchall() == [("How long?",)], f"{kept.name}", lost=1)


def _opening(path: Path) -> str:
    try:
        open_conversations(path).close()
    except StoreError as error:
        return f"StoreError {error}"
    return "opened"
