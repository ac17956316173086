"""The study plan: what is planned and what is not, its hours, its money, its dates."""

import math
from datetime import date, timedelta
from typing import Any

import pytest
from plan_bench import (
    BEEKEEPER,
    TODAY,
    career_of,
    our_careers,
    page_of,
    passages_of,
    plan_of,
)

from advisor.career.careers import find_career
from advisor.career.estimate import read_estimates
from advisor.career.known import covering
from advisor.career.markdown import target_words
from advisor.career.overview import overview_markdown, plan_all
from advisor.career.plan import build_plan
from advisor.career.planned import Basis, DaysOff, Money, Plan, WaitKind
from advisor.career.purse import read_budget
from advisor.career.request import PlanRequest, read_day, read_days_off
from advisor.career.schedule import monday_from, next_monday, schedule
from advisor.career.skills import Known, read_known, read_vocabulary
from advisor.corpus.items import Item, Span
from advisor.corpus.measures import Hours
from advisor.errors import UsageError

ANYWHERE = Span(0, 1)


def names(plan: Plan) -> list[str]:
    return [step.name for step in plan.steps]


def has(*skills: str) -> tuple[Known, ...]:
    return read_known(skills, read_vocabulary([], []))


def left_out(plan: Plan) -> dict[str, str]:
    return {one.name: one.why for one in plan.left_out}


# --- hours ----------------------------------------------------------------------------------------


def test_the_example_is_planned_by_hand() -> None:
    plan = plan_of(BEEKEEPER)
    assert [(step.name, step.minutes / 60) for step in plan.steps] == [
        ("Introduction to Bees", 21),  # the middle of 18–24
        ("The Quiet Hive", 10),
        ("Project: a hive diary", 20),  # no length: the rule of thumb
        ("Hive course", 65),  # 2 months are 8⅔ weeks, at 5–10 hours 43⅓–86⅔
        ("Project: one hive", 6),  # "6+ hours" is at least 6
    ]
    assert (plan.start, plan.end, len(plan.weeks)) == (date(2026, 11, 23), date(2027, 5, 16), 25)  # 122 hours at 5


def test_a_stated_range_stays_a_range_and_says_how_it_came_about() -> None:
    load = plan_of(BEEKEEPER).step(1).workload
    assert (load.hours, load.basis) == (Hours(18, 24), Basis.STATED)
    assert load.told == "6 weeks at 3–4 hours per week = 18–24 hours"


def test_months_at_a_stated_effort_are_hours() -> None:
    plan = plan_of(page_of(["Course | Duration: 4–5 months | Effort: 10 hours per week"]))
    assert plan.step(1).workload.told == "4–5 months at 10 hours per week = 173–217 hours"


def test_a_length_without_an_effort_shows_the_assumed_one() -> None:
    plan = plan_of(page_of(["Course | Duration: 7 weeks"]))
    assert plan.step(1).workload.basis is Basis.ASSUMED_EFFORT
    assert plan.step(1).workload.told == "7 weeks at an assumed 5–10 hours per week = 35–70 hours"
    assert any("5–10 hours per week are assumed" in note for note in plan.notes)


def test_an_open_range_stays_open() -> None:
    load = plan_of(BEEKEEPER).step(5).workload
    assert load.hours.high is None
    assert any(one.hours.high is None for one in plan_of(BEEKEEPER).sums)


def test_an_unknown_length_is_an_estimate_that_says_so() -> None:
    load = plan_of(BEEKEEPER).step(3).workload
    assert load.basis is Basis.ESTIMATE
    assert load.told == "length not stated, our estimate is 20 hours (rule of thumb for a project)"


def test_an_estimate_is_the_median_of_its_kind_and_names_how_many_it_rests_on() -> None:
    stated = [f"Course {hours} | Duration: {hours} hours" for hours in (4, 6, 30, 40, 50)]
    career = career_of(page_of([*stated, "Course 4 | Duration: 4 hours", "Guessed | Duration: not stated"]))
    plan = build_plan(
        career, passages_of(career.document), PlanRequest(5), estimates=read_estimates([career, career]), today=TODAY
    )
    (guessed,) = [step for step in plan.steps if step.name == "Guessed"]
    assert guessed.minutes == 30 * 60
    assert "the median of 5 courses with stated hours" in guessed.workload.told


