"""The page that sets careers side by side. Layout and wiring only: what is compared and how is `career.compare`'s."""

import logging
from typing import Any

import gradio as gr

from advisor.career.compare import FEWEST, MOST
from advisor.career.wording import comparison_text
from advisor.errors import AdvisorError
from advisor.web.layout import lay_out_links
from advisor.web.markup import error_html, markdown_html, one_line, source_cards
from advisor.web.plan_page import careers_of, shelf_of, warm_up
from advisor.web.talk import UNEXPECTED, Answering

logger = logging.getLogger(__name__)

GROUP = "compare"
_TOO_FEW = '<p class="ca-empty">Choose two to four careers: what their pages say appears here, field by field.</p>'
_TOO_MANY = '<p class="ca-empty">Four careers at most stand side by side: take one away.</p>'
_INTRODUCTION = (
    "# Compare careers\n\nShort extracts from the pages of each career. Where a page is silent, the table says so."
)

Update = dict[Any, Any]


def compared(advisor: Answering, names: list[str]) -> tuple[str, str]:
    """The table and the sources as HTML; where there can be none, one line that says why, and no sources."""
    if len(names) < FEWEST:
        return _TOO_FEW, ""
    if len(names) > MOST:
        return _TOO_MANY, ""
    try:
        shelf = shelf_of(advisor)
        found = shelf.compare(names)
        cited = shelf.cite(found)
        table = comparison_text(found, cited).partition("\n\n")[2].rpartition("\n\n## Sources\n")[0]
        marked = markdown_html(table, {citation.number for citation in cited.values()}, GROUP)
        shown = f'<div class="ca-text" id="answer-{GROUP}">{marked}</div>'
        return one_line(shown), source_cards(cited.values(), GROUP, advisor.document_text)
    except AdvisorError as error:
        return error_html("No comparison.", str(error)), ""
    except Exception:  # an edge of the program: the log gets the traceback, the learner one line
        logger.exception("careers could not be compared")
        return error_html("No comparison.", UNEXPECTED), ""


def add_compare_page(advisor: Answering, blocks: gr.Blocks) -> None:
    """Lay the page out in the Blocks that is open, and connect it."""
    lay_out_links()
    with gr.Column(elem_id="ca-compare", elem_classes=["ca-page"]):
        gr.Markdown(_INTRODUCTION, elem_classes=["ca-head"])
        careers = gr.Dropdown(
            careers_of(advisor), value=[], multiselect=True, label="Careers", elem_id="ca-careers",
            info="Two to four: type to search, Enter takes one, Backspace gives the last one back.",
        )  # fmt: skip
        table = gr.Markdown(_TOO_FEW, latex_delimiters=[], elem_id="ca-compare-table")
        sources = gr.Markdown(latex_delimiters=[], elem_id="ca-compare-sources", elem_classes=["ca-cards"])

    def compare(names: list[str] | None) -> Update:
        said = compared(advisor, names or [])
        return {table: said[0], sources: said[1]}

    # not through the queue: it is quick, and of two choices made at once the second must not wait for a message
    careers.input(
        compare, careers, [table, sources],
        queue=False, show_progress="hidden", api_visibility="private", trigger_mode="always_last",
    )  # fmt: skip
    warm_up(advisor, blocks, careers)
