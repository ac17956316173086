"""Where: the list of resources that the best line stands in, or what is linked."""

from dataclasses import replace

import pytest
from test_sections import lines

from advisor.answer.links import select_links
from advisor.records import Intent, Query
from advisor.text import stems

PAGE = """# Beekeeper

## Queens

**Free resources:**

- Hive School (hive.example), free lessons on queens
- [Queen Atlas](https://queens.example), free
- Swarm Lab, free exercises on queens

**Practice:**

- Mark a queen
- Free a queen
"""


def told(question: str, best: str) -> list[str]:
    query = Query(question, question, Intent.RESOURCE, tuple(stems(question)))
    weighed = [
        replace(line, coverage=1.0, score=1.0 if best in line.node.text else 0.1) for line in lines("b.md", None, PAGE)
    ]
    selection = select_links(query, sorted(weighed, key=lambda line: -line.score))
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_a_list_of_resources_is_told_whole_where_nothing_tells_one_from_the_others() -> None:
    assert told("where can i learn about queens for free", "Hive School") == [
        "Hive School (hive.example), free lessons on queens",
        "Queen Atlas, free: [Queen Atlas](https://queens.example)",
        "Swarm Lab, free exercises on queens",
    ]


@pytest.mark.parametrize("question", ["where is the queen atlas", "which site is good for queens", "link for queens"])
def test_one_that_is_asked_for_is_told_alone(question: str) -> None:
    assert told(question, "Queen Atlas") == ["Queen Atlas, free: [Queen Atlas](https://queens.example)."]


def test_the_line_that_announces_resources_is_told_with_them() -> None:
    assert len(told("where can i learn about queens", "Free resources:")) == 3


def test_a_list_of_other_things_is_no_list_of_resources() -> None:
    assert "Free a queen" not in told("where can i mark a queen", "Mark a queen")
