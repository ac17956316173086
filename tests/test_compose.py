"""Putting pieces together: numbers, marks, quotes, refusals."""

import re

import numpy as np
import pytest

from advisor.answer.compose import Composed, compose, compose_worded
from advisor.answer.refusing import NO_ANSWER, clarification, greeting, missing_number, refusal
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import make_page
from advisor.corpus.outline import outline_document
from advisor.index.publish import Snapshot
from advisor.records import Document, Passage, Snippet

TEXT = "Training takes 6 weeks. It is free. The end."


def passage(name: str, text: str = TEXT) -> Passage:
    return Passage(f"{name}.md#x#0", f"{name}.md", name.upper(), ("Outer", "Inner"), 0, len(text), text, page=3)


ONE, TWO, THREE = (passage(name) for name in ("one", "two", "three"))
FIRST, SECOND = "Training takes 6 weeks.", "It is free."


def piece(text: str, where: Passage, quote: str | None = None) -> Snippet:
    return Snippet(text, text if quote is None else quote, where)


def selection(shape: Shape, *groups: Group) -> Selection:
    return Selection(shape, groups)


def marks(composed: Composed) -> list[int]:
    return [int(number) for number in re.findall(r"\[(\d+)\]", composed.text)]


MIXED = (piece(FIRST, TWO), piece(SECOND, ONE), piece("The end.", TWO), piece(FIRST, THREE))


@pytest.mark.parametrize("shape", list(Shape))
def test_in_every_shape_marks_claims_and_citations_agree(shape: Shape) -> None:
    composed = compose(selection(shape, Group("One", MIXED[:2]), Group("Two", MIXED[2:])))
    assert [citation.number for citation in composed.citations] == [1, 2, 3]
    assert [citation.passage_id for citation in composed.citations] == [TWO.id, ONE.id, THREE.id]
    assert [claim.citations for claim in composed.claims] == [(1,), (2,), (1,), (3,)]
    assert [claim.text for claim in composed.claims] == [snippet.text for snippet in MIXED]
    assert set(marks(composed)) == {1, 2, 3}
    for snippet in MIXED:
        assert snippet.text.rstrip(".") in composed.text


def test_sentences_of_the_writer_keep_their_order_and_each_has_its_mark() -> None:
    composed = compose_worded(MIXED, Shape.SENTENCES)
    assert marks(composed) == [1, 2, 1, 3]
    assert composed.text.index("It is free") < composed.text.index("The end")


def test_a_mark_stands_before_the_full_stop() -> None:
    assert compose_worded([piece("It is free.", ONE)], Shape.SENTENCES).text == "It is free [1]."


def test_a_citation_says_where_it_stands() -> None:
    citation = compose_worded([piece(FIRST, ONE)], Shape.SENTENCES).citations[0]
    assert (citation.document, citation.section, citation.title, citation.page) == ("one.md", "Outer > Inner", "ONE", 3)


def test_a_quote_is_the_shortest_stretch_that_holds_all_that_is_relied_on() -> None:
    assert compose_worded([piece(SECOND, ONE)], Shape.SENTENCES).citations[0].quote == SECOND
    assert (
        compose_worded([piece(SECOND, ONE), piece(FIRST, ONE)], Shape.SENTENCES).citations[0].quote
        == f"{FIRST} {SECOND}"
    )


def test_a_quote_from_outside_the_passage_stands_alone() -> None:
    composed = compose_worded([piece("x", ONE, quote="Words of another section.")], Shape.SENTENCES)
    assert composed.citations[0].quote == "Words of another section."


def test_a_list_from_one_source_has_one_mark() -> None:
    composed = compose(selection(Shape.LIST, Group("Tools:", (piece("Spade", ONE), piece("Rake", ONE)))))
    assert marks(composed) == [1]
    assert [line for line in composed.text.splitlines() if line.startswith("- ")] == ["- Spade", "- Rake"]


def test_steps_are_numbered_in_order() -> None:
    composed = compose(selection(Shape.STEPS, Group("Steps:", (piece("Dig", ONE), piece("Plant", ONE)))))
    assert [line for line in composed.text.splitlines() if line[:1].isdigit()] == ["1. Dig", "2. Plant"]


def test_a_table_has_a_column_for_each_thing_and_says_where_it_knows_nothing() -> None:
    composed = compose(selection(Shape.TABLE, Group("SQL", (piece(FIRST, ONE),)), Group("dbt", ())))
    header, rule, row = composed.text.splitlines()
    assert header.count("|") == rule.count("|") == row.count("|") == 4
    assert "not in the roadmaps" in row


