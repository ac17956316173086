"""The counted things of a question: "phase two", "the second phase" and, of pages with phases, "stage 2" are "phase 2".

Patterns only; knows nothing of conversations or of what is found.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from advisor.text import STOP_WORDS

_NUMERALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERED = re.compile(
    r"\b(phase|step|stage|level|part|week|month|year|module|chapter|tier) "
    rf"(\d{{1,2}}|{'|'.join(_NUMERALS)})\b",
    re.IGNORECASE,
)
_PARTS_OF_A_WAY = frozenset({"phase", "step", "stage", "part", "level", "tier"})
_ORDINAL_WORDS = ("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_ORDINAL_THING = re.compile(
    rf"\b({'|'.join(_ORDINAL_WORDS[1:])}) (phase|step|stage|level|part|module|tier)\b"
    rf"|\b({'|'.join(_ORDINAL_WORDS[2:])}|2nd|3rd|\d{{1,2}}th) (week|month)\b",  # a first one may be that of a job
    re.IGNORECASE,
)


def in_digits(question: str, counted: Collection[str] | None = None) -> str:
    """The question with its counted things in digits: `phase two` and `the second phase` are `phase 2`.

    Where the pages are known to count no such thing, "the second part" is the second part of something.
    """
    digits = NUMBERED.sub(lambda found: f"{found.group(1)} {_digits(found.group(2))}", question)
    if counted is not None and not counted:
        return digits
    return _ORDINAL_THING.sub(_ordinal_in_digits, digits)


def _ordinal_in_digits(found: re.Match[str]) -> str:
    ordinal, thing = found[1] or found[3], found[2] or found[4]
    return f"{thing} {ordinal[:-2] if ordinal[0].isdigit() else _ORDINAL_WORDS.index(ordinal.lower())}"


def counted_parts(headings: Iterable[str]) -> frozenset[str]:
    """What these headings count by number: `phase` where one of them is "Phase 2: Deep learning"."""
    return frozenset(kind.lower() for heading in headings for kind, _ in NUMBERED.findall(heading)) & _PARTS_OF_A_WAY


def as_counted(question: str, counted: Collection[str]) -> str:
    """The question with "stage 2" as "phase 2", where the pages count phases and nothing else."""
    if len(set(counted)) != 1:
        return question
    (kind,) = set(counted)

    def counted_so(found: re.Match[str]) -> str:
        if _stands_in_name(found):
            return found.group()
        return f"{kind} {found.group(2)}" if found.group(1).lower() in _PARTS_OF_A_WAY else found.group()

    return NUMBERED.sub(counted_so, question)


def spans_of(kind: str, text: str) -> Iterator[tuple[int, range]]:
    """Where a normalised text counts things of a kind, and which: "weeks 3-4" are 3 and 4, "phase 2" is 2."""
    for found in re.finditer(rf"\b{re.escape(kind)}s? (\d{{1,2}})(?: ?(?:-|to|and|&) ?(\d{{1,2}}))?\b", text):
        yield found.start(), range(int(found[1]), int(found[2] or found[1]) + 1)


def _digits(number: str) -> int:
    return int(number) if number.isdigit() else _NUMERALS.index(number.lower())


def numbered_in(question: str, counted: Collection[str] | None = None) -> tuple[str, ...]:
    """The counted things of a question in one form: `phase two` and `the second phase` are `phase 2`."""
    named = [found for found in NUMBERED.finditer(in_digits(question, counted)) if not _stands_in_name(found)]
    return tuple(dict.fromkeys(f"{found[1].lower()} {_digits(found[2])}" for found in named))


def _stands_in_name(found: re.Match[str]) -> bool:
    """Whether it is a part of a name: "SOC Level 1", which is a course."""
    before = found.string[: found.start()].split()
    is_title = found[1].istitle() and len(before) > 1 and before[-1][0].isupper()
    return is_title and before[-1].lower() not in STOP_WORDS
