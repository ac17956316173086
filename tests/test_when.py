"""When something comes in a plan."""

import pytest
from test_sections import lines

from advisor.answer.when import select_when
from advisor.records import Intent, Query
from advisor.search.moment import asks_when
from advisor.text import stems

PLAN = """# Baker's plan

## Week 3: Sourdough starters

- Feed the starter
- Ovens and steam

## Rest of the year

**Days 31-60**: Ovens
- Take the flour mill exam

### Phase 2: Pastry (Months 4-5)

- Puff pastry
- Choux pastry

## Tips

- Sourdough keeps well
- Rye flour is heavy
"""


def told(question: str, *numbered: str) -> list[str]:
    query = Query(question, question, Intent.FACT, tuple(stems(question)), numbered=numbered)
    selection = select_when(query, lines("plan.md", None, PLAN))
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_a_part_named_after_the_thing_is_told_and_not_its_lines() -> None:
    assert told("when do I get to sourdough?") == ["Week 3: Sourdough starters."]


def test_a_line_is_told_with_the_part_it_stands_under() -> None:
    assert told("when do I take the flour mill exam?") == ["Days 31-60: Ovens: Take the flour mill exam."]


def test_months_in_brackets_date_a_part() -> None:
    assert told("which months are for pastry?") == ["Phase 2: Pastry (Months 4-5)."]


def test_what_stands_in_several_parts_is_told_of_each() -> None:
    several = "# Plan\n\n## Week 1\n\n- Feed the starter\n\n## Week 2\n\n- Feed the starter again\n"
    query = Query("which weeks do I feed the starter?", "", Intent.FACT, ("feed", "starter"))
    selection = select_when(query, lines("plan.md", None, several))
    assert selection is not None
    assert [snippet.text[:6] for snippet in selection.snippets] == ["Week 1", "Week 2"]


def test_what_stands_outside_of_dated_parts_and_what_is_nowhere_is_not_told() -> None:
    assert told("when do I learn about rye?") == []
    assert told("when do I get to chocolate?") == []
    assert told("what do I take in week 3?", "week 3") == []


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("when will I get to ovens?", True),
        ("When in the plan do I learn rye?", True),
        ("when are ovens covered?", True),
        ("which week is about ovens?", True),
        ("what phase does pastry belong to?", True),
        ("when can I apply?", False),
        ("what phases are there?", False),
        ("what weekday is it?", False),
        ("when is the application due?", False),
        ("when does the next course start?", False),
    ],
)
def test_a_question_for_a_point_in_a_plan_is_told_from_others(question: str, *, asks: bool) -> None:
    assert asks_when(question) is asks
