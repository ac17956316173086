"""The panel "About me": what a learner says of themselves, to see, change and erase it.

Layout and wiring only. Knows nothing of what a profile does to a question (`search.profile`) or how it is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from advisor.career.profile import KNOWN_CHARS, read_profile
from advisor.errors import AdvisorError
from advisor.records import Profile
from advisor.web.markup import error_html
from advisor.web.owner import is_owner
from advisor.web.plan_markup import in_labels
from advisor.web.plan_page import careers_of, own_profile
from advisor.web.talk import Answering

_TITLE = "About me"
_UNDECIDED = "Not decided yet"
_USE = "Used where a question names no career, and to begin a study plan. Only what you enter here is kept."
_LANGUAGE = "Answers are in English, the language of the roadmaps."
_BUDGET_CHARS = 40

Update = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class AboutMe:
    """The controls of the panel."""

    fold: gr.Accordion
    role: gr.Dropdown
    known: gr.Textbox
    hours: gr.Number
    budget: gr.Textbox
    save: gr.Button
    erase: gr.Button
    said: gr.Markdown

    @property
    def fields(self) -> list[Any]:
        """What a learner fills in."""
        return [self.role, self.known, self.hours, self.budget]

    @property
    def outputs(self) -> list[Any]:
        """Everything that a handler may change."""
        return [*self.fields, self.save, self.erase, self.said, self.fold]

    def filled(self, profile: Profile, careers: list[str], said: str = "") -> Update:
        """The panel with this profile in it, ready for changes; a career that is no more is shown as none."""
        role = profile.role if profile.role in careers else None
        return {
            self.role: gr.Dropdown(choices=_choices(careers), value=role or "", interactive=True),
            self.known: gr.Textbox(value=", ".join(profile.known), interactive=True),
            self.hours: gr.Number(value=profile.hours_per_week, interactive=True),
            self.budget: gr.Textbox(value=profile.budget or "", interactive=True),
            self.save: gr.Button(interactive=True),
            self.erase: gr.Button(interactive=True),
            self.said: said,
            self.fold: gr.Accordion(label=f"{_TITLE}: {role}" if role else _TITLE),
        }


def add_about_me(advisor: Answering, owner: gr.BrowserState, blocks: gr.Blocks) -> AboutMe:
    """Lay the panel out in the Blocks that is open, and connect it."""
    panel = lay_out_about_me(careers_of(advisor))

    def load(name: object) -> Update:
        return panel.filled(own_profile(advisor, name), careers_of(advisor))

    def save(name: object, role: str, known: str | None, hours: float | None, budget: str | None) -> Update:
        careers = careers_of(advisor)
        profile = read_profile(role, known or "", hours, budget or "", careers=careers)
        if not is_owner(name):
            return {panel.said: ""}
        advisor.conversations.keep_profile(profile, owner=str(name))
        return panel.filled(profile, careers, "Saved.")

    def erase(name: object) -> Update:
        if is_owner(name):
            advisor.conversations.erase_profile(owner=str(name))
        return panel.filled(Profile(), careers_of(advisor), "Erased.")

    on: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
    gr.on(blocks.load, _told(panel, load), [owner], panel.outputs, **on)
    gr.on(panel.save.click, _told(panel, save), [owner, *panel.fields], panel.outputs, **on)
    gr.on(panel.erase.click, _told(panel, erase), [owner], panel.outputs, **on)
    return panel


def _told(panel: AboutMe, handler: Callable[..., Update]) -> Callable[..., Update]:
    """The handler, its errors one line in the panel, which leaves the fields as they were filled in."""

    def run(*values: Any) -> Update:
        try:
            return handler(*values)
        except AdvisorError as error:
            return {panel.said: error_html("Not saved.", in_labels(str(error)))}

    return run


def lay_out_about_me(careers: list[str]) -> AboutMe:
    """Put every control in its place, inside the Blocks that is open.

    Nothing can be filled in before the page has loaded: what is kept would be written over it.
    """
    with gr.Accordion(_TITLE, open=False, elem_id="ca-about-me") as fold:
        gr.Markdown(_USE, elem_classes=["ca-small"])
        role = gr.Dropdown(
            _choices(careers), value="", label="Career I work towards", interactive=False, elem_id="ca-my-career"
        )
        known = gr.Textbox(
            label="What I know already",
            placeholder="python, sql",
            lines=1,
            max_lines=4,
            max_length=KNOWN_CHARS,
            interactive=False,
        )
        with gr.Row(elem_classes=["ca-pair"]):
            hours = gr.Number(label="Hours per week", value=None, min_width=90, interactive=False)
            budget = gr.Textbox(
                label="Budget", placeholder="EUR 50", max_length=_BUDGET_CHARS, min_width=90, interactive=False
            )
        gr.Markdown("Budget 0 means: only what is free.", elem_classes=["ca-small"])
        with gr.Row(elem_classes=["ca-pair"]):
            save = gr.Button("Save", size="sm", variant="primary", min_width=72, interactive=False)
            erase = gr.Button("Erase", size="sm", min_width=72, interactive=False)
        said = gr.Markdown("", elem_id="ca-about-me-said", elem_classes=["ca-small"])
        gr.Markdown(_LANGUAGE, elem_classes=["ca-small"])
    return AboutMe(fold, role, known, hours, budget, save, erase, said)


def _choices(careers: list[str]) -> list[tuple[str, str]]:
    return [(_UNDECIDED, ""), *((career, career) for career in careers)]
