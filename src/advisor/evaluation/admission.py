"""Whether a new build may take the place of the current one: the same questions asked of both, figure by figure.

Knows nothing of how rows came about, of files, or of what is done with the verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from advisor.evaluation.compare import GATED
from advisor.evaluation.measures import LOWER_IS_BETTER, TITLES, Measure, value_of
from advisor.evaluation.rows import Row

_ROUNDING = 1e-9  # a difference that is the margin itself passes


@dataclass(frozen=True, slots=True)
class Held:
    """One figure of the current and of the new build, over the questions that have it in both."""

    measure: Measure
    questions: int
    before: float
    after: float
    is_worse: bool  # by more than the margin

    def __str__(self) -> str:
        """The figure in words."""
        return f"{TITLES[self.measure]} {self.before:.1%} before, {self.after:.1%} now (of {self.questions})"


def hold(before: Sequence[Row], after: Sequence[Row], *, margin: float) -> tuple[Held, ...]:
    """The figures that are watched, of both runs; a `margin` of .02 lets a share be worse by two points.

    The rows answer the same questions in the same order. No chance is at play, so no interval is asked: the same
    questions are put to two builds, worded by nobody. A figure that no question has is left out.
    """
    found = (_held(before, after, measure, margin) for measure in GATED)
    return tuple(held for held in found if held is not None)


def _held(before: Sequence[Row], after: Sequence[Row], measure: Measure, margin: float) -> Held | None:
    pairs = [(value_of(old, measure), value_of(new, measure)) for old, new in zip(before, after, strict=True)]
    both = [(old, new) for old, new in pairs if old is not None and new is not None]
    if not both:
        return None
    earlier, later = fmean(old for old, _ in both), fmean(new for _, new in both)
    loss = later - earlier if measure in LOWER_IS_BETTER else earlier - later
    return Held(measure, len(both), earlier, later, loss > margin + _ROUNDING)
