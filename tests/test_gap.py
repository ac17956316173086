"""What is missing between a learner and a career, and the way to it."""

from pathlib import Path

import pytest
from role_bench import BAKER, MILLER, Shelf, marked_lines, small_shelf, whole_shelf

from advisor.career.gap import Gap, Missing, find_gap
from advisor.career.skills import Closeness
from advisor.career.wording import gap_text
from advisor.errors import UsageError

LEARNERS = ("", "excel, pythn, SQL", "java, git, communication, sailing", "C++, linux, maths, figma, writing")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return small_shelf(tmp_path)


def gap_of(shelf: Shelf, known: str, role: str = "baker") -> Gap:
    return find_gap(shelf.role(role), shelf.known(known), shelf.roles)


def missing(found: Gap, name: str) -> Missing:
    return next(one for one in found.missing if one.name == name)


def test_essential_and_optional_skills_are_told_apart_and_nothing_is_lost(shelf: Shelf) -> None:
    found = gap_of(shelf, "kneading")
    assert [(one.name, one.closeness) for one in found.held] == [("Kneading", Closeness.SAME)]
    assert [(one.name, one.is_essential) for one in found.missing] == [
        ("Ovens", True),
        ("Calculus", True),
        ("Writing", False),
    ]


def test_free_goes_before_short(shelf: Shelf) -> None:
    ways = missing(gap_of(shelf, ""), "Kneading").learn
    assert [(way.name, way.cost, way.hours) for way in ways] == [
        ("Kneading in short", "free", "30 hours"),
        ("Kneading for everybody", "EUR 20", "10 hours"),
    ]


def test_a_way_found_by_a_topic_says_so_and_what_comes_before_it(shelf: Shelf) -> None:
    (way,) = missing(gap_of(shelf, ""), "Ovens").learn
    assert (way.name, way.phase, way.reason) == ("Fire", "phase 2", "covers ovens and chimneys")
    assert way.after == "Kneading in short"


def test_a_project_that_asks_for_the_skill_practises_it(shelf: Shelf) -> None:
    (project,) = missing(gap_of(shelf, ""), "Kneading").practise
    assert (project.name, project.after) == ("Project: a loaf", "")


def test_what_no_page_of_the_career_teaches_is_looked_up_on_others(shelf: Shelf) -> None:
    (way,) = missing(gap_of(shelf, ""), "Writing").learn
    assert (way.name, way.page, way.is_elsewhere) == ("Writing for millers", "Miller", True)
    assert missing(gap_of(shelf, ""), "Calculus").learn == ()


def test_on_other_pages_a_topic_must_be_the_very_skill(tmp_path: Path) -> None:
    pages = {
        "baker.md": BAKER.replace("- Writing: labels", "- Communication: labels\n- Orchestration: ovens"),
        "miller.md": f"{MILLER}  - Topics: communicating, orchestration\n",
    }
    found = gap_of(small_shelf(tmp_path, pages), "")
    assert missing(found, "Communication").learn == ()
    assert [way.reason for way in missing(found, "Orchestration").learn] == ["covers orchestration"]


def test_an_item_that_is_known_by_its_name_is_not_recommended(shelf: Shelf) -> None:
    (way,) = missing(gap_of(shelf, "Kneading in short"), "Kneading").learn
    assert way.name == "Kneading for everybody"


def test_what_the_page_takes_as_well_counts(shelf: Shelf) -> None:
    held = {one.name: (one.known, one.closeness) for one in gap_of(shelf, "steam").held}
    assert held == {"Ovens": (("steam",), Closeness.ALTERNATIVE)}


def test_of_several_known_skills_the_nearest_comes_first(shelf: Shelf) -> None:
    held = gap_of(shelf, "gas ovens, ovens").held
    assert [(one.known, one.closeness) for one in held] == [(("ovens", "gas ovens"), Closeness.SAME)]


def test_what_the_page_names_under_a_skill_is_a_part_of_it(shelf: Shelf) -> None:
    found = gap_of(shelf, "gas ovens, dough")
    assert missing(found, "Ovens").partly == ("gas ovens",)
    assert missing(found, "Calculus").partly == ("dough",)


def test_a_skill_named_elsewhere_on_the_page_is_a_mention_and_one_named_nowhere_is_told(shelf: Shelf) -> None:
    found = gap_of(shelf, "smoke, mills, sailing")
    assert [(one.known, one.where, one.words) for one in found.mentions] == [
        ("smoke", "Fire (phase 2)", "smoke"),
        ("mills", "Day-to-day work of a baker", "Talks with mills"),
    ]
    assert found.unmentioned == ("sailing",)


def test_in_prose_a_stem_is_not_enough(tmp_path: Path) -> None:
    pages = {"miller.md": MILLER.replace("A miller grinds corn.", "A miller presents corn.")}
    found = gap_of(small_shelf(tmp_path, pages), "public speaking, corn", "miller")
    assert [one.known for one in found.mentions] == ["corn"]
    assert found.unmentioned == ("public speaking",)


def test_java_is_not_missing_from_a_javascript_learner_by_mistake(shelf: Shelf) -> None:
    assert [one.name for one in gap_of(shelf, "javascript", "miller").missing] == ["Kneading", "Java"]


def test_the_text_says_how_many_and_what_was_mended(shelf: Shelf) -> None:
    found = gap_of(shelf, "kneeding, writing")
    text = gap_text(found, shelf.cite(found))
    assert "You have 1 of 3 essential skills, and 1 optional one. [1][2]" in text
    assert "Read 'kneeding' as 'Kneading'." in text
    assert "- **Kneading**: by hand, by machine [3]" in text
    assert "No course on any page is named for it" in text


def test_a_career_without_skills_is_wrong_use_with_the_cure(tmp_path: Path) -> None:
    shelf = small_shelf(tmp_path, {"miller.md": MILLER.replace("## Essential skills of a miller", "## Stones")})
    with pytest.raises(UsageError, match="'Miller' list no skills; add a section 'Essential skills of"):
        gap_of(shelf, "java", "miller")


@pytest.mark.parametrize("known", LEARNERS)
def test_over_the_corpus_every_line_has_a_source_and_every_source_resolves(known: str) -> None:
    shelf = whole_shelf()
    for role in shelf.roles:
        found = find_gap(role, shelf.known(known), shelf.roles)
        cited = shelf.cite(found)
        assert list(shelf.unresolved(cited)) == []
        lines = marked_lines(gap_text(found, cited))
        assert [line for line in lines if not line.endswith("]")] == []
        assert len(lines) >= len(found.held) + len(found.missing)


def test_over_the_corpus_each_given_skill_is_accounted_for_once_at_least() -> None:
    shelf = whole_shelf()
    known = shelf.known("git, github, pandas, python, java, communication, sailing, C")
    for role in shelf.roles:
        found = find_gap(role, known, shelf.roles)
        told = {name for one in found.missing for name in one.partly} | set(found.unmentioned)
        told |= {name for one in found.held for name in one.known} | {one.known for one in found.mentions}
        assert told == {one.name for one in known}
