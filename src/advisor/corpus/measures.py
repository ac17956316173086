"""Lengths of time, effort, prices and dates as numbers with units.

A range stays a range, a unit stays the unit of the source, and what is unknown stays unknown: nothing here guesses.
Where stretches of time stand in a text is known by `quantities`; what takes them is known by `timed`.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from advisor.corpus.quantities import durations
from advisor.text import normalise

WEEKS_PER_MONTH = 52 / 12
_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "half a": 0.5, "half an": 0.5,
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d+)?|half an?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
_AMOUNT = re.compile(
    rf"(?<![\w.])(?P<low>{_NUMBER})(?P<more>\+?)(?:\s*(?:-|–|—|to|or)\s*(?P<high>{_NUMBER}))?(?P<open>\+?)"
    r"(?:[\s-]+|(?<=\d))(?P<unit>min|h|hr|hour|d|day|wk|week|month|mo|yr|year)(?:ute)?s?\b(?P<after>\+?)",
    re.IGNORECASE,
)
_SPAN_OF_TWO = re.compile(r"^\s*(?:-|–|—|to)\s*$")
_OPEN = re.compile(r"\b(?:at least|over|more than|minimum(?: of)?|from)\s*$", re.IGNORECASE)
_PER = re.compile(
    r"^\s*(?:of (?:study|work|effort)\s*)?(?:/|per|a|each|every)\s*(?P<per>week|wk|day|month)\b", re.IGNORECASE
)
_UNKNOWN = re.compile(
    r"^(?:not (?:stated|known|checked|given|applicable|yet known)|unknown|none given|n/?a|tbd|\?|[-–—])\b", re.I
)
_SELF_PACED = re.compile(r"\b(?:self[- ]paced|varies|ongoing|on demand|flexible|lifetime|continuous)\b", re.I)


class Unit(StrEnum):
    """The unit a source measures time in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_UNITS = {
    "min": Unit.MINUTE, "h": Unit.HOUR, "hr": Unit.HOUR, "hour": Unit.HOUR, "d": Unit.DAY, "day": Unit.DAY,
    "wk": Unit.WEEK, "week": Unit.WEEK, "mo": Unit.MONTH, "month": Unit.MONTH, "yr": Unit.YEAR, "year": Unit.YEAR,
}  # fmt: skip
_IN_HOURS = {Unit.MINUTE: 1 / 60, Unit.HOUR: 1.0}
_IN_WEEKS = {Unit.DAY: 1 / 7, Unit.WEEK: 1.0, Unit.MONTH: WEEKS_PER_MONTH, Unit.YEAR: 52.0}
_IN_DAYS = {Unit.MINUTE: 1 / 1440, Unit.HOUR: 1 / 24, Unit.DAY: 1.0, Unit.WEEK: 7.0, Unit.MONTH: 365 / 12,
            Unit.YEAR: 365.0}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Length:
    """How long something takes, e.g. 4–5 months; `high` is None where the source leaves it open ("6+ months")."""

    low: float
    high: float | None
    unit: Unit
    words: str


@dataclass(frozen=True, slots=True)
class Effort:
    """Hours per week, day or month; `high` is None where it is open."""

    low: float
    high: float | None
    per: Unit
    words: str


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of work in all; `high` is None where it is open."""

    low: float
    high: float | None

    def __add__(self, other: "Hours") -> "Hours":
        open_ended = self.high is None or other.high is None
        return Hours(self.low + other.low, None if open_ended else (self.high or 0) + (other.high or 0))

    def __str__(self) -> str:
        low = _rounded(self.low)
        if self.high is None:
            return f"{low} hours or more"
        high = _rounded(self.high)
        return f"{low} hours" if low == high else f"{low}–{high} hours"


def _rounded(number: float) -> str:
    """Whole hours, or halves and such below ten."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")


def read_length(text: str) -> Length | None:
    """The first length of time in the text; None where there is none, or one without a number ("a few weeks")."""
    for found in durations(text):
        amount = _AMOUNT.search(text, found.start)
        if amount is None or amount.start() >= found.end:
            continue
        first = _length(amount, text)
        second = _AMOUNT.match(text, _after_joint(text, amount.end()))
        if second and not amount["high"] and not _PER.match(text[second.end() :]):
            return _span_of_two(first, _length(second, text), text[amount.start() : second.end()])
        return first
    return None


def read_effort(text: str) -> Effort | None:
    """The first "10 hours per week" of the text, or per day or month; None where there is none."""
    for amount in _AMOUNT.finditer(text):
        per = _PER.match(text[amount.end() :])
        unit = _UNITS[amount["unit"].lower()]
        if per and unit in _IN_HOURS:
            length = _length(amount, text)
            words = text[amount.start() : amount.end() + per.end()]
            high = None if length.high is None else length.high * _IN_HOURS[unit]
            return Effort(length.low * _IN_HOURS[unit], high, _UNITS[per["per"].lower()], words)
    return None


