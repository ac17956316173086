"""The advisor over the newest sound build: a build that is published while the page is served is taken up by itself.

Owns when the index folder is looked at, and what is said of a build that cannot be used. A question that runs ends on
the build with which it began; the next one gets the new. Models, conversations and settings stay the same.
"""

import logging
import time
from collections.abc import Callable, Generator
from pathlib import Path
from threading import Lock, Thread

from advisor.errors import IndexProblem
from advisor.index.publish import Snapshot, current_build, open_snapshot
from advisor.memory import Conversations
from advisor.pipeline import Advisor
from advisor.records import Event, Profile

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # between two looks at which build is published
RETRY_SECONDS = 30.0  # until a build that was refused is tried again: its files may have been on their way


class Current:
    """An advisor that is always over the newest build that is sound and fits; any number of threads may share it."""

    def __init__(
        self,
        advisor: Advisor,
        index_dir: Path,
        *,
        look_seconds: float = LOOK_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._advisor = _prepared(advisor)
        self._index_dir = index_dir
        self._look_seconds = look_seconds
        self._clock = clock
        self._looked_at = clock() - look_seconds
        self._looking = Lock()
        self._refused = ""  # the build that was refused last
        self._refused_at = 0.0
        self._why = ""

    def newest(self) -> Advisor:
        """The advisor in use from now on. Whoever finds a new build waits until it is open; nobody else does."""
        if self._clock() - self._looked_at >= self._look_seconds and self._looking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._looked_at = self._clock()
                self._looking.release()
        return self._advisor

    @property
    def snapshot(self) -> Snapshot:
        """The build in use."""
        return self.newest().snapshot

    @property
    def conversations(self) -> Conversations:
        """The finished turns of everybody."""
        return self._advisor.conversations

    @property
    def writer_name(self) -> str | None:
        """The model that words answers, None where only extracts are given."""
        return self._advisor.writer_name

    def document_text(self, key: str) -> str:
        """The clean Markdown of a document of the build in use; raises KeyError."""
        return self.newest().document_text(key)

    def ask(
        self,
        question: str,
        *,
        conversation: str,
        owner: str = "local",
        profile: Profile | None = None,
        store: Conversations | None = None,
    ) -> Generator[Event, None, None]:
        """Events of one question, all from the build that is the newest when the first is asked for."""
        yield from self.newest().ask(question, conversation=conversation, owner=owner, profile=profile, store=store)

    def shortcomings(self) -> tuple[str, ...]:
        """Why answers are poorer or older than they could be, each with its cure."""
        advisor = self.newest()
        if not self._why:
            return advisor.shortcomings()
        held = advisor.snapshot.manifest.build
        return (f"a newer build is not used, {held} still is: {self._why}", *advisor.shortcomings())

    def _look(self) -> None:
        name = ""
        try:
            name = current_build(self._index_dir).name
            if name == self._advisor.snapshot.manifest.build:
                self._refused = self._why = ""
                return
            if self._why and name == self._refused and self._clock() - self._refused_at < RETRY_SECONDS:
                return
            self._advisor = _prepared(self._advisor.with_snapshot(open_snapshot(self._index_dir)))
        except (IndexProblem, OSError) as error:
            self._refuse(name, str(error))
        else:
            self._refused = self._why = ""
            log.info("build %s is in use from now on", self._advisor.snapshot.manifest.build)

    def _refuse(self, name: str, why: str) -> None:
        if why != self._why:
            log.warning("the build %s is not used: %s", name or "that is published", why)
        self._refused, self._refused_at, self._why = name, self._clock(), why


def _prepared(advisor: Advisor) -> Advisor:
    """The advisor, while it reads its pages beside the questions."""
    Thread(target=advisor.prepare, name="prepare", daemon=True).start()
    return advisor
