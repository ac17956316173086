"""Fault 25: very many questions, with memory, open files and times watched; then somebody is forgotten."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from advisor.index.publish import open_snapshot
from advisor.memory import open_conversations
from advisor.pipeline import Advisor
from advisor.records import Answer, Status, Turn
from tests.torture.stage import (
    ASKED,
    ask,
    make_advisor,
    set_up,
)
from tests.torture.trial import Run, expect

SESSION_TURNS = 20
SLOPE_BYTES = 5 * 1024 * 1024
DRIFT = 1.5


def soak(run: Run) -> None:
    """Four people ask, twenty questions a conversation; memory, open files and the slowest times are watched."""
    bench = set_up(run.place("bench"))
    store = run.place("store") / "c.db"
    snapshot = open_snapshot(bench.index)
    taken: list[float] = []
    points: list[tuple[int, int]] = []
    files: list[int] = []
    with open_conversations(store) as conversations:
        advisor = make_advisor(snapshot, conversations)
        for person in range(4):
            ask(advisor, ASKED[0], "warm", f"person {person}")
        for number in range(run.count):
            taken.append(_timed(advisor, number))
            if number % max(run.count // 50, 1) == 0:
                points.append((number, resident()))
                files.append(open_files())
    warm = [point for point in points if point[0] >= run.count // 5]
    slope = 1000 * _slope(warm)
    early, late = _p95(taken[run.count // 10 : run.count // 4]), _p95(taken[-run.count // 4 :])
    run.outcome.tried += run.count
    run.outcome.survived += run.count
    judged = not run.is_fast  # a few questions tell nothing of slopes
    told = f"{slope / 1e6:.1f} MB per 1,000 questions"
    run.attempt("memory", lambda _c: expect(slope < SLOPE_BYTES or not judged, told))
    grown = f"open files grew from {files[0]} to {max(files)}"
    run.attempt("open files", lambda _c: expect(max(files) <= files[0] + 2, grown))
    slower = f"p95 went from {early:.1f} to {late:.1f} ms"
    run.attempt("p95", lambda _c: expect(late < DRIFT * early or not judged, slower))
    run.attempt("forgetting", lambda _c: _forgets(store))
    run.note(
        f"memory {slope / 1e6:+.2f} MB per 1,000 questions; open files {files[0]} first, {files[-1]} last; "
        f"p95 {early:.1f} ms in the first quarter and {late:.1f} ms in the last"
    )
    with open_conversations(store) as conversations:
        run.note(_long_conversation(make_advisor(snapshot, conversations), 20 if run.is_fast else 200))


def _timed(advisor: Advisor, number: int) -> float:
    """Milliseconds that one question takes."""
    person, turn = number % 4, number // 4
    began = time.perf_counter()
    question = f"{ASKED[number % len(ASKED)][:-1]}{'' if number % 3 else f', number {number}'}?"
    answer = ask(advisor, question, f"talk {turn // SESSION_TURNS}", f"person {person}").answer
    expect(answer.text, "an empty answer")
    return 1000 * (time.perf_counter() - began)


def _long_conversation(advisor: Advisor, many: int) -> str:
    """How much a conversation of many turns slows a question down: told, not judged."""
    turn = Turn("What?", Answer("What?", Status.ANSWERED, "Some words [1]. " * 20), datetime.now(UTC))
    times = {}
    for turns in (1, many):
        for _ in range(turns):
            advisor.conversations.append("long", turn, owner="talker")
        began = time.perf_counter()
        ask(advisor, ASKED[0], "long", "talker")
        times[turns] = 1000 * (time.perf_counter() - began)
    return (
        f"a question after 1 turn takes {times[1]:.0f} ms, after {many} turns {times[many]:.0f} ms (all turns are read)"
    )


def _forgets(store: Path) -> None:
    """What somebody asks to be forgotten is in no file any more, not even between the rows."""
    canary, kept = "xylophone canary", "kept canary"
    with open_conversations(store) as conversations:
        for number in range(30):
            for owner, word in (("leaver", canary), ("stayer", kept)):
                turn = Turn(f"{word} {number}", Answer(word, Status.ANSWERED, f"{word} " * 50), datetime.now(UTC))
                conversations.append(f"c{number}", turn, owner=owner)
        expect(_holds(store.parent, canary), "the canary was not written")
        conversations.delete_all("leaver")
        expect(not conversations.list("leaver"), "conversations are left")
    with closing(sqlite3.connect(store)) as raw:
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in tables - {"schema_version"}:
            left = raw.execute(f"SELECT count(*) FROM {table} WHERE owner = 'leaver'").fetchone()[0]
            expect(not left, f"{left} rows of {table} are left")
    expect(not _holds(store.parent, canary), "deleted words are still in the files", lost=0)
    expect(_holds(store.parent, kept), "somebody else's words are gone", lost=30)


def _holds(folder: Path, word: str) -> bool:
    return any(word.encode() in path.read_bytes() for path in folder.iterdir())


def resident() -> int:
    """Memory of this process in use now, in bytes."""
    import psutil

    return int(psutil.Process().memory_info().rss)


def open_files() -> int:
    """Open descriptors of this process."""
    import psutil

    return int(psutil.Process().num_fds())


def _slope(points: Sequence[tuple[int, int]]) -> float:
    """Least squares: bytes per question."""
    import numpy as np

    asked, held = zip(*points, strict=True)
    return float(np.polyfit(asked, held, 1)[0]) if len(points) > 1 else 0.0


def _p95(times: Sequence[float]) -> float:
    ordered = sorted(times)
    return ordered[int(0.95 * (len(ordered) - 1))] if ordered else 0.0
