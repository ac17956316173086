"""The items of a page: courses, books, projects and certificates with what the labels below them state.

An item is a line or heading with labelled facts ("Duration: 6 weeks") below it, or with a time of its own. Knows which
labels there are; nothing of phases, skills or other pages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from advisor.corpus.measures import (
    Cost,
    Effort,
    Hours,
    Length,
    hours_of,
    is_unknown,
    is_without_end,
    read_cost,
    read_date,
    read_effort,
    read_length,
)
from advisor.corpus.outline import Kind, Node, Outline
from advisor.corpus.quantities import durations
from advisor.corpus.timed import SAID_BY, Timed, name_of
from advisor.text import normalise


class ItemKind(StrEnum):
    """What an item is."""

    COURSE = "course"
    BOOK = "book"
    TUTORIAL = "tutorial"
    DOCUMENTATION = "documentation"
    VIDEO = "video"
    PROJECT = "project"
    CERTIFICATE = "certificate"


class CertificateState(StrEnum):
    """Whether a certificate can still be earned."""

    ACTIVE = "active"
    RETIRED = "retired"
    REPLACED = "replaced"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets into `Document.text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Status:
    """What a page says of a certificate's state, and since when."""

    state: CertificateState
    words: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A course, book, project or other thing to do. A field that the page does not state is None or empty."""

    name: str
    span: Span
    kind: ItemKind | None = None
    provider: str | None = None
    url: str | None = None
    length: Length | None = None
    effort: Effort | None = None
    level: str | None = None
    cost: Cost | None = None
    prerequisites: str = ""  # as the page words them; `prerequisite_names` takes them apart
    topics: tuple[str, ...] = ()
    outcomes: str = ""
    labels: frozenset[str] = frozenset()  # what the page speaks of at all, also to say "not stated"

    @property
    def hours(self) -> Hours | None:
        """The hours of work where the page says enough to know them."""
        return hours_of(self.length, self.effort)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its state. `checked` is the month its source was seen; without one, the page's own date."""

    item: Item
    status: Status | None
    successors: tuple[str, ...] = ()
    validity: str | None = None
    checked: date | None = None
    state_span: Span | None = None  # the lines of its status and successors


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A value that should be a fact and could not be read."""

    label: str
    words: str
    span: Span


# --- what labels mean -----------------------------------------------------------------------------

LABELS: dict[str, str] = {
    spelling: name
    for name, spellings in {
        "kind": "kind, type",
        "duration": "duration, length, time, estimated time, takes, time needed, time required",
        "effort": "effort, weekly effort, pace, hours per week, time commitment, commitment, workload",
        "level": "level, difficulty",
        "cost": "cost, costs, price, fee, exam fee, exam cost",
        "link": "link, url, website, link in the roadmap",
        "provider": "provider, platform, offered by, institution, instructor, publisher, author",
        "prerequisites": "prerequisites, prerequisite, requires, requirements",
        "topics": "topics, teaches, covers, focus, skills",
        "outcomes": "outcomes, outcome, projects, project",
        "status": "status",
        "successor": "successor, replaced by",
        "validity": "validity, valid for",
        "checked": "checked, last checked",
    }.items()
    for spelling in spellings.split(", ")
}
_TELLING = frozenset({"kind", "duration", "effort", "cost", "link", "provider", "status", "validity"})
KIND_PREFIX = re.compile(
    r"^(?P<kind>course|book|tutorial|video|docs|documentation|project|hands-on lab|certificate|article|guide):\s+",
    re.IGNORECASE,
)
_KINDS = {
    "docs": ItemKind.DOCUMENTATION, "hands-on lab": ItemKind.TUTORIAL, "article": ItemKind.TUTORIAL,
    "guide": ItemKind.TUTORIAL, "certification": ItemKind.CERTIFICATE, "specialization": ItemKind.COURSE,
    "reference": ItemKind.DOCUMENTATION, "videos": ItemKind.VIDEO, "exam": ItemKind.CERTIFICATE,
} | {kind.value: kind for kind in ItemKind}  # fmt: skip
_BOLD_NAME = re.compile(r"^(?:\*\*|__)(?P<name>.+?)(?:\*\*|__)")
_PROVIDER = re.compile(r"^\s*,?\s*(?:by|on|from)\s+(?P<provider>[^(,;–—:]{2,80})")
_LABEL_AHEAD = re.compile(r"^\s*:\s|^(?<=:)")  # "**Course**: [Redis](…)": what is bold is no name
_BRACKET = re.compile(r"\s*\([^()]*\)")
_TRAILING_LINK = re.compile(r"\s*\[[^\]]*\]$")
_BY_PERSON = re.compile(r"^(?P<name>.+) by (?P<person>(?:[A-Z][\w.'-]+ ?){1,4})$")
_ACTIVE = re.compile(r"^(?:active|offered|available|current|open)\b", re.I)
_RETIRED = re.compile(r"^(?:retired|closed|discontinued|withdrawn|ended|expired|no longer)\b", re.I)
_STATE_IN_NAME = re.compile(r"\s*\((?:closed|retired|discontinued|replaced|no longer)\b[^)]*\)$", re.I)
_REPLACED = re.compile(r"^(?:replaced|renamed|superseded)\b(?:\s+(?:by|as|to)\s+(?P<by>[^;(]+))?", re.I)


# --- reading --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Thing:
    """A node with what the labels below it, and its own words, say of it."""

    node: Node
    values: dict[str, list[Node]] = field(default_factory=dict)
    times: list[Timed] = field(default_factory=list)

    def first(self, name: str) -> str:
        """The first value under this label, "" where there is none."""
        return self.values[name][0].value if name in self.values else ""


def find_things(outline: Outline, timed: Sequence[Timed]) -> list[Thing]:
    """The nodes that own labelled facts or a time, in reading order."""
    found: dict[int, Thing] = {}
    for node in outline.nodes[1:]:
        name = LABELS.get(normalise(node.label)) if node.value and node.kind is not Kind.ROW else None
        owner = outline.nodes[node.parent]
        if name and owner.kind is not Kind.ROOT:
            found.setdefault(owner.index, Thing(owner)).values.setdefault(name, []).append(node)
    things = {index: thing for index, thing in found.items() if _TELLING & thing.values.keys()}
    for time in timed:
        if time.owner.index not in things and not _is_thing_of_its_own(time):
            continue
        things.setdefault(time.owner.index, Thing(time.owner)).times.append(time)
    return [things[index] for index in sorted(things) if not _is_label(outline, outline.nodes[index], things)]


def _is_thing_of_its_own(time: Timed) -> bool:
    """Whether a time without labels beside it makes an item: not who says what, not a clause of a sentence."""
    if time.node.kind is Kind.SENTENCE:
        return time.owner is time.node and len(time.name.split()) <= 8 and "," not in time.name
    column = time.node.cells[0].partition(": ")[0] if time.node.cells else ""
    return normalise(column) not in SAID_BY and (time.owner is time.node or time.node.kind is Kind.ITEM)


def _is_label(outline: Outline, node: Node, things: dict[int, Thing]) -> bool:
    """Whether a node is itself only a labelled fact of a thing above it."""
    return bool(node.value) and LABELS.get(normalise(node.label)) is not None and node.parent in things


def read_item(outline: Outline, thing: Thing) -> Item:
    """The thing as an item; what its labels do not say stays None."""
    node = thing.node
    named = _named(outline, thing)
    timing = thing.first("duration"), thing.first("effort")
    length = read_length(timing[0]) or next((time.length for time in thing.times if time.length), None)
    effort = read_effort(" ".join(timing)) or next((time.effort for time in thing.times if time.effort), None)
    if effort is None and timing[1] and not is_unknown(timing[1]):
        effort = read_effort(f"{timing[1]} per week")
    links = [*node.links, *(link for label in thing.values.get("link", ()) for link in label.links)]
    return Item(
        name=named.name,
        span=span_of(outline, node),
        kind=_KINDS.get(normalise(thing.first("kind"))) or named.kind,
        provider=_stated(thing.first("provider")) or named.provider,
        url=links[0].url if links else _stated(thing.first("link")),
        length=length,
        effort=effort,
        level=_stated(thing.first("level")),
        cost=read_cost(thing.first("cost")) if "cost" in thing.values else None,
        prerequisites=_stated(thing.first("prerequisites")) or "",
        topics=tuple(filter(None, (topic.strip() for topic in thing.first("topics").split(",")))),
        outcomes=thing.first("outcomes"),
        labels=frozenset(thing.values) | ({"duration"} if length else set()) | ({"link"} if links else set()),
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """What the line that opens an item says."""

    name: str
    kind: ItemKind | None
    provider: str | None


def _named(outline: Outline, thing: Thing) -> _Named:
    """Name, kind and provider in the line that opens the thing: bold or linked words, else what the line names."""
    node, prefix = thing.node, KIND_PREFIX.match(thing.node.text)
    kind = _KINDS.get(prefix["kind"].lower()) if prefix else None
    timed = next((time.name for time in thing.times if time.owner is node), "")
    bold = _BOLD_NAME.match(outline.quote(node)) if node.kind is Kind.ITEM else None
    words = _unlinked(bold["name"]) if bold else ""
    if words and node.text.startswith(words) and not _LABEL_AHEAD.match(node.text[len(words) :]):
        said_by = _PROVIDER.match(node.text[len(words) :])
        return _Named(_without_time(words), kind, said_by["provider"].strip(" .") if said_by else None)
    if node.kind is Kind.ITEM and node.links and node.links[0].words in node.text:
        return _Named(_without_time(node.links[0].words), kind, None)
    name = KIND_PREFIX.sub("", _TRAILING_LINK.sub("", timed or name_of(outline, node)))
    by = _BY_PERSON.match(name)
    return _Named(by["name"], kind, by["person"]) if by else _Named(_without_time(name), kind, None)


def _unlinked(markdown: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).strip()


def _without_time(name: str) -> str:
    """A name without the brackets that state a time, and without the colon behind it."""
    return _BRACKET.sub(lambda inside: "" if _states_time(inside.group()) else inside.group(), name).rstrip(": ")


def _states_time(words: str) -> bool:
    return bool(durations(words) or read_effort(words))


def read_certificate(item: Item, thing: Thing) -> Certificate:
    """The same item as a certificate, with what its labels say of its state."""
    return Certificate(
        item=replace(item, name=_STATE_IN_NAME.sub("", item.name), kind=ItemKind.CERTIFICATE),
        status=read_status(thing.first("status")) if "status" in thing.values else None,
        successors=tuple(node.value for node in thing.values.get("successor", ())),
        validity=_stated(thing.first("validity")),
        checked=read_date(thing.first("checked")),
        state_span=_span_of_lines([*thing.values.get("status", ()), *thing.values.get("successor", ())]),
    )


def _span_of_lines(lines: Sequence[Node]) -> Span | None:
    return Span(min(line.start for line in lines), max(line.end for line in lines)) if lines else None


def read_status(words: str) -> Status | None:
    """The state a status line tells; None where it tells none that is known."""
    since = read_date(words)
    if _ACTIVE.match(words):
        return Status(CertificateState.ACTIVE, words)
    if _RETIRED.match(words):
        return Status(CertificateState.RETIRED, words, since)
    if _REPLACED.match(words):
        return Status(CertificateState.REPLACED, words, since)
    if normalise(words).startswith(("not checked", "unknown")):
        return Status(CertificateState.NOT_CHECKED, words)
    return None


def unparsed_of(thing: Thing) -> Iterator[Unparsed]:
    """Values under labels of the format that hold nothing the label promises."""
    for name, reads in (("cost", read_cost), ("status", read_status), ("checked", read_date)):
        for node in thing.values.get(name, ()):
            if not is_unknown(node.value) and reads(node.value) is None:
                yield Unparsed(name, node.value, Span(node.start, node.end))
    for node in thing.values.get("kind", ()):
        if normalise(node.value) not in _KINDS:
            yield Unparsed("kind", node.value, Span(node.start, node.end))


def _stated(value: str) -> str | None:
    return None if is_unknown(value) or is_without_end(value) else value


def span_of(outline: Outline, node: Node) -> Span:
    """The node with all its own facts; of a heading the heading alone, its section has many things."""
    if node.kind is Kind.HEADING:
        return Span(node.start, node.end)
    last = max((below.end for below in outline.descendants(node)), default=node.end)
    return Span(node.start, max(node.end, last))
