"""Rows of a set made elsewhere summed up: figures with intervals and the number behind each, and their Markdown.

Knows nothing of how a row was measured. Cases without a passage cannot be answered, so refusing them says little: every
figure is also given over the cases that bring some.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from statistics import median
from typing import Any

from advisor.errors import UsageError
from advisor.evaluation.external import ExternalRow
from advisor.evaluation.intervals import Percentiles, bootstrap_interval, percentiles
from advisor.evaluation.passages import Answerable
from advisor.evaluation.report import NOTHING, interval_text
from advisor.evaluation.rows import Outcome
from advisor.evaluation.run import SUPPORT_TIER
from advisor.evaluation.summary import RESAMPLES, Figure


class Share(StrEnum):
    """A share, 0…1, that is averaged over the cases which have it."""

    ANSWERED = "answerable_answered"
    ABSTENTION_RECALL = "abstention_recall"
    ABSTENTION_PRECISION = "abstention_precision"
    PARTIAL_ANSWERED = "partial_answered"
    PARTIAL_REFUSED = "partial_refused"
    UNKNOWN_ANSWERED = "unknown_answered"
    UNKNOWN_REFUSED = "unknown_refused"
    TOKEN_F1 = "token_f1"
    BORNE_OUT = "borne_out"


SHARE_TITLES: Mapping[Share, str] = {
    Share.ANSWERED: "answerable questions answered",
    Share.ABSTENTION_RECALL: "unanswerable questions refused (abstention recall)",
    Share.ABSTENTION_PRECISION: "refusals of either that were called for (abstention precision)",
    Share.PARTIAL_ANSWERED: "partly answerable questions answered",
    Share.PARTIAL_REFUSED: "partly answerable questions refused",
    Share.UNKNOWN_ANSWERED: "questions of unknown answerability answered",
    Share.UNKNOWN_REFUSED: "questions of unknown answerability refused",
    Share.TOKEN_F1: "token F1 against the reference, of answers to answerable questions",
    Share.BORNE_OUT: "statements borne out by what they cite, of all answers",
}


@dataclass(frozen=True, slots=True)
class Cases:
    """Some rows and the shares over them. A share that none of them has is not among the figures."""

    cases: int
    answerability: Mapping[Answerable, int]
    figures: Mapping[Share, Figure]


@dataclass(frozen=True, slots=True)
class ExternalSummary:
    """All cases of one run, and those of them that bring passages."""

    overall: Cases
    with_passages: Cases
    errors: int  # cases that raised; they count as neither answered nor refused
    asked_back: int
    unsupported_numbers: int  # numbers of the answers that no cited passage has
    unknown_names: int  # names of the answers that neither a cited passage nor the question has
    words_median: float | None  # of answers
    first_text_ms: Percentiles | None  # None where every case raised


def summarise_external(rows: Sequence[ExternalRow], *, resamples: int = RESAMPLES) -> ExternalSummary:
    """Sum up these rows; the same rows give the same figures. Raises UsageError without rows."""
    if not rows:
        raise UsageError("there is no row to sum up; give a file with at least one case")
    lengths = [row.words for row in rows if row.status is Outcome.ANSWERED]
    times_ms = [row.first_text_ms for row in rows if row.first_text_ms is not None]
    return ExternalSummary(
        overall=_cases(rows, resamples),
        with_passages=_cases([row for row in rows if row.passages], resamples),
        errors=sum(row.status is Outcome.ERROR for row in rows),
        asked_back=sum(row.status is Outcome.CLARIFY for row in rows),
        unsupported_numbers=sum(len(row.unsupported_numbers) for row in rows),
        unknown_names=sum(len(row.unknown_names) for row in rows),
        words_median=median(lengths) if lengths else None,
        first_text_ms=percentiles(times_ms) if times_ms else None,
    )


def _cases(rows: Sequence[ExternalRow], resamples: int) -> Cases:
    found = {share: _figure(rows, value, resamples) for share, value in _VALUES.items()}
    counts = Counter(row.answerable for row in rows)
    return Cases(
        cases=len(rows),
        answerability={kind: counts[kind] for kind in Answerable},
        figures={share: figure for share, figure in found.items() if figure is not None},
    )


Value = Callable[[ExternalRow], float | None]


def _figure(rows: Sequence[ExternalRow], value_of: Value, resamples: int) -> Figure | None:
    values = [value for row in rows if (value := value_of(row)) is not None]
    if not values:
        return None
    interval = bootstrap_interval(values, resamples=resamples)
    return Figure(len(values), interval.mean, interval.low, interval.high)


def _share_of(kind: Answerable, status: Outcome) -> Value:
    """Whether a case of this kind got that status."""
    return lambda row: float(row.status is status) if row.answerable is kind else None


def _abstention_precision(row: ExternalRow) -> float | None:
    """Of refusals; whether one is right is open where a question is partly answerable, or nobody says."""
    if row.status is not Outcome.REFUSED or row.answerable not in {Answerable.YES, Answerable.NO}:
        return None
    return float(row.answerable is Answerable.NO)


_VALUES: Mapping[Share, Value] = {
    Share.ANSWERED: _share_of(Answerable.YES, Outcome.ANSWERED),
    Share.ABSTENTION_RECALL: _share_of(Answerable.NO, Outcome.REFUSED),
    Share.ABSTENTION_PRECISION: _abstention_precision,
    Share.PARTIAL_ANSWERED: _share_of(Answerable.PARTIAL, Outcome.ANSWERED),
    Share.PARTIAL_REFUSED: _share_of(Answerable.PARTIAL, Outcome.REFUSED),
    Share.UNKNOWN_ANSWERED: _share_of(Answerable.UNKNOWN, Outcome.ANSWERED),
    Share.UNKNOWN_REFUSED: _share_of(Answerable.UNKNOWN, Outcome.REFUSED),
    Share.TOKEN_F1: lambda row: row.token_f1 if row.answerable is Answerable.YES else None,
    Share.BORNE_OUT: lambda row: row.borne_out,
}


def external_summary_to_json(summary: ExternalSummary) -> dict[str, Any]:
    """The summary as values that `json.dumps` takes; its keys are the fields' and the shares' names."""
    return asdict(summary)


# --- Markdown ------------------------------------------------------------------------------------


def external_markdown(summary: ExternalSummary, *, name: str, embedder: str) -> str:
    """The summary as Markdown: what was asked, the shares, and what was counted beside them."""
    return "\n".join(_markdown_lines(summary, name, embedder)) + "\n"


def _markdown_lines(summary: ExternalSummary, name: str, embedder: str) -> Iterator[str]:
    overall, some = summary.overall, summary.with_passages
    yield f"# {_cell(name)}: {overall.cases} cases, extracts, {_cell(embedder)}"
    yield ""
    kinds = ", ".join(f"{kind} {count}" for kind, count in overall.answerability.items())
    yield (
        f"Answerable: {kinds}. {overall.cases - some.cases} cases bring no passage; to refuse those is no feat, so the "
        "columns on the right leave them out. Intervals are 95 % percentile bootstraps. Whether a citation bears a "
        f"statement out is judged by the {SUPPORT_TIER} tier."
    )
    yield ""
    yield "| figure | cases | mean | 95 % interval | with passages | mean | 95 % interval |"
    yield "|---|---|---|---|---|---|---|"
    for share in overall.figures:
        columns = (*_figure_cells(overall.figures.get(share)), *_figure_cells(some.figures.get(share)))
        yield f"| {SHARE_TITLES[share]} | {' | '.join(columns)} |"
    yield ""
    yield "| counted | |"
    yield "|---|---|"
    for title, value in _counts(summary):
        yield f"| {title} | {value} |"


def _figure_cells(figure: Figure | None) -> tuple[str, str, str]:
    if figure is None:
        return "0", NOTHING, NOTHING
    return str(figure.questions), f"{figure.mean * 100:.1f} %", interval_text(figure)


def _counts(summary: ExternalSummary) -> Iterator[tuple[str, str]]:
    times_ms, words = summary.first_text_ms, summary.words_median
    yield "cases that raised (neither answered nor refused)", str(summary.errors)
    yield "questions asked back", str(summary.asked_back)
    yield "numbers in answers that no cited passage has", str(summary.unsupported_numbers)
    yield "names in answers that neither a cited passage nor the question has", str(summary.unknown_names)
    yield "words of an answer, median", NOTHING if words is None else f"{words:.0f}"
    yield (
        "first text, p50 · p95, indexing not counted",
        NOTHING if times_ms is None else f"{times_ms.p50:.0f} ms · {times_ms.p95:.0f} ms",
    )


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
