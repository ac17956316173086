"""Which questions ask for a plan, and the time per week that their words offer."""

import pytest

from advisor.search.planning import asks_plan, offers_only_time, plain, read_pace


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("8 hours a week", 8),
        ("10h per week", 10),
        ("6 hrs/week free", 6),
        ("15 hours weekly", 15),
        ("five hours a week", 5),
        ("one hour every evening", 7),
        ("an hour and a half a day", 10.5),
        ("half an hour a day", 3.5),
        ("45 minutes a day", 5.25),
        ("2 hours on weekends", 2),
        ("1 hour a day on weekdays and 3 hours on weekends", 8),
        ("an hour per weekday", 5),
        ("26 hours a month", 6),
        ("8-10 hours a week", 8),  # of a range the lower end
        ("10 spare hours a week", 10),
        ("8 hours of study a week", 8),
        ("I work 40 hours a week and can study 6 hours a week", 6),
        ("I can study full time", 35),
        ("until i get a job as a baker studying 10 hours a week", 10),
        ("to land my first job as a baker at 7 hours a week", 7),
    ],
)
def test_a_pace_is_read_in_hours_per_week(text: str, hours: float) -> None:
    pace = read_pace(plain(text))
    assert pace is not None
    assert pace.hours_per_week == pytest.approx(hours)


@pytest.mark.parametrize(
    "text",
    [
        "I work 40 hours a week",
        "my job as a baker is 40 hours a week",
        "the course says 100 hours",
        "hours a week?",
        "9 weeks",
    ],
)
def test_what_is_no_time_for_study_is_no_pace(text: str) -> None:
    assert read_pace(plain(text)) is None


@pytest.mark.parametrize(
    "question",
    [
        "Make me a study plan",
        "can you make me a plan",
        "please create a weekly study schedule",
        "plan for backend developer please",
        "Please plan my way to AI/ML engineer",
        "What would the schedule look like",
        "Lay out the way to an app in the App Store for me",
    ],
)
def test_a_plan_asked_for_by_name_needs_no_career(question: str) -> None:
    assert asks_plan(question, names_career=False)


@pytest.mark.parametrize(
    "question",
    [
        "I work full time, 8 hours a week, know Python, want to be a data engineer by next September, no money",
        "can I become a data analyst in six months with 10 hours a week?",
        "can I become a data analyst in six months?",
        "how long would it take me at 5 h a week to become a UX designer",
        "10h a week. how long until i'm a game programmer?",
        "15 hours weekly. what do i study in what order to call myself full stack dev?",
    ],
)
def test_a_career_as_the_aim_and_the_time_for_it_ask_for_a_plan(question: str) -> None:
    assert asks_plan(question, names_career=True)
    assert not asks_plan(question, names_career=False)


@pytest.mark.parametrize(
    "question",
    [
        "How long does it take to become a data engineer?",
        "At 6 hours a week, when would I finish the mathematics specialization?",
        "the three specializations for aspiring ai engineers at 10 hrs a week - how long all together",
        "web developer with just 5 hours a week next to work. two years enough?",
        "what gets thrown out of the study plan first",
        "how do i get back into my five hours a week plan?",
        "if i write a perfect plan and stick to it the project can't slip, that's the whole job no?",
        "Amirul says one can become a data engineer in 8 months",
        "I have 5 hours a week and want to become a data analyst, which certificates are worth it?",
        "does a project manager need a project plan?",
    ],
)
def test_other_questions_do_not(question: str) -> None:
    assert not asks_plan(question, names_career=True)


@pytest.mark.parametrize(
    ("question", "only"),
    [
        ("I have 10 hours a week", True),
        ("i can study 2 hours a day", True),
        ("10 hours per week.", True),
        ("how much can I learn with 5 hours a week?", False),
        ("I have 10 hours a week for data engineering", False),
        ("I have no time", False),
    ],
)
def test_that_there_is_time_and_nothing_else_is_said(question: str, only: bool) -> None:
    assert offers_only_time(question) is only


def test_a_pace_and_a_day_with_a_career_ask_for_a_plan_without_an_aim_said() -> None:
    assert asks_plan("35 hours a week, penetration tester, know nothing yet, by august 2027", names_career=True)
    assert not asks_plan("35 hours a week, penetration tester, by august 2027: too much?", names_career=True)
    assert not asks_plan("35 hours a week, by august 2027", names_career=False)
    assert not asks_plan("penetration tester, by august 2027", names_career=True)
