"""Sets made elsewhere: each case is asked of its own passages alone, keeps its row, and is summed up by hand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from cli_bench import Bench, Captured, Command, read_lines, write_lines
from conftest import HashingEmbedder, count_pieces

from advisor.cli.evaluate import eval_app
from advisor.cli.parts import Parts, PassageEmbedder
from advisor.corpus.reading import read_corpus
from advisor.errors import ModelError, UsageError
from advisor.evaluation.external import (
    EXTERNAL_ROWS_FILE,
    ExternalRow,
    ask_external,
    external_row_line,
    external_rows_so_far,
    fitting_external_rows,
    read_cases_in,
    write_external_rows,
)
from advisor.evaluation.external_summary import Share, external_markdown, external_summary_to_json, summarise_external
from advisor.evaluation.passages import Answerable, ExternalCase, ExternalPassage
from advisor.evaluation.rows import Outcome
from advisor.evaluation.shelf import hold_for_answers, hold_for_search
from advisor.index.embedding import Vectors
from advisor.index.publish import Snapshot

pytest_plugins = ["cli_bench"]

HEDGES = ExternalPassage("Hedges", "A hedge is trimmed twice a year. Gardeners trim it with secateurs.")
COURSES = ExternalPassage("Courses", "# Phase 1: Soil (6 weeks)\n\nDig.\n\n# Phase 2: Seeds (10 weeks)\n\nSow.\n")
TOOL = "What do gardeners trim a hedge with?"
CAPITAL = "What is the capital of France?"
REFERENCE = "They trim it with secateurs."


def a_case(question: str = TOOL, *passages: ExternalPassage, **others: Any) -> ExternalCase:
    chosen: dict[str, Any] = {"id": "q", "history": (), "answer": "", "answerable": Answerable.YES, **others}
    return ExternalCase(question=question, passages=passages or (HEDGES,), **chosen)


def rows_of(*cases: ExternalCase, embedder: HashingEmbedder | None = None) -> list[ExternalRow]:
    return list(ask_external(cases, embedder or HashingEmbedder(), count_pieces))


def row_of(case: ExternalCase, embedder: HashingEmbedder | None = None) -> ExternalRow:
    (row,) = rows_of(case, embedder=embedder)
    return row


class Failing(HashingEmbedder):
    """Fails on every text that names what it cannot read."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        if any("unreadable" in text for text in texts):
            raise ModelError("the embedder 'hashing' choked; pull another")
        return super().embed(texts)


# --- the build in memory ---------------------------------------------------------------------------


def test_a_build_in_memory_holds_what_a_published_one_holds(corpus_dir: Path, snapshot: Snapshot) -> None:
    held = hold_for_answers(read_corpus(corpus_dir).documents, HashingEmbedder(), count_pieces)
    assert (held.documents, held.passages) == (snapshot.documents, snapshot.passages)
    assert held.lines.starts == snapshot.lines.starts
    np.testing.assert_array_equal(held.vectors, snapshot.vectors)
    np.testing.assert_array_equal(held.lines.vectors, snapshot.lines.vectors)
    np.testing.assert_array_equal(held.lines.passages, snapshot.lines.passages)
    assert held.lexical.rarity() == snapshot.lexical.rarity()


def test_for_search_alone_each_document_has_one_line(corpus_dir: Path) -> None:
    held = hold_for_search(read_corpus(corpus_dir).documents, HashingEmbedder(), count_pieces)
    assert list(held.lines.starts.values()) == [0, 1, 2]
    np.testing.assert_array_equal(held.lines.vectors, held.vectors[held.lines.passages])


# --- rows ------------------------------------------------------------------------------------------


