"""Which questions ask what somebody earns, and which only where to look it up."""

import pytest

from advisor.search.pay import asks_amount_of_pay, asks_pay, is_about_pay


@pytest.mark.parametrize(
    "question",
    [
        "how much do bakers earn?",
        "which tech career pays the most?",
        "what job in data pays better than mine?",
        "what are the best paid jobs?",
        "the highest-paying role, please",
        "what's the salary of a baker?",
    ],
)
def test_an_amount_of_pay_is_asked_for(question: str) -> None:
    assert asks_amount_of_pay(question)
    assert asks_pay(question)


@pytest.mark.parametrize(
    "question",
    [
        "what makes the best portfolio?",
        "which certificate pays off first?",
        "do i have to pay for the course?",
        "which course is the best?",
        "who pays for the exam?",
    ],
)
def test_what_is_paid_for_or_pays_off_is_no_pay(question: str) -> None:
    assert not asks_amount_of_pay(question)
    assert not asks_pay(question)


def test_where_to_look_pay_up_is_no_amount() -> None:
    assert not asks_pay("where do i find salaries of bakers?")


@pytest.mark.parametrize(
    ("heading", "about"),
    [
        ("How to find local pay figures yourself", True),
        ("Salaries in 2026", True),
        ("What to pay for first", False),
        ("How payments work", False),
    ],
)
def test_a_section_that_tells_of_pay_is_known_by_its_heading(heading: str, about: bool) -> None:
    assert is_about_pay(heading) is about


def test_who_earns_more_asks_for_amounts() -> None:
    assert asks_amount_of_pay("do bakers earn more than gardeners?")
    assert not asks_amount_of_pay("do bakers work more than gardeners?")
