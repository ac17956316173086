"""The figures of a plan in the chat, worked out again from the hours of its entries.

Reads the form that `career.short_plan` writes. Takes no plan and knows no page.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from advisor.career.schedule import monday_from
from advisor.evaluation.sums import (
    NUMBER,
    PRODUCT,
    RANGE,
    WEEKS_IN,
    Checked,
    Ends,
    How,
    Read,
    ends_of,
    is_rounded,
    number,
    product_of,
    weeks_of,
)
from advisor.search.planning import plain, read_pace

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DAY = rf"\d{{1,2}} (?:{'|'.join(_MONTHS)})(?: \d{{4}})?"
_HEAD = re.compile(
    rf"\*\*[^*\n]+: (?P<open>at least )?(?P<hours>{RANGE}) h at (?P<pace>{NUMBER}) h a week = (?:at least )?"
    rf"(?P<weeks>{RANGE}) weeks?\*\*(?:, from (?P<start>{_DAY}))?, done by (?P<end>{_DAY})"
    rf"(?: \(the (?:middle|least), (?P<taken>{NUMBER} (?:h|min)), takes (?P<planned>\d+) weeks?"
    rf" from (?P<begin>{_DAY})\))?"
)
_ENTRY = re.compile(rf"^- .+?, weeks? (?P<weeks>{RANGE}), to (?P<end>{_DAY}): (?P<items>.+)$", re.MULTILINE)
_EFFORT = re.compile(
    rf"(?P<name>[^;]+?) \((?P<sign>[~≈]?)(?:{PRODUCT}|(?P<open>at least )?(?P<hours>{RANGE})) (?P<in>h|min)\)"
    r"(?=;|\s*$)"
)
_LEGENDS = {"~": "~ is our estimate", "≈": "≈ stated weeks at an assumed "}
_ASSUMED = re.compile(rf"an assumed (?P<effort>{RANGE}) h a week(?: and (?P<other>{RANGE}) h a week)?")
_NO_PACE = re.compile(rf"You gave no hours, so this takes (?P<pace>{NUMBER}) a week")
_BY = re.compile(rf"^By (?P<by>{_DAY})", re.MULTILINE)
_SPARE = re.compile(r"(?P<sum>\d+) weeks? to spare \((?P<from>\d+) − (?P<less>\d+)\)")
_NEEDED = re.compile(rf"(?P<hours>{NUMBER}) h in the (?P<weeks>\d+) weeks? until then take (?P<pace>{NUMBER}) h a week")
_CUT = re.compile(rf"\((?P<hours>{NUMBER}) h\)")
_ESTIMATED = re.compile(rf"\((?P<hours>{NUMBER} (?:h|min)) in all\)")
_COST = re.compile(r"^Cost: (?P<totals>[A-Z]{3} [^(;]+) \((?P<parts>.+)\)(?=[;.])", re.MULTILINE)
_RATE = re.compile(
    rf"(?P<times>\d+) × (?P<rate>[A-Z]{{3}} {NUMBER}) per (?P<unit>week|month|year) = (?P<sum>[A-Z]{{3}} {NUMBER})"
)
_MONEY = re.compile(rf"(?P<currency>[A-Z]{{3}}) (?P<amount>{NUMBER})")
_YEARS = re.compile(
    rf"At this pace it takes (?P<years>{NUMBER}) years of study; (?P<pace>{NUMBER}) hours? per week would make it one"
)
_COMMAND = re.compile(r"`advisor plan [^`]*`")


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of a plan's entry: what its hours are exactly, and how they are borne out (None: not at all)."""

    name: str
    hours: Ends
    is_open: bool
    is_estimate: bool
    how: How | None
    start: int
    end: int

    @property
    def minutes(self) -> int:
        """What is planned: the middle to the quarter of an hour, of an open range its least."""
        middle = self.hours.low if self.is_open else (self.hours.low + self.hours.high) / 2
        return max(round(middle * 4), 1) * 15


@dataclass(frozen=True, slots=True)
class _Stage:
    """One entry of a plan: what it says of weeks and days, and its items."""

    said: re.Match[str]
    items: tuple[_Item, ...]


def plan_sums(read: Read) -> Iterator[Checked]:
    """What is borne out of the plan in an answer; where its pace or an item stands on nothing, no sum is."""
    text, head = read.text, _HEAD.search(read.text)
    if head is None:
        return
    stages = tuple(_Stage(found, tuple(_items(read, found))) for found in _ENTRY.finditer(text))
    items = [item for stage in stages for item in stage.items]
    yield from (Checked(one.start, one.end, one.how) for one in items if one.how)
    yield from (Checked(*found.span(), How.ASSUMED) for found in _ASSUMED.finditer(text))
    start = _day(head["start"] or head["begin"])
    pace, minutes = number(head["pace"]), sum(item.minutes for item in items)
    if not _is_premise(read, pace, minutes, start) or start is None or start.weekday() or not items:
        return
    yield from _premises(read, head, pace)
    if all(item.how or _is_said(read, item) for item in items):
        yield from _head_sums(head, items, pace, start)
        yield from _stage_sums(stages, pace, start)
        yield from _other_sums(text, items, pace, start)


