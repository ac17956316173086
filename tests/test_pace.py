"""How many hours each week something wants."""

from dataclasses import replace

import pytest
from test_sections import lines

from advisor.answer.extract import select
from advisor.answer.pace import asks_pace, select_pace
from advisor.records import Intent, Query
from advisor.text import stems

PLAN = """# Bees

**Duration:** 34 weeks

**Time Commitment:** 15-20 hours/week (2-3 hours/day)

## Tips

- Whoever has a hive visits it 2 hours per week in spring.

## Honey

- Jars, lids and labels
"""


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How many hours a week should I plan for?", True),
        ("how much time a week should i block for it", True),
        ("how many hrs/week", True),
        ("What is the weekly workload?", True),
        ("How many weeks does it take?", False),
        ("I have 5 hours a week. How long does it take?", False),
        ("how long at 10 hours a week?", False),
    ],
)
def test_a_pace_is_asked_for_and_not_only_named(question: str, asked: bool) -> None:
    assert asks_pace(question) is asked


def told(question: str, coverage: float = 1.0, text: str = PLAN) -> list[str]:
    query = Query(question, question, Intent.DURATION, tuple(stems("bees")))
    weighed = [replace(line, coverage=coverage, score=1 - 0.01 * line.node.index) for line in lines("b.md", None, text)]
    selection = select(query, weighed)
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_the_line_that_is_called_so_states_the_pace() -> None:
    assert told("How many hours a week do bees want?") == ["Time Commitment: 15-20 hours/week (2-3 hours/day)."]


def test_the_whole_time_that_is_asked_for_besides_comes_first() -> None:
    whole, pace = told("How long do bees take and how many hours a week?")
    assert "34 weeks" in whole
    assert pace.startswith("Time Commitment: 15-20 hours/week")


def test_a_line_that_says_there_is_no_pace_is_the_answer() -> None:
    text = "# Bees\n\nNobody says how many hours a week bees want.\n\n- Honey course: 3 hours per week\n"
    query = Query("How many hours a week do bees want?", "", Intent.FACT, ("bee",))
    first, *rest = lines("b.md", None, text)[1:]
    weighed = [replace(first, coverage=1.0, score=1.0, reading=0.9), *(replace(one, coverage=1.0) for one in rest)]
    assert select_pace(query, weighed) is None
    assert select_pace(query, [replace(weighed[0], reading=0.1), *weighed[1:]]) is not None


def test_a_time_that_is_told_with_its_pace_needs_no_other_line() -> None:
    text = "# Bees\n\n- Bee course\n  - Duration: 6 weeks\n  - Effort: 3 hours per week\n"
    assert told("How many weeks do bees take and how many hours a week?", text=text) == [
        "Bee course takes 6 weeks, at 3 hours per week."
    ]


def test_a_pace_of_something_else_and_none_at_all_are_not_told() -> None:
    query = Query("How many hours a week?", "", Intent.DURATION, ("bee",))
    assert select_pace(query, lines("b.md", None, PLAN)) is None
    without = [replace(line, coverage=1.0) for line in lines("b.md", None, "# Bees\n\n- Duration: 34 weeks\n")]
    assert select_pace(query, without) is None


def test_the_pace_of_the_whole_goes_before_that_of_a_part() -> None:
    text = "# Bees\n\n- Commitment: 12-15 hours/week:\n  - Reading: 2 hours a day\n  - Projects: 4-6 hours/week\n"
    assert "12-15 hours/week" in told("How many hours a week?", text=text)[0]
