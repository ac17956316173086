"""Lines of labels and values as lists, nested where the first names a thing."""

import pytest
from markdown_it import MarkdownIt

from advisor.corpus.cleaning import clean_markdown


def clean(raw: str) -> str:
    return clean_markdown(raw).text


def count_lists(markdown: str) -> int:
    """How many lists CommonMark sees."""
    return sum(token.type == "bullet_list_open" for token in MarkdownIt("commonmark").parse(markdown))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Exam fee: $255\nPassing score: 70 percent", "- Exam fee: $255\n- Passing score: 70 percent"),
        ("**Fee:** 5  \n**Length**: 6\\\n2nd try: free", "- **Fee:** 5\n- **Length**: 6\n- 2nd try: free"),
        ("Facts:\nFee: 5\nLength: 6", "Facts:\n- Fee: 5\n- Length: 6"),
        ("Fee: 5 for\nmembers\nLength: 6", "- Fee: 5 for\nmembers\n- Length: 6"),
        ("Fee: 5\nLength: 6\nBoth are for 2023.", "- Fee: 5\n- Length: 6\n* Both are for 2023."),
    ],
)
def test_labelled_lines_that_follow_each_other_are_a_list(raw: str, expected: str) -> None:
    assert clean("# T\n\n" + raw) == "# T\n\n" + expected


@pytest.mark.parametrize(
    "raw",
    [
        "Fee: 5",
        "Fee: 5\n\nLength: 6",
        "fee: 5\nlength: 6",
        "https://a.example\nhttps://b.example",
        "Fee:\nLength:",
        "This is a rather long label: 5\nAnd so is the one below here: 6",
        "Well, yes: 5\nNo. Never: 6",
        "```yaml\nFee: 5\nLength: 6\n```",
        "    Fee: 5\n    Length: 6",
        "> Fee: 5\n> Length: 6",
        "- Fee: 5\nLength: 6\nScore: 7",
        "| Fee: 5 | a |\n|---|---|\n| Length: 6 | b |\n| Score: 7 | c |",
        "Fee: 5\nLength: 6\n===",
        "The whole guild of the bakers has said again and again that the\nRule: patience\nTwo: more patience",
    ],
)
def test_other_lines_with_colons_stay_as_they_are(raw: str) -> None:
    assert clean("# T\n\n" + raw) == "# T\n\n" + raw


def test_a_label_that_opens_several_runs_of_a_section_names_what_follows() -> None:
    raw = "Country: Chile\nPay: 5\n\nCountry: Peru\nPay: 6"
    cleaned = clean("# T\n\n" + raw)
    assert cleaned == "# T\n\n- Country: Chile\n  - Pay: 5\n\n- Country: Peru\n  - Pay: 6"
    assert count_lists(cleaned) == 3


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Course: Rye\nFee: 5", "- Course: Rye\n  - Fee: 5"),
        ("Course: Rye\nFee: 5\nCourse: Oats\nFee: 6", "- Course: Rye\n  - Fee: 5\n- Course: Oats\n  - Fee: 6"),
        ("Step 1: Mix\nTime: 5\nStep 2: Bake", "- Step 1: Mix\n  - Time: 5\n- Step 2: Bake"),
        ("Course: 5 euros\nBook: 6 euros", "- Course: 5 euros\n- Book: 6 euros"),
        ("Course: Rye\nBook: Oats", "- Course: Rye\n- Book: Oats"),
        ("Country: Chile\nPay: 5", "- Country: Chile\n- Pay: 5"),
        (
            "Tier 1: $5\nTier 2: $6\n\nTier 1: $7\nTier 2: $8",
            "- Tier 1: $5\n- Tier 2: $6\n\n- Tier 1: $7\n- Tier 2: $8",
        ),
        (
            "## A\nGoal: Bread\nTime: 5\n\n## B\nGoal: Cake\nTime: 6",
            "## A\n- Goal: Bread\n- Time: 5\n\n## B\n- Goal: Cake\n- Time: 6",
        ),
    ],
)
def test_properties_are_nested_below_a_name_and_nothing_else(raw: str, expected: str) -> None:
    assert clean("# T\n\n" + raw) == "# T\n\n" + expected
