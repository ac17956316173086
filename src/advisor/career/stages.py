"""A roadmap as it is planned: phases with the items to do, the hours of each, and where the page says one is done.

Headings that only give a length to the items below them are no items; a phase that has a length and no items is one
itself; a page without phases is one phase. Knows nothing of learners.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.career.careers import Career
from advisor.career.estimate import Block, Estimates, blocks_of, shared_workload, workload
from advisor.career.ordering import Stage
from advisor.career.planned import Workload
from advisor.corpus.items import Item, Span
from advisor.corpus.roadmap import Phase
from advisor.errors import UsageError
from advisor.records import Document
from advisor.text import sentence_spans

_DONE_WHEN = re.compile(r"\b(?:done|finished|ready|through)\s+(?:when|once)\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\s*(?P<text>[^\s#|>*-][^\n]*(?:\n(?!\s*(?:[-*#|>]|\d+\.\s|\n))[^\n]+)*)")


@dataclass(frozen=True, slots=True)
class PagePhase:
    """A phase of the page: its stage, its own stretch, the length in its heading, where it says when one is done."""

    stage: Stage
    span: Span
    length: str
    done_when: Span | None


@dataclass(frozen=True, slots=True)
class PagePlan:
    """The phases of a page and the hours of their items, by the stretches of the items."""

    phases: tuple[PagePhase, ...]
    workloads: Mapping[Span, Workload]


def read_page_plan(career: Career, estimates: Estimates) -> PagePlan:
    """What a career's page gives to plan; raises UsageError where it names nothing to do."""
    roadmap, document = career.roadmap, career.document
    workloads: dict[Span, Workload] = {}
    phases = tuple(_phase(phase, document, estimates, workloads) for phase in roadmap.phases)
    if not phases and roadmap.items:
        items = _items(roadmap.items, document, estimates, workloads, Block("", None, None, ()))
        phases = (PagePhase(Stage(f"{career.name}, all items", "", items), roadmap.items[0].span, "", None),)
    if not any(phase.stage.items for phase in phases):
        raise UsageError(
            f"{document.key!r} names neither phases nor courses that could be planned; "
            f'ask for its text instead: advisor ask "How do I become a {career.name}?"'
        )
    return PagePlan(phases, workloads)


def _phase(phase: Phase, document: Document, estimates: Estimates, workloads: dict[Span, Workload]) -> PagePhase:
    whole = Block(phase_label(phase), phase.length, None, phase.items)
    items = phase.items or (Item(phase.name, phase.span, length=phase.length),)
    planned = _items(items, document, estimates, workloads, whole)
    heading = document.text[phase.span.start : phase.span.end]
    length = phase.length.words if phase.length and phase.length.words in heading else ""
    return PagePhase(Stage(whole.name, phase.name, planned), phase.span, length, _done_when(phase, document))


def phase_label(phase: Phase) -> str:
    """Its number and name, as in `Phase 2: Pipelines`; a foundation phase has no number."""
    return f"Phase {phase.number}: {phase.name}" if phase.number else phase.name


def _items(
    items: tuple[Item, ...], document: Document, estimates: Estimates, workloads: dict[Span, Workload], whole: Block
) -> tuple[Item, ...]:
    """The items to do, their hours written down: a block's own length, else the phase's, shared where none has one."""
    blocks = blocks_of(document, items)
    if whole.items and len(blocks) == 1 and blocks[0].length is None:
        blocks = (Block(whole.name, whole.length, None, blocks[0].items),)
    for block in blocks:
        shared = shared_workload(block, estimates)
        workloads.update({item.span: shared or workload(item, estimates) for item in block.items})
    return tuple(item for block in blocks for item in block.items)


def _done_when(phase: Phase, document: Document) -> Span | None:
    """The sentence right below a phase's heading that says when one is done with it."""
    paragraph = _PARAGRAPH.match(document.text, document.text.find("\n", phase.span.end) + 1 or len(document.text))
    if paragraph is None:
        return None
    for sentence in sentence_spans(document.text, paragraph.start("text"), paragraph.end("text")):
        if _DONE_WHEN.search(document.text, sentence.start, sentence.end):
            return Span(sentence.start, sentence.end)
    return None
