"""Two things that a page sets side by side itself: which lines are told, and when none are."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from test_sections import lines

from advisor.answer.beside import select_beside
from advisor.answer.ground import stands_in_its_passage
from advisor.answer.selection import Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.records import Intent, Query

HIVES = """# Keeping

## Which hive

| Hive | Good for | Bad for |
|---|---|---|
| Langstroth | honey | backs |
| Warre | winters | inspections |

- Langstroth: heavy boxes
- Top bar: no lifting

## Who does what

- Beekeeper (hobby): looks after the hives
- Queen breeder: raises queens
- Junior beekeeper: carries the boxes

A smoker is a can that gives smoke. A veil is a net before the face.
"""


def read(readings: Mapping[str, float]) -> list[Weighed]:
    """The lines of the page as read, by the beginning of their text; nothing is likely otherwise."""
    found = lines("guide.md", None, HIVES)
    likely = [next((p for start, p in readings.items() if w.node.text.startswith(start)), 0.01) for w in found]
    return [replace(w, reading=p, score=p) for w, p in zip(found, likely, strict=True)]


def asked(question: str, intent: Intent = Intent.COMPARISON, roles: tuple[str, ...] = ()) -> Query:
    return Query(question, question, intent, ("x",), roles=roles)


def table(selection: Selection | None) -> dict[str, str]:
    assert selection is not None
    assert selection.shape is Shape.TABLE
    assert all(stands_in_its_passage(snippet) for snippet in selection.snippets)
    return {group.lead: " ".join(snippet.text for snippet in group.snippets) for group in selection.groups}


def test_the_rows_of_one_table_are_told_in_the_order_of_the_question() -> None:
    found = table(select_beside(asked("warre vs langstroth?"), read({"Hive: Warre": 0.4})))
    assert found == {
        "Warre": "Good for: winters; Bad for: inspections.",
        "Langstroth": "Good for: honey; Bad for: backs.",
    }
    assert list(found) == ["Warre", "Langstroth"]


def test_sentences_that_say_what_two_things_are_stand_side_by_side() -> None:
    found = table(select_beside(asked("what is the difference between a smoker and a veil?"), read({"A veil": 0.5})))
    assert found == {
        "A smoker": "A smoker is a can that gives smoke.",
        "A veil": "A veil is a net before the face.",
    }


@pytest.mark.parametrize("question", ["langstroth vs top hat?", "warre vs top bar?", "which hive?", "hive vs hive?"])
def test_two_things_that_no_list_has_both_are_not_told_side_by_side(question: str) -> None:
    assert select_beside(asked(question), read({"Hive": 0.9, "Langstroth": 0.9, "Top bar": 0.9})) is None


def test_lines_that_do_not_read_as_an_answer_are_left_alone() -> None:
    assert select_beside(asked("warre vs langstroth?"), read({})) is None
    assert select_beside(asked("warre vs langstroth?", Intent.DURATION), read({"Hive: Warre": 0.9})) is None
    assert select_beside(asked("warre vs langstroth?", Intent.FACT), read({"Hive: Warre": 0.9})) is None


CAREERS = ("Queen breeder", "Beekeeper")


def test_two_careers_are_told_by_lines_that_are_both_read_convincingly() -> None:
    question = asked("queen breeder or beekeeper: who does what?", Intent.FACT, CAREERS)
    both = {"Beekeeper": 0.6, "Queen breeder": 0.6}
    found = table(select_beside(question, read(both)))
    assert found == {"Queen breeder": "Raises queens.", "Beekeeper (hobby)": "Looks after the hives."}
    assert select_beside(question, read(both | {"Beekeeper": 0.4})) is None


def test_a_line_called_a_little_otherwise_is_not_of_the_career() -> None:
    question = asked("queen breeder or beekeeper?", Intent.FACT, CAREERS)
    assert select_beside(question, read({"Junior beekeeper": 0.9, "Queen breeder": 0.9})) is None