def _items(read: Read, entry: re.Match[str]) -> Iterator[_Item]:
    at = entry.start("items")
    for found in _EFFORT.finditer(entry["items"]):
        sign = found["sign"]
        exact = product_of(found) if found["sum"] else ends_of(found["hours"])
        hours = exact or ends_of(found["sum"])
        per_hour = 60 if found["in"] == "min" else 1
        yield _Item(
            name=found["name"].strip(),
            hours=Ends(hours.low / per_hour, hours.high / per_hour),
            is_open=bool(found["open"]),
            is_estimate=sign == "~",
            how=_borne_out(read, found, exact),
            start=at + found.end("name"),
            end=at + found.end(),
        )


def _borne_out(read: Read, found: re.Match[str], exact: Ends | None) -> How | None:
    """How the hours of an item are borne out beside the passages; None where they are not, or need not be."""
    sign = found["sign"]
    if sign and _LEGENDS[sign] not in read.text:
        return None
    if not found["sum"]:
        return How.ASSUMED if sign else None
    premises = [one for legend in _ASSUMED.finditer(read.text) for one in legend.groups()]
    is_given = read.is_stated(found["effort"]) or (sign == "≈" and found["effort"] in premises)
    return How.COMPUTED if exact is not None and is_given and read.is_stated(found["length"]) else None


def _is_said(read: Read, item: _Item) -> bool:
    return read.is_stated(read.text[item.start : item.end])


def _is_premise(read: Read, pace: float, minutes: int, start: date | None) -> bool:
    """Whether the pace is the learner's, one that the answer says it takes, or the one that the day needs."""
    offered = [found.hours_per_week for found in (read_pace(plain(one)) for one in read.questions) if found]
    offered += [number(found["pace"]) for found in _NO_PACE.finditer(read.text)]
    by = _BY.search(read.text)
    if "so this takes what" in read.text and by is not None and start is not None:
        offered.append(_needed(minutes, _weeks_between(start, _day(by["by"]))))
    return any(math.isclose(pace, one, abs_tol=0.005) for one in offered) or read.stands(f"{pace:g}")


def _premises(read: Read, head: re.Match[str], pace: float) -> Iterator[Checked]:
    text = read.text
    for name in ("pace", "start", "begin"):
        if head[name]:
            yield Checked(*head.span(name), How.ASSUMED)
    for found in (*_NO_PACE.finditer(text), *_BY.finditer(text), *re.finditer(rf"so this takes what {_DAY}", text)):
        yield Checked(*found.span(), How.ASSUMED)
    for found in _COMMAND.finditer(text):
        yield from _restated(read, found, pace)


def _restated(read: Read, command: re.Match[str], pace: float) -> Iterator[Checked]:
    """The pace and the days of the command, where they are those of the answer, and a budget that the learner gave."""
    days = {_day(found) for found in re.findall(_DAY, read.text)}
    for found in re.finditer(rf'--budget "[A-Z]{{3}} (?P<amount>{NUMBER})"', command.group()):
        if read.stands(found["amount"]):
            yield Checked(command.start() + found.start(), command.start() + found.end(), How.ASSUMED)
    for found in re.finditer(r"--hours-per-week (\S+)", command.group()):
        if math.isclose(number(found[1].strip("`")), pace):
            yield Checked(command.start() + found.start(), command.start() + found.end(), How.ASSUMED)
    for found in re.finditer(r"\d{4}-\d{2}-\d{2}", command.group()):
        if {date.fromisoformat(found.group()), monday_from(date.fromisoformat(found.group()))} & days:
            yield Checked(command.start() + found.start(), command.start() + found.end(), How.ASSUMED)


def _head_sums(head: re.Match[str], items: Sequence[_Item], pace: float, start: date) -> Iterator[Checked]:
    low, high = sum(item.hours.low for item in items), sum(item.hours.high for item in items)
    is_open, said = any(item.is_open for item in items), ends_of(head["hours"])
    if is_rounded(said.low, low) and bool(head["open"]) == is_open and (is_open or is_rounded(said.high, high)):
        yield Checked(*head.span("hours"), How.COMPUTED)
        weeks = ends_of(head["weeks"])
        if weeks.low == weeks_of(low, pace) and (is_open or weeks.high == weeks_of(high, pace)):
            yield Checked(*head.span("weeks"), How.COMPUTED)
    minutes = sum(item.minutes for item in items)
    planned = weeks_of(minutes / 60, pace)
    if head["taken"] and math.isclose(_minutes(head["taken"]), minutes):
        yield Checked(*head.span("taken"), How.COMPUTED)
    if head["planned"] and int(head["planned"]) == planned:
        yield Checked(*head.span("planned"), How.COMPUTED)
    if _day(head["end"]) == start + timedelta(days=7 * planned - 1):
        yield Checked(*head.span("end"), How.COMPUTED)


