"""As many things as the question counts."""

from dataclasses import replace

import pytest
from test_sections import lines

from advisor.answer.tallied import select_tallied
from advisor.records import Intent, Query
from advisor.text import stems

PAGE = """# How I became a beekeeper

## 2. Some guidelines to become a beekeeper

### 2.1. Read, read, read!

Books are cheap.

### 2.2. Know your neighbours

They hear the bees.

### 2.3. Never give up

Bees come back.

## Bees for beginners

One may choose by temper.

Top 4 hardest bees:

1. Carniolan
2. Caucasian
3. Saharan
4. Giant

Top 4 easiest bees:

1. Buckfast
2. Italian
3. Mason
4. Leafcutter

## Numbers

- One hive
- Two hives
- Three hives
"""


def told(question: str, best: str = "", intent: Intent = Intent.LIST) -> list[str]:
    query = Query(question, question, intent, tuple(stems(question)))
    weighed = [replace(w, score=1.0 if best and best in w.node.text else 0.8) for w in lines("b.md", None, PAGE)]
    selection = select_tallied(query, sorted(weighed, key=lambda line: -line.score))
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_as_many_sections_as_are_asked_for_are_told_by_their_headings() -> None:
    assert told("the three tips for becoming a beekeeper", "guidelines") == [
        "2.1. Read, read, read!", "2.2. Know your neighbours.", "2.3. Never give up.",
    ]  # fmt: skip


@pytest.mark.parametrize(("level", "first"), [("hardest", "Carniolan"), ("easiest", "Buckfast")])
def test_of_two_lists_that_long_the_better_one_is_told(level: str, first: str) -> None:
    assert told(f"which 4 bees are the {level} to keep", f"{level} bees")[0] == first


@pytest.mark.parametrize(
    "question",
    [
        "the five tips for becoming a beekeeper",  # there are three
        "the first three tips for becoming a beekeeper",
        "what do the three weeks of the beekeeper cost",
        "how do three beekeepers become friends",
        "the three dragons of the north",
    ],
)
def test_nothing_is_told_of_another_count_or_of_something_else(question: str) -> None:
    assert told(question) == []


def test_a_time_is_no_count_of_things() -> None:
    assert told("which three tips for becoming a beekeeper take longest", intent=Intent.DURATION) == []
