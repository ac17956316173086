"""One question, top to bottom: read `Advisor.ask` first. `open_advisor` is the only place that puts parts together."""

import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Event as Signal
from time import perf_counter

from advisor.answer.compose import (
    Composed,
    care,
    clarification,
    compose,
    compose_worded,
    greeting,
    missing_number,
    refusal,
)
from advisor.answer.contrast import is_contrast
from advisor.answer.extract import select
from advisor.answer.following import follow_answer, instead_of
from advisor.answer.generate import Writer, draft_prompt, open_writer
from advisor.answer.ground import Grounded, goes_wrong, ground, stands_in_its_passage
from advisor.answer.reading import ADAPTER, BASE, DOUBTER, Reader, likeliest, open_reader, reread
from advisor.answer.remote import open_remote_writer
from advisor.answer.retired import Gone, find_gone, may_hold_gone, with_warnings
from advisor.answer.selection import Selection, only
from advisor.answer.weigh import Page, Weighed, make_page, weigh
from advisor.corpus.chunking import CHUNKER_VERSION
from advisor.corpus.outline import outline_document
from advisor.corpus.roadmap import Roadmap, read_roadmap
from advisor.errors import ModelError, UsageError, WriterError
from advisor.index.embedding import Embedder, Vectors, open_embedder
from advisor.index.publish import Snapshot, check_fits, open_snapshot
from advisor.memory import Conversations, open_conversations
from advisor.models import locate, weights_digest
from advisor.records import (
    Answer,
    Done,
    Event,
    Extract,
    Hit,
    Intent,
    Query,
    RankedPassage,
    Sources,
    Status,
    Timings,
    Token,
    Turn,
)
from advisor.search.asked import names_nothing
from advisor.search.gate import Decision, decide, is_open
from advisor.search.hybrid import search
from advisor.search.query import counted_parts, read_question, understand
from advisor.search.roles import read_spellings
from advisor.search.sensitive import Matter, sensitive
from advisor.settings import Settings
from advisor.text import normalise, stems

log = logging.getLogger(__name__)

EXTRACTIVE = "extractive"
AUTO = "auto"
CACHED_PAGES = 256
# What is missing where the pages are about the thing but do not state what is asked of it.
UNSTATED = {Intent.DURATION: "how long that takes", Intent.COST: "what that costs"}
NEAR = 0.25  # cosine from which on a passage may be offered as "nearby" in a refusal


@dataclass(slots=True)
class _Stopwatch:
    """Milliseconds since a question arrived, at the moments that are reported."""

    began: float = field(default_factory=perf_counter)
    search: float = 0.0
    first_text: float = 0.0

    def now(self) -> float:
        return round((perf_counter() - self.began) * 1000, 1)

    def timings(self) -> Timings:
        return Timings(self.search, self.first_text, self.now())


