"""A plan's calendar as an independent reader sees it: the library `icalendar`, which shares no code with ours."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import icalendar
import pytest
from hypothesis import given
from plan_bench import BEEKEEPER, TODAY, Asked, asked, few, page_of, plan_asked, plan_of

from advisor.career.export import PlanFormat, export_plan
from advisor.career.planned import DaysOff, Plan

NASTY = 'Bees; wasps, ants \\n \\ "quoted": Übergrößen 蜂 in a name that is far longer than one line can ever be'
HOLIDAYS = (DaysOff(date(2026, 12, 21), date(2027, 1, 3)),)


def exported(plan: Plan) -> bytes:
    return export_plan(plan, PlanFormat.ICS)


def events_of(raw: bytes) -> Sequence[icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(raw)
    assert calendar.errors == []
    assert all(event.errors == [] for event in calendar.walk("VEVENT"))
    return list(calendar.walk("VEVENT"))


def weeks_of(plan: Plan) -> Sequence[icalendar.Event]:
    return [event for event in events_of(exported(plan)) if "-week-" in event["UID"]]


def days_of(event: icalendar.Event) -> tuple[date, date]:
    """The first day and the one after the last."""
    return event["DTSTART"].dt, event["DTEND"].dt


def test_there_is_an_event_for_every_week_and_every_milestone() -> None:
    plan = plan_of(BEEKEEPER, days_off=HOLIDAYS)
    events = events_of(exported(plan))
    assert len(events) == len(plan.weeks) + 2 == 25 + 2
    assert [days_of(event) for event in weeks_of(plan)] == [
        (week.start, week.end + timedelta(days=1)) for week in plan.weeks
    ]
    assert [days_of(event)[0] for event in events[-2:]] == [phase.end for phase in plan.phases]


def test_a_week_tells_its_hours_and_a_milestone_begins_with_its_phase() -> None:
    events = events_of(exported(plan_of(BEEKEEPER)))
    assert events[0]["SUMMARY"] == "Beekeeper, week 1 (5 h): Introduction to Bees"
    assert events[-2]["SUMMARY"] == "Done: Phase 1: The bee year (Beekeeper)"


def test_no_two_weeks_overlap_and_none_lies_in_the_holidays() -> None:
    spans = [days_of(event) for event in weeks_of(plan_of(BEEKEEPER, days_off=HOLIDAYS))]
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert not any(first <= date(2027, 1, 3) and date(2026, 12, 21) < after for first, after in spans)


def test_days_are_whole_ones_so_that_no_time_zone_moves_them() -> None:
    raw = exported(plan_of(BEEKEEPER))
    assert b"TZID" not in raw
    assert b"VTIMEZONE" not in raw
    for event in events_of(raw):
        assert not any(isinstance(day, datetime) for day in days_of(event))
        assert event["DTSTAMP"].dt == datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
        assert event["TRANSP"] == "TRANSPARENT"


def test_a_nasty_name_comes_back_as_it_was() -> None:
    plan = plan_of(page_of([NASTY]))
    name = plan.step(1).name
    assert all(mark in name for mark in ';,\\":蜂')
    assert all(name in event["SUMMARY"] for event in weeks_of(plan))
    assert all(name in event["DESCRIPTION"] and "\n" in event["DESCRIPTION"] for event in weeks_of(plan))


def test_importing_again_moves_the_events_and_adds_none() -> None:
    """What a calendar does with a file: an event whose identifier it has is put in place of the old one."""
    kept: dict[str, icalendar.Event] = {}
    for plan in (plan_of(BEEKEEPER), plan_of(BEEKEEPER), plan_of(BEEKEEPER, start=date(2027, 1, 4))):
        events = events_of(exported(plan))
        assert len({event["UID"] for event in events}) == len(events)
        kept |= {str(event["UID"]): event for event in events}
        assert len(kept) == len(events)
    assert min(days_of(event)[0] for event in kept.values()) == date(2027, 1, 4)


def test_what_the_reader_writes_again_reads_the_same() -> None:
    calendar = icalendar.Calendar.from_ical(exported(plan_of(BEEKEEPER)))
    again = icalendar.Calendar.from_ical(calendar.to_ical())
    assert [dict(event) for event in again.walk("VEVENT")] == [dict(event) for event in calendar.walk("VEVENT")]


@pytest.mark.parametrize("name", [NASTY, "Bees", "蜂" * 80])
def test_lines_end_in_crlf_and_have_at_most_75_octets(name: str) -> None:
    raw = exported(plan_of(page_of([name])))
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert [line.decode("utf-8").encode() for line in lines] == lines  # no character is cut in two


@given(asked)
@few
def test_every_calendar_is_read_without_a_fault(one: Asked) -> None:
    plan = plan_asked(one)
    events = events_of(exported(plan))
    assert len(events) == len(plan.weeks) + sum(phase.end is not None for phase in plan.phases)
    assert len({event["UID"] for event in events}) == len(events)
