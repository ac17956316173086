"""Answer sets made elsewhere, brought to one form; what does not fit is named with its line."""

import json
from pathlib import Path
from typing import Any

import pytest

from advisor.errors import UsageError
from advisor.evaluation.passages import (
    Answerable,
    ExternalCase,
    ExternalPassage,
    read_external_cases,
    read_mtrag,
)


def write_lines(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def said(speaker: str, text: str) -> dict[str, Any]:
    return {"speaker": speaker, "text": text, "metadata": {"author_type": "human", "created_at": 1}}


def task(**changes: Any) -> dict[str, Any]:
    """A reference task of MTRAG with all its keys."""
    return {
        "conversation_id": "c",
        "task_id": "c<::>2",
        "task_type": "rag",
        "turn": "2",
        "dataset": "MT-RAG 2.0",
        "contexts": [{"document_id": "p1", "text": "Oaks live long."}, {"title": "Yew", "text": "Yews live longer."}],
        "input": [said("user", "Do oaks live long?"), said("agent", "They do."), said("user", "And yews?")],
        "targets": [said("agent", "Even longer.")],
        "answerability": ["ANSWERABLE"],
        "Question Type": ["Factoid"],
        "Multi-Turn": ["Follow-up"],
        "Collection": "clapnq",
    } | changes


# --- MTRAG -----------------------------------------------------------------------------------------


def test_a_task_asks_its_last_utterance_after_the_questions_before_it(tmp_path: Path) -> None:
    assert read_mtrag(write_lines(tmp_path / "reference.jsonl", task())) == (
        ExternalCase(
            id="c<::>2",
            question="And yews?",
            history=("Do oaks live long?",),
            passages=(ExternalPassage("", "Oaks live long."), ExternalPassage("Yew", "Yews live longer.")),
            answer="Even longer.",
            answerable=Answerable.YES,
        ),
    )


@pytest.mark.parametrize(
    ("labels", "answerable"),
    [
        (["ANSWERABLE"], "yes"),
        (["UNANSWERABLE"], "no"),
        (["PARTIAL"], "partial"),
        (["UNDERSPECIFIED"], "unknown"),
        (["CONVERSATIONAL"], "unknown"),
        (["ANSWERABLE", "UNANSWERABLE"], "unknown"),
        ([], "unknown"),
    ],
)
def test_a_label_says_whether_the_passages_hold_the_answer(labels: list[str], answerable: str, tmp_path: Path) -> None:
    (case,) = read_mtrag(write_lines(tmp_path / "reference.jsonl", task(answerability=labels)))
    assert case.answerable == answerable


def test_a_first_turn_without_passages_is_a_case_too(tmp_path: Path) -> None:
    (case,) = read_mtrag(write_lines(tmp_path / "r.jsonl", task(contexts=[], input=[said("user", "Do oaks sing?")])))
    assert (case.question, case.history, case.passages) == ("Do oaks sing?", (), ())


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"input": [said("user", "Yews?"), said("agent", "Yes.")]}, "the last speaker is 'agent'"),
        ({"input": []}, "'input' cannot be"),
        ({"targets": []}, "'targets' cannot be"),
        ({"contexts": [{"title": "no text"}]}, "'contexts.0.text' is missing"),
        ({"input": [said("user", " ")]}, "'input.0.text' cannot be ' '"),
        ({"task_id": "first"}, "the id 'first' was given in"),
    ],
)
def test_a_task_that_does_not_fit_is_named(changes: dict[str, Any], named: str, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "reference.jsonl", task(task_id="first"), task(**changes))
    with pytest.raises(UsageError) as raised:
        read_mtrag(path)
    assert f"{str(path)!r}, line 2: " in str(raised.value)
    assert named in str(raised.value)


# --- the general form ------------------------------------------------------------------------------


def test_a_line_of_the_general_form_is_read_whole(tmp_path: Path) -> None:
    line = {
        "id": "q1",
        "question": "And yews?",
        "history": ["Do oaks live long?"],
        "passages": [{"title": "Yew", "text": "Yews live longer."}],
        "answer": "Even longer.",
        "answerable": "partial",
        "source": "passed over",
    }
    assert read_external_cases(write_lines(tmp_path / "cases.jsonl", line)) == (
        ExternalCase(
            id="q1",
            question="And yews?",
            history=("Do oaks live long?",),
            passages=(ExternalPassage("Yew", "Yews live longer."),),
            answer="Even longer.",
            answerable=Answerable.PARTIAL,
        ),
    )


def test_only_an_id_and_a_question_must_be_there(tmp_path: Path) -> None:
    (case,) = read_external_cases(write_lines(tmp_path / "cases.jsonl", {"id": 7, "question": "Yews?"}))
    assert case == ExternalCase("7", "Yews?", (), (), "", Answerable.UNKNOWN)


def test_blank_lines_are_passed_over_but_counted(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('\n{"id": "1", "question": "Yews?"}\n  \n{"id": "1", "question": "Oaks?"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"line 4: the id '1' was given in .*line 2"):
        read_external_cases(path)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (b"not json", "JSON"),
        (b"7", "7 is no object"),
        (b'{"question": "x"}', "'id' is missing"),
        (b'{"id": "1"}', "'question' is missing"),
        (b'{"id": "1", "question": " "}', "'question' cannot be ' '"),
        (b'{"id": "1", "question": "x", "history": "y"}', "'history' cannot be 'y'"),
        (b'{"id": "1", "question": "x", "history": [1]}', "'history.0' cannot be 1"),
        (b'{"id": "1", "question": "x", "passages": [{"title": "t"}]}', "'passages.0.text' is missing"),
        (b'{"id": "1", "question": "x", "answerable": "maybe"}', "'answerable' cannot be 'maybe'"),
        (b'{"id": "1", "question": "\xff"}', "UTF-8"),
    ],
)
def test_a_line_that_does_not_fit_is_named(line: bytes, named: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b'{"id": "0", "question": "Yews?"}\n' + line + b"\n")
    with pytest.raises(UsageError) as raised:
        read_external_cases(path)
    assert f"{str(path)!r}, line 2: " in str(raised.value)
    assert named in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_missing_or_empty_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_external_cases(tmp_path / "nowhere.jsonl")
    with pytest.raises(UsageError, match="holds no case"):
        read_external_cases(write_lines(tmp_path / "empty.jsonl"))