def test_a_question_is_answered_from_the_passages_of_its_case() -> None:
    row = row_of(a_case(answer=REFERENCE))
    assert (row.status, row.error, row.passages) == (Outcome.ANSWERED, "", 1)
    assert row.answer == "Gardeners trim it with secateurs [1]."
    assert (row.borne_out, row.unsupported_numbers, row.unknown_names) == (1.0, (), ())
    assert (row.words, row.reference) == (5, REFERENCE)
    assert row.token_f1 == pytest.approx(4 / 5)  # "trim it with secateurs" of five words each
    assert row.first_text_ms is not None


def test_what_the_passages_of_another_case_say_is_not_known() -> None:
    first, second = rows_of(a_case(id="a"), a_case(TOOL, COURSES, id="b"))
    assert (first.status, second.status) == (Outcome.ANSWERED, Outcome.REFUSED)


def test_a_refusal_has_no_token_f1_and_bears_nothing_out() -> None:
    row = row_of(a_case(CAPITAL, answer="Paris."))
    assert (row.status, row.token_f1, row.borne_out) == (Outcome.REFUSED, None, None)


def test_an_answer_without_a_reference_has_no_token_f1() -> None:
    row = row_of(a_case())
    assert (row.status, row.token_f1) == (Outcome.ANSWERED, None)


def test_the_earlier_questions_are_asked_first() -> None:
    alone = row_of(a_case("And phase 2?", COURSES))
    after = row_of(a_case("And phase 2?", COURSES, history=("How long is phase 1?",)))
    assert "10 weeks" in after.answer
    assert "10 weeks" not in alone.answer


def test_no_case_hears_what_another_was_asked() -> None:
    asked_before = a_case("How long is phase 1?", COURSES, id="a")
    after = rows_of(asked_before, a_case("And phase 2?", COURSES, id="b"))[1]
    assert after.answer == row_of(a_case("And phase 2?", COURSES)).answer


@pytest.mark.parametrize("passages", [(), (ExternalPassage("", " \n"),)])
def test_a_case_without_a_word_to_answer_from_is_refused(passages: tuple[ExternalPassage, ...]) -> None:
    case = ExternalCase("q", CAPITAL, (TOOL,), passages, "", Answerable.NO)
    row = row_of(case)
    assert (row.status, row.error, row.passages) == (Outcome.REFUSED, "", len(passages))


def test_a_passage_that_comes_twice_in_a_case_is_one() -> None:
    row = row_of(a_case(TOOL, HEDGES, HEDGES))
    assert (row.passages, row.answer) == (1, "Gardeners trim it with secateurs [1].")


def test_passages_that_cases_share_read_alike_so_that_they_are_embedded_once() -> None:
    embedder = HashingEmbedder()
    row_of(a_case(CAPITAL, HEDGES, COURSES), embedder)
    before = set(embedder.seen)
    embedder.seen.clear()
    row_of(a_case(CAPITAL, COURSES, HEDGES), embedder)
    assert set(embedder.seen) == before


def test_a_case_that_raises_keeps_its_error_and_the_next_is_asked() -> None:
    unreadable = a_case(TOOL, ExternalPassage("", "unreadable"), id="passages")
    rows = rows_of(unreadable, a_case("unreadable?", id="question"), a_case(id="fine"), embedder=Failing())
    assert [row.status for row in rows] == [Outcome.ERROR, Outcome.ERROR, Outcome.ANSWERED]
    assert [row.error for row in rows[:2]] == ["ModelError: the embedder 'hashing' choked; pull another"] * 2
    assert [(row.answer, row.first_text_ms, row.token_f1) for row in rows[:2]] == [("", None, None)] * 2


@pytest.mark.parametrize("question", ["???", "hedge " * 1000])
def test_a_question_that_cannot_be_asked_is_an_error_too(question: str) -> None:
    row = row_of(a_case(question))
    assert row.status is Outcome.ERROR
    assert row.error.startswith("QuestionError")


def test_an_earlier_question_that_cannot_be_asked_is_passed_over() -> None:
    row = row_of(a_case(history=("???",)))
    assert row.status is Outcome.ANSWERED
    assert "passed over" in row.notes[0]


