"""Careers side by side: which questions want the table, and what stands in its cells."""

import dataclasses

import numpy as np
import pytest

from advisor.answer.contrast import select_contrast
from advisor.answer.selection import Selection, Shape
from advisor.answer.weigh import Weighed, make_page
from advisor.corpus.chunking import chunk_document
from advisor.corpus.outline import outline_document
from advisor.corpus.reading import find_sections
from advisor.corpus.subjects import Subject
from advisor.records import Document, Intent, Query

BEEKEEPER = """## What a beekeeper is

A beekeeper keeps honey bees. The bees do the work. The keeper harvests it.

## Essential skills of a beekeeper

These skills are needed:

- Bee biology
- Hive inspection
- Lifting
- Patience
- Carpentry

## How hard it is to become a beekeeper

Difficulty is moderate.

- Lifting is the hardest.

## How long it takes to become a beekeeper

| Source | Duration |
|---|---|
| The Guild | not stated |
| The Roadmap | 5 months |
| The School | 1 year |
| The Club | 2 years |

## Certificates for beekeepers

- **Certified Beekeeper** by the Guild
  - Kind: certificate
  - Status: active
- **Honey Grader** by the Guild
  - Kind: certificate
  - Status: active
"""

BAKER = """## What a baker is

A baker bakes bread before sunrise.

## First jobs that lead to baking

- Shop hand
- Oven hand
"""


def lines(key: str, role: str | None, text: str) -> list[Weighed]:
    """The lines of a page in its order, all alike."""
    document = Document(key, key, text, find_sections(text), "0", role=role)
    outline = outline_document(document)
    passages = chunk_document(document, count_pieces=len)
    page = make_page(outline, passages, np.zeros((len(outline.nodes), 2), dtype=np.float32))
    return [Weighed(page, node, 0.0, 0.0, 0.0, 0.0) for node in outline.nodes[1:]]


BOTH = [*lines("beekeeper.md", "Beekeeper", BEEKEEPER), *lines("baker.md", "Baker", BAKER)]


def query(
    question: str = "beekeeper or baker?",
    *,
    intent: Intent = Intent.FACT,
    roles: tuple[str, ...] = ("Beekeeper", "Baker"),
    subject: Subject | None = None,
) -> Query:
    return Query(question, question, intent, (), roles=roles, subject=subject)


def cells(selection: Selection | None) -> dict[tuple[str, str], list[str]]:
    """What is said by row and column."""
    groups = selection.groups if selection else ()
    return {(group.row, group.lead): [snippet.text for snippet in group.snippets] for group in groups}


def test_careers_compared_without_a_subject_have_a_row_each_for_what_difficulty_and_first_jobs() -> None:
    selection = select_contrast(query(), BOTH)
    assert selection is not None
    assert selection.shape is Shape.TABLE
    assert cells(selection) == {
        ("What it is", "Beekeeper"): ["A beekeeper keeps honey bees.", "The bees do the work."],
        ("What it is", "Baker"): ["A baker bakes bread before sunrise."],
        ("Difficulty", "Beekeeper"): ["Difficulty is moderate."],
        ("Difficulty", "Baker"): [],
        ("First jobs", "Beekeeper"): [],
        ("First jobs", "Baker"): ["Shop hand.", "Oven hand."],
    }


def test_columns_come_in_the_order_of_the_question() -> None:
    selection = select_contrast(query(roles=("Baker", "Beekeeper")), BOTH)
    assert selection is not None
    assert [group.lead for group in selection.groups[:2]] == ["Baker", "Beekeeper"]


def test_a_subject_is_the_only_row_with_the_first_four_items_and_no_announcement() -> None:
    assert cells(select_contrast(query(subject=Subject.SKILLS), BOTH)) == {
        ("Essential skills", "Beekeeper"): ["Bee biology.", "Hive inspection.", "Lifting.", "Patience."],
        ("Essential skills", "Baker"): [],
    }


