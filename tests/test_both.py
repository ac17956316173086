"""Two questions in one, each answered by its own section."""

import pytest
from test_sections import both, query

from advisor.answer.both import select_both
from advisor.answer.selection import Shape
from advisor.corpus.subjects import Subject
from advisor.records import Query
from advisor.text import stems

HARD_AND_PITFALLS = "is it hard to become a beekeeper and what are common mistakes?"


def asked(question: str, *roles: str) -> Query:
    found = query(Subject.DIFFICULTY, roles=roles or ("Beekeeper",))
    return Query(question, question, found.intent, tuple(stems(question)), roles=found.roles, subject=found.subject)


def test_each_half_is_answered_by_its_section_in_the_order_asked() -> None:
    selection = select_both(asked(HARD_AND_PITFALLS), both())
    assert selection is not None
    assert selection.shape is Shape.LIST
    said = [snippet.text for snippet in selection.snippets]
    assert said[0] == "Difficulty is moderate."
    assert said[-1] == "Buying cheap smokers"


def test_how_long_and_something_else_are_two_questions() -> None:
    selection = select_both(asked("how long does it take to become a beekeeper, and what are the pitfalls"), both())
    assert selection is not None
    assert "1 year" in selection.snippets[1].text
    assert selection.snippets[-1].text == "Buying cheap smokers"


@pytest.mark.parametrize(
    "question",
    [
        "is it hard to become a beekeeper?",  # one question
        "what are the pitfalls, and which mistakes are common?",  # the same twice
        "what are the pitfalls and how much does a smoker cost?",  # no section has the second
    ],
)
def test_other_questions_are_left_to_others(question: str) -> None:
    assert select_both(asked(question), both()) is None


def test_two_careers_are_left_to_the_table() -> None:
    assert select_both(asked(HARD_AND_PITFALLS, "Beekeeper", "Baker"), both()) is None