def test_the_sums_keep_stated_assumed_and_estimated_hours_apart() -> None:
    sums = {one.basis: (one.steps, one.hours.low) for one in plan_of(BEEKEEPER).sums}
    assert sums == {
        Basis.STATED: (3, 34),
        Basis.ASSUMED_EFFORT: (1, pytest.approx(2 * 52 / 12 * 5)),
        Basis.ESTIMATE: (1, 20),
    }


def test_realism_multiplies_what_is_planned_and_not_what_is_stated() -> None:
    plan = plan_of(page_of(["Course | Duration: 10 hours"]), realism=1.5)
    assert (plan.minutes, plan.sums[0].hours) == (15 * 60, Hours(10, 10))


def test_the_length_of_a_block_is_shared_by_its_courses_and_counted_once() -> None:
    text = (
        "## Phase 1: Ground (4 months)\n\n### Mathematics, a block (8 weeks)\n\n"
        "- **Algebra**\n  - Cost: free\n- **Calculus**\n  - Cost: free\n"
    )
    plan = plan_of(text)
    assert [(step.name, step.workload.hours) for step in plan.steps] == [
        ("Algebra", Hours(20, 40)),
        ("Calculus", Hours(20, 40)),
    ]
    assert plan.phases[0].length == "4 months"


def test_a_phase_with_a_length_and_no_items_is_a_step_itself() -> None:
    plan = plan_of(
        "## Phase 1: Foundations (6 weeks)\n\nLearn the groundwork.\n\n## Phase 2: Pipes (2 weeks)\n\nMore.\n"
    )
    assert [(step.name, step.workload.hours) for step in plan.steps] == [
        ("Foundations", Hours(30, 60)),
        ("Pipes", Hours(10, 20)),
    ]


def test_a_page_without_phases_is_one_phase_and_one_without_items_is_refused() -> None:
    plan = plan_of("## Courses\n\n- **Bees**\n  - Duration: 5 hours\n  - Cost: free\n")
    assert names(plan) == ["Bees"]
    with pytest.raises(UsageError, match=r"names neither phases nor courses .* advisor ask"):
        plan_of("## Bees\n\nThey fly.\n")


# --- what is known --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "known", "covered"),
    [
        ("Intro to SQL", "sql", True),
        ("CS50's Introduction to Databases with SQL", "SQL", True),
        ("Advanced SQL", "sql", False),
        ("SQL beyond the basics", "sql", False),
        ("Python for Everybody", "python", True),
        ("Python for Data Science", "python", False),
        ("Natural Language Processing with Python", "python", False),
        ("JavaScript", "js", True),
        ("JavaScript", "java", False),
        ("Docker Containers and Kubernetes Fundamentals", "docker", False),
        ("Docker Containers and Kubernetes Fundamentals", "docker, k8s", True),
        ("Introduction to Programming", "programming", False),
        ("C++ Tutorial", "c", False),
        ("R", "r", True),
        ("The Go Programming Language", "golang", True),
        ("Machine Learning Crash Course", "ML", True),
        ("Machine Learning Engineering", "machine learning", False),
    ],
)
def test_a_skill_covers_what_is_about_it_and_nothing_more(name: str, known: str, covered: bool) -> None:
    assert bool(covering(Item(name, ANYWHERE), has(known))) is covered


def test_a_skill_covers_an_item_of_which_it_is_every_topic() -> None:
    item = Item("Week one", ANYWHERE, topics=("Git basics", "SQL"))
    assert [one.name for one in covering(item, has("sql,git,bees"))] == ["sql", "git"]
    assert covering(item, has("sql")) == ()
    assert covering(Item("Internals", ANYWHERE, topics=("SQL",)), has("sql")) == ()


def test_topics_that_say_how_it_is_studied_need_not_be_known() -> None:
    item = Item("Foundations", ANYWHERE, topics=("own computer set-up", "Git", "HTML", "five required projects"))
    assert [one.name for one in covering(item, has("html, git"))] == ["html", "git"]
    assert covering(item, has("html")) == ()
    assert covering(Item("Practice", ANYWHERE, topics=("exercises", "final exam", "Git")), has("git")) == ()


