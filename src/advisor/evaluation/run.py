"""A run: every question is asked as a learner would, and everything measurable of the reply becomes a row.

Owns what counts as right and where a fault lies. Knows nothing of files, of sums over rows, or of how they are shown.
"""

import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from advisor.errors import AdvisorError, QuestionError
from advisor.evaluation.computed import BLANK, as_left, figures_of
from advisor.evaluation.metrics import (
    CitedStatement,
    Expected,
    Verdict,
    citation_scores,
    forbidden_found,
    ndcg_at_k,
    nugget_found,
    nugget_recall,
    recall_at_k,
    reciprocal_rank_at_k,
    unknown_names,
    validity,
)
from advisor.evaluation.questions import Case, gold_passages
from advisor.evaluation.rows import (
    CitedPassage,
    Fault,
    Origin,
    Outcome,
    RetrievalScores,
    Row,
    WordedBy,
    row_from_json,
    row_to_json,
)
from advisor.evaluation.support import Tier, states_all, supports
from advisor.pipeline import EXTRACTIVE, Advisor
from advisor.records import Answer, Done, Event, Hit, Passage, Sources, Status
from advisor.text import content_hash, sentences, words

__all__ = [
    "Row",
    "evaluate",
    "fitting_rows",
    "generator_name",
    "is_right",
    "row_from_json",
    "row_to_json",
    "verdict_of",
]

log = logging.getLogger(__name__)

READ_HITS = 5  # passages in which a fact must stand for its lack to be the writing's fault
SUPPORT_TIER = Tier.LEXICAL
OWN_NAMES = "Plan"  # pages of the chat that an answer may point to
_OWNER = "local"
_MARK = re.compile(r"\[(\d{1,3})\](?!\()")

# What one question can break on without the machine being at fault: a row is lost, not the run.
_FAULTS = (
    AdvisorError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)

Progress = Callable[[int, int], None]  # questions done, questions in all


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer with the passages it was made from."""

    answer: Answer
    hits: tuple[Hit, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Library:
    """The passages of a build, by id and by document."""

    by_id: Mapping[str, Passage]
    by_document: Mapping[str, Sequence[Passage]]


# --- asking --------------------------------------------------------------------------------------


def evaluate(
    advisor: Advisor,
    cases: Sequence[Case],
    *,
    generator: str | None = None,
    done: Collection[str] = (),
    progress: Progress = lambda _done, _total: None,
) -> Iterator[Row]:
    """One row per question in their order, but for those whose id is in `done`; they only count in `progress`.

    The earlier questions are asked first, in a conversation of its own that is deleted afterwards: open the advisor
    with a store in memory. `generator` is what `Advisor.ask` takes. A question that raises becomes a row with the
    status "error", which counts as wrong.
    """
    library = _library(advisor.snapshot.passages)
    progress(0, len(cases))
    for number, case in enumerate(cases, start=1):
        if case.id not in done:
            origin = Origin(advisor.snapshot.manifest.build, generator_name(advisor, generator), _digest(case))
            yield _row(advisor, case, generator, library, origin)
        progress(number, len(cases))


def generator_name(advisor: Advisor, generator: str | None) -> str:
    """Who words the answers of a run: "extractive", or the name of the advisor's writer."""
    return EXTRACTIVE if generator == EXTRACTIVE else advisor.writer_name or EXTRACTIVE


def fitting_rows(rows: Iterable[Row], cases: Iterable[Case], *, build: str, generator: str) -> tuple[Row, ...]:
    """The rows that asking these cases again would only repeat: same build, same generator, question unchanged.

    A question that raised is worth another try, so its row fits never.
    """
    wanted = {case.id: Origin(build, generator, _digest(case)) for case in cases}
    return tuple(row for row in rows if wanted.get(row.id) == row.origin and row.status is not Outcome.ERROR)


def _digest(case: Case) -> str:
    return content_hash(case.model_dump_json())


