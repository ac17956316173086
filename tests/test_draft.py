"""Thumbs become drafts of questions: what a draft holds, that no run takes one, that a file never loses a line."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cli_bench import Captured, read_lines

from advisor.errors import UsageError
from advisor.evaluation.draft import add_drafts, draft_json, make_drafts
from advisor.evaluation.questions import read_cases
from advisor.memory import Feedback, Rated, Thumb, open_conversations
from advisor.records import Answer, Citation, Status, Turn

pytest_plugins = ["cli_bench"]

GIVEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def citation(number: int, section: str, document: str = "a.md") -> Citation:
    return Citation(number, f"{document}#x#{number}", document, section, None, "words")


def rated(
    question: str = "How long is it?",
    key: str = "k1",
    thumb: Thumb = Thumb.DOWN,
    history: tuple[str, ...] = (),
    citations: tuple[Citation, ...] = (),
) -> Rated:
    answer = Answer(question, Status.ANSWERED, "About **9** weeks [1].", citations=citations)
    return Rated(key, Feedback("c", 1, thumb, "Wrong", GIVEN), Turn(question, answer, GIVEN), history)


def drafted(*given: Rated, also_good: bool = False) -> list[dict[str, Any]]:
    return [draft_json(draft) for draft in make_drafts(given, today=TODAY, also_good=also_good)]


# --- a draft ---------------------------------------------------------------------------------------


def test_a_draft_holds_the_question_the_cited_sections_and_the_remark() -> None:
    cited = (citation(1, "A > Phase 1"), citation(2, "A > Phase 1"), citation(3, ""), citation(4, "Costs", "b.md"))
    assert drafted(rated(history=("And phase 1?", "…?"), citations=cited)) == [
        {
            "id": "draft-k1",
            "kind": "duration",
            "question": "How long is it?",
            "expected": "answer",
            "history": ["And phase 1?"],
            "gold": [
                {"page": "a.md", "section": "Phase 1", "grade": 1},
                {"page": "b.md", "section": "Costs", "grade": 1},
            ],
            "nuggets": [],
            "forbidden": [],
            "as_of": "2026-03-02",
            "draft": {
                "thumb": "down",
                "reason": "Wrong",
                "answer": "About **9** weeks [1].",
                "given_at": "2026-03-01",
            },
        }
    ]


def test_good_answers_are_drafted_only_where_asked_for() -> None:
    given = (rated(key="good", thumb=Thumb.UP), rated(key="bad"))
    assert [line["id"] for line in drafted(*given)] == ["draft-bad"]
    assert [line["id"] for line in drafted(*given, also_good=True)] == ["draft-good", "draft-bad"]


def test_a_question_without_a_letter_is_left_out() -> None:
    assert drafted(rated("²?"), rated("\U0001f44d")) == []


def test_small_talk_is_a_kind_of_one_word() -> None:
    assert drafted(rated("hello"))[0]["kind"] == "small-talk"


# --- the file --------------------------------------------------------------------------------------


def test_no_run_takes_a_draft_until_the_key_is_removed(tmp_path: Path) -> None:
    file = tmp_path / "drafts.jsonl"
    add_drafts(file, make_drafts([rated()], today=TODAY))
    with pytest.raises(UsageError, match=r"line 1: this is a draft: complete nuggets and remove the key 'draft'"):
        read_cases(file)
    (line,) = read_lines(file)
    del line["draft"]
    file.write_text(json.dumps({**line, "nuggets": [{"text": "6 weeks"}]}), encoding="utf-8")
    assert [case.id for case in read_cases(file)] == ["draft-k1"]


def test_what_stands_in_the_file_is_kept_and_not_doubled(tmp_path: Path) -> None:
    file = tmp_path / "new" / "drafts.jsonl"
    one, two = make_drafts([rated(key="one"), rated(key="two")], today=TODAY)
    assert add_drafts(file, [one]) == (one,)
    completed = '{"id": "draft-one", "by": "hand ünd\u2028more"}'  # no line break at the end
    file.write_text(completed, encoding="utf-8")
    assert add_drafts(file, [one, two]) == (two,)
    assert add_drafts(file, [one, two]) == ()
    first, second, end = file.read_text(encoding="utf-8").split("\n")
    assert (first, json.loads(second)["id"], end) == (completed, "draft-two", "")


def test_without_drafts_no_file_is_made(tmp_path: Path) -> None:
    assert add_drafts(tmp_path / "new" / "drafts.jsonl", ()) == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", ["not json", "[]", '{"id": 7}', "{}"])
def test_a_file_that_holds_something_else_is_left_alone(tmp_path: Path, line: str) -> None:
    file = tmp_path / "drafts.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2"):
        add_drafts(file, make_drafts([rated()], today=TODAY))
    assert file.read_text(encoding="utf-8") == f"\n{line}\n"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place in (tmp_path, tmp_path / "file" / "drafts.jsonl"):
        with pytest.raises(UsageError, match="--out"):
            add_drafts(place, make_drafts([rated()], today=TODAY))


# --- the command -----------------------------------------------------------------------------------


@pytest.fixture
def kept(own_surroundings: None, tmp_path: Path) -> Path:
    """A data folder with a thumb down and one up."""
    with open_conversations(tmp_path / "data" / "conversations.db") as conversations:
        for number, thumb in enumerate((Thumb.DOWN, Thumb.UP), start=1):
            turn = rated(f"How long is phase {number}?").turn
            conversations.append("c", turn, owner="ann-0123456789abcdef")
            conversations.give_feedback("c", number, thumb, "Wrong", owner="ann-0123456789abcdef", given_at=GIVEN)
    return tmp_path / "data"


def test_thumbs_down_go_to_the_data_folder_and_once_only(
    kept: Path, advisor: Callable[..., int], capsys: Captured
) -> None:
    assert advisor("eval", "draft") == 0
    assert "1 drafts added" in capsys.readouterr().out
    assert advisor("eval", "draft") == 0
    assert "0 drafts added" in capsys.readouterr().out
    (line,) = read_lines(kept / "drafts.jsonl")
    assert (line["question"], line["history"]) == ("How long is phase 1?", [])
    assert "ann" not in json.dumps(line)


def test_json_tells_what_was_added(kept: Path, advisor: Callable[..., int], capsys: Captured) -> None:
    assert advisor("eval", "draft", "--out", "d.jsonl") == 0
    capsys.readouterr()
    assert advisor("eval", "draft", "--all", "--out", "d.jsonl", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["out"], printed["held"]) == ("d.jsonl", 1)
    assert [(line["question"], line["draft"]["thumb"]) for line in printed["added"]] == [("How long is phase 2?", "up")]
    assert len(read_lines(Path("d.jsonl"))) == 2


@pytest.mark.usefixtures("own_surroundings")
def test_a_folder_without_conversations_is_named_with_the_cure(advisor: Callable[..., int], capsys: Captured) -> None:
    assert advisor("eval", "draft") == 2
    assert "ADVISOR_DATA_DIR" in capsys.readouterr().err
    assert not Path("data").exists()