def test_how_long_is_the_first_two_lines_that_state_a_time() -> None:
    asked = query("beekeeper vs baker: how long?", intent=Intent.DURATION)
    assert cells(select_contrast(asked, BOTH)) == {
        ("How long it takes", "Beekeeper"): ["The Roadmap: Duration: 5 months.", "The School: Duration: 1 year."],
        ("How long it takes", "Baker"): [],
    }


def test_each_cell_quotes_the_page_of_its_own_career() -> None:
    selection = select_contrast(query(), BOTH)
    assert selection is not None
    for group in selection.groups:
        for snippet in group.snippets:
            assert snippet.passage.document == f"{group.lead.lower()}.md"
            assert snippet.quote in snippet.passage.text


def test_a_table_without_a_single_word_is_no_answer() -> None:
    assert select_contrast(query(subject=Subject.MYTHS), BOTH) is None
    assert select_contrast(query(), []) is None
    assert select_contrast(query(roles=("Gardener", "Weaver")), BOTH) is None


def test_a_guide_that_belongs_to_no_career_fills_no_cell() -> None:
    assert select_contrast(query(), lines("guide.md", None, BEEKEEPER)) is None


@pytest.mark.parametrize(
    "question",
    [
        "beekeeper or baker?",
        "beekeeper vs baker",
        "beekeeper/baker",
        "Compare a beekeeper with a baker",
        "Are beekeepers and bakers the same?",
        "How do you tell them apart, bakers and beekeepers?",
    ],
)
def test_words_that_set_careers_against_each_other_want_the_table(question: str) -> None:
    assert select_contrast(query(question), BOTH) is not None


def test_two_careers_that_are_not_set_against_each_other_want_no_table() -> None:
    assert select_contrast(query("Do beekeepers sell to bakers?"), BOTH) is None


def test_the_intent_to_compare_is_enough() -> None:
    assert select_contrast(query("beekeeper, baker", intent=Intent.COMPARISON), BOTH) is not None


@pytest.mark.parametrize("intent", [Intent.COST, Intent.RESOURCE])
def test_a_price_or_a_link_is_not_looked_for_in_the_standing_sections(intent: Intent) -> None:
    assert select_contrast(query(intent=intent), BOTH) is None


@pytest.mark.parametrize(("count", "wants_table"), [(0, False), (1, False), (2, True), (4, True), (5, False)])
def test_two_to_four_careers_fit_a_table(count: int, wants_table: bool) -> None:
    roles = ("Beekeeper", "Baker", "Gardener", "Weaver", "Potter")[:count]
    assert (select_contrast(query(roles=roles), BOTH) is not None) == wants_table


def test_the_properties_of_an_item_take_no_place_of_their_own() -> None:
    said = cells(select_contrast(query(subject=Subject.CERTIFICATES), BOTH))[("Certificates", "Beekeeper")]
    assert len(said) == 2
    assert said[1].startswith("Honey Grader")


def test_what_was_read_to_answer_on_each_page_is_a_row_of_its_own() -> None:
    read = [
        dataclasses.replace(line, reading=0.9 if line.node.text in {"Lifting is the hardest.", "Oven hand"} else 0.1)
        for line in BOTH
    ]
    table = cells(select_contrast(query(), read))
    assert table[("On your question", "Beekeeper")] == ["How hard it is to become a beekeeper: Lifting is the hardest."]
    assert table[("On your question", "Baker")] == ["First jobs that lead to baking: Oven hand."]


def test_a_page_that_says_nothing_of_it_leaves_the_row_out() -> None:
    read = [
        dataclasses.replace(line, reading=0.9 if line.node.text == "Lifting is the hardest." else 0.1) for line in BOTH
    ]
    assert ("On your question", "Beekeeper") not in cells(select_contrast(query(), read))


def test_a_line_of_another_page_that_is_read_as_the_answer_goes_before_the_table() -> None:
    guide = lines("guide.md", None, "## Beekeeper or baker\n\nA baker rises early, a beekeeper in summer only.\n")
    sure, unsure = ([dataclasses.replace(w, reading=r) for w in guide[1:]] for r in (0.75, 0.5))
    assert select_contrast(query(), [*sure, *BOTH]) is None
    assert select_contrast(query(), [*unsure, *BOTH]) is not None
