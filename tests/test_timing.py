"""How long: the line that states the time of the very thing asked for."""

from dataclasses import replace

import pytest
from test_sections import lines

from advisor.answer.differing import with_other_sources
from advisor.answer.parttimes import select_time_around
from advisor.answer.timing import select_times
from advisor.corpus.outline import Kind
from advisor.records import Intent, Query
from advisor.text import stems

PATH = """## Phase 1: Hives (4–5 months)

Phase 1 has two blocks of 8 weeks.

## Phase 2: Honey (6 weeks)

Text.

## First step

Do the free course of phase 1, which takes 45 minutes.
"""


def times(question: str, *numbered: str) -> list[str]:
    query = Query(question, question, Intent.DURATION, ("phase", "1", "hive"), numbered=numbered)
    weighed = lines("path.md", None, PATH, {"Do the free course of phase 1, which takes 45 minutes.": 1.0})
    selection = select_times(query, [replace(line, coverage=1.0) for line in weighed])
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_a_phase_asked_for_by_number_takes_what_its_heading_says() -> None:
    assert times("how long is phase 1", "phase 1") == ["Phase 1: Hives takes 4–5 months."]


def test_without_a_line_about_the_phase_itself_other_lines_may_answer() -> None:
    assert times("how long is phase 3", "phase 3")


COURSE = """## Courses

- Bee Basics by the Guild
  - Duration: 6 weeks
  - Effort: 3 hours per week
- Bee Master by the Guild
  - Effort: not stated
  - Duration: 8 weeks
"""


def course_time(name: str) -> list[str]:
    weighed = [
        replace(line, coverage=1.0 if any(name in part for part in line.path) else 0.0)
        for line in lines("courses.md", None, COURSE)
    ]
    query = Query(f"how long is {name}?", "", Intent.DURATION, ("bee",))
    selection = select_times(query, weighed)
    assert selection is not None
    assert all(snippet.quote in COURSE for snippet in selection.snippets)
    return [snippet.text for snippet in selection.snippets]


def test_a_time_comes_with_the_weekly_effort_that_stands_beside_it() -> None:
    assert course_time("Basics") == ["Bee Basics by the Guild takes 6 weeks, at 3 hours per week."]


def test_an_effort_that_is_not_stated_is_not_told() -> None:
    assert course_time("Master") == ["Bee Master by the Guild takes 8 weeks."]


DATED = """# Bees in 30 days

## Day 1-7: Hives

- Frames

## Day 8-14: Queens

Queens lay eggs.

## Reading

- 100 Days of Honey by the Guild
- Prerequisites: 100 Days of Honey
"""


def dated(*terms: str) -> list[str]:
    weighed = [replace(line, coverage=1.0) for line in lines("bees.md", None, DATED)]
    selection = select_times(Query("how long?", "how long?", Intent.DURATION, terms), weighed)
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_a_part_of_a_dated_plan_takes_the_days_of_its_heading() -> None:
    assert dated("queen", "day", "bee", "30") == ["Day 8-14: Queens."]


def test_a_time_in_a_name_stays_in_it_and_makes_no_time_of_what_needs_it() -> None:
    assert dated("100", "day", "honey") == ["100 Days of Honey by the Guild takes 100 days."]


def test_a_part_of_another_careers_way_has_no_say() -> None:
    baker = "## Phase 1: Bread (9 weeks)\n\nText.\n"
    both = [*lines("baker.md", "Baker", baker), *lines("keeper.md", "Beekeeper", PATH)]
    query = Query(
        "how long is phase 1", "", Intent.DURATION, ("phase", "1"), roles=("Beekeeper",), numbered=("phase 1",)
    )
    selection = select_times(query, [replace(line, coverage=1.0) for line in both])
    assert selection is not None
    assert [snippet.text for snippet in selection.snippets] == ["Phase 1: Hives takes 4–5 months."]


def test_a_time_under_the_heading_that_is_asked_for_is_its_time_and_one_far_below_is_not() -> None:
    page = "# Gardener\n\n## Training\n\nAn apprenticeship takes 3 years.\n\n## Tools\n\n- Spade course (2 hours)\n"
    weighed = [replace(line, coverage=1.0) for line in lines("g.md", None, page)]
    selection = select_times(Query("how long is training?", "", Intent.DURATION, ("train", "garden")), weighed)
    assert selection is not None
    assert [snippet.text for snippet in selection.snippets] == ["An apprenticeship takes 3 years."]