def test_nothing_hard_and_no_project_is_covered_unless_it_is_named() -> None:
    known = has("SQL")
    assert covering(Item("SQL course", ANYWHERE, level="intermediate"), known) == ()
    page = page_of(["SQL", "Project: SQL | Kind: project"])
    assert names(plan_of(page, known=("sql",))) == ["Project: SQL"]
    assert names(plan_of(page, known=("Project: SQL",))) == ["SQL"]


def test_a_credit_names_the_skill_and_a_skill_that_credits_nothing_is_told() -> None:
    page = page_of(["Intro to SQL", "Bees | Prerequisites: SQL, Git"])
    plan = plan_of(page, known=("sql", "git, cooking"))
    assert [(one.name, one.known) for one in plan.credits] == [("Intro to SQL", ("sql",))]
    assert [(one.given, one.credited, one.meets) for one in plan.known] == [
        ("sql", ("Intro to SQL",), ("Bees",)),
        ("git", (), ("Bees",)),
        ("cooking", (), ()),
    ]


def test_a_slip_of_the_keyboard_is_read_as_the_skill_of_the_career() -> None:
    plan = plan_of(
        f"## Essential skills\n\n- Python: files\n\n{page_of(['Intro to Python', 'Bees'])}", known=("pyhton",)
    )
    assert (plan.known[0].given, plan.known[0].read_as, names(plan)) == ("pyhton", "Python", ["Bees"])


def test_somebody_who_knows_everything_has_nothing_left_to_do() -> None:
    plan = plan_of(page_of(["Intro to SQL"]), known=("sql",))
    assert (plan.steps, plan.weeks, plan.end) == ((), (), None)


# --- money ----------------------------------------------------------------------------------------


def test_the_free_path_leaves_out_what_costs_and_what_nobody_states_and_names_what_is_free() -> None:
    page = page_of(
        [
            "Bees | Cost: paid",
            "Wasps | Cost: not stated",
            "Bees for free | Kind: book",
            "Ants | Cost: free (tools are billed)",
        ]
    )
    plan = plan_of(page, free_only=True)
    assert names(plan) == ["Bees for free"]
    assert left_out(plan) == {
        "Bees": "it has to be paid for",
        "Wasps": "its cost is not stated, so it does not count as free",
        "Ants": "it is not free: free (tools are billed)",
    }
    assert plan.left_out[0].instead == ("Bees for free",)


def test_a_budget_buys_the_cheapest_first_and_nothing_without_a_price() -> None:
    page = page_of(["Dear | Cost: USD 60", "Cheap | Cost: USD 10", "Middle | Cost: USD 30", "Vague | Cost: paid",
                    "Foreign | Cost: EUR 5"])  # fmt: skip
    plan = plan_of(page, budget=Money(45, "USD"))
    assert names(plan) == ["Cheap", "Middle"]
    assert plan.costs == (Money(40, "USD"),)
    assert left_out(plan)["Dear"] == "USD 60, and USD 5 of the budget are left"
    assert left_out(plan)["Foreign"] == "it costs EUR 5, and the budget is in USD"
    assert "no budget can be kept" in left_out(plan)["Vague"]


def test_a_rate_per_month_is_paid_for_as_long_as_the_learner_takes() -> None:
    page = page_of(["Course | Duration: 52 hours | Cost: USD 10 per month"])  # a month is 52/12 weeks
    assert plan_of(page, hours_per_week=12.0).costs == (Money(10, "USD"),)
    assert plan_of(page, hours_per_week=3.0).costs == (Money(40, "USD"),)


def test_costs_are_summed_by_currency_and_what_nobody_states_is_listed() -> None:
    plan = plan_of(BEEKEEPER)
    assert plan.costs == (Money(25, "EUR"), Money(90, "USD"))  # 65 hours at 5 a week are 3 months
    assert [plan.step(number).name for number in plan.unpriced] == ["Project: one hive"]


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("100", Money(100, "USD")),
        ("EUR 50", Money(50, "EUR")),
        ("1,200.50 gbp", Money(1200.5, "GBP")),
        ("$5", Money(5, "USD")),
    ],
)
def test_a_budget_is_read(text: str, money: Money) -> None:
    assert read_budget(text) == money