def _row(advisor: Advisor, case: Case, generator: str | None, library: _Library, origin: Origin) -> Row:
    try:
        reply = _ask(advisor, case, generator)
    except _FAULTS as error:
        log.exception("the question %r raised", case.id)
        return _error_row(case, f"{type(error).__name__}: {error}", library, origin)
    return _measured(case, reply, library, origin)


def _ask(advisor: Advisor, case: Case, generator: str | None) -> _Reply:
    conversation, notes = uuid4().hex, []

    def ask(question: str) -> Iterator[Event]:
        return advisor.ask(question, conversation=conversation, owner=_OWNER, generator=generator)

    try:
        for earlier in case.history:
            try:
                _drained(ask(earlier))
            except QuestionError as error:
                notes.append(f"an earlier question was passed over: {error}")
        reply = _drained(ask(case.question))
    finally:
        advisor.conversations.delete(conversation, owner=_OWNER)
    return _Reply(reply.answer, reply.hits, (*notes, *reply.answer.notes))


def _drained(events: Iterator[Event]) -> _Reply:
    hits: tuple[Hit, ...] = ()
    for event in events:
        if isinstance(event, Sources):
            hits = event.hits
        elif isinstance(event, Done):
            return _Reply(event.answer, hits, ())
    raise RuntimeError("the events of a question ended without Done")


# --- measuring -----------------------------------------------------------------------------------


def _measured(case: Case, reply: _Reply, library: _Library, origin: Origin) -> Row:
    """The row of a question that was replied to.

    Only a reply with the status "answered" says anything, right or forbidden: a refusal may name what stands nearby.
    """
    answer, status = reply.answer, Outcome(str(reply.answer.status))
    said = answer.text if status is Outcome.ANSWERED else ""
    read = "\n\n".join(_read_with_headings(hit.passage) for hit in reply.hits[:READ_HITS])
    missing = tuple(nugget.text for nugget in case.nuggets if not nugget_found(said, nugget))
    unread = tuple(nugget.text for nugget in case.nuggets if not nugget_found(read, nugget))
    forbidden = forbidden_found(said, case.forbidden)
    right = is_right(case, status, missing=missing, forbidden=forbidden)
    sources = _sources(answer, library.by_id)
    asked = (*case.history, case.question)
    figures = figures_of(said, sources, asked)
    scores = citation_scores(_statements(answer, figures.rest), sources, _bears_out) if said else None
    return Row(
        id=case.id,
        kind=case.kind,
        question=case.question,
        history=case.history,
        expected=case.expected,
        origin=origin,
        status=status,
        right=right,
        verdict=verdict_of(status, right=right),
        fault=_fault(right=right, missing=missing, unread=unread),
        nugget_recall=nugget_recall(said, case.nuggets),
        missing=missing,
        forbidden=forbidden,
        forbidden_watched=len(case.forbidden),
        hits_nugget_recall=nugget_recall(read, case.nuggets),
        retrieval=_retrieval(case, [hit.passage_id for hit in answer.hits], library),
        citation_recall=scores.recall if scores else None,
        citation_precision=scores.precision if scores else None,
        citation_validity=validity([int(number) for number in _MARK.findall(said)], len(sources)),
        unsupported_numbers=figures.unsupported,
        unknown_names=unknown_names(figures.rest, [*sources, case.question, OWN_NAMES]),
        words=len(words(_MARK.sub("", answer.text))),
        first_text_ms=answer.timings_ms.first_text,
        total_ms=answer.timings_ms.total,
        worded_by=WordedBy.EXTRACT if answer.generator == EXTRACTIVE else WordedBy.MODEL,
        answer=answer.text,
        cited=tuple(CitedPassage(c.number, c.passage_id, c.section, c.quote) for c in answer.citations),
        hits=answer.hits,
        notes=reply.notes,
        error="",
        computed_numbers=figures.computed,
        assumed_numbers=figures.assumed,
    )


