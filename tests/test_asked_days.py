"""Days as learners name them, on Saturday 21 November 2026."""

from datetime import date

import pytest

from advisor.career.asked_days import read_by, read_start
from advisor.search.planning import plain

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("by june", date(2027, 6, 1)),
        ("by next September", date(2027, 9, 1)),
        ("by next November", date(2027, 11, 1)),
        ("by December", date(2026, 12, 1)),
        ("by spring", date(2027, 3, 1)),
        ("until next summer", date(2027, 6, 1)),
        ("by the end of the year", date(2026, 12, 31)),
        ("by the end of next year", date(2027, 12, 31)),
        ("by end of February 2028", date(2028, 2, 29)),
        ("by the end of 2028", date(2028, 12, 31)),
        ("by mid-March", date(2027, 3, 15)),
        ("by 30 June 2027", date(2027, 6, 30)),
        ("before the 5th of May", date(2027, 5, 5)),
        ("by June 31", date(2027, 6, 30)),  # its last day
        ("by 2027-06-30", date(2027, 6, 30)),
        ("by Christmas", date(2026, 12, 25)),
        ("by 2028", date(2028, 1, 1)),
        ("by Friday", date(2026, 11, 27)),
        ("in six months", date(2027, 5, 21)),
        ("within a year", date(2027, 11, 21)),
        ("in half a year", date(2027, 5, 21)),
        ("in a year and a half", date(2028, 5, 21)),
        ("in 10 weeks", date(2027, 1, 30)),
        ("in 99999999999 weeks", date(2126, 10, 28)),  # a hundred years are as good as never
    ],
)
def test_the_day_to_be_done_by_is_the_first_that_fits_after_today(text: str, day: date) -> None:
    found = read_by(plain(f"i want to be done {text}"), today=TODAY)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("starting in January", date(2027, 1, 1)),
        ("20 hours available from January on", date(2027, 1, 1)),
        ("what if I start in March?", date(2027, 3, 1)),
        ("start next week", date(2026, 11, 23)),
        ("starting tomorrow", date(2026, 11, 22)),
        ("begin on 1 December", date(2026, 12, 1)),
        ("I start in two months", date(2027, 1, 21)),
    ],
)
def test_the_first_day_is_read(text: str, day: date) -> None:
    found = read_start(plain(text), today=TODAY)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize("text", ["i start from nothing", "starting from zero", "by 2027-02-31", "i may be late", ""])
def test_what_names_no_day_is_none(text: str) -> None:
    assert read_start(plain(text), today=TODAY) is None
    assert read_by(plain(text), today=TODAY) is None
