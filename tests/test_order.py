"""What comes after and before a part of a way."""

import pytest
from test_sections import lines

from advisor.answer.order import select_before_or_after, select_neighbour
from advisor.records import Intent, Query
from advisor.text import stems

PAGE = """# Beekeeping in 30 days

## Day 1-7: Hives

- Frames
- Boxes

## Day 8-14: Queens

Queens lay eggs.

## Day 15-30: Honey

## Books

- Bees after dark
"""


def told(question: str) -> list[str]:
    query = Query(question, question, Intent.STEPS, tuple(stems(question)))
    selection = select_neighbour(query, lines("b.md", None, PAGE))
    return [snippet.text for snippet in selection.snippets] if selection else []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what comes after hives?", ["Day 8-14: Queens."]),
        ("what should I study right before honey in the bee plan?", ["Day 8-14: Queens."]),
        ("and what is after the queens", ["Day 15-30: Honey."]),
    ],
)
def test_the_part_beside_the_named_one_is_told(question: str, said: list[str]) -> None:
    assert told(question) == said


@pytest.mark.parametrize("question", ["what comes after honey?", "what comes after frames?", "what do bees eat?"])
def test_without_a_named_part_or_a_neighbour_nothing_is_told(question: str) -> None:
    assert told(question) == []


def both(question: str) -> list[str]:
    query = Query(question, question, Intent.FACT, tuple(stems(question)))
    selection = select_before_or_after(query, lines("b.md", None, PAGE))
    return [snippet.text for snippet in selection.snippets] if selection else []


@pytest.mark.parametrize(
    "question", ["Are frames covered before or after queens?", "do queens come after or before frames"]
)
def test_two_things_are_told_in_the_order_of_the_page_with_their_parts(question: str) -> None:
    assert both(question) == ["Day 1-7: Hives: Frames.", "Day 8-14: Queens."]


@pytest.mark.parametrize(
    "question", ["Are wasps covered before or after queens?", "Are frames before or after boxes?", "frames?"]
)
def test_an_order_is_told_only_of_two_things_that_stand_in_two_parts_of_a_page(question: str) -> None:
    assert both(question) == []
