"""The page of maintenance, for people of this machine or signed in: the index, the corpus, a search, feedback.

Layout and wiring only. Knows nothing of how things are found out (`upkeep`), built (`rebuilding`) or shown
(`maintain_markup`). Every handler asks `access.may_maintain` anew: that a page is open proves nothing.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import gradio as gr

from advisor.errors import AdvisorError
from advisor.evaluation.draft import draft_json, make_drafts
from advisor.memory import Rated
from advisor.web import maintain_markup
from advisor.web.access import may_maintain
from advisor.web.layout import lay_out_links
from advisor.web.markup import error_html, one_line
from advisor.web.rebuilding import Work
from advisor.web.talk import UNEXPECTED
from advisor.web.upkeep import Upkeep

logger = logging.getLogger(__name__)

FEEDBACK_SHOWN = 50
LOOK_SECONDS = 0.5  # between two looks at a build that runs
NOT_ALLOWED = "This page is for whoever keeps the adviser: open it on the machine that serves it, or sign in."
_NO_UPKEEP = "This server was started without the folders of its pages and index; start it with: advisor serve"
_INTRODUCTION = "# Maintenance\n\nWhat the answers come from, and how to mend it."

Update = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class MaintainParts:
    """The controls of the page; all below `body` is hidden until it is known who looks."""

    head: gr.Markdown
    body: gr.Column
    index: gr.Markdown
    full: gr.Checkbox
    rebuild: gr.Button
    cancel: gr.Button
    work: gr.Markdown
    watch: gr.Timer
    changes: gr.Markdown
    findings: gr.Markdown
    question: gr.Textbox
    find: gr.Button
    found: gr.Markdown
    feedback: gr.Markdown
    chosen: gr.Dropdown
    case: gr.Textbox


# --- what happens ---------------------------------------------------------------------------------


def looked(upkeep: Upkeep, parts: MaintainParts) -> Update:
    """What can be told at once: the index, a build that runs, and feedback."""
    every = upkeep.advisor.conversations.all_feedback()
    rated = newest(every)
    names = [(maintain_markup.feedback_label(one), one.key) for one in rated]
    return {
        parts.head: _INTRODUCTION,
        parts.body: gr.Column(visible=True),
        parts.index: maintain_markup.index_html(upkeep.index_state()),
        parts.feedback: maintain_markup.feedback_html(rated, len(every)),
        parts.chosen: gr.Dropdown(choices=names, value=None, visible=bool(names)),
        parts.case: gr.Textbox(value="", visible=False),
    } | build_update(parts, upkeep.rebuilding.work)


def build_update(parts: MaintainParts, work: Work) -> Update:
    """How far a build is, which of its buttons can be used, and whether to look again."""
    return {
        parts.work: maintain_markup.work_html(work),
        parts.rebuild: gr.Button(interactive=not work.is_running),
        parts.cancel: gr.Button(visible=work.is_running, interactive=not work.is_cancelling),
        parts.watch: gr.Timer(active=work.is_running),
    }


def begun(upkeep: Upkeep, parts: MaintainParts, full: bool) -> Update:
    """Begin a build, or watch the one that runs already."""
    upkeep.rebuilding.begin(full=full)
    return build_update(parts, upkeep.rebuilding.work) | {parts.watch: gr.Timer(active=True)}


def watched(upkeep: Upkeep, parts: MaintainParts) -> Update:
    """How far the build is; once it has ended, what it changed."""
    work = upkeep.rebuilding.work
    update = build_update(parts, work)
    if work.is_running:
        return update
    return update | {parts.index: maintain_markup.index_html(upkeep.index_state())} | compared(upkeep, parts)


def called_off(upkeep: Upkeep, parts: MaintainParts) -> Update:
    """Ask the build to end without publishing."""
    upkeep.rebuilding.call_off()
    return build_update(parts, upkeep.rebuilding.work) | {parts.watch: gr.Timer(active=True)}


def compared(upkeep: Upkeep, parts: MaintainParts) -> Update:
    """The pages against the index, and their lint."""
    try:
        state = upkeep.corpus_state(today=date.today())
    except AdvisorError as error:
        return {parts.changes: error_html("Not read.", str(error)), parts.findings: ""}
    return {
        parts.changes: maintain_markup.changes_html(state),
        parts.findings: maintain_markup.findings_html(state.lint),
    }


def retrieved(upkeep: Upkeep, parts: MaintainParts, question: str) -> Update:
    """What a search finds for the question."""
    return {parts.found: maintain_markup.retrieved_html(upkeep.retrieve(question))}


def newest(rated: tuple[Rated, ...]) -> tuple[Rated, ...]:
    """Of feedback in the order in which it was given the newest first, as many as the page shows."""
    return rated[: -FEEDBACK_SHOWN - 1 : -1]


def drafted(upkeep: Upkeep, parts: MaintainParts, key: str | None) -> Update:
    """The line that `advisor eval draft` would write for this answer; nothing is written here."""
    rated = [one for one in upkeep.advisor.conversations.all_feedback() if one.key == key]
    drafts = make_drafts(rated, today=date.today(), also_good=True)
    lines = "\n".join(json.dumps(draft_json(one), ensure_ascii=False) for one in drafts)
    said = lines or ("A question without a letter cannot be a case." if rated else "")
    return {parts.case: gr.Textbox(value=said, visible=bool(said))}


# --- layout and wiring ----------------------------------------------------------------------------


def lay_out_maintain() -> MaintainParts:
    """Put every control in its place, inside the Blocks that is open."""
    lay_out_links()
    with gr.Column(elem_id="ca-maintain", elem_classes=["ca-page"]):
        head = gr.Markdown("Looking…", latex_delimiters=[], elem_classes=["ca-head"])
        with gr.Column(visible=False, elem_id="ca-maintain-body") as body:
            gr.Markdown("## Index")
            index = gr.Markdown(latex_delimiters=[], elem_id="ca-index")
            with gr.Row(elem_id="ca-rebuild"):
                rebuild = gr.Button("Rebuild", variant="primary", scale=0, min_width=110)
                cancel = gr.Button("Cancel", variant="stop", scale=0, min_width=90, visible=False)
                full = gr.Checkbox(label="Embed everything anew", container=False, min_width=200)
            work = gr.Markdown(latex_delimiters=[], elem_id="ca-work")
            watch = gr.Timer(LOOK_SECONDS, active=False)
            gr.Markdown("## Pages since the build")
            changes = gr.Markdown("Reading the pages…", latex_delimiters=[], elem_id="ca-changes")
            gr.Markdown("## Findings on the pages")
            findings = gr.Markdown("Reading the pages…", latex_delimiters=[], elem_id="ca-findings")
            gr.Markdown("## Search test")
            with gr.Row(elem_id="ca-find", equal_height=True):
                question = gr.Textbox(label="Question to search for", lines=1, max_lines=1, elem_id="ca-find-question")
                find = gr.Button("Search", scale=0, min_width=90)
            found = gr.Markdown(latex_delimiters=[], elem_id="ca-found")
            gr.Markdown("## Feedback")
            feedback = gr.Markdown(latex_delimiters=[], elem_id="ca-feedback")
            chosen = gr.Dropdown([], value=None, label="Make it an evaluation case", visible=False, elem_id="ca-chosen")
            case = gr.Textbox(
                label="One line for a file of drafts; add the facts of a right answer before it is used",
                lines=4, max_lines=12, interactive=False, visible=False, buttons=["copy"], elem_id="ca-case",
            )  # fmt: skip
    return MaintainParts(
        head,
        body,
        index,
        full,
        rebuild,
        cancel,
        work,
        watch,
        changes,
        findings,
        question,
        find,
        found,
        feedback,
        chosen,
        case,
    )


def add_maintain_page(upkeep: Upkeep | None, blocks: gr.Blocks) -> None:
    """Lay the page out in the Blocks that is open, and connect it; without upkeep it says that it can do nothing.

    Nothing goes through the queue: Gradio's stream of results loses one that is asked for just as another ends.
    """
    parts = lay_out_maintain()
    guard = Guard(upkeep, parts)
    building = [parts.work, parts.rebuild, parts.cancel, parts.watch]
    pages = [parts.changes, parts.findings]

    def on(
        event: Callable[..., Any], act: Callable[..., Update], place: gr.Markdown, inputs: list[Any], *changed: Any
    ) -> Any:
        outputs = list(dict.fromkeys([parts.head, place, *changed]))
        quiet = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        return event(guard.guarded(act, place), inputs, outputs, **quiet)

    at_once = [parts.body, parts.feedback, parts.chosen, parts.case, *building]
    opened = on(blocks.load, looked, parts.index, [], *at_once)
    on(opened.then, compared, parts.changes, [], *pages)
    on(parts.rebuild.click, begun, parts.work, [parts.full], *building)
    on(parts.cancel.click, called_off, parts.work, [], *building)
    on(parts.watch.tick, watched, parts.work, [], parts.index, *building, *pages)
    for asked in (parts.question.submit, parts.find.click):
        on(asked, retrieved, parts.found, [parts.question])
    on(parts.chosen.input, drafted, parts.feedback, [parts.chosen], parts.case)


@dataclass(frozen=True, slots=True)
class Guard:
    """Makes handlers of functions: who may not maintain gets one line, and so does whoever meets an error."""

    upkeep: Upkeep | None
    parts: MaintainParts

    def guarded(self, act: Callable[..., Update], place: gr.Markdown) -> Callable[..., Update]:
        """What Gradio calls for an event; an error is told at this place."""

        def run(request: gr.Request, *values: Any) -> Update:
            if self.upkeep is None or not may_maintain(request):
                return self.refusal(request)
            try:
                return act(self.upkeep, self.parts, *values)
            except AdvisorError as error:
                return {place: error_html("Not done.", str(error))}
            except Exception:  # an edge of the program: the log gets the traceback, the page one line
                logger.exception("the page of maintenance could not answer")
                return {place: error_html("Not done.", UNEXPECTED)}

        return run

    def refusal(self, request: gr.Request) -> Update:
        """The line for whoever may not look, or for whom there is nothing to do."""
        why = _NO_UPKEEP if may_maintain(request) else NOT_ALLOWED
        return {self.parts.head: one_line(f"<p>{why}</p>")}
