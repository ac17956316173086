"""Days as learners name them: "by next June", "in six months", "from January on", "2027-06-30".

Every day is the first that fits after today: "June" is the next 1 June, "spring" the next 1 March, "the end of May" its
last day. Works on texts that `search.planning.plain` has made. No clock: today is an argument.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from advisor.career.schedule import next_monday
from advisor.search.planning import MONTHS, NUMBER, number_of

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the month in which each begins
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DECEMBER, _CHRISTMAS, _LATE, _MIDDLE = 12, 25, 25, 15
_DAYS_IN = {"day": 1.0, "week": 7.0}
_MONTHS_IN = {"month": 1, "year": 12}
_DAYS_PER_MONTH = 30
_MOST_YEARS = 100  # "in 5000 years" is as good as never
_DAY = (
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    rf"|(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<day_month>{MONTHS})\b,?(?: (?P<day_year>20\d\d))?"
    rf"|(?P<month_of>{MONTHS}) (?P<of_day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<of_year>20\d\d))?"
    r"|(?:the )?(?P<part>(?:beginning|start|middle|end) of |early |mid[- ]?|late )?(?:the )?(?:next |this |coming )?"
    rf"(?P<month>{MONTHS})\b,?(?: (?P<year>20\d\d))?"
    r"|(?:the )?(?:next |this |coming )?(?P<season>spring|summer|autumn|fall|winter)\b(?: (?P<season_year>20\d\d))?"
    r"|(?:the )?end of (?:the |this )?(?P<later>next )?(?P<ending>year|month)\b|(?:the )?end of (?P<end_year>20\d\d)\b"
    r"|next (?P<next>week|month|year)\b"
    r"|(?P<feast>christmas|new year)\b|(?P<tomorrow>tomorrow)\b"
    rf"|(?:on |next |this |coming )*(?P<weekday>{'|'.join(_WEEKDAYS)})\b|(?P<bare_year>20\d\d)\b)"
)
_IN = (
    rf"(?:with)?in (?:under |less than |only |just |about |the next )?(?P<count>{NUMBER})\+? "
    r"(?P<unit>day|week|month|year)s?\b(?: time)?"
)
_BY = re.compile(rf"\b(?:(?:by|before|until|till?|no later than|deadline(?: is|:)?|due) {_DAY}|{_IN})")
_START = re.compile(
    r"\b(?:(?:start(?:ing|s|ed)?|begin(?:ning|s)?|available|free)(?: \w+){0,2}? (?:in |on |at |from )?|(?:from|as of) )"
    rf"(?:{_DAY}|{_IN})(?: on(?:wards?)?\b)?"
)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day, and the words that name it."""

    day: date
    words: str


def read_by(text: str, *, today: date) -> NamedDay | None:
    """The day to be done by; None where the text names none."""
    return _read(_BY, text, today)


def read_start(text: str, *, today: date) -> NamedDay | None:
    """The day on which study begins; None where the text names none."""
    return _read(_START, text, today)


def _read(pattern: re.Pattern[str], text: str, today: date) -> NamedDay | None:
    for found in pattern.finditer(text):
        named = {name: value for name, value in found.groupdict().items() if value is not None}
        day = _day(named, today)
        if day is not None:
            return NamedDay(day, found.group())
    return None


def _day(named: Mapping[str, str], today: date) -> date | None:
    """The day that these parts of a wording name; None for one that no calendar has."""
    if "iso" in named:
        try:
            return date.fromisoformat(named["iso"])
        except ValueError:
            return None
    if "count" in named:
        return _after(today, number_of(named["count"]), named["unit"])
    if "day" in named:
        return _in_month(today, named["day_month"], named.get("day_year"), int(named["day"]))
    if "of_day" in named:
        return _in_month(today, named["month_of"], named.get("of_year"), int(named["of_day"]))
    if "month" in named:
        return _in_month(today, named["month"], named.get("year"), _part(named.get("part", "")))
    return _season_or_feast(named, today)


def _season_or_feast(named: Mapping[str, str], today: date) -> date | None:
    if "season" in named:
        return _next(today, _SEASONS[named["season"]], 1, named.get("season_year"))
    if "ending" in named:
        return _end_of(today, named["ending"], later="later" in named)
    if "feast" in named:
        is_christmas = named["feast"] == "christmas"
        return _next(today, _DECEMBER, _CHRISTMAS) if is_christmas else date(today.year + 1, 1, 1)
    if "next" in named:
        ahead = {"week": next_monday(today), "month": _months_after(today.replace(day=1), 1)}
        return ahead.get(named["next"], date(today.year + 1, 1, 1))
    if "weekday" in named:
        return today + timedelta(days=(_WEEKDAYS.index(named["weekday"]) - today.weekday() - 1) % 7 + 1)
    if "end_year" in named:
        return date(int(named["end_year"]), _DECEMBER, 31)
    if "bare_year" in named:
        return date(int(named["bare_year"]), 1, 1)
    return today + timedelta(days=1) if "tomorrow" in named else None


def _part(words: str) -> int:
    """The day of a month by a word for its part; -1 for its last."""
    if "end" in words:
        return -1
    return _LATE if "late" in words else _MIDDLE if "mid" in words else 1


def _in_month(today: date, month: str, year: str | None, day: int) -> date:
    return _next(today, _MONTHS.index(month[:3]) + 1, day, year)


def _next(today: date, month: int, day: int, year: str | None = None) -> date:
    """The day in the year given, else the first one after today; -1 and days beyond the month are its last."""
    for one in (int(year),) if year else (today.year, today.year + 1):
        last = monthrange(one, month)[1]
        found = date(one, month, last if day == -1 else min(max(day, 1), last))
        if found > today:
            break
    return found


def _end_of(today: date, unit: str, *, later: bool) -> date:
    if unit == "year":
        return date(today.year + later, _DECEMBER, 31)
    first = _months_after(today.replace(day=1), 1 + later)
    return first - timedelta(days=1)


def _after(today: date, count: float, unit: str) -> date:
    if unit in _DAYS_IN:
        return today + timedelta(days=round(min(count * _DAYS_IN[unit], _MOST_YEARS * 365)))
    months = min(count * _MONTHS_IN[unit], _MOST_YEARS * 12)
    return _months_after(today, int(months)) + timedelta(days=round((months % 1) * _DAYS_PER_MONTH))


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
