"""Headings and lists that plain text only implies by its lines."""

import pytest
from markdown_it import MarkdownIt

from advisor.corpus.cleaning import clean_markdown


def clean(raw: str) -> str:
    return clean_markdown(raw).text


def count_lists(markdown: str) -> int:
    """How many lists CommonMark sees."""
    return sum(token.type == "bullet_list_open" for token in MarkdownIt("commonmark").parse(markdown))


def headings(cleaned: str) -> list[str]:
    return [line for line in cleaned.split("\n") if line.startswith("#")]


def test_a_shouted_line_is_a_heading_even_right_over_a_short_line() -> None:
    cleaned = clean("WHAT TO READ\n\nBooks are cheap.\n\nKEY TERMS\nRAID\nA RAID joins several disks into one.\n")
    assert headings(cleaned) == ["# WHAT TO READ", "## KEY TERMS", "### RAID"]


def test_an_abbreviation_over_its_explanation_is_an_entry_of_the_section_above() -> None:
    cleaned = clean("GLOSSARY\n\nBasic words first.\n\nSTORAGE\n\nRAID\nA RAID joins several disks into one.\n")
    assert "### RAID" in cleaned.split("\n")


def test_shouted_prose_over_several_lines_is_no_heading() -> None:
    assert (
        headings(clean("THE BOOKS COME AS THEY ARE AND WITHOUT ANY KIND OF\nPROMISE THAT THEY ARE OF USE TO YOU")) == []
    )


def test_steps_right_over_their_prose_are_headings_below_their_section() -> None:
    steps = (
        "Step 1 - Learn disks\nRead how disks fail. It takes 3 weeks.\n\nStep 2 - Apply\nSend letters to every firm."
    )
    raw = f"HOW TO BEGIN\n\n{steps}\n"
    assert headings(clean("BAKER\n\nBread is old.\n\n" + raw)) == [
        "# BAKER",
        "## HOW TO BEGIN",
        "### Step 1 - Learn disks",
        "### Step 2 - Apply",
    ]


def test_steps_need_no_other_heading_but_one_step_alone_is_prose() -> None:
    assert headings(clean("Phase 1: Learn\nRead the old books first.\n\nPhase 2: Do\nTime: 3 weeks")) == [
        "## Phase 1: Learn",
        "## Phase 2: Do",
    ]
    assert headings(clean("Phase 1: Learn\nRead the old books first.")) == []


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("Sourdough\nSourdough is bread raised by wild yeast.", ["### Sourdough"]),
        ("Is the work hard?\nYes. The first shift begins at three.", ["### Is the work hard?"]),
        ("Ovens differ from\nHouse to house and from town to town.", []),
        ("The bakers of the town begin their work at three\nNobody else is awake in the whole street.", []),
        ("It is dark.\nNobody else is awake in the whole street.", []),
        ("Pay: low\nNobody else is awake in the whole street.", []),
        ("Rising\nand falling again is what dough does all night.", []),
        ("- Rye\nNobody else is awake in the whole street.", []),
    ],
)
def test_a_short_line_right_over_prose_is_a_heading_only_where_it_reads_as_one(block: str, expected: list[str]) -> None:
    raw = "BAKER\n\nBread is old.\n\nWORDS\n\nThey come first.\n\n"
    assert headings(clean(raw + block)) == ["# BAKER", "## WORDS", *expected]


def test_a_short_line_right_over_prose_is_no_heading_where_the_text_has_no_titles() -> None:
    assert headings(clean("Dear reader\nI began as a clerk in a small town.")) == []


def test_names_one_a_line_under_a_heading_are_a_list() -> None:
    assert clean("RELATED PAGES\nPastry cook\nMiller") == "# RELATED PAGES\n- Pastry cook\n- Miller"


def test_a_sentence_right_after_a_list_of_plain_text_is_no_part_of_its_last_item() -> None:
    cleaned = clean("NEEDS\n• patience\n• a clean apron\nNo degree is asked for.\n")
    assert cleaned == "# NEEDS\n- patience\n- a clean apron\n* No degree is asked for.\n"
    assert count_lists(cleaned) == 2


def test_the_rest_of_a_wrapped_item_stays_with_it() -> None:
    raw = "NEEDS\n• patience with dough that will not rise and with customers of\nEurope who come too early.\n"
    assert "* " not in clean(raw)
