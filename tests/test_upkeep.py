"""The state of an index, of its pages and of a search, as a maintainer is told it."""

from datetime import date
from pathlib import Path

import pytest
from conftest import OpenAdvisor, write_corpus
from upkeep_bench import TinyParts

from advisor.errors import DocumentError, QuestionError
from advisor.index.publish import current_build
from advisor.records import Intent
from advisor.web.upkeep import Upkeep

TODAY = date(2026, 11, 21)


@pytest.fixture
def upkeep(advisor_with: OpenAdvisor, corpus_dir: Path, index_dir: Path) -> Upkeep:
    advisor = advisor_with(None)
    return Upkeep(advisor, corpus_dir=corpus_dir, index_dir=index_dir, open_parts=lambda: TinyParts(advisor.embedder))


def test_a_sound_index_is_the_one_in_use(upkeep: Upkeep) -> None:
    state = upkeep.index_state()
    assert state.published is not None
    assert (state.problem, state.in_use, state.kept) == ("", state.published.build, (state.published.build,))


def test_a_damaged_and_a_missing_index_say_so(upkeep: Upkeep) -> None:
    (current_build(upkeep.index_dir) / "passages.jsonl").write_text("{}")
    state = upkeep.index_state()
    assert state.published is not None
    assert "has changed since it was published" in state.problem
    upkeep.index_dir = upkeep.index_dir / "none"
    state = upkeep.index_state()
    assert state.published is None
    assert "there is no index" in state.problem


def test_pages_are_held_against_the_build_and_read_anew_when_one_changes(upkeep: Upkeep) -> None:
    assert upkeep.corpus_state(today=TODAY).changes.unchanged == ("baker.md", "data-engineer.md", "gardener.md")
    write_corpus(upkeep.corpus_dir, {"baker.md": "# Baker\n\nBakes.\n", "new.md": "# New\n\nSays [this](gone.md).\n"})
    (upkeep.corpus_dir / "gardener.md").unlink()
    state = upkeep.corpus_state(today=TODAY)
    changes = state.changes
    assert (changes.added, changes.changed, changes.removed) == (("new.md",), ("baker.md",), ("gardener.md",))
    assert any(one.file == "new.md" and "gone.md" in one.message for one in state.lint.findings)


def test_a_page_that_cannot_be_read_is_named_and_a_missing_folder_an_error(upkeep: Upkeep) -> None:
    (upkeep.corpus_dir / "broken.pdf").write_bytes(b"%PDF-1.4 no more")
    assert [one.key for one in upkeep.corpus_state(today=TODAY).problems] == ["broken.pdf"]
    upkeep.corpus_dir = upkeep.corpus_dir / "none"
    with pytest.raises(DocumentError, match="There is no corpus folder"):
        upkeep.corpus_state(today=TODAY)


def test_without_an_index_every_page_is_new(upkeep: Upkeep) -> None:
    upkeep.index_dir = upkeep.index_dir / "none"
    assert len(upkeep.corpus_state(today=TODAY).changes.added) == 3


def test_a_search_tells_what_is_found_and_the_gate_and_keeps_nothing(upkeep: Upkeep) -> None:
    found = upkeep.retrieve("How long does an apprenticeship as a gardener take?")
    assert found.query.intent is Intent.DURATION
    assert found.hits[0].passage.document == "gardener.md"
    assert found.decision.answer
    assert found.decision.features.nearness == pytest.approx(max(hit.dense_score for hit in found.hits))
    absent = upkeep.retrieve("Which visa does Norway want?")
    assert not absent.decision.answer
    assert absent.decision.features.missing
    assert upkeep.advisor.conversations.list("local") == ()


def test_a_blank_question_is_no_search(upkeep: Upkeep) -> None:
    with pytest.raises(QuestionError):
        upkeep.retrieve(" ")
