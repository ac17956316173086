"""Numbers worked out before the reader's eyes, against sums done by hand; a wrong sum bears nothing out."""

import pytest
from plan_bench import TODAY, our_pages, our_passages

from advisor.career.plan_reply import Around, Planner
from advisor.evaluation.computed import BLANK, Figures, as_left, figures_of
from advisor.evaluation.metrics import unknown_names

PASSAGES = [
    "The course takes 4–5 months at 10 hours per week. Module one has 12 hours, module two 8 hours, fees USD 49."
]
PLAN = """**Beekeeper: 53–92 h at 8 h a week = 7–12 weeks**, done by 7 Feb 2027 (the middle, 72.5 h, takes 10 weeks\
 from 30 Nov 2026) [1].

By 28 Feb 2027: it fits, with 3 weeks to spare (13 − 10) [1].

- **Phase 1: The bee year**, weeks 1–3, to 20 Dec 2026: Bees (6 weeks at 3–4 h = 18–24 h) [1]
- **Phase 2: Hives**, weeks 3–10, to 7 Feb 2027: Hive course (≈3 weeks at 5–16 h = 15–48 h);\
 Project: one hive (~20 h) [1]

~ is our estimate, no length is stated (20 h in all); ≈ stated weeks at an assumed 5–16 h a week [1].

Week by week: `advisor plan --role Beekeeper --hours-per-week 8 --by 2027-02-28`"""
PAGES = ["Phase 1, Phase 2. Bees: 6 weeks at 3–4 hours per week. Hive course: 3 weeks."]
ASKED = ["8 hours a week, beekeeper by the end of February"]


def figures(text: str, *questions: str) -> Figures:
    return figures_of(text, PASSAGES, questions)


def test_a_number_of_a_passage_is_none_of_these() -> None:
    assert figures("It takes 4–5 months [1].") == Figures()


@pytest.mark.parametrize("said", ["173–217", "174–217"])  # a month as 52/12 weeks, or as 365.25/84
def test_a_length_at_an_effort_is_computed_with_either_month(said: str) -> None:
    low, high = said.split("–")
    assert figures(f"4–5 months at 10 h/week = {said} h [1].") == Figures(computed=(low, high))


@pytest.mark.parametrize("said", ["172–217", "173–218", "173–230", "160–200"])
def test_a_wrong_product_is_unsupported(said: str) -> None:
    assert figures(f"4–5 months at 10 h/week = {said} h [1].").computed == ()
    assert set(figures(f"4–5 months at 10 h/week = {said} h [1].").unsupported) == set(said.split("–"))


def test_a_sum_is_computed_and_a_wrong_one_is_not() -> None:
    assert figures("Both: 12 + 8 = 20 h.") == Figures(computed=("20",))
    assert figures("Both: 12 + 8 = 21 h.") == Figures(unsupported=("21",))
    assert figures("Left: 12 − 8 = 4.5 h.") == Figures(unsupported=("4.5",))


def test_an_operand_must_stand_in_a_passage_or_in_the_question() -> None:
    assert figures("12 + 7 = 19 h") == Figures(unsupported=("7", "19"))
    assert figures("12 + 7 = 19 h", "I have 7 hours") == Figures(computed=("7", "19"))
    assert figures("12 h at 3 h a week = 4 weeks", "3 hours a week") == Figures(computed=("3",))
    assert figures("12 h at 3 h a week = 6 weeks", "3 hours a week") == Figures(unsupported=("3", "6"))


def test_what_the_question_says_is_no_support_outside_a_sum() -> None:
    assert figures("It takes 7 hours.", "does it take 7 hours?") == Figures(unsupported=("7",))


def test_borne_out_at_one_place_and_not_at_another_is_unsupported() -> None:
    assert figures("12 + 8 = 20 h. The exam takes 20 h.") == Figures(unsupported=("20",))


def test_a_statement_is_read_without_its_bold_marks_and_blank_where_it_is_computed() -> None:
    answer = "- **Both:** 12 + 8 = 20 h [1]\n- Fees are USD 49 [1]"
    left = figures_of(answer, PASSAGES).rest
    assert as_left("Both: 12 + 8 = 20 h", answer, left) == f"Both: {BLANK * len('12 + 8 = 20')} h"
    assert as_left("Fees are USD 49", answer, left) == "Fees are USD 49"
    assert as_left("Not in it", answer, left) == "Not in it"


# --- plans ----------------------------------------------------------------------------------------


