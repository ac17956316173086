"""Two runs side by side, and a run against what is committed: chance is told from change."""

import json
from pathlib import Path

import pytest
from row_bench import REFUSED, WRONG, make_row

from advisor.errors import UsageError
from advisor.evaluation.compare import (
    GATED,
    Change,
    baseline_of,
    compare,
    gate,
    read_baseline,
    write_baseline,
)
from advisor.evaluation.measures import Measure
from advisor.evaluation.rows import Origin, Outcome, Row

RESAMPLES = 50


def rows(*right: bool, **changes: object) -> tuple[Row, ...]:
    return tuple(make_row(f"q{n}", **changes if good else changes | WRONG) for n, good in enumerate(right))


def test_a_difference_is_taken_question_by_question() -> None:
    found = compare(rows(True, False, False, False), rows(True, True, True, False), resamples=RESAMPLES)
    right = found.overall[Measure.RIGHT]
    assert (right.questions, right.before, right.after, right.difference.mean) == (4, 0.25, 0.75, 0.5)
    assert right.p_value == 0.5  # two gains out of two: two of the four patterns of signs are as large


def test_the_order_of_the_rows_does_not_matter() -> None:
    before, after = rows(True, False, False), rows(False, True, False)
    assert compare(before, after, resamples=RESAMPLES) == compare(before[::-1], after, resamples=RESAMPLES)


def test_questions_that_turned_are_won_or_lost() -> None:
    before = [make_row("a", **WRONG), make_row("b"), make_row("c")]
    after = [make_row("a"), make_row("b", **REFUSED), make_row("c")]
    found = compare(before, after, resamples=RESAMPLES)
    asked = before[0].question
    assert found.won == (Change("a", "fact", asked, Outcome.ANSWERED, Outcome.ANSWERED),)
    assert found.lost == (Change("b", "fact", asked, Outcome.ANSWERED, Outcome.REFUSED),)


def test_a_measure_is_compared_over_the_questions_that_have_it_in_both() -> None:
    before = [make_row("a"), make_row("b", **REFUSED)]
    after = [make_row("a", citation_recall=0.5), make_row("b")]
    found = compare(before, after, resamples=RESAMPLES).overall
    assert (found[Measure.CITATION_RECALL].questions, found[Measure.CITATION_RECALL].after) == (1, 0.5)
    assert Measure.ABSTENTION_RECALL not in found


def test_kinds_are_compared_each_for_itself() -> None:
    before = [make_row("a", kind="x"), make_row("b", kind="y", **WRONG)]
    after = [make_row("a", kind="x"), make_row("b", kind="y")]
    found = compare(before, after, resamples=RESAMPLES)
    assert [(kind, part[Measure.RIGHT].difference.mean) for kind, part in found.kinds.items()] == [("x", 0), ("y", 1)]


def test_a_run_against_itself_shows_no_difference() -> None:
    run = rows(True, False, True)
    found = compare(run, run, resamples=RESAMPLES)
    assert {d.difference.mean for d in found.overall.values()} == {0.0}
    assert {d.p_value for d in found.overall.values()} == {1.0}
    assert (found.won, found.lost) == ((), ())


@pytest.mark.parametrize(("before", "after", "run"), [("ab", "a", "first"), ("a", "ab", "second")])
def test_a_question_of_one_run_only_is_an_error_that_names_it(before: str, after: str, run: str) -> None:
    with pytest.raises(UsageError, match=f"only the {run} run has b;"):
        compare([make_row(name) for name in before], [make_row(name) for name in after])


def test_many_questions_of_one_run_only_are_counted() -> None:
    with pytest.raises(UsageError, match=r"q1, q2, q3, q4, q5, … \(7 questions\)"):
        compare(rows(*[True] * 8), rows(True))


def test_a_question_that_was_changed_in_between_cannot_be_paired() -> None:
    with pytest.raises(UsageError, match="changed between the runs, for q;"):
        compare([make_row()], [make_row(origin=Origin("b1", "extractive", "c2"))])


# --- the gate ------------------------------------------------------------------------------------------


def test_a_run_holds_against_its_own_figures() -> None:
    run = (*rows(True, False, True), make_row("x", **REFUSED), make_row("y", nugget_recall=1 / 3))
    assert baseline_of(run).keys() == set(GATED)
    assert gate(run, baseline_of(run), resamples=RESAMPLES) == ()


def test_only_a_whole_interval_below_the_committed_value_is_a_breach() -> None:
    half = rows(*[True, False] * 20)
    assert gate(half, {Measure.RIGHT: 0.55}) == ()  # worse, but chance can do that
    (breach,) = gate(half, {Measure.RIGHT: 0.9})
    assert (breach.measure, breach.committed, breach.figure.mean) == (Measure.RIGHT, 0.9, 0.5)
    assert breach.figure.high < 0.9
    assert "right" in str(breach)
    assert "below the committed 0.900" in str(breach)


def test_a_rate_that_should_be_low_is_breached_from_above() -> None:
    all_forbidden = tuple(make_row(str(n), forbidden=("x",)) for n in range(5))
    (breach,) = gate(all_forbidden, {Measure.FORBIDDEN_RATE: 0.5}, resamples=RESAMPLES)
    assert "above the committed 0.500" in str(breach)
    assert gate(rows(True, True), {Measure.FORBIDDEN_RATE: 0.5, Measure.FALSE_REFUSAL: 0.1}, resamples=RESAMPLES) == ()


def test_better_than_committed_is_no_breach() -> None:
    assert gate(rows(True, True, True), {Measure.RIGHT: 0.2}, resamples=RESAMPLES) == ()


def test_a_figure_that_the_run_does_not_have_is_not_judged() -> None:
    assert gate([make_row(retrieval=None)], {Measure.RECALL_AT_5: 1.0}, resamples=RESAMPLES) == ()


def test_a_baseline_comes_back_unrounded_from_its_file(tmp_path: Path) -> None:
    run = (make_row("a", nugget_recall=1 / 3), make_row("b", nugget_recall=1 / 3))
    write_baseline(tmp_path / "baseline.json", baseline_of(run))
    assert read_baseline(tmp_path / "baseline.json") == baseline_of(run)
    assert set(json.loads((tmp_path / "baseline.json").read_text(encoding="utf-8"))) == set(GATED)


@pytest.mark.parametrize("text", ["", "[]", '{"rightness": 0.5}', '{"right": "high"}'])
def test_a_file_that_is_no_baseline_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"baseline\.json' is no baseline"):
        read_baseline(path)


def test_a_missing_baseline_tells_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="advisor eval gate RUN --write"):
        read_baseline(tmp_path / "baseline.json")
