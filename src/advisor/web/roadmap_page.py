"""The page of roadmaps: all careers, or one of them with its items to be ticked.

Layout and wiring only. Knows nothing of what a roadmap holds (`career.syllabus`) or looks like (`roadmap_markup`).
The address says which career; the ticks are kept in the store under the browser's owner, as `advisor progress` keeps
them for the terminal.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import gradio as gr

from advisor.career.families import career_of_address, families_of, summary_of
from advisor.career.marks import Mark, States, read_state, states_of
from advisor.career.planned import Step
from advisor.career.progress import next_steps, standing
from advisor.career.syllabus import Syllabus, read_syllabus
from advisor.errors import AdvisorError
from advisor.memory.marking import set_mark, take_mark_back
from advisor.web import roadmap_markup
from advisor.web.layout import lay_out_links
from advisor.web.markup import error_html
from advisor.web.owner import is_owner, lay_out_owner, owner_or_new
from advisor.web.plan_page import shelf_of, warm_up
from advisor.web.talk import UNEXPECTED, Answering

logger = logging.getLogger(__name__)

OPEN = "open"
CHOICES = (("To do", OPEN), ("In progress", "in progress"), ("Done", "done"), ("Skipped", "skipped"))
_INTRODUCTION = "# Roadmaps\n\nChoose a career: its phases in order, every item with its source, and room to tick it."

Update = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class RoadmapParts:
    """The controls of the page; `chosen` is the career on the screen, "" where it shows the list."""

    owner: gr.BrowserState
    chosen: gr.State
    head: gr.Markdown
    standing: gr.Markdown
    items: gr.Column
    rest: gr.Markdown
    sources: gr.Markdown

    @property
    def outputs(self) -> list[Any]:
        """Everything that opening the page sets."""
        return [self.owner, self.chosen, self.head, self.standing, self.rest, self.sources]


# --- what happens ---------------------------------------------------------------------------------


def opened(advisor: Answering, parts: RoadmapParts, wanted: str, owner: object) -> Update:
    """The list of careers, or the roadmap of the one in the address; an unknown one is a line above the list."""
    named = owner_or_new(owner)
    blank: Update = {part: "" for part in (parts.chosen, parts.standing, parts.rest, parts.sources)}
    blank |= {parts.owner: named}
    try:
        if not wanted.strip():
            return blank | {parts.head: _list_html(advisor)}
        shelf = shelf_of(advisor)
        career = career_of_address(wanted[:200], [role.career for role in shelf.roles])
        syllabus = read_syllabus(shelf, career.name, today=date.today())
        return blank | {
            parts.chosen: career.name,
            parts.head: roadmap_markup.head_html(career.name, summary_of(career)),
            parts.standing: standing_of(advisor, syllabus, named),
            parts.rest: roadmap_markup.certificates_html(syllabus) + roadmap_markup.parts_html(syllabus),
            parts.sources: roadmap_markup.roadmap_sources_html(syllabus, advisor.document_text),
        }
    except AdvisorError as error:
        return blank | {parts.head: f"{error_html('No roadmap.', str(error))}\n\n{_list_html(advisor)}"}
    except Exception:  # an edge of the program: the log gets the traceback, the learner one line
        logger.exception("a roadmap could not be shown")
        return blank | {parts.head: error_html("No roadmap.", UNEXPECTED)}


def _list_html(advisor: Answering) -> str:
    return f"{_INTRODUCTION}\n\n{roadmap_markup.families_html(families_of(advisor.snapshot.documents))}"


def marks_of(advisor: Answering, career: str, owner: object) -> States:
    """What this browser's owner has marked of a career."""
    if not is_owner(owner):
        return {}
    return states_of(advisor.conversations.progress_of(career, owner=str(owner)))


def standing_of(advisor: Answering, syllabus: Syllabus, owner: object) -> str:
    """How far the owner is, as HTML."""
    states = marks_of(advisor, syllabus.career, owner)
    following = next_steps(syllabus.plan, states)
    return roadmap_markup.standing_html(standing(syllabus.plan, states), following)


