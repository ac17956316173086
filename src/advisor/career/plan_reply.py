"""The reply to a question for a plan: what was asked made into a request, the plan in short, its citations numbered.

Citations are numbered by passage, in the order of first use. Knows the careers and the day; reads no question
(`asked_plan`), words no plan (`short_plan`) and knows nothing of where conversations are kept.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from advisor.career.asked_plan import asked_plan, with_profile
from advisor.career.asked_words import AskedPlan, Lexicon, read_asked
from advisor.career.careers import cite
from advisor.career.choice import fitting_names
from advisor.career.marks import Mark, States, states_of
from advisor.career.pages import RolePages, needs_of, row_words, said_on
from advisor.career.planned import Plan, Step
from advisor.career.progress import this_week, with_progress
from advisor.career.request import PlanRequest
from advisor.career.shelf import Shelf, read_shelf
from advisor.career.short_plan import Line, day_words, plan_lines, week_lines
from advisor.career.skills import read_vocabulary
from advisor.corpus.items import ItemKind, span_of
from advisor.corpus.outline import Node
from advisor.corpus.quantities import durations
from advisor.corpus.subjects import Subject, subject_of_heading
from advisor.errors import UsageError
from advisor.records import Answer, Citation, Claim, Document, Passage, Profile, Status
from advisor.search.planning import asks_plan, plain, read_pace
from advisor.search.roles import read_spellings, role_of
from advisor.text import normalise

USUAL_HOURS = 8.0  # per week, where nobody says how many
_CHOICES = 4
_MOST_SAID = 4  # lines of a page on how long its career takes
_KINDS = {normalise(kind): kind for kind in ItemKind}
_THIS_WEEK = "this week"
_OPTION = re.compile(r"--([a-z-]+)")


@dataclass(frozen=True, slots=True)
class PlanReply:
    """Markdown with [n] marks, its claims and their citations; or a question back, or why there is no plan."""

    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    is_question: bool = False

    @property
    def status(self) -> Status:
        """What kind of reply it is."""
        return Status.CLARIFY if self.is_question else Status.ANSWERED


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside a conversation's questions.

    The career that the caller gives goes before any that a question names; that of the answer `before` counts for a
    question that asks for nothing but a plan, that of the passages found (`near`) for one that asks for something more.
    """

    given: str | None = None
    before: str | None = None
    near: str | None = None
    profile: Profile | None = None
    way: str | None = None  # the career whose way as a whole the answer before told: a pace is then all a plan lacks


def way_told(answer: Answer, roles: Mapping[str, str]) -> str | None:
    """The career of which an answer tells how long it takes, or its phases, and nothing else; None otherwise."""
    headings = {citation.section.rpartition(" > ")[2] for citation in answer.citations}
    tells_way = {subject_of_heading(heading) for heading in headings} <= {Subject.TIME, Subject.PATH}
    return role_of((citation.document for citation in answer.citations), roles) if tells_way else None


_NOTHING_KNOWN = Around()


