"""The picture of a plan in a terminal: bars that fit its width and lie where the weeks are."""

import pytest
from hypothesis import given
from plan_bench import BEEKEEPER, Asked, asked, few, page_of, plan_asked, plan_of

from advisor.career.picture import FEWEST_COLUMNS, PLAIN, picture
from advisor.career.timeline import timeline


def test_the_example_is_drawn_by_hand() -> None:
    page = page_of(["A | Duration: 10 hours"], ["B | Duration: 20 hours"], ["C | Duration: 10 hours"])
    rows = picture(plan_of(page), columns=62, signs=PLAIN)
    assert [str(row) for row in rows] == [
        "Phase 1: Part 1  #######.....................  weeks 1–2, 10 h",
        "Phase 2: Part 2  .......##############.......  weeks 3–6, 20 h",
        "Phase 3: Part 3  .....................#######  weeks 7–8, 10 h",
    ]


def test_with_nothing_left_to_do_there_is_no_picture() -> None:
    assert picture(plan_of(page_of(["Intro to SQL"]), known=("sql",)), columns=80) == ()


def test_a_long_label_is_cut_and_says_so() -> None:
    rows = picture(plan_of(BEEKEEPER), columns=48, signs=PLAIN)
    assert all(len(str(row)) <= 48 for row in rows)
    assert any(row.label.rstrip().endswith("…") for row in rows)


@given(asked)
@few
@pytest.mark.parametrize("columns", [1, 60, 200])
def test_every_phase_has_a_bar_within_its_track_and_no_line_is_too_wide(columns: int, one: Asked) -> None:
    plan = plan_asked(one)
    rows = picture(plan, columns=columns)
    assert len(rows) == len(timeline(plan))
    for row in rows:
        assert row.bar
        assert len(str(row)) <= max(columns, FEWEST_COLUMNS)
    assert len({len(row.before + row.bar + row.after) for row in rows}) <= 1
    if rows:
        assert rows[0].before == ""
        assert rows[-1].after == ""
