"""The order of a plan: phases as they come, prerequisites first, circles refused, reasons kept."""

import pytest
from plan_bench import BEEKEEPER, career_of, page_of, plan_of

from advisor.career.ordering import MetBy, Stage, ordered_entries
from advisor.career.planned import Plan, Wait, WaitKind
from advisor.corpus.roadmap import SkillNeed
from advisor.errors import UsageError
from advisor.text import normalise


def names(plan: Plan) -> list[str]:
    return [step.name for step in plan.steps]


def wait_of(plan: Plan, name: str, asked_for: str) -> Wait:
    (step,) = [step for step in plan.steps if step.name == name]
    (wait,) = [wait for wait in step.waits if normalise(wait.asked) == normalise(asked_for)]
    return wait


def test_an_item_comes_after_what_it_asks_for_and_ties_keep_the_order_of_the_page() -> None:
    plan = plan_of(page_of(["C | Prerequisites: B", "A", "B", "D"]))
    assert names(plan) == ["A", "B", "C", "D"]
    assert wait_of(plan, "C", "B").reason == "the page asks for B first"
    assert wait_of(plan, "C", "B").steps == (2,)


def test_phases_come_in_order_and_say_so() -> None:
    plan = plan_of(page_of(["A"], ["B"]))
    assert plan.step(1).waits == ()
    assert plan.step(2).waits == (Wait(WaitKind.PHASE, "", "phase 2 follows phase 1", (1,)),)


def test_names_with_commas_brackets_and_without_project_are_found() -> None:
    page = page_of(
        ["Bees, Wasps and Ants", "Probability (6.041SC)", "Project: a hive | Kind: project"],
        ["B | Prerequisites: Bees, Wasps and Ants, Probability, a hive"],
    )
    waits = plan_of(page).step(4).waits
    assert [(wait.asked, wait.steps) for wait in waits if wait.asked] == [
        ("Bees, Wasps and Ants", (1,)),
        ("Probability (6.041SC)", (2,)),
        ("Project: a hive", (3,)),
    ]


def test_a_skill_is_met_by_the_earlier_items_that_teach_it_by_name_or_topic() -> None:
    page = page_of(["Intro to SQL", "Tools | Topics: shell, Git", "Report | Kind: project | Prerequisites: SQL, Git"])
    plan = plan_of(page)
    assert wait_of(plan, "Report", "SQL").reason == "the page asks for SQL, which Intro to SQL teaches"
    assert wait_of(plan, "Report", "Git").steps == (2,)


def test_a_skill_is_met_by_an_earlier_phase_that_is_about_it() -> None:
    page = page_of(["Alpha", "Beta"], ["Gamma | Prerequisites: HTTP"]).replace("Part 1", "HTTP APIs")
    wait = wait_of(plan_of(page), "Gamma", "HTTP")
    assert (wait.kind, wait.steps) == (WaitKind.AFTER, (1, 2))
    assert wait.reason == "the page asks for HTTP, which Phase 1: HTTP APIs is about"


def test_what_nothing_teaches_is_taken_for_granted_and_so_is_what_comes_only_later() -> None:
    plan = plan_of(page_of(["Bees | Prerequisites: Latin, Chess", "Chess for all"]))
    assert wait_of(plan, "Bees", "Latin").kind is WaitKind.ASSUMED
    assert wait_of(plan, "Bees", "Chess").kind is WaitKind.ASSUMED


def test_teaching_a_skill_never_closes_a_circle_that_names_open() -> None:
    page = page_of(["SQL with style | Prerequisites: Python tools", "Python tools | Prerequisites: SQL"])
    plan = plan_of(page)
    assert names(plan) == ["Python tools", "SQL with style"]
    assert wait_of(plan, "Python tools", "SQL").kind is WaitKind.ASSUMED


def test_who_teaches_a_skill_comes_first_where_names_allow_it() -> None:
    page = page_of(["SQL | Prerequisites: Tables", "Report | Prerequisites: sql language", "Tables"])
    assert names(plan_of(page)) == ["Tables", "SQL", "Report"]


def test_a_part_of_a_skill_is_no_more_than_touched() -> None:
    skills = "## Essential skills\n\n- Linux: shell, permissions\n\n"
    plan = plan_of(skills + page_of(["Tools | Topics: shell, editors", "Docker | Prerequisites: Linux"]))
    wait = wait_of(plan, "Docker", "Linux")
    assert wait.kind is WaitKind.ASSUMED
    assert wait.reason == "the page asks for Linux, of which only shell comes before it, in Tools"


def test_what_is_known_and_what_is_left_out_is_told_apart() -> None:
    plan = plan_of(BEEKEEPER, known=("latin",), skip=("hive course",))
    assert wait_of(plan, "Project: a hive diary", "Latin").kind is WaitKind.KNOWN
    left = wait_of(plan, "Project: one hive", "Hive course")
    assert (left.kind, left.reason) == (WaitKind.LEFT_OUT, "the page asks for Hive course, left out of this plan")


def test_a_credited_item_meets_what_asks_for_it() -> None:
    plan = plan_of(page_of(["Intro to SQL", "Bees | Prerequisites: Intro to SQL"]), known=("sql",))
    assert wait_of(plan, "Bees", "Intro to SQL").kind is WaitKind.KNOWN


def test_an_item_named_like_the_skill_it_asks_for_does_not_wait_for_itself() -> None:
    assert names(plan_of(page_of(["Python | Prerequisites: Python"]))) == ["Python"]


def test_a_circle_is_named_and_skipping_opens_it() -> None:
    page = page_of(["X", "A | Prerequisites: B", "B | Prerequisites: C", "C | Prerequisites: A"])
    with pytest.raises(UsageError, match=r"circle: 'A' -> 'B' -> 'C' -> 'A'; mend the page"):
        plan_of(page)
    plan = plan_of(page, skip=("B",))
    assert names(plan) == ["X", "A", "C"]
    assert wait_of(plan, "A", "B").kind is WaitKind.LEFT_OUT


def test_asking_for_an_item_of_a_later_phase_is_a_circle_too() -> None:
    with pytest.raises(UsageError, match=r"circle: 'A' \(Phase 1: Part 1\) -> 'B' \(Phase 2: Part 2\) -> the phases"):
        plan_of(page_of(["A | Prerequisites: B"], ["B"]))


def test_a_skill_of_the_page_is_a_name_even_where_no_item_bears_it() -> None:
    career = career_of(page_of(["Bees | Prerequisites: Reading, writing and chess"]))
    stage = Stage("Phase 1: Part 1", "Part 1", career.roadmap.items)
    skill = SkillNeed("Reading, writing and chess", "", True, career.roadmap.items[0].span)
    (entry,) = ordered_entries([stage], [skill], document="bees.md")
    assert [(need.asked, need.met_by) for need in entry.needs] == [("Reading, writing and chess", MetBy.NOTHING)]
