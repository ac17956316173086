"""A plan in its formats: complete, safe to open, the same bytes each time, and JSON that comes back."""

import csv
import io
import json
import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_bench import BEEKEEPER, TODAY, Asked, asked, few, page_of, plan_asked, plan_of

from advisor.career.calendar import escaped, folded, plan_calendar
from advisor.career.export import CSV_COLUMNS, PlanFormat, export_plan, plan_csv, plan_json, read_plan_json
from advisor.career.markdown import plan_markdown
from advisor.career.planned import Plan
from advisor.errors import UsageError

# --- a small independent reader of calendars ------------------------------------------------------


@dataclass
class Component:
    name: str
    values: dict[str, str] = field(default_factory=dict)
    inner: list["Component"] = field(default_factory=list)


def read_calendar(raw: bytes) -> Component:
    """RFC 5545 by its letter: CRLF, 75 octets, unfolding, nesting, escapes."""
    assert raw.endswith(b"\r\n")
    lines = raw[:-2].split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 75
    unfolded: list[bytes] = []
    for line in lines:
        if line.startswith(b" "):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    open_ones = [Component("")]
    for line in unfolded:
        name, _, value = line.decode("utf-8").partition(":")
        if name == "BEGIN":
            open_ones.append(Component(value))
        elif name == "END":
            done = open_ones.pop()
            assert done.name == value
            open_ones[-1].inner.append(done)
        else:
            assert re.fullmatch(r"[A-Z-]+(;VALUE=DATE)?", name)
            assert name not in open_ones[-1].values
            open_ones[-1].values[name] = re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)
    (calendar,) = open_ones[0].inner
    return calendar


def day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def check_calendar(plan: Plan) -> None:
    calendar = read_calendar(export_plan(plan, PlanFormat.ICS))
    assert (calendar.name, calendar.values["VERSION"]) == ("VCALENDAR", "2.0")
    assert calendar.values["PRODID"]
    milestones = [phase for phase in plan.phases if phase.end]
    assert [event.name for event in calendar.inner] == ["VEVENT"] * (len(plan.weeks) + len(milestones))
    assert len({event.values["UID"] for event in calendar.inner}) == len(calendar.inner)
    for event, week in zip(calendar.inner, plan.weeks, strict=False):
        assert day(event.values["DTSTART;VALUE=DATE"]) == week.start
        assert day(event.values["DTEND;VALUE=DATE"]) == week.end + timedelta(days=1)
        assert event.values["DTSTAMP"] == f"{plan.made_on:%Y%m%d}T000000Z"
        assert all(plan.step(share.step).name in event.values["SUMMARY"] for share in week.shares)
    for event, phase in zip(calendar.inner[len(plan.weeks) :], milestones, strict=True):
        assert day(event.values["DTSTART;VALUE=DATE"]) == phase.end
        assert phase.label in event.values["SUMMARY"]


# --- calendars ------------------------------------------------------------------------------------


def test_the_calendar_of_the_example_is_read_back() -> None:
    check_calendar(plan_of(BEEKEEPER))


@given(asked)
@few
def test_every_calendar_is_valid_and_holds_every_week(one: Asked) -> None:
    check_calendar(plan_asked(one))


def test_a_name_with_every_mark_survives_the_calendar() -> None:
    plan = plan_of(
        page_of(["Bees; wasps, ants \\ and Übergrößen 蜂 in a name that is far longer than one line can ever be"])
    )
    check_calendar(plan)


@given(st.text(max_size=300))
def test_folding_keeps_every_character_and_the_limit(text: str) -> None:
    line = f"SUMMARY:{escaped(text)}"
    pieces = list(folded(line))
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == line
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])


def test_text_is_escaped_as_the_standard_says() -> None:
    assert escaped("a,b;c\\d\r\ne\tf\x07") == "a\\,b\\;c\\\\d\\ne f"


def test_a_plan_made_anew_keeps_the_identifiers_of_its_weeks() -> None:
    def identifiers(plan: Plan) -> list[str]:
        return re.findall(r"^UID:(.+)\r$", plan_calendar(plan), re.MULTILINE)

    first, second = plan_of(BEEKEEPER), plan_of(BEEKEEPER, start=date(2027, 1, 4))
    assert first.start != second.start
    assert identifiers(first) == identifiers(second)


# --- JSON and CSV ---------------------------------------------------------------------------------


@given(asked)
@few
def test_json_comes_back_as_an_equal_plan(one: Asked) -> None:
    plan = plan_asked(one)
    assert read_plan_json(plan_json(plan)) == plan


def test_json_holds_the_target_the_money_and_the_days_off() -> None:
    plan = plan_of(BEEKEEPER, by=date(2027, 6, 30))
    again = read_plan_json(export_plan(plan, PlanFormat.JSON))
    assert again == plan
    assert json.loads(plan_json(plan))["target"]["by"] == "2027-06-30"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"career": 1}', "not json"])
