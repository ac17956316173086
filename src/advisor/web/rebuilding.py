"""One build of the index at a time, in a thread of its own, that anybody may watch and call off.

Owns how far a build is. Knows nothing of what a build does (`index.build`) or of pages; that only one program writes to
an index folder is held by its lock.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from advisor.corpus.chunking import CountPieces
from advisor.errors import AdvisorError
from advisor.index.build import BuildReport, build_index
from advisor.index.embedding import Embedder
from advisor.web.talk import UNEXPECTED

logger = logging.getLogger(__name__)


class BuildParts(Protocol):
    """What a build needs of a model."""

    @property
    def embedder(self) -> Embedder:
        """What turns texts into vectors."""

    @property
    def count_pieces(self) -> CountPieces:
        """How the model counts the pieces of a text."""


OpenParts = Callable[[], BuildParts]


class Stage(StrEnum):
    """How far a build is."""

    NONE = "no build was begun here"
    OPENING = "opening the model"
    READING = "reading the pages"
    EMBEDDING = "embedding"
    WRITING = "writing and checking the new build"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


_RUNNING = frozenset({Stage.OPENING, Stage.READING, Stage.EMBEDDING, Stage.WRITING})


@dataclass(frozen=True, slots=True)
class Work:
    """A build at one moment; `seconds_left` is known while it embeds, `report` once it is done."""

    stage: Stage = Stage.NONE
    done: int = 0  # texts embedded
    total: int = 0
    seconds_left: float | None = None
    is_cancelling: bool = False
    report: BuildReport | None = None
    error: str = ""

    @property
    def is_running(self) -> bool:
        """Whether the build still goes on."""
        return self.stage in _RUNNING


class _Cancelled(Exception):
    """Somebody called the build off."""


class Rebuilding:
    """The build of one server; every method may be called from any thread."""

    def __init__(
        self,
        corpus_dir: Path,
        index_dir: Path,
        open_parts: OpenParts,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._corpus_dir = corpus_dir
        self._index_dir = index_dir
        self._open_parts = open_parts
        self._clock = clock
        self._lock = threading.Lock()
        self._called_off = threading.Event()
        self._ended = threading.Event()
        self._ended.set()
        self._work = Work()
        self._embedding_since = 0.0

    @property
    def work(self) -> Work:
        """How far the build is, or how the last one ended."""
        work = self._work
        return replace(work, is_cancelling=work.is_running and self._called_off.is_set())

    def begin(self, *, full: bool = False) -> bool:
        """Begin a build; False where one runs here already. Closing the program ends it, and the old build stays."""
        with self._lock:
            if self._work.is_running:
                return False
            self._called_off.clear()
            self._ended.clear()
            self._work = Work(Stage.OPENING)
        threading.Thread(target=self._run, args=(full,), name="rebuilding", daemon=True).start()
        return True

    def call_off(self) -> None:
        """Ask the build to end without publishing: before the next stretch, or at the last before it would publish."""
        self._called_off.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the build for at most so long; whether it has come."""
        return self._ended.wait(seconds)

    def _run(self, full: bool) -> None:
        try:
            self._work = self._built(full)
        except _Cancelled:
            self._work = Work(Stage.CANCELLED)
        except AdvisorError as error:
            self._work = Work(Stage.FAILED, error=str(error))
        except Exception:  # an edge of the program: the log gets the traceback, the page one line
            logger.exception("the index could not be built")
            self._work = Work(Stage.FAILED, error=UNEXPECTED)
        finally:
            self._ended.set()

    def _built(self, full: bool) -> Work:
        parts = self._open_parts()
        self._unless_called_off()
        self._work = Work(Stage.READING)
        report = build_index(
            self._corpus_dir,
            self._index_dir,
            embedder=parts.embedder,
            count_pieces=parts.count_pieces,
            full=full,
            progress=self._embedded,
            approve=self._approved,
        )
        return Work(Stage.DONE, report=report)

    def _embedded(self, done: int, total: int) -> None:
        """One more stretch is embedded; a build that is called off ends here without a trace."""
        self._unless_called_off()
        now = self._clock()
        if done == 0:
            self._embedding_since = now
        left = (now - self._embedding_since) / done * (total - done) if done else None
        self._work = Work(Stage.EMBEDDING if done < total else Stage.WRITING, done, total, left)

    def _approved(self, _aside: Path) -> bool:
        """The new build is verified and not published yet: the last moment at which it can be called off."""
        self._unless_called_off()
        return True

    def _unless_called_off(self) -> None:
        if self._called_off.is_set():
            raise _Cancelled
