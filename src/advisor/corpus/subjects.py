"""The standing subjects of a career page, and the headings that open them.

corpus/README.md fixes the headings of our own pages; the patterns also fit those of others. Knows no questions.
"""

import re
from enum import StrEnum


class Subject(StrEnum):
    """What a section of a career page is about."""

    DEFINITION = "what it is"
    DAILY_WORK = "day-to-day work"
    SUITS = "who it suits"
    SKILLS = "essential skills"
    OPTIONAL_SKILLS = "optional skills"
    PATH = "roadmap"
    TIME = "how long it takes"
    CERTIFICATES = "certificates"
    TITLES = "job titles and progression"
    FIRST_JOBS = "first jobs"
    DIFFICULTY = "difficulty"
    PITFALLS = "pitfalls"
    MYTHS = "myths"
    FIRST_STEP = "first step"


_HEADINGS = tuple(
    (subject, re.compile(pattern, re.IGNORECASE))
    for subject, pattern in (
        (Subject.DAILY_WORK, r"\b(?:day-to-day|daily|everyday) (?:work|tasks|life|routine)\b|\ba day in the life\b"),
        (Subject.SUITS, r"^who\b.*\bsuits\b|\bwho (?:is it|should)\b.*\bfor\b|\bis it (?:right )?for you\b"),
        (Subject.OPTIONAL_SKILLS, r"\b(?:optional|nice-to-have|bonus|additional) skills\b"),
        (Subject.SKILLS, r"\b(?:essential|required|core|must-have|technical|key) skills\b|^skills\b"),
        (Subject.TITLES, r"\b(?:job titles|career (?:progression|ladder|path)|titles and progression)\b"),
        (Subject.FIRST_JOBS, r"^(?:first|entry-level) (?:jobs|roles)\b"),
        (Subject.DIFFICULTY, r"^how (?:hard|difficult)\b|^difficulty\b"),
        (Subject.PITFALLS, r"\b(?:pitfalls|common mistakes|mistakes to avoid)\b"),
        (Subject.MYTHS, r"\bmyths?\b"),
        (Subject.FIRST_STEP, r"^(?:your )?first steps?\b"),
        (Subject.TIME, r"^how long it takes to become\b"),
        (Subject.PATH, r"^(?:roadmap to becoming|how to become)\b"),
        (Subject.CERTIFICATES, r"^certificat(?:es|ions)\b"),
        (Subject.DEFINITION, r"^what (?:an? |the )?[^?]{3,50} (?:is|does)$"),
    )
)


def subject_of_heading(text: str) -> Subject | None:
    """The standing subject that a heading opens, None for any other heading."""
    return next((subject for subject, pattern in _HEADINGS if pattern.search(text)), None)
