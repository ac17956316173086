"""A conversation as a page shows it: how events of the advisor become what stands on the screen.

Owns the states of a turn (waiting, searching, extract, wording, done, stopped, failed) and the closing of a question
that is abandoned. Knows nothing of Gradio or HTML, and stores nothing: `Advisor.ask` keeps the finished turns.
"""

import logging
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from advisor.errors import AdvisorError
from advisor.index.publish import Manifest
from advisor.memory import Conversations
from advisor.records import Answer, Document, Done, Event, Extract, Passage, Profile, Sources, Token, Turn

logger = logging.getLogger(__name__)

DRAFT_PAUSE_SECONDS = 0.08  # a screen that redraws for every token costs more than the tokens
UNEXPECTED = "Something went wrong inside the advisor; the details are in its log. Ask again, or ask differently."


class Library(Protocol):
    """The pages that are searched; `index.publish.Snapshot` is one."""

    @property
    def manifest(self) -> Manifest:
        """What the index was made from."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The pages."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What citations point to."""


class Answering(Protocol):
    """What the page needs of an advisor; `pipeline.Advisor` is one."""

    @property
    def snapshot(self) -> Library:
        """The pages of the index in use."""

    @property
    def conversations(self) -> Conversations:
        """The finished turns of everybody."""

    @property
    def writer_name(self) -> str | None:
        """The language model in use, or None where answers are extracts."""

    def ask(
        self,
        question: str,
        *,
        conversation: str,
        owner: str = "local",
        profile: Profile | None = None,
        store: Conversations | None = None,
    ) -> Iterator[Event]:
        """Events of one question; closing the iterator stops the writer. A `store` stands in for that of everybody."""

    def document_text(self, key: str) -> str:
        """The clean Markdown of a document in the index; KeyError or an AdvisorError where there is none."""


class Phase(StrEnum):
    """How far a turn has come."""

    WAITING = "waiting"
    SEARCHING = "searching"
    READING = "reading"  # passages are found
    WORDING = "wording"  # the extract stands, the writer may be at work
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


FINISHED = frozenset({Phase.DONE, Phase.STOPPED, Phase.FAILED})


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One question on the screen, with whatever has arrived of its answer."""

    question: str
    kept_before: int  # turns the store held when this one was asked
    run: str = ""  # names this asking of the question; none for a turn out of the store
    phase: Phase = Phase.WAITING
    passages: int = 0
    answer: Answer | None = None
    draft: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A conversation on the screen; an empty id is one that has not begun."""

    conversation: str = ""
    turns: tuple[ShownTurn, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether the last turn still waits for its answer."""
        return bool(self.turns) and self.turns[-1].phase not in FINISHED


def restore(conversation: str, turns: tuple[Turn, ...]) -> Shown:
    """The screen for a conversation out of the store."""
    kept = enumerate(turns)
    return Shown(conversation, tuple(ShownTurn(t.question, n, phase=Phase.DONE, answer=t.answer) for n, t in kept))


def begin(shown: Shown, question: str, *, conversation: str, kept: int, run: str) -> Shown:
    """The screen with a new question below; a turn still running is taken as stopped."""
    turns = stop(shown).turns
    return Shown(conversation, (*turns, ShownTurn(question, kept, run)))


def stop(shown: Shown) -> Shown:
    """The screen after a stop: what has arrived of the last turn stands, its unchecked draft goes."""
    if not shown.is_running:
        return shown
    return _with_last(shown, replace(shown.turns[-1], phase=Phase.STOPPED, draft=""))


def fold(turn: ShownTurn, event: Event) -> ShownTurn:
    """The turn after one more event."""
    match event:
        case Sources(hits=hits):
            return replace(turn, phase=Phase.READING, passages=len(hits))
        case Extract(answer=answer):
            return replace(turn, phase=Phase.WORDING, answer=answer)
        case Token(text=text):
            return replace(turn, phase=Phase.WORDING, draft=turn.draft + text)
        case Done(answer=answer):
            return replace(turn, phase=Phase.DONE, answer=answer, draft="")


def converse(advisor: Answering, shown: Shown, *, owner: str) -> Generator[Shown, None, None]:
    """Ask the last question of the screen; yields the screen after each change, the last one with a finished turn.

    Errors of the advisor end as a failed turn with one line; closing this generator closes the advisor's.
    """
    turn = replace(shown.turns[-1], phase=Phase.SEARCHING)
    yield _with_last(shown, turn)
    try:
        yield from _follow(advisor, _with_last(shown, turn), owner)
    except AdvisorError as error:
        yield _with_last(shown, replace(turn, phase=Phase.FAILED, error=str(error)))
    except Exception:  # an edge of the program: the log gets the traceback, the learner one line
        logger.exception("a question could not be answered")
        yield _with_last(shown, replace(turn, phase=Phase.FAILED, error=UNEXPECTED))


def _follow(advisor: Answering, shown: Shown, owner: str) -> Iterator[Shown]:
    turn = shown.turns[-1]
    drawn_at = 0.0
    profile = advisor.conversations.profile_of(owner=owner)
    events = advisor.ask(turn.question, conversation=shown.conversation, owner=owner, profile=profile)
    try:
        for event in events:
            turn = fold(turn, event)
            if isinstance(event, Token) and time.monotonic() - drawn_at < DRAFT_PAUSE_SECONDS:
                continue
            drawn_at = time.monotonic()
            yield _with_last(shown, turn)
    finally:
        if isinstance(events, Generator):
            events.close()


def _with_last(shown: Shown, turn: ShownTurn) -> Shown:
    return replace(shown, turns=(*shown.turns[:-1], turn))
