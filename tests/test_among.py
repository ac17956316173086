"""Which of them: items kept or ranked by a field, in the form in which the page states it."""

from dataclasses import replace

import pytest
from test_sections import lines

from advisor.answer.among import select_among
from advisor.answer.selection import Shape
from advisor.records import Intent, Query
from advisor.text import stems

PAGE = """## Certificates for beekeepers

- Bee Basics by the Guild
  - Kind: certificate
  - Status: active
  - Validity: does not expire
  - Duration: 10 weeks
  - Effort: 2 hours per week
  - Cost: free
- Bee Master by the Guild
  - Kind: certificate
  - Status: retired
  - Validity: 3 years
  - Duration: 40 hours
  - Cost: USD 90
- Queen Licence by the State
  - Kind: certificate
  - Status: active
  - Validity: not stated
  - Duration: not stated
  - Cost: USD 50
- Hive tour
  - Kind: video
  - Cost: free
"""


def among(question: str, *, after: bool = True, page: str = PAGE) -> list[str]:
    weighed = [replace(line, coverage=0.5) for line in lines("bees.md", None, page)]
    near = tuple(passage.id for passage in weighed[0].page.passages) if after else ()
    selection = select_among(Query(question, question, Intent.FACT, tuple(stems(question)), near=near), weighed)
    return [snippet.text for snippet in selection.snippets] if selection else []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("which of these certificates is free?", ["Bee Basics by the Guild: Cost: free."]),
        ("which of the certificates never runs out?", ["Bee Basics by the Guild: Validity: does not expire."]),
        ("which of them is cheapest, certificates only?", ["Bee Basics by the Guild: Cost: free."]),
        ("which of these certificates is the most expensive?", ["Bee Master by the Guild: Cost: USD 90."]),
        ("which certificate takes longer?", ["Bee Master by the Guild: Duration: 40 hours."]),
        ("which one is the shortest?", ["Bee Basics by the Guild: Duration: 10 weeks."]),
        (
            "which of the certificates are still active?",
            ["Bee Basics by the Guild: Status: active.", "Queen Licence by the State: Status: active."],
        ),
    ],
)  # fmt: skip
def test_items_are_chosen_by_what_they_state(question: str, said: list[str]) -> None:
    assert among(question) == said


def test_a_kind_that_is_named_leaves_the_other_kinds_out() -> None:
    assert among("which of these is free?") == ["Bee Basics by the Guild: Cost: free.", "Hive tour: Cost: free."]


def test_two_that_are_meant_and_not_known_are_left_to_others() -> None:
    assert among("the wax one and the smoke one, which of them costs less?") == []
    assert among("which of them costs the least, certificates only?") == ["Bee Basics by the Guild: Cost: free."]


def test_several_are_a_list_and_one_is_a_sentence() -> None:
    weighed = [replace(line, coverage=0.5) for line in lines("bees.md", None, PAGE)]
    for question, shape in (("which of these are free", Shape.LIST), ("which one is the longest", Shape.SENTENCES)):
        selection = select_among(Query(question, question, Intent.FACT, ()), weighed)
        assert selection is not None
        assert selection.shape is shape


def test_longer_needs_two_lengths() -> None:
    one_length = PAGE.replace("Duration: 40 hours", "Duration: not stated")
    assert among("which one is longer?", page=one_length) == []


@pytest.mark.parametrize(
    "question", ["is Bee Basics free?", "which of them has honey?", "how long is the longest day?"]
)
def test_a_question_that_chooses_by_no_field_is_answered_elsewhere(question: str) -> None:
    assert among(question) == []


def test_every_choice_quotes_its_own_line() -> None:
    weighed = [replace(line, coverage=0.5) for line in lines("bees.md", None, PAGE)]
    selection = select_among(Query("which of them is free?", "", Intent.COST, ()), weighed)
    assert selection is not None
    assert {snippet.quote for snippet in selection.snippets} == {"Cost: free"}


def test_the_items_of_the_career_that_is_talked_about_come_before_all_others() -> None:
    oven = "- {}\n  - Kind: certificate\n  - Cost: {}\n"
    others = f"## Certificates\n\n{oven.format('Oven One', 'free')}{oven.format('Oven Two', 'USD 500')}"
    weighed = [
        replace(line, coverage=0.5)
        for line in [*lines("baker.md", "Baker", others), *lines("bees.md", "Beekeeper", PAGE)]
    ]
    question = "which certificate is the most expensive?"
    asked = Query(question, question, Intent.FACT, tuple(stems(question)), leaning="Beekeeper")
    selection = select_among(asked, weighed)
    assert selection is not None
    assert [snippet.text for snippet in selection.snippets] == ["Bee Master by the Guild: Cost: USD 90."]


def test_items_that_are_named_are_set_beside_each_other_and_no_third() -> None:
    assert among("which is cheaper, the bee master or the queen licence?") == [
        "Queen Licence by the State: Cost: USD 50.",
        "Bee Master by the Guild: Cost: USD 90.",
    ]
    assert among("which takes longer, the bee basics or the bee master?") == [
        "Bee Master by the Guild: Duration: 40 hours.",
        "Bee Basics by the Guild: Duration: 10 weeks.",
    ]
