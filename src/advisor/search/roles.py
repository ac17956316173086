"""Which careers a question speaks of: names and aliases from the corpus, typos mended, no list kept here.

"Data engineer" names the person and narrows the search to that career. "Data engineering", "MLOps" name a field, which
other pages may speak of too: that only leans the search. Knows nothing of passages.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz import fuzz

from advisor.errors import UsageError
from advisor.records import Document
from advisor.text import CANONICAL, normalise, stem

_WORD = re.compile(r"[a-z0-9+#]+")
_PERSON = re.compile(r"(?:er|or|ist|yst|ian|ect|admin|lead|master)$")
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")  # "Research scientist (ML)" is asked for without them
_ACRONYM = re.compile(r"[A-Z]{3,4}$")
_SHORT_FORMS = frozenset({"frontend", "backend", "fullstack", "dev", "devs"})
# "The MLOps block of the AI/ML roadmap" speaks of a part that is called so, and of one career.
_PARTS = frozenset("part block phase section module step stage unit chapter".split())
# "A career in UX design", "switch to data analytics", "do I need a degree for game development?"
_GONE_INTO = frozenset(
    (*((what, "in") for what in "career careers job jobs work working start starting".split()),
     *((how, "to") for how in "switch switching move moving transition transitioning change pivot pivoting".split()),
     *((need, "for") for need in "degree math maths mathematics programming coding language laptop computer".split()),
     *((word,) for word in "into towards toward".split()))
)  # fmt: skip
_TYPO_CUTOFF, _SHORTEST_TYPO = 84, 6  # rapidfuzz ratio; "enginer" and "engineer" 93, "designer" and "engineer" 75
_MOST_MISSING = 2  # letters of a typo; "statistics" is a field and no misspelt statistician


@dataclass(frozen=True, slots=True)
class Spelling:
    """One name of a role as words; `names_person` tells "data engineer" from "data engineering"."""

    role: str
    words: tuple[str, ...]
    names_person: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """A role that a question names, and the question's words that do so."""

    role: str
    words: tuple[str, ...]
    names_person: bool


def read_spellings(documents: Sequence[Document]) -> tuple[Spelling, ...]:
    """All names of all roles, the longest first, so that "product data scientist" is not read as "data scientist"."""
    found: dict[tuple[str, ...], Spelling] = {}
    for document in documents:
        role = document.role
        for name in (role, *document.aliases) if role else ():
            spelled = _words(_IN_BRACKETS.sub("", name or ""))
            if spelled and role:
                found.setdefault(spelled, Spelling(role, spelled, _names_person(name or "", spelled)))
    for role, field in _fields(documents):
        found.setdefault(field, Spelling(role, field, names_person=False))
    return tuple(sorted(found.values(), key=lambda one: (-len(one.words), one.words)))


