"""Which two things a question sets against each other."""

import pytest

from advisor.search.compared import things_compared


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("What is the difference between SQL and Python?", ("SQL", "Python")),
        ("data analyst or data scientist?", ("data analyst", "data scientist")),
        ("AI vs machine learning, isn't that the same?", ("AI", "machine learning")),
        ("isn't a smoker the same thing as a fogger? whats the difference", ("a smoker", "a fogger")),
        ("hive vs box - whats each one good for?", ("hive", "box")),
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
