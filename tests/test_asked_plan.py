"""Plans in a conversation: what questions ask of them, what follow-ups change, and the short reply with its sources."""

import math
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_bench import TODAY, career_of, few, our_careers, our_pages, our_passages, pages, passages_of

from advisor.career.asked_plan import asked_plan
from advisor.career.asked_words import AskedPlan, Lexicon
from advisor.career.careers import find_career
from advisor.career.marks import ItemState, Mark
from advisor.career.plan_reply import Around, Planner, PlanReply, way_told
from advisor.career.planned import Money
from advisor.career.skills import read_vocabulary
from advisor.records import Answer, Citation, Document, Profile, Status
from advisor.search.roles import read_spellings

ENGINEER = (
    "I work full time, 8 hours a week, know Python and SQL, want to be a data engineer by next September, no money"
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    spellings = read_spellings([
        Document(f"{role}.md", role, "", (), "", role=role)
        for role in ("Data engineer", "Data analyst", "DevOps engineer", "Full-stack developer")
    ])  # fmt: skip
    names = ("Python", "SQL", "HTML", "CSS", "JavaScript", "Git", "Docker", "Machine learning")
    return Lexicon(spellings, read_vocabulary(names, []))


def asked(lexicon: Lexicon, *questions: str) -> AskedPlan | None:
    return asked_plan(questions, lexicon, today=TODAY)


# --- one question ---------------------------------------------------------------------------------


def test_everything_that_a_question_says_is_read(lexicon: Lexicon) -> None:
    assert asked(lexicon, ENGINEER) == AskedPlan(
        role="Data engineer", hours_per_week=8, known=("python", "sql"), by=date(2027, 9, 1), free_only=True
    )


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("I know Python and SQL,", ("python", "sql")),
        ("i can do html css js and git already,", ("html", "css", "js", "git")),
        ("I know some pyhton and a bit of SQL,", ("Python", "sql")),
        ("knowing python/sql, a little machine learning,", ("python", "sql", "machine learning")),
        ("I know how to program in Python,", ("python",)),
        ("I don't know Python, but know git,", ("git",)),
        ("I know nothing,", ()),
        ("I want to learn Python,", ()),
    ],
)
def test_skills_are_read_up_to_the_first_word_that_is_none(lexicon: Lexicon, words: str, known: tuple[str]) -> None:
    plan = asked(lexicon, f"{words} want to be a data analyst, 5 hours a week")
    assert plan is not None
    assert plan.known == known


@pytest.mark.parametrize(
    ("words", "free_only", "budget"),
    [
        ("no budget", True, None),
        ("only free stuff", True, None),
        ("and I won't pay for anything", True, None),
        ("budget $200", False, Money(200, "USD")),
        ("at most 50 euros", False, Money(50, "EUR")),
        ("6 hrs/week free", False, None),  # of time, not of charge
        ("I earn 200 euros a day", False, None),
    ],
)
def test_money_is_read(lexicon: Lexicon, words: str, free_only: bool, budget: Money | None) -> None:
    plan = asked(lexicon, f"plan for data analyst, {words}")
    assert plan is not None
    assert (plan.free_only, plan.budget) == (free_only, budget)


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("I'm a data analyst and want to become a data engineer, 8h/week", "Data engineer"),
        ("from data analyst to devops, plan please", "DevOps engineer"),
        ("6 hrs/week, goal = data enginer", "Data engineer"),
        ("make me a plan for data engineering", "Data engineer"),
        ("make me a plan", None),
    ],
)
def test_the_career_is_the_one_aimed_at(lexicon: Lexicon, question: str, role: str | None) -> None:
    plan = asked(lexicon, question)
    assert plan is not None
    assert (plan.role, plan.choices) == (role, ())


def test_two_careers_to_choose_from_are_left_to_the_learner(lexicon: Lexicon) -> None:
    plan = asked(lexicon, "I want to become a data analyst or a data engineer, 10 hours a week")
    assert plan is not None
    assert (plan.role, plan.choices) == (None, ("Data analyst", "Data engineer"))


