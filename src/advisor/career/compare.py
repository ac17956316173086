"""Two to four careers field by field: short cells from their own pages, each with its evidence, silence said aloud.

A cell is the first sentence or the labels of a list. Knows nothing of tables, wording or learners.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from advisor.career.pages import Evidence, Need, Page, RolePages, Said, needs_of, row_words, said_on
from advisor.career.skills import same_skill
from advisor.corpus.items import Certificate, CertificateState, Item, ItemKind, Span
from advisor.corpus.measures import CostKind
from advisor.corpus.outline import Node
from advisor.corpus.subjects import Subject
from advisor.errors import UsageError
from advisor.text import normalise

FEWEST, MOST = 2, 4
_MOST_ITEMS, _MOST_ROWS, _MOST_CERTIFICATES = 3, 3, 4
_PAIR = 2  # cells of a row that says who and how long; longer rows are shown one by one


@dataclass(frozen=True, slots=True)
class Cell:
    """What the pages of one career say; `text` is "" where they are silent."""

    role: str
    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One field, a cell for each career."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The careers and the fields they are compared by, in the order of reading."""

    roles: tuple[str, ...]
    rows: tuple[Row, ...]


_Read = Callable[[RolePages], Cell]


def compare_roles(roles: Sequence[RolePages]) -> Comparison:
    """The careers side by side, in the order given; raises UsageError for fewer than two or more than four of them."""
    names = tuple(dict.fromkeys(role.name for role in roles))
    if not FEWEST <= len(names) <= MOST or len(names) < len(roles):
        raise UsageError(
            f"a comparison takes two to four different careers, not {', '.join(r.name for r in roles) or 'none'}; "
            'for example: advisor compare "data analyst" "data scientist"'
        )
    before: tuple[tuple[str, _Read], ...] = (
        ("What it is", _sentence(Subject.DEFINITION)),
        ("Daily work", _labels(Subject.DAILY_WORK, most=_MOST_ITEMS)),
        ("Time to become one", _time),
        ("Phases", _phases),
    )
    after: tuple[tuple[str, _Read], ...] = (
        ("Cost of the courses", _costs),
        ("Certificates", _certificates),
        ("First jobs", _labels(Subject.FIRST_JOBS)),
        ("Difficulty", _sentence(Subject.DIFFICULTY)),
        *((label, _profile(label)) for label in ("Interests", "Strengths", "Less suited")),
    )
    rows = [_row(name, read, roles) for name, read in before]
    rows += _skill_rows(roles)
    rows += [_row(name, read, roles) for name, read in after]
    return Comparison(tuple(role.name for role in roles), tuple(rows))


def _row(name: str, read: _Read, roles: Sequence[RolePages]) -> Row:
    return Row(name, tuple(read(role) for role in roles))


# --- sentences and lists --------------------------------------------------------------------------


def _sentence(subject: Subject) -> _Read:
    """The first sentence on a subject; where there is none, its list."""

    def read(role: RolePages) -> Cell:
        said = said_on(subject, role)
        if said is None or said.sentences:
            return _nodes(role, said, said.sentences[:1] if said else (), [])
        return _labels(subject)(role)

    return read


def _labels(subject: Subject, *, most: int | None = None) -> _Read:
    """The labels of the list on a subject; where there is none, its first sentence."""

    def read(role: RolePages) -> Cell:
        said = said_on(subject, role)
        if said is None or not said.items:
            return _nodes(role, said, said.sentences[:1] if said else (), [])
        shown = said.items[:most]
        rest = len(said.items) - len(shown)
        names = [node.label.rstrip(".") for node in shown]
        return _nodes(role, said, shown, [*names, f"and {rest} more"] if rest else names)

    return read


def _profile(label: str) -> _Read:
    """The line of this label among those on whom the career suits."""

    def read(role: RolePages) -> Cell:
        said = said_on(Subject.SUITS, role)
        lines = [node for node in said.items if normalise(node.label) == normalise(label)] if said else []
        cell = _nodes(role, said, said.items if said else (), [node.value for node in lines[:1]])
        return cell if lines else Cell(role.name, "", ())

    return read


def _nodes(role: RolePages, said: Said | None, nodes: Sequence[Node], parts: Sequence[str]) -> Cell:
    """A cell of these nodes; its text is the parts, or where none are given the words of the nodes."""
    if said is None or not nodes:
        return Cell(role.name, "", ())
    return Cell(role.name, "; ".join(parts or [node.text for node in nodes]), (said.page.evidence(*nodes),))


def _time(role: RolePages) -> Cell:
    """Who says how long, the first rows of the table; the first sentence where there is none, or before it."""
    said = said_on(Subject.TIME, role)
    if said is None:
        return Cell(role.name, "", ())
    lead = [node for node in said.sentences[:1] if not said.rows or node.start < said.rows[0].start]
    rows = said.rows[: _MOST_ROWS if all(len(row.cells) <= _PAIR for row in said.rows) else 1]
    parts = [node.text.rstrip(".") if rows else node.text for node in lead]
    parts += [row_words(row) for row in rows]
    if len(said.rows) > len(rows):
        parts.append(f"and {len(said.rows) - len(rows)} more")
    return _nodes(role, said, [*lead, *rows] or said.items[:1], parts)


# --- typed facts ----------------------------------------------------------------------------------


def _phases(role: RolePages) -> Cell:
    """Number and name of each phase, with its length where its own heading states one."""
    page = role.own
    parts = []
    for phase in page.roadmap.phases:
        heading = page.document.text[phase.span.start : phase.span.end]
        length = f" ({phase.length.words})" if phase.length and phase.length.words in heading else ""
        number = f"{phase.number} " if phase.number else ""
        parts.append(f"{number}{phase.name[:1].upper()}{phase.name[1:]}{length}")
    has_lengths = any(part.endswith(")") for part in parts)
    if parts and not has_lengths:
        parts.append("no lengths stated")
    return Cell(role.name, "; ".join(parts), _of_phases(role, has_lengths=has_lengths))


