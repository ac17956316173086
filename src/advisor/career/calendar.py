"""A plan as an iCalendar file (RFC 5545): an all-day event for every week of study and every milestone.

Knows nothing of how a plan is made. The same plan gives the same bytes: the stamp is the day on which it was made.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from advisor.career.planned import Plan, PlannedPhase, Week, hours_words
from advisor.text import slug, visible

_LINE_OCTETS = 75  # RFC 5545, section 3.1: without the line break
_TEXT_MARKS = re.compile(r"([\\;,])")


def plan_calendar(plan: Plan) -> str:
    """The calendar as text with the CRLF line ends that the format asks for.

    Identifiers depend on the career and on the number of the week or phase alone, so that a plan made anew moves the
    events of the old one.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Career Advisor//Study plan//EN",
        "CALSCALE:GREGORIAN",
        *(line for week in plan.weeks for line in _week_event(plan, week)),
        *(line for phase in plan.phases if phase.end is not None for line in _milestone_event(plan, phase, phase.end)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _week_event(plan: Plan, week: Week) -> Iterator[str]:
    names = " + ".join(plan.step(share.step).name for share in week.shares)
    yield from _event(
        plan,
        name=f"week-{week.number}",
        first=week.start,
        last=week.end,
        summary=f"{plan.career}, week {week.number} ({hours_words(week.minutes)}): {names}",
        description="\n".join(_week_words(plan, week)),
    )


def _week_words(plan: Plan, week: Week) -> Iterator[str]:
    for share in week.shares:
        step = plan.step(share.step)
        done = ", done this week" if share.is_last else ""
        yield f"{step.name}: {hours_words(share.minutes)} of {hours_words(step.minutes)}{done}"
        yield f"{plan.phases[step.phase - 1].label}; {step.price.told}; source: {_source(plan, step.citation)}"
        if step.url:
            yield step.url


def _milestone_event(plan: Plan, phase: PlannedPhase, day: date) -> Iterator[str]:
    proofs = [plan.step(number) for number in phase.proofs]
    words = [phase.done_when, *(f"{step.name}: {step.outcomes}" for step in proofs)]
    yield from _event(
        plan,
        name=f"phase-{phase.number}",
        first=day,
        last=day,
        summary=f"Done: {phase.label} ({plan.career})",  # the phase first, for a day shows but a few letters
        description="\n".join([*filter(None, words), f"source: {_source(plan, phase.citation)}"]),
    )


def _source(plan: Plan, number: int) -> str:
    citation = plan.citations[number - 1]
    return f"{citation.document}, {citation.section}"


def _event(plan: Plan, *, name: str, first: date, last: date, summary: str, description: str) -> Iterator[str]:
    """An all-day event; its DTEND is the day after the last one (RFC 5545, section 3.6.1)."""
    yield "BEGIN:VEVENT"
    yield f"UID:{slug(plan.career)}-{name}@plan.career-advisor"
    yield f"DTSTAMP:{plan.made_on:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(summary)}"
    yield f"DESCRIPTION:{escaped(description)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """Text as RFC 5545, section 3.3.11 writes it: backslash, semicolon, comma and line break escaped."""
    plain = visible(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _TEXT_MARKS.sub(r"\\\1", plain).replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, each but the first behind a space; no character is cut in two."""
    piece, octets = "", 0
    for character in line:
        size = len(character.encode("utf-8"))
        if octets + size > _LINE_OCTETS:
            yield piece
            piece, octets = " ", 1
        piece, octets = piece + character, octets + size
    yield piece
