"""Whose things a browser may see: the name that it keeps and nobody can guess.

Knows nothing of what is kept under that name.
"""

import re
import secrets

import gradio as gr

from advisor.web.layout import TITLE

_NAME = re.compile(r"[A-Za-z0-9_-]{16,64}")


def lay_out_owner() -> gr.BrowserState:
    """The name of the browser's owner, the same on every page."""
    return gr.BrowserState("", storage_key="career-advisor-owner", secret=TITLE)


def is_owner(name: object) -> bool:
    """Whether a browser may use the name: it looks like one given out here, and not like the terminal's."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def owner_or_new(name: object) -> str:
    """The name that a browser keeps, or a new one where it keeps none."""
    return str(name) if is_owner(name) else secrets.token_urlsafe(24)
