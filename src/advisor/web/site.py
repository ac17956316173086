"""All pages of the web interface: asking first, then plan, roadmaps, comparison and what there is to know.

Owns their addresses and the queue they share, which other programs join by `/ask` alone. Knows nothing of what a page
shows.
"""

from collections.abc import Callable
from functools import partial

import gradio as gr
from gradio.components import Navbar

from advisor.web.about_page import add_about_page
from advisor.web.access import may_maintain
from advisor.web.banner import add_banner
from advisor.web.compare_page import add_compare_page
from advisor.web.downloads import Downloads
from advisor.web.health import Checkup
from advisor.web.maintain_page import add_maintain_page
from advisor.web.page import ASKED_AT_ONCE, Page, build_page
from advisor.web.plan_page import add_plan_page
from advisor.web.programs import add_ask_endpoint
from advisor.web.roadmap_page import add_roadmap_page
from advisor.web.sidebar import fill_sidebar
from advisor.web.talk import Answering
from advisor.web.upkeep import Upkeep

_WAITING = 64
MAINTAIN = "Maintain"


def build_site(
    advisor: Answering, downloads: Downloads, upkeep: Upkeep | None = None, checkup: Checkup | None = None
) -> gr.Blocks:
    """Every page for this advisor, not yet served; each has an address of its own and links to the others.

    Without `upkeep` the page of maintenance says that it can do nothing, and no page leads to it. With a `checkup`
    every page tells what is amiss.
    """
    asking: list[Page] = []

    def fill(page: Page, blocks: gr.Blocks) -> None:
        asking.append(page)
        fill_sidebar(page, blocks, downloads=downloads)

    blocks = build_page(advisor, fill)
    pages: dict[str, Callable[[], None]] = {
        "Plan": partial(add_plan_page, advisor, downloads, blocks),
        "Roadmaps": partial(add_roadmap_page, advisor, blocks),
        "Compare": partial(add_compare_page, advisor, blocks),
        "About": partial(add_about_page, advisor, blocks),
        MAINTAIN: partial(add_maintain_page, upkeep, blocks),
    }
    with blocks:
        _link_to_maintenance(blocks, upkeep)
        add_ask_endpoint(advisor)
        if checkup is not None:
            add_banner(blocks, checkup, asking[0].parts.past)  # which changes with every answer that is kept
    for name, add in pages.items():
        with blocks.route(name, name.lower(), show_in_navbar=name != MAINTAIN):
            add()
            _link_to_maintenance(blocks, upkeep)
            if checkup is not None:
                add_banner(blocks, checkup)
    _close_all_but_ask(blocks)
    blocks.queue(default_concurrency_limit=ASKED_AT_ONCE, max_size=_WAITING, api_open=False)
    return blocks


def _close_all_but_ask(blocks: gr.Blocks) -> None:
    """No client library may call an event of a page: Gradio leaves those of parts that draw themselves anew open."""
    for event in blocks.fns.values():
        if event.api_visibility != "public":
            event.api_visibility = "private"


def _link_to_maintenance(blocks: gr.Blocks, upkeep: Upkeep | None) -> None:
    """Add the link to maintenance to the page whose Blocks are open, for those who may use it."""
    if upkeep is None:
        return
    links = next(one for one in blocks.blocks.values() if isinstance(one, Navbar) and one.page == blocks.current_page)

    def link(request: gr.Request) -> Navbar:
        return Navbar(value=[(MAINTAIN, MAINTAIN.lower())] if may_maintain(request) else [])

    blocks.load(link, None, links, queue=False, show_progress="hidden", api_visibility="private")
