"""Which standing subject of a career a question asks for, and what it asks for beyond it."""

import pytest

from advisor.corpus.subjects import Subject
from advisor.records import Intent, Query
from advisor.search.asked import asked_subject, asks_whole_way, names_no_part, names_nothing
from advisor.text import stems


def special(question: str, looks_for: str | None = None) -> tuple[str, ...]:
    found = asked_subject(question)
    assert found is not None
    return found.left(stems(question if looks_for is None else looks_for))


def subject(question: str) -> Subject | None:
    found = asked_subject(question)
    return found.subject if found else None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is it true that beekeepers never sleep?", Subject.MYTHS),
        ("everyone says bees look after themselves", Subject.MYTHS),
        ("What is a good first step?", Subject.FIRST_STEP),
        ("what can i do this weekend", Subject.FIRST_STEP),
        ("Where do I even start?", Subject.FIRST_STEP),
        ("Which entry-level jobs are there?", Subject.FIRST_JOBS),
        ("how do i get my foot in the door", Subject.FIRST_JOBS),
        ("What are common mistakes?", Subject.PITFALLS),
        ("what do people get wrong", Subject.PITFALLS),
        ("What does the day-to-day look like?", Subject.DAILY_WORK),
        ("What do they actually do?", Subject.DAILY_WORK),
        ("would i enjoy it", Subject.SUITS),
        ("What kind of person is it good for?", Subject.SUITS),
        ("who is beekeeping for?", Subject.SUITS),
        ("who is that job good for? (beekeeper)", Subject.SUITS),
        ("How hard is it?", Subject.DIFFICULTY),
        ("beekeeper or baker, which is easier for a beginner?", Subject.DIFFICULTY),
        ("what do i have to know before i can get hired", Subject.SKILLS),
        ("is beekeeping hard to learn", Subject.DIFFICULTY),
        ("So is data science difficult for a nurse?", Subject.DIFFICULTY),
        ("what should i learn first", Subject.FIRST_STEP),
        ("how to start with hives", Subject.FIRST_STEP),
        ("what comes after senior", Subject.TITLES),
        ("Which job titles are there?", Subject.TITLES),
        ("Which skills are nice to have later?", Subject.OPTIONAL_SKILLS),
        ("which certs help", Subject.CERTIFICATES),
        ("Which skills are expected?", Subject.SKILLS),
        ("what do i need to know", Subject.SKILLS),
    ],
)
def test_a_subject_is_known_by_the_ways_learners_ask_for_it(question: str, expected: Subject) -> None:
    assert subject(question) is expected


@pytest.mark.parametrize(
    "question",
    ["What is Kafka?", "How long is phase 1?", "a hive and a spade", "", "is hard wax there?"],
)
def test_a_question_without_such_words_asks_for_no_subject(question: str) -> None:
    assert asked_subject(question) is None


def test_the_first_of_several_subjects_decides() -> None:
    assert subject("Is it true that certificates are a mistake?") is Subject.MYTHS
    assert subject("Which mistakes do people make with certificates?") is Subject.PITFALLS


def test_words_of_the_subject_and_fillers_are_nothing_special() -> None:
    assert special("What are the biggest mistakes of a beginner?") == ()


def test_what_is_special_is_left_in_the_order_of_the_question() -> None:
    assert special("Which mistakes do beginners make with smokers and queens?") == tuple(stems("smokers queens"))


def test_a_phrase_that_is_reworded_for_search_is_still_of_the_subject() -> None:
    assert special("How hard is it?", looks_for="difficulty level") == ()


def test_only_what_the_question_looks_for_can_be_left() -> None:
    assert special("Which mistakes with smokers?", looks_for="") == ()


@pytest.mark.parametrize(
    ("question", "left"),
    [("What does Airflow actually do?", "airflow"), ("Is the optional Kafka course any good?", "kafka")],
)
def test_words_between_the_words_of_a_subject_stay_special(question: str, left: str) -> None:
    found = asked_subject(question)
    assert found is None or left in found.left(stems(question))


@pytest.mark.parametrize("question", ["Do beekeepers get a yearly bonus?", "Is a degree optional?"])
def test_a_bonus_or_an_option_without_skills_is_no_optional_skill(question: str) -> None:
    assert subject(question) is not Subject.OPTIONAL_SKILLS


@pytest.mark.parametrize("text", ["", "certificate exam", "course phase 2", "beginner roadmap"])
def test_what_every_career_has_names_nothing(text: str) -> None:
    assert names_nothing(stems(text))


@pytest.mark.parametrize("text", ["kafka", "kafka certificate", "phase two kafka"])
def test_one_word_of_its_own_names_something(text: str) -> None:
    assert not names_nothing(stems(text))


@pytest.mark.parametrize("text", ["", "become", "become job ready", "zero scratch", "total beginner realistic"])
def test_the_ends_of_a_way_name_no_part_of_it(text: str) -> None:
    assert names_no_part(stems(text))


@pytest.mark.parametrize("text", ["course", "phase", "become kafka", "2"])
def test_a_course_a_phase_or_a_number_names_a_part(text: str) -> None:
    assert not names_no_part(stems(text))


@pytest.mark.parametrize(
    ("roles", "terms", "intent", "is_whole"),
    [
        (("Bee keeper",), "beginner", Intent.STEPS, True),
        (("Bee keeper",), "bee keeper", Intent.STEPS, True),
        (("Bee keeper",), "hive", Intent.STEPS, False),
        (("Bee keeper",), "become", Intent.FACT, False),
        ((), "become", Intent.STEPS, False),
    ],
)
def test_the_whole_way_is_asked_for_by_steps_of_a_career_and_of_nothing_else(
    roles: tuple[str, ...], terms: str, intent: Intent, is_whole: bool
) -> None:
    assert asks_whole_way(Query("?", "?", intent, tuple(stems(terms)), roles=roles)) is is_whole