class Advisor:
    """Everything needed to answer, held open. Threads may share it; the writer takes one question at a time."""

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        embedder: Embedder,
        writer: Writer | None,
        conversations: Conversations,
        no_writer: str = "extracts were asked for",
        reader: Reader | None = None,
        doubter: Reader | None = None,
        top_passages: int = 12,
        max_question_chars: int = 2000,
    ) -> None:
        self.snapshot = snapshot
        self.embedder = embedder
        self.writer = writer
        self.conversations = conversations
        self._reader = reader
        self._doubter = doubter
        self._no_writer = no_writer
        self._top_passages = top_passages
        self._max_question_chars = max_question_chars
        self._rarity = snapshot.lexical.rarity()
        self._spellings = read_spellings(snapshot.documents)
        self._counted = counted_parts(heading for passage in snapshot.passages for heading in passage.section)
        self._roles = {document.key: document.role for document in snapshot.documents if document.role}
        self._gone = lru_cache(1)(self._find_gone)
        self._page = lru_cache(CACHED_PAGES)(self._make_page)
        self._roadmap = lru_cache(CACHED_PAGES)(self._read_roadmap)

    @property
    def writer_name(self) -> str | None:
        """The model that words answers, None where only extracts are given."""
        return self.writer.name if self.writer else None

    def document_text(self, key: str) -> str:
        """The clean Markdown of an indexed document; raises KeyError."""
        return self.snapshot.document(key).text

    def ask(
        self,
        question: str,
        *,
        conversation: str,
        owner: str = "local",
        generator: str | None = None,
        role: str | None = None,
    ) -> Iterator[Event]:
        """Answer one question: `Sources`, `Extract`, any number of `Token`s, and one `Done` with the checked answer.

        The turn is stored before `Done`, and also when the reader closes the iterator once the extract is there.
        Raises QuestionError before the first event.
        """
        watch = _Stopwatch()
        asked = read_question(question, max_chars=self._max_question_chars)
        history = [turn.answer for turn in self.conversations.turns(conversation, owner=owner)]
        query = self._understand(asked, history, role)
        vector = self.embedder.embed([query.standalone])[0]
        hits = search(self.snapshot, query, vector=vector, k=self._top_passages)
        watch.search = watch.now()
        yield Sources(query, hits)
        lines = self._lines(query, hits, vector)
        decision = self._decide(query, hits, lines)
        selection = self._select(query, lines) if decision.answer else None
        answer = self._extract(query, hits, decision, selection)
        answer = replace(answer, suggestions=self._suggested(query, answer, hits, history))
        watch.first_text = watch.now()
        answer = replace(answer, timings_ms=watch.timings())
        try:
            yield Extract(answer)
            if selection is not None and selection.is_wordable and generator != EXTRACTIVE:
                answer = yield from self._word(answer, query, selection)
        finally:
            answer = replace(answer, timings_ms=watch.timings())
            self.conversations.append(conversation, Turn(asked, answer, datetime.now(UTC)), owner=owner)
        yield Done(answer)

    def _understand(self, question: str, history: list[Answer], role: str | None) -> Query:
        """The question as search reads it; a role given from outside goes before any that it names."""
        query = understand(
            question,
            history,
            vocabulary=self._rarity.keys(),
            spellings=self._spellings,
            roles=self._roles,
            counted=self._counted,
        )
        known = self._known_role(role)
        return replace(query, roles=(known,)) if known else query

    def _lines(self, query: Query, hits: tuple[Hit, ...], vector: Vectors) -> list[Weighed]:
        """The lines of the pages found, weighed and the best of them read; none where the question is none of these."""
        if query.intent is Intent.SMALL_TALK or not query.terms or self._is_vague(query):
            return []
        keys = dict.fromkeys((*(hit.passage.document for hit in hits), *self._pages_of(query.roles)))
        weighed = weigh(query, [self._page(key) for key in keys], hits, rarity=self._rarity, vector=vector)
        each_of = query.roles if is_contrast(query) else ()
        return reread(query.standalone, weighed, self._reader, each_of=each_of) if self._reader else weighed

    def _decide(self, query: Query, hits: tuple[Hit, ...], lines: Sequence[Weighed]) -> Decision:
        """Answer or refuse; where the search alone leaves it open, the best lines are read once more."""
        decision = decide(query, hits, rarity=self._rarity)
        if self._doubter is None or not is_open(decision):
            return decision
        reading = likeliest(query.standalone, lines, self._doubter)
        return decide(query, hits, rarity=self._rarity, reading=reading)

    def _select(self, query: Query, lines: Sequence[Weighed]) -> Selection | None:
        """The evidence that answers the query, each piece checked against its passage; None where there is none."""
        selection = select(query, lines) if lines else None
        held = only(selection, stands_in_its_passage) if selection else None
        if held is None or _is_for_others(query, held):
            return None
        return with_warnings(held, self._gone())

    def _pages_of(self, roles: Sequence[str]) -> tuple[str, ...]:
        """The pages that are called like one of these careers: whatever was found, they are at hand."""
        called = {normalise(role) for role in roles}
        return tuple(document.key for document in self.snapshot.documents if normalise(document.title) in called)

    def _is_vague(self, query: Query) -> bool:
        """Whether the question asks what each career answers differently, and names none."""
        knows_which = query.is_follow_up or query.roles or query.leaning or query.numbered
        if knows_which or len(set(self._roles.values())) < 2:
            return False
        return names_nothing(query.special if query.subject else query.terms)

    def _extract(self, query: Query, hits: tuple[Hit, ...], decision: Decision, selection: Selection | None) -> Answer:
        """The answer that needs no language model: the composed evidence, a refusal, or a question back."""
        composed, status = self._composed(query, hits, decision, selection)
        return Answer(
            question=query.question,
            status=status,
            text=composed.text,
            claims=composed.claims,
            citations=composed.citations,
            hits=tuple(RankedPassage(h.passage.id, h.passage.document, round(h.fused_score, 6)) for h in hits),
            generator=EXTRACTIVE,
            understood=query.standalone,
        )

    def _composed(
        self, query: Query, hits: tuple[Hit, ...], decision: Decision, selection: Selection | None
    ) -> tuple[Composed, Status]:
        nearest = [hit.passage for hit in hits]
        touched = sensitive(query.question)
        if touched and touched.matter is Matter.DANGER:
            return care(), Status.REFUSED
        if query.intent is Intent.SMALL_TALK:
            return greeting(self.snapshot.documents), Status.CLARIFY
        if not query.terms or self._is_vague(query):
            return clarification(self.snapshot.documents), Status.CLARIFY
        if selection is not None:
            return compose(selection), Status.ANSWERED
        if decision.features.missing_numbered and nearest:
            pages = [self._page(key) for key in dict.fromkeys(passage.document for passage in nearest)]
            return missing_number(decision.features.missing_numbered[0], pages), Status.REFUSED
        near = [hit.passage for hit in hits if hit.dense_score >= NEAR]
        unstated = UNSTATED.get(query.intent) if decision.answer else None
        return refusal(
            near, self.snapshot.documents, unstated=unstated, matter=touched.matter if touched else None
        ), Status.REFUSED

    def _suggested(
        self, query: Query, answer: Answer, hits: tuple[Hit, ...], history: Sequence[Answer]
    ) -> tuple[str, ...]:
        """Questions to ask next: on from what was cited; after a refusal what the sections that it names answer."""
        if answer.status is Status.CLARIFY:
            return ()
        keys = dict.fromkeys(citation.document for citation in answer.citations)
        if answer.status is Status.ANSWERED and keys:
            key = next(iter(keys))
            return tuple(one.text for one in follow_answer(query, answer, self._page(key), self._roadmap(key), history))
        cited = {citation.passage_id for citation in answer.citations}
        near = [passage for key in keys for passage in self._page(key).passages if passage.id in cited]
        near = near or [hit.passage for hit in hits if hit.dense_score >= NEAR]
        pages = {passage.document: self._page(passage.document) for passage in near}
        return tuple(one.text for one in instead_of(query, near, pages, history))

    def _word(self, extract: Answer, query: Query, selection: Selection) -> Generator[Event, None, Answer]:
        """The writer's wording of the evidence if every sentence of it holds and nothing is lost; else the extract."""
        if self.writer is None:
            return _noted(extract, f"this is the extract: {self._no_writer}")
        stop, draft = Signal(), ""
        pieces = self.writer.stream(draft_prompt(query.standalone, selection.snippets), stop=stop)
        try:
            for piece in pieces:
                draft += piece
                yield Token(piece)
                if goes_wrong(draft, selection.snippets, question=query.standalone):
                    break
        except WriterError as error:
            log.warning("%s", error)
            return _noted(extract, f"the model's wording failed, so the extract stands: {error}")
        finally:
            stop.set()
            pieces.close()  # frees the writer for the next question now, not when the garbage is collected
        grounded = ground(draft, selection.snippets, question=query.standalone)
        if not grounded.stands:
            return _noted(extract, f"the model's wording was not used: {_why(grounded)}")
        worded = compose_worded(grounded.kept, selection.shape)
        return replace(
            extract, text=worded.text, claims=worded.claims, citations=worded.citations, generator=self.writer.name
        )

    def _known_role(self, role: str | None) -> str | None:
        """The role as the documents spell it; raises UsageError for one that none of them has."""
        if role is None:
            return None
        known = {document.role for document in self.snapshot.documents if document.role}
        for document in self.snapshot.documents:
            if document.role and normalise(role) in {normalise(name) for name in (document.role, *document.aliases)}:
                return document.role
        raise UsageError(f"no document is about the role {role!r}; choose one of: {', '.join(sorted(known)) or 'none'}")

    def _find_gone(self) -> tuple[Gone, ...]:
        return find_gone(self._page(document.key) for document in self.snapshot.documents if may_hold_gone(document))

    def _read_roadmap(self, key: str) -> Roadmap:
        return read_roadmap(self._page(key).outline)

    def _make_page(self, key: str) -> Page:
        passages = (passage for passage in self.snapshot.passages if passage.document == key)
        outline, start = outline_document(self.snapshot.document(key)), self.snapshot.lines.starts[key]
        return make_page(outline, passages, self.snapshot.lines.vectors[start : start + len(outline.nodes)])