def test_a_table_survives_pipes_in_its_words() -> None:
    groups = (Group("a | b", (piece("x | y", ONE),)), Group("c", (piece("z", ONE),)))
    header, _, row = compose(selection(Shape.TABLE, *groups)).text.splitlines()
    for line in (header, row):
        assert len(re.findall(r"(?<!\\)\|", line)) == 4


def test_a_table_has_a_row_for_each_subject_in_the_order_of_first_use() -> None:
    groups = (
        Group("SQL", (piece(FIRST, ONE),), row="Time"),
        Group("dbt", (piece(FIRST, TWO), piece(SECOND, TWO)), row="Time"),
        Group("SQL", (), row="Cost"),
        Group("dbt", (piece(SECOND, THREE),), row="Cost"),
    )
    composed = compose(selection(Shape.TABLE, *groups))
    assert composed.text.splitlines() == [
        "| | SQL | dbt |",
        "|---|---|---|",
        "| Time | Training takes 6 weeks [1]. | Training takes 6 weeks [2]. It is free [2]. |",
        "| Cost | not in the roadmaps | It is free [3]. |",
    ]
    assert [claim.citations for claim in composed.claims] == [(1,), (2,), (2,), (3,)]


def test_a_cell_stands_in_its_own_row_and_column_whatever_the_order_of_the_cells() -> None:
    groups = (
        Group("SQL", (piece(FIRST, ONE),), row="Time"),
        Group("dbt", (piece(SECOND, TWO),), row="Cost"),
    )
    assert compose(selection(Shape.TABLE, *groups)).text.splitlines()[2:] == [
        "| Time | Training takes 6 weeks [1]. | not in the roadmaps |",
        "| Cost | not in the roadmaps | It is free [2]. |",
    ]


def test_a_table_without_named_rows_has_one_that_says_what_it_is() -> None:
    composed = compose(selection(Shape.TABLE, Group("SQL", (piece(FIRST, ONE),)), Group("dbt", (piece(FIRST, TWO),))))
    assert composed.text.splitlines()[2].startswith("| What the roadmaps say |")


def test_a_row_survives_pipes_and_line_breaks_in_its_name() -> None:
    composed = compose(selection(Shape.TABLE, Group("SQL", (piece("x\ny", ONE),), row="a | b\nc")))
    assert composed.text.splitlines()[2] == "| a \\| b c | x y [1] |"


def test_nothing_makes_nothing() -> None:
    assert compose_worded([], Shape.SENTENCES) == Composed("", (), ())


# --- where there is no answer -----------------------------------------------------------------------


def test_a_refusal_names_what_is_near_and_else_what_there_is(snapshot: Snapshot) -> None:
    near = refusal(snapshot.passages[:2], snapshot.documents)
    assert near.text.startswith(NO_ANSWER)
    assert snapshot.passages[1].section[-1] in near.text
    first = refusal(snapshot.passages[:2], snapshot.documents, unstated="what that pays", first=["Pay figures"])
    assert first.text.startswith("The roadmaps here do not say what that pays. Nearby they do cover: Pay figures; ")
    far = refusal([], snapshot.documents)
    assert far.text.startswith(NO_ANSWER)
    assert "Gardener" in far.text
    assert (near.claims, near.citations, far.claims, far.citations) == ((), (), (), ())


def test_a_refusal_over_an_empty_index_is_still_a_sentence() -> None:
    assert NO_ANSWER in refusal([], []).text


@pytest.mark.parametrize("reply", [greeting, clarification])
def test_replies_without_sources_name_what_can_be_asked(reply: object, snapshot: Snapshot) -> None:
    assert callable(reply)
    composed = reply(snapshot.documents)
    assert "Baker" in composed.text
    assert (composed.claims, composed.citations) == ((), ())


def test_a_false_premise_is_named_with_what_there_is_instead(snapshot: Snapshot) -> None:
    document: Document = snapshot.document("data-engineer.md")
    passages = [passage for passage in snapshot.passages if passage.document == document.key]
    outline = outline_document(document)
    composed = missing_number(
        "phase 7", [make_page(outline, passages, np.zeros((len(outline.nodes), 2), dtype=np.float32))]
    )
    assert "phase 7" in composed.text
    assert "Foundations" in composed.text
    assert marks(composed) == [1, 2]
    assert all(citation.quote in document.text for citation in composed.citations)
    assert missing_number("tier 7", []).citations == ()


def test_a_refusal_over_an_empty_index_does_not_announce_a_list() -> None:
    assert refusal([], []).text == NO_ANSWER
