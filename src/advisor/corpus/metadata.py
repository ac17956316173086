"""Front matter: where it ends, and what it says about a document. Knows nothing of the text below it.

Read with every value as a string (no dates, no numbers, no tags), with a bound on size and depth and without
aliases, so that no document can make reading it expensive.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml

from advisor.records import Source
from advisor.text import visible

_LARGEST_BYTES = 32 * 1024
_DEEPEST = 12
_FENCE = re.compile(r"^---\s*$")
_CLOSING = re.compile(r"^(?:---|\.\.\.)\s*$")
_ENTRY = re.compile(r"""^["']?[A-Za-z_][\w .-]*["']?\s*:(?:\s|$)""")
_LINK = re.compile(
    r"^\[(?P<title>[^\]]+)\]\((?P<url>[^)\s]+)\)$|^(?P<words>.*?)[\s<(]*(?P<bare>https?://[^\s<>)]+)[>)]?$"
)
_PLACEHOLDERS = frozenset(
    "google.com example.com example.org example.net localhost yourdomain.com yoursite.com".split()
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter says; empty where there is none or it cannot be read, `note` then says why."""

    title: str = ""
    role: str | None = None
    aliases: tuple[str, ...] = ()
    url: str | None = None
    sources: tuple[Source, ...] = ()
    last_verified: str | None = None
    family: str | None = None
    summary: str = ""
    licence: str = ""
    note: str = ""


class _TooMuch(yaml.YAMLError):
    """Front matter that is larger, deeper or more tangled than front matter needs to be."""


def front_matter_lines(lines: Sequence[str]) -> int:
    """The number of lines at the top that are front matter, both fences included; 0 where there is none."""
    if not lines or not _FENCE.match(lines[0]):
        return 0
    end = next((at for at, line in enumerate(lines[1:], 1) if _CLOSING.match(line)), 0)
    first = next((line for line in lines[1:end] if line.strip() and not line.startswith("#")), "")
    blank = end and not any(line.strip() for line in lines[1:end])
    return end + 1 if blank or _ENTRY.match(first) else 0


def read_front_matter(lines: Sequence[str]) -> FrontMatter:
    """What the front matter's lines (with fences) say; never raises, see `FrontMatter.note`."""
    if not lines:
        return FrontMatter()
    try:
        found = _load("\n".join(lines[1:-1]))
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        return FrontMatter(note=f"front matter left unread, it is not usable YAML: {reason[:200]}")
    if not isinstance(found, dict):
        return FrontMatter(note="front matter left unread, it is not a list of `key: value` lines" if found else "")
    return FrontMatter(
        title=_words(found.get("title")),
        role=_words(found.get("role")) or None,
        aliases=_aliases(found.get("aliases")),
        url=_page_address(found.get("url")) or _page_address(found.get("canonical")),
        sources=_sources(found.get("sources")),
        last_verified=_words(found.get("last_verified")) or None,
        family=_words(found.get("family")) or None,
        summary=_words(found.get("summary")),
        licence=_words(found.get("licence")),
    )


def _load(block: str) -> Any:
    """The front matter as strings, lists and dicts; raises yaml.YAMLError."""
    from frontmatter.default_handlers import YAMLHandler

    size_bytes = len(block.encode("utf-8", "replace"))
    if size_bytes > _LARGEST_BYTES:
        raise _TooMuch(f"{size_bytes} bytes are more than the {_LARGEST_BYTES} allowed")
    depth = 0
    for event in yaml.parse(block, Loader=yaml.SafeLoader):
        if getattr(event, "anchor", None) is not None:
            raise _TooMuch("anchors and aliases are not allowed")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _TooMuch(f"nested more than {_DEEPEST} deep")
    return YAMLHandler().load(block, Loader=yaml.BaseLoader)


def _words(value: Any) -> str:
    return " ".join(visible(value).split()) if isinstance(value, str) else ""


def _aliases(value: Any) -> tuple[str, ...]:
    found = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(filter(None, map(_words, found))))


def web_address(value: Any) -> str | None:
    """The address where it is one of the web and no template's stand-in, else None."""
    address = _words(value)
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # an unclosed bracket in the host
        return None
    real = parts.scheme in ("http", "https") and "." in host and " " not in address
    return address if real and not (host in _PLACEHOLDERS and parts.path in ("", "/")) else None


def _page_address(value: Any) -> str | None:
    address = web_address(value)
    host = urlsplit(address).hostname or "" if address else ""
    return None if host.removeprefix("www.").startswith("example.") else address


def _sources(value: Any) -> tuple[Source, ...]:
    found = value if isinstance(value, list) else [value]
    return tuple(source for entry in found if (source := _source(entry)))


def _source(entry: Any) -> Source | None:
    if isinstance(entry, dict):
        url = web_address(entry.get("url")) or web_address(entry.get("link"))
        title = _words(entry.get("title")) or _words(entry.get("name")) or url or ""
        return Source(title, url) if title else None
    words = _words(entry)
    link = _LINK.match(words)
    if link:
        url = web_address(link["url"] or link["bare"])
        return Source((link["title"] or link["words"] or "").strip(" :,-–—(<") or url or words, url)
    return Source(words) if words else None
