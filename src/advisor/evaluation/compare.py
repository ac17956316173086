"""Two runs over the same questions, paired question by question; and a run against the figures that are committed.

Knows nothing of how rows came about or of how a comparison is shown.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from pydantic import TypeAdapter, ValidationError

from advisor.errors import UsageError
from advisor.evaluation.intervals import Interval, paired_bootstrap_difference, sign_flip_p_value
from advisor.evaluation.measures import LOWER_IS_BETTER, TITLES, Measure, value_of
from advisor.evaluation.rows import Outcome, Row
from advisor.evaluation.summary import RESAMPLES, Figure, by_kind, figure_of

# Whether a refusal is precise can only be paired where both runs refused, and then it is the same.
COMPARED = tuple(measure for measure in Measure if measure is not Measure.ABSTENTION_PRECISION)
COMPARED_BY_KIND = (Measure.RIGHT, Measure.NUGGET_RECALL)
GATED = (
    Measure.RIGHT,
    Measure.NUGGET_RECALL,
    Measure.FORBIDDEN_RATE,
    Measure.FALSE_REFUSAL,
    Measure.CITATION_RECALL,
)
_SHOWN_IDS = 5

Baseline = Mapping[Measure, float]


# --- two runs ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure before and after, over the questions that have it in both runs."""

    questions: int
    before: float
    after: float
    difference: Interval  # of after - before
    p_value: float  # of the sign-flip test


