"""The gap between what a learner knows and what a career asks for: what is there, what is missing, how to fill it.

Each line carries the evidence it rests on. Knows nothing of calendars (`plan`), wording or interfaces.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from advisor.career.pages import Evidence, Need, Page, RolePages, needs_of
from advisor.career.skills import (
    MET,
    Closeness,
    Known,
    canonical,
    canonical_text,
    closeness,
    named_in,
    same_skill,
    written_in,
)
from advisor.corpus.items import Item, ItemKind, Span
from advisor.corpus.measures import CostKind
from advisor.corpus.outline import Kind
from advisor.corpus.roadmap import Phase, prerequisite_names
from advisor.errors import UsageError
from advisor.text import normalise

MOST_WAYS, MOST_PROJECTS = 2, 1
_LEVELS = ("beginner", "intermediate", "advanced")
_NO_STUDY = frozenset({ItemKind.PROJECT, ItemKind.CERTIFICATE})
_MOST_PART_WORDS = 4  # of a part of the page's detail by which a topic is recognised


@dataclass(frozen=True, slots=True)
class Held:
    """A skill the career asks for that the learner has, and by which of the given ones: the nearest first."""

    name: str
    detail: str
    is_essential: bool
    known: tuple[str, ...]
    closeness: Closeness  # of the first
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Way:
    """Something on a page that teaches a skill, or a project that practises it. What the page does not state is ""."""

    name: str
    kind: str
    provider: str
    url: str
    phase: str
    cost: str
    hours: str
    after: str
    reason: str  # why it is here where its name does not say so: "covers joins"
    page: str  # the title of the page it stands on
    is_elsewhere: bool  # whether that is the page of another career
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Missing:
    """A skill the career asks for that the learner does not have; `partly` are given skills the page names under it."""

    name: str
    detail: str
    is_essential: bool
    partly: tuple[str, ...]
    evidence: Evidence
    learn: tuple[Way, ...]
    practise: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A given skill that the career's pages name beside the skills they ask for, and the words that do so."""

    known: str
    where: str
    words: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Gap:
    """Everything between a learner and a career. The order of the fields is that of reading."""

    role: str
    known: tuple[Known, ...]
    lists: tuple[Evidence, ...]  # of skills, that were looked through
    held: tuple[Held, ...]
    missing: tuple[Missing, ...]
    mentions: tuple[Mention, ...]
    unmentioned: tuple[str, ...]


def find_gap(role: RolePages, known: Sequence[Known], others: Sequence[RolePages] = ()) -> Gap:
    """What of the career's skills is known and what is missing; essential before optional, else in the page's order.

    A missing skill that no page of the career teaches is looked up on the pages of `others`. Raises UsageError where
    the pages ask for no skill.
    """
    needs = needs_of(role)
    if not needs:
        raise UsageError(
            f"the pages on {role.name!r} list no skills; add a section 'Essential skills of …' (corpus/README.md)"
        )
    held = tuple(one for need in needs for one in _held(need, known))
    names = {one.name for one in held}
    missing = tuple(_missing(need, needs, role, known, others) for need in needs if need.name not in names)
    used = {name for one in held for name in one.known} | {name for one in missing for name in one.partly}
    mentions = tuple(one for skill in known if skill.name not in used for one in _mention(skill.name, role))
    used |= {one.known for one in mentions}
    return Gap(
        role=role.name,
        known=tuple(known),
        lists=_lists(needs),
        held=held,
        missing=missing,
        mentions=mentions,
        unmentioned=tuple(skill.name for skill in known if skill.name not in used),
    )


def _held(need: Need, known: Sequence[Known]) -> Iterator[Held]:
    """The need with every known skill that has to do with it, the nearest first, where one of them meets it."""
    near = [(found, skill.name) for skill in known if (found := closeness(skill.name, need.name, need.detail))]
    ranked = sorted(near, key=lambda pair: list(Closeness).index(pair[0]))
    if ranked and ranked[0][0] in MET:
        names = tuple(name for _, name in ranked)
        yield Held(need.name, need.detail, need.is_essential, names, ranked[0][0], need.evidence)


