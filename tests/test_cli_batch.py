"""Batches of questions: every question gets its line, a bad file stops before anything is asked, nothing is lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cli_bench import ANSWER_KEYS, ASKED, Bench, Captured, Command, one_line, read_lines, write_lines
from conftest import PAGES, write_corpus

from advisor.cli import run
from advisor.index.publish import open_snapshot
from advisor.memory import open_conversations
from advisor.pipeline import Advisor
from advisor.records import Event
from advisor.settings import Settings

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings")

# --- batches --------------------------------------------------------------------------------------


def test_every_line_of_a_batch_gets_one_line_in_order(advisor: Command, index_dir: Path, tmp_path: Path) -> None:
    batch = write_lines(
        tmp_path / "in.jsonl",
        {"id": "plain", "question": ASKED, "kind": "duration"},
        {"id": "empty", "question": "", "history": []},
        {"id": "emoji", "question": "🙂"},
        {"id": "huge", "question": "a" * 1_000_000},
        {"id": "half \ud83d", "question": "What tools does a \ud83d gardener use?"},
    )
    out = tmp_path / "out.jsonl"
    assert advisor("ask", "--batch", batch, "--out", out, "--index", index_dir) == 0
    lines = read_lines(out)
    assert [line["id"] for line in lines] == ["plain", "empty", "emoji", "huge", "half \ud83d"]
    assert all(set(line) == set(lines[0]) >= ANSWER_KEYS for line in lines)
    for line in lines[1:4]:
        assert line["status"] == "refused"
        assert line["answer"]
        assert line["notes"]
    assert not (tmp_path / "out.jsonl.partial").exists()


def test_a_batch_answers_as_single_questions_do(
    advisor: Command, index_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    batch = write_lines(tmp_path / "in.jsonl", *({"id": str(n), "question": ASKED} for n in range(2)))
    advisor("ask", "--batch", batch, "--out", tmp_path / "out.jsonl", "--index", index_dir)
    capsys.readouterr()
    advisor("ask", ASKED, "--json", "--index", index_dir)
    single = json.loads(capsys.readouterr().out)
    for line in read_lines(tmp_path / "out.jsonl"):
        differing = {key for key in line if line[key] != single[key]}
        assert differing <= {"id", "timings_ms"}


def test_earlier_questions_are_asked_first_in_a_conversation_of_their_own(
    advisor: Command, index_dir: Path, tmp_path: Path
) -> None:
    follow_up = "And what does it cost?"
    batch = write_lines(
        tmp_path / "in.jsonl",
        {"id": "with", "question": follow_up, "history": ["", "What is the Streaming Associate certificate?"]},
        {"id": "without", "question": follow_up},
    )
    assert advisor("ask", "--batch", batch, "--out", tmp_path / "out.jsonl", "--index", index_dir) == 0
    after, alone = read_lines(tmp_path / "out.jsonl")
    assert after["understood"] != alone["understood"]
    assert any("empty" in note for note in after["notes"])  # the earlier question that could not be asked


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("not json", "JSON"),
        ("[1, 2]", "object"),
        ('{"question": "x"}', "id"),
        ('{"id": "1"}', "question"),
        ('{"id": "1", "question": 7}', "question"),
        ('{"id": "1", "question": "x", "history": "y"}', "history"),
        ('{"id": "1", "question": "x", "history": [1]}', "history"),
    ],
)
def test_a_bad_line_is_named_before_anything_is_asked(
    line: str, named: str, bench: Bench, advisor: Command, index_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    batch = tmp_path / "in.jsonl"
    batch.write_text(f'{{"id": "0", "question": "{ASKED}"}}\n\n{line}\n', encoding="utf-8")
    out = tmp_path / "out.jsonl"
    assert advisor("ask", "--batch", batch, "--out", out, "--index", index_dir) == 2
    complaint = one_line(capsys.readouterr().err)
    assert str(batch) in complaint
    assert "line 3" in complaint
    assert named in complaint
    assert bench.embedder.seen == []
    assert not out.exists()


def test_a_batch_that_cannot_be_read_or_written_is_bad_input(
    advisor: Command, index_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    good = write_lines(tmp_path / "in.jsonl", {"id": "1", "question": ASKED})
    empty, latin = tmp_path / "empty.jsonl", tmp_path / "latin.jsonl"
    empty.write_text("\n", encoding="utf-8")
    latin.write_bytes(b'{"id": "1", "question": "caf\xe9"}\n')
    out = tmp_path / "out.jsonl"
    for source, target in [
        (tmp_path / "gone.jsonl", out),
        (empty, out),
        (latin, out),
        (good, good),
        (good, tmp_path),
        (good, tmp_path / "gone" / "out.jsonl"),
    ]:
        assert advisor("ask", "--batch", source, "--out", target, "--index", index_dir) == 2
        one_line(capsys.readouterr().err)
    assert read_lines(good) == [{"id": "1", "question": ASKED}]


def test_ctrl_c_in_a_batch_loses_no_answer(bench: Bench, index_dir: Path, tmp_path: Path, capsys: Captured) -> None:
    out, partial = tmp_path / "out.jsonl", tmp_path / "out.jsonl.partial"
    seen: list[str] = []

    class Impatient(Advisor):
        """Its user presses Ctrl-C while the second question is being answered."""

        def ask(self, question: str, **options: Any) -> Iterator[Event]:
            if question == "stop":
                seen.append(partial.read_text(encoding="utf-8"))
                raise KeyboardInterrupt
            yield from super().ask(question, **options)

    def open_advisor(settings: Settings) -> Advisor:
        snapshot = open_snapshot(settings.index_dir)
        return Impatient(snapshot, embedder=bench.embedder, writer=None, conversations=open_conversations(None))

    batch = write_lines(
        tmp_path / "in.jsonl", *({"id": q, "question": q} for q in ("What does a baker do?", "stop", "more"))
    )
    out.write_text("an older run\n", encoding="utf-8")
    arguments = ["ask", "--batch", str(batch), "--out", str(out), "--index", str(index_dir)]
    assert run(arguments, parts=replace(bench.parts(), open_advisor=open_advisor)) == 130
    complaints = [line for line in capsys.readouterr().err.split("\n") if line.startswith("advisor:")]
    assert len(complaints) == 1
    assert str(partial) in complaints[0]
    assert [line["id"] for line in read_lines(partial)] == ["What does a baker do?"]
    assert seen == [partial.read_text(encoding="utf-8")]  # it was on the disk before the next question began
    assert out.read_text(encoding="utf-8") == "an older run\n"


# --- search ---------------------------------------------------------------------------------------


def test_search_lists_the_best_first(advisor: Command, index_dir: Path, capsys: Captured) -> None:
    assert advisor("search", "spade and secateurs", "-k", "3", "--json", "--index", index_dir) == 0
    found = json.loads(capsys.readouterr().out)
    scores = [hit["score"] for hit in found["hits"]]
    assert found["hits"][0]["document"] == "gardener.md"
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    assert scores == sorted(scores, reverse=True)
    assert advisor("search", "spade and secateurs", "-k", "3", "--index", index_dir) == 0
    assert "gardener.md" in capsys.readouterr().out.split("\n")[0]


def test_a_trec_run_has_six_fields_a_line_and_ranks_from_one(advisor: Command, tmp_path: Path) -> None:
    pages = {"my gardener.md": PAGES["gardener.md"], "baker.md": PAGES["baker.md"]}
    corpus = write_corpus(tmp_path / "pages", pages)
    assert advisor("index", "build", "--corpus", corpus) == 0
    batch = write_lines(
        tmp_path / "in.jsonl",
        {"id": "q1", "question": "garden tools"},
        {"id": "q2", "question": ""},
        {"id": "q3", "question": "and on Sundays?", "history": ["When does a baker work?"]},
    )
    assert advisor("search", "--batch", batch, "--out", tmp_path / "run.trec", "-k", "3") == 0
    rows = [line.split(" ") for line in (tmp_path / "run.trec").read_text(encoding="utf-8").splitlines()]
    assert {len(row) for row in rows} == {6}
    assert {row[0] for row in rows} == {"q1", "q3"}
    assert {(row[1], row[5]) for row in rows} == {("Q0", "advisor")}
    for name in ("q1", "q3"):
        own = [row for row in rows if row[0] == name]
        assert [int(row[3]) for row in own] == list(range(1, len(own) + 1))
        assert [float(row[4]) for row in own] == sorted((float(row[4]) for row in own), reverse=True)
    assert any(row[2].startswith("my%20gardener.md#") for row in rows)


@pytest.mark.parametrize("names", [("a", "a"), ("a b", "c"), ("", "c")])
def test_ids_that_a_trec_run_cannot_hold_are_bad_input(
    names: tuple[str, str], advisor: Command, index_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    batch = write_lines(tmp_path / "in.jsonl", *({"id": name, "question": ASKED} for name in names))
    assert advisor("search", "--batch", batch, "--out", tmp_path / "run.trec", "--index", index_dir) == 2
    assert repr(names[0]) in one_line(capsys.readouterr().err)
