"""A profile out of fields: what is taken as said, and what cannot be meant."""

import pytest

from advisor.career.profile import KNOWN_CHARS, in_short, read_profile, read_skills
from advisor.errors import UsageError
from advisor.records import Profile

CAREERS = ("Baker", "Miller")


def test_empty_fields_say_nothing() -> None:
    assert read_profile(None, "", None, "", careers=CAREERS) == Profile()
    assert read_profile("", " \u200b\n", None, "  ", careers=CAREERS) == Profile()


def test_every_field_is_kept_in_one_form() -> None:
    read = read_profile("Baker", " rye ,flour\n; Rye; ", 7.5, " EUR   50 ", careers=CAREERS)
    assert read == Profile("Baker", ("rye", "flour"), 7.5, "EUR 50")


@pytest.mark.parametrize("role", ["baker", "Astronaut"])
def test_a_career_must_be_one_of_the_pages(role: str) -> None:
    with pytest.raises(UsageError, match=f"--role '{role}' is no career"):
        read_profile(role, "", None, "", careers=CAREERS)


@pytest.mark.parametrize("hours", [0.0, -1.0, 101.0, float("nan"), float("inf")])
def test_a_pace_at_which_nobody_can_study_is_refused(hours: float) -> None:
    with pytest.raises(UsageError, match="--hours-per-week"):
        read_profile(None, "", hours, "", careers=CAREERS)


@pytest.mark.parametrize("budget", ["much", "EUR 5 USD", "-3"])
def test_a_budget_that_is_no_amount_is_refused(budget: str) -> None:
    with pytest.raises(UsageError, match="--budget"):
        read_profile(None, "", None, budget, careers=CAREERS)


def test_skills_are_at_most_as_long_as_allowed() -> None:
    assert read_skills("x" * KNOWN_CHARS) == ("x" * KNOWN_CHARS,)
    with pytest.raises(UsageError, match="1001 characters"):
        read_skills("x" * (KNOWN_CHARS + 1))


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (Profile(), ""),
        (Profile("Baker"), "Baker"),
        (Profile("Baker", ("rye", "flour"), 8, "0"), "Baker · knows rye, flour · 8 hours per week · budget 0"),
    ],
)
def test_a_profile_in_short(profile: Profile, words: str) -> None:
    assert in_short(profile) == words