def hours_of(length: Length | None, effort: Effort | None) -> Hours | None:
    """The hours of work: a length in hours as it is, weeks and months only with a stated weekly effort.

    A month counts as 52/12 weeks. None where the source does not say enough.
    """
    if length is None:
        return None
    if length.unit in _IN_HOURS:
        factor = _IN_HOURS[length.unit]
        return Hours(length.low * factor, None if length.high is None else length.high * factor)
    if effort is None:
        return None
    times = _IN_DAYS[length.unit] if effort.per is Unit.DAY else _IN_WEEKS[length.unit]
    if effort.per is Unit.MONTH:
        times /= WEEKS_PER_MONTH
    open_ended = length.high is None or effort.high is None
    high = None if open_ended else (length.high or 0) * (effort.high or 0) * times
    return Hours(length.low * effort.low * times, high)


def is_unknown(text: str) -> bool:
    """Whether a value says that it is not known ("not stated")."""
    return not text.strip() or bool(_UNKNOWN.match(text.strip()))


def is_without_end(text: str) -> bool:
    """Whether a length is left to the learner ("self-paced"): nothing to parse, and nothing missing."""
    return bool(_SELF_PACED.search(text))


def _number(words: str) -> float:
    plain = words.lower()
    if plain in _WORDS:
        return float(_WORDS[plain])
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", plain):
        return float(plain.replace(",", ""))
    return float(plain.replace(",", "."))


def _length(amount: re.Match[str], text: str) -> Length:
    low = _number(amount["low"])
    high = _number(amount["high"]) if amount["high"] else low
    is_open = amount["open"] or amount["after"] or amount["more"] or _OPEN.search(text[: amount.start()])
    return Length(low, None if is_open else high, _UNITS[amount["unit"].lower()], amount.group().strip())


def _after_joint(text: str, position: int) -> int:
    """Where the second half of "6 months to 2 years" would begin; the end of the text where nothing joins."""
    joint = re.compile(r"\s*(?:-|–|—|to)\s*").match(text, position)
    return joint.end() if joint and _SPAN_OF_TWO.match(joint.group()) else len(text)


def _span_of_two(first: Length, second: Length, words: str) -> Length:
    """From the first to the second, in the unit of the first ("6 months to 2 years" is 6–24 months)."""
    factor = _IN_DAYS[second.unit] / _IN_DAYS[first.unit]
    high = None if second.high is None else round(second.high * factor, 2)
    return Length(first.low, high, first.unit, words)


# --- prices ---------------------------------------------------------------------------------------


class CostKind(StrEnum):
    """What a thing asks of a purse."""

    FREE = "free"
    FREE_TO_AUDIT = "free to audit"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Cost:
    """A price as its source states it; `amount` is None where only "paid" is known."""

    kind: CostKind
    words: str
    amount: float | None = None
    currency: str | None = None
    per: Unit | None = None


_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "₹": "INR"}
_PRICE = re.compile(
    r"(?:(?P<code>USD|EUR|GBP|INR|CAD|AUD)\s?|(?P<sign>[$€£₹]))(?P<amount>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"|(?P<amount2>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s?(?P<code2>USD|EUR|GBP|INR|CAD|AUD|dollars|euros)\b"
)
_PRICE_PER = re.compile(r"^\s*(?:/|per|a|each|every)\s*(?P<per>month|mo|year|yr|week)\b", re.IGNORECASE)
_CODES = {"dollars": "USD", "euros": "EUR"}


def read_cost(text: str) -> Cost | None:
    """The cost a value states; None where it states none (see `is_unknown`)."""
    plain = normalise(text)
    price = _PRICE.search(text)
    if price:
        per = _PRICE_PER.match(text[price.end() :])
        code = price["code"] or price["code2"] or _SIGNS[price["sign"]]
        amount = float((price["amount"] or price["amount2"]).replace(",", ""))
        kind = CostKind.FREE_TO_AUDIT if "audit" in plain and "free" in plain else CostKind.PAID
        return Cost(kind, text, amount, _CODES.get(code, code), _UNITS[per["per"].lower()] if per else None)
    if re.search(r"\bfree\b", plain) and "not free" not in plain:
        return Cost(CostKind.FREE_TO_AUDIT if "audit" in plain else CostKind.FREE, text)
    if re.search(r"\b(?:paid|subscription|fee|priced|costs)\b", plain):
        return Cost(CostKind.PAID, text)
    return None


# --- dates ----------------------------------------------------------------------------------------

_MONTHS = "january february march april may june july august september october november december".split()
_DATE = re.compile(
    r"(?P<iso>\d{4})-(?P<month>\d{2})(?:-(?P<day>\d{2}))?|(?:(?P<d>\d{1,2})\s+)?(?P<name>[A-Z][a-z]+)\s+(?P<y>\d{4})"
)


def read_date(text: str) -> date | None:
    """The first date of the text, as 2026-03-31, 2026-03, 31 March 2026 or March 2026 (then its first day)."""
    for found in _DATE.finditer(text):
        name = (found["name"] or "").lower()
        if found["name"] and name not in _MONTHS:
            continue
        month = _MONTHS.index(name) + 1 if name else int(found["month"])
        try:
            return date(int(found["iso"] or found["y"]), month, int(found["day"] or found["d"] or 1))
        except ValueError:
            continue
    return None
