"""Intervals and paired tests: values worked out by hand, and an exact oracle for the random ones."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from advisor.evaluation.intervals import (
    Interval,
    Percentiles,
    bootstrap_interval,
    paired_bootstrap_difference,
    percentiles,
    sign_flip_p_value,
)


def test_the_interval_nears_the_quantiles_over_all_resamples() -> None:
    values = [0.0, 1.0, 4.0, 9.0]
    means = [sum(draw) / 4 for draw in itertools.product(values, repeat=4)]
    low, high = np.quantile(means, [0.1, 0.9])
    interval = bootstrap_interval(values, level=0.8)
    assert interval.mean == 3.5
    assert interval.low == pytest.approx(low, abs=0.26)  # the next mean on either side is 1/4 away
    assert interval.high == pytest.approx(high, abs=0.26)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    values = [0.1 * i * i for i in range(20)]
    first, again, other = (bootstrap_interval(values, seed=seed, resamples=200) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_equal_values_have_no_width() -> None:
    assert bootstrap_interval([0.5, 0.5, 0.5], resamples=50) == Interval(0.5, 0.5, 0.5, 0.95)


def test_a_higher_level_gives_a_wider_interval() -> None:
    values = [float(i % 7) for i in range(40)]
    narrow, wide = (bootstrap_interval(values, resamples=500, level=level) for level in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.mean < narrow.high < wide.high


def test_the_difference_is_candidate_less_baseline_question_by_question() -> None:
    interval = paired_bootstrap_difference([0.0, 10.0, 20.0], [1.0, 11.0, 21.0], resamples=50)
    assert interval == Interval(1.0, 1.0, 1.0, 0.95)


def test_the_difference_is_bootstrapped_as_one_sample_of_differences() -> None:
    baseline, candidate = [1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 1.0, 0.0]
    assert paired_bootstrap_difference(baseline, candidate, seed=3, resamples=99) == bootstrap_interval(
        [0.0, 1.0, 1.0, -1.0], seed=3, resamples=99
    )


def test_four_gains_of_equal_size_happen_by_chance_twice_in_sixteen() -> None:
    assert sign_flip_p_value([0.0] * 4, [1.0] * 4) == 2 / 16


def test_sums_as_large_as_the_one_seen_count_in_both_directions() -> None:
    # differences 1, 1, -1: sum 1; of the 8 patterns all reach |sum| >= 1
    assert sign_flip_p_value([0.0, 0.0, 1.0], [1.0, 1.0, 0.0]) == 1.0
    # differences 1, 2, 3: |sum| = 6 in 2 of 8 patterns
    assert sign_flip_p_value([0.0, 0.0, 0.0], [1.0, 2.0, 3.0]) == 2 / 8


def test_rounding_does_not_part_equal_sums() -> None:
    # sum 0.2; of the 16 patterns 2 reach 0.4 and 8 reach 0.2, whatever the order in which they are added
    assert sign_flip_p_value([0.0] * 4, [0.1, 0.1, 0.1, -0.1]) == 10 / 16


def test_questions_without_a_difference_change_nothing() -> None:
    assert sign_flip_p_value([0.0] * 4 + [1.0] * 50, [1.0] * 4 + [1.0] * 50) == 2 / 16


def test_equal_runs_differ_by_chance_alone() -> None:
    assert sign_flip_p_value([0.5, 1.0], [0.5, 1.0]) == 1.0


def test_the_random_test_nears_the_exact_one() -> None:
    baseline, candidate = [0.0] * 10, [1.0, 2.0, -1.0, 3.0, 1.0, 2.0, -2.0, 1.0, 4.0, 1.0]
    exact = sign_flip_p_value(baseline, candidate, resamples=1024)
    assert sign_flip_p_value(baseline, candidate, resamples=1023) == pytest.approx(exact, abs=0.03)


def test_many_questions_are_sampled_and_p_is_never_zero() -> None:
    assert sign_flip_p_value([0.0] * 2000, [1.0] * 2000, resamples=99) == 1 / 100


def test_swapping_the_runs_keeps_the_p_value() -> None:
    baseline, candidate = [0.0, 1.0, 0.0, 0.5], [1.0, 1.0, 0.5, 0.0]
    assert sign_flip_p_value(baseline, candidate) == sign_flip_p_value(candidate, baseline)


@pytest.mark.parametrize("compare", [paired_bootstrap_difference, sign_flip_p_value])
def test_runs_of_unequal_length_cannot_be_paired(compare: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="1 values against 2"):
        compare([1.0], [1.0, 2.0])


@pytest.mark.parametrize("compare", [paired_bootstrap_difference, sign_flip_p_value])
def test_nothing_cannot_be_compared(compare: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="0 values"):
        compare([], [])


def test_an_impossible_level_or_number_of_resamples_is_an_error() -> None:
    with pytest.raises(ValueError, match="level is 95"):
        bootstrap_interval([1.0], level=95)
    with pytest.raises(ValueError, match="0 resamples"):
        bootstrap_interval([1.0], resamples=0)


def test_percentiles_are_interpolated_between_neighbours() -> None:
    # ranks 0.5 * 4 = 2 and 0.95 * 4 = 3.8 of 10, 20, 30, 40, 50
    spread = percentiles([50.0, 10.0, 40.0, 20.0, 30.0])
    assert (spread.p50, spread.p95) == pytest.approx((30.0, 48.0))
    assert percentiles([1.0, 2.0]).p95 == pytest.approx(1.95)
    assert percentiles([7.0]) == Percentiles(7.0, 7.0)


def test_no_values_have_no_percentiles() -> None:
    with pytest.raises(ValueError, match="no value"):
        percentiles([])