@dataclass(frozen=True, slots=True)
class Planner:
    """What plans are made of: the pages, read with the first question for a plan, and a clock."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    today: Callable[[], date] = date.today

    def prepare(self) -> None:
        """Read the pages now, and not with the first question for a plan."""
        _lexicon(self.documents, self.passages)

    def reply(
        self,
        questions: Sequence[str],
        around: Around = _NOTHING_KNOWN,
        *,
        marks: Callable[[str], Iterable[Mark]] = lambda _career: (),
    ) -> PlanReply | None:
        """The reply to the last of a conversation's questions; None where it asks for no plan that can be made.

        `marks` gives what the learner has said of a career's items.
        """
        asks_week = _has_pace(around.profile) and _THIS_WEEK in normalise(questions[-1])
        if around.way and read_pace(plain(questions[-1])):  # "and if I only have 5 hours a week?"
            today = self.today()
            own = read_asked(questions[-1], _lexicon(self.documents, self.passages), today=today)
            if own.role is None and own.is_exact:
                paced = replace(own, role=around.way)
                return _reply_to(paced, around, read_shelf(self.documents, self.passages), marks, today)
        if not asks_week and not any(asks_plan(question, names_career=True) for question in questions):
            return None
        today, lexicon = self.today(), _lexicon(self.documents, self.passages)
        asked = asked_plan(questions, lexicon, today=today)
        if asked is None and asks_week:
            own = read_asked(questions[-1], lexicon, today=today)
            asked = own if own.of_week and own.is_exact else None
        return _reply_to(asked, around, read_shelf(self.documents, self.passages), marks, today) if asked else None


def _has_pace(profile: Profile | None) -> bool:
    """Whether the profile alone says which week of which plan is meant."""
    return profile is not None and profile.role is not None and profile.hours_per_week is not None


@lru_cache(maxsize=1)
def _lexicon(documents: tuple[Document, ...], passages: tuple[Passage, ...]) -> Lexicon:
    names = [need.name for role in read_shelf(documents, passages).roles for need in needs_of(role)]
    return Lexicon(read_spellings(documents), read_vocabulary(names, (document.text for document in documents)))


def _reply_to(
    said: AskedPlan, around: Around, shelf: Shelf, marks: Callable[[str], Iterable[Mark]], today: date
) -> PlanReply | None:
    if around.given:
        said = replace(said, role=around.given, choices=())
    elif said.role is None and not said.choices and said.is_exact:
        said = replace(said, role=around.before)
    asked = with_profile(said, around.profile)
    inferred = around.near if asked.role is None and not asked.choices and not asked.is_exact else None
    asked = replace(asked, role=asked.role or inferred)
    if asked.role is None:
        return _which_career(asked, shelf)
    pages = shelf.role(asked.role)
    if not (pages.career.roadmap.phases or pages.career.roadmap.items):
        return None
    try:
        made = _make(asked, pages.name, shelf, states_of(marks(pages.name)), today)
    except UsageError as error:
        return PlanReply(f"That cannot be planned: {_OPTION.sub(_named, str(error))}.", is_question=True)
    guess = (
        [Line(f"No career is named; the pages nearest to your words are those on {pages.name}.")] if inferred else []
    )
    lines = [*guess, *_taken(asked, _from_profile(said, asked), made.plan), *_lines(made, asked, pages, shelf, today)]
    return _numbered([*lines, Line(_where(made))], {passage.id: passage for passage in shelf.passages})


# --- the plan -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Made:
    """A plan with all that it was made of; `unknown` are words for items that name none."""

    plan: Plan
    request: PlanRequest
    left: tuple[Step, ...]
    unknown: tuple[str, ...]
    states: States


def _make(asked: AskedPlan, career: str, shelf: Shelf, states: States, today: date) -> _Made:
    """The plan; where no pace reaches the day, at the usual pace, which shows what fits."""
    request = with_progress(request_of(asked), states.values())
    try:
        plan = shelf.plan(career, request, today=today)
    except UsageError:
        if request.hours_per_week is not None:
            raise
        request = replace(request, hours_per_week=USUAL_HOURS)
        plan = shelf.plan(career, request, today=today)
    left, unknown = _to_leave_out(asked.without, plan.steps)
    if left:
        request = replace(request, set_aside=(*request.set_aside, *(step.key for step in left)))
        plan = shelf.plan(career, request, today=today)
    return _Made(plan, request, left, unknown, states)


def request_of(asked: AskedPlan) -> PlanRequest:
    """What was asked, as a plan is asked for: without hours the pace is what the day needs, else the usual one."""
    return PlanRequest(
        hours_per_week=asked.hours_per_week or (USUAL_HOURS if asked.by is None else None),
        known=asked.known,
        start=asked.start,
        by=asked.by,
        free_only=asked.free_only,
        budget=asked.budget,
    )


def _lines(made: _Made, asked: AskedPlan, pages: RolePages, shelf: Shelf, today: date) -> Iterator[Line]:
    if asked.of_week and made.plan.steps:
        day = max(made.plan.start, today) if asked.start else today
        yield from week_lines(made.plan, this_week(made.plan, made.states, day))
        return
    yield from plan_lines(made.plan)
    if asked.how_long:
        yield from _said_of_time(pages, shelf)
    yield from (Line(f"No item of this plan is called “{name}”.") for name in made.unknown)


def _said_of_time(pages: RolePages, shelf: Shelf) -> Iterator[Line]:
    """What the career's own page says of how long it takes."""
    said = said_on(Subject.TIME, pages)
    told = [node for node in (*said.rows, *said.items, *said.sentences) if durations(node.text)] if said else []
    if said is None or not told:
        return
    document = said.page.document
    own = [passage for passage in shelf.passages if passage.document == document.key]
    sources = tuple(cite(document, span_of(said.page.outline, node), own, number=0) for node in told[:_MOST_SAID])
    yield Line(f"The page itself says: {'; '.join(map(_said, told[:_MOST_SAID]))}.", sources)


def _named(option: re.Match[str]) -> str:
    return f"“{option[1].replace('-', ' ')}”"