def _missing(
    need: Need, needs: Sequence[Need], role: RolePages, known: Sequence[Known], others: Sequence[RolePages]
) -> Missing:
    partly = [skill.name for skill in known if closeness(skill.name, need.name, need.detail) is Closeness.PART]
    fits = tuple(_ways(need, needs, role, known))[:MOST_WAYS]
    learn = tuple(_way(fit, need, known) for fit in fits)
    if not fits or fits[0].tier >= _Tier.DETAIL:
        far = tuple(_elsewhere(need, role, others))[:1]
        learn = (*learn[:1], *(replace(_way(fit, need, known), is_elsewhere=True) for fit in far))
    practise = tuple(_projects(need, role, known))[:MOST_PROJECTS]
    return Missing(need.name, need.detail, need.is_essential, tuple(partly), need.evidence, learn, practise)


def _lists(needs: Sequence[Need]) -> tuple[Evidence, ...]:
    """The lists of skills, essential and optional, of each page one stretch."""
    found: dict[tuple[str, bool], list[Span]] = {}
    for need in needs:
        found.setdefault((need.evidence.document, need.is_essential), []).append(need.evidence.span)
    return tuple(
        Evidence(document, Span(min(span.start for span in spans), max(span.end for span in spans)))
        for (document, _), spans in found.items()
    )


# --- ways to fill a gap ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Placed:
    """An item of a page, and the phase it stands in."""

    item: Item
    page: Page
    phase: Phase | None


class _Tier(IntEnum):
    """By what an item was found to teach a skill, the surest first."""

    NAME = 1
    TOPIC = 2
    DETAIL = 3
    PHASE = 4


@dataclass(frozen=True, slots=True)
class _Fit:
    """An item that teaches a skill, and what says so."""

    tier: _Tier
    placed: _Placed
    reason: str


def _items(role: RolePages) -> Iterator[_Placed]:
    for page in (role.own, *(page for page in role.pages if page is not role.own)):
        phases = {item.span: phase for phase in page.roadmap.phases for item in phase.items}
        yield from (_Placed(item, page, phases.get(item.span)) for item in page.roadmap.items)


def _ways(need: Need, needs: Sequence[Need], role: RolePages, known: Sequence[Known]) -> Iterator[_Fit]:
    """What the career's own pages offer to learn the skill, of the best tier only; free and short first."""
    found = []
    for place, placed in enumerate(_items(role)):
        fit = _fit(need, needs, placed)
        if fit and not any(same_skill(skill.name, placed.item.name) for skill in known):
            found.append(((fit.tier, *_price_and_length(placed.item), place), fit))
    ranked = [fit for _, fit in sorted(found, key=lambda pair: pair[0])]
    best = [fit for fit in ranked if fit.tier is ranked[0].tier]
    once = dict.fromkeys(normalise(fit.placed.item.name) for fit in best)
    yield from (next(fit for fit in best if normalise(fit.placed.item.name) == name) for name in once)


def _elsewhere(need: Need, role: RolePages, others: Sequence[RolePages]) -> Iterator[_Fit]:
    """What pages of other careers offer free of charge under the skill's own name, then under a topic of it.

    Short first, ties by career.
    """
    found = [
        ((fit.tier, *_price_and_length(fit.placed.item), other.name, place), fit)
        for other in others
        if other.name != role.name
        for place, placed in enumerate(_items(other))
        if _is_open_to_all(placed.item) and (fit := _by_name_or_topic(need.name, placed, tells=_is_topic))
    ]
    yield from (fit for _, fit in sorted(found, key=lambda pair: pair[0]))


def _projects(need: Need, role: RolePages, known: Sequence[Known]) -> Iterator[Way]:
    """Projects that ask for the skill, or name it, in the page's order."""
    for placed in _items(role):
        item = placed.item
        if item.kind is ItemKind.PROJECT and any(
            _names(text, need.name) for text in (item.prerequisites, item.name, item.outcomes)
        ):
            yield _way(_Fit(_Tier.NAME, placed, ""), need, known)


def _is_open_to_all(item: Item) -> bool:
    """Something to study that asks neither for money nor for an advanced learner."""
    is_free = item.cost is not None and item.cost.kind is not CostKind.PAID
    is_study = item.kind is not None and item.kind not in _NO_STUDY
    return is_study and is_free and _LEVELS[-1] not in (item.level or "").casefold()


def _fit(need: Need, needs: Sequence[Need], placed: _Placed) -> _Fit | None:
    """By name, by a topic, by a topic of the page's detail on the skill, or by the phase; None where by nothing."""
    item, phase = placed.item, placed.phase
    if item.kind in _NO_STUDY or not (item.kind or item.topics or item.url or item.provider):
        return None
    surest = _by_name_or_topic(need.name, placed)
    if surest:
        return surest
    topic = next((topic for topic in item.topics if _in(topic, need.detail)), None)
    if topic:
        return _Fit(_Tier.DETAIL, placed, f"covers {topic}")
    teaches_another = any(_is_named_for(item, other.name) for other in needs)
    if phase is None or teaches_another or not _names(phase.name, need.name):
        return None
    return _Fit(_Tier.PHASE, placed, f"of the phase on {phase.name}")


