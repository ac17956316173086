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