# --- a conversation -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("follow_up", "changes"),
    [
        ("and with 12 hours a week?", {"hours_per_week": 12}),
        ("and with 12?", {"hours_per_week": 12}),
        ("what about 5 hours?", {"hours_per_week": 5}),
        ("Can I do it faster with 20 hours a week?", {"hours_per_week": 20}),
        ("what if I start in March?", {"start": date(2027, 3, 1)}),
        ("and in six months?", {"by": date(2027, 5, 21)}),
        ("and if I knew docker?", {"known": ("python", "sql", "docker")}),
        ("and with 200 euros?", {"free_only": False, "budget": Money(200, "EUR")}),
        ("and if I can pay?", {"free_only": False, "may_cost": True}),
        ("without the certificate", {"without": ("certificate",)}),
        ("and as a data analyst?", {"role": "Data analyst"}),
        ("what should I do this week?", {"of_week": True}),
        ("how long?", {"how_long": True}),
    ],
)
def test_a_follow_up_changes_what_it_says_and_keeps_the_rest(
    lexicon: Lexicon, follow_up: str, changes: dict[str, object]
) -> None:
    first = {"role": "Data engineer", "hours_per_week": 8, "known": ("python", "sql"), "by": date(2027, 9, 1)}
    expected = first | {"free_only": True, "is_exact": True} | changes
    assert asked(lexicon, ENGINEER, follow_up) == AskedPlan(**expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question",
    ["what is airflow?", "how long does the Zoomcamp take at 12 hours a week?", "is the SQL course free?", "thanks",
     "why so long?", "and a free course for SQL?", "Which data analyst certificates are there?"],
)  # fmt: skip
def test_a_question_with_more_in_it_is_no_change_of_the_plan(lexicon: Lexicon, question: str) -> None:
    assert asked(lexicon, ENGINEER, question) is None


def test_a_plan_outlives_other_questions_but_not_another_length_of_time(lexicon: Lexicon) -> None:
    later = asked(lexicon, ENGINEER, "what is airflow?", "and with 12 hours a week?")
    assert later is not None
    assert later.role == "Data engineer"
    assert asked(lexicon, ENGINEER, "how long is the Zoomcamp?", "and with 12 hours a week?") is None


def test_the_answer_to_which_career_completes_the_plan(lexicon: Lexicon) -> None:
    plan = asked(lexicon, "make me a study plan, 8 hours a week", "a data enginer please")
    assert plan == AskedPlan(role="Data engineer", hours_per_week=8, is_exact=True)


def test_without_a_plan_before_it_a_change_asks_for_nothing(lexicon: Lexicon) -> None:
    assert asked(lexicon, "and with 12 hours a week?") is None
    assert asked(lexicon, "What should I do this week?") is None


# --- the reply ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def planner() -> Planner:
    return Planner(our_pages(), our_passages(), lambda: TODAY)


def reply(planner: Planner, *questions: str, around: Around | None = None) -> PlanReply:
    made = planner.reply(questions, around or Around())
    assert made is not None
    return made


def test_the_sum_is_shown_and_the_weeks_follow_from_it(planner: Planner) -> None:
    head = reply(planner, ENGINEER).text.split("\n")[0]
    found = re.search(r"(\d+)–(\d+) h at 8 h a week = (\d+)–(\d+) weeks", head)
    assert found is not None
    low, high, fewest, most = map(int, found.groups())
    assert (math.ceil(low / 8), math.ceil(high / 8)) == (fewest, most)
    assert "done by 2 May 2027" in head


def test_the_reply_is_short_and_says_what_is_known_left_out_paid_and_guessed(planner: Planner) -> None:
    text = reply(planner, ENGINEER).text
    assert "By 1 Sep 2027: it fits, with 17 weeks to spare (40 − 23)" in text
    assert "Already known: CS50's Introduction to Programming with Python (Python)" in text
    assert "Left out, not free or unpriced: Fundamentals of Data Engineering and" in text
    assert "Cost: nothing" in text
    assert "~ is our estimate, no length is stated (88 h in all)" in text
    told = text.split("`advisor")[0]
    assert len(re.findall(r"\b[A-Za-z][A-Za-z'-]+", told)) <= 150


def test_a_date_that_cannot_be_kept_says_what_it_needs_and_what_to_cut(planner: Planner) -> None:
    text = reply(planner, "8 hours a week, know python, want to be a data analyst by june, no money").text
    assert "By 1 Jun 2027 it does not fit: 334.5 h in the 27 weeks until then take 12.5 h a week." in text
    assert "Even without Data Visualization (34 h), which nothing later asks for, it would not fit" in text


def test_stated_weeks_show_how_they_become_hours(planner: Planner) -> None:
    text = reply(planner, ENGINEER).text
    assert "The Missing Semester of Your CS Education (2 weeks at 12 h = 24 h)" in text
    assert "Data Engineering Zoomcamp (≈9 weeks at 5–10 h = 45–90 h)" in text
    assert "(the middle, 179.5 h, takes 23 weeks from 23 Nov 2026)" in text


def test_what_asks_for_something_left_out_is_told(planner: Planner) -> None:
    text = reply(planner, "plan for project manager, 3 hours a week, at most 100 euros").text
    assert "Left out, beyond the budget or unpriced: Google Project Management Professional Certificate" in text
    assert "Mind the gap: Project: a plan for a local organisation asks for what is left out" in text


