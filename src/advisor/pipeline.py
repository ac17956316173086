"""One question, top to bottom: read `Advisor.ask` first. `open_advisor` is the only place that puts parts together."""

import logging
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from threading import Event as Signal

from advisor.answer.compose import Composed, compose, compose_worded
from advisor.answer.contrast import is_contrast
from advisor.answer.extract import select
from advisor.answer.generate import Writer, draft_prompt
from advisor.answer.ground import goes_wrong, ground, stands_in_its_passage
from advisor.answer.pages import Pages
from advisor.answer.reading import BASE, Reader, by_reading, find_reader, likeliest, reread
from advisor.answer.refusing import care, clarification, greeting, is_for_others, nearby, unanswered
from advisor.answer.remote import RemoteWriter
from advisor.answer.retired import with_endings
from advisor.answer.selection import Selection, only
from advisor.answer.stopwatch import Stopwatch
from advisor.answer.suggested import suggest
from advisor.answer.weigh import Weighed, weigh
from advisor.answer.writers import open_named_writer
from advisor.career.plan_reply import Around, Planner, PlanReply, way_told
from advisor.corpus.chunking import CHUNKER_VERSION
from advisor.errors import ModelError, StoreError, WriterError
from advisor.index.bert import halves_are_fast
from advisor.index.embedding import Embedder, Vectors, open_embedder, whole_words
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
    Profile,
    Query,
    RankedPassage,
    Sources,
    Status,
    Token,
    Turn,
)
from advisor.search.asked import names_nothing
from advisor.search.counted import counted_parts
from advisor.search.gate import Decision, decide
from advisor.search.hybrid import search
from advisor.search.planning import offers_only_time
from advisor.search.profile import told
from advisor.search.query import asked_so_far, read_question, understand
from advisor.search.rerank import READ, Reranker, find_reranker, reranked
from advisor.search.roles import known_role, read_spellings, role_of
from advisor.search.sensitive import Matter, matter_of
from advisor.search.typos import Vocabulary
from advisor.settings import Settings

log = logging.getLogger(__name__)

EXTRACTIVE = "extractive"
AUTO = "auto"
UNWANTED = "extracts were asked for"
Found = Selection | PlanReply
NEAREST = 3  # passages that have to be about one career where a plan names none


