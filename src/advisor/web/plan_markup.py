"""The HTML of a study plan: its summary, the picture of its phases over weeks, its steps with marks to the sources.

Pure functions, every foreign character escaped. Computes no plan. Knows nothing of controls.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from advisor.career.markdown import plan_markdown
from advisor.career.planned import Plan, hours_words
from advisor.career.timeline import Stretch, timeline
from advisor.text import visible
from advisor.web.markup import markdown_html, one_line, source_cards

GROUP = "plan"
_BOXES = (("- [ ] ", "- ☐ "), ("- [x] ", "- ☑ "))
# Plans speak of the options of `advisor plan`; on the page the same things have labels.
_LABELS = {
    "--hours-per-week": "“Hours per week”",
    "--known": "“What I know already”",
    "--start": "“Start”",
    "--by": "“To be done by”",
    "--free-only": "“Only what is free”",
    "--budget": "“Budget”",
    "--skip": "“Leave out”",
    "--realism": "“Realism”",
}
_OPTION = re.compile("|".join(rf"{option}\b" for option in _LABELS))


@dataclass(frozen=True, slots=True)
class PlanText:
    """The parts of a plan's Markdown that the page shows in places of their own."""

    summary: str
    body: str


def in_labels(text: str) -> str:
    """The text with the options of the command line called as the page calls them."""
    return _OPTION.sub(lambda option: _LABELS[option[0]], text)


def plan_text(plan: Plan) -> PlanText:
    """The plan's Markdown without its title and its list of sources."""
    _title, _, rest = plan_markdown(plan).partition("\n\n")
    summary, _, rest = rest.partition("\n\n")
    body = rest.rpartition("\n## Sources\n")[0]
    return PlanText(in_labels(summary), in_labels(body))


def summary_html(plan: Plan) -> str:
    """The plan in one line."""
    text = markdown_html(plan_text(plan).summary, (), GROUP)
    return one_line(f'<div class="ca-summary ca-text" id="answer-{GROUP}">{text}</div>')


def plan_html(plan: Plan) -> str:
    """What is to be done, phase by phase and week by week, each line with its mark."""
    body = plan_text(plan).body
    for box, sign in _BOXES:
        body = body.replace(f"\n{box}", f"\n{sign}")
    marked = markdown_html(body, {citation.number for citation in plan.citations}, GROUP)
    return one_line(f'<div class="ca-text">{marked}</div>')


def plan_sources_html(plan: Plan, document_text: Callable[[str], str]) -> str:
    """The sources of the plan, the very words marked."""
    return source_cards(plan.citations, GROUP, document_text)


# --- the picture ----------------------------------------------------------------------------------


def timeline_html(plan: Plan) -> str:
    """The phases over the weeks as a table, in which a bar shows what the cells say in words; "" where there are none.

    The bars are SVG without a name, which nobody reads out.
    """
    stretches = timeline(plan)
    if not stretches:
        return ""
    axis = f'<span class="ca-axis"><span>{plan.start}</span><span>{plan.end}</span></span>'
    head = f"<tr><th>Phase</th><th>{axis}</th><th>When</th><th>Work</th></tr>"
    rows = "".join(_row_html(stretch, weeks=len(plan.weeks)) for stretch in stretches)
    caption = f"<caption>Phases over {len(plan.weeks)} week{'' if len(plan.weeks) == 1 else 's'} of study</caption>"
    return one_line(f'<table class="ca-timeline">{caption}<thead>{head}</thead><tbody>{rows}</tbody></table>')


def _row_html(stretch: Stretch, *, weeks: int) -> str:
    when = f"{stretch.weeks[0].upper()}{stretch.weeks[1:]}<br><small>{stretch.start} to {stretch.end}</small>"
    name = f'<th scope="row">{escape(visible(stretch.label))}</th>'
    return (
        f'<tr>{name}<td class="ca-track">{_bar_html(stretch, weeks)}</td>'
        f"<td>{when}</td><td>{hours_words(stretch.minutes)}</td></tr>"
    )


def _bar_html(stretch: Stretch, weeks: int) -> str:
    """From the beginning of the first week to the end of the last, as parts of the whole plan."""
    left = 100 * (stretch.first_week - 1) / weeks
    width = 100 * stretch.last_week / weeks - left
    bar = f'<rect class="ca-bar" x="{left:.2f}%" width="{width:.2f}%" y="0" height="14" rx="4"></rect>'
    return f'<svg width="100%" height="14">{bar}</svg>'