def test_rows_that_are_there_are_not_asked_again_but_counted() -> None:
    seen: list[tuple[int, int]] = []
    cases = [a_case(id="a"), a_case(id="b")]
    rows = list(ask_external(cases, HashingEmbedder(), count_pieces, done={"a"}, progress=lambda *at: seen.append(at)))
    assert [row.id for row in rows] == ["b"]
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_a_row_fits_while_case_and_embedder_are_the_same() -> None:
    embedder, case = HashingEmbedder(), a_case()
    rows = [row_of(case)]
    assert fitting_external_rows(rows, [case], embedder) == tuple(rows)
    assert fitting_external_rows(rows, [a_case(answer="new")], embedder) == ()
    assert fitting_external_rows(rows, [a_case(TOOL, COURSES)], embedder) == ()
    assert fitting_external_rows(rows, [case], HashingEmbedder("other")) == ()
    failed = row_of(a_case("???"))
    assert fitting_external_rows([failed], [a_case("???")], embedder) == ()


# --- files -----------------------------------------------------------------------------------------


def test_rows_come_back_as_they_were_written_but_for_a_line_cut_off(tmp_path: Path) -> None:
    rows = tuple(rows_of(a_case(id="a", answer=REFERENCE), a_case("???", id="b")))
    path = tmp_path / "rows.jsonl"
    assert external_rows_so_far(path) == ()
    write_external_rows(path, rows)
    assert external_rows_so_far(path) == rows
    path.write_text(path.read_text(encoding="utf-8") + external_row_line(rows[0])[:40], encoding="utf-8")
    assert external_rows_so_far(path) == rows


def test_a_line_that_is_no_row_is_named(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "rows.jsonl", {"id": "a"})
    with pytest.raises(UsageError, match="line 1: this is no row"):
        external_rows_so_far(path)


def test_a_form_that_is_not_known_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'squad'; give one of: general, mtrag"):
        read_cases_in("squad", tmp_path / "set.jsonl")


# --- summary ---------------------------------------------------------------------------------------


def made(id: str, answerable: Answerable, status: Outcome, **others: Any) -> ExternalRow:
    chosen: dict[str, Any] = {
        "question": "?", "passages": 1, "digest": "d", "answer": "", "reference": "", "words": 4, "token_f1": None,
        "borne_out": None, "unsupported_numbers": (), "unknown_names": (), "first_text_ms": 10.0, "notes": (),
        "error": "", **others,
    }  # fmt: skip
    return ExternalRow(id=id, answerable=answerable, status=status, **chosen)


ROWS = (
    made("1", Answerable.YES, Outcome.ANSWERED, token_f1=0.5, borne_out=1.0, unsupported_numbers=("7",), words=10),
    made("2", Answerable.YES, Outcome.ANSWERED, token_f1=0.1, borne_out=0.5, unknown_names=("X", "Y"), words=20),
    made("3", Answerable.YES, Outcome.REFUSED),
    made("4", Answerable.YES, Outcome.ERROR, first_text_ms=None, error="ValueError: it broke"),
    made("5", Answerable.NO, Outcome.REFUSED, first_text_ms=30.0),
    made("6", Answerable.NO, Outcome.ANSWERED, borne_out=0.0, words=60),
    made("7", Answerable.NO, Outcome.REFUSED, passages=0),
    made("8", Answerable.PARTIAL, Outcome.ANSWERED, token_f1=0.9, borne_out=1.0),
    made("9", Answerable.UNKNOWN, Outcome.CLARIFY),
)


