"""Where a learner stands in a plan: what is credited, what comes next, what fits into a week or an hour."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_bench import BEEKEEPER, NO_ESTIMATES, TODAY, Asked, asked, career_of, few, page_of, passages_of, plan_of

from advisor.career.markdown import plan_markdown
from advisor.career.marks import ItemState, Mark, States, item_key, read_state, states_of
from advisor.career.plan import build_plan
from advisor.career.planned import DaysOff, Plan, WaitKind
from advisor.career.progress import (
    Piece,
    find_step,
    next_steps,
    read_minutes,
    standing,
    steps_in_progress,
    this_week,
    with_progress,
    within,
)
from advisor.career.progress_text import (
    next_json,
    next_text,
    sitting_text,
    sources_of,
    standing_text,
    week_json,
    week_text,
)
from advisor.career.request import PlanRequest
from advisor.errors import UsageError

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DONE, BEGUN, SKIPPED = ItemState.DONE, ItemState.IN_PROGRESS, ItemState.SKIPPED
INTRO = "Introduction to Bees"


def marked(plan: Plan, **states: ItemState) -> States:
    """Marks on the steps whose names begin so: `marked(plan, Hive=DONE)`."""
    found = [
        Mark(step.name, step.provider or "", state, NOON)
        for step in plan.steps
        for start, state in states.items()
        if step.name.startswith(start)
    ]
    return states_of(found)


def beekeeper(*marks: Mark) -> Plan:
    request = with_progress(PlanRequest(5.0), marks)
    career = career_of(BEEKEEPER)
    return build_plan(career, passages_of(career.document), request, estimates=NO_ESTIMATES, today=TODAY)


def names(steps: object) -> list[str]:
    assert isinstance(steps, tuple)
    return [(one.step if isinstance(one, Piece) else one).name for one in steps]


# --- marks ----------------------------------------------------------------------------------------


def test_a_mark_finds_its_item_in_another_spelling_and_the_later_of_two_stands() -> None:
    early = Mark("CS50’s Course", "Harvard", DONE, NOON)
    late = Mark("cs50's course", "HARVARD", SKIPPED, NOON + timedelta(1))
    assert states_of([late, early]) == {item_key("CS50's Course", "Harvard"): late}
    assert item_key("CS50's Course", None) not in states_of([late])


@pytest.mark.parametrize(
    ("words", "state"), [("done", DONE), ("In-Progress", BEGUN), ("in progress", BEGUN), ("open", None)]
)
def test_states_are_read_as_people_write_them(words: str, state: ItemState | None) -> None:
    assert read_state(words) is state


def test_another_state_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="'finished' is none of: done, in-progress, skipped, open"):
        read_state("finished")


# --- in a plan ------------------------------------------------------------------------------------


def test_what_is_done_is_credited_and_what_is_skipped_left_out() -> None:
    plan = beekeeper(Mark(INTRO, "Example University", DONE, NOON), Mark("The Quiet Hive", "A. Author", SKIPPED, NOON))
    assert names(plan.steps) == ["Project: a hive diary", "Hive course", "Project: one hive"]
    assert [(one.name, one.known) for one in plan.credits] == [(INTRO, ())]
    assert [(one.name, one.why) for one in plan.left_out] == [("The Quiet Hive", "you left it out")]
    assert plan.step(1).waits[0].kind is WaitKind.KNOWN
    text = plan_markdown(plan)
    assert f"- [x] {INTRO}: done [" in text
    assert "- Done: 1 item, ticked below." in text


def test_a_mark_for_another_provider_or_for_no_item_of_the_page_changes_nothing() -> None:
    strangers = (Mark(INTRO, "Somebody Else", DONE, NOON), Mark("Knitting", "", SKIPPED, NOON))
    assert beekeeper(*strangers) == beekeeper()
    found = standing(beekeeper(), states_of(strangers))
    assert {mark.item for mark in found.strays} == {INTRO, "Knitting"}
    assert len(found.steps(None)) == 5


def test_a_short_name_that_is_a_skill_too_credits_its_item_alone() -> None:
    page = page_of(["SQL", "Intro to SQL"])
    career = career_of(page)
    request = with_progress(PlanRequest(5.0), [Mark("SQL", "", DONE, NOON)])
    plan = build_plan(career, passages_of(career.document), request, estimates=NO_ESTIMATES, today=TODAY)
    assert names(plan.steps) == ["Intro to SQL"]


def test_what_is_done_stays_done_where_it_is_left_out_by_name() -> None:
    career = career_of(BEEKEEPER)
    request = with_progress(
        PlanRequest(5.0, skip=("The Quiet Hive",)), [Mark("The Quiet Hive", "A. Author", DONE, NOON)]
    )
    plan = build_plan(career, passages_of(career.document), request, estimates=NO_ESTIMATES, today=TODAY)
    assert ([one.name for one in plan.credits], plan.left_out) == (["The Quiet Hive"], ())


# --- next -----------------------------------------------------------------------------------------


def test_what_can_be_started_is_of_one_phase_and_has_all_it_asks_for() -> None:
    plan = beekeeper()
    assert names(next_steps(plan, {})) == [INTRO, "The Quiet Hive"]
    done = marked(plan, Introduction=DONE)
    assert names(next_steps(plan, done)) == ["The Quiet Hive", "Project: a hive diary"]


def test_what_is_begun_is_not_done_but_lets_the_next_phase_begin() -> None:
    plan = beekeeper()
    begun = marked(plan, Introduction=BEGUN, The=DONE)
    assert names(next_steps(plan, begun)) == []  # the diary waits for the course
    assert names(steps_in_progress(plan, begun)) == [INTRO]
    row = standing(plan, begun).rows[0]
    assert "What is left waits for what is in progress." in next_text(plan, [row], ())
    diary = marked(plan, Introduction=DONE, The=DONE, Project=BEGUN)
    assert names(next_steps(plan, diary)) == ["Hive course"]


def test_what_is_skipped_is_waited_for_no_more() -> None:
    plan = beekeeper()
    assert names(next_steps(plan, marked(plan, Introduction=SKIPPED))) == ["The Quiet Hive", "Project: a hive diary"]


def test_with_everything_done_nothing_comes_next() -> None:
    plan = beekeeper()
    states = states_of(Mark(step.name, step.provider or "", DONE, NOON) for step in plan.steps)
    assert next_steps(plan, states) == ()
    assert "Nothing is left" in next_text(plan, [], ())
    assert this_week(plan, states, TODAY).pieces == ()
    assert within(plan, states, 60).pieces == ()


# --- this week ------------------------------------------------------------------------------------


def test_a_week_is_filled_with_what_is_in_progress_then_in_order() -> None:
    plan = plan_of(page_of(["A | Duration: 3 hours", "B | Duration: 4 hours", "C | Duration: 9 hours"]))
    week = this_week(plan, marked(plan, B=BEGUN), TODAY)  # at 5 hours a week
    assert (week.start, week.end, week.is_off) == (date(2026, 11, 16), date(2026, 11, 22), False)
    assert [(piece.step.name, piece.minutes, piece.is_whole) for piece in week.pieces] == [
        ("B", 240, True),
        ("A", 60, False),
    ]
    assert week.pieces[0].mark is not None


def test_a_week_off_has_nothing_to_do_and_says_why() -> None:
    plan = plan_of(page_of(["A"]), days_off=(DaysOff(date(2026, 11, 16), date(2026, 11, 19)),))
    week = this_week(plan, {}, TODAY)
    assert (week.is_off, week.pieces) == (True, ())
    assert "Most days of this week are off" in week_text(plan, week)
    assert this_week(plan, {}, TODAY + timedelta(7)).pieces


# --- one hour -------------------------------------------------------------------------------------


def test_an_hour_goes_to_what_is_in_progress_with_all_its_topics() -> None:
    plan = beekeeper()
    sitting = within(plan, marked(plan, Introduction=BEGUN), 60)
    (piece,) = sitting.pieces
    assert (piece.step.name, piece.minutes, piece.topics) == (INTRO, 60, ("anatomy", "swarming", "bee biology"))
    text = sitting_text(plan, sitting)
    assert "1 h: go on with **[Introduction to Bees]" in text
    assert "topics: anatomy, swarming, bee biology" in text
    assert "[1]\n  - topics:" in text
    assert "## Sources\n\n- [1] Beekeeper" in text


@pytest.mark.parametrize(("minutes", "topics"), [(60, 1), (13 * 60, 1), (14 * 60, 2), (21 * 60, 3)])
def test_a_step_that_is_not_begun_shows_the_topics_that_the_time_reaches(minutes: int, topics: int) -> None:
    piece = within(beekeeper(), {}, minutes).pieces[0]  # 21 hours on three topics
    assert piece.topics == ("anatomy", "swarming", "bee biology")[:topics]
    assert piece.is_whole is (topics == 3)


def test_what_fits_whole_is_offered_beside_the_long_step_that_comes_first() -> None:
    plan = plan_of(
        page_of(["Long", "Short | Duration: 45 minutes", "After | Duration: 30 minutes | Prerequisites: Long"])
    )
    sitting = within(plan, {}, 60)
    assert (names(sitting.pieces), names(sitting.instead)) == (["Long"], ["Short"])
    assert "Or, from beginning to end:\n\n- **Short**: 45 min [2]" in sitting_text(plan, sitting)


def test_long_hours_hold_several_steps() -> None:
    plan = plan_of(page_of(["A | Duration: 1 hour", "B | Duration: 90 minutes", "C"]))
    assert [(piece.step.name, piece.minutes) for piece in within(plan, {}, 180).pieces] == [
        ("A", 60),
        ("B", 90),
        ("C", 30),
    ]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("1h", 60), ("45min", 45), ("45 m", 45), ("1h30", 90), ("1 h 30 min", 90), ("1.5h", 90), ("2 hours", 120),
     ("24h", 1440)],
)  # fmt: skip
def test_time_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert read_minutes(text) == minutes


@pytest.mark.parametrize("text", ["", "90", "0h", "-1h", "25h", "an hour", "1h h", "1e3h", "9999999h"])
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match=r"45min, 1h or 1h30"):
        read_minutes(text)


# --- finding an item ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["hive course", "Hive cuorse", "Hive course by the Guild", "HIVE COURSE"])
def test_an_item_is_found_by_its_name_within_a_typo_or_with_its_provider(name: str) -> None:
    assert find_step(name, beekeeper().steps).name == "Hive course"


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("hive", r"fits several: The Quiet Hive by A\. Author; Project: a hive diary; "),
        ("cooking", r"'cooking' is no item of this roadmap; the nearest are: "),
        ("", r"'' is no item"),
    ],
)
def test_an_item_that_is_not_clear_is_refused_with_names(name: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        find_step(name, beekeeper().steps)


def test_items_of_one_name_are_told_apart_by_their_providers() -> None:
    steps = plan_of(page_of(["Bees | Provider: Ann", "Bees | Provider: Bob"])).steps
    assert find_step("bees by bob", steps).provider == "Bob"
    with pytest.raises(UsageError, match="Bees by Ann; Bees by Bob"):
        find_step("bees", steps)


# --- as text and as JSON --------------------------------------------------------------------------


def test_the_standing_ticks_what_is_done_and_counts_hours_without_the_skipped() -> None:
    plan = beekeeper()
    text = standing_text(plan, standing(plan, marked(plan, Introduction=DONE, The=SKIPPED, Hive=BEGUN)))
    assert "1 of 5 items done, 1 in progress, 1 skipped. That is 21 h of 112 h." in text  # 122 h without 10
    assert "by Example University: 21 h, done since 2026-11-20 [1]" in text
    assert "- [ ] **The Quiet Hive** by A. Author: 10 h, skipped since" in text


def test_sources_are_numbered_by_use_and_their_quotes_hold_what_is_said() -> None:
    plan = beekeeper()
    later = plan.steps[3:]
    sources = sources_of(plan, (*later, *later))
    assert [one.number for one in sources.values()] == [1, 2]
    shown = next_json(plan, [], next_steps(plan, {}))
    assert [one["citation"] for one in shown["next"]] == [1, 2]
    assert "anatomy, swarming" in shown["citations"][0]["quote"]
    assert week_json(plan, this_week(plan, {}, TODAY))["pieces"][0]["minutes_in_all"] == 21 * 60


def test_the_words_of_a_page_cannot_become_markup() -> None:
    page = page_of(["A <b> | Topics: *x*, `y` | Outcomes: [z](javascript:1)"])
    plan = plan_of(page)
    text = sitting_text(plan, within(plan, {}, 60)).partition("## Sources")[0]
    assert "<b>" not in text.replace("\\<b\\>", "")
    assert "[z](" not in text.replace("\\[z\\](", "")


# --- laws -----------------------------------------------------------------------------------------

some_states = st.lists(st.sampled_from([None, *ItemState]), min_size=20, max_size=20)


@given(asked, some_states)
@few
def test_no_step_is_offered_before_what_it_asks_for_and_none_that_is_done_or_skipped(
    one: Asked, states: list[ItemState | None]
) -> None:
    career = career_of(one.text)
    passages = passages_of(career.document)
    whole = build_plan(career, passages, PlanRequest(5.0), estimates=NO_ESTIMATES, today=TODAY)
    marks = [
        Mark(step.name, step.provider or "", state, NOON)
        for step, state in zip(whole.steps, states, strict=False)
        if state
    ]
    found = states_of(marks)
    plan = build_plan(career, passages, with_progress(PlanRequest(5.0), marks), estimates=NO_ESTIMATES, today=TODAY)
    finished = {mark.item for mark in marks if mark.state in {DONE, SKIPPED}}
    assert {step.name for step in plan.steps} == {step.name for step in whole.steps} - finished
    for step in next_steps(plan, found):
        assert step.key not in found
        asks = {number for wait in step.waits if wait.kind is WaitKind.AFTER for number in wait.steps}
        assert not asks
    pieces = within(plan, found, 90).pieces
    assert sum(piece.minutes for piece in pieces) == min(90, plan.minutes)
    begun = {mark.item for mark in marks if mark.state is BEGUN}
    assert not begun or pieces[0].step.name in begun
    assert not plan.steps or begun or pieces[0].step in next_steps(plan, found)
