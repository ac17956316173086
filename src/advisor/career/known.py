"""Which items somebody need not do because of what they know already.

Careful by intent: a skill covers an item only where the item's name, or every one of its topics, is about that skill
and nothing more; nothing advanced, and no project, is covered unless it is named itself. What is one skill is told by
`skills`; this knows titles. Knows nothing of hours.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from advisor.career.skills import Known, respelled, same_skill
from advisor.corpus.items import Item, ItemKind
from advisor.text import CANONICAL, normalise, stem, words

_SMALL = frozenset("a an the of to in on at with for and or using by from your you how its one is it".split())
# Words of a title that say what sort of thing it is, not what it is about.
_GENERIC = frozenset(
    stem(word)
    for word in """
    introduction introductory intro course class crash zoomcamp bootcamp specialization specialisation workshop training
    tutorial tutorials guide documentation docs primer tour basics basic fundamentals fundamental foundations
    foundational beginner beginners everybody everyone getting get start started first step steps essence essential
    essentials modern complete free programming language version concepts
    """.split()
)
_ADVANCED = frozenset(
    stem(word)
    for word in "advanced beyond expert pro professional master mastering internals intermediate depth".split()
)
_HARDEST_LEVELS = ("advanced", "expert", "professional")
_HARD_LEVELS = ("intermediate", *_HARDEST_LEVELS)
_SKILL_WORDS = 3  # "Deep Learning" is a book and a skill; longer titles are only titles
# Words that stand beside a skill in the title of a first course on it and ask for nothing else.
_COMPANIONS = {
    "sql": ("databases", "relational", "queries"),
    "git": ("github", "version", "control"),
    "linux": ("shell", "command", "line"),
    "docker": ("containers",),
}
# Topics that say how something is studied, not what: "five required projects", "own computer set-up".
_MANNER = frozenset(
    stem(word)
    for word in """
    own computer set up setup installation project projects required two three four five final exam exams exercise
    exercises challenge challenges quiz quizzes assignment assignments capstone practice portfolio
    """.split()
)
_COURSE_CODE = re.compile(r"^(?:[a-z]{2,4}\d{2,}\w*|\d[\d.]*[a-z]{0,2})$")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_TOPICS_ENOUGH = 2


@lru_cache(maxsize=16384)
def subject_stems(text: str) -> frozenset[str]:
    """What a name or a topic is about: its stems without small words, course codes and words like "introduction"."""
    found: set[str] = set()
    for word in respelled(text):
        word = word.removesuffix("'s")
        for part in CANONICAL.get(word, (word,)):
            if part not in _SMALL and not _COURSE_CODE.match(part):
                found.add(stem(part))
    return frozenset(found - _GENERIC)


def plain_name(name: str) -> str:
    """The normal form of a name without what stands in brackets and without "Project:" before it."""
    return normalise(_BRACKETS.sub("", name)).removeprefix("project:").strip() or normalise(name)


def knows(asked: str, known: Iterable[Known]) -> Known | None:
    """The given skill that is the one asked for, by its words or stems; None if there is none."""
    stems = subject_stems(asked)
    for one in known:
        if same_skill(one.name, asked) or (stems and subject_stems(one.name) == stems):
            return one
    return None


def covering(item: Item, known: Sequence[Known]) -> tuple[Known, ...]:
    """The given skills that make this item needless, in the order given; () where something of it would be new."""
    named = tuple(one for one in known if _is_named(item, one))
    if named:
        return named[:1]
    if item.kind is ItemKind.PROJECT or _is_advanced(item):
        return ()
    return _covers(subject_stems(_without_provider(item)), known) or _covers_topics(item, known)


def _is_named(item: Item, known: Known) -> bool:
    """Whether the very item is given, and not just a skill that happens to be called so."""
    names_a_skill_too = len(words(plain_name(item.name))) <= _SKILL_WORDS
    if normalise(known.given) != normalise(item.name):
        return plain_name(known.given) == plain_name(item.name) and not names_a_skill_too
    return not (names_a_skill_too and normalise(item.level or "").startswith(_HARDEST_LEVELS))


def _is_advanced(item: Item) -> bool:
    stems = {stem(word) for word in words(item.name)}
    return bool(stems & _ADVANCED) or normalise(item.level or "").startswith(_HARD_LEVELS)


def _without_provider(item: Item) -> str:
    """The name, without a `with Microsoft` at its end that only names the provider, and without a `Learn` before it."""
    name = re.sub(r"^learn(?:ing)?\s+", "", normalise(item.name))
    provider = normalise(item.provider or "")
    return re.sub(rf"\s+(?:with|by|from|at)\s+{re.escape(provider)}$", "", name) if provider else name


def _covers(subject: frozenset[str], known: Sequence[Known]) -> tuple[Known, ...]:
    """The skills that lie within the subject, if together they fill it."""
    stems = {one: subject_stems(one.name) for one in known}
    within = tuple(one for one in known if stems[one] and stems[one] <= subject)
    filled = frozenset[str]().union(*(stems[one] | _companions(one) for one in within))
    return within if within and subject <= filled else ()


def _companions(known: Known) -> frozenset[str]:
    return frozenset(stem(word) for word in _COMPANIONS.get(normalise(known.name), ()))


def _covers_topics(item: Item, known: Sequence[Known]) -> tuple[Known, ...]:
    topics = [stems for topic in item.topics if (stems := subject_stems(topic)) and not stems <= _MANNER]
    each = [_covers(stems, known) for stems in topics]
    if len(each) < _TOPICS_ENOUGH or not all(each):
        return ()
    used = {one for some in each for one in some}
    return tuple(one for one in known if one in used)
