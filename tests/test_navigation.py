"""What leads around a page and says nothing is emptied, what says more stays."""

import pytest

from advisor.corpus.cleaning import clean_markdown
from advisor.corpus.navigation import without_navigation


def clean(raw: str) -> str:
    return clean_markdown(raw).text


def test_menu_rows_at_the_edges_and_the_name_of_the_site_are_gone() -> None:
    raw = "Bread Portal\nHome   Jobs   Contact\n\nBAKER\nBread is old.\n\nRye bread   sells best.\n\nTerms | Site map"
    assert clean(raw) == "\n\n\n# BAKER\nBread is old.\n\nRye bread   sells best.\n\n"


@pytest.mark.parametrize(
    "raw",
    [
        "## 📑 Table of Contents\n\n- [🎓 Courses](#-courses)\n  - [Books](#books)\n\n---",
        "**Contents**\n\n1. [A](#a)\n2. [B](#b)\n\n## A",
        "## On this page\n[A](#a) • [B](#b) | [C](#c)\n## A",
    ],
)
def test_a_table_of_contents_that_links_into_the_page_is_emptied_with_its_title(raw: str) -> None:
    rest = raw.split("\n")[-1]
    assert clean("# T\n" + raw + "\nText") == "# T\n" + "\n" * raw.count("\n") + rest + "\nText"


@pytest.mark.parametrize(
    "raw",
    [
        "See [A](#a) and [B](#b).",
        "- [A](#a)\n\nText",
        "- [A](#a): what it costs\n- [B](#b): what it gives",
        "- [A](https://a.example)\n- [B](https://b.example)",
        "## Contents\n\nThe box holds flour.",
    ],
)
def test_links_that_say_more_than_a_table_of_contents_stay(raw: str) -> None:
    assert clean("# T\n\n" + raw) == "# T\n\n" + raw


@pytest.mark.parametrize("sign", [" ", "[", "]", "( ", "-", "[ "])
@pytest.mark.parametrize("lead", ["", "to top", "Back"])
def test_a_line_of_many_signs_is_read_as_soon_as_any_other(lead: str, sign: str) -> None:
    line = f"{lead}{sign * 20_000}x"  # took hours while neighbouring parts of a pattern matched the same signs
    assert without_navigation([line], has_headings=True) == [line]


@pytest.mark.parametrize(
    "line", ["Back to top", "[Back to top](#top)", "  ↑ [to the top](#a-page) ↑", "**Go to top**", "(return to top)"]
)
def test_a_link_back_to_the_top_is_emptied(line: str) -> None:
    assert without_navigation([line], has_headings=True) == [""]


@pytest.mark.parametrize("line", ["How to get to the top of a list", "To top it all, she sang", "to top (#1) of all"])
def test_words_about_the_top_stay(line: str) -> None:
    assert without_navigation([line], has_headings=True) == [line]
