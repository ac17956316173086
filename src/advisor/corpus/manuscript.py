"""What the reader of one format hands over: Markdown, and what the format itself says about the document.

Knows neither the formats nor what becomes of it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manuscript:
    """Markdown as it came out of a file, before cleaning."""

    markdown: str
    title: str = ""  # "" where the format has no place for one
    url: str | None = None
    page_lines: tuple[int, ...] = ()  # 0-based line of `markdown` at which each page begins
    repairs: tuple[str, ...] = ()