class Advisor:
    """Everything needed to answer, held open. Threads may share it; the writer takes one question at a time."""

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        embedder: Embedder,
        writer: Writer | None,
        conversations: Conversations,
        no_writer: str = UNWANTED,
        reader: Reader | None = None,
        reranker: Reranker | None = None,
        top_passages: int = 12,
        max_question_chars: int = 2000,
        today: Callable[[], date] = date.today,
        words: Collection[str] = frozenset(),
    ) -> None:
        self.snapshot = snapshot
        self.embedder = embedder
        self.writer = writer
        self.conversations = conversations
        self._reader = reader
        self._reranker = reranker
        self._no_writer = no_writer
        self._writer_trouble = ""  # what ended the last draft, if it was an error
        self._top_passages = top_passages
        self._max_question_chars = max_question_chars
        self._planner = Planner(snapshot.documents, snapshot.passages, today)
        self._rarity = snapshot.lexical.rarity()
        self._vocabulary = Vocabulary(self._rarity.keys(), words)
        self._spellings = read_spellings(snapshot.documents)
        self._counted = counted_parts(heading for passage in snapshot.passages for heading in passage.section)
        self._roles = {document.key: document.role for document in snapshot.documents if document.role}
        self._pages = Pages(snapshot)

    @property
    def writer_name(self) -> str | None:
        """The model that words answers, None where only extracts are given."""
        return self.writer.name if self.writer else None

    def document_text(self, key: str) -> str:
        """The clean Markdown of an indexed document; raises KeyError."""
        return self.snapshot.document(key).text

    def prepare(self) -> None:
        """Read the pages ahead of questions, which need not wait for that then; about two seconds for fifty pages."""
        self._pages.prepare()
        self._planner.prepare()

    def with_snapshot(self, snapshot: Snapshot) -> "Advisor":
        """Another advisor of the same parts, over this build; raises IndexMismatch where they do not fit it."""
        embedder = self.embedder
        check_fits(snapshot.manifest, embedder=embedder.name, digest=embedder.digest, chunker_version=CHUNKER_VERSION)
        return Advisor(
            snapshot,
            embedder=embedder,
            writer=self.writer,
            conversations=self.conversations,
            no_writer=self._no_writer,
            reader=self._reader,
            reranker=self._reranker,
            top_passages=self._top_passages,
            max_question_chars=self._max_question_chars,
            today=self._planner.today,
            words=self._vocabulary.words,
        )

    def shortcomings(self) -> tuple[str, ...]:
        """Why answers are poorer than was asked for, each with its cure; a server is asked whether it is there."""
        lacks = [] if self.writer or self._no_writer == UNWANTED else [f"no model words answers: {self._no_writer}"]
        if isinstance(self.writer, RemoteWriter) and (trouble := self.writer.trouble()):
            lacks.append(f"answers are extracts for now: {trouble}")
        elif self._writer_trouble:
            lacks.append(f"the last draft failed, so an extract stood: {self._writer_trouble}")
        if self._reader is None:
            lacks.append(f"lines are weighed, not read, for want of {BASE!r}: run advisor models pull {BASE}")
        return tuple(lacks)

    def ask(
        self,
        question: str,
        *,
        conversation: str,
        owner: str = "local",
        generator: str | None = None,
        role: str | None = None,
        profile: Profile | None = None,
        store: Conversations | None = None,
    ) -> Iterator[Event]:
        """Answer one question: `Sources`, `Extract`, any number of `Token`s, and one `Done` with the checked answer.

        The turn is stored before `Done`, and also when the reader closes the iterator once the extract is there.
        A `role` is what the question is about, whatever it says; the profile's counts where nothing else names one.
        A `store` holds the turns in place of the advisor's own. Raises QuestionError before the first event.
        """
        watch, store = Stopwatch(), store or self.conversations
        asked = read_question(question, max_chars=self._max_question_chars)
        role = known_role(role, self.snapshot.documents)
        history = [turn.answer for turn in store.turns(conversation, owner=owner)]
        query = self._understand(asked, history, role, None if role else profile)
        vector = self.embedder.embed([query.standalone])[0]
        hits = self._search(query, vector)
        watch.search = watch.now()
        found: Found | None = self._plan(query, hits, history, owner, Around(role, profile=profile))
        lines = self._lines(query, hits, vector) if found is None else []
        decision = self._decide(query, hits, lines)
        yield Sources(query, hits := by_reading(hits, lines), likeliest(lines))
        if found is None and decision.answer:
            found = self._select(query, lines)
        answer = told(self._extract(query, hits, decision, found), query, self._roles)
        answer = replace(answer, suggestions=self._suggested(query, answer, hits, history))
        watch.first_text = watch.now()
        answer = replace(answer, timings_ms=watch.timings())
        try:
            yield Extract(answer)
            if isinstance(found, Selection) and found.is_wordable and generator != EXTRACTIVE:
                answer = yield from self._word(answer, query, found)
        finally:
            answer = replace(answer, timings_ms=watch.timings())
            answer = _kept(store, Turn(asked, answer, datetime.now(UTC)), conversation, owner)
        yield Done(answer)

    def _understand(self, question: str, history: list[Answer], role: str | None, profile: Profile | None) -> Query:
        """The question as search reads it; a role given from outside goes before any that it names."""
        query = understand(
            question,
            history,
            vocabulary=self._vocabulary,
            spellings=self._spellings,
            roles=self._roles,
            profile=profile,
            counted=self._counted,
        )
        return replace(query, roles=(role,)) if role else query

    def _search(self, query: Query, vector: Vectors) -> tuple[Hit, ...]:
        """The best passages, best first; where there is a reranker, the best of those that it has read."""
        if self._reranker is None:
            return search(self.snapshot, query, vector=vector, k=self._top_passages)
        found = search(self.snapshot, query, vector=vector, k=max(READ, self._top_passages))
        return reranked(query, found, self._reranker)[: self._top_passages]

    def _lines(self, query: Query, hits: tuple[Hit, ...], vector: Vectors) -> list[Weighed]:
        """The lines of the pages found, weighed and the best of them read; none where the question is none of these."""
        if query.intent is Intent.SMALL_TALK or not query.terms or self._is_vague(query):
            return []
        keys = dict.fromkeys((*(hit.passage.document for hit in hits), *self._pages.called(query.roles)))
        weighed = weigh(query, [self._pages.page(key) for key in keys], hits, rarity=self._rarity, vector=vector)
        each_of = query.roles if is_contrast(query) else ()
        return reread(query.standalone, weighed, self._reader, each_of=each_of) if self._reader else weighed

    def _decide(self, query: Query, hits: tuple[Hit, ...], lines: Sequence[Weighed]) -> Decision:
        """Answer or refuse, by what the search found and by how likely the best line answers."""
        keys = dict.fromkeys(hit.passage.document for hit in hits if query.numbered)
        texts = [self._pages.page(key).outline.document.text for key in keys]
        words = self._vocabulary.words
        return decide(query, hits, rarity=self._rarity, reading=likeliest(lines), documents=texts, words=words)

    def _select(self, query: Query, lines: Sequence[Weighed]) -> Selection | None:
        """The evidence that answers the query, each piece checked against its passage; None where there is none."""
        selection = select(query, lines) if lines else None
        held = only(selection, stands_in_its_passage) if selection else None
        if held is None or is_for_others(query.question, held):
            return None
        pages, asked = self._pages, query.standalone
        return with_endings(held, pages.gone(), question=asked, page=pages.page, roadmap=pages.roadmap)

    def _is_vague(self, query: Query) -> bool:
        """Whether the question asks what each career answers differently, and names none."""
        knows_which = query.is_follow_up or query.roles or query.leaning or query.numbered
        if knows_which or len(set(self._roles.values())) < 2:
            return False
        return offers_only_time(query.question) or names_nothing(query.special if query.subject else query.terms)

    def _plan(
        self, query: Query, hits: tuple[Hit, ...], history: Sequence[Answer], owner: str, around: Around
    ) -> PlanReply | None:
        """The plan computed for a question that asks for one, or changes the one before it; None for any other."""
        if query.intent is Intent.COMPARISON:
            return None
        before = role_of((citation.document for citation in history[-1].citations), self._roles) if history else None
        way = way_told(history[-1], self._roles) if history else None
        near = role_of((hit.passage.document for hit in hits[:NEAREST]), self._roles)
        questions = asked_so_far(history, query)
        marks = partial(self.conversations.progress_of, owner=owner)
        return self._planner.reply(questions, replace(around, before=before, near=near, way=way), marks=marks)

    def _extract(self, query: Query, hits: tuple[Hit, ...], decision: Decision, found: Found | None) -> Answer:
        """The answer that needs no language model: a plan, the composed evidence, a refusal, or a question back."""
        composed, status = self._composed(query, hits, decision, found)
        return Answer(
            question=query.again or query.question,
            status=status,
            text=composed.text,
            claims=composed.claims,
            citations=composed.citations,
            hits=tuple(RankedPassage(h.passage.id, h.passage.document, round(h.fused_score, 6)) for h in hits),
            generator=EXTRACTIVE,
            understood=query.standalone,
        )

    def _composed(
        self, query: Query, hits: tuple[Hit, ...], decision: Decision, found: Found | None
    ) -> tuple[Composed, Status]:
        if matter_of(query.question) is Matter.DANGER:
            return care(), Status.REFUSED
        if isinstance(found, PlanReply):
            return Composed(found.text, found.claims, found.citations), found.status
        if query.intent is Intent.SMALL_TALK:
            return greeting(self.snapshot.documents), Status.CLARIFY
        if not query.terms or self._is_vague(query):
            return clarification(self.snapshot.documents), Status.CLARIFY
        if found is not None:
            return compose(found), Status.ANSWERED
        return unanswered(query, hits, decision, self.snapshot.documents, page=self._pages.page), Status.REFUSED

    def _suggested(
        self, query: Query, answer: Answer, hits: tuple[Hit, ...], history: Sequence[Answer]
    ) -> tuple[str, ...]:
        """Questions to ask next, each answered by the pages."""
        return suggest(query, answer, history, near=nearby(hits), page=self._pages.page, roadmap=self._pages.roadmap)

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
            self._writer_trouble = str(error)
            return _noted(extract, f"the model's wording failed, so the extract stands: {error}")
        finally:
            stop.set()
            pieces.close()  # frees the writer for the next question now, not when the garbage is collected
        self._writer_trouble = ""
        grounded = ground(draft, selection.snippets, question=query.standalone)
        if not grounded.stands:
            return _noted(extract, f"the model's wording was not used: {grounded.trouble}")
        worded = compose_worded(grounded.kept, selection.shape)
        return replace(
            extract, text=worded.text, claims=worded.claims, citations=worded.citations, generator=self.writer.name
        )