def test_a_rate_shows_how_often_it_is_paid(planner: Planner) -> None:
    text = reply(planner, "plan for security analyst, 12 hours a week, budget $700").text
    assert "Cost: USD 196 (Google Cybersecurity Professional Certificate 4 × USD 49 per month = USD 196)" in text


def test_what_is_free_only_to_audit_is_told_apart_from_free(planner: Planner) -> None:
    ai = reply(planner, "plan for AI/ML engineer, 10 hours a week").text
    assert "Free only to audit: all that is free here; look at the course page whether that still holds" in ai
    game = reply(planner, "plan for game developer, 10 hours a week").text
    assert "Free only to audit: Computer Graphics; look" in game
    assert "Free only to audit" not in reply(planner, ENGINEER).text


def test_every_line_of_a_list_is_a_claim_and_every_quote_stands_in_its_passage(planner: Planner) -> None:
    made = reply(planner, ENGINEER)
    passages = {passage.id: passage for passage in planner.passages}
    assert [citation.number for citation in made.citations] == list(range(1, len(made.citations) + 1))
    assert {number for claim in made.claims for number in claim.citations} == {one.number for one in made.citations}
    for citation in made.citations:
        assert citation.quote in passages[citation.passage_id].text
    entries = [line for line in made.text.split("\n") if line.startswith("- ")]
    assert len(entries) == 4
    assert all(re.search(r"\[\d+\]$", line) for line in entries)


def test_the_command_makes_the_same_plan(planner: Planner) -> None:
    text = reply(planner, ENGINEER, "and with 12 hours a week, starting in March?").text
    assert text.endswith(
        '`advisor plan --role "Data engineer" --hours-per-week 12 --known python,sql --start 2027-03-01'
        " --by 2027-09-01 --free-only`"
    )


def test_hours_that_nobody_gives_are_taken_and_said(planner: Planner) -> None:
    assert reply(planner, "make me a study plan for data engineer").text.startswith(
        "You gave no hours, so this takes 8 a week."
    )
    by_date = reply(planner, "can I become a data analyst in six months?").text
    assert by_date.startswith("You gave no hours, so this takes what 21 May 2027 needs.")
    assert "at 15 h a week" in by_date


def test_how_long_is_answered_by_the_sum_and_by_what_the_page_says(planner: Planner) -> None:
    text = reply(planner, "i can put in about 10h a week. how long until i'm a game programmer?").text
    assert "at 10 h a week" in text
    assert "The page itself says: " in text
    assert "16–18 months at 10 hours a week" in text


def test_items_are_left_out_by_sort_or_by_name_and_a_stranger_is_named(planner: Planner) -> None:
    books = reply(planner, "plan for data engineer, 8 h a week", "without the books").text
    assert "Left out, as you asked: Fundamentals of Data Engineering and Designing Data-Intensive" in books
    one = reply(planner, "plan for data engineer, 8 h a week", "leave out the docker workshop").text
    assert "Left out, as you asked: Docker workshop" in one
    assert '--skip "Docker workshop"`' in one
    assert (
        "No item of this plan is called “zebra”."
        in reply(planner, "plan for data engineer, 8 h a week", "without the zebra").text
    )


def test_this_week_is_the_first_of_the_plan_and_marks_count(planner: Planner) -> None:
    questions = ("plan for data engineer, 8 h a week, I know python", "what should I do this week?")
    text = reply(planner, *questions).text
    assert text.startswith("**Data engineer, 16 Nov to 22 Nov 2026**, 8 h a week [1]:\n\n- CS50's Introduction to Dat")
    career = find_career("data engineer", our_careers())
    first = next(item for item in career.roadmap.items if "Databases" in item.name)
    mark = Mark(first.name, first.provider or "", ItemState.DONE, datetime(2026, 11, 20, tzinfo=UTC))
    marked = planner.reply(questions, marks=lambda _career: (mark,))
    assert marked is not None
    assert "\n- Project: timetables in a database" in marked.text


def test_a_profile_fills_in_what_is_not_said_and_is_named(planner: Planner) -> None:
    profile = Profile("Data engineer", ("SQL",), 6.0, "0")
    text = reply(planner, "make me a plan", around=Around(profile=profile)).text
    assert text.startswith("From your profile: 6 h a week; you know SQL; only what is free.")
    said = reply(planner, "plan for data analyst, 3 hours a week, with 20 euros", around=Around(profile=profile)).text
    assert "**Data analyst: " in said
    assert "at 3 h a week" in said
    assert '--budget "EUR 20"' in said


