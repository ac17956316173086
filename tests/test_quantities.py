"""Stretches of time in text."""

import pytest

from advisor.corpus.quantities import durations, span, without_durations, without_span


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It takes 6 weeks.", ["6 weeks"]),
        ("Plan 4–5 months or about 26 hours", ["4–5 months", "about 26 hours"]),
        ("two to three years", ["two to three years"]),
        ("a 12-week course", ["12-week"]),
        ("1.5 hours", ["1.5 hours"]),
        ("half a day", ["half a day"]),
        ("6+ months", ["6+ months"]),
    ],
)
def test_durations_are_found_in_the_words_of_the_text(text: str, found: list[str]) -> None:
    assert [duration.words for duration in durations(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "10 hours per week",
        "5 hours a week",
        "3 years old",
        "2 years ago",
        "5 years of experience",
        "a day in the life",
        "one day to day",
        "version 3 weekly",
        "no time at all",
        "",
    ],
)
def test_effort_age_and_idioms_are_no_durations(text: str) -> None:
    assert durations(text) == ()


def test_offsets_point_at_the_words() -> None:
    text = "First ~ 3 weeks, then 10 days; later up to 2 years."
    assert durations(text)
    for duration in durations(text):
        assert text[duration.start : duration.end].strip() == duration.words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mathematics (8 weeks)", "Mathematics"),
        ("Phase 2: Pipelines – 10 weeks", "Phase 2: Pipelines"),
        ("Pipelines", "Pipelines"),
        ("Phase 3: Ship (8 Weeks | ~150 hours)", "Phase 3: Ship"),
        ("call f() for 3 days", "call f() for"),
        ("3 weeks", ""),
        ("Deep Learning (3 months at 10 hours per week)", "Deep Learning"),
    ],
)
def test_a_name_is_what_is_left_without_its_duration(text: str, name: str) -> None:
    assert without_durations(text) == name


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("Day 29-42: Python", "Day 29-42", "Python"),
        ("Week 3: SQL joins", "Week 3", "SQL joins"),
        ("Months 1–2: Basics", "Months 1–2", "Basics"),
        ("Week 3 to 4 - SQL", "Week 3 to 4", "SQL"),
    ],
)
def test_a_stretch_of_a_plan_opens_a_text(text: str, words: str, name: str) -> None:
    planned = span(text)
    assert planned is not None
    assert planned.words == words
    assert without_span(text) == name


@pytest.mark.parametrize("text", ["Python, from day 29", "Days of thunder", "Weekly review: Monday", "2 weeks: Python"])
def test_other_texts_open_with_no_stretch_of_a_plan(text: str) -> None:
    assert span(text) is None
    assert without_span(text) == text
