"""All pages of the web interface: asking first, then plan, comparison and what there is to know about the adviser.

Owns their addresses and the queue they share. Knows nothing of what a page shows.
"""

import gradio as gr

from advisor.web.about_page import add_about_page
from advisor.web.compare_page import add_compare_page
from advisor.web.downloads import Downloads
from advisor.web.page import ASKED_AT_ONCE, build_page
from advisor.web.plan_page import add_plan_page
from advisor.web.talk import Answering

_WAITING = 64


def build_site(advisor: Answering, downloads: Downloads) -> gr.Blocks:
    """Every page for this advisor, not yet served; each has an address of its own and links to the others."""
    blocks = build_page(advisor)
    with blocks.route("Plan", "plan"):
        add_plan_page(advisor, downloads, blocks)
    with blocks.route("Compare", "compare"):
        add_compare_page(advisor, blocks)
    with blocks.route("About", "about"):
        add_about_page(advisor, blocks)
    blocks.queue(default_concurrency_limit=ASKED_AT_ONCE, max_size=_WAITING, api_open=False)
    return blocks
