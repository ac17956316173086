"""What is not for a career adviser, and what is."""

import pytest

from advisor.search.sensitive import Matter, sensitive
from advisor.text import stem


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("i failed the exam again and want to die", Matter.DANGER),
        ("there is no point in living without a job", Matter.DANGER),
        ("Should I take my pills before the interview?", Matter.HEALTH),
        ("my right wrist hurts from typing", Matter.HEALTH),
        ("do i need a work permit in canada", Matter.LAW),
        ("can I sue my bootcamp?", Matter.LAW),
        ("should i put my pension into a bootcamp", Matter.MONEY),
        ("is it time to buy some tech stocks?", Matter.MONEY),
        ("i am so depressed that i want to end it all", Matter.DANGER),  # the gravest
    ],
)
def test_a_matter_for_somebody_else_is_told(question: str, matter: Matter) -> None:
    found = sensitive(question)
    assert found is not None
    assert found.matter is matter


@pytest.mark.parametrize(
    "question",
    [
        "How do I kill a process in Linux?",
        "which cuts to my study plan are fine?",
        "is deep learning painful to start with?",
        "what does a security analyst do about a data breach lawfully?",
        "how do I become a data engineer in the health sector?",
        "which courses are worth the money?",
        "how many stocks do I need for the exercise on correlation?",
    ],
)
def test_questions_about_careers_are_no_such_matter(question: str) -> None:
    assert sensitive(question) is None


def test_the_word_that_tells_it_is_known() -> None:
    found = sensitive("do i need visas for the job")
    assert found is not None
    assert found.stems == {stem("visas")}
