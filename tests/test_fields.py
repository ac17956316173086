"""Several fields of one certificate in one line, and questions that only one of its fields answers."""

from dataclasses import replace

import pytest
from test_sections import lines

from advisor.answer.fields import fields_asked, select_fields
from advisor.records import Intent, Query
from advisor.text import stems

PAGE = """## Certificates for beekeepers

Renewing the Bee Basics takes ten hours in the field.

- Bee Basics by the Guild
  - Kind: certificate
  - Status: active
  - Validity: does not expire
  - Cost: USD 50
  - Duration: 10 weeks
  - Effort: 2 hours per week
- Bee Master by the State
  - Kind: certificate
  - Status: retired
  - Cost: not stated
  - Validity: 3 years
"""


def told(question: str, *, read: float | None = None) -> list[str]:
    weighed = lines("bees.md", None, PAGE)
    if read is not None:
        first = next(line for line in weighed if line.node.text.startswith("Renewing"))
        weighed = [replace(first, reading=read), *(line for line in weighed if line is not first)]
    selection = select_fields(Query(question, question, Intent.FACT, tuple(stems(question))), weighed)
    return [snippet.text for snippet in selection.snippets] if selection else []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "bee basics: what do they charge and does it expire",
            ["Bee Basics by the Guild: Validity: does not expire, Cost: USD 50."],
        ),
        ("do I have to renew the bee basics?", ["Bee Basics by the Guild: Validity: does not expire."]),
        ("after how long does the Bee Master lapse?", ["Bee Master by the State: Validity: 3 years."]),
        (
            "price of the bee basics, and how long is it?",
            ["Bee Basics by the Guild: Cost: USD 50, Duration: 10 weeks, Effort: 2 hours per week."],
        ),
    ],
)
def test_the_fields_asked_for_are_told_in_the_pages_order(question: str, said: list[str]) -> None:
    assert told(question) == said


def test_a_field_nobody_states_is_told_as_such_beside_one_that_is_stated() -> None:
    assert told("bee master: price and validity?") == ["Bee Master by the State: Cost: not stated, Validity: 3 years."]


@pytest.mark.parametrize(
    "question",
    [
        "how long is the bee basics?",  # one field, which others answer
        "what does renewing the bee basics cost, and is it valid for long?",  # a price of its own
        "how much is the queen licence and does it expire?",  # no item of that name
    ],
)
def test_other_questions_are_left_to_others(question: str) -> None:
    assert told(question) == []


def test_a_sentence_that_is_read_as_the_answer_is_told_as_well() -> None:
    assert told("do I have to renew the bee basics?", read=0.9) == [
        "Bee Basics by the Guild: Validity: does not expire.",
        "Renewing the Bee Basics takes ten hours in the field.",
    ]
    assert len(told("do I have to renew the bee basics?", read=0.2)) == 1


def test_how_long_it_stays_valid_asks_for_no_duration() -> None:
    assert fields_asked("price and how long it stays valid") == ("cost", "validity")
    assert fields_asked("how long does it take and what does it cost") == ("cost", "duration")


def test_the_price_of_one_item_that_is_named_by_several_words_is_told_alone() -> None:
    asked = "what does the bee basics cost?"
    price = Query(asked, asked, Intent.COST, tuple(stems(asked)))
    selection = select_fields(price, lines("bees.md", None, PAGE))
    assert selection is not None
    assert [snippet.text for snippet in selection.snippets] == ["Bee Basics by the Guild: Cost: USD 50."]
    dearer = PAGE + "\n## Elsewhere\n\n- Bee Basics by the Guild\n  - Kind: certificate\n  - Cost: USD 70\n"
    assert select_fields(price, lines("bees.md", None, dearer)) is None


BOOK = """
- Passing the Bee Basics Exam by A. Keeper
  - Kind: book
  - Cost: USD 20
"""


@pytest.mark.parametrize("exam", ["exam", "certificate", "cert"])
def test_an_exam_is_no_book_that_is_called_after_it(exam: str) -> None:
    weighed = lines("bees.md", None, PAGE + BOOK)
    question = f"what does the basics {exam} cost?"
    selection = select_fields(Query(question, question, Intent.COST, tuple(stems(question))), weighed)
    assert selection is not None
    assert [snippet.text for snippet in selection.snippets] == ["Bee Basics by the Guild: Cost: USD 50."]


def test_a_book_is_told_of_where_no_certificate_is_named() -> None:
    weighed = lines("bees.md", None, "## Books\n" + BOOK)
    question = "price and level of the bee basics exam book?"
    selection = select_fields(Query(question, question, Intent.COST, tuple(stems(question))), weighed)
    assert selection is not None
    assert "USD 20" in selection.snippets[0].text
