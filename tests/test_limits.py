"""So many questions a minute, and one at a time: by a clock that is moved by hand."""

import threading

import pytest

from advisor.errors import TooManyQuestions
from advisor.web.limits import Limits, Window


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_what_is_one_too_many_waits_until_the_oldest_is_forgotten() -> None:
    clock = Clock()
    window = Window(2, 60, clock=clock)
    assert window.take("ann") == 0
    clock.seconds += 10
    assert window.take("ann") == 0
    clock.seconds += 5
    assert window.take("ann") == 45
    assert window.take("bob") == 0
    clock.seconds += 45
    assert window.take("ann") == 0
    assert window.take("ann") == 10


def test_where_one_name_has_had_its_share_nothing_is_counted_under_the_others() -> None:
    window = Window(1, 60, clock=Clock())
    assert window.take("ann") == 0
    assert window.take("bob", "ann") == 60
    assert window.take("bob") == 0


def test_names_of_a_minute_ago_are_forgotten_and_many_fresh_ones_do_not_grow_without_end() -> None:
    clock = Clock()
    window = Window(1, 60, clock=clock)
    for number in range(25_000):
        clock.seconds += 0.001
        window.take(f"client {number}")
    assert window.wait_seconds("client 24999") > 0
    assert window.wait_seconds("client 0") == 0
    assert len(window._seen) <= 10_001


def test_the_learner_reads_how_many_and_how_long() -> None:
    limits = Limits(2)
    limits.count("ann")
    limits.count("ann")
    with pytest.raises(TooManyQuestions, match=r"more than 2 questions within a minute: ask again in 60 seconds\."):
        limits.count("ann")


def test_none_a_minute_is_no_limit() -> None:
    limits = Limits(0)
    for _ in range(1000):
        limits.count("ann")


def test_a_second_question_of_the_same_owner_is_turned_away_and_others_are_not() -> None:
    limits = Limits(0, patience_seconds=0.01)
    with limits.alone("ann"):
        with limits.alone("bob"):
            pass
        with pytest.raises(TooManyQuestions, match="Another question of yours"), limits.alone("ann"):
            pytest.fail("two at once")
    with limits.alone("ann"):
        pass


def test_a_question_that_ends_soon_is_waited_for() -> None:
    limits = Limits(0, patience_seconds=20)
    begun, taken = threading.Event(), threading.Event()

    def second() -> None:
        begun.set()
        with limits.alone("ann"):
            taken.set()

    with limits.alone("ann"):
        thread = threading.Thread(target=second)
        thread.start()
        begun.wait(20)
        assert not taken.is_set()
    thread.join(20)
    assert taken.is_set()
