"""Sums over rows, worked out by hand: every share over the questions that have it, none lost."""

import json
from collections.abc import Sequence

import pytest
from row_bench import ERROR, REFUSED, WRONG, make_row

from advisor.errors import UsageError
from advisor.evaluation.intervals import Percentiles, bootstrap_interval
from advisor.evaluation.measures import TITLES, Measure
from advisor.evaluation.metrics import Abstention, CragScore, Expected, Verdict, abstention
from advisor.evaluation.rows import Fault, Origin, Outcome, RetrievalScores, Row, WordedBy
from advisor.evaluation.summary import figure_of, group_of, summarise, summary_to_json

RESAMPLES = 50
ROWS = (
    make_row("a", words=4, first_text_ms=10.0, total_ms=100.0, worded_by=WordedBy.MODEL),
    make_row("b", **WRONG, words=8, first_text_ms=30.0, total_ms=300.0, unsupported_numbers=("99", "7")),
    make_row("c", kind="absent", **REFUSED | {"fault": Fault.RETRIEVAL}, words=60, first_text_ms=20.0, total_ms=20.0),
    make_row("d", kind="absent", **ERROR, forbidden_watched=0, retrieval=None),
)


def mean(rows: Sequence[Row], measure: Measure) -> float | None:
    figure = figure_of(rows, measure, resamples=RESAMPLES)
    return figure.mean if figure else None


def test_an_error_counts_as_wrong_and_stays_in_the_denominator() -> None:
    group = group_of(ROWS, resamples=RESAMPLES)
    assert (group.questions, group.errors) == (4, 1)
    assert (group.figures[Measure.RIGHT].mean, group.figures[Measure.RIGHT].questions) == (0.25, 4)
    assert (group.figures[Measure.NUGGET_RECALL].mean, group.figures[Measure.NUGGET_RECALL].questions) == (0.25, 4)


def test_a_share_is_taken_over_the_questions_that_have_it() -> None:
    figures = group_of(ROWS, resamples=RESAMPLES).figures
    assert figures[Measure.CITATION_RECALL].questions == 2  # the two that were answered
    assert figures[Measure.FORBIDDEN_RATE].questions == 3
    assert figures[Measure.NDCG_AT_10].questions == 3


def test_gold_in_the_first_five_is_counted_of_first_questions_and_of_follow_ups() -> None:
    half, none = (RetrievalScores(recall, recall, recall, recall) for recall in (0.5, 0.0))
    later = ("How long is phase 1?",)
    rows = [make_row("a", retrieval=half), make_row("b", retrieval=none), make_row("c", history=later, retrieval=half)]
    assert mean(rows, Measure.FIRST_SUCCESS_AT_5) == 0.5
    assert mean(rows, Measure.FOLLOW_UP_SUCCESS_AT_5) == 1.0
    assert mean([make_row(history=later, retrieval=None)], Measure.FOLLOW_UP_SUCCESS_AT_5) is None


def test_a_measure_that_no_question_has_is_left_out() -> None:
    group = group_of([make_row(retrieval=None, forbidden_watched=0)], resamples=RESAMPLES)
    assert not {Measure.RECALL_AT_5, Measure.FORBIDDEN_RATE, Measure.ABSTENTION_RECALL} & group.figures.keys()


def test_one_forbidden_wording_or_three_make_one_answer_that_says_something_forbidden() -> None:
    rows = (make_row("a", forbidden=("x", "y", "z"), forbidden_watched=3), make_row("b"))
    assert mean(rows, Measure.FORBIDDEN_RATE) == 0.5


def test_limits_are_those_of_the_bootstrap() -> None:
    figure = figure_of(ROWS, Measure.RIGHT, resamples=RESAMPLES)
    interval = bootstrap_interval([1.0, 0.0, 0.0, 0.0], resamples=RESAMPLES)
    assert figure is not None
    assert (figure.low, figure.high) == (interval.low, interval.high)