# --- dates ----------------------------------------------------------------------------------------


def test_weeks_begin_on_monday_and_the_default_start_is_the_next_one() -> None:
    assert next_monday(date(2026, 11, 22)) == date(2026, 11, 23)
    assert next_monday(date(2026, 11, 23)) == date(2026, 11, 30)
    assert monday_from(date(2026, 11, 23)) == date(2026, 11, 23)
    plan = plan_of(page_of(["Course"]), start=date(2026, 12, 2))
    assert plan.start == date(2026, 12, 7)
    assert plan.notes[0] == "Weeks begin on Monday, so the plan starts on 2026-12-07 and not on 2026-12-02."


def test_a_long_step_is_split_over_weeks_and_short_ones_share_one() -> None:
    weeks = schedule([90, 30, 200], pace_minutes=150, start=date(2026, 11, 23))
    assert [[(share.step, share.minutes, share.is_last) for share in week.shares] for week in weeks] == [
        [(1, 90, True), (2, 30, True), (3, 30, False)],
        [(3, 150, False)],
        [(3, 20, True)],
    ]


def test_a_week_mostly_off_moves_the_rest_and_two_days_cost_nothing() -> None:
    holiday = (DaysOff(date(2026, 11, 30), date(2026, 12, 13)), DaysOff(date(2026, 12, 14), date(2026, 12, 15)))
    weeks = schedule([300], pace_minutes=100, start=date(2026, 11, 23), days_off=holiday)
    assert [week.start for week in weeks] == [date(2026, 11, 23), date(2026, 12, 14), date(2026, 12, 21)]


def test_a_milestone_is_the_end_of_a_phase_with_the_project_that_proves_it() -> None:
    first, second = plan_of(BEEKEEPER).phases
    assert (first.start, first.end, first.proofs) == (date(2026, 11, 23), date(2027, 2, 7), (3,))
    assert first.done_when == "Phase 1 is short, and you are done when you have seen a whole season."
    assert (second.start, second.done_when) == (date(2027, 2, 1), "")


def test_a_target_date_that_fits_tells_the_pace_it_needs() -> None:
    plan = plan_of(page_of(["Course | Duration: 20 hours"]), hours_per_week=5.0, by=date(2026, 12, 31))
    assert plan.target is not None
    assert (plan.target.fits, plan.target.weeks_at_hand, plan.target.needed_hours_per_week) == (True, 5, 4)


def test_without_a_pace_the_target_sets_it() -> None:
    plan = plan_of(page_of(["Course | Duration: 21 hours"]), by=date(2026, 12, 31))
    assert (plan.hours_per_week, len(plan.weeks)) == (4.5, 5)  # 21 hours in 5 weeks, up to the half hour


def test_what_may_be_cut_is_nothing_that_is_asked_for_no_project_and_not_the_last_to_learn() -> None:
    page = page_of(
        ["A | Duration: 20 hours", "B | Duration: 20 hours", "C | Duration: 20 hours | Prerequisites: A"],
        ["D | Duration: 20 hours", "Project: E | Kind: project"],
    )
    plan = plan_of(page, hours_per_week=5.0, by=TODAY + timedelta(weeks=16))  # 16 weeks for 100 hours
    assert plan.target is not None
    assert [plan.step(cut.step).name for cut in plan.target.cuts] == ["C"]
    assert plan.target.fits_after_cuts
    short = plan_of(page, hours_per_week=5.0, by=TODAY + timedelta(weeks=4)).target
    assert short is not None
    assert ([cut.step for cut in short.cuts], short.fits_after_cuts) == ([2, 3], False)


def test_a_date_no_pace_can_keep_is_refused_with_the_figure() -> None:
    with pytest.raises(UsageError, match=r"takes 200 hours per week in 1 weeks"):
        plan_of(page_of(["Course | Duration: 200 hours"]), by=date(2026, 11, 30))
    with pytest.raises(UsageError, match="no whole week of study"):
        plan_of(page_of(["Course"]), by=date(2026, 11, 28))


