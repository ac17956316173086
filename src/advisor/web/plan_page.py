"""The page that makes a study plan: its fields, what it shows, and what happens when a field changes.

Layout and wiring only. Knows nothing of how a plan is made (`career.plan`), looks (`plan_markup`) or is kept as a file
(`downloads`). Nothing of a plan is stored: it follows from the fields, at once, whenever one of them changes. They
begin with what the learner said of themselves.
"""

import logging
from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

import gradio as gr

from advisor.career.export import PlanFormat
from advisor.career.planned import Plan
from advisor.career.purse import read_budget
from advisor.career.request import PlanRequest, read_day
from advisor.career.shelf import Shelf, read_shelf
from advisor.errors import AdvisorError, UsageError
from advisor.records import Profile
from advisor.web import plan_markup
from advisor.web.downloads import Downloads
from advisor.web.layout import lay_out_links
from advisor.web.markup import error_html
from advisor.web.owner import is_owner, lay_out_owner
from advisor.web.talk import UNEXPECTED, Answering

logger = logging.getLogger(__name__)

FILES = {
    PlanFormat.MD: "Markdown",
    PlanFormat.ICS: "Calendar",
    PlanFormat.CSV: "Spreadsheet",
    PlanFormat.JSON: "JSON",
}
_KNOWN_CHARS = 1000
_USUAL_HOURS = 8
_MOST_HOURS = 40
_NO_CAREER = '<p class="ca-empty">Choose a career: its plan appears here, and changes with every field.</p>'
_INTRODUCTION = (
    "# Study plan\n\nDates, hours and costs computed from the roadmap of a career. Every line leads to its source."
)

