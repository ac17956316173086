"""Sums that an answer shows, done again: additions, differences, lengths at an effort, hours at a pace.

Knows which numbers may be operands; nothing of plans and of what is done with a sum that comes out.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from advisor.evaluation.metrics import unsupported_numbers

WEEKS_IN = {"day": (1 / 7,), "week": (1.0,), "month": (52 / 12, 365.25 / 84), "year": (52.0,)}
NUMBER = r"\d[\d,]*(?:\.\d+)?"
RANGE = rf"{NUMBER}(?:[–-]{NUMBER})?"
_SUM = re.compile(rf"(?<![\w.,–-]){NUMBER}(?: [a-z]+)?(?: \+ {NUMBER}(?: [a-z]+)?)+ = (?P<sum>{NUMBER})")
_DIFFERENCE = re.compile(rf"(?<![\w.,–-])(?P<from>{NUMBER}) − (?P<less>{NUMBER}) = (?P<sum>{NUMBER})")
_WEEKLY = r"(?:h|hours?)(?: ?/ ?| a | per )week"
PRODUCT = (
    rf"(?P<length>{RANGE}) (?P<unit>day|week|month|year)s? at (?:an assumed )?(?P<effort>{RANGE}) (?:{_WEEKLY}|h)"
    rf" = (?P<sum>{RANGE})"
)
_PRODUCT_ALONE = re.compile(rf"{PRODUCT} (?:h|hours)\b")
_QUOTIENT = re.compile(rf"(?P<hours>{RANGE}) (?:h|hours) at (?P<pace>{NUMBER}) {_WEEKLY} = (?P<sum>{RANGE}) weeks?\b")


class How(StrEnum):
    """What bears a number out that no passage has."""

    COMPUTED = "computed"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Checked:
    """A stretch of the answer whose numbers are borne out."""

    start: int
    end: int
    how: How


@dataclass(frozen=True, slots=True)
class Ends:
    """A range, or a number twice."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Read:
    """An answer with what its operands may stand on."""

    text: str
    passages: Sequence[str]
    questions: Sequence[str]

    def stands(self, number: str) -> bool:
        """Whether a passage has the number, or a question gives it."""
        return not unsupported_numbers(number, [*self.passages, *self.questions])

    def is_stated(self, number: str) -> bool:
        """Whether a passage has the number."""
        return not unsupported_numbers(number, self.passages)


def equations(read: Read) -> Iterator[Checked]:
    """The sums of a text that stand by themselves, come out, and have operands that stand."""
    for found in _SUM.finditer(read.text):
        parts = re.findall(NUMBER, found.group()[: found.start("sum") - found.start()])
        if all(map(read.stands, parts)) and math.isclose(sum(map(number, parts)), number(found["sum"])):
            yield Checked(found.start(), found.end(), How.COMPUTED)
    for found in _DIFFERENCE.finditer(read.text):
        is_right = math.isclose(number(found["from"]) - number(found["less"]), number(found["sum"]))
        if is_right and read.stands(found["from"]) and read.stands(found["less"]):
            yield Checked(found.start(), found.end(), How.COMPUTED)
    for found in _PRODUCT_ALONE.finditer(read.text):
        if read.stands(found["length"]) and read.stands(found["effort"]) and product_of(found) is not None:
            yield Checked(found.start(), found.end(), How.COMPUTED)
    for found in _QUOTIENT.finditer(read.text):
        if read.stands(found["hours"]) and read.stands(found["pace"]) and _is_quotient(found):
            yield Checked(found.start(), found.end(), How.COMPUTED)


def product_of(found: re.Match[str]) -> Ends | None:
    """The exact hours of "A units at B h = C h"; None where C is something else."""
    length, effort, said = (ends_of(found[name]) for name in ("length", "effort", "sum"))
    for weeks in WEEKS_IN[found["unit"]]:
        exact = Ends(length.low * weeks * effort.low, length.high * weeks * effort.high)
        if is_rounded(said.low, exact.low) and is_rounded(said.high, exact.high):
            return exact
    return None


def _is_quotient(found: re.Match[str]) -> bool:
    hours, weeks, pace = ends_of(found["hours"]), ends_of(found["sum"]), number(found["pace"])
    return pace > 0 and (weeks_of(hours.low, pace), weeks_of(hours.high, pace)) == (weeks.low, weeks.high)


def number(text: str) -> float:
    """The number in "1,070.5"."""
    return float(text.replace(",", ""))


def ends_of(text: str) -> Ends:
    """The ends of "4–5", or a number twice."""
    low, *high = re.findall(NUMBER, text)
    return Ends(number(low), number(high[0] if high else low))


def is_rounded(said: float, exact: float) -> bool:
    """Whether the number said is the exact one, or that rounded: to whole numbers, below ten to tenths."""
    return abs(said - exact) <= (0.5 if exact >= 9.95 else 0.05) + 1e-6


def weeks_of(hours: float, pace: float) -> int:
    """The weeks that so many hours take, rounded up."""
    return math.ceil(round(hours / pace, 6))