def test_figures_are_means_over_the_cases_that_have_them() -> None:
    summary = summarise_external(ROWS, resamples=50)
    found = {share: (figure.questions, round(figure.mean, 4)) for share, figure in summary.overall.figures.items()}
    assert found == {
        Share.ANSWERED: (4, 0.5),
        Share.ABSTENTION_RECALL: (3, round(2 / 3, 4)),
        Share.ABSTENTION_PRECISION: (3, round(2 / 3, 4)),
        Share.PARTIAL_ANSWERED: (1, 1.0),
        Share.PARTIAL_REFUSED: (1, 0.0),
        Share.UNKNOWN_ANSWERED: (1, 0.0),
        Share.UNKNOWN_REFUSED: (1, 0.0),
        Share.TOKEN_F1: (2, 0.3),
        Share.BORNE_OUT: (4, 0.625),
    }
    assert (summary.errors, summary.asked_back) == (1, 1)
    assert (summary.unsupported_numbers, summary.unknown_names, summary.words_median) == (1, 2, 15)


def test_a_case_without_passages_counts_only_beside_the_others() -> None:
    summary = summarise_external(ROWS, resamples=50)
    some = summary.with_passages.figures
    assert (summary.overall.cases, summary.with_passages.cases) == (9, 8)
    assert (some[Share.ABSTENTION_RECALL].mean, some[Share.ABSTENTION_PRECISION].mean) == (0.5, 0.5)
    assert some[Share.ANSWERED] == summary.overall.figures[Share.ANSWERED]


def test_a_figure_that_no_case_with_passages_has_is_a_dash() -> None:
    summary = summarise_external([ROWS[0], ROWS[6]], resamples=50)
    page = external_markdown(summary, name="a|b.jsonl", embedder="hashing")
    assert page.startswith("# a\\|b.jsonl: 2 cases, extracts, hashing\n")
    assert "| unanswerable questions refused (abstention recall) | 1 | 100.0 % | 100.0 to 100.0 | 0 | – | – |" in page
    assert "partly answerable questions" not in page
    assert "1 cases bring no passage" in page


def test_a_summary_goes_into_json() -> None:
    line = json.loads(json.dumps(external_summary_to_json(summarise_external(ROWS, resamples=50))))
    assert line["overall"]["figures"]["token_f1"]["mean"] == pytest.approx(0.3)
    assert line["overall"]["answerability"] == {"yes": 4, "no": 3, "partial": 1, "unknown": 1}


def test_there_is_nothing_to_sum_up_without_rows() -> None:
    with pytest.raises(UsageError, match="no row"):
        summarise_external([])


# --- the command -----------------------------------------------------------------------------------

PASSAGES = [{"title": HEDGES.title, "text": HEDGES.text}]
LINES: tuple[dict[str, Any], ...] = (
    {"id": "a", "question": TOOL, "passages": PASSAGES, "answer": REFERENCE, "answerable": "yes"},
    {"id": "b", "question": CAPITAL, "passages": PASSAGES, "answerable": "no"},
    {"id": "c", "question": "How often is a hedge trimmed?", "passages": PASSAGES, "answerable": "yes"},
    {"id": "d", "question": CAPITAL, "answerable": "unknown"},
)
MTRAG_LINE = {
    "task_id": "t<::>1",
    "contexts": PASSAGES,
    "input": [{"speaker": "user", "text": TOOL}],
    "targets": [{"speaker": "agent", "text": REFERENCE}],
    "answerability": ["ANSWERABLE"],
}


def invoke(parts: Parts, *arguments: object) -> int:
    command = typer.main.get_command(eval_app)
    try:
        with command.make_context("eval", [str(argument) for argument in arguments], obj=parts) as context:
            command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    return 0


@pytest.fixture
def external(bench: Bench) -> Command:
    return lambda *arguments: invoke(bench.parts(), "external", *arguments)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "set.jsonl", *LINES)


