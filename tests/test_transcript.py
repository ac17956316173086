"""A conversation as a Markdown file: everything said, and nothing that a viewer would run or fetch."""

from datetime import UTC, datetime

import pytest
from markdown_it import MarkdownIt
from page_server import HOSTILE, Tags

from advisor.records import Answer, Citation, Claim, Status, Turn
from advisor.web.transcript import QUOTE_CHARS, conversation_markdown, file_stem

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def turn(question: str, text: str, *citations: Citation, status: Status = Status.ANSWERED, day: int = 1) -> Turn:
    answer = Answer(question, status, text, (Claim(text, (1,), True),), citations)
    return Turn(question, answer, NOON.replace(day=day))


def test_questions_answers_and_sources_come_in_order() -> None:
    citation = Citation(1, "a#b#c", "a.md", "Baker > Time", "https://example.org/a", "12\nweeks", "Baker", 3)
    turns = [turn("How long?", "12 weeks [1].", citation), turn("In Oslo?", "No pay.", status=Status.REFUSED, day=2)]
    assert conversation_markdown("My plan", turns) == (
        "# My plan\n\n## How long?\n\n12 weeks [1].\n\nSources:\n\n"
        "- [1] Baker, Time, page 3: “12 weeks” <https://example.org/a>\n\n"
        "## In Oslo?\n\n*Not in the roadmaps.*\n\nNo pay.\n\n"
        "---\n\nAsked on 2026-03-01 to 2026-03-02. From the roadmaps of the Career Advisor.\n"
    )


def test_an_answers_own_markdown_stays_and_a_link_of_it_too() -> None:
    text = "1. **First** [1]\n2. See <https://example.org> where a < b"
    assert text in conversation_markdown("T", [turn("Q?", text)])


def test_nothing_in_the_file_is_run_or_fetched_by_a_viewer() -> None:
    citation = Citation(1, "x", "x.md", f"{HOSTILE} > b", "javascript:alert(1)", HOSTILE, HOSTILE)
    html = MarkdownIt("commonmark", {"html": True}).render(
        conversation_markdown(HOSTILE, [turn(HOSTILE, HOSTILE, citation)])
    )
    seen = Tags(html)
    assert {name for name, _ in seen.seen} <= {"h1", "h2", "p", "ul", "li", "em", "hr", "a"}
    assert not [one for one in seen.of("a") if not str(one["href"]).startswith("http")]
    assert "<script>window.__xss=1</script>" in seen.text
    linked = conversation_markdown("T", [turn("Q?", "[go](javascript:x) [on]( https://example.org)")])
    assert r"[go\](javascript:x) [on]( https://example.org)" in linked


def test_a_long_quote_is_cut_at_a_word() -> None:
    citation = Citation(1, "x", "x.md", "", None, "word " * 200)
    line = next(one for one in conversation_markdown("T", [turn("Q?", "A [1]", citation)]).split("\n") if "“" in one)
    assert len(line) <= QUOTE_CHARS + 20
    assert line.endswith("word …”")


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("How long is phase 1?", "how-long-is-phase-1"),
        ("../../etc/passwd", "etc-passwd"),
        ("Über C++ & Go", "über-c-go"),
        ("???", "conversation"),
        ("", "conversation"),
        ("CON", "con-conversation"),
        ("lpt1", "lpt1-conversation"),
        ("x" * 99, "x" * 60),
    ],
)
def test_a_file_is_named_after_the_title_on_any_system(title: str, stem: str) -> None:
    assert file_stem(title) == stem


def test_a_conversation_without_title_or_turns_is_a_heading() -> None:
    assert conversation_markdown(" ", []) == "# Conversation\n"
