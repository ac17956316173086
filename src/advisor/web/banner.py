"""The lines at the head of every page that tell that something is amiss, and what to do; nothing where all is well.

Tells what `/readyz` tells (`health`). Knows neither what a page shows nor what can be amiss.
"""

from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import BlockContext

from advisor.text import visible
from advisor.web.access import may_maintain
from advisor.web.health import Checkup, Health
from advisor.web.markup import one_line

LOOK = Path(__file__).with_name("banner.css")
NOT_KEPT = "Nothing you ask or mark can be kept just now."
POORER = "Answers are plainer or older than they could be."
_STILL_TRUE = "Every one still comes from the pages, with its sources."
_WHERE = (
    "Whoever runs it reads the reason and the cure here, signed in or at the machine itself; "
    "<code>advisor doctor</code> looks for them, too."
)
_FRESH_SECONDS = 1.0  # after an answer: what it brought to light shall not wait


def banner_html(health: Health, *, is_kept: bool, may_know: bool) -> str:
    """What is amiss as HTML, "" where nothing is. Reasons name folders and servers: only who `may_know` reads them."""
    if not health.reasons:
        return ""
    lines = "".join(f"<li>{escape(_sentence(reason))}</li>" for reason in health.reasons)
    more = f"<ul>{lines}</ul>" if may_know else f"<p>{_WHERE}</p>"
    told = f"<p><strong>{POORER if is_kept else NOT_KEPT}</strong> {_STILL_TRUE}</p>{more}"
    return one_line(f'<div class="ca-banner" role="status">{told}</div>')


def _sentence(reason: str) -> str:
    """A reason with a capital; without a full stop, for it may end in a command that somebody copies."""
    words = " ".join(visible(reason).split())
    return words[:1].upper() + words[1:]


def add_banner(blocks: gr.Blocks, checkup: Checkup, kept: gr.State | None = None) -> None:
    """Put it at the head of the page whose Blocks are open; looked at when that is opened, and when `kept` changes."""
    banner = gr.Markdown(visible=False, latex_delimiters=[], elem_classes=["ca-amiss"])
    _move_to_the_head(banner, blocks)

    def look(request: gr.Request) -> gr.Markdown:
        return _shown(checkup, may_know=may_maintain(request))

    def look_again(request: gr.Request) -> gr.Markdown:
        return _shown(checkup, may_know=may_maintain(request), believed_seconds=_FRESH_SECONDS)

    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    blocks.load(look, None, banner, **quiet)
    if kept is not None:
        kept.change(look_again, None, banner, **quiet)


def _shown(checkup: Checkup, *, may_know: bool, believed_seconds: float | None = None) -> gr.Markdown:
    health = checkup.health(believed_seconds)
    html = banner_html(health, is_kept=checkup.is_ready(), may_know=may_know)
    return gr.Markdown(html, visible=bool(html))


def _move_to_the_head(banner: gr.Markdown, blocks: gr.Blocks) -> None:
    """Before everything else of its page; on the page that answers into the conversation, below the title."""
    mine = [one for one in blocks.blocks.values() if one.page == blocks.current_page and isinstance(one, BlockContext)]
    talk = next((one for one in mine if one.elem_id == "ca-talk"), None)
    blocks.children.remove(banner)
    if talk is not None:
        talk.children.insert(1, banner)
        banner.parent = talk
    else:
        places = [blocks.children.index(one) for one in mine if one in blocks.children]
        blocks.children.insert(min(places), banner)
