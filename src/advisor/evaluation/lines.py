"""The lines of a Markdown passage, each under what it stands under, and what belongs to one thing of it.

Knows nothing of statements, or of what bears them out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from advisor.text import normalise, sentences

_LINK = re.compile(r"\[([^\]\[]*)\]\([^)]*\)")
_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<text>.+)$")
_ITEM = re.compile(r"^(?P<indent>\s*)(?:[-*+•]|\d{1,2}[.)])\s+(?P<text>.+)$")
_RULE = re.compile(r"^\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?\s*$")
_PARAGRAPH, _COLUMNS, _LISTED = 10, 11, 12  # depths, below six levels of headings


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, list item or table row in its own words, and what it stands under, outermost first."""

    own: str
    above: tuple[str, ...] = ()

    @property
    def reading(self) -> str:
        """The line as it reads with what it stands under."""
        return ": ".join([*self.above, self.own])


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of Markdown: how deep it stands, whether others stand under it, and whether it says something itself."""

    depth: int
    text: str
    heads: bool
    says: bool


def lines_under_headings(passage_text: str) -> tuple[Line, ...]:
    """The lines of a Markdown passage in order, each under its headings, lead ("Three ways:"), item or column names.

    Headings and column names are no lines of their own, unless the passage has nothing else. Marks are gone, links
    keep their text.
    """
    above: list[_Row] = []
    found: list[Line] = []
    rows = list(_rows([row for row in passage_text.splitlines() if row.strip()]))
    for row in rows:
        above = [one for one in above if one.depth < row.depth]
        if row.says:
            found.append(Line(row.text, tuple(one.text for one in above)))
        if row.heads:
            above.append(row)
    return tuple(found or (Line(row.text) for row in rows))


def tells_of_one_thing(statement: str, lines: Sequence[Line]) -> bool:
    """Whether all that a statement lists is said of one thing: an item with the lines under it, or a table's row.

    In which column of the row a cell stands is not looked at, nor in which order the lines are told.
    """
    said = _pieces(statement)
    return any(said <= _told(line, lines) for line in lines)


def _told(line: Line, lines: Sequence[Line]) -> set[str]:
    """What is said of a line's thing: where it stands, the line itself, and the lines right under it."""
    under = (other.own for other in lines if other.above == (*line.above, line.own))
    return _pieces(*line.above, line.own, *under)


_BETWEEN_PIECES = re.compile(r"[:;,|] |\.$")


def _pieces(*texts: str) -> set[str]:
    return {piece.strip() for text in texts for piece in _BETWEEN_PIECES.split(normalise(text)) if piece.strip()}


def _rows(rows: Sequence[str]) -> Iterator[_Row]:
    for row, after in pairwise([*rows, ""]):
        if _RULE.match(row):
            continue
        if heading := _HEADING.match(row):
            yield _Row(len(heading["marks"]), _plain(heading["text"]), heads=True, says=False)
        elif item := _ITEM.match(row):
            yield _Row(_LISTED + len(item["indent"]), _plain(item["text"]), heads=True, says=True)
        elif row.lstrip().startswith("|"):
            names_columns = bool(_RULE.match(after))
            cells = ", ".join(cell.strip() for cell in _plain(row).strip("| ").split("|"))
            yield _Row(_COLUMNS if names_columns else _LISTED, cells, heads=names_columns, says=not names_columns)
        else:
            for sentence in sentences(_plain(row)):
                leads = sentence.endswith(":")
                yield _Row(_PARAGRAPH, sentence.removesuffix(":"), heads=leads, says=True)


def _plain(line: str) -> str:
    return re.sub(r"\*{1,3}|`|(?<!\w)_|_(?!\w)", "", _LINK.sub(r"\1", line)).strip()
