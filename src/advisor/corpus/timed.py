"""What takes how long, in any document: the thing, its length and the weekly effort, each with the words that say so.

Works on pages that nobody here wrote: "Duration: 4 weeks" bullets, tables of duration and effort, "Python (8 weeks)",
"takes 2 months at 10 hours per week". Says what looked like a length and could not be read. Computes nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from advisor.corpus.cells import AMOUNT
from advisor.corpus.measures import (
    Effort,
    Length,
    is_unknown,
    is_without_end,
    read_effort,
    read_length,
)
from advisor.corpus.outline import Kind, Node, Outline
from advisor.corpus.quantities import durations, without_durations
from advisor.text import normalise

TIME_LABEL = re.compile(
    r"^(?:(?:estimated |approximate |total |expected |course |study |typical )*"
    r"(?:duration|length|time(?:line|frame)?(?: (?:needed|required|commitment|to complete|estimate))?|completion time)"
    r"|takes|how long|time spent)(?:\s*\(.*\))?$",
    re.IGNORECASE,
)
EFFORT_LABEL = re.compile(
    r"^(?:(?:weekly |estimated )?(?:effort|pace|workload|commitment)|(?:hours|time) per week|hours/week|study time)"
    r"(?:\s*\(.*\))?$",
    re.IGNORECASE,
)
_UNIT_COLUMN = re.compile(
    r"^(?:.*\((?P<unit>hours?|hrs?|weeks?|months?|days?)\)|(?:total |study |estimated )?(?P<bare>hours|months|hrs))$",
    re.IGNORECASE,
)
_NAME_COLUMN = re.compile(
    r"\b(?:courses?|modules?|topics?|plans?|phases?|stages?|steps?|books?|projects?|items?|resources?|subjects?|names?"
    r"|titles?|skills?)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"^(?:phase|step|stage|part|level|week|month|module|chapter|tier|block|semester)?\s*\d{1,2}$", re.I
)
_TAKES = re.compile(
    r"^(?P<name>.{2,90}?)\s+(?:(?:should|will|can|may|might|would|usually|typically|often|generally|normally)\s+)*"
    r"(?:takes?|lasts?|needs?|requires?|runs?|spans?|is|are|be (?:done|finished|completed)(?: in)?)\s+"
    r"(?:(?:designed|estimated|expected|planned|meant)\s+(?:to (?:be|take|last)|at)\s+)?"
    r"(?:you |me |most people |anywhere |from |between |for |in |a total of |an estimated )*$",
    re.IGNORECASE,
)
_SPEND = re.compile(r"\b(?:spend|allow|allocate|plan|budget|reserve|set aside|dedicate)\b.{0,25}$", re.IGNORECASE)
_ON = re.compile(r"^\s*(?:at\s[^,.;]*?\s)?(?:on|for|to|learning|studying)\s+(?P<name>[^,.;:()]{2,60})", re.IGNORECASE)
_NAMELESS = re.compile(
    r"^(?:(?:it|this|that)\s+)?(?:(?:will|should|can|usually|typically|about|around|approximately"
    r"|approx\.?|roughly|up to)\s+|(?:takes?|lasts?|needs?|requires?|runs? for)\s+|~\s*)*$",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"^(?:daily|weekly|monthly|every|each|per)\b", re.IGNORECASE)  # a habit, no length
_PAGE_NUMBER = re.compile(r"\)\s+\d{1,3}$")
_PRONOUN = re.compile(
    r"^(?:.*\bthat )?(?:it|this|that|they|these|the (?:course|phase|step|program(?:me)?|track|path|whole thing))$", re.I
)
_ARTICLE = re.compile(r"^(?:the|this|a|an)\s+", re.IGNORECASE)
_TITLE = re.compile(r"\d+\+?[ -][A-Z][a-z]+ of (?!study|work|effort|learning)")  # "100 Days of Code"
_EDGE = " \t,;:.–—-|()[]*_~≈"
SAID_BY = frozenset({"source", "roadmap", "said by", "according to", "named by"})  # columns of who says what
_LEADING_NUMBER = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*[.)]?\s+(?=\D))")
_MOST_OTHER_WORDS = 4  # beside the length, in the value of "Name: 8 weeks of study"


@dataclass(frozen=True, slots=True)
class Timed:
    """One thing and how long it takes. `owner` is the node that names it, `node` the one that states the time."""

    name: str
    length: Length | None
    effort: Effort | None
    owner: Node
    node: Node


@dataclass(frozen=True, slots=True)
class Unread:
    """What looked like a length of time and is none that can be read."""

    node: Node
    words: str


@dataclass(frozen=True, slots=True)
class Times:
    """All that a document says of time, in reading order."""

    timed: tuple[Timed, ...]
    unread: tuple[Unread, ...]


def read_times(outline: Outline) -> Times:
    """Every thing with a length of time or an effort of its own; one per stating node."""
    timed: list[Timed] = []
    unread: list[Unread] = []
    for node in outline.nodes[1:]:
        for found in _read(outline, node):
            if isinstance(found, Timed):
                timed.append(found)
            else:
                unread.append(found)
    return Times(tuple(timed), tuple(unread))


def name_of(outline: Outline, node: Node) -> str:
    """What a node names, without its times, brackets of them, numbering and provider clause."""
    text = node.text if node.kind is Kind.HEADING else node.label
    timeless = text if _TITLE.match(text) else without_durations(text)
    return _tidy(timeless) or _tidy(text) or outline.document.title


def _read(outline: Outline, node: Node) -> Iterator[Timed | Unread]:
    if node.kind is Kind.ROW:
        yield from _of_row(node)
    elif node.value and (TIME_LABEL.match(node.label) or EFFORT_LABEL.match(node.label)):
        yield from _of_label(outline, node)
    elif node.kind is Kind.HEADING:
        yield from _of_heading(outline, node)
    else:
        yield from _of_line(outline, node)


def _of_label(outline: Outline, node: Node) -> Iterator[Timed | Unread]:
    """`Duration: 4 weeks` below the thing it belongs to."""
    length, effort = read_length(node.value), read_effort(node.value)
    owner = outline.nodes[node.parent]
    if length or effort:
        yield Timed(name_of(outline, owner), length, effort, owner, node)
    elif not is_unknown(node.value) and not is_without_end(node.value):
        yield Unread(node, node.value)


def _of_row(node: Node) -> Iterator[Timed | Unread]:
    """A table's row with a column of times, or a cell that is nothing but a time."""
    cells = [_Cell.of(text) for text in node.cells]
    length = next((time for cell in cells if (time := _row_length(cell))), None)
    effort = next((pace for cell in cells if (pace := _row_effort(cell))), None)
    name = _row_name(cells)
    if name and (length or effort):
        yield Timed(name, length, effort, node, node)
    elif name and normalise(cells[0].column) not in SAID_BY:
        for cell in cells:
            if TIME_LABEL.match(cell.column) and re.search(r"\d", cell.text):
                yield Unread(node, cell.text)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell of a row under its column."""

    column: str
    text: str

    @classmethod
    def of(cls, named: str) -> "_Cell":
        column, colon, text = named.partition(": ")
        return cls(column.strip(), text.strip()) if colon else cls("", named.strip())


def _row_length(cell: _Cell) -> Length | None:
    unit = _UNIT_COLUMN.match(cell.column)
    if unit and AMOUNT.fullmatch(cell.text) and not EFFORT_LABEL.match(cell.column):
        return read_length(f"{cell.text.lstrip('~ ')} {unit['unit'] or unit['bare']}")
    if TIME_LABEL.match(cell.column) or unit:
        return read_length(cell.text)
    return read_length(cell.text) if _is_only_time(cell.text) and not EFFORT_LABEL.match(cell.column) else None


def _row_effort(cell: _Cell) -> Effort | None:
    if EFFORT_LABEL.match(cell.column) and AMOUNT.fullmatch(cell.text):
        return read_effort(f"{cell.text} hours per week")
    return read_effort(cell.text)


def _row_name(cells: list[_Cell]) -> str:
    """The cell under a column of things to do, else the first one that is no number and no time."""
    named = [c for c in cells if not AMOUNT.fullmatch(c.text) and not _is_only_time(c.text) and not read_effort(c.text)]
    best = next((cell for cell in named if _NAME_COLUMN.search(cell.column)), next(iter(named), None))
    return _tidy(without_durations(best.text)) if best else ""


def _of_heading(outline: Outline, node: Node) -> Iterator[Timed]:
    """`Phase 1: Mathematics (4–5 months)`: only a time in brackets or at the end is the heading's own."""
    found = durations(node.text)
    if not found:
        return
    last = found[-1]
    rest = node.text[last.end :].strip()
    closed = rest.startswith((")", "]")) or not rest.strip(_EDGE)
    effort = read_effort(node.text)
    if closed or (effort and effort.words in rest):
        name = re.sub(r"\s+(?:in|for|over)$", "", _tidy(without_durations(node.text)))
        if name and not _is_position(node.text, last.start):
            yield Timed(_without_effort(name, effort), read_length(last.words), effort, node, node)


