"""Selecting evidence: what there is nothing to select from."""

import pytest

from advisor.answer.extract import select, things_compared
from advisor.records import Intent, Query


@pytest.mark.parametrize("intent", list(Intent))
@pytest.mark.parametrize("is_follow_up", [False, True])
def test_nothing_weighed_is_nothing_selected(intent: Intent, is_follow_up: bool) -> None:
    query = Query("what is next?", "what is next?", intent, ("next",), is_follow_up=is_follow_up)
    assert select(query, []) is None


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("What is the difference between SQL and Python?", ("SQL", "Python")),
        ("data analyst or data scientist?", ("data analyst", "data scientist")),
        ("AI vs machine learning, isn't that the same?", ("AI", "machine learning")),
        ("How long is phase 1?", ()),
    ],
)
def test_a_comparison_names_two_things(question: str, things: tuple[str, ...]) -> None:
    assert things_compared(question) == things


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("does linux or git take longer?", ("linux", "git")),
        ("and how much watching vs how much building?", ("watching", "building")),
        ("which vs what?", ()),
        ("Which VS Code extensions are there?", ()),
    ],
)
def test_words_that_ask_are_no_part_of_what_is_compared(question: str, things: tuple[str, ...]) -> None:
    assert things_compared(question) == things
