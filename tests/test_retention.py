"""Old conversations while the page is served: forgotten day by day, on a clock that is moved by hand."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from page_server import ScriptedAdvisor

from advisor.memory import Conversations, open_conversations
from advisor.records import Answer, Status, Turn
from advisor.web.retention import EVERY, LOOK_SECONDS, begin_forgetting, forget_daily
from advisor.web.serve import create_app

BEGIN = datetime(2026, 11, 1, 9, tzinfo=UTC)
OWNER = "ann-0123456789abcdef"
THREAD = "forgetting old conversations"


@dataclass
class Clock:
    """Time passes only while somebody waits; at the end the server ends."""

    store: Conversations
    ends_after: timedelta
    step_seconds: float = LOOK_SECONDS
    moment: datetime = BEGIN
    seen: list[int] = field(default_factory=list)  # how many conversations were there at each look

    def now(self) -> datetime:
        return self.moment

    def wait(self, timeout: float) -> bool:
        assert timeout == LOOK_SECONDS
        self.moment += timedelta(seconds=self.step_seconds)
        self.seen.append(len(self.store.list(OWNER)))
        return self.moment - BEGIN > self.ends_after


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Conversations]:
    with open_conversations(tmp_path / "store" / "c.db", retention_days=30) as store:
        for age_days in (0, 28, 29):
            asked_at = BEGIN - timedelta(days=age_days, seconds=1)
            turn = Turn("What?", Answer("What?", Status.ANSWERED, "That."), asked_at)
            store.append(f"{age_days} days", turn, owner=OWNER)
        yield store


def kept(store: Conversations) -> set[str]:
    return {one.id for one in store.list(OWNER)}


def test_what_grows_old_while_the_page_is_served_is_forgotten_a_day_later(
    store: Conversations, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock = Clock(store, ends_after=timedelta(days=1.5))
    forget_daily(store, clock, now=clock.now)
    assert kept(store) == {"0 days", "28 days"}
    assert "1 conversations that nothing was added to for 30 days are forgotten" in caplog.text
    clock = Clock(store, ends_after=timedelta(days=35), step_seconds=EVERY.total_seconds())
    forget_daily(store, clock, now=clock.now)
    assert kept(store) == set()


def test_it_is_done_once_a_day_and_not_at_every_look(store: Conversations, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    clock = Clock(store, ends_after=timedelta(days=3.5))
    forget_daily(store, clock, now=clock.now)
    assert caplog.text.count("are forgotten") == 3
    before_the_first = int(EVERY.total_seconds() / LOOK_SECONDS)
    assert set(clock.seen[:before_the_first]) == {3}


def test_a_machine_that_slept_for_a_week_makes_up_for_it_at_its_first_look(store: Conversations) -> None:
    clock = Clock(store, ends_after=timedelta(days=7), step_seconds=timedelta(days=7).total_seconds())
    forget_daily(store, clock, now=clock.now)
    assert kept(store) == {"0 days"}


def test_a_server_that_ends_at_once_forgets_nothing(store: Conversations) -> None:
    clock = Clock(store, ends_after=timedelta(0))
    forget_daily(store, clock, now=clock.now)
    assert len(kept(store)) == 3


def test_a_store_that_cannot_be_used_is_told_and_tried_again(
    store: Conversations, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Repaired(Clock):
        """The store's folder is away for some looks after the day is over."""

        def wait(self, timeout: float) -> bool:
            day_is_over = self.moment - BEGIN + timedelta(seconds=timeout)
            if day_is_over == EVERY:
                folder.rename(away)
            elif away.exists() and day_is_over > EVERY + 2 * timedelta(seconds=timeout):
                away.rename(folder)
            self.moment += timedelta(seconds=timeout)
            return self.moment - BEGIN > self.ends_after

    folder, away = tmp_path / "store", tmp_path / "away"
    clock = Repaired(store, ends_after=timedelta(days=1.5))
    forget_daily(store, clock, now=clock.now)
    assert caplog.text.count("not forgotten yet") == 3
    assert kept(store) == {"0 days", "28 days"}


def test_where_conversations_are_kept_for_good_nothing_runs() -> None:
    with open_conversations(None) as store:
        begin_forgetting(store, threading.Event())
        assert store.forget_old(BEGIN) == 0
    assert THREAD not in {thread.name for thread in threading.enumerate()}


def test_it_runs_as_long_as_the_server_and_no_longer(store: Conversations) -> None:
    with TestClient(create_app(ScriptedAdvisor(store))):
        (runs,) = (thread for thread in threading.enumerate() if thread.name == THREAD)
        assert runs.daemon
    runs.join(30)
    assert not runs.is_alive()
