"""The careers of an index by family, each with its summary line and the short name that an address carries.

Reads the front matter of the careers' pages. Knows nothing of web pages.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from advisor.career.careers import Career
from advisor.corpus.metadata import FrontMatter, front_matter_lines, read_front_matter
from advisor.errors import UsageError
from advisor.records import Document
from advisor.text import normalise

OTHER = "Other careers"


@dataclass(frozen=True, slots=True)
class Listed:
    """A career as a list shows it; `summary` is empty where its page has none."""

    name: str
    short_name: str
    summary: str


@dataclass(frozen=True, slots=True)
class Family:
    """Careers that belong together, by name."""

    name: str
    careers: tuple[Listed, ...]


def short_name(career: str) -> str:
    """The name as an address carries it: "AI/ML engineer" is "ai-ml-engineer"."""
    return re.sub(r"[^a-z0-9]+", "-", normalise(career)).strip("-")


def career_of_address(given: str, careers: Sequence[Career]) -> Career:
    """The career with this short name, else the one with that very name or alias; raises UsageError."""
    wanted = short_name(given)
    for career in careers:
        if wanted == short_name(career.name):
            return career
    for career in careers:
        if wanted in map(short_name, career.names):
            return career
    raise UsageError(f"there is no career {given!r} in the index; choose one of the list")


def families_of(documents: Iterable[Document]) -> tuple[Family, ...]:
    """All careers by family and name; those whose page names no family come last.

    Of several pages of one career the one that is titled like it speaks for it, else the first.
    """
    pages: dict[str, list[Document]] = {}
    for document in documents:
        if document.role:
            pages.setdefault(document.role, []).append(document)
    found: dict[str, list[Listed]] = {}
    for role, own in pages.items():
        front = front_of(next((page for page in own if normalise(page.title) == normalise(role)), own[0]))
        found.setdefault(front.family or OTHER, []).append(Listed(role, short_name(role), front.summary))
    names = sorted(found, key=lambda name: (name == OTHER, name.casefold()))
    return tuple(Family(name, tuple(sorted(found[name], key=lambda one: one.name.casefold()))) for name in names)


def summary_of(career: Career) -> str:
    """What the career's page says of itself in one line, "" where it says nothing."""
    return front_of(career.document).summary


def front_of(document: Document) -> FrontMatter:
    """What the page's front matter says."""
    lines = document.text.split("\n")
    return read_front_matter(lines[: front_matter_lines(lines)])
