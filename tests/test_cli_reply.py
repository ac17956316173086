"""Replies on a terminal and in a pipe."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from advisor.cli.reply import follow, plain
from advisor.records import Answer, Citation, Done, Extract, Status, Token

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings")

# --- replies on a terminal ------------------------------------------------------------------------


def citation(number: int, passage: str) -> Citation:
    return Citation(number, passage, "a.md", "A > B", "https://example.org/a", "words " * 60, "Page A", 3)


EXTRACT = Answer(
    "q", Status.ANSWERED, "Take maths [1], then Python [2].", citations=(citation(1, "m"), citation(2, "p"))
)


def shown(answer: Answer) -> str:
    """What a terminal shows of a reply whose extract is EXTRACT."""
    events = (event for event in (Extract(EXTRACT), Token("SECRET draft"), Done(answer)))
    out = Console(file=io.StringIO(), width=200)
    err = Console(file=io.StringIO(), width=200)
    assert follow(events, writer="Scribe", out=out, err=err) == answer
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_an_extract_that_stands_is_shown_once_with_its_sources_and_notes() -> None:
    text = shown(replace(EXTRACT, notes=("the draft [x] did not hold",)))
    assert text.count("Take maths [1], then Python [2].") == 1
    assert "Note: the draft [x] did not hold" in text
    assert text.count("Sources") == 1
    assert "SECRET" not in text
    source = next(line for line in text.split("\n") if line.startswith("[2]"))
    assert source.startswith("[2] Page A, A > B, page 3: ")
    assert source.rstrip().endswith("<https://example.org/a>")
    assert len(source) < 240


def test_a_wording_is_shown_after_the_extract_and_names_its_model() -> None:
    text = shown(replace(EXTRACT, text="Maths first [1], Python next [2].", generator="Scribe"))
    assert (
        text.index("Take maths") < text.index("worded by Scribe:") < text.index("Maths first") < text.index("Sources")
    )
    assert text.count("Sources") == 1


def test_a_wording_with_other_numbers_does_not_take_the_extracts_sources_away() -> None:
    text = shown(replace(EXTRACT, text="Python [1].", citations=(citation(1, "p"),), generator="Scribe"))
    assert text.index("[2] Page A") < text.index("worded by Scribe:")
    assert text.count("Sources") == 2


def test_a_plain_reply_holds_no_control_characters() -> None:
    assert "\x1b" not in plain(replace(EXTRACT, text="\x1b[31mred"))


def test_what_to_ask_next_is_the_last_line_and_absent_where_there_is_nothing_to_ask() -> None:
    asking = replace(EXTRACT, notes=("a note",), suggestions=("Is it hard [really]?", "What \x1b[31mthen?"))
    for text in (shown(asking), plain(asking)):
        assert text.rstrip().split("\n")[-1].rstrip() == "Ask next: Is it hard [really]? · What [31mthen?"
    assert "Ask next" not in shown(EXTRACT)
    assert "Ask next" not in plain(EXTRACT)
