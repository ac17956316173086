"""Numbers with units: read as the source states them, never guessed."""

from datetime import date

import pytest

from advisor.corpus.measures import (
    CostKind,
    Hours,
    Unit,
    hours_of,
    is_unknown,
    is_without_end,
    read_cost,
    read_date,
    read_effort,
    read_length,
)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("6 weeks", 6, 6, Unit.WEEK),
        ("4–5 months", 4, 5, Unit.MONTH),
        ("about 26 hours", 26, 26, Unit.HOUR),
        ("four to six months", 4, 6, Unit.MONTH),
        ("a 12-week course", 12, 12, Unit.WEEK),
        ("1,200 hours", 1200, 1200, Unit.HOUR),
        ("1.5 hours", 1.5, 1.5, Unit.HOUR),
        ("10h", 10, 10, Unit.HOUR),
        ("90 minutes", 90, 90, Unit.MINUTE),
        ("half a year", 0.5, 0.5, Unit.YEAR),
        ("6+ weeks", 6, None, Unit.WEEK),
        ("at least 3 months", 3, None, Unit.MONTH),
        ("6 months to 2 years", 6, 24, Unit.MONTH),
        ("2 weeks at 12 hours per week", 2, 2, Unit.WEEK),
    ],
)
def test_a_length_keeps_its_range_and_its_unit(text: str, low: float, high: float | None, unit: Unit) -> None:
    length = read_length(text)
    assert length is not None
    assert (length.low, length.high, length.unit) == (low, high, unit)


@pytest.mark.parametrize("text", ["", "a few weeks", "self-paced", "10 hours per week", "not stated", "3 years old"])
def test_what_states_no_length_gives_none(text: str) -> None:
    assert read_length(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high", "per"),
    [
        ("10 hours per week", 10, 10, Unit.WEEK),
        ("5–10 hours a week", 5, 10, Unit.WEEK),
        ("8-12 hours/week", 8, 12, Unit.WEEK),
        ("20h/week", 20, 20, Unit.WEEK),
        ("takes 3 months if you give it 10 hours per week", 10, 10, Unit.WEEK),
        ("30 minutes a day", 0.5, 0.5, Unit.DAY),
    ],
)
def test_an_effort_is_hours_per_something(text: str, low: float, high: float, per: Unit) -> None:
    effort = read_effort(text)
    assert effort is not None
    assert (effort.low, effort.high, effort.per) == (low, high, per)


def test_hours_need_a_length_in_hours_or_an_effort() -> None:
    assert hours_of(read_length("25 hours"), None) == Hours(25, 25)
    assert hours_of(read_length("6 weeks"), read_effort("3–4 hours per week")) == Hours(18, 24)
    assert hours_of(read_length("6 weeks"), None) is None
    assert hours_of(None, read_effort("3 hours per week")) is None


def test_a_month_is_fifty_two_twelfths_of_a_week() -> None:
    hours = hours_of(read_length("4–5 months"), read_effort("10 hours per week"))
    assert hours is not None
    assert str(hours) == "173–217 hours"


def test_an_open_length_gives_open_hours() -> None:
    assert hours_of(read_length("6+ weeks"), read_effort("10 hours per week")) == Hours(60, None)
    assert str(Hours(60, None)) == "60 hours or more"


def test_hours_add_up_and_openness_stays() -> None:
    assert Hours(10, 12) + Hours(5, 5) == Hours(15, 17)
    assert Hours(10, 12) + Hours(5, None) == Hours(15, None)


@pytest.mark.parametrize(
    ("text", "kind", "amount", "currency"),
    [
        ("free", CostKind.FREE, None, None),
        ("free to audit", CostKind.FREE_TO_AUDIT, None, None),
        ("USD 49 per month", CostKind.PAID, 49, "USD"),
        ("$1,200", CostKind.PAID, 1200, "USD"),
        ("free to audit, USD 99 with the certificate", CostKind.FREE_TO_AUDIT, 99, "USD"),
        ("EUR 25", CostKind.PAID, 25, "EUR"),
        ("paid", CostKind.PAID, None, None),
    ],
)
def test_a_cost_is_free_or_paid_with_its_amount(
    text: str, kind: CostKind, amount: float | None, currency: str | None
) -> None:
    cost = read_cost(text)
    assert cost is not None
    assert (cost.kind, cost.amount, cost.currency) == (kind, amount, currency)


def test_a_monthly_price_says_so() -> None:
    cost = read_cost("USD 49 per month")
    assert cost is not None
    assert cost.per is Unit.MONTH


def test_a_value_without_a_cost_gives_none() -> None:
    assert read_cost("not stated") is None
    assert read_cost("see the website") is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("retired on 31 March 2026", date(2026, 3, 31)),
        ("2026-03-31", date(2026, 3, 31)),
        ("2026-03", date(2026, 3, 1)),
        ("in May 2024", date(2024, 5, 1)),
        ("Version 2026 of Spring 2025", None),
        ("2026-13-01", None),
    ],
)
def test_dates_are_read_in_four_forms(text: str, day: date | None) -> None:
    assert read_date(text) == day


def test_unknown_and_endless_are_told_apart() -> None:
    assert is_unknown("not stated")
    assert is_unknown("not stated by its provider")
    assert is_unknown("  ")
    assert not is_unknown("nothing")
    assert is_without_end("self-paced")
    assert not is_without_end("6 weeks")
