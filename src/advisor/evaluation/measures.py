"""The shares that a run is summed up by: what each takes from a row, what it is called, and which way is better.

Knows nothing of intervals, of comparisons or of reports.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from advisor.evaluation.metrics import Expected
from advisor.evaluation.rows import Outcome, RetrievalScores, Row


class Measure(StrEnum):
    """A share, 0…1, that is averaged over the questions which have it."""

    RIGHT = "right"
    NUGGET_RECALL = "nugget_recall"
    FORBIDDEN_RATE = "forbidden_rate"
    CITATION_RECALL = "citation_recall"
    CITATION_PRECISION = "citation_precision"
    CITATION_VALIDITY = "citation_validity"
    FIRST_SUCCESS_AT_5 = "first_success_at_5"
    FOLLOW_UP_SUCCESS_AT_5 = "follow_up_success_at_5"
    RECALL_AT_5 = "recall_at_5"
    RECALL_AT_10 = "recall_at_10"
    NDCG_AT_10 = "ndcg_at_10"
    RECIPROCAL_RANK_AT_10 = "reciprocal_rank_at_10"
    HITS_NUGGET_RECALL = "hits_nugget_recall"
    ABSTENTION_PRECISION = "abstention_precision"
    ABSTENTION_RECALL = "abstention_recall"
    FALSE_REFUSAL = "false_refusal"


TITLES: Mapping[Measure, str] = {
    Measure.RIGHT: "wholly right",
    Measure.NUGGET_RECALL: "facts said",
    Measure.FORBIDDEN_RATE: "says something forbidden",
    Measure.CITATION_RECALL: "statements borne out by what they cite",
    Measure.CITATION_PRECISION: "citations that are needed or suffice",
    Measure.CITATION_VALIDITY: "citation marks that lead to a source",
    Measure.FIRST_SUCCESS_AT_5: "first questions with gold in the first 5",
    Measure.FOLLOW_UP_SUCCESS_AT_5: "follow-ups with gold in the first 5",
    Measure.RECALL_AT_5: "gold passages among the first 5",
    Measure.RECALL_AT_10: "gold passages among the first 10",
    Measure.NDCG_AT_10: "nDCG@10",
    Measure.RECIPROCAL_RANK_AT_10: "RR@10",
    Measure.HITS_NUGGET_RECALL: "facts in the first 5 passages",
    Measure.ABSTENTION_PRECISION: "refusals that were called for",
    Measure.ABSTENTION_RECALL: "unanswerable questions refused",
    Measure.FALSE_REFUSAL: "answerable questions refused",
}
LOWER_IS_BETTER = frozenset({Measure.FORBIDDEN_RATE, Measure.FALSE_REFUSAL})


def value_of(row: Row, measure: Measure) -> float | None:
    """What one question adds to a measure, 0…1; None where it has no part in it."""
    return _VALUES[measure](row)


def _forbidden(row: Row) -> float | None:
    return float(bool(row.forbidden)) if row.forbidden_watched else None


def _refused(row: Row) -> float:
    return float(row.status is Outcome.REFUSED)


def _abstention_precision(row: Row) -> float | None:
    """Of refusals; whether one is right is open where the question calls for a warning or for a question back."""
    if not _refused(row) or row.expected not in {Expected.ANSWER, Expected.REFUSE}:
        return None
    return float(row.expected is Expected.REFUSE)


def _from_retrieval(take: Callable[[RetrievalScores], float]) -> Callable[[Row], float | None]:
    return lambda row: None if row.retrieval is None else take(row.retrieval)


_success_at_5 = _from_retrieval(lambda scores: float(scores.recall_at_5 > 0))  # ir-measures' Success@5

_VALUES: Mapping[Measure, Callable[[Row], float | None]] = {
    Measure.RIGHT: lambda row: float(row.right),
    Measure.NUGGET_RECALL: lambda row: row.nugget_recall,
    Measure.FORBIDDEN_RATE: _forbidden,
    Measure.CITATION_RECALL: lambda row: row.citation_recall,
    Measure.CITATION_PRECISION: lambda row: row.citation_precision,
    Measure.CITATION_VALIDITY: lambda row: row.citation_validity,
    Measure.FIRST_SUCCESS_AT_5: lambda row: None if row.history else _success_at_5(row),
    Measure.FOLLOW_UP_SUCCESS_AT_5: lambda row: _success_at_5(row) if row.history else None,
    Measure.RECALL_AT_5: _from_retrieval(lambda scores: scores.recall_at_5),
    Measure.RECALL_AT_10: _from_retrieval(lambda scores: scores.recall_at_10),
    Measure.NDCG_AT_10: _from_retrieval(lambda scores: scores.ndcg_at_10),
    Measure.RECIPROCAL_RANK_AT_10: _from_retrieval(lambda scores: scores.reciprocal_rank_at_10),
    Measure.HITS_NUGGET_RECALL: lambda row: row.hits_nugget_recall,
    Measure.ABSTENTION_PRECISION: _abstention_precision,
    Measure.ABSTENTION_RECALL: lambda row: _refused(row) if row.expected is Expected.REFUSE else None,
    Measure.FALSE_REFUSAL: lambda row: _refused(row) if row.expected is Expected.ANSWER else None,
}
