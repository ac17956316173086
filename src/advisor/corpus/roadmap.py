"""The typed facts of a page: phases, items, certificates, skills, titles, each with the stretch of text it came from.

Reads the outline of a document and nothing else: the page is the single source. Pages of this corpus parse without
guessing (corpus/README.md says how they are written); on documents nobody here wrote it takes what is unmistakable and
says what it could not read. Ranges stay ranges, units stay units, and what a page does not state is None.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from advisor.corpus.items import (
    Certificate,
    Item,
    ItemKind,
    Span,
    Thing,
    Unparsed,
    find_things,
    read_certificate,
    read_item,
    span_of,
    unparsed_of,
)
from advisor.corpus.measures import Length
from advisor.corpus.outline import Kind, Node, Outline
from advisor.corpus.subjects import Subject, subject_of_heading
from advisor.corpus.timed import Unread, name_of, read_times
from advisor.text import normalise


@dataclass(frozen=True, slots=True)
class Phase:
    """A numbered part of a roadmap with what belongs to it; `number` is 0 for a foundation phase."""

    number: int | None
    name: str
    span: Span
    length: Length | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class SkillNeed:
    """A skill the role asks for, and what of it."""

    name: str
    detail: str
    is_essential: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Statement:
    """A line a page says on one of its standing subjects."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Everything typed that one page holds, in its order."""

    document: str
    title: str
    role: str | None
    phases: tuple[Phase, ...]
    items: tuple[Item, ...]  # all of them, those of the phases too; certificates are apart
    certificates: tuple[Certificate, ...]
    skills: tuple[SkillNeed, ...]
    statements: dict[Subject, tuple[Statement, ...]]
    unparsed: tuple[Unparsed, ...]


# --- what headings mean ---------------------------------------------------------------------------

_PHASE = re.compile(
    r"^(?:(?P<word>phase|stage|step|level|module|part|block|semester)\s+(?P<number>\d{1,2}|[ivx]{1,4})\b"
    r"|(?P<foundation>foundations? phase))(?P<of>\s+of\s+[^:]*)?",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
# --- reading --------------------------------------------------------------------------------------


def read_roadmap(outline: Outline) -> Roadmap:
    """The typed facts of one outlined document; a document without any gives empty tuples."""
    document = outline.document
    times = read_times(outline)
    things = find_things(outline, times.timed)
    unparsed = [_unread(unread) for unread in times.unread]
    items: list[Item] = []
    certificates: list[Certificate] = []
    owners: dict[int, Item] = {}
    for thing in things:
        item = read_item(outline, thing)
        unparsed.extend(unparsed_of(thing))
        if "status" in thing.values or item.kind is ItemKind.CERTIFICATE:
            certificates.append(read_certificate(item, thing))
        elif not _is_phase(thing.node) and not _repeats_a_phase(outline, thing.node, item):
            items.append(item)
            owners[thing.node.index] = item
    return Roadmap(
        document=document.key,
        title=document.title,
        role=document.role,
        phases=tuple(_phases(outline, things, owners)),
        items=tuple(items),
        certificates=tuple(certificates),
        skills=tuple(_skills(outline)),
        statements=_statements(outline),
        unparsed=tuple(sorted(unparsed, key=lambda one: one.span.start)),
    )


def _unread(unread: Unread) -> Unparsed:
    return Unparsed("duration", unread.words, Span(unread.node.start, unread.node.end))


# --- phases, skills, standing subjects ------------------------------------------------------------


def _is_phase(node: Node) -> bool:
    return node.kind is Kind.HEADING and bool(_PHASE.match(node.text))


def _repeats_a_phase(outline: Outline, node: Node, item: Item) -> bool:
    """Whether a table's row names nothing but a phase that has a heading of its own."""
    named = _PHASE.fullmatch(item.name) if node.kind is Kind.ROW else None
    return named is not None and any(
        _is_phase(other) and _phase_number(other.text) == _phase_number(item.name) for other in outline.nodes
    )


def _phases(outline: Outline, things: Sequence[Thing], items: dict[int, Item]) -> Iterator[Phase]:
    lengths = {thing.node.index: read_item(outline, thing).length for thing in things}
    for node in outline.nodes[1:]:
        if not _is_phase(node) or any(_is_phase(above) for above in outline.ancestors(node)):
            continue
        below = tuple(items[one.index] for one in outline.descendants(node) if one.index in items)
        length = lengths.get(node.index)
        if below or length:
            yield Phase(_phase_number(node.text), _phase_name(outline, node), span_of(outline, node), length, below)


def _phase_number(text: str) -> int | None:
    found = _PHASE.match(text)
    if found is None or found["foundation"]:
        return 0 if found else None
    number = found["number"].lower()
    return int(number) if number.isdigit() else _ROMAN.get(number)


def _phase_name(outline: Outline, node: Node) -> str:
    """The phase's own name: SQL, of `Phase 1 of the data engineer roadmap: SQL (2 months)`."""
    name = name_of(outline, node)
    found = _PHASE.match(name)
    rest = name[found.end() :].strip(" :–—-.") if found else name
    return rest or name


def _skills(outline: Outline) -> Iterator[SkillNeed]:
    for node in outline.nodes[1:]:
        subject = subject_of_heading(node.text) if node.kind is Kind.HEADING else None
        if subject not in {Subject.SKILLS, Subject.OPTIONAL_SKILLS}:
            continue
        for below in outline.descendants(node):
            if below.kind is Kind.ITEM and outline.nodes[below.parent].kind is not Kind.ITEM:
                yield SkillNeed(
                    below.label.rstrip("."), below.value, subject is Subject.SKILLS, Span(below.start, below.end)
                )


def _statements(outline: Outline) -> dict[Subject, tuple[Statement, ...]]:
    found: dict[Subject, tuple[Statement, ...]] = {}
    for node in outline.nodes[1:]:
        subject = subject_of_heading(node.text) if node.kind is Kind.HEADING else None
        if subject:
            lines = tuple(
                Statement(below.text, Span(below.start, below.end))
                for below in outline.descendants(node)
                if below.kind is not Kind.HEADING and not below.text.endswith(":")
            )
            found[subject] = (*found.get(subject, ()), *lines)
    return found


# --- prerequisites --------------------------------------------------------------------------------


def prerequisite_names(wording: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The names in "SQL, Databases, Relational and SQL": the longest known names first, whatever commas they hold.

    `known` are the names by their normal form. A part that is none of them comes back as it stands, so that the caller
    can say so.
    """
    parts = [part.strip() for part in re.split(r"[,;]", wording) if part.strip()]
    names: list[str] = []
    at = 0
    while at < len(parts):
        for end in range(len(parts), at, -1):
            name = known.get(normalise(", ".join(parts[at:end])))
            if name is not None or end == at + 1:
                names.append(name if name is not None else parts[at])
                at = end
                break
    return tuple(names)