PARTS = """## Bee health (8 weeks)

### Mites

- Topics: counting, treatment

## Honey

- Topics: extraction
"""


def time_around(*terms: str) -> list[str]:
    query = Query(f"how long does {' and '.join(terms)} take?", "", Intent.DURATION, terms)
    selection = select_time_around(query, lines("parts.md", None, PARTS))
    if selection is None:
        return []
    assert selection.groups[0].lead.startswith("No time is given for that by itself")
    return [snippet.text for snippet in selection.snippets]


def test_a_time_of_the_part_around_is_told_as_such() -> None:
    assert time_around("treatment") == ["Bee health takes 8 weeks."]
    assert time_around("count", "treatment", "bee", "wasp") == ["Bee health takes 8 weeks."]


def test_no_time_around_is_told_of_what_the_part_hardly_holds_or_where_none_is_stated() -> None:
    assert time_around("treatment", "wasp") == []
    assert time_around("extract") == []


def test_the_time_of_the_part_itself_is_told_plainly() -> None:
    query = Query("how long?", "", Intent.DURATION, ("bee", "health"))
    selection = select_time_around(query, lines("parts.md", None, PARTS))
    assert selection is not None
    assert selection.groups[0].lead == ""


TABLE = """## Phases

| Phase | Content | Duration |
| --- | --- | --- |
| Phase 1 | Hives and tools | 4–5 months |

## Courses

| Course | By | Length | Cost |
| --- | --- | --- | --- |
| Bee Basics | the Guild | 6 weeks | free |
"""


def test_a_row_with_a_time_is_told_as_a_sentence_and_a_longer_one_by_its_cells() -> None:
    weighed = [replace(line, coverage=1.0) for line in lines("table.md", None, TABLE) if line.node.kind is Kind.ROW]
    for asked, told in (
        ("phase", "Phase 1 (Hives and tools) takes 4–5 months."),
        ("bee", "Bee Basics: By: the Guild; Length: 6 weeks; Cost: free."),
    ):
        rows = [line for line in weighed if asked in line.node.text.lower()]
        selection = select_times(Query(f"how long is {asked}?", "", Intent.DURATION, (asked,)), rows)
        assert selection is not None
        assert [snippet.text for snippet in selection.snippets] == [told]


HIRED = """## When am I hired?

- 3 months: helper in a bee yard
- 12 months: keeper of a big bee yard
- 5 years: inspector
"""


def test_times_of_one_list_are_told_together_where_each_is_asked_for() -> None:
    readings = {"3 months": 0.82, "12 months": 0.81, "5 years": 0.3}
    weighed = [
        replace(line, coverage=1.0, reading=readings.get(line.node.label, 0.0), score=0.1 * len(line.node.text))
        for line in lines("hired.md", None, HIRED)
    ]
    query = Query("how long until i am a helper or keeper?", "", Intent.DURATION, tuple(stems("helper keeper")))
    selection = select_times(query, weighed)
    assert selection is not None
    told = " ".join(snippet.text for snippet in selection.snippets)
    assert [time in told for time in ("3 months", "12 months", "5 years")] == [True, True, False]
    assert told.index("3 months") < told.index("12 months")


def test_the_time_of_one_member_of_a_list_is_told_alone_though_all_are_read_alike() -> None:
    phases = ("Foundation phase: hives (4 weeks)", "Phase 1: honey (4 months)", "Phase 2: wax (1 year)")
    text = "# Bees\n\n## Phases\n\n" + "".join(f"- {phase}\n" for phase in phases)
    weighed = [replace(line, coverage=1.0, reading=0.91) for line in lines("b.md", None, text)]
    weighed = [replace(line, score=1.0 if "Foundation" in line.node.text else 0.8) for line in weighed]
    query = Query("how long is the foundation phase?", "", Intent.DURATION, tuple(stems("foundation phase")))
    selection = select_times(query, sorted(weighed, key=lambda line: -line.score))
    assert selection is not None
    assert [snippet.text for snippet in selection.snippets] == ["Foundation phase: hives takes 4 weeks."]


TOTAL = """# Guild interviews

## Overview

| Attribute | Details |
| --- | --- |
| Total Duration | 4-8 weeks |
| Calls | 30 minutes each |
"""


