"""A standing section as the answer: which one, how much of it, and when a line of it or nothing answers instead."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from advisor.answer.sections import select_section
from advisor.answer.selection import Selection, Shape
from advisor.answer.weigh import Weighed, make_page
from advisor.answer.wording import snippet_of, worded
from advisor.corpus.chunking import chunk_document
from advisor.corpus.outline import outline_document
from advisor.corpus.reading import find_sections
from advisor.corpus.subjects import Subject
from advisor.records import Document, Intent, Query
from advisor.text import stems

BEEKEEPER = """## What a beekeeper is

A beekeeper keeps honey bees.

## Day-to-day work of a beekeeper

On an ordinary day in June a beekeeper does three things:

- Opens hives
- Adds boxes
- Writes a diary

## How hard it is to become a beekeeper

Difficulty is moderate. The first winter is the hardest part. Bees forgive little. Nobody learns it alone.

## How long it takes to become a beekeeper

| Source | Duration |
|---|---|
| The Beekeeping Roadmap | 4–5 months |
| The Guild | not stated |
| Example University | 1 year |

The courses add up to 30 hours. Practice comes on top.

## Common pitfalls in beekeeping

- Opening the hive every day
- Taking all the honey
- Buying cheap smokers
"""

BAKER = """## Common pitfalls in baking

- Baking in a cold oven
- Weighing nothing
"""


def lines(key: str, role: str | None, text: str, scores: Mapping[str, float] | None = None) -> list[Weighed]:
    """The lines of a page in its order; a line scores what is given for its text, else nothing."""
    document = Document(key, key, text, find_sections(text), "0", role=role)
    outline = outline_document(document)
    passages = chunk_document(document, count_pieces=len)
    page = make_page(outline, passages, np.zeros((len(outline.nodes), 2), dtype=np.float32))
    return [Weighed(page, node, 0.0, 0.0, 0.0, (scores or {}).get(node.text, 0.0)) for node in outline.nodes[1:]]


def both(scores: Mapping[str, float] | None = None) -> list[Weighed]:
    """The lines of both careers, the best first, ties with the baker's first."""
    found = [*lines("baker.md", "Baker", BAKER, scores), *lines("beekeeper.md", "Beekeeper", BEEKEEPER, scores)]
    return sorted(found, key=lambda one: -one.score)


def query(
    subject: Subject | None,
    *,
    intent: Intent = Intent.FACT,
    roles: tuple[str, ...] = ("Beekeeper",),
    leaning: str | None = None,
    special: str = "",
) -> Query:
    words = tuple(stems(special))
    return Query("?", "?", intent, words, roles=roles, leaning=leaning, subject=subject, special=words)


def said(selection: Selection | None) -> list[str]:
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_a_section_that_is_a_list_is_the_list_under_its_name() -> None:
    selection = select_section(query(Subject.PITFALLS), both())
    assert selection is not None
    assert selection.shape is Shape.LIST
    assert [group.lead for group in selection.groups] == ["Common pitfalls in beekeeping:"]
    assert said(selection) == ["Opening the hive every day", "Taking all the honey", "Buying cheap smokers"]


def test_the_way_to_a_career_is_its_phases_in_order() -> None:
    page = "## Roadmap to becoming a beekeeper, in order\n\nTwo phases:\n\n1. Phase 1: Boxes\n2. Phase 2: Bees\n"
    selection = select_section(query(Subject.PATH), lines("beekeeper.md", "Beekeeper", page))
    assert selection is not None
    assert selection.shape is Shape.STEPS
    assert said(selection) == ["Phase 1: Boxes", "Phase 2: Bees"]


def test_a_list_below_its_announcement_is_the_list() -> None:
    assert said(select_section(query(Subject.DAILY_WORK), both())) == ["Opens hives", "Adds boxes", "Writes a diary"]


def test_a_section_that_is_text_is_its_first_three_sentences() -> None:
    selection = select_section(query(Subject.DIFFICULTY), both())
    assert selection is not None
    assert selection.shape is Shape.SENTENCES
    assert said(selection) == [
        "Difficulty is moderate.",
        "The first winter is the hardest part.",
        "Bees forgive little.",
    ]


