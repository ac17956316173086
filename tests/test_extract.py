"""Selecting evidence: what there is nothing to select from."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from test_sections import lines

from advisor.answer.extract import select
from advisor.records import Intent, Query


@pytest.mark.parametrize("intent", list(Intent))
@pytest.mark.parametrize("is_follow_up", [False, True])
def test_nothing_weighed_is_nothing_selected(intent: Intent, is_follow_up: bool) -> None:
    query = Query("what is next?", "what is next?", intent, ("next",), is_follow_up=is_follow_up)
    assert select(query, []) is None


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


EXAMS = """# Keeping

- Guild Exam
  - Cost: EUR 90
- Royal Exam
  - Cost: EUR 300

The fee of the Guild Exam includes a second try.
"""


def test_the_price_of_a_follow_up_is_of_what_was_talked_about_whatever_else_it_asks() -> None:
    scores = {"Cost: EUR 300": 0.6, "Cost: EUR 90": 0.9, "The fee of the Guild Exam includes a second try.": 1.0}
    read = sorted((replace(w, reading=0.3) for w in lines("b.md", None, EXAMS, scores)), key=lambda w: -w.score)
    question = "what does it cost, and is there a second try if i fail?"
    asked = Query(question, "", Intent.COST, ("cost", "second", "tri", "fail", "guild"), is_follow_up=True)
    selection = select(asked, read)
    told = " ".join(snippet.text for snippet in selection.snippets) if selection else ""
    assert "EUR 90" in told
    assert "second try" in told
    assert "EUR 300" not in told


def way(question: str, terms: tuple[str, ...]) -> list[str]:
    """The answer to a question for steps, where one sentence reads as the answer."""
    page = """# The Keeper Roadmap

Keepers ask their neighbours first.

## Way

1. Phase 1: Boxes
2. Phase 2: Bees
3. Phase 3: Honey
"""
    found = lines("b.md", None, page, {"Keepers ask their neighbours first.": 0.9})
    document = replace(found[0].page.outline.document, title="The Keeper Roadmap")
    shown = replace(found[0].page, outline=replace(found[0].page.outline, document=document))
    read = [replace(w, page=shown, reading=0.9 if w.score else 0.01) for w in found]
    selection = select(Query(question, question, Intent.STEPS, terms), sorted(read, key=lambda w: -w.score))
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_the_way_into_what_a_page_is_about_is_its_phases() -> None:
    phases = ["Phase 1: Boxes", "Phase 2: Bees", "Phase 3: Honey"]
    assert way("how do i become a keeper?", ("keeper",)) == phases
    assert way("how do i become a queen keeper?", ("queen", "keeper")) != phases
    assert way("what do keepers do next?", ("keeper",)) != phases


HOURS = """# Keeping

## Budgets at five hours a week

- For beginners: 5-10 rounds
- For masters: 15-20 rounds

## Ways to practise

- Spreading practice: four times half an hour
"""


def told_of_hours(readings: Mapping[str, float]) -> list[str]:
    found = lines("b.md", "Beekeeper", HOURS)
    read = []
    for w in found:
        likely = readings.get(w.node.text, 0.01)
        named = 0.9 if "practice" in w.node.text else 0.1  # the words of the question stand in one line alone
        read.append(replace(w, coverage=named, reading=likely, score=0.3 * named + 0.6 * likely))
    read.sort(key=lambda w: -w.score)
    asked = Query("how long do masters practise?", "", Intent.DURATION, ("master", "practic"))
    selection = select(asked, read)
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_a_time_that_rules_find_stands_where_no_other_line_is_surely_read_as_the_answer() -> None:
    assert any("half an hour" in text for text in told_of_hours({}))
    assert any("half an hour" in text for text in told_of_hours({"For masters: 15-20 rounds": 0.6}))


def test_a_time_that_is_read_as_no_answer_gives_way_to_a_line_that_surely_is() -> None:
    told = told_of_hours({"For masters: 15-20 rounds": 0.95})
    assert any("15-20" in text for text in told)
    assert not any("half an hour" in text for text in told)
