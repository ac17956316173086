"""What markup shows of a turn, and what it escapes."""

import re
from dataclasses import replace
from typing import Any

import pytest
from page_server import CITATIONS, HOSTILE, PAGE, WRITER, Tags, answer_for

from advisor.records import Answer, Citation, Claim, Status
from advisor.web.markup import answer_html, answer_text_html, copied_text, find_excerpt, question_html, sources_html
from advisor.web.talk import Phase, Shown, ShownTurn


def turn(question: str, phase: Phase = Phase.DONE, **more: Any) -> ShownTurn:
    return ShownTurn(question, 0, phase=phase, answer=answer_for(question), **more)


def page_text(key: str) -> str:
    return {"ai.md": PAGE}[key]


def test_a_mark_leads_to_its_source_and_back() -> None:
    shown = Shown("c", (turn("How do I become one?"), turn("How long?")))
    answers = Tags("".join(answer_html(t, n, writer=None) for n, t in enumerate(shown.turns, 1)))
    sources = Tags(sources_html(shown, page_text))
    marks = [a["href"] for a in answers.of("a") if a.get("class") == "ca-cite"]
    assert marks == ["#source-1-1", "#source-1-2", "#source-1-2", "#source-1-1", "#source-2-1"]
    ids = {a["id"] for a in sources.of("div") if "id" in a}
    assert {f"#{name}" for name in ids} == set(marks)
    backs = {a["href"] for a in sources.of("a") if a.get("class") == "ca-number"}
    assert backs == {f"#{a['id']}" for a in answers.of("div") if "id" in a} == {"#answer-1", "#answer-2"}


def test_a_number_that_is_no_citation_stays_text() -> None:
    html = answer_text_html(Answer("q", Status.ANSWERED, "See [7] and [1].", (), CITATIONS[:1]), 1)
    assert [a["href"] for a in Tags(html).of("a")] == ["#source-1-1"]
    assert "[7]" in html


def test_nothing_hostile_in_an_answer_or_a_source_becomes_a_tag() -> None:
    shown = Shown("c", (turn(f"hostile {HOSTILE}"),))
    html = (
        question_html(shown.turns[0])
        + answer_html(shown.turns[0], 1, writer="<i>w</i>")
        + sources_html(shown, page_text)
    )
    tags = Tags(html)
    assert {name for name, _ in tags.seen} <= {"div", "span", "p", "a", "details", "summary", "mark", "br", "button"}
    assert not [a for _, attributes in tags.seen for a in attributes if a.startswith("on")]
    assert all(str(a["href"]).startswith("#") or "tracker.invalid" in str(a["href"]) for a in tags.of("a"))
    assert "<script>" in tags.text  # shown as words, not dropped


def test_only_web_links_become_links() -> None:
    text = "[a](https://a.org) [b](javascript:b) [c](data:text/html,c) [d](file:///d) [e](//e.org) <mailto:f@f.org>"
    links = Tags(answer_text_html(Answer("q", Status.ANSWERED, text), 1)).of("a")
    assert [a["href"] for a in links] == ["https://a.org"]
    assert links[0]["rel"] == "noopener noreferrer nofollow"


@pytest.mark.parametrize("question", ["How do I become one?", "Data analyst or scientist?", "hostile", "Oslo"])
def test_html_is_one_line_so_that_a_markdown_renderer_leaves_it_alone(question: str) -> None:
    one = turn(question, draft="a\n\nb")
    for html in (answer_html(one, 1, writer=WRITER), question_html(one), sources_html(Shown("c", (one,)), page_text)):
        assert "\n" not in html
        assert html.startswith("<div")


def test_preformatted_text_keeps_its_lines() -> None:
    html = answer_html(replace(turn("x"), answer=Answer("q", Status.ANSWERED, "```\na\n\nb\n```")), 1, writer=None)
    assert "a&#10;&#10;b" in html
    assert "\n" not in html


