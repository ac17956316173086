"""The tree of a page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.corpus.cells import named_cells
from advisor.corpus.naming import split_label
from advisor.corpus.outline import Kind, Node, Outline, inline_words, outline_document, plain
from advisor.corpus.reading import find_sections
from advisor.records import Document
from advisor.text import content_hash


def outline(text: str) -> Outline:
    return outline_document(Document("a.md", "A page", text, find_sections(text), content_hash(text)))


def node(tree: Outline, text: str) -> Node:
    return next(node for node in tree.nodes if node.text == text)


def above(tree: Outline, text: str) -> list[str]:
    return [ancestor.text for ancestor in tree.ancestors(node(tree, text))]


def below(tree: Outline, text: str) -> list[str]:
    return [child.text for child in tree.children(node(tree, text))]


def test_headings_hang_below_the_nearest_higher_heading() -> None:
    tree = outline("# A\n\n### B\n\n## C\n\ntext\n\n# D\n")
    assert above(tree, "B") == ["A"]
    assert above(tree, "C") == ["A"]
    assert above(tree, "text") == ["A", "C"]
    assert above(tree, "D") == []


def test_a_list_right_below_a_line_that_opens_in_bold_hangs_below_it() -> None:
    tree = outline("# A\n\n**Days 31-60**: Projects\n- Rake\n\n**Days 61-90**: Rest\n\n- Sleep\n")
    assert below(tree, "Days 31-60: Projects") == ["Rake"]
    assert above(tree, "Sleep") == ["A"]


def test_a_table_hangs_below_the_line_that_introduces_it() -> None:
    tree = outline("# A\n\n**Tools**\n\n| Tool | Use |\n|---|---|\n| Spade | dig |\n\nAfterwards.\n\n- Rake\n")
    assert below(tree, "Tools") == ["Tool: Spade; Use: dig"]
    assert above(tree, "Rake") == ["A"]


def test_a_later_column_that_is_only_called_details_needs_no_name() -> None:
    assert named_cells(("Attribute", "Details"), ("Duration", "45 minutes")) == ("Attribute: Duration", "45 minutes")
    assert named_cells(("Details", "Who"), ("by hand", "all")) == ("Details: by hand", "Who: all")


def test_a_cell_has_the_unit_and_the_meaning_that_its_column_gives() -> None:
    columns = "Step | Time<br>Weeks | Level () | Need (M=Must, O=Optional extra) | Study link"
    tree = outline(
        f"# A\n\n| {columns} |\n|---|---|---|---|---|\n| Dough | 3–4 | low | O | [link](https://a.example) |\n"
    )
    row = next(node for node in tree.nodes if node.kind is Kind.ROW)
    assert row.cells == ("Step: Dough", "Time: 3–4 weeks", "Level: low", "Need: Optional extra")
    assert [link.url for link in row.links] == ["https://a.example"]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("Duration (in weeks)", "6", "Duration: 6 weeks"),
        ("Time (weeks)", "1", "Time: 1 week"),
        ("Estimated time, hours", "~10-12", "Estimated time: ~10-12 hours"),
        ("Duration (weeks)", "self-paced", "Duration (weeks): self-paced"),
        ("Weeks", "3-4", "Weeks: 3-4"),  # these are which, not how many
        ("Effort (hours)", "5", "Effort (hours): 5"),
        ("Need (M=Must)", "X", "Need (M=Must): X"),
        ("", "Dough", "Dough"),
        ("Link", "here", None),
        ("Books", "-", None),
    ],
)
def test_columns_and_cells(column: str, cell: str, expected: str | None) -> None:
    assert named_cells((column,), (cell,)) == ((expected,) if expected else ())


def test_a_list_hangs_below_the_line_that_introduces_it() -> None:
    tree = outline("# A\n\nTools you need:\n\n- Spade\n- Rake\n\nAfterwards.\n")
    assert below(tree, "Tools you need:") == ["Spade", "Rake"]
    assert above(tree, "Afterwards.") == ["A"]


def test_a_bold_line_introduces_a_list_and_a_plain_one_does_not() -> None:
    assert below(outline("**Tools**\n\n- Spade\n"), "Tools") == ["Spade"]
    tree = outline("# A\n\nSome words.\n\n- Spade\n")
    assert above(tree, "Spade") == ["A"]


def test_items_nest() -> None:
    tree = outline("- a\n  - b\n    - c\n- d\n")
    assert above(tree, "c") == ["a", "b"]
    assert above(tree, "d") == []
    assert [n.text for n in tree.descendants(tree.nodes[0])] == ["a", "b", "c", "d"]


def test_ordered_items_know_their_number() -> None:
    tree = outline("3. three\n4. four\n\n- bullet\n")
    assert [(n.text, n.ordinal) for n in tree.nodes[1:]] == [("three", 3), ("four", 4), ("bullet", None)]


def test_rows_carry_their_columns() -> None:
    tree = outline("| Course | Cost |\n|---|---|\n| SQL | free |\n| dbt | |\n")
    rows = [n for n in tree.nodes if n.kind is Kind.ROW]
    assert [row.cells for row in rows] == [("Course: SQL", "Cost: free"), ("Course: dbt",)]


def test_links_belong_to_the_node_they_stand_in() -> None:
    tree = outline("- See [the course](https://example.org/a) now\n- nothing\n")
    assert [(link.words, link.url) for link in tree.nodes[1].links] == [("the course", "https://example.org/a")]
    assert tree.nodes[1].text == "See the course now"
    assert tree.nodes[2].links == ()


def test_quotes_are_the_words_of_the_page() -> None:
    text = "# A *b*\n\nOne **two**. Three [four](x).\n\n- five `six`\n"
    tree = outline(text)
    assert [tree.quote(n) for n in tree.nodes[1:]] == ["# A *b*", "One **two**.", "Three [four](x).", "five `six`"]


BLOCKS = "# A;## B;- a;  - b;1. c;words. More words!;**bold**;> q;```\nx\n```;| a |\n|---|\n| b |;".split(";")
markdown = st.lists(st.sampled_from(BLOCKS), max_size=14).map("\n".join)


@given(st.one_of(markdown, st.text(max_size=80)))
@settings(deadline=None)
def test_any_page_becomes_a_tree_in_reading_order(text: str) -> None:
    tree = outline(text)
    for index, one in enumerate(tree.nodes):
        assert one.index == index
        assert one.parent < index or index == 0
        assert 0 <= one.start <= one.end <= len(text)
        assert index == 0 or index in tree.nodes[one.parent].children
    assert sorted(c for one in tree.nodes for c in one.children) == list(range(1, len(tree.nodes)))


def test_an_arrow_in_a_heading_leads_from_one_thing_to_another() -> None:
    tree = outline("## Tester → Developer\n\n- Tools → ROS\n\n## Phase 1 → Soil\n")
    assert [node.label for node in tree.nodes[1:]] == ["Tester → Developer", "Tools", "Phase 1 → Soil"]


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("Duration: 4 weeks", "Duration", "4 weeks"),
        ("Linear algebra – matrices", "Linear algebra", "matrices"),
        ("Phase 1: Basics: learn SQL", "Phase 1: Basics", "learn SQL"),
        ("Phase 1: Basics", "Phase 1: Basics", ""),
        ("No label here", "No label here", ""),
        ("Tools:", "Tools", ""),
        ("Q: Rye vs oats - which first?", "Rye vs oats - which first?", ""),
        ("Q12. Is it hard?", "Is it hard?", ""),
        ("Q: the letter", "Q", "the letter"),
        ("At 10:30 sharp", "At 10:30 sharp", ""),
    ],
)
def test_a_label_ends_at_its_colon_or_dash(text: str, label: str, value: str) -> None:
    split = split_label(text)
    assert (split.label, split.value) == (label, value)


def test_plain_words_have_no_markup_and_no_addresses() -> None:
    assert plain("# A\n\n- *b* [c](https://example.org) `d`\n") == "A b c d"
    assert inline_words("**a** [b](https://example.org)") == "a b"


def test_code_that_is_drawn_is_no_line_and_other_code_is() -> None:
    tree = outline("## Way\n\n```mermaid\ngraph TD; A --> B\n```\n\n```python\nprint(1)\n```\n")
    assert [node.text for node in tree.nodes[1:]] == ["Way", "print(1)"]


@pytest.mark.parametrize("box", ["┌────────┐\n│ Stage 1 │\n└────────┘", "+--------+\n| Stage 1 |\n+--------+"])
def test_a_diagram_drawn_in_characters_is_no_line_and_a_tree_of_folders_is(box: str) -> None:
    tree = outline(f"## Way\n\n```\n{box}\n```\n\n```\nmodels\n├── a.py\n└── b.py\n```\n")
    assert [node.text for node in tree.nodes[1:]] == ["Way", "models ├── a.py └── b.py"]