def test_refusals_are_shared_out_as_the_metric_does() -> None:
    expectations = [
        (Expected.REFUSE, Outcome.REFUSED),
        (Expected.REFUSE, Outcome.ANSWERED),
        (Expected.REFUSE, Outcome.CLARIFY),
        (Expected.ANSWER, Outcome.REFUSED),
        (Expected.ANSWER, Outcome.ANSWERED),
        (Expected.ANSWER, Outcome.CLARIFY),
        (Expected.WARN, Outcome.REFUSED),
        (Expected.CLARIFY, Outcome.REFUSED),
    ]
    rows = tuple(make_row(str(n), expected=e, status=s) for n, (e, s) in enumerate(expectations))
    assert abstention([(str(e), str(s)) for e, s in expectations]) == Abstention(
        precision=mean(rows, Measure.ABSTENTION_PRECISION),
        recall=mean(rows, Measure.ABSTENTION_RECALL),
        false_refusal_rate=mean(rows, Measure.FALSE_REFUSAL),
    )


def test_an_error_is_no_refusal_but_still_a_question() -> None:
    assert mean((make_row(**ERROR),), Measure.FALSE_REFUSAL) == 0.0
    assert mean((make_row(**ERROR, expected=Expected.REFUSE),), Measure.ABSTENTION_RECALL) == 0.0


def test_counts_and_times_are_those_of_the_rows() -> None:
    group = group_of(ROWS, resamples=RESAMPLES)
    assert group.crag == CragScore(score=-0.25, right=0.25, missing=0.25, wrong=0.5)
    assert (group.retrieval_faults, group.writing_faults) == (1, 1)
    assert (group.worded_by_model, group.unsupported_numbers, group.unknown_names) == (1, 2, 0)
    assert group.words_median == 6.0  # a refusal's words do not count
    assert group.first_text_ms == Percentiles(20.0, 29.0)
    assert group.total_ms == Percentiles(100.0, 280.0)


def test_where_every_question_raised_there_are_no_times() -> None:
    group = group_of([make_row(**ERROR)], resamples=RESAMPLES)
    assert (group.first_text_ms, group.total_ms, group.words_median) == (None, None, None)


def test_kinds_stand_in_alphabetical_order_and_cover_all_rows() -> None:
    summary = summarise(ROWS, resamples=RESAMPLES)
    assert [(kind, group.questions) for kind, group in summary.kinds.items()] == [("absent", 2), ("fact", 2)]
    assert (summary.build, summary.generator, summary.overall.questions) == ("b1", "extractive", 4)


def test_rows_of_several_runs_are_not_summed_up() -> None:
    other = make_row("e", origin=Origin("b2", "extractive", "c1"))
    with pytest.raises(UsageError, match="2 runs"):
        summarise([*ROWS, other], resamples=RESAMPLES)
    with pytest.raises(UsageError, match="no row"):
        summarise([])


def test_a_summary_is_json_by_the_names_of_the_measures() -> None:
    read = json.loads(json.dumps(summary_to_json(summarise(ROWS, resamples=RESAMPLES))))
    assert read["overall"]["figures"]["right"]["mean"] == 0.25
    assert read["overall"]["first_text_ms"] == {"p50": 20.0, "p95": 29.0}
    assert set(read["kinds"]) == {"absent", "fact"}


def test_every_measure_has_a_title() -> None:
    assert set(TITLES) == set(Measure)
    assert len(set(TITLES.values())) == len(TITLES)


def test_every_verdict_is_known_to_the_rows_above() -> None:
    assert {row.verdict for row in ROWS} == set(Verdict)


def test_numbers_computed_and_assumed_are_counted_apart() -> None:
    rows = [make_row("a", computed_numbers=("20", "7"), assumed_numbers=("8",)), make_row("b", computed_numbers=("3",))]
    group = group_of(rows, resamples=10)
    assert (group.computed_numbers, group.assumed_numbers, group.unsupported_numbers) == (3, 1, 0)
