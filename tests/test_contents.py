"""What a course covers: the topics beside it, not its name again."""

import pytest
from test_sections import lines

from advisor.answer.contents import select_contents
from advisor.records import Intent, Query
from advisor.text import stems

PAGE = """## Phase 2: Hives

### Building

- **Carpentry**
  - Course: Hive Carpentry for Beginners (free)
  - Topics:
    - Joints
    - Roofs
  - Projects:
    - A frame
- **Wax**
  - Course: Working with Wax (EUR 40)
  - Topics: melting, moulds
"""


def told(question: str) -> list[str]:
    query = Query(question, question, Intent.LIST, tuple(stems(question)))
    selection = select_contents(query, lines("bees.md", None, PAGE))
    return [snippet.text for snippet in selection.snippets] if selection else []


@pytest.mark.parametrize(
    "question",
    [
        "What does the hive carpentry course cover?",
        "what would i learn in Hive Carpentry for Beginners",
        "whats in the carpentry course",
        "topics of the hive carpentry course",
    ],
)
def test_the_topics_of_the_named_course_are_the_answer(question: str) -> None:
    assert told(question) == ["Joints", "Roofs"]


def test_topics_in_one_line_are_told_with_the_course() -> None:
    assert told("which topics does working with wax teach?") == ["Wax: Topics: melting, moulds."]


@pytest.mark.parametrize(
    "question",
    ["How long is the hive carpentry course?", "What does the honey course cover?", "what does the course cover?"],
)
def test_nothing_is_told_of_a_course_that_is_not_there_or_where_something_else_is_asked(question: str) -> None:
    assert told(question) == []