def test_with_a_profile_of_career_and_hours_this_week_needs_no_plan_before_it(planner: Planner) -> None:
    asked = ["what should I do this week?"]
    made = planner.reply(asked, Around(profile=Profile("Data engineer", hours_per_week=6.0)))
    assert made is not None
    assert "\n- CS50's Introduction to Programming with Python: 6 h of 35 h" in made.text
    assert planner.reply(asked, Around(profile=Profile("Data engineer"))) is None
    assert planner.reply(["is the exam this week?"], Around(profile=Profile("Data engineer", (), 6.0))) is None


WAY = Around(way="Data engineer")


def test_a_pace_after_the_way_of_a_career_was_told_makes_its_plan(planner: Planner) -> None:
    told = ["How long does it take to become a data engineer?", "and if I only have 5 hours a week?"]
    assert "**Data engineer: " in reply(planner, *told, around=WAY).text
    assert "at 5 h a week" in reply(planner, *told, around=WAY).text
    assert planner.reply(told, Around(before="Data engineer")) is None


@pytest.mark.parametrize(
    "question", ["and how long is phase 1?", "is the course 5 hours a week?", "how long is the exam at 5 hours a week?"]
)
def test_what_asks_for_more_than_a_pace_changes_no_way_that_was_told(planner: Planner, question: str) -> None:
    assert planner.reply(["How long does it take?", question], WAY) is None


def test_only_an_answer_of_nothing_but_the_way_tells_it() -> None:
    roles = {"data-engineer.md": "Data engineer", "baker.md": "Baker"}

    def told(*cited: tuple[str, str]) -> Answer:
        citations = [Citation(n, "id", document, section, None, "q") for n, (document, section) in enumerate(cited)]
        return Answer("?", Status.ANSWERED, "text", citations=tuple(citations))

    time, path = (
        "Page > How long it takes to become a data engineer",
        "Page > Roadmap to becoming a data engineer, in order",
    )
    assert way_told(told(("data-engineer.md", time), ("data-engineer.md", path)), roles) == "Data engineer"
    assert way_told(told(("data-engineer.md", time), ("data-engineer.md", "Page > Skills")), roles) is None
    assert way_told(told(("data-engineer.md", time), ("baker.md", time)), roles) is None
    assert way_told(told(), roles) is None


def test_the_career_comes_from_around_the_question_where_it_names_none(planner: Planner) -> None:
    bare, told = "make me a plan", "I have a Mac. Lay out the way to an app in the App Store for me."
    assert "**Data engineer: " in reply(planner, bare, around=Around(before="Data engineer", near="UX designer")).text
    near = reply(planner, told, around=Around(before="Data engineer", near="iOS developer")).text
    assert near.startswith("No career is named; the pages nearest to your words are those on iOS developer.")
    given = Around(given="DevOps engineer")
    assert "**DevOps engineer: " in reply(planner, "plan for data engineer", around=given).text


def test_without_any_career_one_question_comes_back(planner: Planner) -> None:
    made = reply(planner, "can you make me a plan")
    assert (made.status, made.citations) == (Status.CLARIFY, ())
    assert made.text.startswith("For which career shall the plan be? For example: ")
    either = reply(planner, "I want to become a data analyst or a data engineer, 10 hours a week")
    assert either.text.endswith("Data analyst · Data engineer.")


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("plan for ux designer, 200 hours a week", "“hours per week” 200 is not possible"),
        ("become a data analyst by 2025-01-01, 5h a week, is what I want", "is not in the future"),
    ],
)
def test_what_cannot_be_planned_says_why(planner: Planner, question: str, why: str) -> None:
    made = reply(planner, question)
    assert made.status is Status.CLARIFY
    assert why in made.text


def test_a_question_for_no_plan_gets_none(planner: Planner) -> None:
    assert planner.reply(["What is Airflow?"]) is None
    assert planner.reply([ENGINEER, "What is Airflow?"]) is None


@given(pages(), st.sampled_from(["", ", no money", ", budget $75", ", I know sql and git", ", by june"]))
@few
def test_whatever_the_page_every_line_is_cited_by_words_of_its_passage(page: str, wish: str) -> None:
    document = career_of(page).document
    passages = passages_of(document)
    made = reply(Planner((document,), passages, lambda: TODAY), f"plan for beekeeper, 5 hours a week{wish}")
    texts = {passage.id: passage.text for passage in passages}
    assert made.citations
    assert all(citation.quote in texts[citation.passage_id] for citation in made.citations)
    assert {number for claim in made.claims for number in claim.citations} == {one.number for one in made.citations}
    phases = [line for line in made.text.split("\n") if line.startswith("- ")]
    assert all(re.search(r"\[\d+\]$", line) for line in phases)
