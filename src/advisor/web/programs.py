"""The one endpoint that other programs may call: `/ask`. A question in, the contract's JSON out, nothing kept.

Owns what such a call may hold and what it is told when it goes wrong. Knows nothing of pages. The questions come in at
the same desk as those of the page, so the same limits hold; sign-in and size are the shell's.
"""

import logging
from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast

import gradio as gr
from gradio.events import api

from advisor.errors import AdvisorError, QuestionError
from advisor.memory import Conversations, open_conversations
from advisor.records import Answer, Done, Event, Extract, answer_to_json
from advisor.web.access import client_in_hand
from advisor.web.talk import UNEXPECTED, Answering

log = logging.getLogger(__name__)

PROGRAMS_AT_ONCE = 1  # so that programs never take the places of those who wait at the page
MOST_EARLIER = 8
_CONVERSATION = "one call"
_ABOUT = (
    "Answer a question from the roadmaps, with its sources. `history`: the questions asked before it, oldest first, at "
    f"most {MOST_EARLIER}, for a follow-up such as 'And which books?'. Gives the object that `advisor ask --json` "
    "prints: status (answered, refused or clarify), answer (Markdown with [n] marks), claims, citations (number, "
    "title, section, url, quote), hits, generator, notes, suggestions, timings_ms. Nothing of a call is kept."
)


def add_ask_endpoint(advisor: Answering) -> None:
    """Add `/ask` to the Blocks that are open; it has no control on the page."""

    def ask(question: str = "", history: list[str] | None = None) -> dict[str, Any]:
        return answered(advisor, question, history)

    api(ask, api_name="ask", api_description=_ABOUT, concurrency_limit=PROGRAMS_AT_ONCE, concurrency_id="programs")


def answered(advisor: Answering, question: object, history: object = None) -> dict[str, Any]:
    """The answer as the contract's JSON; `gr.Error` with one line where there is none."""
    try:
        return {"id": "", **answer_to_json(_answer(advisor, _text(question, "question"), _earlier(history)))}
    except AdvisorError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except Exception as error:  # an edge of the program: the log gets the traceback, the caller one line
        log.exception("a question of a program could not be answered")
        raise gr.Error(UNEXPECTED, print_exception=False) from error


def _answer(advisor: Answering, question: str, history: list[str]) -> Answer:
    """The last of these questions answered, in a conversation that ends with it."""
    with open_conversations(None) as store:
        for earlier in history:
            _last(_asked(advisor, earlier, store), is_enough=Extract)  # what a follow-up needs is in the extract
        return _last(_asked(advisor, question, store), is_enough=Done)


def _asked(advisor: Answering, question: str, store: Conversations) -> Iterator[Event]:
    owner = f"programs at {client_in_hand()}"  # the limits of one address, and nobody's conversations
    return advisor.ask(question, conversation=_CONVERSATION, owner=owner, store=store)


def _last(events: Iterator[Event], *, is_enough: type[Extract] | type[Done]) -> Answer:
    """The answer that the first event of this kind brings; where the server closes before, what there is of it."""
    answer = None
    with closing(cast("Any", events)):
        for event in events:
            if isinstance(event, Extract | Done):
                answer = event.answer
            if isinstance(event, is_enough):
                break
    if answer is None:
        raise QuestionError("the server is closing, so this question was not answered: ask again in a minute.")
    return answer


# --- what a call holds -------------------------------------------------------------------------------


def _text(given: object, name: str) -> str:
    """One question; its length and whether it holds a word are the advisor's to judge."""
    if not isinstance(given, str):
        raise QuestionError(f"{name} is {_short(given)}: give a text.")
    return given


def _earlier(given: object) -> list[str]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise QuestionError(f"history is {_short(given)}: give a list of the earlier questions, oldest first.")
    if len(given) > MOST_EARLIER:
        raise QuestionError(f"history has {len(given)} questions: give the last {MOST_EARLIER} or fewer.")
    return [_text(one, f"history[{place}]") for place, one in enumerate(given)]


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