def _noted(answer: Answer, note: str) -> Answer:
    return replace(answer, notes=(*answer.notes, note))


def _kept(store: Conversations, turn: Turn, conversation: str, owner: str) -> Answer:
    """The answer once its turn is stored; where it cannot be, the answer stands all the same and says so."""
    try:
        store.append(conversation, turn, owner=owner)
    except StoreError as error:
        log.warning("a turn is not kept: %s", error)
        return _noted(turn.answer, f"this answer is not kept: {error}")
    return turn.answer


def open_advisor(settings: Settings, *, conversations: Conversations | None = None) -> Advisor:
    """Put the parts together; without `conversations`, the store of the settings' data folder is opened.

    Raises ModelMissing, IndexMissing, IndexDamaged, IndexMismatch or StoreError. With `auto` a writer that is missing
    or damaged is no error: the answers are extracts and say why.
    """
    snapshot = open_snapshot(settings.index_dir)
    folder = locate(settings.embedder, models_dir=settings.models_dir)
    digest = weights_digest(folder)
    check_fits(snapshot.manifest, embedder=settings.embedder, digest=digest, chunker_version=CHUNKER_VERSION)
    threads, light = settings.threads, settings.quick_start
    halves = not light and halves_are_fast()
    writer, no_writer = None, UNWANTED
    try:
        writer = find_writer(settings)
    except (ModelError, WriterError) as error:
        if settings.generator != AUTO:
            raise
        log.warning("no writer: %s", error)
        no_writer = str(error)
    return Advisor(
        snapshot,
        embedder=open_embedder(
            folder, name=settings.embedder, digest=digest, threads=threads, halves=halves, light=light
        ),
        writer=writer,
        conversations=conversations
        or open_conversations(settings.data_dir / "conversations.db", retention_days=settings.retention_days),
        no_writer=no_writer,
        reader=find_reader(models_dir=settings.models_dir, threads=threads, light=light),
        reranker=find_reranker(settings.reranker, models_dir=settings.models_dir),
        top_passages=settings.top_passages,
        max_question_chars=settings.max_question_chars,
        words=whole_words(folder),
    )


def find_writer(settings: Settings) -> Writer | None:
    """The writer that the settings name, None for `extractive`. Raises ModelError or WriterError."""
    if settings.generator == EXTRACTIVE:
        return None
    return open_named_writer(
        settings.writer if settings.generator == AUTO else settings.generator,
        url=settings.writer_url,
        api_key=settings.writer_api_key,
        models_dir=settings.models_dir,
        threads=settings.threads,
        max_tokens=settings.writer_max_tokens,
        deadline_seconds=settings.writer_deadline_seconds,
    )