def test_a_run_leaves_rows_and_a_table_and_prints_it(external: Command, file: Path, capsys: Captured) -> None:
    assert external(file, "--out", "out") == 0
    assert sorted(path.name for path in Path("out").iterdir()) == [EXTERNAL_ROWS_FILE, "external.md"]
    statuses = [(row["id"], row["status"]) for row in read_lines(Path("out") / EXTERNAL_ROWS_FILE)]
    assert statuses == [("a", "answered"), ("b", "refused"), ("c", "answered"), ("d", "refused")]
    page = Path("out/external.md").read_text(encoding="utf-8")
    assert "# set.jsonl: 4 cases, extracts, hashing" in page
    assert "| answerable questions answered | 2 | 100.0 % |" in page
    assert page in capsys.readouterr().out


def test_json_is_all_that_is_printed(external: Command, file: Path, capsys: Captured) -> None:
    assert external(file, "--out", "out", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["out"], printed["overall"]["cases"], printed["with_passages"]["cases"]) == ("out", 4, 3)


def test_mtrag_is_read_in_its_own_form(external: Command, tmp_path: Path) -> None:
    assert external(write_lines(tmp_path / "m.jsonl", MTRAG_LINE), "--format", "mtrag", "--out", "out") == 0
    (row,) = external_rows_so_far(Path("out") / EXTERNAL_ROWS_FILE)
    assert (row.id, row.reference, row.answerable) == ("t<::>1", REFERENCE, Answerable.YES)


def test_a_limit_takes_cases_from_all_over(external: Command, file: Path) -> None:
    assert external(file, "--out", "out", "--limit", 2) == 0
    assert [row.id for row in external_rows_so_far(Path("out") / EXTERNAL_ROWS_FILE)] == ["a", "c"]


def test_a_run_goes_on_where_it_stopped(external: Command, bench: Bench, file: Path) -> None:
    external(file, "--out", "out", "--limit", 2)
    bench.embedder.seen.clear()
    external(file, "--out", "out", "--limit", 2)
    assert bench.embedder.seen == []
    external(file, "--out", "out")
    assert [row.id for row in external_rows_so_far(Path("out") / EXTERNAL_ROWS_FILE)] == ["a", "b", "c", "d"]
    assert not any("often" in text for text in bench.embedder.seen)


def test_an_interruption_keeps_what_is_done(file: Path, bench: Bench, capsys: Captured) -> None:
    class Impatient(HashingEmbedder):
        def embed(self, texts: Sequence[str]) -> Vectors:
            if any("France" in text for text in texts):
                raise KeyboardInterrupt
            return super().embed(texts)

    impatient = Parts(open_embedder=lambda _settings: PassageEmbedder(Impatient(), count_pieces))
    assert invoke(impatient, "external", file, "--out", "out") == 130
    assert [row.id for row in external_rows_so_far(Path("out") / EXTERNAL_ROWS_FILE)] == ["a"]
    assert "the same with --out goes on" in capsys.readouterr().err


def test_rows_of_a_changed_case_are_asked_again(external: Command, tmp_path: Path, capsys: Captured) -> None:
    external(write_lines(tmp_path / "set.jsonl", *LINES[:2]), "--out", "out")
    external(write_lines(tmp_path / "set.jsonl", {**LINES[0], "question": CAPITAL}, LINES[1]), "--out", "out")
    assert "1 rows of another embedder or wording" in capsys.readouterr().err
    assert [row.status for row in external_rows_so_far(Path("out") / EXTERNAL_ROWS_FILE)] == [Outcome.REFUSED] * 2


def test_a_wrong_file_is_named_before_anything_is_made(external: Command, bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"m\.jsonl', line 1: the key 'question' is missing"):
        external(write_lines(tmp_path / "m.jsonl", {"id": "a"}), "--out", "out")
    assert not Path("out").exists()
    assert bench.embedder.seen == []


def test_nothing_of_the_users_store_is_touched(external: Command, file: Path, tmp_path: Path) -> None:
    external(file, "--out", "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "set.jsonl"]


def test_the_command_shows_an_example_of_itself(external: Command, capsys: Captured) -> None:
    assert external("--help") == 0
    assert "Example: advisor eval external" in " ".join(capsys.readouterr().out.split())