def test_json_that_is_no_plan_is_refused_with_the_cure(text: str) -> None:
    with pytest.raises(UsageError, match="make it anew"):
        read_plan_json(text)


def test_the_rows_of_a_spreadsheet_add_up_to_the_plan() -> None:
    plan = plan_of(BEEKEEPER)
    text = plan_csv(plan)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert sum(float(row["hours"]) for row in rows) == plan.minutes / 60
    assert [row["item"] for row in rows if row["finished"] == "yes"] == [step.name for step in plan.steps]
    assert text.count("\n") == text.count("\r\n") == len(rows) + 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula(start: str) -> None:
    plan = plan_of(page_of(["Bees"]))
    named = replace(plan, steps=(replace(plan.step(1), name=f"{start}HYPERLINK(1)"),))
    row = next(csv.DictReader(io.StringIO(plan_csv(named), newline="")))
    assert row["item"] == f"'{start}HYPERLINK(1)"


# --- Markdown -------------------------------------------------------------------------------------


def test_the_checklist_has_every_step_with_hours_dates_and_a_mark() -> None:
    text = plan_markdown(plan_of(BEEKEEPER))
    assert (
        "- [ ] 1. **[Introduction to Bees](https://bees.example.org/intro)**: 21 h, 2026-11-23 to 2026-12-27 [3]\n"
        in text
    )
    assert (
        "  - course, by Example University, free to audit; hours: 6 weeks at 3–4 hours per week = 18–24 hours\n" in text
    )
    assert "Hours: at least 97 hours in all" in text
    assert "Milestone 2027-02-07: Phase 1: The bee year is done, shown by Project: a hive diary [5]." in text
    assert (
        "Cost: EUR 25 and USD 90, and on top what the page gives no amount for: Project: one hive (cost not stated)."
        in text
    )
    assert "Taken for granted, because nothing earlier in the roadmap teaches it: Latin." in text


@given(asked)
@few
def test_every_mark_has_a_source_and_every_source_a_mark(one: Asked) -> None:
    body, _, sources = plan_markdown(plan_asked(one)).partition("## Sources\n")
    listed = set(re.findall(r"^- \[(\d+)\]", sources, re.MULTILINE))
    assert set(re.findall(r"(?<!\\)\[(\d+)\]", body)) == listed


def test_known_items_are_ticked_and_what_is_left_out_says_why() -> None:
    page = page_of(["Intro to SQL", "Bees | Cost: paid", "Wasps"])
    text = plan_markdown(plan_of(page, known=("sql, chess",), free_only=True))
    assert "- [x] Intro to SQL: already known, sql covers it [2]" in text
    assert "Already known: sql covers Intro to SQL." in text
    assert "chess credited nothing" in text
    assert "- Left out: Bees: it has to be paid for; in the same phase, free: Wasps [4]" in text
    assert "Cost: nothing; every step is free." in text


def test_the_words_of_a_page_cannot_become_markup() -> None:
    plan = plan_of(page_of(["Bees"]))
    named = replace(plan, steps=(replace(plan.step(1), name="[x](javascript:1) <b>*y*", url="javascript:alert(1)"),))
    text = plan_markdown(named)
    assert "**\\[x\\](javascript:1) \\<b\\>\\*y\\***" in text
    assert "javascript:alert" not in text


def test_a_target_that_cannot_be_kept_is_told_with_what_could_go() -> None:
    page = page_of(["A | Duration: 20 hours", "B | Duration: 20 hours"])
    some = plan_markdown(plan_of(page, hours_per_week=5.0, by=TODAY + timedelta(weeks=5)))
    assert "it does not fit at 5 hours per week; the whole plan needs 10 hours per week for 4 weeks." in some
    assert "At your pace it would fit without: B (20 h)" in some
    none = plan_markdown(plan_of(page, hours_per_week=5.0, by=TODAY + timedelta(weeks=2)))
    assert "Even without what nothing later asks for (B (20 h)) it would not fit. It ends on 2027-01-17." in none
    at_once = plan_markdown(plan_of(page, hours_per_week=5.0, by=TODAY + timedelta(days=3)))
    assert "it cannot fit: no whole week of study is left before that day." in at_once


def test_nothing_left_to_do_is_said() -> None:
    text = plan_markdown(plan_of(page_of(["Intro to SQL"]), known=("sql",)))
    assert "Nothing is left to do" in text
    assert "Week by week" not in text


@given(asked)
@few
def test_the_same_plan_gives_the_same_bytes(one: Asked) -> None:
    for form in PlanFormat:
        assert export_plan(plan_asked(one), form) == export_plan(plan_asked(one), form)
