"""Selecting evidence: what there is nothing to select from."""

from dataclasses import replace

import pytest
from test_sections import lines

from advisor.answer.extract import select, things_compared
from advisor.records import Intent, Query


@pytest.mark.parametrize("intent", list(Intent))
@pytest.mark.parametrize("is_follow_up", [False, True])
def test_nothing_weighed_is_nothing_selected(intent: Intent, is_follow_up: bool) -> None:
    query = Query("what is next?", "what is next?", intent, ("next",), is_follow_up=is_follow_up)
    assert select(query, []) is None


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("What is the difference between SQL and Python?", ("SQL", "Python")),
        ("data analyst or data scientist?", ("data analyst", "data scientist")),
        ("AI vs machine learning, isn't that the same?", ("AI", "machine learning")),
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


FIELDS = """# Keeping

## What a beekeeper is

A beekeeper keeps honey bees. The bees do the work.

## What beekeeping is

Beekeeping is the care of hives through a year.

## A myth

- Myth: Beekeeping means buying a smoker.
- Reality: It is mostly looking.
"""


def defined(page: str, leaning: str | None = None) -> list[str]:
    """The answer to what beekeeping is, where the reader takes the myth for it."""
    found = lines("b.md", "Beekeeper", page)
    read = [replace(w, score=1.0, reading=0.9) if "Myth" in w.node.text else replace(w, reading=0.1) for w in found]
    query = Query("what is beekeeping?", "what is beekeeping?", Intent.DEFINITION, ("beekeep",), leaning=leaning)
    selection = select(query, sorted(read, key=lambda w: -w.score))
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_a_thing_is_defined_by_the_sentence_that_says_what_it_is_and_not_by_a_myth() -> None:
    assert defined(FIELDS) == ["Beekeeping is the care of hives through a year."]


def test_a_field_that_no_line_defines_is_told_by_what_its_career_is() -> None:
    unsaid = FIELDS.replace("Beekeeping is the care", "Many people enjoy the care").replace(
        "A beekeeper keeps", "Keepers keep"
    )
    assert defined(unsaid, leaning="Beekeeper") == ["Keepers keep honey bees.", "The bees do the work."]
    assert "Myth" in defined(unsaid)[0]


BOOKS = """# Keeping

## Phase 2: The year of a hive

- Bees at Work by A. Keeper
  - Kind: book
  - Cost: free online
"""


def test_a_line_for_programs_is_no_answer_to_what_something_costs() -> None:
    found = lines("b.md", "Beekeeper", BOOKS, {"Cost: free online": 1.4, "Kind: book": 1.3})
    read = sorted((replace(w, reading=min(w.score / 1.6, 1.0)) for w in found), key=lambda w: -w.score)
    terms = ("book", "free", "buy", "phase", "year")
    asked = Query("is the book free or do i buy it?", "", Intent.COST, terms, is_follow_up=True)
    selection = select(asked, read)
    told = [snippet.text for snippet in selection.snippets] if selection else []
    assert any("free online" in text for text in told)
    assert not any("Kind" in text for text in told)