def _is_for_others(query: Query, selection: Selection) -> bool:
    """Whether the question is for somebody else, and the evidence does not speak of that very thing."""
    touched = sensitive(query.question)
    if touched is None:
        return False
    speaks_of_it = any(touched.stems & set(stems(piece.quote)) for piece in selection.snippets)
    return touched.matter is Matter.DANGER or not speaks_of_it


def _noted(answer: Answer, note: str) -> Answer:
    return replace(answer, notes=(*answer.notes, note))


def _why(grounded: Grounded) -> str:
    """The first thing that was wrong with a draft, in words."""
    if grounded.dropped:
        return "it said something that no source bears out"  # what it said stays unsaid
    return f"it left out {grounded.lost[0]!r}" if grounded.lost else "it was empty"


def open_advisor(settings: Settings, *, conversations: Conversations | None = None) -> Advisor:
    """Put the parts together; without `conversations`, the store of the settings' data folder is opened.

    Raises ModelMissing, IndexMissing, IndexDamaged, IndexMismatch or StoreError. With `auto` a writer that is missing
    or damaged is no error: the answers are extracts and say why.
    """
    snapshot = open_snapshot(settings.index_dir)
    folder = locate(settings.embedder, models_dir=settings.models_dir)
    digest = weights_digest(folder)
    check_fits(snapshot.manifest, embedder=settings.embedder, digest=digest, chunker_version=CHUNKER_VERSION)
    writer, no_writer = None, "extracts were asked for"
    try:
        writer = find_writer(settings)
    except (ModelError, WriterError) as error:
        if settings.generator != AUTO:
            raise
        log.warning("no writer: %s", error)
        no_writer = str(error)
    return Advisor(
        snapshot,
        embedder=open_embedder(folder, name=settings.embedder, digest=digest, threads=settings.threads),
        writer=writer,
        conversations=conversations or open_conversations(settings.data_dir / "conversations.db"),
        no_writer=no_writer,
        reader=find_reader(settings),
        doubter=find_reader(settings, adapter=DOUBTER),
        top_passages=settings.top_passages,
        max_question_chars=settings.max_question_chars,
    )