def _stage_sums(stages: Sequence[_Stage], pace: float, start: date) -> Iterator[Checked]:
    done = 0
    for stage in stages:
        first = math.floor(round(done / 60 / pace, 6)) + 1
        done += sum(item.minutes for item in stage.items)
        last = weeks_of(done / 60, pace)
        if ends_of(stage.said["weeks"]) == Ends(first, last):
            yield Checked(*stage.said.span("weeks"), How.COMPUTED)
        end, said = start + timedelta(days=7 * last - 1), stage.said["end"]
        if _day(said if said[-4:].isdigit() else f"{said} {end.year}") == end:
            yield Checked(*stage.said.span("end"), How.COMPUTED)


def _other_sums(text: str, items: Sequence[_Item], pace: float, start: date) -> Iterator[Checked]:
    minutes, estimated = (sum(item.minutes for item in items if item.is_estimate or every) for every in (True, False))
    planned, by = weeks_of(minutes / 60, pace), _BY.search(text)
    at_hand = _weeks_between(start, _day(by["by"]) if by else None)
    for found in _ESTIMATED.finditer(text):
        if math.isclose(_minutes(found["hours"]), estimated):
            yield Checked(*found.span(), How.COMPUTED)
    for found in _SPARE.finditer(text):
        if [int(found[name]) for name in ("from", "less", "sum")] == [at_hand, planned, at_hand - planned]:
            yield Checked(*found.span(), How.COMPUTED)
    for found in _NEEDED.finditer(text):
        said = [number(found[name]) for name in ("hours", "weeks", "pace")]
        if said == [minutes / 60, at_hand, _needed(minutes, at_hand)]:
            yield Checked(*found.span(), How.COMPUTED)
            yield from _cuts(text, found.end(), items)
    for found in _YEARS.finditer(text):
        if is_rounded(number(found["years"]), planned / 52) and number(found["pace"]) == _needed(minutes, 52):
            yield Checked(*found.span(), How.COMPUTED)
    yield from _costs(text, items, pace)


def _cuts(text: str, start: int, items: Sequence[_Item]) -> Iterator[Checked]:
    """Hours of items named again on the same line."""
    planned = {item.minutes / 60 for item in items}
    for found in _CUT.finditer(text, start, (text + "\n").index("\n", start)):
        if number(found["hours"]) in planned:
            yield Checked(*found.span(), How.COMPUTED)


def _costs(text: str, items: Sequence[_Item], pace: float) -> Iterator[Checked]:
    """Rates times the weeks, months or years that an item takes, and the totals in each currency."""
    cost = _COST.search(text)
    if cost is None:
        return
    by_name, at, paid = {item.name: item.minutes / 60 / pace for item in items}, cost.start("parts"), dict[str, float]()
    for found in _RATE.finditer(cost["parts"]):
        weeks = next((by_name[name] for name in by_name if cost["parts"][: found.start()].endswith(f"{name} ")), 0.0)
        times = max(1, math.ceil(round(weeks / WEEKS_IN[found["unit"]][0], 6)))
        rate, total = (_MONEY.fullmatch(found[name]) for name in ("rate", "sum"))
        is_right = rate and total and math.isclose(times * number(rate["amount"]), number(total["amount"]))
        if is_right and int(found["times"]) == times:
            yield Checked(at + found.start(), at + found.end(), How.COMPUTED)
    for money in _MONEY.finditer(_RATE.sub(lambda found: found["sum"], cost["parts"])):
        paid[money["currency"]] = paid.get(money["currency"], 0.0) + number(money["amount"])
    for total in _MONEY.finditer(cost["totals"]):
        if math.isclose(paid.get(total["currency"], 0.0), number(total["amount"])):
            start = cost.start("totals")
            yield Checked(start + total.start(), start + total.end(), How.COMPUTED)


# --- days and hours -------------------------------------------------------------------------------


def _minutes(text: str) -> float:
    amount, unit = text.rsplit(" ", 1)
    return number(amount) * (1 if unit == "min" else 60)


def _needed(minutes: int, weeks: int) -> float:
    return max(math.ceil(minutes / weeks / 30), 1) / 2 if weeks > 0 else math.inf


def _weeks_between(start: date, by: date | None) -> int:
    return 0 if by is None else max(0, ((by - start).days + 1) // 7)


def _day(text: str | None) -> date | None:
    """The day in "2 May 2027"; None without a year, and where no calendar has it."""
    parts = (text or "").split()
    try:
        return date(int(parts[2]), _MONTHS.index(parts[1]) + 1, int(parts[0])) if len(parts) == 3 else None
    except ValueError:
        return None
