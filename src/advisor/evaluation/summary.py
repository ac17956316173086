"""Rows summed up: for all questions and for each kind, every figure with its interval and the number behind it.

Knows nothing of how a row was measured or of how a summary is shown.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from advisor.errors import UsageError
from advisor.evaluation.intervals import Percentiles, bootstrap_interval, percentiles
from advisor.evaluation.measures import Measure, value_of
from advisor.evaluation.metrics import CragScore, crag_score
from advisor.evaluation.rows import Fault, Outcome, Row, WordedBy

# The limits of a 95 % interval then vary by a few tenths of a point from seed to seed, and a report takes seconds.
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean with the limits of its 95 % bootstrap interval, over the questions that have the measure."""

    questions: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """Some questions of a run. A measure that none of them has is not among the figures."""

    questions: int
    errors: int  # questions that raised; they count as wrong
    figures: Mapping[Measure, Figure]
    crag: CragScore
    retrieval_faults: int
    writing_faults: int
    worded_by_model: int
    unsupported_numbers: int  # numbers of the answers that no cited passage has, no sum gives and no label assumes
    computed_numbers: int  # no cited passage has them, but the sum is shown and comes out
    assumed_numbers: int  # no cited passage has them, and they are labelled as premises
    unknown_names: int
    words_median: float | None  # of what was answered, citation marks left out
    first_text_ms: Percentiles | None  # None where every question raised
    total_ms: Percentiles | None


@dataclass(frozen=True, slots=True)
class Summary:
    """One run, as a whole and by kind of question, the kinds in alphabetical order."""

    build: str
    generator: str
    overall: Group
    kinds: Mapping[str, Group]


def summarise(rows: Sequence[Row], *, resamples: int = RESAMPLES) -> Summary:
    """Sum up the rows of one run; the same rows give the same figures.

    Raises UsageError without rows, and where they are of several builds or generators.
    """
    if not rows:
        raise UsageError("there is no row to sum up; run: advisor eval run")
    origins = sorted({(row.origin.build, row.origin.generator) for row in rows})
    if len(origins) > 1:
        runs = "; ".join(f"build {build!r} worded by {generator!r}" for build, generator in origins)
        raise UsageError(f"these rows are of {len(origins)} runs ({runs}); sum up one at a time")
    build, generator = origins[0]
    return Summary(
        build,
        generator,
        group_of(rows, resamples=resamples),
        {kind: group_of(part, resamples=resamples) for kind, part in by_kind(rows).items()},
    )


def by_kind(rows: Sequence[Row]) -> dict[str, tuple[Row, ...]]:
    """The rows of each kind of question, kinds in alphabetical order, rows in their own."""
    return {kind: tuple(row for row in rows if row.kind == kind) for kind in sorted({row.kind for row in rows})}


def group_of(rows: Sequence[Row], *, resamples: int = RESAMPLES) -> Group:
    """The figures of these rows; ValueError without rows."""
    found = {measure: figure_of(rows, measure, resamples=resamples) for measure in Measure}
    faults = Counter(row.fault for row in rows)
    lengths = [row.words for row in rows if row.status is Outcome.ANSWERED]
    return Group(
        questions=len(rows),
        errors=sum(row.status is Outcome.ERROR for row in rows),
        figures={measure: figure for measure, figure in found.items() if figure is not None},
        crag=crag_score([row.verdict for row in rows]),
        retrieval_faults=faults[Fault.RETRIEVAL],
        writing_faults=faults[Fault.WRITING],
        worded_by_model=sum(row.worded_by is WordedBy.MODEL for row in rows),
        unsupported_numbers=sum(len(row.unsupported_numbers) for row in rows),
        computed_numbers=sum(len(row.computed_numbers) for row in rows),
        assumed_numbers=sum(len(row.assumed_numbers) for row in rows),
        unknown_names=sum(len(row.unknown_names) for row in rows),
        words_median=median(lengths) if lengths else None,
        first_text_ms=_percentiles([row.first_text_ms for row in rows]),
        total_ms=_percentiles([row.total_ms for row in rows]),
    )


def figure_of(rows: Sequence[Row], measure: Measure, *, resamples: int = RESAMPLES) -> Figure | None:
    """The mean of a measure over the rows that have it; None where none has."""
    values = [value for row in rows if (value := value_of(row, measure)) is not None]
    if not values:
        return None
    interval = bootstrap_interval(values, resamples=resamples)
    return Figure(len(values), interval.mean, interval.low, interval.high)


def summary_to_json(summary: Summary) -> dict[str, Any]:
    """The summary as values that `json.dumps` takes; its keys are the fields' and the measures' names."""
    return asdict(summary)


def _percentiles(times_ms: Sequence[float | None]) -> Percentiles | None:
    known = [time_ms for time_ms in times_ms if time_ms is not None]
    return percentiles(known) if known else None