def find_reader(settings: Settings, *, adapter: Path = ADAPTER) -> Reader | None:
    """The reader of lines over the default embedder's weights; None, and a line in the log, without them."""
    try:
        folder = locate(BASE, models_dir=settings.models_dir)
        return open_reader(folder, digest=weights_digest(folder), adapter=adapter)
    except ModelError as error:
        log.warning("lines are weighed, not read: %s", error)
        return None


def find_writer(settings: Settings) -> Writer | None:
    """The writer that the settings name, None for `extractive`. Raises ModelError or WriterError.

    One on a server is not asked anything yet: whether it answers shows with the first question.
    """
    if settings.generator == EXTRACTIVE:
        return None
    name = settings.writer if settings.generator == AUTO else settings.generator
    if settings.writer_url:
        return open_remote_writer(
            settings.writer_url,
            name=name,
            api_key=settings.writer_api_key,
            max_tokens=settings.writer_max_tokens,
            deadline_seconds=settings.writer_deadline_seconds,
        )
    return open_writer(
        locate(name, models_dir=settings.models_dir),
        name=name,
        unpacked_dir=settings.models_dir / "unpacked",
        threads=settings.threads,
        max_tokens=settings.writer_max_tokens,
        deadline_seconds=settings.writer_deadline_seconds,
    )
