"""A new build held against the current one: which figures are worse, and by how much they may be."""

import pytest
from row_bench import REFUSED, WRONG, make_row

from advisor.evaluation.admission import hold
from advisor.evaluation.measures import Measure
from advisor.evaluation.rows import Row


def rows(*changes: dict[str, object]) -> list[Row]:
    return [make_row(f"q{number}", **change) for number, change in enumerate(changes)]


def worse(before: list[Row], after: list[Row], margin: float) -> set[Measure]:
    return {held.measure for held in hold(before, after, margin=margin) if held.is_worse}


def test_the_same_answers_pass_without_any_margin() -> None:
    assert worse(rows({}, WRONG, REFUSED), rows({}, WRONG, REFUSED), 0) == set()


@pytest.mark.parametrize(("margin", "expected"), [(0.24, {Measure.RIGHT, Measure.NUGGET_RECALL}), (0.25, set())])
def test_one_of_four_lost_is_twenty_five_points(margin: float, expected: set[Measure]) -> None:
    assert worse(rows({}, {}, {}, {}), rows({}, {}, {}, WRONG), margin) == expected


def test_one_lost_and_one_won_passes() -> None:
    assert worse(rows({}, WRONG), rows(WRONG, {}), 0) == set()


def test_of_refusals_more_is_worse_and_fewer_is_not() -> None:
    assert Measure.FALSE_REFUSAL in worse(rows({}, {}), rows({}, REFUSED), 0.1)
    assert worse(rows({}, REFUSED), rows({}, {}), 0.1) == set()


def test_a_figure_counts_the_questions_that_have_it_in_both_builds() -> None:
    found = {held.measure: held for held in hold(rows({}, {}), rows({"citation_recall": 0.5}, REFUSED), margin=0.1)}
    borne_out = found[Measure.CITATION_RECALL]
    assert (borne_out.questions, borne_out.before, borne_out.after, borne_out.is_worse) == (1, 1.0, 0.5, True)
    assert str(borne_out) == "statements borne out by what they cite 100.0% before, 50.0% now (of 1)"
