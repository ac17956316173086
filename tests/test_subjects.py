"""Standing subjects: which headings of a career page open which."""

import pytest

from advisor.corpus.subjects import Subject, subject_of_heading


@pytest.mark.parametrize(
    ("heading", "subject"),
    [
        ("What a beekeeper is", Subject.DEFINITION),
        ("Day-to-day work of a beekeeper", Subject.DAILY_WORK),
        ("Who the beekeeper career suits", Subject.SUITS),
        ("Essential skills of a beekeeper", Subject.SKILLS),
        ("Optional skills of a beekeeper", Subject.OPTIONAL_SKILLS),
        ("Roadmap to becoming a beekeeper, in order", Subject.PATH),
        ("How long it takes to become a beekeeper", Subject.TIME),
        ("Certificates for beekeepers", Subject.CERTIFICATES),
        ("Job titles and progression of a beekeeper", Subject.TITLES),
        ("First jobs that lead to beekeeping", Subject.FIRST_JOBS),
        ("How hard it is to become a beekeeper", Subject.DIFFICULTY),
        ("Common pitfalls in beekeeping", Subject.PITFALLS),
        ("A myth about beekeeping and the reality", Subject.MYTHS),
        ("First step towards beekeeping", Subject.FIRST_STEP),
    ],
)
def test_each_heading_that_the_corpus_fixes_opens_its_subject(heading: str, subject: Subject) -> None:
    assert subject_of_heading(heading) is subject


@pytest.mark.parametrize(
    ("heading", "subject"),
    [
        ("A day in the life of a beekeeper", Subject.DAILY_WORK),
        ("Is it right for you?", Subject.SUITS),
        ("Skills", Subject.SKILLS),
        ("Nice-to-have skills", Subject.OPTIONAL_SKILLS),
        ("How to become a beekeeper", Subject.PATH),
        ("Certifications", Subject.CERTIFICATES),
        ("The career ladder", Subject.TITLES),
        ("Entry-level roles", Subject.FIRST_JOBS),
        ("Mistakes to avoid", Subject.PITFALLS),
        ("Your first steps", Subject.FIRST_STEP),
    ],
)
def test_headings_of_other_pages_open_the_same_subjects(heading: str, subject: Subject) -> None:
    assert subject_of_heading(heading) is subject


@pytest.mark.parametrize(
    "heading",
    [
        "Phase 1 of the beekeeper roadmap: The bee year",
        "Books for beekeepers",
        "How long the Honey Course takes",
        "Skilled hands",
        "",
    ],
)
def test_any_other_heading_opens_none(heading: str) -> None:
    assert subject_of_heading(heading) is None


def test_case_makes_no_difference() -> None:
    assert subject_of_heading("COMMON PITFALLS IN BEEKEEPING") is Subject.PITFALLS


def test_optional_skills_are_not_read_as_the_essential_ones() -> None:
    assert subject_of_heading("Bonus skills besides the technical skills") is Subject.OPTIONAL_SKILLS