Update = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What stands in the fields, in their order on the page."""

    career: str | None
    hours_per_week: float = _USUAL_HOURS
    known: str | None = None
    start: str | None = None
    by: str | None = None
    free_only: bool = False
    budget: str | None = None
    realism: float = 1.0
    skip: list[str] | None = None

    def request(self) -> PlanRequest:
        """What is asked of a plan; raises UsageError for what cannot be read."""
        known = (self.known or "").strip()
        if len(known) > _KNOWN_CHARS:
            raise UsageError(f"--known has {len(known)} characters: list what matters in {_KNOWN_CHARS} or fewer")
        return PlanRequest(
            hours_per_week=self.hours_per_week,
            known=(known,) if known else (),
            start=_day(self.start, "--start"),
            by=_day(self.by, "--by"),
            free_only=self.free_only,
            budget=read_budget(self.budget) if self.budget and self.budget.strip() else None,
            skip=tuple(self.skip or ()),
            realism=self.realism,
        )


def wishes_of(profile: Profile, careers: Collection[str]) -> Wishes:
    """What the fields begin with; a budget of nothing is the wish for what is free."""
    is_nothing = profile.budget is not None and not read_budget(profile.budget).amount
    return Wishes(
        career=profile.role if profile.role in careers else None,
        hours_per_week=min(max(profile.hours_per_week or _USUAL_HOURS, 1), _MOST_HOURS),
        known=", ".join(profile.known),
        free_only=is_nothing,
        budget=None if is_nothing else profile.budget,
    )


def _day(text: str | None, option: str) -> date | None:
    return read_day(text, option) if text and text.strip() else None


@dataclass(frozen=True, slots=True)
class PlanParts:
    """The controls of the page."""

    fields: tuple[Any, ...]  # in the order of `Wishes`
    summary: gr.Markdown
    picture: gr.Markdown
    files: dict[PlanFormat, gr.DownloadButton]
    plan: gr.Markdown
    sources: gr.Markdown

    @property
    def career(self) -> gr.Dropdown:
        """Which career."""
        career: gr.Dropdown = self.fields[0]
        return career

    @property
    def skip(self) -> gr.CheckboxGroup:
        """Which items are left out."""
        skip: gr.CheckboxGroup = self.fields[-1]
        return skip

    @property
    def outputs(self) -> list[Any]:
        """Everything that a change of a field may change."""
        return [self.summary, self.picture, self.plan, self.sources, self.skip, *self.files.values()]


# --- what a change does ---------------------------------------------------------------------------


def shelf_of(advisor: Answering) -> Shelf:
    """The careers of the index in use."""
    held = advisor.snapshot  # once: the next look may find a newer build
    return read_shelf(held.documents, held.passages)


def plan_for(advisor: Answering, wishes: Wishes, *, today: date) -> Plan | None:
    """The plan, None where no career is chosen; raises UsageError where the wishes allow none."""
    if not wishes.career:
        return None
    return shelf_of(advisor).plan(wishes.career, wishes.request(), today=today)


def items_of(advisor: Answering, career: str | None, *, today: date) -> list[str]:
    """Everything that a plan of the career can hold, phase by phase; nothing where it cannot be planned."""
    try:
        plan = plan_for(advisor, Wishes(career), today=today)
    except UsageError:  # who asked for the plan is told
        return []
    return list(dict.fromkeys(step.name for step in plan.steps)) if plan else []


def still_offered(advisor: Answering, career: str | None, *fields: Any) -> list[str]:
    """What is to be left out, the last of the fields, without what belongs to a career that was chosen before."""
    skip: list[str] = fields[-1] or []
    offered = items_of(advisor, career, today=date.today()) if skip else []
    return [item for item in skip if item in offered]


def replanned(advisor: Answering, downloads: Downloads, parts: PlanParts, wishes: Wishes, *, today: date) -> Update:
    """The plan that follows from the fields; where there can be none one line says why, and there are no files."""
    try:
        plan = plan_for(advisor, wishes, today=today)
        return _with_plan(advisor, downloads, parts, plan) if plan else _without_plan(parts, _NO_CAREER)
    except AdvisorError as error:
        return _without_plan(parts, error_html("No plan.", plan_markup.in_labels(str(error))))
    except Exception:  # an edge of the program: the log gets the traceback, the learner one line
        logger.exception("a plan could not be made")
        return _without_plan(parts, error_html("No plan.", UNEXPECTED))


def _with_plan(advisor: Answering, downloads: Downloads, parts: PlanParts, plan: Plan) -> Update:
    written = downloads.write(plan)
    files: Update = {parts.files[form]: gr.DownloadButton(value=written[form], interactive=True) for form in FILES}
    return files | {
        parts.summary: plan_markup.summary_html(plan),
        parts.picture: plan_markup.timeline_html(plan),
        parts.plan: plan_markup.plan_html(plan),
        parts.sources: plan_markup.plan_sources_html(plan, advisor.document_text),
    }


def _without_plan(parts: PlanParts, said: str) -> Update:
    files: Update = {button: gr.DownloadButton(value=None, interactive=False) for button in parts.files.values()}
    return files | {parts.summary: said, parts.picture: "", parts.plan: "", parts.sources: ""}


# --- layout and wiring ----------------------------------------------------------------------------


def add_plan_page(advisor: Answering, downloads: Downloads, blocks: gr.Blocks) -> None:
    """Lay the page out in the Blocks that is open, and connect it."""
    owner = lay_out_owner()
    parts = lay_out_plan(careers_of(advisor))

    def replan(*fields: Any) -> Update:
        return replanned(advisor, downloads, parts, Wishes(*fields), today=date.today())

    def change_field(*fields: Any) -> Update:
        """Without a career nothing follows; and when `begin` fills the fields in, the career may come last."""
        return replan(*fields[:-1], still_offered(advisor, *fields)) if fields[0] else gr.skip()

    def change_career(*fields: Any) -> Update:
        """What is left out belongs to the career before."""
        offered = gr.CheckboxGroup(choices=items_of(advisor, fields[0], today=date.today()), value=[])
        return replan(*fields[:-1], []) | {parts.skip: offered}

    # not through the queue: it is quick, and of two changes made at once the second must not wait for a message
    quiet = {"queue": False, "show_progress": "hidden", "api_visibility": "private", "trigger_mode": "always_last"}
    # as they were sent: what is ticked may belong to the career before, which the group of boxes calls an error
    sent = quiet | {"preprocess": False}
    gr.on(parts.career.input, change_career, list(parts.fields), parts.outputs, **sent)
    changes = [field.change for field in parts.fields[1:-1]]
    changes.append(parts.skip.input)  # its change would tell of a new career too
    gr.on(changes, change_field, list(parts.fields), parts.outputs, **sent)

    def begin(name: object) -> Update:
        """The careers of the build now in use, and what the learner said of themselves with the plan that follows.

        One event for both: a second one could put the list back as it was without the learner's career.
        """
        careers = careers_of(advisor)
        offered = gr.Dropdown(choices=careers)
        try:
            profile = own_profile(advisor, name)
            wishes = wishes_of(profile, careers)
        except AdvisorError as error:
            failed = error_html("No plan.", plan_markup.in_labels(str(error)))
            return _without_plan(parts, failed) | {parts.career: offered}
        if profile == Profile():
            return {parts.career: offered}
        fields = astuple(wishes)
        chosen = {parts.career: gr.Dropdown(choices=careers, value=wishes.career)}
        return dict(zip(parts.fields, fields, strict=True)) | change_career(*fields) | chosen

    outputs = [*parts.fields[:-1], *parts.outputs]
    # the browser may tell whose it is only after the page has loaded
    loaded = [blocks.load, owner.change]
    gr.on(loaded, begin, owner, outputs, **quiet)
    warm_up(advisor, blocks)


def warm_up(advisor: Answering, blocks: gr.Blocks, careers: gr.Dropdown | None = None) -> None:
    """Read the careers while the learner still looks for theirs; a list of them is that of the build now in use."""

    def read() -> Any:
        shelf_of(advisor)
        return gr.Dropdown(choices=careers_of(advisor)) if careers else None

    blocks.load(read, None, careers, show_progress="hidden", api_visibility="private")


def careers_of(advisor: Answering) -> list[str]:
    """The careers that the pages are about, by name; costs no reading of them."""
    return sorted({document.role for document in advisor.snapshot.documents if document.role}, key=str.casefold)


def own_profile(advisor: Answering, name: object) -> Profile:
    """What the owner of a browser said of themselves; nothing where it holds no name that was given out here."""
    return advisor.conversations.profile_of(owner=str(name)) if is_owner(name) else Profile()


def lay_out_plan(careers: list[str]) -> PlanParts:
    """Put every control in its place, inside the Blocks that is open."""
    lay_out_links()
    with gr.Row(elem_id="ca-plan", elem_classes=["ca-page"]):
        with gr.Column(scale=4, min_width=280, elem_id="ca-plan-fields"):
            gr.Markdown(_INTRODUCTION, elem_classes=["ca-head"])
            fields = _lay_out_fields(careers)
        with gr.Column(scale=8, min_width=300, elem_id="ca-plan-made"):
            summary = gr.Markdown(_NO_CAREER, latex_delimiters=[], elem_id="ca-plan-summary")
            picture = gr.Markdown(latex_delimiters=[], elem_id="ca-plan-picture")
            with gr.Row(elem_id="ca-plan-files"):
                files = {form: _file_button(form, label) for form, label in FILES.items()}
            plan = gr.Markdown(latex_delimiters=[], elem_id="ca-plan-text")
            sources = gr.Markdown(latex_delimiters=[], elem_id="ca-plan-sources", elem_classes=["ca-cards"])
    return PlanParts(fields, summary, picture, files, plan, sources)


def _lay_out_fields(careers: list[str]) -> tuple[Any, ...]:
    career = gr.Dropdown(careers, value=None, label="Career", elem_id="ca-plan-career")
    hours = gr.Slider(1, _MOST_HOURS, value=_USUAL_HOURS, step=1, label="Hours per week", buttons=[])
    known = gr.Textbox(label="What I know already", placeholder="python, sql", lines=1, max_lines=1)
    start = gr.Textbox(
        label="Start", placeholder="2026-11-30; empty: next Monday", max_lines=1, elem_classes=["ca-day"]
    )
    by = gr.Textbox(label="To be done by", placeholder="2027-06-30, if you like", max_lines=1, elem_classes=["ca-day"])
    free_only = gr.Checkbox(label="Only what is free")
    budget = gr.Textbox(label="Budget", placeholder="EUR 50, if you like", lines=1, max_lines=1)
    realism = gr.Slider(0.5, 3, value=1, step=0.1, label="Realism", info="1.5 takes half as long again", buttons=[])
    with gr.Accordion("Leave items out", open=False):
        skip = gr.CheckboxGroup([], label="Leave out", elem_id="ca-plan-skip")
    return career, hours, known, start, by, free_only, budget, realism, skip


def _file_button(form: PlanFormat, label: str) -> gr.DownloadButton:
    return gr.DownloadButton(
        f"{label} (.{form})", size="sm", min_width=120, interactive=False, elem_id=f"ca-plan-{form}"
    )