@pytest.mark.parametrize(
    ("asked_for", "complaint"),
    [
        ({"hours_per_week": 0.0}, "--hours-per-week 0"),
        ({"hours_per_week": -3.0}, "--hours-per-week -3"),
        ({"hours_per_week": 101.0}, "at most 100"),
        ({"hours_per_week": math.nan}, "--hours-per-week nan"),
        ({"hours_per_week": None}, "--hours-per-week 8"),
        ({"by": date(2026, 11, 21)}, "not in the future"),
        ({"by": date(2026, 12, 1), "start": date(2026, 12, 24)}, "not after --start"),
        ({"realism": 0.0}, "--realism 0"),
        ({"start": date(9999, 12, 31)}, "too far away"),
        ({"days_off": (DaysOff(date(2027, 1, 2), date(2027, 1, 1)),)}, "ends before it begins"),
        ({"free_only": True, "budget": Money(1, "USD")}, "exclude each other"),
        ({"skip": ("Cooking",)}, "the nearest are"),
        ({"hours_per_week": 0.02}, "beyond 2200-01-01"),
    ],
)
def test_a_request_that_cannot_be_met_says_what_can(asked_for: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        plan_of(page_of(["Bees", "Wasps | Duration: 400 hours"]), **asked_for)


@pytest.mark.parametrize("text", ["2026-02-30", "tomorrow", ""])
def test_a_wrong_date_names_its_option(text: str) -> None:
    with pytest.raises(UsageError, match="--start"):
        read_day(text, "--start")
    with pytest.raises(UsageError, match="--days-off"):
        read_days_off(f"2026-01-01..{text}")


def test_a_plan_of_more_than_two_years_says_so_and_which_pace_makes_it_one() -> None:
    page = page_of(["Course | Duration: 315 hours"])
    assert plan_of(page, hours_per_week=3.0).notes == (
        "At this pace it takes 2.0 years of study; 6.5 hours per week would make it one.",
    )
    assert plan_of(page, hours_per_week=3.1).notes == ()  # 102 weeks


def test_a_date_that_cannot_be_kept_tells_how_far_one_comes_by_it() -> None:
    page = page_of(["A | Duration: 10 hours"], ["B | Duration: 10 hours"], ["C | Duration: 400 hours"])
    plan = plan_of(page, hours_per_week=5.0, by=date(2026, 12, 31))
    assert [phase.number for phase in plan.done_by(date(2026, 12, 31))] == [1, 2]
    assert plan.target is not None
    assert "By that day Phase 1 and Phase 2 would be done." in target_words(plan, plan.target)


# --- our own pages --------------------------------------------------------------------------------


def test_all_careers_of_the_corpus_plan_whole() -> None:
    careers = our_careers()
    estimates = read_estimates(careers)
    for career in careers:
        passages = passages_of(career.document)
        plan = build_plan(career, passages, PlanRequest(8), estimates=estimates, today=TODAY)
        cheap = build_plan(career, passages, PlanRequest(8, free_only=True), estimates=estimates, today=TODAY)
        assert plan.steps
        assert len(plan.steps) == len(cheap.steps) + len(cheap.left_out)
        assert all(step.minutes for step in plan.steps)
        assert {wait.kind for step in plan.steps for wait in step.waits} <= set(WaitKind) - {WaitKind.LEFT_OUT}
    assert len(careers) >= 36


def test_python_and_sql_are_credited_to_a_data_engineer() -> None:
    career = find_career("data engineer", our_careers())
    request = PlanRequest(8, known=("python,sql",), free_only=True)
    plan = build_plan(career, passages_of(career.document), request, estimates=read_estimates([]), today=TODAY)
    assert [one.known for one in plan.credits] == [("Python",), ("SQL",)]
    assert "Data Engineering Zoomcamp" in names(plan)


def test_the_table_has_a_row_for_each_career() -> None:
    careers = our_careers()[:3]
    passages = [passage for career in careers for passage in passages_of(career.document)]
    table = overview_markdown(list(plan_all(careers, passages, today=TODAY)))
    rows = table.splitlines()[2 : 2 + len(careers)]
    assert [row.split(" | ")[0] for row in rows] == [f"| {career.name}" for career in careers]
