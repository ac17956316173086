"""The order of the items of a roadmap: phases as they come, within a phase what is asked for first.

Takes prerequisites apart into earlier items, skills that earlier items or phases teach, and what nothing teaches. A
cycle is an error that names it. Knows nothing of hours, of money or of what a learner knows.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from advisor.career.known import plain_name, subject_stems
from advisor.corpus.items import Item, ItemKind, Span
from advisor.corpus.roadmap import SkillNeed, prerequisite_names
from advisor.errors import UsageError
from advisor.text import normalise


@dataclass(frozen=True, slots=True)
class Stage:
    """A phase as it is planned: its items in the page's order."""

    label: str
    name: str
    items: tuple[Item, ...]


class MetBy(StrEnum):
    """What meets a prerequisite."""

    ITEM = "item"
    TEACHING = "teaching"
    PART = "part of it"
    PHASE = "phase"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Need:
    """A prerequisite of an item; `places` are those of the items that meet it, in the page's order."""

    asked: str
    met_by: MetBy
    places: tuple[int, ...] = ()
    because: str = ""  # the phase's label, or the topic that is part of the skill


@dataclass(frozen=True, slots=True)
class Entry:
    """An item with its place on the page, its phase (1-based) and what it needs."""

    place: int
    stage: int
    item: Item
    needs: tuple[Need, ...]


def ordered_entries(
    stages: Sequence[Stage], skills: Sequence[SkillNeed], *, document: str, loose: Set[Span] = frozenset()
) -> tuple[Entry, ...]:
    """All items in an order that keeps phases and prerequisites; of several that may come, the page's first.

    Items whose stretch is `loose` wait for nothing and nothing waits for them. Raises UsageError naming the items of a
    cycle, also where an item asks for one of a later phase.
    """
    bare = [(number, item) for number, stage in enumerate(stages, start=1) for item in stage.items]
    teaching = _Teaching(stages, bare, {normalise(skill.name): skill for skill in skills})
    entries = [Entry(place, stage, item, ()) for place, (stage, item) in enumerate(bare)]
    free = {entry.place for entry in entries if entry.item.span in loose}
    bound = [place for place in range(len(bare)) if place not in free]
    named = {place: tuple(one for one in teaching.named(place) if one not in free) for place in bound}
    taught = {place: tuple(one for one in teaching.taught(place) if one not in free) for place in bound}
    _refuse_later_phases(entries, named, stages, document)
    order: list[Entry] = []
    for number in range(1, len(stages) + 1):
        order += _sorted([entry for entry in entries if entry.stage == number], named, taught, document)
    places = [entry.place for entry in order]
    return tuple(replace(one, needs=teaching.needs(one.place, places[:at])) for at, one in enumerate(order))


_Before = Mapping[int, tuple[int, ...]]  # the places that the item at a place waits for


def _sorted(own: Sequence[Entry], named: _Before, taught: _Before, document: str) -> list[Entry]:
    """Kahn's algorithm (1962) over the items of one phase; the page's order decides between those that are free.

    What is asked for by name must come before. What merely teaches a skill comes before where no name forbids it.
    """
    left, done = {entry.place: entry for entry in own}, list[Entry]()

    def ready(*graphs: _Before) -> int | None:
        waits = (place for place in left if not any(one in left for graph in graphs for one in graph.get(place, ())))
        return next(waits, None)

    while left:
        following = ready(named, taught)
        following = ready(named) if following is None else following
        if following is None:
            raise UsageError(_cycle_words(left, named, document))
        done.append(left.pop(following))
    return done


def _cycle_words(left: Mapping[int, Entry], before: _Before, document: str) -> str:
    """The cycle that one comes to by following, from any item that is left, what it waits for."""
    way = [min(left)]
    while True:
        following = min(place for place in before.get(way[-1], ()) if place in left)
        if following in way:
            circle = (*way[way.index(following) :], following)
            return _circle(document, [repr(left[place].item.name) for place in circle])
        way.append(following)


def _circle(document: str, names: Sequence[str]) -> str:
    shown = " -> ".join(names)
    return f"the prerequisites of {document!r} go in a circle: {shown}; mend the page or leave one out with --skip"


def _refuse_later_phases(entries: Sequence[Entry], before: _Before, stages: Sequence[Stage], document: str) -> None:
    for entry in entries:
        for place in before.get(entry.place, ()):
            if (asked := entries[place]).stage > entry.stage:
                names = [f"{one.item.name!r} ({stages[one.stage - 1].label})" for one in (entry, asked)]
                raise UsageError(_circle(document, [*names, f"the phases before it, with {entry.item.name!r}"]))


