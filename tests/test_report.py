"""Reports: the same content as Markdown and as a page that needs nothing else, foreign text shown and never obeyed."""

import re
from html.parser import HTMLParser

import pytest
from row_bench import ERROR, REFUSED, WRONG, make_row

from advisor.evaluation.environment import Environment
from advisor.evaluation.metrics import Expected
from advisor.evaluation.report import Report, make_report, markdown_report, worst_rows
from advisor.evaluation.report_page import Bar, bar_chart, html_report
from advisor.evaluation.rows import CitedPassage, Fault, Row
from advisor.evaluation.summary import Figure, summarise

ENVIRONMENT = Environment(
    measured_at="2026-11-21T10:00:00+00:00",
    program="1.2.3",
    commit="abc123-dirty",
    generator="extractive",
    build="b1",
    built_at="2026-11-20T10:00:00+00:00",
    documents=3,
    passages=9,
    embedder="hashing",
    embedder_digest="f" * 64,
    python="3.11.7",
    system="Linux x86_64",
    cores=2,
    peak_memory_mib=512.4,
    packages={"numpy": "2.4.6"},
)
HOSTILE = '<script src="https://example.org/x.js">alert(1)</script> | `a` [b](https://example.org) <img src=x>\n# Head'
ROWS = (
    make_row("fine"),
    make_row(
        "wrong",
        **WRONG,
        kind="cost & time",
        question=HOSTILE,
        answer=HOSTILE,
        history=("What is dbt?",),
        forbidden=("10 weeks",),
        unsupported_numbers=("99",),
        unknown_names=("Stanford",),
        cited=(CitedPassage(1, "p#1", "Page > Section", "| a table row |"),),
    ),
    make_row("refused", **REFUSED | {"fault": Fault.RETRIEVAL}),
    make_row("broken", **ERROR),
)


