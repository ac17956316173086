"""What a fault is, how it is tried, and what came of it. Knows none of the faults.

Each fault runs in a process of its own, so that one that kills takes nothing with it; a failure names the trial, and
the seed with that name gives the same trial again.
"""

import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

LIMIT_SECONDS, FAST_LIMIT_SECONDS = 600, 90
SHOWN_PROBLEMS = 5
HERE = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "None", ""}


class Broken(Exception):
    """A promise that did not hold, in words; `lost` counts what was told to be kept and is gone."""

    def __init__(self, problem: str, lost: int = 0) -> None:
        super().__init__(problem)
        self.lost = lost


def expect(holds: object, problem: str, *, lost: int = 0) -> None:
    """Raise Broken where something does not hold."""
    if not holds:
        raise Broken(problem, lost)


@dataclass(slots=True)
class Outcome:
    """What came of a fault."""

    tried: int = 0
    survived: int = 0
    lost: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def held(self) -> bool:
        return bool(self.tried) and self.survived == self.tried and not self.lost and not self.problems


@dataclass(slots=True)
class Run:
    """One run of a fault: how many trials, where, and the chance they draw from."""

    name: str
    seed: int
    count: int
    is_fast: bool
    folder: Path
    outcome: Outcome = field(default_factory=Outcome)

    def random(self, label: str) -> Random:
        """The chance of this trial and of no other."""
        return Random(f"{self.seed} {self.name} {label}")

    def attempt(self, label: str, trial: Callable[[Random], None], *, worth: int = 1) -> None:
        """One trial, counted as `worth` many; whatever it raises is a problem."""
        self.outcome.tried += worth
        try:
            trial(self.random(label))
        except Broken as broken:
            self.outcome.lost += broken.lost
            self.outcome.problems.append(f"{label}: {broken}")
        except Exception as error:  # noqa: BLE001 - a trial may break in any way, and that is what is counted
            where = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__}: {str(error)[:200]} ({Path(where.filename).name}:{where.lineno})"
            self.outcome.problems.append(f"{label}: {said}")
        else:
            self.outcome.survived += worth

    def note(self, text: str) -> None:
        self.outcome.notes.append(text)

    def place(self, label: str) -> Path:
        """An empty folder of its own."""
        folder = self.folder / label
        folder.mkdir(parents=True)
        return folder


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the table: what is done, how often, and what is promised."""

    number: int
    name: str
    what: str
    promise: str
    full: int
    fast: int
    run: Callable[[Run], None]


def isolated(fault: Fault, *, seed: int, is_fast: bool) -> Outcome:
    """Run a fault in a process of its own; that it dies or does not end is an outcome too."""
    began = time.perf_counter()
    with TemporaryDirectory(prefix="torture-") as place:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            _run_and_exit(fault, seed, is_fast, Path(place), writer)
        os.close(writer)
        said = _line(reader, FAST_LIMIT_SECONDS if is_fast else LIMIT_SECONDS)
        os.close(reader)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # the fault's process leads a group: its children go with it
        os.waitpid(child, 0)
        log = Path(place) / "log"
        tail = log.read_text("utf-8", "replace").strip()[-400:] if log.exists() else ""
    outcome = Outcome(**json.loads(said)) if said else Outcome(1, problems=[f"its process died or hung: {tail}"])
    outcome.seconds = time.perf_counter() - began
    return outcome


def _run_and_exit(fault: Fault, seed: int, is_fast: bool, place: Path, writer: int) -> None:
    os.setsid()
    log = os.open(place / "log", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    run = Run(fault.name, seed, fault.fast if is_fast else fault.full, is_fast, place)
    watch_calls(lambda where: run.outcome.problems.append(f"called out: {where}"))
    try:
        fault.run(run)
    except BaseException as error:  # noqa: BLE001 - the line below is all that leaves this process
        run.outcome.tried += 1
        run.outcome.problems.append(f"the fault itself broke: {error!r}: {traceback.format_exc()[-600:]}")
    os.write(writer, json.dumps(asdict(run.outcome)).encode() + b"\n")
    os._exit(0)


def watch_calls(tell: Callable[[str], None]) -> None:
    """From here on, tell of every attempt of this process to reach another machine or to look one up."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
            where = str(arguments[1][0])
        elif event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}:
            where = arguments[0].decode() if isinstance(arguments[0], bytes) else str(arguments[0])
        else:
            return
        if where not in HERE and not where.endswith(".invalid"):  # which are tried on purpose, and lead nowhere
            tell(f"{event} {where}")

    sys.addaudithook(hook)


def _line(reader: int, limit_seconds: float) -> str:
    """What a child says up to its first line break; nothing where it ends or takes too long before that."""
    ends, said = time.monotonic() + limit_seconds, b""
    while not said.endswith(b"\n"):
        ready, _, _ = select.select([reader], [], [], max(ends - time.monotonic(), 0))
        part = os.read(reader, 1 << 16) if ready else b""
        if not part:
            return ""
        said += part
    return said.decode()


# --- children of a trial ----------------------------------------------------------------------------


def start(work: Callable[[], object]) -> int:
    """Do this in a process of its own; gives its id. It ends with 0, or with 1 where the work raises."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001 - the end of this process either way
            traceback.print_exc()
        finally:
            os._exit(code)
    return child


def ended(child: int) -> int:
    """Wait for a child; its exit code, negative where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill(child: int) -> None:
    """End a child without a word, and wait until it is gone."""
    os.kill(child, signal.SIGKILL)
    ended(child)


def told_by(work: Callable[[], str], limit_seconds: float = 60) -> str:
    """What this says in a process of its own; empty where it dies first."""
    reader, writer = os.pipe()
    child = start(lambda: os.write(writer, work().replace("\n", " ").encode("utf-8", "replace") + b"\n"))
    os.close(writer)
    said = _line(reader, limit_seconds)
    os.close(reader)
    kill(child) if not said else ended(child)
    return said.strip()


@contextmanager
def process(work: Callable[[], object]) -> Iterator[int]:
    """A child that is gone at the end of the block."""
    child = start(work)
    try:
        yield child
    finally:
        with suppress(ProcessLookupError, ChildProcessError):
            kill(child)
