"""Fenced text that is no code becomes a list; code, folders, drawings and letters stay; admonitions are text."""

import pytest

from advisor.corpus.cleaning import clean_markdown
from advisor.corpus.outline import Kind, outline_document
from advisor.corpus.reading import find_sections
from advisor.records import Document


def clean(raw: str) -> str:
    return clean_markdown(raw).text


def tree(raw: str) -> list[str]:
    """The items of the cleaned text, those of an item behind its name."""
    outline = outline_document(Document("p.md", "P", clean(raw), find_sections(clean(raw)), "0"))
    items = [node for node in outline.nodes if node.kind is Kind.ITEM]
    return [" > ".join([*(above.text for above in outline.ancestors(node)), node.text]) for node in items]


PLAN = """# Networks

```
Week 1: Access lists (3-4h)
        ↓ Learn filtering
Week 2: Gateways
├─ Lab 14
│  └─ Failover
└─ Write it down
```
"""


def test_a_fenced_plan_is_a_list_with_what_hangs_on_a_line_below_it() -> None:
    items = tree(PLAN)
    assert "Learn filtering" in items[1]
    assert "Week 1" in items[1]
    assert items[2].startswith("Networks > Week 2")
    assert ["Failover" in item and "Lab 14" in item for item in items].count(True) == 1
    assert items[-1].startswith("Networks > Week 2")
    assert items[-1].endswith("Write it down")
    assert not any(mark in clean(PLAN) for mark in "├└│↓`")


def test_numbers_and_bullets_inside_stay_what_they_are_and_bars_go() -> None:
    raw = "```text\n1. Take the guide\n   ├─ Read it\n2. Sit the exam\nRouting:  ████░░ 80%\n```"
    assert clean(raw).split("\n")[1:-1] == ["1. Take the guide", "   - Read it", "2. Sit the exam", "- Routing: 80%"]


@pytest.mark.parametrize(
    "inside",
    [
        "pip install advisor\nadvisor ask 'How long?'\ncd corpus",
        "x = 1\nprint(x)\nfor y in x:\n    pass",
        "project/\n├── README.md\n├── src/\n│   └── app.py      # the program\n└── data/",
        "MONTH    TIER 1        TIER 2\n1        Labs 13       -\n2        Labs 14       Lab 17",
        "┌──────────┐\n│ Stage 1  │\n├──────────┤\n└──────────┘",
        "Dear Ms Baker,\nthank you for your time. I enjoyed hearing how\nthe bakery works and would\nlike to start.",
        "only one line of words",
        "",
    ],
    ids=["commands", "code", "folders", "columns", "boxes", "letter", "line", "nothing"],
)
def test_what_is_no_list_stays_as_it_is(inside: str) -> None:
    raw = f"Before.\n\n```\n{inside}\n```\n\nAfter."
    assert clean(raw) == raw


@pytest.mark.parametrize("info", ["python", "bash", "mermaid", "yaml"])
def test_code_of_a_language_is_never_read_as_words(info: str) -> None:
    raw = f"```{info}\nFirst learn baking\nThen learn selling\n```"
    assert clean(raw) == raw


def test_an_open_fence_and_a_fence_in_a_list_lose_nothing() -> None:
    assert clean("```\nLearn baking\nLearn selling") == "```\nLearn baking\nLearn selling"
    nested = "- A plan:\n  ```\n  Learn baking\n  Learn selling\n  ```\n- Another"
    assert clean(nested).split("\n") == ["- A plan:", "", "  - Learn baking", "  - Learn selling", "", "- Another"]


def test_an_admonition_is_its_title_and_its_text() -> None:
    raw = '!!! tip "Bake daily"\n    Ten minutes are enough.\n\n    Really.\n\nAfterwards.\n\n??? note\n    Hidden.\n'
    assert clean(raw) == "Bake daily.\nTen minutes are enough.\n\nReally.\n\nAfterwards.\n\n\nHidden.\n"


def test_icons_by_name_and_attributes_of_links_go() -> None:
    raw = '- :material-road:{ .lg .middle } **Your way**\n- See [the docs](https://a.example){:target="_blank"}, {you}.'
    assert clean(raw) == "- **Your way**\n- See [the docs](https://a.example), {you}."


def test_labelled_lines_inside_a_list_are_items_of_their_own() -> None:
    raw = "- Quizzes\n\n    **Pass Score**: 80%\n    **Retakes**: unlimited\n"
    assert clean(raw).split("\n")[2:4] == ["    - **Pass Score**: 80%", "    - **Retakes**: unlimited"]