def test_every_piece_quotes_its_own_passage() -> None:
    for subject in (Subject.PITFALLS, Subject.DAILY_WORK, Subject.DIFFICULTY, Subject.TIME):
        selection = select_section(query(subject), both())
        assert selection is not None
        assert all(snippet.quote in snippet.passage.text for snippet in selection.snippets)
        assert {snippet.passage.document for snippet in selection.snippets} == {"beekeeper.md"}


def test_the_time_is_every_line_that_states_one_in_the_order_of_the_page() -> None:
    selection = select_section(query(Subject.TIME, intent=Intent.DURATION), both())
    assert said(selection) == [
        "The Beekeeping Roadmap: Duration: 4–5 months.",
        "Example University: Duration: 1 year.",
        "The courses add up to 30 hours.",
    ]


def test_a_career_whose_page_states_no_time_has_no_such_answer() -> None:
    silent = lines("b.md", "Beekeeper", "## How long it takes to become a beekeeper\n\nNobody knows.\n")
    assert select_section(query(Subject.TIME, intent=Intent.DURATION), silent) is None


def test_the_section_of_another_career_never_answers() -> None:
    assert said(select_section(query(Subject.PITFALLS, roles=("Baker",)), both())) == [
        "Baking in a cold oven",
        "Weighing nothing",
    ]
    assert select_section(query(Subject.DIFFICULTY, roles=("Baker",)), both()) is None


def test_a_career_that_the_question_leans_to_is_enough() -> None:
    leaning = query(Subject.PITFALLS, roles=(), leaning="Beekeeper")
    assert said(select_section(leaning, both()))[0] == "Opening the hive every day"


def test_without_a_career_or_a_subject_there_is_no_such_answer() -> None:
    assert select_section(query(Subject.PITFALLS, roles=()), both()) is None
    assert select_section(query(None), both()) is None
    assert select_section(query(Subject.PITFALLS), []) is None


def test_a_guide_that_belongs_to_no_career_never_answers() -> None:
    assert select_section(query(Subject.PITFALLS, roles=()), lines("guide.md", None, BEEKEEPER)) is None


def test_two_careers_are_not_answered_by_the_section_of_one() -> None:
    assert select_section(query(Subject.PITFALLS, roles=("Beekeeper", "Baker")), both()) is None


@pytest.mark.parametrize("intent", [Intent.DURATION, Intent.COST, Intent.RESOURCE, Intent.COMPARISON, Intent.PLAN])
def test_a_time_a_price_a_link_or_a_comparison_is_not_the_whole_section(intent: Intent) -> None:
    assert select_section(query(Subject.PITFALLS, intent=intent), both()) is None


def test_the_page_that_was_weighed_best_answers_where_a_career_has_two() -> None:
    other = lines("second.md", "Beekeeper", "## Common pitfalls in beekeeping\n\n- Moving hives\n- Feeding honey\n")
    assert said(select_section(query(Subject.PITFALLS), [*other, *both()])) == ["Moving hives", "Feeding honey"]
    assert said(select_section(query(Subject.PITFALLS), [*both(), *other]))[0] == "Opening the hive every day"


# --- something special within a subject ----------------------------------------------------------------


def test_something_special_is_answered_by_the_lines_that_name_it() -> None:
    selection = select_section(query(Subject.PITFALLS, special="smokers"), both())
    assert selection is not None
    assert selection.shape is Shape.SENTENCES
    (line,) = said(selection)
    assert "Buying cheap smokers" in line


def test_a_line_with_half_of_what_is_special_bears_it_out_and_one_with_less_does_not() -> None:
    assert len(said(select_section(query(Subject.PITFALLS, special="smokers veils"), both()))) == 1
    assert select_section(query(Subject.PITFALLS, special="smokers veils gloves"), both()) is None


