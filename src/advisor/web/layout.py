"""Where everything stands on the page: Gradio's components, their names, and the theme.

Knows nothing of what a control does (`page`) or of how answers look (`markup`, `style.css`).

Not used, on purpose: `gr.HTML`, because it evaluates its templates as code, which our Content-Security-Policy forbids.
"""

from dataclasses import dataclass
from pathlib import Path

import gradio as gr
from gradio.components import Navbar

from advisor.web.markup import sources_html
from advisor.web.talk import Shown
from advisor.web.thumbs import NAMES, REASONS, WORDS_CHARS

STARTERS = (
    "How do I become a data engineer?",
    "Data analyst or data scientist?",
    "How long is phase 1 of the AI/ML engineer roadmap?",
    "Which certifications should a cloud engineer get?",
)
STYLE = [Path(__file__).with_name(name) for name in ("style.css", "sidebar.css", "chat.css", "pages.css")]
HEAD = [Path(__file__).with_name(name) for name in ("head.html", "stream.html", "chat.html", "sidebar.html")]
TITLE = "Career Advisor"

_WHO_READS = "Whoever runs this advisor can read it, with your questions and the answer."
_INTRODUCTION = (
    '<div class="ca-intro"><h2>What would you like to become?</h2>'
    "<p>Answers come from the roadmaps alone. Each one shows the passages it relies on.</p></div>"
)


def theme() -> gr.themes.Base:
    """Calm colours and the fonts of the learner's own system: nothing is fetched from elsewhere."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        secondary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.stone,
        font=("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"),
        font_mono=("ui-monospace", "Consolas", "monospace"),
        radius_size=gr.themes.sizes.radius_lg,
    ).set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        button_primary_text_color="white",
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        # from here on against Gradio's own, which is too faint to read: 4.5 to 1 is the least
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        input_placeholder_color="*neutral_600",
        input_placeholder_color_dark="*neutral_300",
        link_text_color="*secondary_700",
        link_text_color_hover="*secondary_800",
        link_text_color_visited="*secondary_700",
        link_text_color_active="*secondary_700",
        link_text_color_dark="*secondary_300",
        link_text_color_hover_dark="*secondary_200",
        link_text_color_visited_dark="*secondary_300",
        link_text_color_active_dark="*secondary_300",
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """The controls of the page."""

    owner: gr.BrowserState
    conversation: gr.BrowserState
    shown: gr.State
    past: gr.State
    pending: gr.State
    halted: gr.State
    doomed: gr.State
    rated: gr.State
    revised: gr.State
    sidebar: gr.Sidebar
    fresh: gr.Button
    chat: gr.Chatbot
    sources: gr.Markdown
    wrong: gr.Column
    reasons: gr.CheckboxGroup
    words: gr.Textbox
    send: gr.Button
    not_now: gr.Button
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    revising: gr.Row
    keep: gr.Button
    retry: gr.Button
    edit: gr.Button
    correct: gr.Button
    clear: gr.Button
    starters: gr.Row
    starter_buttons: tuple[gr.Button, ...]


def lay_out_links() -> None:
    """The links to all pages, at the head of the one whose Blocks are open."""
    Navbar(main_page_name="Ask")


def lay_out() -> Parts:
    """Put every control in its place, inside the Blocks that is open; asking begins once the page has loaded."""
    # The secret only keeps Gradio from inventing one at every start, which would lose the conversations. It protects
    # nothing: what protects a conversation is that nobody can guess its owner.
    owner = gr.BrowserState("", storage_key="career-advisor-owner", secret=TITLE)
    conversation = gr.BrowserState("", storage_key="career-advisor-conversation", secret=TITLE)
    shown, past = gr.State(Shown()), gr.State(())
    pending, halted, doomed, rated = gr.State(""), gr.State(""), gr.State(""), gr.State(0)
    revised = gr.State("")
    lay_out_links()
    with gr.Sidebar(width=288, elem_id="ca-sidebar") as sidebar:
        fresh = gr.Button("New conversation", size="md", elem_id="ca-new")
    with gr.Row(elem_id="ca-main"):
        with gr.Column(scale=7, min_width=320, elem_id="ca-talk"):
            gr.Markdown(f"# {TITLE}", elem_id="ca-title")
            chat = _lay_out_chat()
            with gr.Column(visible=False, elem_id="ca-wrong") as wrong:
                reasons, words = _lay_out_reasons()
                with gr.Row(elem_id="ca-wrong-end"):
                    gr.Markdown(_WHO_READS, elem_id="ca-who-reads")
                    send = gr.Button("Send", size="sm", variant="primary", scale=0, min_width=72)
                    not_now = gr.Button("Not now", size="sm", scale=0, min_width=72)
            with gr.Row(elem_id="ca-starters") as starters:
                starter_buttons = tuple(
                    gr.Button(text, size="sm", min_width=220, interactive=False) for text in STARTERS
                )
            with gr.Row(visible=False, elem_id="ca-revising") as revising:
                gr.Markdown("This **replaces your last question** and its answer.", elem_id="ca-replaces")
                keep = gr.Button("Cancel", size="sm", scale=0, min_width=72)
            with gr.Row(elem_id="ca-ask", equal_height=True):
                question = _lay_out_question()
                ask = gr.Button("Ask", variant="primary", scale=0, min_width=84, interactive=False)
                stop = gr.Button("Stop", variant="stop", scale=0, min_width=84, interactive=False)
            with gr.Row(elem_id="ca-again"):
                retry = gr.Button("Retry", size="sm", scale=0, min_width=72, interactive=False)
                edit = gr.Button("Edit question", size="sm", scale=0, min_width=72, interactive=False)
                correct = gr.Button(visible="hidden", elem_id="ca-correct-last")  # pressed by the one in the answer
                clear = gr.Button("Clear", size="sm", scale=0, min_width=72, interactive=False)
        with gr.Column(scale=4, min_width=300, elem_id="ca-side"):
            gr.Markdown("## Sources", elem_id="ca-side-title")
            sources = gr.Markdown(_sources_of_nothing(), latex_delimiters=[], elem_id="ca-sources")
    return Parts(
        owner, conversation, shown, past, pending, halted, doomed, rated, revised, sidebar, fresh, chat, sources,
        wrong, reasons, words, send, not_now, question, ask, stop,
        revising, keep, retry, edit, correct, clear, starters, starter_buttons,
    )  # fmt: skip


def _lay_out_chat() -> gr.Chatbot:
    return gr.Chatbot(
        label="Conversation",
        show_label=False,
        placeholder=_INTRODUCTION,
        height=None,
        buttons=[],
        latex_delimiters=[],  # "$12 to $20" is no formula
        feedback_options=tuple(NAMES.values()),
        allow_file_downloads=False,
        elem_id="ca-chat",
    )


def _lay_out_reasons() -> tuple[gr.CheckboxGroup, gr.Textbox]:
    reasons = gr.CheckboxGroup(REASONS, label="What was wrong?", elem_id="ca-reasons")
    words = gr.Textbox(
        label="In your own words, if you like",
        placeholder="What should it have said?",
        lines=1,
        max_lines=3,
        max_length=WORDS_CHARS,
        elem_id="ca-words",
    )
    return reasons, words


def _lay_out_question() -> gr.Textbox:
    return gr.Textbox(
        label="Your question",
        placeholder="A role, a step, a cost…",
        lines=1,
        max_lines=6,
        interactive=False,  # until the page has loaded; `head.html` then puts the cursor there
        scale=1,
        min_width=200,
        elem_id="ca-question",
    )


def _sources_of_nothing() -> str:
    return sources_html(Shown(), lambda key: key)