# --- what a prerequisite means --------------------------------------------------------------------


class _Teaching:
    """Who teaches what on one page."""

    def __init__(self, stages: Sequence[Stage], bare: Sequence[tuple[int, Item]], skills: dict[str, SkillNeed]) -> None:
        self._stages, self._bare, self._skills = stages, bare, skills
        self._places: dict[str, list[int]] = {}
        for place, (_stage, item) in enumerate(bare):
            for name in {normalise(item.name), plain_name(item.name)}:
                self._places.setdefault(name, []).append(place)
        names = {normalise(skill.name): skill.name for skill in skills.values()}
        self._names = names | {name: bare[places[0]][1].name for name, places in self._places.items()}
        self._subjects = [subject_stems(item.name) for _stage, item in bare]
        self._topics = [[(topic, subject_stems(topic)) for topic in item.topics] for _stage, item in bare]

    def named(self, place: int) -> tuple[int, ...]:
        """The places of the items that the one at this place asks for by name."""
        found = (self._named(name, place) for name in self._asked(place))
        return tuple(one for one in found if one is not None)

    def taught(self, place: int) -> tuple[int, ...]:
        """The places before this one on the page that teach a skill it asks for."""
        skills = [name for name in self._asked(place) if self._named(name, place) is None]
        return tuple(other for other in range(place) if any(self._teaches(other, skill) for skill in skills))

    def needs(self, place: int, earlier: Sequence[int]) -> tuple[Need, ...]:
        """What the item at this place asks for, in its page's order, met by what is planned before it."""
        return tuple(self._need(name, place, earlier) for name in self._asked(place))

    def _asked(self, place: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(prerequisite_names(self._bare[place][1].prerequisites, self._names)))

    def _need(self, asked: str, place: int, earlier: Sequence[int]) -> Need:
        named = self._named(asked, place)
        if named is not None:
            return Need(asked, MetBy.ITEM, (named,))
        taught = tuple(other for other in earlier if self._teaches(other, asked))
        if taught:
            return Need(asked, MetBy.TEACHING, taught)
        return self._taught_by_phase(asked, place) or self._touched(asked, earlier) or Need(asked, MetBy.NOTHING)

    def _named(self, asked: str, place: int) -> int | None:
        """The other item called so: the nearest before this one, else the first after it."""
        places = self._places.get(normalise(asked)) or self._unambiguous(asked)
        before, after = [one for one in places if one < place], [one for one in places if one > place]
        return before[-1] if before else after[0] if after else None

    def _unambiguous(self, asked: str) -> list[int]:
        places = self._places.get(plain_name(asked), [])
        return places if len(places) == 1 else []

    def _teaches(self, place: int, asked: str) -> bool:
        """Whether the item's name or one of its topics holds what is asked for."""
        wanted, item = subject_stems(asked), self._bare[place][1]
        if not wanted or item.kind is ItemKind.PROJECT:
            return False
        return wanted <= self._subjects[place] or any(wanted <= stems for _topic, stems in self._topics[place])

    def _touched(self, asked: str, earlier: Sequence[int]) -> Need | None:
        """The earlier items of which a topic is a part of the skill; that alone does not teach it."""
        parts = {other: topic for other in earlier if (topic := self._part(other, asked))}
        topics = ", ".join(dict.fromkeys(parts.values()))
        return Need(asked, MetBy.PART, tuple(parts), topics) if parts else None

    def _part(self, place: int, asked: str) -> str:
        """The topic of the item that is a part of the skill as the page lists it; "" where there is none."""
        if self._bare[place][1].kind is ItemKind.PROJECT:
            return ""
        details = self._details(asked)
        return next((topic for topic, stems in self._topics[place] if stems in details), "")

    def _details(self, asked: str) -> list[frozenset[str]]:
        """The parts of a skill as the page lists them: shell, permissions, cron and logs of Linux."""
        skill = self._skills.get(normalise(asked))
        return [stems for part in skill.detail.split(",") if (stems := subject_stems(part))] if skill else []

    def _taught_by_phase(self, asked: str, place: int) -> Need | None:
        """A whole earlier phase that is named after the skill, if there is one."""
        wanted, own = subject_stems(asked), self._bare[place][0]
        for number, stage in enumerate(self._stages[: own - 1], start=1):
            if wanted and wanted <= subject_stems(stage.name):
                learning = (other for other, (stage_of, _item) in enumerate(self._bare) if stage_of == number)
                return Need(asked, MetBy.PHASE, tuple(learning), stage.label)
        return None