def test_special_lines_come_in_the_order_of_the_page_and_not_of_their_scores() -> None:
    scores = {"Taking all the honey": 0.5, "Opening the hive every day": 0.4}
    told = said(select_section(query(Subject.PITFALLS, special="honey hive"), both(scores)))
    assert ["Opening" in told[0], "Taking" in told[1], len(told)] == [True, True, 2]


def test_special_words_that_stand_only_in_other_sections_give_no_answer() -> None:
    assert select_section(query(Subject.PITFALLS, special="winter"), both()) is None


def test_a_line_elsewhere_that_is_clearly_better_goes_before_the_section() -> None:
    asked = query(Subject.PITFALLS, special="smokers")
    near = {"Buying cheap smokers": 0.46, "Bees forgive little.": 0.5}
    far = {"Buying cheap smokers": 0.44, "Bees forgive little.": 0.5}
    assert select_section(asked, both(near)) is not None
    assert select_section(asked, both(far)) is None


def test_a_myth_is_never_told_without_its_reality() -> None:
    page = (
        "## A myth about bees and the reality\n\n- Myth: bees look after themselves.\n- Reality: few live on alone.\n"
    )
    (myth,) = [line for line in lines("bees.md", "Beekeeper", page) if line.node.text.startswith("Myth")]
    piece = snippet_of(myth, worded(myth))
    assert piece.text.endswith("Myth: bees look after themselves. Reality: few live on alone.")
    assert piece.quote == "Myth: bees look after themselves.\n- Reality: few live on alone."


# --- where lines were read ------------------------------------------------------------------------------


def read(scores: Mapping[str, float], *, readings: Mapping[str, float]) -> list[Weighed]:
    found = [replace(w, reading=readings.get(w.node.text, 0.05)) for w in both(scores)]
    return sorted(found, key=lambda w: -w.score)


TITLES = """## Job titles and progression of a beekeeper

Titles, from first job to lead:

- Helper
- Keeper
- Master of bees

A master may have two helpers.
"""


def titles(readings: Mapping[str, float]) -> list[Weighed]:
    found = [replace(w, reading=readings.get(w.node.text, 0.05)) for w in lines("beekeeper.md", "Beekeeper", TITLES)]
    return sorted(found, key=lambda w: -(w.reading or 0.0))


def test_a_list_whose_line_is_read_as_the_answer_is_told_whole() -> None:
    asked = query(Subject.TITLES, special="ladder", roles=("Beekeeper",))
    assert said(select_section(asked, titles({"Helper": 0.8}))) == ["Helper", "Keeper", "Master of bees"]


def test_a_sentence_that_is_read_as_the_answer_is_left_to_the_reading() -> None:
    asked = query(Subject.TITLES, special="ladder", roles=("Beekeeper",))
    assert select_section(asked, titles({"A master may have two helpers.": 0.8})) is None


def test_where_no_line_is_read_as_the_answer_the_section_answers_but_for_a_myth() -> None:
    asked = query(Subject.TITLES, special="ladder", roles=("Beekeeper",))
    assert said(select_section(asked, titles({}))) == ["Helper", "Keeper", "Master of bees"]
    myth = [
        replace(w, reading=0.1)
        for w in lines("b.md", "Beekeeper", "## A myth about beekeeping\n\nBees sting. All of them.\n")
    ]
    assert select_section(query(Subject.MYTHS, special="ladder"), myth) is None


def test_the_career_whose_line_is_read_as_the_answer_need_not_be_named() -> None:
    asked = query(Subject.TITLES, special="ladder", roles=())
    assert said(select_section(asked, titles({"Helper": 0.8}))) == ["Helper", "Keeper", "Master of bees"]
    assert select_section(asked, titles({"Helper": 0.5})) is None


def test_what_nobody_states_of_a_time_is_told_where_it_is_read_as_the_answer() -> None:
    readings = {"Practice comes on top.": 0.9}
    selection = select_section(query(Subject.TIME, intent=Intent.DURATION), read({}, readings=readings))
    assert said(selection)[-1] == "Practice comes on top."