class Elements(HTMLParser):
    """Tags and attributes of a page, and the tags left open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def report_of(*rows: Row, worst: int = 20) -> Report:
    return make_report(summarise(rows, resamples=20), rows, ENVIRONMENT, worst=worst)


def page_of(*rows: Row) -> str:
    return html_report(report_of(*rows), summarise(rows, resamples=20))


@pytest.fixture(scope="module")
def markdown() -> str:
    return markdown_report(report_of(*ROWS))


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(*ROWS)


# --- what is shown ---------------------------------------------------------------------------------


def test_the_worst_come_first_and_right_answers_never() -> None:
    rows = (
        make_row("right"),
        make_row("incomplete", **WRONG | {"nugget_recall": 0.5}),
        make_row("invents", **WRONG, unsupported_numbers=("99",)),
        make_row("uncalled", **WRONG | {"nugget_recall": None}, expected=Expected.REFUSE),
        make_row("b-forbidden", **WRONG, forbidden=("x",)),
        make_row("a-forbidden", **WRONG, forbidden=("x",)),
        make_row("broken", **ERROR),
        make_row("empty", **REFUSED),
    )
    order = ["broken", "a-forbidden", "b-forbidden", "uncalled", "invents", "empty", "incomplete"]
    assert [row.id for row in worst_rows(rows, 20)] == order
    assert [row.id for row in worst_rows(rows[::-1], 3)] == order[:3]


def test_an_exhibit_shows_what_was_missing_and_the_quotes_relied_on() -> None:
    exhibit = next(e for e in report_of(*ROWS).exhibits if "wrong" in e.title)
    parts = {part.label: part.texts for part in exhibit.parts}
    assert exhibit.title == "2. wrong (cost & time)"
    assert parts["Asked before"] == ("What is dbt?",)
    assert parts["Missing"] == ("6 weeks",)
    assert parts["Forbidden, but said"] == ("10 weeks",)
    assert parts["Numbers without a source"] == ("99",)
    assert parts["Names without a source"] == ("Stanford",)
    assert parts["Sources"] == ("[1] Page > Section\n| a table row |",)
    assert parts["First passages found"] == ("p#1",)
    assert "Error" not in parts


def test_an_error_is_shown_with_what_was_raised() -> None:
    parts = {part.label: part.texts for part in report_of(*ROWS).exhibits[0].parts}
    assert parts["Error"] == ("ValueError: it broke",)
    assert "Text" not in parts


def test_at_most_so_many_answers_are_shown() -> None:
    assert [e.title for e in report_of(*ROWS, worst=1).exhibits] == ["1. broken (fact)"]


def test_a_run_without_a_wrong_answer_has_none_to_show() -> None:
    report = report_of(make_row())
    assert report.exhibits == ()
    assert "worst" not in markdown_report(report)
    assert "worst" not in page_of(make_row())


@pytest.mark.parametrize("kind", ["markdown", "page"])
def test_both_forms_show_figures_intervals_kinds_and_environment(kind: str, request: pytest.FixtureRequest) -> None:
    text = request.getfixturevalue(kind)
    assert "25.0 %" in text
    for shown in ("wholly right", "95 % interval", "CRAG score", "By kind of question", "Environment", "abc123-dirty"):
        assert shown in text
    assert "f" * 64 in text
    assert "numpy 2.4.6" in text
    assert "512 MiB" in text


# --- Markdown --------------------------------------------------------------------------------------


def test_foreign_text_does_not_become_markup_of_the_markdown(markdown: str) -> None:
    assert re.search(r"(?<!\\)<script", markdown) is None
    assert re.search(r"(?<!\\)\[b(?<!\\)\]\(", markdown) is None
    assert [line for line in markdown.splitlines() if line.startswith("# ")] == [
        "# Evaluation: 4 questions, extractive"
    ]


def test_the_rows_of_a_table_have_as_many_cells_as_its_header(markdown: str) -> None:
    for block in markdown.split("\n\n"):
        if block.startswith("| "):
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1


# --- HTML ------------------------------------------------------------------------------------------


def test_the_page_needs_nothing_else_and_runs_nothing(page: str) -> None:
    elements = Elements(page)
    assert not {"script", "link", "img", "iframe", "object", "a", "form"} & set(elements.tags)
    assert not {"src", "href", "srcset", "data", "action"} & set(elements.attributes)
    assert not [name for name in elements.attributes if name.startswith("on")]
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert len(style) == 1
    assert "url(" not in style[0]
    assert "@import" not in style[0]
    assert "default-src 'none'" in page


def test_every_element_of_the_page_is_closed_in_order(page: str) -> None:
    assert Elements(page).open == []


def test_foreign_text_is_shown_as_it_was_written(page: str) -> None:
    assert '<script src="https://example.org/x.js">alert(1)</script>' in Elements(page).text


def test_the_page_is_readable_in_light_and_dark(page: str) -> None:
    assert "color-scheme: light dark" in page
    colours = re.findall(r"--(\w+): #", page)
    assert colours[: len(colours) // 2] == colours[len(colours) // 2 :]  # each colour has a value for both


def test_a_bar_reaches_its_mean_and_its_line_the_interval() -> None:
    chart = bar_chart("A <chart>", [Bar("kind & other", Figure(4, 0.5, 0.25, 0.75))])
    assert re.search(r'<rect class="bar" x="200" y="[\d.]+" width="210.0"', chart)
    assert re.search(r'<line class="mark" x1="305.0" y1="[\d.]+" x2="515.0"', chart)
    assert "50 % (25 to 75), n 4" in chart
    assert "kind &amp; other" in chart
    assert 'aria-label="A &lt;chart&gt;"' in chart


def test_a_chart_shows_all_questions_first_and_then_the_lowest_kind() -> None:
    rows = (make_row("a", kind="high"), make_row("b", kind="low", **WRONG), make_row("c", kind="also low", **WRONG))
    labels = re.findall(r'text-anchor="end">([^<]+)<', page_of(*rows).partition("Facts said")[0])
    assert labels == ["all questions", "also low", "low", "high"]


def test_what_no_question_measures_gets_no_chart() -> None:
    assert page_of(make_row(retrieval=None)).count("<svg") == page_of(make_row()).count("<svg") - 1