def is_right(case: Case, status: Outcome, *, missing: Sequence[str], forbidden: Sequence[str]) -> bool:
    """Whether a reply is wholly right, strictly.

    An answer must have every nugget and nothing forbidden. A question that calls for a refusal, or for a question
    back, must get just that. One that rests on something untrue ("warn") must be answered so too; where it names no
    nugget, not answering it is right as well.
    """
    holds = status is Outcome.ANSWERED and not missing and not forbidden
    match case.expected:
        case Expected.ANSWER:
            return holds
        case Expected.REFUSE:
            return status is Outcome.REFUSED
        case Expected.CLARIFY:
            return status is Outcome.CLARIFY
        case Expected.WARN:
            return holds or (not case.nuggets and status in {Outcome.REFUSED, Outcome.CLARIFY})


def verdict_of(status: Outcome, *, right: bool) -> Verdict:
    """The verdict in CRAG's form: a reply that does not answer is "missing".

    CRAG counts an error as missing too; here it is wrong, so that an honest "I do not know" stays worth more.
    """
    if right:
        return Verdict.RIGHT
    return Verdict.MISSING if status in {Outcome.REFUSED, Outcome.CLARIFY} else Verdict.WRONG


def _fault(*, right: bool, missing: Sequence[str], unread: Sequence[str]) -> Fault:
    if right:
        return Fault.NONE
    return Fault.RETRIEVAL if set(missing) & set(unread) else Fault.WRITING


def _retrieval(case: Case, found: Sequence[str], library: _Library) -> RetrievalScores | None:
    """Gold that no passage of the build holds counts as not found."""
    if not case.gold:
        return None
    pages = dict.fromkeys(gold.page for gold in case.gold)
    grades = gold_passages(case, [passage for page in pages for passage in library.by_document.get(page, ())])
    return RetrievalScores(
        recall_at_5=recall_at_k(found, grades.keys(), 5),
        recall_at_10=recall_at_k(found, grades.keys(), 10),
        ndcg_at_10=ndcg_at_k(found, grades, 10),
        reciprocal_rank_at_10=reciprocal_rank_at_k(found, grades.keys(), 10),
    )


def _statements(answer: Answer, rest: str) -> tuple[CitedStatement, ...]:
    """The claims of an answer, blank where computed; one without claims consists of sentences that cite nothing."""
    if answer.claims:
        return tuple(CitedStatement(as_left(claim.text, answer.text, rest), claim.citations) for claim in answer.claims)
    return tuple(CitedStatement(sentence) for sentence in sentences(_MARK.sub("", answer.text)))


def _sources(answer: Answer, passages: Mapping[str, Passage]) -> list[str]:
    """What the reader of each citation sees, by number; a number or a passage that there is not is empty."""
    cited = {citation.number: passages.get(citation.passage_id) for citation in answer.citations}
    return [_read_with_headings(cited.get(number)) for number in range(1, max(cited, default=0) + 1)]


def _read_with_headings(passage: Passage | None) -> str:
    if passage is None:
        return ""
    return f"{' > '.join(dict.fromkeys((passage.title, *passage.section)))}\n\n{passage.text}"


def _bears_out(statement: str, sources: Sequence[str]) -> bool:
    """Whether the sources support it; where a sum was done again, whether they have all else that it states."""
    read = "\n\n".join(sources)
    return states_all(statement, read) if BLANK in statement else supports(statement, read, SUPPORT_TIER)


def _error_row(case: Case, error: str, library: _Library, origin: Origin) -> Row:
    """The row of a question that raised: nothing was said and nothing found."""
    silence = _Reply(Answer(case.question, Status.REFUSED, ""), (), ())
    return replace(
        _measured(case, silence, library, origin),
        status=Outcome.ERROR,
        right=False,
        verdict=verdict_of(Outcome.ERROR, right=False),
        fault=Fault.NONE,
        first_text_ms=None,
        total_ms=None,
        error=error,
    )


def _library(passages: Sequence[Passage]) -> _Library:
    by_document: dict[str, list[Passage]] = {}
    for passage in passages:
        by_document.setdefault(passage.document, []).append(passage)
    return _Library({passage.id: passage for passage in passages}, by_document)
