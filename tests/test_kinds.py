"""Lists of all items of one kind: of a page, of a part, about a matter; and what is not such a question."""

import pytest
from test_sections import lines

from advisor.answer.kinds import select_counted, select_of_kind, select_one_of_kind
from advisor.answer.selection import Shape
from advisor.records import Intent, Query
from advisor.text import stems

PAGE = """## Phase 1: Keeping bees

- Bee Basics by the Guild
  - Kind: book
- The Hive in Winter by Ada
  - Kind: book
  - Topics: feeding, frost
- Frost and Feeding by Bo
  - Kind: book
- Swarms in Spring
  - Kind: course

## Phase 2: Selling honey

- The Honey Stall by Cy
  - Kind: book
- Prices on Markets by Di
  - Kind: book
"""


def names(question: str, *numbered: str, follow_up: bool = False) -> list[str]:
    query = Query(question, question, Intent.LIST, tuple(stems(question)), numbered=numbered, is_follow_up=follow_up)
    selection = select_of_kind(query, lines("bees.md", None, PAGE))
    assert selection is None or selection.shape is Shape.LIST
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_all_items_of_the_kind_in_the_order_of_the_page() -> None:
    assert [name.split(" by")[0] for name in names("Which books should I read?")] == [
        "Bee Basics", "The Hive in Winter", "Frost and Feeding", "The Honey Stall", "Prices on Markets",
    ]  # fmt: skip


def test_only_those_of_the_part_that_is_counted_or_named() -> None:
    stall = ["The Honey Stall by Cy", "Prices on Markets by Di"]
    assert [name.rstrip(".") for name in names("Which books does phase 2 recommend?", "phase 2")] == stall
    assert [name.rstrip(".") for name in names("what books are there on selling honey")] == stall


def test_only_those_about_the_matter_that_is_named() -> None:
    assert [name.split(" by")[0] for name in names("which books say something on frost?")] == [
        "The Hive in Winter",
        "Frost and Feeding",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "which courses are there?",  # one is no list
        "which book is best?",
        "are the books worth it?",
        "which of the books costs most?",
        "which books is that?",
    ],
)
def test_other_questions_are_answered_elsewhere(question: str) -> None:
    assert names(question) == []


def test_a_follow_up_is_about_what_was_said_before() -> None:
    assert names("Which books should I read?", follow_up=True) == []


COUNTED = """# Beekeeping roadmap

## Portfolio

### Project 1: A hive of scrap wood

- Tools: saw

### Project 2: A honey stall

- Tools: table

## Project ideas
"""


@pytest.mark.parametrize(
    ("question", "numbered", "told"),
    [
        ("What are the two portfolio projects of the beekeeping roadmap?", (), True),
        ("which projects should i build", (), True),
        ("which projects need a saw and wood from scrap yards?", (), False),
        ("what do I need for project 2?", ("part 2",), False),
        ("which books should I read?", (), False),
    ],
)
def test_parts_that_count_the_kind_asked_for_are_all_told(
    question: str, numbered: tuple[str, ...], *, told: bool
) -> None:
    query = Query(question, question, Intent.LIST, tuple(stems(question)), numbered=numbered)
    selection = select_counted(query, lines("bees.md", None, COUNTED))
    names = [snippet.text for snippet in selection.snippets] if selection else []
    assert names == (["Project 1: A hive of scrap wood.", "Project 2: A honey stall."] if told else [])


# --- the first of its kind ---------------------------------------------------------------------------

WAY = """## Phase 1: Wood

- Carpentry for Hives by Ed
  - Kind: book
- Project: a box for a friend
  - Kind: project
  - Outcomes: one box that holds

## Phase 2: Bees

- Project: a hive diary
  - Kind: project
- Project: a second hive
  - Kind: project
"""


def one(question: str, *numbered: str, role: str | None = "Beekeeper") -> str | None:
    query = Query(
        question, question, Intent.FACT, tuple(stems(question)), numbered=numbered, roles=(role,) if role else ()
    )
    selection = select_one_of_kind(query, lines("bees.md", "Beekeeper", WAY))
    return selection.snippets[0].text if selection else None


def test_the_first_of_a_kind_stands_first_on_the_way() -> None:
    assert "Project: a box for a friend" in str(one("what would my first project be as a beekeeper"))
    assert "Carpentry for Hives" in str(one("which book first? the first book for a beekeeper"))


def test_what_is_built_in_a_counted_part_is_its_first_project() -> None:
    assert "a hive diary" in str(one("what do i build in phase 2?", "phase 2"))


@pytest.mark.parametrize(
    ("question", "numbered", "role"),
    [
        ("what is the first project with honey as a beekeeper", (), "Beekeeper"),  # one about something
        ("what would my first project be", (), None),  # of which career?
        ("what do i build as a beekeeper", (), "Beekeeper"),  # in the end, or at first?
        ("what do i build in phase 3?", ("phase 3",), "Beekeeper"),
        ("which projects does a beekeeper do", (), "Beekeeper"),
    ],
)
def test_anything_else_is_left_to_others(question: str, numbered: tuple[str, ...], role: str | None) -> None:
    assert one(question, *numbered, role=role) is None