@pytest.mark.parametrize(
    ("question", "is_told"), [("how long is the whole process?", True), ("how long is it?", False)]
)
def test_a_line_called_total_tells_the_whole_time_though_little_else_of_the_question(
    question: str, is_told: bool
) -> None:
    weighed = [replace(line, coverage=0.25) for line in lines("t.md", None, TOTAL)]
    selection = select_times(Query(question, question, Intent.DURATION, ("interview",)), weighed)
    assert bool(selection) is is_told
    assert not selection or [snippet.text for snippet in selection.snippets] == ["Total Duration: 4-8 weeks."]


def test_an_item_of_whole_sentences_is_told_as_it_stands() -> None:
    item = "It has a flexible schedule. At this pace of one hive a year the way takes you over 3 years. Few are quicker"
    weighed = [replace(line, coverage=1.0) for line in lines("b.md", None, f"# Bees\n\n## What\n\n- {item}\n")]
    selection = select_times(Query("how long?", "", Intent.DURATION, ("bee", "hive")), weighed)
    assert selection is not None
    assert [snippet.text for snippet in selection.snippets] == [f"{item}."]


def test_a_field_with_a_bracket_is_told_whole() -> None:
    text = "# Bees\n\n## Overview\n\n- Duration: 34 weeks (about 8 months)\n"
    weighed = [replace(line, coverage=1.0) for line in lines("b.md", None, text)]
    selection = select_times(Query("how long is all of it in total?", "", Intent.DURATION, ("bee",)), weighed)
    assert selection is not None
    assert "34 weeks (about 8 months)" in selection.snippets[0].text


HOURS = """## Week 6: Honey (1 week)

- Honey: 6-8 hours
"""


@pytest.mark.parametrize(("asked", "told"), [("hours", "6-8 hours"), ("weeks", "1 week")])
def test_a_time_in_hours_answers_how_many_hours(asked: str, told: str) -> None:
    weighed = [replace(line, coverage=1.0, score=0.5 * (line.node.index == 1)) for line in lines("h.md", None, HOURS)]
    query = Query(f"how many {asked} does honey take?", "", Intent.DURATION, tuple(stems("honey")))
    selection = select_times(query, weighed)
    assert selection is not None
    assert told in selection.snippets[0].text


TWO = """## Courses

- Bee course of Kent: 3 weeks
- Bee course of Essex: 9 weeks
"""


def times_read(kent: float, essex: float, asked: str) -> list[str]:
    readings = {"Bee course of Kent": kent, "Bee course of Essex": essex}
    weighed = [
        replace(line, coverage=1.0, reading=readings.get(line.node.label, 0.0)) for line in lines("two.md", None, TWO)
    ]
    selection = select_times(Query("how long is the bee course?", "", Intent.DURATION, tuple(stems(asked))), weighed)
    told = " ".join(snippet.text for snippet in selection.snippets) if selection else ""
    return [name for name in ("Essex", "Kent") if name in told]


def test_beside_a_time_that_is_read_as_the_answer_only_what_is_called_by_its_name_stays() -> None:
    assert times_read(0.1, 0.1, "bee course") == ["Essex", "Kent"]
    assert times_read(0.9, 0.1, "bee course") == ["Kent"]
    assert times_read(0.9, 0.3, "bee course") == ["Essex", "Kent"]
    assert "Essex" in times_read(0.9, 0.1, "bee course essex")


NAMELESS = """## Courses

### Hive Basics

- Four courses, around 3 months

### Queens

- 5 weeks, 6 hours per week

### Wax

- Took me 16 weeks

### Phase 4: Smoke (weeks 29-36)

- Bellows

### If you keep wasps

- Time to first honey: 3-6 months

### Old Hands

**Timeline:** 6-8 weeks prep

### Honey people (shortest way, about 5 months)

- Jars
"""


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("hive basics", "Hive Basics: Four courses, around 3 months."),
        ("queens", "Queens takes 5 weeks, 6 hours per week."),
        ("wax", "Wax: Took me 16 weeks."),
        ("phase 4 smoke", "Phase 4: Smoke (weeks 29-36)."),
        ("if you keep wasps", "If you keep wasps: Time to first honey: 3-6 months."),
        ("old hands", "Old Hands takes 6-8 weeks prep."),
        ("honey people", "Honey people (shortest way) takes about 5 months."),
    ],
)
def test_a_line_that_names_nothing_but_a_time_is_told_of_what_stands_above_it(asked: str, told: str) -> None:
    query = Query(f"how long does {asked} take?", "", Intent.DURATION, tuple(stems(asked)))
    weighed = [replace(line, coverage=1.0) for line in lines("courses.md", None, NAMELESS)]
    selection = select_times(query, weighed)
    assert selection is not None
    assert selection.snippets[0].text == told


