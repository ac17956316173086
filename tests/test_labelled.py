"""Fields of a thing: how they are read, and which wordings mix them up or lose one."""

import pytest

from advisor.answer.labelled import Labelled, keeps_apart, lost_fields, read_labelled

COURSE = "CS224n by Stanford: Prerequisites: Python, PyTorch, Cost: free, Level: advanced."
PROJECT = "Phase 3 of the baker roadmap: Project: a loaf: Cost: free, Prerequisites: Flour basics, Outcomes: one loaf."


def read(text: str) -> Labelled:
    found = read_labelled(text)
    assert found is not None
    return found


def test_a_thing_has_its_fields_in_order() -> None:
    assert read(COURSE) == Labelled(
        "CS224n by Stanford", {"Prerequisites": "Python, PyTorch", "Cost": "free", "Level": "advanced"}
    )


def test_a_project_is_the_thing_and_no_field_of_its_phase() -> None:
    assert read(PROJECT).thing == "Phase 3 of the baker roadmap: Project: a loaf"
    assert list(read(PROJECT).fields) == ["Cost", "Prerequisites", "Outcomes"]


def test_one_known_label_is_enough_and_one_unknown_is_not() -> None:
    assert read("Exam: Validity: 3 years.") == Labelled("Exam", {"Validity": "3 years"})
    assert read_labelled("Essential skills of a baker: Ovens: gas, stone, steam.") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A baker bakes.",
        "Myth: Bread is easy. Reality: It is not.",
        "A good order: Rule out an error.",
        "Cost: free.",
    ],
)
def test_prose_has_no_fields(text: str) -> None:
    assert read_labelled(text) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The prerequisites of CS224n are Python and PyTorch, and its cost is free.",
        "CS224n by Stanford is free and its prerequisites are Python and PyTorch.",
        "CS224n is at advanced level.",
        "It is free.",
    ],
)
def test_wordings_that_keep_each_value_with_its_label(sentence: str) -> None:
    assert keeps_apart(read(COURSE), sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "CS224n is the prerequisite of Python and PyTorch.",  # turned about
        "The level of CS224n is free, and its cost is advanced.",  # exchanged
        "Its prerequisites are Python and PyTorch and Level: advanced.",  # a label left as it stood
        "CS224n costs free.",
        "The cost is is free.",
    ],
)
def test_wordings_that_mix_up_or_break_are_told(sentence: str) -> None:
    assert not keeps_apart(read(COURSE), sentence)


def test_a_field_that_is_not_said_is_lost() -> None:
    assert lost_fields(read(COURSE), "CS224n is free, at advanced level.") == ("Prerequisites: Python, PyTorch",)
    assert lost_fields(read(COURSE), "Free and advanced, after Python and PyTorch.") == ()
