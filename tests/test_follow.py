"""Going on from an answer: when its understanding is news, what is offered next, which question can be asked anew."""

from dataclasses import replace

import pytest

from advisor.records import Answer, Status
from advisor.web.follow import asked, name_of_last, restated, suggestions, understood
from advisor.web.talk import Phase, Shown, ShownTurn


def answer(question: str, taken: str, **more: object) -> Answer:
    return replace(Answer(question, Status.ANSWERED, "text", understood=taken), **more)


@pytest.mark.parametrize(
    ("question", "taken", "told"),
    [
        ("How long is it?", "How long is it?", ""),
        ("How long is it?", "How long is it? (data analyst)", "How long is it? (data analyst)"),
        ("How hard is it?", "difficulty level is it? (data analyst)", "How hard is it? (data analyst)"),
        ("What does a baker earn?", "salary a baker?", ""),  # the pages' words for the learner's: no news
        ("I am 35. What is dbt?", "What is dbt?", ""),
        ("What does a data enginer do?", "What does a data engineer do?", "What does a data engineer do?"),
        ("what is an SDET", "What is QA engineer (SDET)?", "What is QA engineer (SDET)?"),
        ("what is SQL", "What is SQL", ""),
        ("What is Redis (a cache)?", "What is Redis (a cache)?", ""),
        ("Is dbt hard (data analyst)", "Is dbt hard (data analyst)", ""),
        ("x", "", ""),
    ],
)
def test_an_understanding_is_told_where_it_says_more_than_the_question(question: str, taken: str, told: str) -> None:
    assert restated(answer(question, taken)) == told


def test_a_question_goes_back_into_the_box_as_asked_or_as_understood() -> None:
    turn = ShownTurn("how long?", 0, phase=Phase.DONE, answer=answer("how long?", "how long? (baker)"))
    assert asked(turn) == "how long?"
    assert understood(turn) == "how long? (baker)"
    assert understood(replace(turn, answer=None)) == "how long?"


def test_only_a_finished_last_answer_offers_questions() -> None:
    offering = ShownTurn("a", 0, phase=Phase.DONE, answer=answer("a", "a", suggestions=("b?", "c?")))
    assert suggestions(Shown("c", (offering,))) == ("b?", "c?")
    assert suggestions(Shown("c", (offering, ShownTurn("b", 1, phase=Phase.DONE, answer=answer("b", "b"))))) == ()
    assert suggestions(Shown("c", (replace(offering, phase=Phase.WORDING),))) == ()
    assert suggestions(Shown()) == ()


def test_the_last_question_has_a_name_of_its_own_unless_it_is_running() -> None:
    first, second = ShownTurn("a", 0, phase=Phase.DONE), ShownTurn("b", 1, phase=Phase.FAILED)
    names = {name_of_last(shown) for shown in (Shown("c", (first,)), Shown("c", (first, second)), Shown("d", (first,)))}
    assert len(names) == 3
    assert "" not in names
    assert name_of_last(Shown("c", (replace(first, phase=Phase.WORDING),))) == ""
    assert name_of_last(Shown()) == ""