@pytest.mark.parametrize(
    ("question", "class_name", "label"),
    [
        ("How long?", "ca-answered", "Extract from the roadmaps"),
        ("Salary in Oslo?", "ca-refused", "Not in the roadmaps"),
        ("How long will it take me?", "ca-clarify", "One question first"),
    ],
)
def test_an_answer_a_refusal_and_a_question_back_look_different(question: str, class_name: str, label: str) -> None:
    tags = Tags(answer_html(turn(question), 1, writer=None))
    classes = {a.get("class") for a in tags.of("div")}
    assert class_name in classes
    assert len(classes & {"ca-answered", "ca-refused", "ca-clarify", "ca-error"}) == 1
    assert label in tags.text


def test_an_error_is_one_line_in_its_own_look_and_a_long_question_is_shortened() -> None:
    failed = ShownTurn("x" * 5000, 0, phase=Phase.FAILED, error="the question is <long>.")
    tags = Tags(answer_html(failed, 1, writer=None))
    assert tags.text == "Not answered. the question is <long>."
    assert "ca-error" in {a.get("class") for a in tags.of("div")}
    assert len(question_html(failed)) < 400


def test_a_draft_is_shown_only_while_an_answer_is_worded() -> None:
    wording = turn("How long?", Phase.WORDING, draft="tentative words")
    assert "tentative words" in answer_html(wording, 1, writer=WRITER)
    assert "Extract from the roadmaps" in answer_html(wording, 1, writer=WRITER)
    for other in (replace(wording, phase=Phase.DONE), turn("Oslo", Phase.WORDING, draft="tentative words")):
        assert "tentative words" not in answer_html(other, 1, writer=WRITER)
    assert "Wording" not in answer_html(wording, 1, writer=None)


def test_who_worded_an_answer_and_its_notes_are_shown() -> None:
    answer = replace(answer_for("How long?"), generator=WRITER, notes=("a note & more",))
    text = Tags(answer_html(replace(turn("x"), answer=answer), 1, writer=WRITER)).text
    assert f"Worded by {WRITER}, checked against the sources" in text
    assert "a note & more" in text


def test_why_no_model_worded_an_answer_waits_in_the_fold_of_its_label() -> None:
    notes = ("the model's wording was not used: it left out <b>", "your hours are 8")
    tags = Tags(answer_html(replace(turn("x"), answer=replace(answer_for("How long?"), notes=notes)), 1, writer=None))
    assert "The model's wording was not used: it left out <b>." in tags.text
    notes_shown = [attributes for attributes in tags.of("div") if attributes.get("class") == "ca-note"]
    assert len(notes_shown) == 1


def test_how_a_question_was_understood_is_told_and_only_the_last_can_be_corrected() -> None:
    taken = replace(turn("x"), answer=replace(answer_for("How long?"), understood="How long? (<b>)"))
    assert "Understood as: How long? (<b>)" in Tags(answer_html(taken, 1, writer=None)).text
    buttons = [
        [button.get("class") for button in Tags(html).of("button")]
        for html in (
            answer_html(taken, 1, writer=None),
            answer_html(taken, 1, writer=None, is_last=True),
            answer_html(replace(taken, phase=Phase.WORDING), 1, writer=None, is_last=True),
        )
    ]
    assert buttons == [["ca-copy"], ["ca-correct", "ca-copy"], []]


def test_a_last_paragraph_on_what_has_ended_is_a_warning() -> None:
    warned = replace(turn("x"), answer=answer_for("What has ended?"))
    tags = Tags(answer_html(warned, 1, writer=None))
    assert "ca-warning" in {attributes.get("class") for attributes in tags.of("div")}
    assert "No longer offered The Baker's Exam: closed on 1 May 2024" in tags.text.replace("offeredThe", "offered The")
    alone = replace(turn("x"), answer=Answer("q", Status.ANSWERED, "The Baker's Exam: closed on 1 May 2024 [1]."))
    assert "ca-warning" not in answer_html(alone, 1, writer=None)