ELSEWHERE = """## Keeping bees (12 weeks)

- Course: Hive Basics
- Topics: frames
"""


def test_where_it_is_asked_whether_sources_agree_the_part_in_another_source_is_told_too() -> None:
    weighed = [*lines("one.md", None, "- Hive Basics: 3 months\n"), *lines("two.md", None, ELSEWHERE)]
    weighed = [replace(line, coverage=1.0) for line in weighed]

    def told(question: str) -> list[str]:
        query = Query(question, question, Intent.DURATION, tuple(stems(question)))
        first = select_times(replace(query, terms=("hive", "basic")), weighed[:1])
        assert first is not None
        return [snippet.text for snippet in with_other_sources(query, first, weighed).snippets]

    assert told("do the guides agree on how much hive basics takes") == [
        "Hive Basics: 3 months.",
        "Keeping bees takes 12 weeks.",
    ]
    assert told("hive basics?") == ["Hive Basics: 3 months."]
    assert told("do the guides agree on wax") == ["Hive Basics: 3 months."]


def test_where_the_sources_are_asked_about_all_that_a_page_sets_side_by_side_is_told() -> None:
    page = (
        "# Baking\n\n## Courses\n\n- Hive Basics by the Guild\n  - Duration: 6 weeks\n\n## How long\n\n"
        "On the course Hive Basics the sources differ:\n\n| Source | Duration |\n|---|---|\n"
        "| The Guild | 6 weeks at 5 hours |\n| A. Keeper | 40 hours |\n| Bee News | April to June |\n\n"
        "Wax is another matter:\n\n- Melting: 2 hours\n- Cooling: 3 hours\n"
    )
    weighed = [replace(line, coverage=1.0) for line in lines("baking.md", None, page)]

    def told(question: str) -> list[str]:
        query = Query(question, question, Intent.DURATION, tuple(stems(question)))
        first = select_times(replace(query, terms=("hive", "basic")), weighed)
        assert first is not None
        return [snippet.text for snippet in with_other_sources(query, first, weighed).snippets]

    asked = told("how long is hive basics? i keep reading different numbers")
    assert asked[:3] == [
        "The Guild takes 6 weeks at 5 hours.",
        "A. Keeper takes 40 hours.",
        "Bee News: Duration: April to June.",
    ]
    assert any(text.startswith("Hive Basics by the Guild") for text in asked)
    assert not any("Melting" in text for text in asked)
    assert not any("April" in text for text in told("how long is hive basics?"))
    assert not any("April" in text for text in told("do the guides agree?"))


def test_a_pace_with_its_sum_is_told_as_it_stands_and_a_wide_row_by_its_time() -> None:
    page = (
        "# Baking\n\n## Plan\n\n- Schedule: 8 hrs/day (1,040 hours over 6 months)\n\n## Breads\n\n"
        "| Bread | Flour | Need | Oven | Time (weeks) | Notes |\n|---|---|---|---|---|---|\n"
        "| Rye | dark | must | hot | 3-4 | sour |\n"
    )
    said = {line.node.text: line for line in lines("baking.md", None, page)}

    def told(text: str) -> list[str]:
        query = Query("how long does it take?", "", Intent.DURATION, tuple(stems(text)[:2]))
        selection = select_times(query, [replace(said[text], coverage=1.0)])
        return [snippet.text for snippet in selection.snippets] if selection else []

    assert told("Schedule: 8 hrs/day (1,040 hours over 6 months)") == [
        "Plan: Schedule: 8 hrs/day (1,040 hours over 6 months)."
    ]
    assert told("Bread: Rye; Flour: dark; Need: must; Oven: hot; Time: 3-4 weeks; Notes: sour") == [
        "Rye takes 3-4 weeks."
    ]
