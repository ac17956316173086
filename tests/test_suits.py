"""Which careers suit a learner, and why: words in common, the rare ones first, what speaks against told."""

import math
from pathlib import Path

import pytest
from role_bench import BAKER, MILLER, Shelf, marked_lines, small_shelf, whole_shelf

from advisor.career.suits import Fit, Learner, Ranking, Side, examples, rank_careers
from advisor.career.wording import ranking_text

LEARNERS = (
    Learner(interests="numbers, money, charts", strengths="exact, curious", likes_maths=True),
    Learner(interests="drawing, psychology", strengths="listening", dislikes="mathematics, coding"),
    Learner(interests="puzzles, hacking, networks", strengths="careful notes", dislikes="meetings"),
    Learner(dislikes="being on call", likes_coding=True, hours_per_week=3),
)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return small_shelf(tmp_path)


def fit_of(ranking: Ranking, role: str) -> Fit:
    return next(fit for fit in ranking.fits if fit.role == role)


def test_a_word_of_one_career_counts_as_the_formula_says(shelf: Shelf) -> None:
    (fit,) = rank_careers(Learner(interests="chemistry"), shelf.roles).fits
    assert (fit.role, fit.score) == ("Baker", round(math.log(1 + 2 / 1), 3))


def test_an_interest_that_answers_a_strength_counts_less(shelf: Shelf) -> None:
    (fit,) = rank_careers(Learner(interests="patience"), shelf.roles).fits
    assert fit.score == round(0.6 * math.log(3), 3)


def test_a_word_counts_once_where_it_counts_most(tmp_path: Path) -> None:
    pages = {"baker.md": BAKER.replace("strong arms", "flour"), "miller.md": MILLER}
    (fit,) = rank_careers(Learner(interests="flour"), small_shelf(tmp_path, pages).roles).fits
    assert [(reason.about, reason.because) for reason in fit.reasons] == [("Interests", ("flour",))]


def test_a_word_that_is_only_alike_counts_half(shelf: Shelf) -> None:
    (fit,) = rank_careers(Learner(interests="robots"), shelf.roles).fits  # the miller has "machines"
    assert (fit.role, fit.score) == ("Miller", round(0.5 * math.log(3), 3))


def test_reasons_quote_the_line_and_the_learner(shelf: Shelf) -> None:
    (reason,) = rank_careers(Learner(interests="early Flour"), shelf.roles).fits[0].reasons
    assert (reason.side, reason.about) == (Side.FOR, "Interests")
    assert reason.words == "flour, chemistry, early mornings"
    assert reason.because == ("early", "Flour")


def test_an_aversion_of_the_page_counts_against_who_shares_it(shelf: Shelf) -> None:
    fit = fit_of(rank_careers(Learner(interests="flour, chemistry", dislikes="heat"), shelf.roles), "Baker")
    against = [(one.about, one.because) for one in fit.reasons if one.side is Side.AGAINST]
    assert against == [("Less suited", ("heat",))]
    assert fit.caution is None  # the line is quoted already


def test_a_wish_the_career_does_not_grant_counts_against(shelf: Shelf) -> None:
    fit = fit_of(rank_careers(Learner(interests="flour, chemistry, sleep"), shelf.roles), "Baker")
    assert [one.because for one in fit.reasons if one.side is Side.AGAINST] == [("sleep",)]


def test_liking_what_others_dislike_does_not_count_against(shelf: Shelf) -> None:
    fit = fit_of(rank_careers(Learner(interests="flour, heat"), shelf.roles), "Baker")
    assert all(one.side is Side.FOR for one in fit.reasons)


def test_the_line_on_whom_it_suits_less_is_told_in_any_case(shelf: Shelf) -> None:
    fit = fit_of(rank_careers(Learner(interests="flour"), shelf.roles), "Baker")
    assert fit.caution is not None
    assert fit.caution.words == "people who want to sleep long, or who dislike heat"


def test_known_skills_count_a_little_and_ties_go_by_name(shelf: Shelf) -> None:
    fits = rank_careers(Learner(known=shelf.known("kneading")), shelf.roles).fits
    assert [(fit.role, fit.score) for fit in fits] == [("Baker", 0.5), ("Miller", 0.5)]


def test_who_dislikes_mathematics_is_told_of_the_skill_that_asks_for_it(shelf: Shelf) -> None:
    for learner in (
        Learner(interests="flour, chemistry, early", likes_maths=False),
        Learner(interests="flour, chemistry, early", dislikes="maths"),
    ):
        fit = fit_of(rank_careers(learner, shelf.roles), "Baker")
        assert [one.words for one in fit.reasons if one.side is Side.AGAINST] == ["Calculus: for the dough"]


def test_who_likes_coding_is_led_to_the_career_that_asks_for_it(shelf: Shelf) -> None:
    (fit,) = rank_careers(Learner(likes_coding=True), shelf.roles).fits
    assert (fit.role, fit.reasons[0].words) == ("Miller", "Java: for the mill's computer")


def test_too_few_hours_are_told_but_do_not_change_the_rank(shelf: Shelf) -> None:
    few, none = (
        fit_of(rank_careers(Learner(interests="flour", hours_per_week=hours), shelf.roles), "Baker")
        for hours in (10.0, None)
    )
    assert few.score == none.score
    assert few.reasons[-1].words == "The Mill: 2 years at 40 hours per week"
    assert few.reasons[-1].because == ("10 hours a week",)


def test_nothing_in_common_ranks_nothing_and_says_so(shelf: Shelf) -> None:
    ranking = rank_careers(Learner(interests="astronomy"), shelf.roles)
    assert ranking.fits == ()
    assert "try other words" in ranking_text(ranking, shelf.cite(ranking))


def test_a_learner_who_says_nothing_is_silent() -> None:
    assert Learner(interests="  ", hours_per_week=5).is_silent
    assert not Learner(likes_maths=False).is_silent


def test_examples_come_from_the_pages(shelf: Shelf) -> None:
    assert examples(shelf.roles, "Interests") == ("flour", "water")


def test_over_the_corpus_every_reason_has_a_source_that_resolves() -> None:
    shelf = whole_shelf()
    for learner in LEARNERS:
        ranking = rank_careers(learner, shelf.roles)
        assert 1 <= len(ranking.fits) <= 5
        assert [fit.score for fit in ranking.fits] == sorted((fit.score for fit in ranking.fits), reverse=True)
        cited = shelf.cite(ranking)
        assert list(shelf.unresolved(cited)) == []
        lines = marked_lines(ranking_text(ranking, cited))
        assert [line for line in lines if not line.endswith("]")] == []


def test_over_the_corpus_the_careers_first_named_are_those_one_would_expect() -> None:
    shelf = whole_shelf()
    first = [rank_careers(learner, shelf.roles).fits[0].role for learner in LEARNERS[:3]]
    assert first == ["Data analyst", "UX designer", "Penetration tester"]


def test_over_the_corpus_each_career_is_found_by_its_own_words() -> None:
    shelf = whole_shelf()
    for role in shelf.roles:
        own = [
            line.rpartition(": ")[2]
            for page in role.pages
            for line in page.document.text.splitlines()
            if line.startswith("- Interests: ")
        ]
        ranked = [fit.role for fit in rank_careers(Learner(interests=" ".join(own)), shelf.roles).fits]
        assert role.name in ranked[:2], (role.name, ranked)
