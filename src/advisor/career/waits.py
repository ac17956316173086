"""Why a step of a plan comes where it comes, in words: after what the page asks for, or after the phase before.

Knows which items are in the plan, which are known and which are left out; nothing of how that was decided.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from advisor.career.known import knows
from advisor.career.ordering import Entry, MetBy, Need, Stage
from advisor.career.planned import Wait, WaitKind
from advisor.career.skills import Known

ASKED = "the page asks for "
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of every item, by its place on the page."""

    names: Mapping[int, str]
    steps: Mapping[int, int]  # place to number of the step
    credited: Set[int]
    known: Sequence[Known]


def waits_of(entry: Entry, fates: Fates) -> tuple[Wait, ...]:
    """What the item asks for, in its page's order, each with how the plan meets it."""
    return tuple(_wait(need, fates) for need in entry.needs)


def phase_wait(stage: int, stages: Sequence[Stage], last_step: int | None) -> Wait:
    """That a phase follows the one before it; `last_step` is the last step of the plan before this phase."""
    before, after = (_short(stages[number - 1].label) for number in (stage - 1, stage))
    return Wait(WaitKind.PHASE, "", f"{after} follows {before}", () if last_step is None else (last_step,))


def _short(label: str) -> str:
    """The number of a phase alone: `phase 2`."""
    number, colon, _name = label.partition(":")
    return number.lower() if colon else label.lower()


def _wait(need: Need, fates: Fates) -> Wait:
    known = knows(need.asked, fates.known)
    if known is not None:
        return Wait(WaitKind.KNOWN, need.asked, f"{ASKED}{need.asked}, which you know")
    if need.met_by is MetBy.NOTHING:
        return Wait(WaitKind.ASSUMED, need.asked, f"{ASKED}{need.asked}, and nothing before it teaches that")
    planned = [place for place in need.places if place in fates.steps]
    if need.met_by is MetBy.PART:
        return Wait(WaitKind.ASSUMED, need.asked, _touched_words(need, [fates.names[place] for place in need.places]))
    if planned:
        return _after(need, planned, fates)
    if any(place in fates.credited for place in need.places):
        return Wait(WaitKind.KNOWN, need.asked, f"{ASKED}{need.asked}, which you know")
    left_out = _listed([fates.names[place] for place in need.places])
    teaching = need.asked if need.met_by is MetBy.ITEM else f"{need.asked}, taught by {left_out}"
    return Wait(WaitKind.LEFT_OUT, need.asked, f"{ASKED}{teaching}, left out of this plan")


def _touched_words(need: Need, names: Sequence[str]) -> str:
    return f"{ASKED}{need.asked}, of which only {need.because} comes before it, in {_listed(names)}"


def _after(need: Need, planned: Sequence[int], fates: Fates) -> Wait:
    steps = tuple(sorted(fates.steps[place] for place in planned))
    if need.met_by is MetBy.ITEM:
        reason = f"{ASKED}{fates.names[planned[0]]} first"
    elif need.met_by is MetBy.PHASE:
        reason = f"{ASKED}{need.asked}, which {need.because} is about"
    else:
        teachers = _listed([fates.names[one] for one in planned])
        verb = "teaches" if len(planned) == 1 else "teach"
        reason = f"{ASKED}{need.asked}, which {teachers} {verb}"
    return Wait(WaitKind.AFTER, need.asked, reason, steps)


def _listed(names: Sequence[str]) -> str:
    """Up to three names: "A, B and C", "A, B, C and 2 more"."""
    shown = list(names[:_NAMED])
    if len(names) > _NAMED:
        return f"{', '.join(shown)} and {len(names) - _NAMED} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