def _which_career(asked: AskedPlan, shelf: Shelf) -> PlanReply:
    names = [role.name for role in shelf.roles]
    choices = asked.choices or names[:: max(1, len(names) // _CHOICES)][:_CHOICES]
    return PlanReply(f"For which career shall the plan be? For example: {' · '.join(choices)}.", is_question=True)


def _to_leave_out(wordings: Sequence[str], steps: Sequence[Step]) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """The steps that these words mean, by sort ("the books") or by name; and the words that mean none."""
    left: dict[int, Step] = {}
    unknown = []
    for wording in wordings:
        kind = _KINDS.get(wording) or _KINDS.get(wording.removesuffix("s"))
        meant = [step for step in steps if kind is not None and step.kind == kind]
        meant = meant or [steps[place] for place in fitting_names(wording, [step.name for step in steps])]
        left |= {step.number: step for step in meant}
        if not meant:
            unknown.append(wording)
    return tuple(left.values()), tuple(unknown)


def _from_profile(said: AskedPlan, asked: AskedPlan) -> str:
    """What was filled in beside the career, in words; "" for nothing."""
    added = [name for name in asked.known if name not in said.known]
    pace = f"{asked.hours_per_week:g} h a week" if asked.hours_per_week and not said.hours_per_week else ""
    money = "only what is free" if asked.free_only and not said.free_only else ""
    budget = f"a budget of {asked.budget}" if asked.budget and not said.budget else ""
    known = f"you know {', '.join(added)}" if added else ""
    return "; ".join(filter(None, (pace, known, money, budget)))


def _taken(asked: AskedPlan, filled_in: str, plan: Plan) -> Iterator[Line]:
    """What was taken because the question does not say it."""
    if filled_in:
        yield Line(f"From your profile: {filled_in}.")
    if asked.hours_per_week is None and asked.by is None:
        yield Line(f"You gave no hours, so this takes {USUAL_HOURS:g} a week.")
    elif asked.hours_per_week is None and plan.target is not None:
        fits = f"this takes what {day_words(plan.target.by)} needs"
        yield Line(f"You gave no hours, so {fits if plan.target.fits else f'this takes {USUAL_HOURS:g} a week'}.")


def _said(node: Node) -> str:
    return (row_words(node) if node.cells else node.text).rstrip(".")


def _typed(value: str) -> str:
    """The value of an option as a command line of any system takes it."""
    return value if re.fullmatch(r"[\w,.-]+", value) else f'"{value}"'


def _where(made: _Made) -> str:
    """Where the whole plan is: the page, and the command that makes it."""
    plan, request = made.plan, made.request
    options = [f"--role {_typed(plan.career)}", f"--hours-per-week {plan.hours_per_week:g}"]
    if request.known:
        options.append(f"--known {_typed(','.join(request.known))}")
    options += [f"--{name} {day}" for name, day in (("start", request.start), ("by", request.by)) if day]
    if request.budget is not None:
        options.append(f"--budget {_typed(str(request.budget))}")
    options += ["--free-only"] if request.free_only else []
    options += [f"--skip {_typed(step.name)}" for step in made.left]
    options += ["--with-progress"] if made.states else []
    return f"Week by week, and for your calendar: the Plan page, or `advisor plan {' '.join(options)}`"


# --- citations ------------------------------------------------------------------------------------


def _numbered(lines: Sequence[Line], passages: Mapping[str, Passage]) -> PlanReply:
    """The lines with their marks; one citation for each passage, quoting the stretch that all its lines rest on."""
    relied: dict[str, list[Citation]] = {}
    for line in lines:
        for source in line.sources:
            relied.setdefault(source.passage_id, []).append(source)
    numbers = {passage_id: number for number, passage_id in enumerate(relied, start=1)}
    claims, written = [], []
    for line in lines:
        own = tuple(sorted({numbers[source.passage_id] for source in line.sources}))
        written.append(f"{'- ' if line.is_entry else ''}{_marked(line.text, own)}")
        if own:
            claims.append(Claim(line.text.replace("**", ""), own, supported=True))
    citations = tuple(
        replace(sources[0], number=numbers[key], quote=_quote(passages[key], sources))
        for key, sources in relied.items()
    )
    return PlanReply(_laid_out(lines, written), tuple(claims), citations)


def _marked(text: str, numbers: Sequence[int]) -> str:
    """The text with its marks before the closing full stop or colon."""
    marks = "".join(f"[{number}]" for number in numbers)
    body, end = (text[:-1], text[-1]) if text.endswith((".", ":")) else (text, "")
    return f"{body} {marks}{end}" if marks else text


def _laid_out(lines: Sequence[Line], written: Sequence[str]) -> str:
    """Paragraphs of text, and lists without blank lines between their entries."""
    text = ""
    for place, (line, words) in enumerate(zip(lines, written, strict=True)):
        goes_on = place and line.is_entry and lines[place - 1].is_entry
        text += f"{'' if not place else chr(10) if goes_on else chr(10) * 2}{words}"
    return text


def _quote(passage: Passage, sources: Sequence[Citation]) -> str:
    """The shortest stretch of the passage that holds the beginning of every source, and of each what it holds."""
    starts, ends = [], []
    for source in sources:
        start = passage.text.find(source.quote.split("\n")[0])
        if start < 0:
            return sources[0].quote
        starts.append(start)
        ends.append(min(start + len(source.quote), len(passage.text)))
    return passage.text[min(starts) : max(ends)]