def test_the_dates_of_a_plan_that_comes_out_are_left_out_and_those_of_a_wrong_one_are_not() -> None:
    wrong = PLAN.replace("53–92 h", "54–92 h").replace("24 h)", "25 h)").replace("48 h)", "49 h)")
    assert not {"Feb", "Dec"} & set(unknown_names(figures_of(PLAN, PAGES, ASKED).rest, PAGES))
    assert {"Feb", "Dec"} <= set(unknown_names(figures_of(wrong, PAGES, ASKED).rest, PAGES))


def test_a_plan_is_worked_out_again_by_hand() -> None:
    """18 + 15 + 20 and 24 + 48 + 20 hours at 8; the middles 21 + 31.5 + 20 are 72.5 and take 9.06 weeks."""
    found = figures_of(PLAN, PAGES, ASKED)
    assert found.unsupported == ()
    assert {"53", "92", "72.5", "7", "12", "10", "18", "24", "15", "48", "13"} <= set(found.computed)
    assert {"28", "02"} <= set(found.assumed)


def test_a_plan_with_a_wrong_item_bears_no_sum_out() -> None:
    found = figures_of(PLAN.replace("15–48", "14–48"), PAGES, ASKED)
    assert {"14", "48", "53", "92", "72.5", "12"} <= set(found.unsupported)


RIGHT = """**Beekeeper: 38–44 h at 8 h a week = 5–6 weeks**, done by 10 Jan 2027 (the middle, 41 h, takes 6 weeks from\
 30 Nov 2026) [1].

- **Phase 1: The bee year**, weeks 1–3, to 20 Dec 2026: Bees (6 weeks at 3–4 h = 18–24 h) [1]
- **Phase 2: Hives**, weeks 3–6, to 10 Jan: Project: one hive (~20 h) [1]

~ is our estimate, no length is stated (20 h in all) [1]."""


def test_every_figure_of_a_right_plan_is_computed_or_labelled() -> None:
    found = figures_of(RIGHT, PAGES, ASKED)
    assert found.unsupported == ()
    assert set(found.computed) == {"38", "44", "5", "10", "2027", "41", "18", "24"}
    assert set(found.assumed) == {"8", "30", "2026", "20"}


@pytest.mark.parametrize(
    ("right", "wrong", "number"),
    [
        ("38–44 h at", "37–44 h at", "37"),  # 18 + 20
        ("= 5–6 weeks", "= 5–7 weeks", "7"),  # 44/8 is 5.5
        ("middle, 41 h", "middle, 42 h", "42"),  # 21 + 20
        ("done by 10 Jan", "done by 17 Jan", "17"),  # six weeks from 30 November
        ("weeks 3–6, to", "weeks 3–9, to", "9"),
        ("to 20 Dec", "to 27 Dec", "27"),  # the third Sunday
        ("(20 h in all)", "(28 h in all)", "28"),
        ("= 18–24 h", "= 18–25 h", "25"),
    ],
)
def test_one_wrong_figure_is_found(right: str, wrong: str, number: str) -> None:
    assert RIGHT.count(right) == 1
    assert number in figures_of(RIGHT.replace(right, wrong), PAGES, ASKED).unsupported


def test_a_pace_that_nobody_gave_bears_no_sum_out() -> None:
    assert {"8", "38", "41"} <= set(figures_of(RIGHT, PAGES, ["beekeeper please"]).unsupported)
    assert figures_of(f"You gave no hours, so this takes 8 a week.\n\n{RIGHT}", PAGES).unsupported == ()


def test_a_mark_without_its_explanation_is_no_label() -> None:
    assert "20" in figures_of(RIGHT.replace("~ is our estimate", "so be it"), PAGES, ASKED).unsupported


@pytest.mark.parametrize(
    "question",
    [
        "8 hours a week, know Python and SQL, want to be a data engineer by next September, no money",
        "8 hours a week, know python, want to be a data analyst by june, no money",
        "plan for security analyst, 12 hours a week, budget $700",
        "plan for project manager, 9 hours a week",
        "make me a study plan for a statistician, 3 hours a week",
        "can I become a data analyst in six months?",
        "plan for AI/ML engineer, 20 hours a week, starting in March",
        "plan for embedded developer",
    ],
)
def test_no_figure_of_our_own_plans_is_unsupported(question: str) -> None:
    made = Planner(our_pages(), our_passages(), lambda: TODAY).reply([question], Around())
    assert made is not None
    texts = {passage.id: passage for passage in our_passages()}
    cited = [texts[one.passage_id] for one in made.citations]
    found = figures_of(
        made.text, [f"{' > '.join((one.title, *one.section))}\n\n{one.text}" for one in cited], [question]
    )
    assert found.unsupported == ()
    assert found.computed