@dataclass(frozen=True, slots=True)
class Change:
    """A question that is right in one run only."""

    id: str
    kind: str
    question: str
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to another. A measure that no question has in both runs is left out."""

    questions: int
    overall: Mapping[Measure, Difference]
    kinds: Mapping[str, Mapping[Measure, Difference]]  # in alphabetical order
    won: tuple[Change, ...]  # by id
    lost: tuple[Change, ...]


def compare(before: Sequence[Row], after: Sequence[Row], *, resamples: int = RESAMPLES) -> Comparison:
    """Pair two runs by question id and tell what changed; p-values use the test's own number of sign patterns.

    Raises UsageError where a question stands in one run only, or is not the same question in both.
    """
    pairs = _pairs(before, after)
    earlier, later = [pair.before for pair in pairs], [pair.after for pair in pairs]
    kinds_before, kinds_after = by_kind(earlier), by_kind(later)
    return Comparison(
        questions=len(pairs),
        overall=_differences(earlier, later, COMPARED, resamples),
        kinds={
            kind: _differences(rows, kinds_after[kind], COMPARED_BY_KIND, resamples)
            for kind, rows in kinds_before.items()
        },
        won=tuple(_change(pair) for pair in pairs if pair.after.right and not pair.before.right),
        lost=tuple(_change(pair) for pair in pairs if pair.before.right and not pair.after.right),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    before: Row
    after: Row


def _pairs(before: Sequence[Row], after: Sequence[Row]) -> list[_Pair]:
    """The rows of both runs side by side, by id."""
    earlier, later = {row.id: row for row in before}, {row.id: row for row in after}
    for there, here, run in ((earlier, later, "first"), (later, earlier, "second")):
        alone = sorted(there.keys() - here.keys())
        if alone:
            raise UsageError(f"only the {run} run has {_listed(alone)}; compare runs over the same questions")
    pairs = [_Pair(earlier[id_], later[id_]) for id_ in sorted(earlier)]
    changed = [pair.before.id for pair in pairs if pair.before.origin.case != pair.after.origin.case]
    if changed:
        raise UsageError(
            f"the question file has changed between the runs, for {_listed(changed)}; measure the older run again"
        )
    return pairs


def _listed(ids: Collection[str]) -> str:
    shown = ", ".join(list(ids)[:_SHOWN_IDS])
    more = f", … ({len(ids)} questions)" if len(ids) > _SHOWN_IDS else ""
    return f"{shown}{more}"


def _differences(
    before: Sequence[Row], after: Sequence[Row], measures: Sequence[Measure], resamples: int
) -> dict[Measure, Difference]:
    found = {measure: _difference(before, after, measure, resamples) for measure in measures}
    return {measure: difference for measure, difference in found.items() if difference is not None}


def _difference(before: Sequence[Row], after: Sequence[Row], measure: Measure, resamples: int) -> Difference | None:
    earlier, later = [], []
    for row_before, row_after in zip(before, after, strict=True):
        value_before, value_after = value_of(row_before, measure), value_of(row_after, measure)
        if value_before is not None and value_after is not None:
            earlier.append(value_before)
            later.append(value_after)
    if not earlier:
        return None
    return paired(earlier, later, resamples=resamples)


def paired(before: Sequence[float], after: Sequence[float], *, resamples: int = RESAMPLES) -> Difference:
    """A measure of the same questions before and after, in the same order; raises ValueError where there are none."""
    return Difference(
        questions=len(before),
        before=fmean(before),
        after=fmean(after),
        difference=paired_bootstrap_difference(before, after, resamples=resamples),
        p_value=sign_flip_p_value(before, after),
    )


def _change(pair: _Pair) -> Change:
    return Change(pair.after.id, pair.after.kind, pair.after.question, pair.before.status, pair.after.status)


# --- the gate ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Breach:
    """A figure that is worse than what is committed by more than chance explains."""

    measure: Measure
    committed: float
    figure: Figure

    def __str__(self) -> str:
        """The breach in words, with its figures."""
        word = "above" if self.measure in LOWER_IS_BETTER else "below"
        return (
            f"{self.measure} ({TITLES[self.measure]}) is {self.figure.mean:.3f}, 95 % {self.figure.low:.3f} to "
            f"{self.figure.high:.3f}: all of it {word} the committed {self.committed:.3f}"
        )


def gate(rows: Sequence[Row], baseline: Baseline, *, resamples: int = RESAMPLES) -> tuple[Breach, ...]:
    """The committed figures that this run falls short of; none means it passes.

    A breach is where even the better limit of the 95 % interval is worse than the committed value, so noise alone
    seldom stops a change. A figure that the run's questions do not have is not judged.
    """
    judged = {measure: figure_of(rows, measure, resamples=resamples) for measure in baseline}
    return tuple(
        Breach(measure, baseline[measure], figure)
        for measure, figure in judged.items()
        if figure is not None and _is_worse(figure, baseline[measure], measure)
    )


def _is_worse(figure: Figure, committed: float, measure: Measure) -> bool:
    return figure.low > committed if measure in LOWER_IS_BETTER else figure.high < committed


def baseline_of(rows: Sequence[Row]) -> Baseline:
    """The figures of a run that the gate watches, unrounded: a rounded one could be missed by the run it is of."""
    figures = {measure: figure_of(rows, measure, resamples=1) for measure in GATED}
    return {measure: figure.mean for measure, figure in figures.items() if figure is not None}


_BASELINE: TypeAdapter[dict[Measure, float]] = TypeAdapter(dict[Measure, float])


def read_baseline(path: Path) -> Baseline:
    """The committed figures, {"right": 0.62, …}; UsageError names a file that is not there or is no baseline."""
    try:
        return _BASELINE.validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"{str(path)!r} cannot be read ({error.strerror}); commit the figures of a run: "
            "advisor eval gate RUN --write"
        ) from error
    except ValidationError as error:
        known = ", ".join(GATED)
        raise UsageError(
            f"{str(path)!r} is no baseline ({error.errors()[0]['msg']}); it holds a number for each of: {known}"
        ) from error


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Commit these figures to the file; UsageError where it cannot be written."""
    try:
        path.write_bytes(_BASELINE.dump_json(dict(baseline), indent=2) + b"\n")
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be written ({error.strerror}); name another file") from error
