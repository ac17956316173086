"""What phase 1 holds: its items, or those of one kind."""

from test_sections import lines

from advisor.answer.numbered import in_its_part, select_numbered, select_numbered_time
from advisor.answer.selection import Selection
from advisor.records import Intent, Query
from advisor.text import stems

WAY = """## The way in order

1. Phase 1: Hives
2. Phase 2: Honey
3. Phase 10: Wax

## Phase 1 of the way: Hives

- Bee Basics
  - Kind: course
  - Duration: 6 weeks
- The Hive
  - Kind: book
- Project: a smoker
  - Kind: project
  - Outcomes: a smoker that works

## Phase 10 of the way: Wax

- Candles
- Soap
"""


def held(question: str, *numbered: str, intent: Intent = Intent.LIST) -> list[str]:
    query = Query(question, question, intent, tuple(stems(question)), numbered=numbered)
    return said(select_numbered(query, lines("way.md", None, WAY)))


def said(selection: Selection | None) -> list[str]:
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_a_part_asked_for_is_told_by_its_own_items_and_not_by_the_overview() -> None:
    assert held("what is in phase 1?", "phase 1") == ["Bee Basics: Duration: 6 weeks", "The Hive", "Project: a smoker"]


def test_only_the_kind_that_is_asked_for_is_told() -> None:
    assert held("which books are in phase 1?", "phase 1") == ["Phase 1 of the way: The Hive."]


def test_a_single_project_is_told_with_what_it_proves() -> None:
    (project,) = held("what project is in phase 1", "phase 1", intent=Intent.FACT)
    assert "a smoker that works" in project


def test_lines_of_another_part_are_left_out_where_a_part_is_named() -> None:
    weighed = lines("way.md", None, WAY + "\nSoap sells well.\n\n## Phases 2-3\n\n- Mead\n")
    query = Query("which project is in phase 2?", "", Intent.FACT, (), numbered=("phase 2",))
    kept = [w.node.text for w in in_its_part(query, weighed)]
    assert "Mead" in kept
    assert "The way in order" in kept
    assert not {"Candles", "Phase 1: Hives", "Project: a smoker"} & set(kept)
    nowhere = Query("what is in phase 7?", "", Intent.FACT, (), numbered=("phase 7",))
    assert "Candles" not in [w.node.text for w in in_its_part(nowhere, weighed)]
    assert len(in_its_part(Query("what is honey?", "", Intent.FACT, ()), weighed)) == len(weighed)


def test_phase_1_is_not_phase_10() -> None:
    assert held("what is in phase 10?", "phase 10") == ["Candles", "Soap"]
    without_the_first = WAY.replace("## Phase 1 of the way: Hives", "## Hives")
    query = Query("what is in phase 1?", "", Intent.LIST, (), numbered=("phase 1",))
    assert select_numbered(query, lines("way.md", None, without_the_first)) is None


def test_what_names_more_than_the_part_is_answered_elsewhere() -> None:
    assert held("which smokers are in phase 1?", "phase 1") == []
    assert held("what is in phase 1 and phase 10?", "phase 1", "phase 10") == []
    assert held("what is phase 1", "phase 1", intent=Intent.DURATION) == []


def lasting(question: str, page: str, role: str | None = "Beekeeper") -> list[str]:
    query = Query(
        question, question, Intent.DURATION, tuple(stems(question)), leaning="Beekeeper", numbered=("phase 1",)
    )
    return said(select_numbered_time(query, lines("way.md", role, page)))


def test_a_part_without_a_length_of_its_own_is_told_by_the_lengths_of_its_items() -> None:
    unknown = WAY.replace("  - Kind: book\n", "  - Kind: book\n  - Duration: not stated\n  - Effort: not stated\n")
    assert lasting("how long is phase 1?", unknown) == [
        "Bee Basics: Duration: 6 weeks",
        "The Hive: Duration: not stated",
    ]


def test_a_part_whose_length_is_stated_and_one_of_another_career_are_left_to_others() -> None:
    assert lasting("how long is phase 1?", WAY.replace("Phase 1: Hives", "Phase 1: Hives (8 weeks)")) == []
    assert lasting("how long is phase 1?", WAY, role="Baker") == []


def test_a_kind_that_a_part_does_not_hold_is_said_to_be_missing_and_the_rest_told() -> None:
    question = "which certificates are in phase 1?"
    query = Query(question, question, Intent.LIST, tuple(stems(question)), numbered=("phase 1",))
    selection = select_numbered(query, lines("way.md", None, WAY))
    assert selection is not None
    assert selection.groups[0].lead == "The page names no certificate in phase 1. It holds:"
    assert said(selection) == ["Bee Basics: Duration: 6 weeks", "The Hive", "Project: a smoker"]
