"""Sentences that lean on what stands before them are told with it; names that stand in a heading are told too."""

import pytest
from test_line_reading import YES, Told, lines, texts

from advisor.answer.reading import line_text, reread
from advisor.answer.readout import select_read

PAGE = """# Books on bees

## The Quiet Hive, Ada Kuhn

This is the third book that everybody names. Kuhn tells how to listen to a hive.

## Choosing a box

Wood lets the hive breathe. As a result, wooden boxes stay dry in winter. Plastic is light and cheap.
"""


def told(question: str, *read: str) -> list[str]:
    odds = dict.fromkeys(read, YES)
    return texts(select_read(reread(question, lines(text=PAGE), Told(odds)), question=question))


def test_a_sentence_that_opens_a_section_and_leans_back_is_told_under_its_heading() -> None:
    first = "This is the third book that everybody names."
    assert told("what is the third book?", first) == [f"The Quiet Hive, Ada Kuhn: {first}"]


def test_a_sentence_that_leans_on_the_one_before_it_comes_after_that_one() -> None:
    said = told("why a wooden box?", "As a result, wooden boxes stay dry in winter.")
    assert said == ["Wood lets the hive breathe.", "As a result, wooden boxes stay dry in winter."]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("which book helps me listen?", "The Quiet Hive, Ada Kuhn: Kuhn tells how to listen to a hive."),
        (
            "is there something on listening for beginners?",
            "The Quiet Hive, Ada Kuhn: Kuhn tells how to listen to a hive.",
        ),
        ("how do I listen?", "Kuhn tells how to listen to a hive."),
    ],
)
def test_where_one_of_several_or_a_level_is_asked_for_the_heading_that_names_it_is_told(
    question: str, said: str
) -> None:
    assert told(question, "Kuhn tells how to listen to a hive.") == [said]


def test_a_sentence_that_stands_by_itself_is_told_by_itself() -> None:
    assert told("which box?", "Plastic is light and cheap.") == ["Choosing a box: Plastic is light and cheap."]
    assert told("is plastic good?", "Plastic is light and cheap.") == ["Plastic is light and cheap."]


ASKED = """# Bees, asked and answered

Do I need a garden? No, a flat roof is enough. Ask your landlord before you climb. Is it loud? Hardly.
"""


def test_where_a_question_of_the_page_is_read_as_the_answer_its_answer_is_told() -> None:
    odds = {"Do I need a garden?": YES}
    read = reread("garden?", lines(text=ASKED), Told(odds))
    assert texts(select_read(read)) == ["No, a flat roof is enough.", "Ask your landlord before you climb."]


def test_a_line_is_read_below_the_question_that_it_answers() -> None:
    shown = {one.node.text: line_text(one.page.outline, one.node) for one in lines(text=ASKED)}
    assert (
        shown["Ask your landlord before you climb."]
        == "Beekeeping > Bees, asked and answered > Do I need a garden? > Ask your landlord before you climb."
    )
    assert shown["Is it loud?"] == "Beekeeping > Bees, asked and answered > Is it loud?"
    assert shown["Hardly."] == "Beekeeping > Bees, asked and answered > Is it loud? > Hardly."
