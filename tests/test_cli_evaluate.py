"""`advisor eval`: a run leaves its files, goes on where it stopped, and its commands end with the right exit code."""

import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from cli_bench import ASKED, Bench, Captured, Command, read_lines, write_lines
from row_bench import WRONG, make_row

from advisor.cli.evaluate import eval_app
from advisor.cli.parts import Parts
from advisor.errors import UsageError
from advisor.evaluation.rows import ROWS_FILE, Row, read_rows, write_rows
from advisor.index.publish import open_snapshot
from advisor.memory import open_conversations
from advisor.pipeline import Advisor
from advisor.records import Event
from advisor.settings import Settings

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings")

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"id": "a", "kind": "duration", "question": ASKED, "expected": "answer", "nuggets": [{"text": "6 weeks"}]},
    {"id": "b", "kind": "off-domain", "question": "What is the capital of France?", "expected": "refuse"},
    {"id": "c", "kind": "duration", "question": "How long is phase 2?", "expected": "answer",
     "nuggets": [{"text": "99 weeks"}]},
    {"id": "d", "kind": "list", "question": "What tools does a gardener use?", "expected": "answer",
     "nuggets": [{"text": "Spade"}]},
)  # fmt: skip


def invoke(parts: Parts, *arguments: object) -> int:
    """`eval ARGUMENTS`, alone or with the other commands around it."""
    command = typer.main.get_command(eval_app)
    try:
        with command.make_context("eval", [str(argument) for argument in arguments], obj=parts) as context:
            command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    return 0


@pytest.fixture
def evaluate(bench: Bench) -> Command:
    return lambda *arguments: invoke(bench.parts(), *arguments)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "questions.jsonl", *QUESTIONS)


@pytest.fixture
def measure(evaluate: Command, questions: Path, index_dir: Path) -> Callable[..., Path]:
    """`eval run` over the questions; the result is the folder."""

    def run(*arguments: object, out: str = "out") -> Path:
        assert evaluate("run", "--questions", questions, "--index", index_dir, "--out", out, *arguments) == 0
        return Path(out)

    return run


def write_run(folder: Path, *rows: Row) -> Path:
    folder.mkdir(parents=True)
    write_rows(folder / ROWS_FILE, rows)
    return folder


# --- run -------------------------------------------------------------------------------------------


def test_a_run_leaves_rows_a_summary_and_reports(measure: Callable[..., Path], capsys: Captured) -> None:
    folder = measure()
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "report.md", ROWS_FILE, "summary.json"]
    rows = read_rows(folder)
    assert [(row.id, row.right) for row in rows] == [("a", True), ("b", True), ("c", False), ("d", True)]
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["overall"]["figures"]["right"]["mean"] == 0.75
    assert summary["environment"]["build"] == rows[0].origin.build
    assert "99 weeks" in (folder / "report.html").read_text(encoding="utf-8")
    assert "99 weeks" in (folder / "report.md").read_text(encoding="utf-8")
    shown = capsys.readouterr().out
    assert "4 questions, 0 errors, worded by extractive" in shown
    assert "report.html" in shown


def test_json_holds_the_summary_and_where_it_lies(measure: Callable[..., Path], capsys: Captured) -> None:
    folder = measure("--json")
    printed = json.loads(capsys.readouterr().out)
    assert printed["out"] == str(folder)
    assert printed["kinds"]["duration"]["figures"]["right"]["mean"] == 0.5


def test_two_runs_differ_in_nothing_but_time(measure: Callable[..., Path]) -> None:
    def said(folder: Path) -> list[Row]:
        return [replace(row, first_text_ms=0, total_ms=0) for row in read_rows(folder)]

    assert said(measure(out="first")) == said(measure(out="second"))


def test_without_a_folder_a_run_gets_one_by_its_date(
    evaluate: Command, questions: Path, index_dir: Path, capsys: Captured
) -> None:
    assert evaluate("run", "--questions", questions, "--index", index_dir, "--json") == 0
    folder = Path(json.loads(capsys.readouterr().out)["out"])
    assert folder.parent == Path("eval/runs")
    assert len(read_rows(folder)) == len(QUESTIONS)


def test_the_dev_questions_are_asked_by_default(
    evaluate: Command, questions: Path, index_dir: Path, tmp_path: Path
) -> None:
    there = tmp_path / "eval" / "questions" / "dev"
    there.mkdir(parents=True)
    questions.rename(there / "some.jsonl")
    assert evaluate("run", "--index", index_dir, "--out", "out") == 0
    assert len(read_rows(Path("out"))) == len(QUESTIONS)


def test_a_limit_spreads_over_the_set(measure: Callable[..., Path]) -> None:
    assert [row.id for row in read_rows(measure("--limit", 2, out="two"))] == ["a", "c"]
    assert [row.id for row in read_rows(measure("--limit", 99, out="all"))] == ["a", "b", "c", "d"]