def _of_line(outline: Outline, node: Node) -> Iterator[Timed | Unread]:
    """`Python (8 weeks)`, `Python: 8 weeks`, `Python takes 8 weeks`, `spend 8 weeks on Python`."""
    found = durations(node.text)
    if not found or _REPEATED.match(node.text):
        return
    first = found[0]
    before, after = node.text[: first.start], node.text[first.end :]
    length, effort = read_length(node.text[first.start :]), read_effort(node.text)
    owner = outline.nodes[node.parent]
    takes = _TAKES.match(before)
    spend = _SPEND.search(before)
    on = _ON.match(after) if spend else None
    if on:
        yield Timed(_tidy(_ARTICLE.sub("", on["name"])), length, effort, node, node)
    elif _NAMELESS.match(before):
        if owner.index and (node.kind is Kind.ITEM or before.strip()) and not _is_called_so(outline, node):
            yield Timed(name_of(outline, owner), length, effort, owner, node)
    elif takes:
        name = _tidy(_ARTICLE.sub("", takes["name"]))
        if not _PRONOUN.match(takes["name"].strip()):
            yield Timed(name, length, effort, node, node)
        elif owner.index:
            yield Timed(name_of(outline, owner), length, effort, owner, node)
    elif (node.kind is Kind.ITEM or _is_lead(before, after)) and _is_own_time(node, before, after):
        name = _tidy(without_durations(before))
        if name:
            yield Timed(_without_effort(name, effort), length, effort, node, node)