def _by_name_or_topic(skill: str, placed: _Placed, *, tells: Callable[[str, str], bool] | None = None) -> _Fit | None:
    if _is_named_for(placed.item, skill):
        return _Fit(_Tier.NAME, placed, "")
    topic = next((topic for topic in placed.item.topics if (tells or _names)(topic, skill)), None)
    return _Fit(_Tier.TOPIC, placed, f"covers {topic}") if topic else None


def _is_topic(topic: str, skill: str) -> bool:
    """Whether a topic is the skill, or writes its very name: on pages of other careers words mean other things."""
    is_named = re.search(rf"(?<!\w){re.escape(skill)}(?![\w+#])", topic) is not None
    return is_named or (same_skill(topic, skill) and written_in(skill, topic))


def _is_named_for(item: Item, skill: str) -> bool:
    """Whether a title has the skill; "Mathematics for Machine Learning" is about mathematics."""
    about, _, _ = item.name.partition(" for ")
    return _names(about, skill)


def _names(text: str, skill: str) -> bool:
    """Whether a name or topic holds all words of the skill."""
    form = canonical(skill)
    if len(form) == 1:
        return named_in(skill, text) or same_skill(skill, text)
    return bool(form) and set(form) <= set(canonical_text(text))


def _in(topic: str, detail: str) -> bool:
    """Whether a topic is one of the things the page lists under the skill; a single word must be all of it."""
    held = set(canonical_text(topic))
    parts = (set(canonical_text(part)) for part in detail.replace(";", ",").split(","))
    return any(part == held or (1 < len(part) <= _MOST_PART_WORDS and part <= held) for part in parts if part)


def _price_and_length(item: Item) -> tuple[bool, int, bool, float]:
    """What sorts one way before another: free of charge, for beginners, of known length, short."""
    is_free = item.cost is not None and item.cost.kind is not CostKind.PAID
    level = next((place for place, name in enumerate(_LEVELS) if name in (item.level or "").casefold()), 0)
    return not is_free, level, item.hours is None, item.hours.low if item.hours else 0.0


def _way(fit: _Fit, need: Need, known: Sequence[Known]) -> Way:
    placed, item, roadmap = fit.placed, fit.placed.item, fit.placed.page.roadmap
    names = {normalise(name): name for name in (*(i.name for i in roadmap.items), *(s.name for s in roadmap.skills))}
    after = [
        name
        for name in prerequisite_names(item.prerequisites, names)
        if not same_skill(name, need.name) and not any(closeness(skill.name, name) in MET for skill in known)
    ]
    return Way(
        name=item.name,
        kind=item.kind.value if item.kind else "",
        provider=item.provider or "",
        url=item.url or "",
        phase=_phase_words(placed.phase),
        cost=item.cost.words if item.cost else "",
        hours=str(item.hours) if item.hours else (item.length.words if item.length else ""),
        after=", ".join(after),
        reason=fit.reason,
        page=placed.page.document.title,
        is_elsewhere=False,
        evidence=Evidence(placed.page.document.key, item.span),
    )


def _phase_words(phase: Phase | None) -> str:
    if phase is None:
        return ""
    return f"phase {phase.number}" if phase.number else phase.name.lower()


# --- skills the pages name elsewhere --------------------------------------------------------------


def _mention(known: str, role: RolePages) -> Iterator[Mention]:
    """The first line of the career's pages that names a skill; an item of its roadmap before any other line."""
    for placed in _items(role):
        item = placed.item
        if _names(item.name, known) or any(named_in(known, topic) for topic in item.topics):
            where = f"{item.name} ({_phase_words(placed.phase)})" if placed.phase else item.name
            topics = next((topic for topic in item.topics if named_in(known, topic)), item.name)
            yield Mention(known, where, topics, Evidence(placed.page.document.key, item.span))
            return
    for page in role.pages:
        for node in page.outline.nodes[1:]:
            if written_in(known, node.text):
                above = [one.text for one in page.outline.ancestors(node) if one.kind is Kind.HEADING]
                where = above[-1] if above else page.document.title
                yield Mention(known, where, node.text, Evidence(page.document.key, Span(node.start, node.end)))
                return
