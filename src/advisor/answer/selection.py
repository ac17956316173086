"""What was selected for an answer: pieces of evidence, grouped, in a shape. Knows nothing of how they are chosen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from advisor.records import Snippet

LONGEST_WORDED = 8  # pieces; beyond this a small model loses some, and reading them aloud would be no answer
_T = TypeVar("_T")


class Shape(StrEnum):
    """How the pieces of a selection belong together."""

    SENTENCES = "sentences"  # one after another
    LIST = "list"
    STEPS = "steps"  # a list whose order matters
    DIFFERENCE = "difference"  # sources that disagree
    TABLE = "table"  # a group is a cell: its lead names the column, its row the row


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces under one lead line; the lead is "" where none is needed. In a table: the cell of a column and a row."""

    lead: str
    snippets: tuple[Snippet, ...]
    row: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The evidence for one answer, shaped."""

    shape: Shape
    groups: tuple[Group, ...]

    @property
    def is_wordable(self) -> bool:
        """Whether wording can better it: a list or a table is best left as it is, with the line that introduces it."""
        return self.shape is Shape.SENTENCES and len(self.snippets) <= LONGEST_WORDED

    @property
    def snippets(self) -> tuple[Snippet, ...]:
        """All pieces in order."""
        return tuple(snippet for group in self.groups for snippet in group.snippets)


def only(selection: Selection, holds: Callable[[Snippet], bool]) -> Selection | None:
    """The selection without the pieces that do not hold; None where none is left."""
    groups = [
        replace(group, snippets=tuple(piece for piece in group.snippets if holds(piece))) for group in selection.groups
    ]
    is_table = selection.shape is Shape.TABLE  # an empty cell says something too
    kept = tuple(group for group in groups if group.snippets or is_table)
    return Selection(selection.shape, kept) if any(group.snippets for group in kept) else None


def distinct(found: Iterable[_T], *, key: Callable[[_T], str]) -> list[_T]:
    """The things whose key was not seen before, in order."""
    first: dict[str, _T] = {}
    for thing in found:
        first.setdefault(key(thing), thing)
    return list(first.values())
