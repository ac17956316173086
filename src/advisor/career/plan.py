"""The study plan of one career: what is planned, in which order, when, and what is left out and why.

Arithmetic over typed facts; every line keeps the citation of the stretch it came from. No clock: today is an argument.
Knows nothing of formats or interfaces.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from advisor.career.careers import Career, cite
from advisor.career.choice import Choice, Draft, choose, draft_of, skipped_items
from advisor.career.estimate import PROJECT_EFFORT, STUDY_EFFORT, Estimates
from advisor.career.known import covering, knows, subject_stems
from advisor.career.marks import item_key
from advisor.career.ordering import Entry, Stage, ordered_entries
from advisor.career.planned import (
    MINUTES_PER_HOUR,
    Basis,
    Credit,
    KnownSkill,
    LeftOut,
    Plan,
    PlannedPhase,
    Price,
    Step,
    Sum,
    Wait,
    WaitKind,
    Week,
)
from advisor.career.purse import totals
from advisor.career.request import PlanRequest, check_request
from advisor.career.schedule import monday_from, next_monday, schedule
from advisor.career.skills import Known, read_known, read_vocabulary
from advisor.career.stages import PagePhase, PagePlan, read_page_plan
from advisor.career.target import slow_words, target_for
from advisor.career.waits import Fates, phase_wait, waits_of
from advisor.corpus.items import Item, ItemKind, Span
from advisor.corpus.measures import Hours
from advisor.records import Citation, Document, Passage

_ALTERNATIVES = 2


class _Sources:
    """The numbered citations of one plan: one for each stretch, in the order in which they are asked for."""

    def __init__(self, document: Document, passages: Sequence[Passage]) -> None:
        self._document = document
        self._passages = [passage for passage in passages if passage.document == document.key]
        self._found: dict[Span, Citation] = {}

    def number(self, span: Span) -> int:
        if span not in self._found:
            self._found[span] = cite(self._document, span, self._passages, number=len(self._found) + 1)
        return self._found[span].number

    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._found.values())


@dataclass(frozen=True, slots=True)
class _Decided:
    """Everything that is decided before a plan is written down; items by their places on the page."""

    page: PagePlan
    entries: tuple[Entry, ...]
    known: tuple[Known, ...]
    credited: Mapping[int, tuple[Known, ...]]  # by no skill where the learner has done the item
    skipped: Set[Span]
    choice: Choice
    start: date

    @property
    def stages(self) -> tuple[Stage, ...]:
        return tuple(phase.stage for phase in self.page.phases)


def build_plan(
    career: Career, passages: Sequence[Passage], request: PlanRequest, *, estimates: Estimates, today: date
) -> Plan:
    """The plan of one career for one learner.

    Items come phase by phase, within a phase after what they ask for, else in the page's order. Those known or done are
    credited and never planned. `passages` must hold those of the career's page. Raises UsageError for a request that
    cannot be met as it is put, and for prerequisites that go in a circle.
    """
    check_request(request, today=today)
    decided = _decide(career, request, estimates, today)
    choice, sources = decided.choice, _Sources(career.document, passages)
    pace_minutes = round(choice.hours_per_week * MINUTES_PER_HOUR)
    minutes = [draft.minutes for draft in choice.drafts]
    weeks = schedule(minutes, pace_minutes=pace_minutes, start=decided.start, days_off=request.days_off)
    _number_in_reading_order(decided, sources)
    steps = tuple(_steps(decided, weeks, sources))
    target = None
    if request.by is not None:
        target = target_for(
            request.by, steps, pace_minutes=pace_minutes, start=decided.start, days_off=request.days_off
        )
    return Plan(
        career=career.name,
        document=career.document.key,
        made_on=today,
        hours_per_week=choice.hours_per_week,
        realism=request.realism,
        free_only=request.free_only,
        budget=request.budget,
        days_off=request.days_off,
        start=decided.start,
        end=weeks[-1].end if weeks else None,
        phases=tuple(_phases(decided, steps, career.document, sources)),
        steps=steps,
        weeks=weeks,
        credits=tuple(_credits(decided, sources)),
        left_out=tuple(_left_out(decided, sources)),
        known=tuple(_known_skills(decided, steps)),
        sums=_sums(steps),
        costs=totals([step.price for step in steps]),
        unpriced=tuple(step.number for step in steps if not step.price.is_free and step.price.total is None),
        target=target,
        notes=tuple(_notes(request, decided, steps, len(weeks))),
        citations=sources.citations(),
    )


def _decide(career: Career, request: PlanRequest, estimates: Estimates, today: date) -> _Decided:
    page = read_page_plan(career, estimates)
    stages = [phase.stage for phase in page.phases]
    items = [item for stage in stages for item in stage.items]
    skills = career.roadmap.skills
    names = [one.name for one in skills]
    vocabulary = read_vocabulary(names, [career.document.text] if request.known else [])
    known = read_known(request.known, vocabulary, whole=(*(one.name for one in items), *names))
    done, set_aside = (
        {item.span for item in items if item_key(item.name, item.provider) in keys}
        for keys in (request.done, request.set_aside)
    )
    by_name = skipped_items(request.skip, {item.span: item.name for item in items})
    skipped = (by_name.keys() | set_aside) - done
    entries = ordered_entries(stages, skills, document=career.document.key, loose=skipped)
    open_entries = [entry for entry in entries if entry.item.span not in skipped]
    covers = {entry.place: () if entry.item.span in done else covering(entry.item, known) for entry in open_entries}
    credited = {one.place: covers[one.place] for one in open_entries if covers[one.place] or one.item.span in done}
    drafts = [
        draft_of(entry, page.workloads[entry.item.span], realism=request.realism)
        for entry in open_entries
        if entry.place not in credited
    ]
    start = monday_from(request.start) if request.start else next_monday(today)
    return _Decided(page, entries, known, credited, skipped, choose(drafts, request, start), start)


def _number_in_reading_order(decided: _Decided, sources: _Sources) -> None:
    """Give every stretch its number in the order in which a plan is read: phase, goal, known, planned, left out."""
    planned = {draft.entry.place for draft in decided.choice.drafts}

    def rank(entry: Entry) -> int:
        return 0 if entry.place in decided.credited else 1 if entry.place in planned else 2

    for number, phase in enumerate(decided.page.phases, start=1):
        own = sorted((entry for entry in decided.entries if entry.stage == number), key=rank)
        for span in filter(None, (phase.span, phase.done_when, *(entry.item.span for entry in own))):
            sources.number(span)


# --- steps ----------------------------------------------------------------------------------------


def _steps(decided: _Decided, weeks: Sequence[Week], sources: _Sources) -> Iterator[Step]:
    drafts = decided.choice.drafts
    fates = Fates(
        names={entry.place: entry.item.name for entry in decided.entries},
        steps={draft.entry.place: number for number, draft in enumerate(drafts, start=1)},
        credited=decided.credited.keys(),
        known=decided.known,
    )
    last_of_phase: dict[int, int] = {}
    for number, draft in enumerate(drafts, start=1):
        stage = draft.entry.stage
        waits = waits_of(draft.entry, fates)
        if stage > 1:
            last = max((one for phase, one in last_of_phase.items() if phase < stage), default=None)
            waits = (*waits, phase_wait(stage, decided.stages, last))
        last_of_phase[stage] = number
        own = [week for week in weeks if any(share.step == number for share in week.shares)]
        price = decided.choice.prices[draft.entry.place]
        yield _step(number, draft, waits, price, own, sources.number(draft.entry.item.span))


def _step(
    number: int, draft: Draft, waits: tuple[Wait, ...], price: Price, weeks: Sequence[Week], citation: int
) -> Step:
    item = draft.entry.item
    return Step(
        number=number,
        phase=draft.entry.stage,
        name=item.name,
        kind=item.kind.value if item.kind else "",
        provider=item.provider,
        url=item.url,
        workload=draft.workload,
        minutes=draft.minutes,
        price=price,
        outcomes=item.outcomes,
        waits=waits,
        start=weeks[0].start,
        end=weeks[-1].end,
        citation=citation,
        topics=item.topics,
    )


def _sums(steps: Sequence[Step]) -> tuple[Sum, ...]:
    """Hours by what they rest on, as the pages give them: before realism, and ranges as ranges."""
    found = []
    for basis in Basis:
        own = [step.workload.hours for step in steps if step.workload.basis is basis]
        if own:
            found.append(Sum(basis, len(own), sum(own, start=Hours(0, 0))))
    return tuple(found)


# --- phases, and what is not planned --------------------------------------------------------------


def _phases(decided: _Decided, steps: Sequence[Step], document: Document, sources: _Sources) -> Iterator[PlannedPhase]:
    for number, phase in enumerate(decided.page.phases, start=1):
        own = [step for step in steps if step.phase == number]
        yield PlannedPhase(
            number=number,
            label=phase.stage.label,
            start=own[0].start if own else None,
            end=own[-1].end if own else None,
            length=phase.length,
            done_when=_quoted(phase, document),
            proofs=tuple(step.number for step in own if step.kind == ItemKind.PROJECT),
            citation=sources.number(phase.span),
            done_when_citation=sources.number(phase.done_when) if phase.done_when else None,
        )


def _quoted(phase: PagePhase, document: Document) -> str:
    return " ".join(document.text[phase.done_when.start : phase.done_when.end].split()) if phase.done_when else ""


def _credits(decided: _Decided, sources: _Sources) -> Iterator[Credit]:
    for entry in decided.entries:
        if entry.place in decided.credited:
            names = tuple(known.given for known in decided.credited[entry.place])
            yield Credit(entry.item.name, entry.stage, names, sources.number(entry.item.span))


def _left_out(decided: _Decided, sources: _Sources) -> Iterator[LeftOut]:
    for entry in decided.entries:
        item = entry.item
        if item.span in decided.skipped:
            yield LeftOut(item.name, entry.stage, "you left it out", (), sources.number(item.span))
        elif entry.place in decided.choice.refused:
            why = decided.choice.refused[entry.place]
            yield LeftOut(item.name, entry.stage, why, _instead(entry, decided.choice), sources.number(item.span))


def _instead(entry: Entry, choice: Choice) -> tuple[str, ...]:
    """What the plan has in the same phase that is free and of the same sort, the most alike first."""

    def is_project(item: Item) -> bool:
        return item.kind is ItemKind.PROJECT

    def likeness(draft: Draft) -> int:
        return -len(_subject(draft.entry.item) & _subject(entry.item))

    same = [
        draft
        for draft in choice.drafts
        if draft.entry.stage == entry.stage
        and choice.prices[draft.entry.place].is_free
        and is_project(draft.entry.item) == is_project(entry.item)
    ]
    return tuple(draft.entry.item.name for draft in sorted(same, key=likeness)[:_ALTERNATIVES])


def _subject(item: Item) -> frozenset[str]:
    return subject_stems(" ".join((item.name, *item.topics)))


def _known_skills(decided: _Decided, steps: Sequence[Step]) -> Iterator[KnownSkill]:
    for known in decided.known:
        credited = tuple(entry.item.name for entry in decided.entries if known in decided.credited.get(entry.place, ()))
        meets = tuple(
            step.name
            for step in steps
            if any(wait.kind is WaitKind.KNOWN and knows(wait.asked, (known,)) for wait in step.waits)
        )
        yield KnownSkill(known.given, known.name, credited, meets)


def _notes(request: PlanRequest, decided: _Decided, steps: Sequence[Step], weeks: int) -> Iterator[str]:
    if request.start is not None and request.start != decided.start:
        yield f"Weeks begin on Monday, so the plan starts on {decided.start} and not on {request.start}."
    if slow := slow_words(sum(step.minutes for step in steps), weeks):
        yield slow
    bases = {(step.workload.basis, step.kind == ItemKind.PROJECT) for step in steps}
    if (Basis.ASSUMED_EFFORT, False) in bases:
        yield f"Where the page gives weeks or months and no hours per week, {STUDY_EFFORT.words} are assumed."
    if (Basis.ASSUMED_EFFORT, True) in bases:
        yield f"A project that lasts weeks or months is taken at {PROJECT_EFFORT.words} beside other study."
    if any(step.workload.basis is Basis.ESTIMATE for step in steps):
        yield "Hours marked as our estimate stand on no page; where they are wrong for you, --realism scales all hours."
