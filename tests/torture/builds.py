"""Faults 1, 2, 3 and 7: a rebuild that fails at every step, is killed, finds no room, or is not alone."""

import os
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from advisor.errors import AdvisorError, IndexLocked, IndexProblem
from tests.torture.disk import FailingDisk, crash, failing, refuse
from tests.torture.stage import (
    Bench,
    build,
    found_by,
    leftovers,
    nights_of,
    open_sound,
    set_up,
    write_pages,
)
from tests.torture.trial import Run, ended, expect, kill, start, told_by

BUILDS_BEFORE = 3  # so that publishing also has one to remove


def failing_steps(run: Run) -> None:
    """Every change that a rebuild makes to the disk fails once, and is the last one before the power goes once."""
    bench = _settled(run.place("bench"))
    pristine = run.folder / "pristine"
    shutil.copytree(bench.index, pristine)
    write_pages(bench.corpus, nights=99)
    with failing(FailingDisk(bench.index)) as counted:
        build(bench.corpus, bench.index)
    after = found_by(open_sound(bench.index))
    _put_back(bench, pristine)
    before = found_by(open_sound(bench.index))
    steps = range(1, len(counted.changes) + 1)
    chosen = steps if not run.is_fast else run.random("steps").sample(steps, run.count)
    run.note(f"a rebuild makes {len(counted.changes)} changes to the disk; each failed, and each was the last")
    for step in chosen:
        for way in (refuse, crash):
            named = f"step {step} ({counted.changes[step - 1]}) {way.__name__}"
            run.attempt(named, lambda _r, s=step, w=way: _fail_at(bench, pristine, s, w, (before, after)))


def _fail_at(bench: Bench, pristine: Path, step: int, act: Callable[[], None], found: tuple[object, object]) -> None:
    _put_back(bench, pristine)

    def rebuild() -> str:
        with failing(FailingDisk(bench.index, at=step, act=act)):
            try:
                build(bench.corpus, bench.index)
            except IndexProblem as error:
                return f"problem {error}"
        return "built"

    said = told_by(rebuild)
    expect(said or act is crash, "the build broke off with something else than an IndexProblem")
    served = open_sound(bench.index)
    expect(found_by(served) in found, "answers are neither those of before nor those of after")
    nights_of(served)
    if said == "built":
        expect(nights_of(served) == 99, "the build said it was published, and it is not")
    _next_build_mends(bench, 99)


def _next_build_mends(bench: Bench, nights: int) -> None:
    build(bench.corpus, bench.index)
    expect(nights_of(open_sound(bench.index)) == nights, "the next build did not bring the index up to date")
    expect(not (left := leftovers(bench.index)), f"the next build left {left}")


def _put_back(bench: Bench, pristine: Path) -> None:
    shutil.rmtree(bench.index)
    shutil.copytree(pristine, bench.index)


def _settled(folder: Path) -> Bench:
    """A bench with as many builds as are kept."""
    bench = set_up(folder)
    for nights in range(2, BUILDS_BEFORE + 1):
        write_pages(bench.corpus, nights=nights)
        build(bench.corpus, bench.index)
    return bench


def kills(run: Run) -> None:
    """A rebuild is killed at a moment drawn by chance; half of the moments lie around the publishing."""
    bench = _settled(run.place("bench"))
    write_pages(bench.corpus, nights=4)
    began = time.perf_counter()
    expect(ended(start(lambda: build(bench.corpus, bench.index))) == 0, "a build that is left alone fails")
    whole = time.perf_counter() - began
    published = 0
    for number in range(run.count):
        before = nights_of(open_sound(bench.index))

        def trial(chance: Random, before: int = before, after: int = 100 + number) -> None:
            write_pages(bench.corpus, nights=after)
            child = start(lambda: build(bench.corpus, bench.index))
            time.sleep(chance.uniform(0, 1.1 * whole) if chance.random() < 0.5 else chance.uniform(0.6, 1.1) * whole)
            kill(child)
            nights = nights_of(open_sound(bench.index))
            expect(nights in (before, after), f"the index says {nights}", lost=1)

        run.attempt(f"kill {number}", trial)
        published += nights_of(open_sound(bench.index)) == 100 + number
        if number % 10 == 9:
            _next_build_mends(bench, 100 + number)
    run.note(f"{published} of the killed builds had published already; a whole build takes {1000 * whole:.0f} ms")


def no_room(run: Run) -> None:
    """A disk that is full after some bytes, and files that may not grow beyond a size."""
    bench = set_up(run.place("bench"))
    pristine = run.folder / "pristine"
    shutil.copytree(bench.index, pristine)
    write_pages(bench.corpus, nights=7)
    with failing(FailingDisk(bench.index)) as counted:
        build(bench.corpus, bench.index)
    largest = max(path.stat().st_size for path in bench.index.rglob("*") if path.is_file())
    _put_back(bench, pristine)
    before = found_by(open_sound(bench.index))
    for number in range(run.count):
        is_full = number % 2 == 0

        def trial(chance: Random, is_full: bool = is_full) -> None:
            room = chance.randrange(counted.written_bytes if is_full else largest)
            said = told_by(lambda: _build_within(bench, room, is_full))
            expect(said.startswith("IndexProblem"), f"no clear error with {room} bytes of room, but {said!r}")
            expect("make room" in said, f"the error names no cure: {said!r}")
            expect(found_by(open_sound(bench.index)) == before, "the old index no longer answers the same")

        run.attempt(f"{'disk full' if is_full else 'file too large'} {number}", trial)
    _next_build_mends(bench, 7)


def _build_within(bench: Bench, room_bytes: int, is_full: bool) -> str:
    if not is_full:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, room_bytes))
    try:
        with failing(FailingDisk(bench.index, room_bytes=room_bytes if is_full else None)):
            build(bench.corpus, bench.index)
    except AdvisorError as error:
        return f"{type(error).__name__} {error}"
    except OSError as error:
        return f"raw {error!r}"
    return "built"


def at_once(run: Run) -> None:
    """Eight processes rebuild one index at the same moment; some roll it back meanwhile."""
    from advisor.errors import UsageError
    from advisor.index.publish import roll_back

    bench = _settled(run.place("bench"))
    processes, won = 8, 0
    for round_number in range(run.count // processes):

        def trial(_chance: Random, nights: int = 200 + round_number) -> None:
            nonlocal won
            write_pages(bench.corpus, nights=nights)
            reader, writer = os.pipe()

            def work(number: int) -> None:
                try:
                    if number == processes - 1:
                        roll_back(bench.index)
                        os.write(writer, b"b")
                        return
                    os.write(writer, b"w" if build(bench.corpus, bench.index).published else b"n")
                except IndexLocked:
                    os.write(writer, b"l")
                except UsageError:
                    os.write(writer, b"u")

            children = [start(lambda n=n: work(n)) for n in range(processes)]
            codes = [ended(child) for child in children]
            os.close(writer)
            said = os.read(reader, 100).decode()
            os.close(reader)
            expect(codes == [0] * processes, f"a build ended with {codes}")
            expect("w" in said, f"nobody published: {said}")
            won += said.count("w")
            open_sound(bench.index)
            _next_build_mends(bench, nights)

        run.attempt(f"round {round_number}", trial, worth=processes)
    run.note(f"{won} builds published; the others found the index up to date or said that it was locked")