def test_what_is_copied_holds_the_marks_and_the_places_they_stand_for() -> None:
    text = copied_text(answer_for("How do I become one?"))
    assert text.startswith("1. **Foundations**: linear algebra")
    assert text.endswith(
        "\n\nSources:\n"
        "[1] AI/ML engineer roadmap › AI/ML engineer › Phase 1: Mathematics and programming <https://example.org/roadmap>\n"
        "[2] AI/ML engineer roadmap › AI/ML engineer › Phase 2: Advanced machine learning › page 3"
    )
    assert copied_text(answer_for("Salary in Oslo?")) == answer_for("Salary in Oslo?").text
    button = Tags(answer_html(turn("How do I become one?"), 1, writer=None)).of("button")[0]
    assert button["value"] == text


def test_only_the_words_that_the_claims_use_are_marked() -> None:
    quote = "| Deep learning | 12 weeks |\n| MLOps | 6 weeks |"
    one = replace(CITATIONS[1], number=1, quote=quote)
    answer = Answer("q", Status.ANSWERED, "12 weeks [1]", (Claim("Deep learning takes 12 weeks.", (1,), True),), (one,))
    html = sources_html(Shown("c", (replace(turn("x"), answer=answer),)), page_text)
    assert re.findall("<mark>(.*?)</mark>", html) == ["Deep learning · 12 weeks"]
    assert "MLOps · 6 weeks" in html


def test_a_source_shows_the_quote_marked_in_its_surroundings() -> None:
    html = sources_html(Shown("c", (turn("How do I become one?"),)), page_text)
    assert re.findall("<mark>(.*?)</mark>", html) == ["about 4-5 months at 10 hours a week", "Deep learning · 12 weeks"]
    text = Tags(html).text
    assert "Linear algebra, calculus and probability: about 4-5 months at 10 hours a week." in text
    assert "AI/ML engineer › Phase 2: Advanced machine learning › page 3" in text
    assert "Certificates" not in text  # another section
    assert [a["href"] for a in Tags(html).of("a") if a.get("target")] == ["https://example.org/roadmap"]


def test_a_source_whose_document_is_gone_still_shows_its_quote() -> None:
    gone = Citation(1, "gone.md#a#b", "gone.md", "A > B", None, "12 weeks")
    answer = replace(answer_for("How long?"), citations=(gone,))
    html = sources_html(Shown("c", (replace(turn("x"), answer=answer),)), page_text)
    assert re.findall("<mark>(.*?)</mark>", html) == ["12 weeks"]


def test_only_the_last_answers_sources_are_open() -> None:
    shown = Shown("c", (turn("How long one?"), turn("How long two?")))
    groups = Tags(sources_html(shown, page_text))
    assert ["open" in a for a in groups.of("details")] == [True, False]
    assert groups.text.index("How long two?") < groups.text.index("How long one?")


def test_of_equal_quotes_the_one_below_the_cited_heading_is_found() -> None:
    text = "# A\n\nfirst: 12 weeks.\n\n# B (x)\n\nsecond: 12 weeks.\n"
    assert find_excerpt(text, "12 weeks", "B (x)").before.strip() == "second:"
    assert find_excerpt(text, "12 weeks", "A").before.strip() == "first:"
    assert find_excerpt(text, "12 weeks", "no such heading").before.strip() == "first:"


@pytest.mark.parametrize("start", [0, 1, 250, 5000, 9990])
def test_an_excerpt_is_a_stretch_of_the_document_around_the_quote(start: int) -> None:
    text = " ".join(f"w{n}" for n in range(2500))
    quote = text[start : start + 10]
    found = find_excerpt(text, quote, "")
    assert found.quote == quote
    whole = found.before.removeprefix("… ") + quote + found.after.removesuffix(" …")
    assert whole in text
    assert 10 < len(whole) < 600
