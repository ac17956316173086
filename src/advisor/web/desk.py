"""Where questions of the web come in: counted, one at a time for each owner, told to the log, ended at closing time.

Stands between a page and the advisor that answers, and looks like the latter. Knows nothing of what an answer says.
"""

import logging
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event as Signal
from threading import Lock

from advisor.errors import AdvisorError, StoreError, TooManyQuestions
from advisor.memory import Conversations
from advisor.records import Answer, Done, Event, Extract, Profile, Turn
from advisor.web.limits import Limits
from advisor.web.question_log import QuestionLine, write_line
from advisor.web.talk import Answering, Library

log = logging.getLogger(__name__)

CLOSING_SECONDS = 5.0  # a writer may be in a step that takes long


@dataclass(slots=True, eq=False)
class _Open:
    """A question being answered."""

    events: Iterator[Event]
    conversation: str
    owner: str
    store: Conversations
    answer: Answer | None = None  # as far as it has come
    asked_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: Signal = field(default_factory=Signal)  # asks for its end
    closed: Signal = field(default_factory=Signal)  # tells that the end has come


class Desk:
    """An advisor for many people. `client` tells what the question in hand is counted under, besides its owner.

    "" is counted under nothing: whoever sits at the machine itself may ask as much as they like.
    """

    def __init__(self, advisor: Answering, limits: Limits, *, client: Callable[[], str] = lambda: "") -> None:
        self.advisor = advisor
        self._limits = limits
        self._client = client
        self._open: set[_Open] = set()
        self._lock = Lock()

    @property
    def snapshot(self) -> Library:
        """The pages of the index in use."""
        return self.advisor.snapshot

    @property
    def conversations(self) -> Conversations:
        """The finished turns of everybody."""
        return self.advisor.conversations

    @property
    def writer_name(self) -> str | None:
        """The language model in use, or None where answers are extracts."""
        return self.advisor.writer_name

    def document_text(self, key: str) -> str:
        """The clean Markdown of a document in the index."""
        return self.advisor.document_text(key)

    @property
    def answering(self) -> int:
        """How many questions are being answered."""
        return len(self._open)

    def ask(
        self,
        question: str,
        *,
        conversation: str,
        owner: str = "local",
        profile: Profile | None = None,
        store: Conversations | None = None,
    ) -> Generator[Event, None, None]:
        """Events of one question; raises TooManyQuestions where this owner or client has asked enough for now."""
        began, build = time.perf_counter(), self.snapshot.manifest.build
        status, answer = "failed", None
        try:
            if client := self._client():
                self._limits.count(f"owner {owner}", f"client {client}")
            asked = self.advisor.ask(question, conversation=conversation, owner=owner, profile=profile, store=store)
            one = _Open(asked, conversation, owner, store or self.conversations)
            with self._limits.alone(owner), closing(self._followed(one)) as events:
                for event in events:
                    if isinstance(event, Extract | Done):
                        answer, status = event.answer, "stopped"
                    if isinstance(event, Done):
                        status = event.answer.status.value
                    yield event
        except GeneratorExit:
            status = "stopped" if status == "failed" else status
            raise
        except AdvisorError as error:
            status = "turned_away" if isinstance(error, TooManyQuestions) else "failed"
            raise
        finally:
            took = round((time.perf_counter() - began) * 1000, 1)
            write_line(_line(build, status, question, answer, took))

    def close(self, within_seconds: float = CLOSING_SECONDS) -> int:
        """End every open question, so that what there is of its answer is kept; nothing is waited for longer.

        Gives how many did not let go: each hangs in a step of its thread, its extract is kept, and whoever ends the
        process must not wait for it.
        """
        with self._lock:
            still = tuple(self._open)
        for one in still:
            one.ended.set()
        until, stuck = time.monotonic() + within_seconds, 0
        for one in still:
            if not one.closed.wait(max(0.0, until - time.monotonic())) and isinstance(one.events, Generator):
                try:
                    one.events.close()  # nobody goes on with it
                except ValueError:  # somebody does, in a step that takes long: it goes with the process
                    stuck += 1
                    _keep(one)
        return stuck

    def _followed(self, one: _Open) -> Generator[Event, None, None]:
        """The events, until the desk closes; whatever happens, the advisor's question is closed at the end."""
        with self._lock:
            self._open.add(one)
        try:
            for event in one.events:
                if isinstance(event, Extract):
                    one.answer = event.answer
                yield event
                if one.ended.is_set():
                    return
        finally:
            if isinstance(one.events, Generator):
                one.events.close()
            with self._lock:
                self._open.discard(one)
            one.closed.set()


def _keep(one: _Open) -> None:
    """Keep what there is of an answer in the stead of its advisor, who hangs and may never get to it."""
    if one.answer is None:
        log.warning("a question hung before its extract was there and is given up")
        return
    try:
        last = one.store.turns(one.conversation, owner=one.owner)[-1:]
        if not last or last[0].asked_at < one.asked_at:  # it may have kept it and hang thereafter
            turn = Turn(one.answer.question, one.answer, datetime.now(UTC))
            one.store.append(one.conversation, turn, owner=one.owner)
    except StoreError as error:
        log.warning("a question hung and its turn is not kept: %s", error)
    else:
        log.warning("a question hung in a step that did not end; its extract is kept")


def _line(build: str, status: str, question: str, answer: Answer | None, took_ms: float) -> QuestionLine:
    if answer is None:
        return QuestionLine(build, status, question_chars=len(question), total_ms=took_ms)
    return QuestionLine(
        build,
        status,
        answer.generator,
        len(question),
        len(answer.text),
        len(answer.citations),
        answer.timings_ms.search,
        answer.timings_ms.first_text,
        took_ms,
    )
