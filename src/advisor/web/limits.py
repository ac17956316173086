"""How much one learner may ask: so many questions a minute, and one at a time. Knows nothing of pages.

Counts in memory: a restart forgets it. What is counted under which name is for others to say (`access`, `desk`).
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from threading import Condition, Lock

from advisor.errors import TooManyQuestions

MINUTE_SECONDS = 60.0
PATIENCE_SECONDS = 2.0  # a question that was stopped just now may need a moment to let go
_MOST_NAMES = 10_000


class Window:
    """So many of something within so many seconds, by name; safe to use from any thread."""

    def __init__(
        self, most: int, seconds: float = MINUTE_SECONDS, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._seen: dict[str, deque[float]] = {}
        self._lock = Lock()

    def take(self, *names: str) -> float:
        """Count one under each name and give 0; where one of them has had its share, count none and give the wait.

        The wait is in seconds, until the oldest of that name is forgotten.
        """
        with self._lock:
            now = self._clock()
            if waits := [wait for name in names if (wait := self._wait(name, now)) > 0]:
                return max(waits)
            for name in names:
                self._seen.setdefault(name, deque()).append(now)
            if len(self._seen) > _MOST_NAMES:
                self._forget(now)
            return 0.0

    def wait_seconds(self, name: str) -> float:
        """How long until one more may be counted under this name; 0 where it may be now."""
        with self._lock:
            return self._wait(name, self._clock())

    def _wait(self, name: str, now: float) -> float:
        seen = self._seen.get(name)
        while seen and seen[0] <= now - self._seconds:
            seen.popleft()
        return seen[0] + self._seconds - now if seen and len(seen) >= self._most else 0.0

    def _forget(self, now: float) -> None:
        """Names of a minute ago; where all are fresh the oldest half, so that memory has an end."""
        self._seen = {name: seen for name, seen in self._seen.items() if seen and seen[-1] > now - self._seconds}
        for name in list(self._seen)[: max(0, len(self._seen) - _MOST_NAMES // 2)]:
            del self._seen[name]


class Limits:
    """What learners may ask; 0 a minute is as much as they like."""

    def __init__(self, questions_per_minute: int, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._per_minute = questions_per_minute
        self._window = Window(questions_per_minute)
        self._patience_seconds = patience_seconds
        self._busy: set[str] = set()
        self._freed = Condition()

    def count(self, *names: str) -> None:
        """Count one question under each of these names; raises TooManyQuestions where it is one too many."""
        wait = self._window.take(*names) if self._per_minute else 0.0
        if wait > 0:
            raise TooManyQuestions(
                f"That was more than {self._per_minute} questions within a minute: ask again in {ceil(wait)} seconds."
            )

    @contextmanager
    def alone(self, owner: str) -> Iterator[None]:
        """Within, no other question of this owner runs; TooManyQuestions where one does not end soon."""
        with self._freed:
            if not self._freed.wait_for(lambda: owner not in self._busy, self._patience_seconds):
                raise TooManyQuestions(
                    "Another question of yours is still being answered, perhaps in another tab: "
                    "wait for it or stop it, then ask again."
                )
            self._busy.add(owner)
        try:
            yield
        finally:
            with self._freed:
                self._busy.discard(owner)
                self._freed.notify_all()