def test_questions_that_cannot_be_read_cost_no_loading(evaluate: Command, bench: Bench, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("not json\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 1"):
        evaluate("run", "--questions", bad, "--index", "nowhere", "--out", "out")
    assert bench.embedder.seen == []
    assert not Path("out").exists()


def test_a_folder_that_cannot_be_made_is_bad_input(evaluate: Command, questions: Path, index_dir: Path) -> None:
    Path("file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="another --out"):
        evaluate("run", "--questions", questions, "--index", index_dir, "--out", "file")


# --- going on --------------------------------------------------------------------------------------


def test_a_run_goes_on_with_what_is_missing(measure: Callable[..., Path], bench: Bench) -> None:
    folder = measure("--limit", 2)
    kept = read_rows(folder)
    bench.embedder.seen.clear()
    measure()
    assert [row.id for row in read_rows(folder)] == ["a", "b", "c", "d"]
    assert set(kept) < set(read_rows(folder))  # to the millisecond
    assert ASKED not in bench.embedder.seen
    bench.embedder.seen.clear()
    measure("--limit", 1)
    assert bench.embedder.seen == []
    assert len(read_rows(folder)) == 4  # a smaller limit takes nothing away


def test_a_row_that_was_cut_off_is_measured_again(measure: Callable[..., Path]) -> None:
    path = measure() / ROWS_FILE
    path.write_text(path.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    measure()
    assert [row.id for row in read_rows(path)] == ["a", "b", "c", "d"]


def test_rows_of_a_question_that_has_changed_are_measured_anew(
    measure: Callable[..., Path], questions: Path, capsys: Captured
) -> None:
    folder = measure()
    write_lines(questions, *QUESTIONS[:2], {**QUESTIONS[2], "nuggets": [{"text": "10 weeks"}]})
    capsys.readouterr()
    measure()
    assert [(row.id, row.right) for row in read_rows(folder)] == [("a", True), ("b", True), ("c", True)]
    assert "2 rows of another build, generator or wording" in capsys.readouterr().err


def test_an_interruption_leaves_what_is_done_and_a_way_to_go_on(
    bench: Bench, questions: Path, index_dir: Path, measure: Callable[..., Path], capsys: Captured
) -> None:
    class Impatient(Advisor):
        def ask(self, question: str, **others: Any) -> Iterator[Event]:
            if question == QUESTIONS[2]["question"]:
                raise KeyboardInterrupt
            return super().ask(question, **others)

    def open_advisor(settings: Settings) -> Advisor:
        snapshot = open_snapshot(settings.index_dir)
        return Impatient(snapshot, embedder=bench.embedder, writer=None, conversations=open_conversations(None))

    arguments = ("run", "--questions", questions, "--index", index_dir, "--out", "out")
    assert invoke(replace(bench.parts(), open_advisor=open_advisor), *arguments) == 130
    complaints = [line for line in capsys.readouterr().err.split("\n") if line.startswith("advisor:")]
    assert len(complaints) == 1
    assert "--out" in complaints[0]
    assert [line["id"] for line in read_lines(Path("out") / ROWS_FILE)] == ["a", "b"]
    assert sorted(path.name for path in Path("out").iterdir()) == [ROWS_FILE]
    measure()
    assert [row.id for row in read_rows(Path("out"))] == ["a", "b", "c", "d"]


# --- suite -----------------------------------------------------------------------------------------


def test_a_suite_is_written_and_its_last_line_runs_it(
    evaluate: Command, advisor: Command, tmp_path: Path, capsys: Captured
) -> None:
    pages = tmp_path / "some pages"
    pages.mkdir()
    page = "# Gardener\n\n## Phase 1: Soil\n\n- **Introduction to Soil**\n  - Kind: course\n  - Duration: 6 weeks\n"
    (pages / "gardener.md").write_text(page, encoding="utf-8")
    assert evaluate("suite", "counterfactual", "--corpus", pages, "--out", "my suite", "--limit", 3) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "1 questions, 1 pages in my suite"
    commands = shlex.split(shown[-1].removeprefix("to run: "))
    middle = commands.index("&&")
    build, asked = commands[:middle], commands[middle + 1 :]
    assert build == ["advisor", "index", "build", "--corpus", "my suite/pages", "--index", "my suite/index"]
    assert advisor(*build[1:]) == 0
    assert advisor(*asked[1:], "--out", "out", "--generator", "extractive") == 0
    (row,) = read_rows(Path("out"))
    assert (row.kind, row.forbidden, row.hits_nugget_recall) == ("counterfactual", (), 1.0)
    with pytest.raises(UsageError, match="choose counterfactual"):
        evaluate("suite", "other", "--out", "out")


# --- compare and gate ------------------------------------------------------------------------------


def test_a_comparison_tells_what_was_won_and_lost(evaluate: Command, tmp_path: Path, capsys: Captured) -> None:
    before = write_run(tmp_path / "before", make_row("a", **WRONG), make_row("b"), make_row("c"))
    after = write_run(tmp_path / "after", make_row("a"), make_row("b", **WRONG), make_row("c"))
    assert evaluate("compare", before, after / ROWS_FILE) == 0
    shown = capsys.readouterr().out
    assert "3 questions in both runs" in shown
    assert "right only in the second run: 1\n  a: " in shown
    assert "right only in the first run: 1\n  b: " in shown
    assert evaluate("compare", before, after, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["overall"]["right"]["difference"]["mean"] == 0
    assert [change["id"] for change in found["won"]] == ["a"]


def test_runs_over_other_questions_are_not_compared(evaluate: Command, tmp_path: Path) -> None:
    before, after = write_run(tmp_path / "before", make_row("a")), write_run(tmp_path / "after", make_row("b"))
    with pytest.raises(UsageError, match="only the first run has a"):
        evaluate("compare", before, after)


def test_the_gate_ends_with_1_on_a_breach_and_names_it(evaluate: Command, tmp_path: Path, capsys: Captured) -> None:
    good = write_run(tmp_path / "good", *(make_row(str(n)) for n in range(5)))
    bad = write_run(tmp_path / "bad", *(make_row(str(n), **WRONG) for n in range(5)))
    assert evaluate("gate", good, "--baseline", "baseline.json", "--write") == 0
    assert evaluate("gate", good, "--baseline", "baseline.json") == 0
    capsys.readouterr()
    assert evaluate("gate", bad, "--baseline", "baseline.json") == 1
    shown = capsys.readouterr()
    assert "right (wholly right) is 0.000" in shown.err
    assert "committed 100.0%   worse" in shown.out
    assert evaluate("gate", bad, "--baseline", "baseline.json", "--json") == 1
    breaches = json.loads(capsys.readouterr().out)["breaches"]
    assert {breach["measure"] for breach in breaches} == {"right", "nugget_recall"}


def test_without_a_baseline_the_gate_tells_how_to_make_one(evaluate: Command, tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", make_row())
    with pytest.raises(UsageError, match="--write"):
        evaluate("gate", run)


# --- retrieval -------------------------------------------------------------------------------------


@pytest.fixture
def beir_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    write_lines(
        folder / "corpus.jsonl",
        {"_id": "d1", "title": "Bread", "text": "Bakers knead dough before sunrise."},
        {"_id": "d2", "title": "Hedges", "text": "Gardeners trim hedges with secateurs."},
    )
    write_lines(folder / "queries.jsonl", {"_id": "q1", "text": "Who trims hedges?"})
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td2\t1\n", encoding="utf-8")
    return folder


def test_retrieval_prints_the_agreed_keys(evaluate: Command, beir_dir: Path, capsys: Captured) -> None:
    assert evaluate("retrieval", beir_dir, "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["metrics"] == {"nDCG@10": 1.0, "R@10": 1.0, "R@100": 1.0, "RR@10": 1.0}
    assert set(printed["dense"]) == set(printed["bm25"]) == set(printed["metrics"])
    assert (printed["queries"], printed["documents"], printed["split"]) == (1, 2, "test")


def test_retrieval_tells_the_same_in_words(evaluate: Command, beir_dir: Path, capsys: Captured) -> None:
    assert evaluate("retrieval", beir_dir) == 0
    shown = capsys.readouterr().out
    assert "1 queries, 2 documents" in shown
    assert "nDCG@10 1.0000" in shown


def test_retrieval_keeps_each_query_and_is_paired_with_an_earlier_run(
    evaluate: Command, beir_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    run = tmp_path / "run"
    assert evaluate("retrieval", beir_dir, "--out", run) == 0
    (kept,) = (run / "queries.jsonl").read_text("utf-8").splitlines()
    assert json.loads(kept)["rankings"]["search"][0] == "d2"
    assert "search against vectors" in capsys.readouterr().out
    assert evaluate("retrieval", beir_dir, "--against", run, "--json") == 0
    paired = json.loads(capsys.readouterr().out)["paired"]
    assert {one["p_value"] for one in paired["search against the earlier run"].values()} == {1.0}


def test_a_split_that_is_not_there_is_bad_input(evaluate: Command, beir_dir: Path) -> None:
    with pytest.raises(UsageError, match="there: test"):
        evaluate("retrieval", beir_dir, "--split", "train")


# --- help ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "suite", "compare", "gate", "retrieval"])
def test_each_command_shows_an_example_of_itself(command: str, evaluate: Command, capsys: Captured) -> None:
    assert evaluate(command, "--help") == 0
    assert f"Example: advisor eval {command}" in " ".join(capsys.readouterr().out.split())