def ticked(advisor: Answering, career: str, step: Step, state: str, owner: object) -> str:
    """Keep what the owner says of an item, or take it back; how far they are now, or why it is not kept, as HTML."""
    try:
        if not is_owner(owner):
            return error_html("Not kept.", "This browser has no name here yet: load the page again.")
        wanted, store, provider = read_state(state), advisor.conversations, step.provider or ""
        if wanted is None:
            take_mark_back(store, career, step.name, provider, owner=str(owner))
        else:
            set_mark(store, career, Mark(step.name, provider, wanted, datetime.now(UTC)), owner=str(owner))
        return standing_of(advisor, read_syllabus(shelf_of(advisor), career, today=date.today()), owner)
    except AdvisorError as error:
        return error_html("Not kept.", str(error))
    except Exception:  # an edge of the program: the log gets the traceback, the learner one line
        logger.exception("a tick could not be kept")
        return error_html("Not kept.", UNEXPECTED)


# --- layout and wiring ----------------------------------------------------------------------------


def lay_out_roadmap() -> RoadmapParts:
    """Put every control in its place, inside the Blocks that is open; the items are drawn once a career is chosen."""
    lay_out_links()
    with gr.Column(elem_id="ca-roadmap", elem_classes=["ca-page"]):
        return RoadmapParts(
            owner=lay_out_owner(),
            chosen=gr.State(""),
            head=gr.Markdown(_INTRODUCTION, latex_delimiters=[], elem_id="ca-roadmap-head", elem_classes=["ca-head"]),
            standing=gr.Markdown(latex_delimiters=[], elem_id="ca-roadmap-standing"),
            items=gr.Column(elem_id="ca-roadmap-items"),
            rest=gr.Markdown(latex_delimiters=[], elem_id="ca-roadmap-rest"),
            sources=gr.Markdown(latex_delimiters=[], elem_id="ca-roadmap-sources", elem_classes=["ca-cards"]),
        )


def add_roadmap_page(advisor: Answering, blocks: gr.Blocks) -> None:
    """Lay the page out in the Blocks that is open, and connect it."""
    parts = lay_out_roadmap()

    def open_page(name: str, request: gr.Request) -> Update:
        return opened(advisor, parts, request.query_params.get("career", ""), name)

    def draw(career: str, name: str) -> None:
        if career:
            _draw_items(advisor, parts, career, name)

    # through the queue: only there does Gradio notice that the chosen career changed, which draws the items
    blocks.load(
        open_page,
        [parts.owner],
        parts.outputs,
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=None,
    )
    warm_up(advisor, blocks)
    with parts.items:  # one drawing at a time: side by side they remove each other's controls, of other learners too
        gr.render([parts.chosen, parts.owner], [parts.chosen.change], concurrency_limit=1, show_progress="hidden")(draw)


def _draw_items(advisor: Answering, parts: RoadmapParts, career: str, owner: str) -> None:
    """Phase by phase every item with what the owner said of it."""
    syllabus = read_syllabus(shelf_of(advisor), career, today=date.today())
    states = marks_of(advisor, career, owner)
    for phase in syllabus.plan.phases:
        own = [step for step in syllabus.plan.steps if step.phase == phase.number]
        gr.Markdown(roadmap_markup.phase_html(phase, sum(step.minutes for step in own)), latex_delimiters=[])
        for step in own:
            with gr.Row(elem_classes=["ca-tick-row"]):
                gr.Markdown(roadmap_markup.step_html(step, career), latex_delimiters=[], min_height=0)
                mark = states.get(step.key)
                state = gr.Radio(
                    list(CHOICES), value=str(mark.state) if mark else OPEN, label=step.name, interactive=True,
                    elem_classes=["ca-tick"], scale=0, min_width=280,
                )  # fmt: skip
                state.input(
                    _ticking(advisor, career, step), [state, parts.owner], [parts.standing],
                    queue=False, show_progress="hidden", api_visibility="private",
                )  # fmt: skip


def _ticking(advisor: Answering, career: str, step: Step) -> Callable[[str, str], str]:
    def tick(state: str, owner: str) -> str:
        return ticked(advisor, career, step, state, owner)

    return tick
