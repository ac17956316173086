"""What a learner's profile adds to a question that names no career, and how an answer tells that it did.

A question of which only the career is missing is taken to be about the profile's; any other leans towards it. One that
names a career, asks among careers, or goes on about another one stays as it is. Knows nothing of where profiles are
kept.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from advisor.corpus.subjects import Subject
from advisor.records import Answer, Intent, Query
from advisor.search.asked import names_no_part, names_nothing
from advisor.search.gloss.replies import in_learners_language, is_in_other_language
from advisor.text import stems

_FROM_PROFILE = ", from your profile"
# "Which career pays best?", "other jobs": the answer is a career, and not the learner's own.
_AMONG_CAREERS = re.compile(
    r"\b(?:which|what|other|another|any|all|every|each|these|those|different) (?:\w+ )?"
    r"(?:careers?|professions?|occupations?|roadmaps?|roles?|jobs?|paths?|fields?)\b"
    r"|\b(?:careers|professions|occupations)\b",
    re.IGNORECASE,
)
_OF_ONE_CAREER = frozenset({Subject.FIRST_JOBS, Subject.TITLES})  # "which jobs lead to it"
# "become a nurse", "what does a vet do": a profession, whether the pages know it or not.
_PROFESSION = re.compile(
    r"\b(?:become|becoming|be|being|as|does|do|of|for|like) an? ((?:[\w/+#-]+ ){0,3}[\w/+#-]+)", re.IGNORECASE
)
_NO_PROFESSION = frozenset(
    stem
    for text in (
        "changer student person woman man mother father parent graduate dropout adult teenager professional expert "
        "good great bad total complete absolute normal regular day week month year portfolio degree certificate course "
        "cv resume living hobby change"
    ).split()
    for stem in stems(text)
)
# What is meant by these depends on the career, be they named or not: "which tools", "how much maths".
_OF_EVERY_CAREER = frozenset(
    stem
    for text in (
        "tool book framework library language program mathematics maths math degree prerequisite technology stack read "
        "cost expensive"
    ).split()
    for stem in stems(text)
)


def with_profile(query: Query, role: str | None, *, cited: Collection[str] = ()) -> Query:
    """The query with the profile's career where it applies; `cited` are the careers the answer before was about."""
    if role is None or not _applies(query, role, cited):
        return query
    if query.is_follow_up or not _lacks_only_career(query):
        return replace(query, leaning=role, assumed=role)
    standalone = query.standalone + _in_brackets(role)
    return replace(query, standalone=standalone, terms=query.terms or tuple(stems(role)), roles=(role,), assumed=role)


def _in_brackets(words: str) -> str:
    """The words as they stand behind a question; brackets of their own would end them too early."""
    return f" ({re.sub('[()]', '', words)})"


def _applies(query: Query, role: str, cited: Collection[str]) -> bool:
    if query.roles or query.leaning or query.intent is Intent.SMALL_TALK:
        return False
    if cited and (query.is_follow_up or role not in cited):
        return False
    among = query.subject not in _OF_ONE_CAREER and _AMONG_CAREERS.search(query.question)
    return not among and not _names_profession(query.question)


def _lacks_only_career(query: Query) -> bool:
    asked = query.special if query.subject else query.terms
    if query.intent is not Intent.DEFINITION:  # "what is a framework?" is the same for everybody
        asked = tuple(term for term in asked if term not in _OF_EVERY_CAREER)
    return names_nothing(asked)


def _names_profession(question: str) -> bool:
    """Whether it speaks of somebody's trade by "a …", other than of a learner or a thing that every career has."""
    for found in _PROFESSION.findall(question):
        left = [stem for stem in stems(found) if stem not in _NO_PROFESSION]
        if left and not names_no_part(left):
            return True
    return False


def told(answer: Answer, query: Query, roles: Mapping[str, str]) -> Answer:
    """The answer, telling in `understood` where the profile's career shaped it, and in a note of another language.

    That is always where it filled in for one, and else where a page of it is cited; `roles` are the careers of the
    documents.
    """
    answer = in_learners_language(answer, query.gloss)
    if query.assumed is None:
        return answer
    filled_in = bool(query.roles)
    if not filled_in and query.assumed not in {roles.get(citation.document) for citation in answer.citations}:
        return answer
    searched = query.standalone.removesuffix(_in_brackets(query.assumed)) if filled_in else query.standalone
    return replace(answer, understood=searched + _in_brackets(query.assumed + _FROM_PROFILE))


def is_told(answer: Answer) -> bool:
    """Whether the answer tells how its question was taken: with a profile's career, or from another language."""
    return answer.understood.endswith(f"{_FROM_PROFILE})") or is_in_other_language(answer)


def untold(understood: str) -> str:
    """What was searched, without the words that `told` added to the career."""
    return understood.replace(_FROM_PROFILE, "")
