"""What takes how long, on pages nobody here wrote."""

import pytest

from advisor.corpus.outline import Outline, outline_document
from advisor.corpus.reading import find_sections
from advisor.corpus.timed import read_times
from advisor.records import Document


def outline(text: str) -> Outline:
    return outline_document(Document("a.md", "A page", text, find_sections(text), "0"))


def told(text: str) -> list[tuple[str, str, str]]:
    """Name, length and effort of everything that takes time, in the page's own words."""
    return [
        (one.name, one.length.words if one.length else "", one.effort.words if one.effort else "")
        for one in read_times(outline(text)).timed
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Phase 1: Mathematics (4-5 months)\n\nText.", ("Phase 1: Mathematics", "4-5 months", "")),
        ("### 1.1 Data modelling (50h)\n\nText.", ("Data modelling", "50h", "")),
        ("## Stage 1\n\n- Duration: 3–4 weeks\n- Goal: a site", ("Stage 1", "3–4 weeks", "")),
        ("- **Bees** by Anna\n  - Duration: 6 weeks\n  - Level: beginner", ("Bees by Anna", "6 weeks", "")),
        ("- [Intro to Redis](https://a.b) (4h, Pluralsight, free trial)", ("Intro to Redis", "4h", "")),
        ("- Python: 8 weeks", ("Python", "8 weeks", "")),
        ("- Python - 8 weeks", ("Python", "8 weeks", "")),
        ("1. [Deep Learning](https://a.b)\n   - Takes 3 month if you dedicate 10 hours per week.",
         ("Deep Learning", "3 month", "10 hours per week")),
        ("1. [Python](https://a.b)\n   - 26 hours (approximately)", ("Python", "26 hours", "")),
        ("The bootcamp usually takes about 12 weeks.", ("bootcamp", "12 weeks", "")),
        ("Spend 2 months on linear algebra, then go on.", ("linear algebra", "2 months", "")),
        ("- **Intensive (20h/week)**: ~14 months", ("Intensive", "14 months", "20h/week")),
        ("- **Module 1:** 4 weeks (80 hours)", ("Module 1", "4 weeks", "")),
        ("## Bees step by step in 3 months\n\nText.", ("Bees step by step", "3 months", "")),
        ("[Unit 3: Hives (40 hours) 8](#unit-3)", ("Unit 3: Hives", "40 hours", "")),
        ("The seminar is designed to be approximately 320 hours.", ("seminar", "320 hours", "")),
    ],
)  # fmt: skip
def test_a_thing_and_its_time_are_found(text: str, expected: tuple[str, str, str]) -> None:
    assert told(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Phase 2\n\n- **[100 Days of SwiftUI](https://a.b)** by Paul\n  - Duration: 90 days",
         [("100 Days of SwiftUI by Paul", "90 days", "")]),
        ("## Phase 2\n\n- 30 Days of Python by Anna", []),
        ("## Phase 2\n\n- 6 Weeks", [("Phase 2", "6 Weeks", "")]),
        ("## Phase 2\n\n- 6 Weeks of study", [("Phase 2", "6 Weeks", "")]),
    ],
)  # fmt: skip
def test_a_title_that_counts_days_is_no_length_of_the_section_above_it(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert told(text) == expected


def test_a_table_of_duration_and_effort_gives_a_row_each() -> None:
    text = (
        "| Courses | Duration | Effort |\n|---|---|---|\n| [Calculus 1A](https://a.b) | 13 weeks | 6-10 hours/week |\n"
        "| Statistical Learning | - weeks | 3 hours/week |\n"
    )
    assert told(text) == [("Calculus 1A", "13 weeks", "6-10 hours/week"), ("Statistical Learning", "", "3 hours/week")]


def test_a_row_is_named_by_its_column_of_things_to_do() -> None:
    text = (
        "| Experience | Time | Recommended plan | Duration |\n|---|---|---|---|\n"
        "| None | 8-12 hrs/week | Fast | 4-6 months |\n"
    )
    assert told(text) == [("Fast", "4-6 months", "8-12 hrs/week")]


def test_a_column_that_carries_the_unit_is_read() -> None:
    text = "| Module | Hours |\n|---|---|\n| SQL | 25 |\n| Spark | 10-12 |\n"
    assert [(name, length.lower()) for name, length, _ in told(text)] == [("SQL", "25 hours"), ("Spark", "10-12 hours")]


@pytest.mark.parametrize(
    "text",
    [
        "## The first 90 days\n\nText.",
        "- Try to invest 1 ~ 2 hours every day studying.",
        "- A guy who learned the entire 4-year curriculum in one year, which nobody should copy at home",
        "- Work 10 hours per week at most",
        "- **Daily schedule**: 2-3 hours",
        "The field is 70 years old.",
    ],
)
def test_times_that_are_nobody_s_length_are_left_alone(text: str) -> None:
    assert told(text) == []


def test_what_looks_like_a_length_and_is_none_is_reported() -> None:
    times = read_times(outline("## Basics\n\n- Duration: quite some time\n- Level: beginner\n"))
    assert times.timed == ()
    assert [one.words for one in times.unread] == ["quite some time"]


def test_not_stated_and_self_paced_are_no_faults() -> None:
    text = "- A\n  - Duration: not stated\n  - Cost: free\n- B\n  - Duration: self-paced\n  - Cost: free\n"
    assert read_times(outline(text)).unread == ()