def _is_called_so(outline: Outline, node: Node) -> bool:
    """Whether a line that opens with a time is a title, `100 Days of Code`, or states its own time below."""
    below = (outline.nodes[index] for index in node.children)
    return bool(_TITLE.match(node.text)) or any(one.value and TIME_LABEL.match(one.label) for one in below)


def _is_lead(before: str, after: str) -> bool:
    """Whether the line does nothing but name a thing and its time: `**Theory (20h)**:`, `Unit 3: SQL (40 hours) 8`."""
    return len(before.split()) <= 8 and not _PAGE_NUMBER.sub("", after).strip(_EDGE)


def _is_own_time(node: Node, before: str, after: str) -> bool:
    """Whether the time is the item's own: in brackets after a name, or nearly all that follows the name."""
    if before.rstrip().endswith(("(", "[")) and re.match(r"[^()\[\]]*[)\]]", after):
        return len(before.split()) <= 16
    if node.value:
        others = _tidy(without_durations(node.value))
        return len(others.split()) <= _MOST_OTHER_WORDS and len(node.label.split()) <= 12
    return before.rstrip().endswith((",", ":", "-", "–", "—", "~", "|")) and not without_durations(after).strip(_EDGE)


def _is_only_time(text: str) -> bool:
    return bool(durations(text)) and not _tidy(without_durations(text))


def _is_position(text: str, start: int) -> bool:
    """Whether "Week 3" or "first 2 weeks" says when, not how long."""
    return bool(re.search(r"\b(?:first|next|last|within|after|day)\s*$", text[:start], re.IGNORECASE))


def _without_effort(name: str, effort: Effort | None) -> str:
    return _tidy(name.replace(effort.words, " ").replace(" at ", " ")) if effort and effort.words in name else name


def _tidy(text: str) -> str:
    """A name without what hangs at its edges: brackets that hold nothing, marks, numbering."""
    text = re.sub(r"[(\[]\s*[~≈,;:–—-]*\s*[)\]]", " ", " ".join(text.split()))
    text = _LEADING_NUMBER.sub("", text.strip(" \t,;:.–—-|*_~≈"))
    if text.count("(") != text.count(")"):
        text = text.strip("()")
    return " ".join(text.split()).strip(" \t,;:–—-|*_~≈")
