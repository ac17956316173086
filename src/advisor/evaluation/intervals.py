"""How far a mean, or a difference of two runs, can be trusted: bootstrap intervals and a paired test; and percentiles.

Knows nothing of what the values measure. The same values and seed give the same result; below about 100 questions a
difference of three points is mostly noise, and these figures show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

RESAMPLES = 10_000
_ROUNDING = 1e-9  # two sums of the same differences in another order are still equal

Floats: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the interval around it that holds `level` of the resampled means."""

    mean: float
    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The median and the 95th percentile, in the unit of the values."""

    p50: float
    p95: float


def bootstrap_interval(
    values: Sequence[float], *, seed: int = 0, resamples: int = RESAMPLES, level: float = 0.95
) -> Interval:
    """The mean and its percentile bootstrap interval (Efron 1979; Efron & Tibshirani 1993, chapter 13).

    Each resample draws len(values) values with replacement; the limits are the (1 - level)/2 and (1 + level)/2
    quantiles of the resampled means, interpolated linearly. One value, or equal values, give a width of 0: that says
    the sample cannot tell, not that the mean is certain. Raises ValueError without values, or unless resamples >= 1
    and 0 < level < 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level!r}; give a share between 0 and 1, such as 0.95")
    sample = _sample(values, resamples)
    random = np.random.default_rng(seed)
    means = [sample[random.integers(sample.size, size=sample.size)].mean() for _ in range(resamples)]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], method="linear")
    return Interval(float(sample.mean()), float(low), float(high), level)


def paired_bootstrap_difference(
    baseline: Sequence[float],
    candidate: Sequence[float],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    level: float = 0.95,
) -> Interval:
    """The mean of candidate - baseline with its percentile bootstrap interval; above 0 the candidate is better.

    Values stand question by question in the same order; a resample draws questions, each with both its values (Koehn
    2004). Raises as `bootstrap_interval` does, and
    for unequal lengths.
    """
    return bootstrap_interval(_differences(baseline, candidate), seed=seed, resamples=resamples, level=level)


def sign_flip_p_value(
    baseline: Sequence[float], candidate: Sequence[float], *, seed: int = 0, resamples: int = RESAMPLES
) -> float:
    """Two-sided p-value of the paired permutation test on the mean difference (Fisher 1935; Smucker et al. 2007).

    If the runs were alike, each question's difference could as well have the other sign: p is the share of sign
    patterns whose |sum| is at least the one seen. Questions without a difference change nothing. Exact over all 2^n
    patterns of the n others where those are at most `resamples`, else (1 + hits) / (1 + resamples) over random ones
    (Phipson & Smyth 2010). 1 where the runs are equal. Raises ValueError as `paired_bootstrap_difference` does.
    """
    differences = _sample(_differences(baseline, candidate), resamples)
    differences = differences[differences != 0]
    least = abs(differences.sum()) - _ROUNDING * np.abs(differences).sum()
    patterns = 1 << differences.size
    if patterns <= resamples:
        bits = np.arange(patterns)[:, None] >> np.arange(differences.size) & 1
        return float(np.mean(np.abs((2 * bits - 1) @ differences) >= least))
    random = np.random.default_rng(seed)
    flips = (2 * random.integers(2, size=differences.size) - 1 for _ in range(resamples))
    return (1 + sum(bool(abs(flip @ differences) >= least) for flip in flips)) / (1 + resamples)


def percentiles(values: Sequence[float]) -> Percentiles:
    """p50 and p95, interpolated linearly between the order statistics around rank q(n - 1), counted from 0.

    Type 7 of Hyndman & Fan 1996, numpy's default. Raises ValueError without values.
    """
    if not values:
        raise ValueError("there is no value to take percentiles of; give at least one")
    p50, p95 = np.quantile(np.asarray(values, dtype=np.float64), [0.5, 0.95], method="linear")
    return Percentiles(float(p50), float(p95))


def _differences(baseline: Sequence[float], candidate: Sequence[float]) -> list[float]:
    if len(baseline) != len(candidate):
        raise ValueError(f"{len(baseline)} values against {len(candidate)}; pair the runs question by question first")
    return [after - before for before, after in zip(baseline, candidate, strict=True)]


def _sample(values: Sequence[float], resamples: int) -> Floats:
    if not values or resamples < 1:
        raise ValueError(f"{len(values)} values, {resamples} resamples; both must be 1 or more")
    return np.asarray(values, dtype=np.float64)