def _of_phases(role: RolePages, *, has_lengths: bool) -> tuple[Evidence, ...]:
    """The list of the phases where it holds all their names, else, and where they have lengths, their headings."""
    page, said = role.own, said_on(Subject.PATH, role)
    phases = page.roadmap.phases
    if said and said.page is page and said.items and not has_lengths:
        listed = " ".join(node.text for node in said.items)
        if all(phase.name in listed for phase in phases):
            return (page.evidence(*said.items),)
    return tuple(Evidence(page.document.key, phase.span) for phase in phases)


def _costs(role: RolePages) -> Cell:
    """How many courses and books of the roadmap are free, and which are not."""
    page = role.own
    items = [item for phase in page.roadmap.phases for item in phase.items if _is_study(item)]
    priced = [item for item in items if item.cost]
    if not priced:
        return Cell(role.name, "", ())
    free = sum(_is_free(item) for item in priced)
    audited = sum(item.cost is not None and item.cost.kind is CostKind.FREE_TO_AUDIT for item in priced)
    parts = [f"{'all' if 1 < free == len(items) else f'{free} of'} {len(items)} free"]
    if audited:
        parts[0] += " to audit" if audited == free else f", {audited} of them to audit"
    parts += [f"{item.name}: {item.cost.words}" for item in priced if item.cost and not _is_free(item)]
    if len(priced) < len(items):
        parts.append(f"{len(items) - len(priced)} without a stated cost")
    return Cell(role.name, "; ".join(parts), tuple(_stretches(page, items)))


def _is_study(item: Item) -> bool:
    """No project, and no bare heading of a block of others."""
    return item.kind is not ItemKind.PROJECT and bool(item.kind or item.cost or item.url or item.topics)


def _is_free(item: Item) -> bool:
    return item.cost is not None and item.cost.kind is not CostKind.PAID


def _stretches(page: Page, items: Sequence[Item]) -> Iterator[Evidence]:
    """The items of each phase as one stretch."""
    for phase in page.roadmap.phases:
        spans = [item.span for item in phase.items if item in items]
        if spans:
            whole = Span(min(span.start for span in spans), max(span.end for span in spans))
            yield Evidence(page.document.key, whole)


def _certificates(role: RolePages) -> Cell:
    """Each with its state and price, those that can be earned first; where none is listed, the first sentence."""
    found = [(page, one) for page in role.pages for one in page.roadmap.certificates]
    first = {normalise(one.item.name): (page, one) for page, one in reversed(found)}
    listed = sorted(reversed(first.values()), key=lambda pair: _has_ended(pair[1]))
    if not listed:
        return _sentence(Subject.CERTIFICATES)(role)
    shown = listed[:_MOST_CERTIFICATES]
    parts = [_certificate_words(one) for _, one in shown]
    if len(listed) > len(shown):
        ended = sum(_has_ended(one) for _, one in listed[len(shown) :])
        parts.append(f"and {len(listed) - len(shown)} more{f', {ended} of them ended' if ended else ''}")
    return Cell(role.name, "; ".join(parts), tuple(_of_certificate(page, one) for page, one in shown))


def _has_ended(one: Certificate) -> bool:
    return one.status is not None and one.status.state in {CertificateState.RETIRED, CertificateState.REPLACED}


def _certificate_words(one: Certificate) -> str:
    status = one.status.words if one.status else "status not stated"
    cost = one.item.cost.words if one.item.cost else ""
    return f"{one.item.name} ({', '.join(filter(None, (status, cost)))})"


def _of_certificate(page: Page, one: Certificate) -> Evidence:
    """From its name to the last line on its state."""
    end = max(one.item.span.end, one.state_span.end if one.state_span else 0)
    return Evidence(page.document.key, Span(one.item.span.start, end))


# --- skills ---------------------------------------------------------------------------------------


def _skill_rows(roles: Sequence[RolePages]) -> Iterator[Row]:
    """What all of them ask for, each in its own words; then what only some do, with who else does."""
    asked = {role.name: [need for need in needs_of(role) if need.is_essential] for role in roles}

    def sharing(need: Need, own: str) -> list[str]:
        return [n for n, needs in asked.items() if n != own and any(same_skill(need.name, one.name) for one in needs)]

    shared, distinct = [], []
    for role in roles:
        everywhere = [need for need in asked[role.name] if len(sharing(need, role.name)) == len(roles) - 1]
        others = [need for need in asked[role.name] if need not in everywhere]
        shared.append(_skills(role, [need.name for need in everywhere], asked[role.name]))
        distinct.append(_skills(role, [_with(n.name, sharing(n, role.name)) for n in others], asked[role.name]))
    yield Row("Essential skills of all" if len(roles) > FEWEST else "Essential skills of both", tuple(shared))
    yield Row("Other essential skills", tuple(distinct))


def _with(name: str, others: Sequence[str]) -> str:
    return f"{name} (also {', '.join(others)})" if others else name


def _skills(role: RolePages, names: Sequence[str], asked: Sequence[Need]) -> Cell:
    """The names, with the list they are from; "none" where the list has others only."""
    evidence = []
    for document in dict.fromkeys(need.evidence.document for need in asked):
        spans = [need.evidence.span for need in asked if need.evidence.document == document]
        evidence.append(Evidence(document, Span(min(s.start for s in spans), max(s.end for s in spans))))
    return Cell(role.name, "; ".join(names) or ("none" if asked else ""), tuple(evidence))
