"""Old conversations are forgotten while the page is served, too: a server may run for months.

Owns when that is looked at. What is old is the store's to say (`Conversations.forget_old`).
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from advisor.errors import StoreError
from advisor.memory import Conversations

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
LOOK_SECONDS = 600.0  # a clock that is set, or a laptop that slept, puts the day off by no more


class Ending(Protocol):
    """What tells that the server ends; `threading.Event` is one."""

    def wait(self, timeout: float) -> bool:
        """Whether it ends, at once or within so many seconds."""


def _now() -> datetime:
    return datetime.now(UTC)


def forget_daily(conversations: Conversations, ending: Ending, *, now: Callable[[], datetime] = _now) -> None:
    """Forget what has grown old, once a day from a day after now, until the server ends.

    The store did so when it was opened. One that cannot be used is told to the log and tried again at the next look.
    """
    done_at = now()
    while not ending.wait(LOOK_SECONDS):
        moment = now()
        if abs(moment - done_at) < EVERY:
            continue
        try:
            forgotten = conversations.forget_old(moment)
        except StoreError as error:
            log.warning("old conversations are not forgotten yet: %s", error)
            continue
        done_at = moment
        days = conversations.retention_days
        log.info("%d conversations that nothing was added to for %d days are forgotten", forgotten, days)


def begin_forgetting(conversations: Conversations, ending: Ending) -> None:
    """Do so beside everything else; where conversations are kept for good there is nothing to do."""
    if conversations.retention_days:
        threading.Thread(
            target=forget_daily, args=(conversations, ending), name="forgetting old conversations", daemon=True
        ).start()