def _fields(documents: Sequence[Document]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A role without its last word, where that names the field of one role: "DevOps", "computer vision"."""
    left: dict[tuple[str, ...], set[str]] = {}
    for role in {document.role for document in documents if document.role}:
        *first, _ = _IN_BRACKETS.sub("", role).split() or [""]
        spelled = _words(" ".join(first))
        if len(spelled) > 1 or (first and re.search(r"[A-Z]", first[0][1:])):
            left.setdefault(spelled, set()).add(role)
    yield from ((min(roles), spelled) for spelled, roles in sorted(left.items()) if len(roles) == 1)


def mentions(question: str, spellings: Sequence[Spelling]) -> tuple[Mention, ...]:
    """The roles a question names, in its order, each once; a word belongs to one name only."""
    asked = _words(question)
    taken = [False] * len(asked)
    found: list[tuple[int, Mention]] = []
    for spelling, may_be_akin in _in_turn(spellings):
        length = len(spelling.words)
        for start in range(len(asked) - length + 1):
            if asked[start][0] != spelling.words[0][0]:  # no typo and no stem changes the first letter
                continue
            window = asked[start : start + length]
            kind = _alike(window, spelling, may_be_akin=may_be_akin)
            if kind == "field" and not _PARTS.isdisjoint(asked[start + length : start + length + 1]):
                continue
            if kind and not any(taken[start : start + length]):
                taken[start : start + length] = [True] * length
                is_person = kind == "person" or _is_gone_into(asked[:start])
                found.append((start, Mention(spelling.role, window, is_person)))
    found.sort(key=lambda one: one[0])
    first: dict[str, Mention] = {}
    for _, mention in found:
        first.setdefault(mention.role, mention)
    return tuple(first.values())


def _is_gone_into(before: tuple[str, ...]) -> bool:
    """Whether somebody goes into the field that follows: "get into data engineering", "a career in ux design"."""
    return before[-1:] in _GONE_INTO or before[-2:] in _GONE_INTO


def _in_turn(spellings: Sequence[Spelling]) -> Iterator[tuple[Spelling, bool]]:
    """Each spelling to be tried as it is, then as words akin to it, after all of its length were tried as they are.

    "Project manager" is that, and not somebody in "project management".
    """
    for _, of_one_length in groupby(spellings, key=lambda spelling: len(spelling.words)):
        group = list(of_one_length)
        yield from ((spelling, may_be_akin) for may_be_akin in (False, True) for spelling in group)


def count_words(name: str) -> int:
    """How many words a name has as names of roles are read: "frontend" has two."""
    return len(_words(name))


def role_of(documents: Iterable[str], roles: Mapping[str, str]) -> str | None:
    """The one role that these documents belong to; None where they have several or none."""
    found = {roles[document] for document in documents if document in roles}
    return found.pop() if len(found) == 1 else None


def known_role(role: str | None, documents: Sequence[Document]) -> str | None:
    """A role given by name or alias as the documents spell it; raises UsageError for one that none of them has."""
    if role is None:
        return None
    for document in documents:
        if document.role and normalise(role) in {normalise(name) for name in (document.role, *document.aliases)}:
            return document.role
    known = sorted({document.role for document in documents if document.role})
    raise UsageError(f"no document is about the role {role!r}; choose one of: {', '.join(known) or 'none'}")


def _words(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for word in _WORD.findall(normalise(text)):
        found += CANONICAL.get(word, (word,)) if word in _SHORT_FORMS else (word,)
    return tuple(found)


def _names_person(name: str, spelled: tuple[str, ...]) -> bool:
    return bool(_PERSON.search(spelled[-1]) or _ACRONYM.search(name.split()[-1]))


def _alike(window: tuple[str, ...], spelling: Spelling, *, may_be_akin: bool) -> str:
    """What the words name if they are this spelling, or akin to it: `person` or `field`; "" if they are not."""
    pairs = list(zip(window, spelling.words, strict=True))
    if not may_be_akin:
        is_it = all(_same(word, other) for word, other in pairs)
        return ("person" if spelling.names_person else "field") if is_it else ""
    return "field" if len(window) > 1 and all(_akin(word, other) for word, other in pairs) else ""


def _akin(word: str, other: str) -> bool:
    """Of one stem, or what somebody called so does: "hacking" of a "hacker", "architecture" of an "architect"."""
    does = word.endswith("ing") and other.endswith("er") and word.removesuffix("ing") == other.removesuffix("er")
    return does or word.removesuffix("ure") == other or stem(word) == stem(other)


def _same(word: str, other: str) -> bool:
    """Equal but for a plural or a typo; a short word must be exact."""
    singular = word.removesuffix("s") if len(word) > 3 else word
    if other in {word, singular}:
        return True
    long_enough = min(len(word), len(other)) >= _SHORTEST_TYPO and abs(len(singular) - len(other)) <= _MOST_MISSING
    same_form = stem(word) != stem(other) or singular[-2:] == other[-2:]  # "engineering" is no typo of "engineer"
    return long_enough and word[0] == other[0] and same_form and fuzz.ratio(singular, other) >= _TYPO_CUTOFF
