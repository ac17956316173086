"""The page: which control does what.

Owns the wiring and what a browser may keep. Knows nothing of how an answer is made (`pipeline`), of what a turn goes
through (`talk`), of where a control stands (`layout`), or of the HTML of answers and sources (`markup`).

A browser keeps two words: who owns its conversations and which was last open. Everything else comes from the store, so
a page survives reloads and restarts. The chat's value is never an input: a browser could put words into the advisor's
mouth.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any

import gradio as gr

from advisor.errors import AdvisorError
from advisor.memory import Thumb
from advisor.records import Turn
from advisor.web import follow, talk, thumbs
from advisor.web.layout import STARTERS, TITLE, Parts, lay_out
from advisor.web.markup import answer_html, question_html, sources_html
from advisor.web.talk import Answering, Phase, Shown, ShownTurn

IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{16,64}")
EVERY = "*"  # stands for every conversation where one is to be confirmed for deletion; no identifier looks like it
ASKED_AT_ONCE = 2
_END_SECONDS = 0.5

Update = dict[Any, Any]  # component -> its new value: the form in which Gradio takes changes from a handler


@dataclass(frozen=True, slots=True)
class Live:
    """What stands on the screen of a tab, and whose it is."""

    shown: Shown
    owner: str

    @property
    def run(self) -> str:
        """The name of the running question; empty where none runs."""
        return self.shown.turns[-1].run if self.shown.is_running else ""


@dataclass(slots=True)
class _Run:
    """A question being answered, open until its advisor has let go."""

    screen: Shown  # the last one it came to
    owner: str
    ended: Event = field(default_factory=Event)  # asks for its end
    closed: Event = field(default_factory=Event)  # tells that the end has come
    is_unwanted: bool = False  # its conversation was deleted meanwhile


class Page:
    """The controls of one page with the advisor behind them; each public method is the handler of an event."""

    def __init__(self, advisor: Answering, parts: Parts) -> None:
        self.advisor = advisor
        self.parts = parts
        self.running: dict[str, _Run] = {}
        self.more: list[Any] = []  # controls of the sidebar that its handlers change with those of the page

    # --- what the screen shows ---

    @property
    def outputs(self) -> list[Any]:
        """Everything a handler may change; each returns only what it does change."""
        p = self.parts
        return [p.owner, p.conversation, p.shown, p.past, p.pending, p.halted, p.doomed, p.rated, p.chat, p.sources,
                p.wrong, p.reasons, p.words, p.revised, p.revising, *self.more,
                p.question, p.ask, p.stop, p.retry, p.edit, p.clear, p.starters, *p.starter_buttons]  # fmt: skip

    def talk_update(self, shown: Shown) -> Update:
        """The conversation itself: all that changes while a draft is written."""
        messages: list[dict[str, Any]] = []
        writer, last = self.advisor.writer_name, len(shown.turns)
        for number, turn in enumerate(shown.turns, start=1):
            answer = answer_html(turn, number, writer=writer, is_last=number == last)
            messages.append({"role": "user", "content": question_html(turn)})
            messages.append({"role": "assistant", "content": answer})
        if next_questions := follow.suggestions(shown):
            messages[-1]["options"] = [{"value": question} for question in next_questions]
        return {self.parts.shown: shown, self.parts.chat: messages}

    def control_update(self, shown: Shown) -> Update:
        """Which controls can be used."""
        p, running, begun = self.parts, shown.is_running, bool(shown.turns)
        return {
            p.ask: gr.Button(interactive=not running),
            p.stop: gr.Button(interactive=running),
            p.retry: gr.Button(interactive=begun and not running),
            p.edit: gr.Button(interactive=begun and not running),
            p.clear: gr.Button(interactive=begun),
            p.starters: gr.Row(visible=not begun),
        } | self.revise_update()

    def revise_update(self, shown: Shown | None = None, question: str = "") -> Update:
        """Put a question into the box that is to replace the last one of this screen; none lets it be."""
        p, last = self.parts, follow.name_of_last(shown) if shown else ""
        update = {p.revised: last, p.revising: gr.Row(visible=bool(last))}
        return update | {p.question: question} if last else update

    def sources_update(self, shown: Shown) -> Update:
        """The panel of sources."""
        return {self.parts.sources: sources_html(shown, self.advisor.document_text)}

    def screen(self, shown: Shown, owner: str) -> Update:
        """Everything, for a conversation that is opened or has just been answered."""
        p, past = self.parts, self.advisor.conversations.list(owner)
        whole = {p.conversation: shown.conversation, p.past: past, p.doomed: ""} | self.talk_update(shown)
        whole |= self.control_update(shown) | self.sources_update(shown) | self.reason_update()
        return self.marked(whole, shown, owner)

    # --- asking ---

    def ask(self, question: str, live: Live) -> Update:
        """Put a question on the screen and set its answering off; a blank one, or one too many, changes nothing."""
        if not question.strip() or live.shown.is_running or not IDENTIFIER.fullmatch(live.owner):
            return {self.parts.doomed: ""}
        known = live.shown.conversation
        conversation = known if IDENTIFIER.fullmatch(known) else secrets.token_urlsafe(16)
        kept = len(self.advisor.conversations.turns(conversation, owner=live.owner))
        return self.set_off(live, question, conversation, kept)

    def ask_typed(self, live: Live, question: str, revised: str = "") -> Update:
        """Ask what stands in the box, in place of the last question where that is being revised, and empty it."""
        if question.strip() and revised and revised == follow.name_of_last(live.shown):
            update = self.ask_again(live, question)
        else:
            update = self.ask(question, live)
        return update | {self.parts.question: ""} if self.parts.pending in update else update

    def ask_suggested(self, live: Live, chosen: object) -> Update:
        """Ask one of the questions that stand below the last answer."""
        return self.ask(str(chosen), live) if chosen in follow.suggestions(live.shown) else {self.parts.doomed: ""}

    def revise(self, wording: Callable[[ShownTurn], str], live: Live) -> Update:
        """Put the last question back into the box in this wording, to be asked differently."""
        return self.revise_update(live.shown, wording(live.shown.turns[-1]) if live.shown.turns else "")

    def ask_again(self, live: Live, question: str = "") -> Update:
        """Ask the last question once more, or another in its stead, in place of the answer it got."""
        shown = live.shown
        if not shown.turns or shown.is_running:
            return {self.parts.doomed: ""}
        last = shown.turns[-1]
        self.advisor.conversations.truncate(shown.conversation, last.kept_before, owner=live.owner)
        before = Shown(shown.conversation, shown.turns[:-1])
        return self.set_off(Live(before, live.owner), question or last.question, shown.conversation, last.kept_before)

    def set_off(self, live: Live, question: str, conversation: str, kept: int) -> Update:
        """The screen with the question waiting; the new value of `pending` is what starts `answer`."""
        run = secrets.token_hex(8)
        begun = talk.begin(live.shown, question, conversation=conversation, kept=kept, run=run)
        update = {self.parts.pending: run, self.parts.conversation: conversation} | self.talk_update(begun)
        return self.marked(update | self.control_update(begun) | self.reason_update(), begun, live.owner)

    def answer(self, pending: str, halted: str, shown: Shown, owner: str) -> Iterator[Update]:
        """Follow the question that waits under this name to its end, or until `end` is called for it."""
        yield {self.parts.doomed: gr.skip()}  # a generator that yields nothing would empty the whole screen
        turn = shown.turns[-1] if shown.turns else None
        if turn is None or turn.phase is not Phase.WAITING or turn.run != pending or pending == halted:
            return
        run = self.running[pending] = _Run(shown, owner)
        following = talk.converse(self.advisor, shown, owner=owner)
        try:
            for update in self.follow(following, owner):
                run.screen = update[self.parts.shown]
                if run.ended.is_set():
                    break
                yield update
        finally:
            following.close()
            if run.is_unwanted:  # closing may have stored the turn after its conversation was deleted
                self.advisor.conversations.delete(shown.conversation, owner=owner)
            del self.running[pending]
            run.closed.set()

    def follow(self, screens: Iterator[Shown], owner: str) -> Iterator[Update]:
        """What each screen changes on the page."""
        answer = None
        for screen in screens:
            turn = screen.turns[-1]
            update = self.talk_update(screen)
            if turn.answer is not answer:
                answer = turn.answer
                update |= self.sources_update(screen)
            if turn.phase is Phase.FAILED:
                update |= {self.parts.question: turn.question}
            yield update | self.end_update(screen, owner)

    def end(self, live: Live) -> Shown:
        """The screen once its running question, if any, was told to end and given a little time to let go.

        Not by Gradio's `cancels`: the browser sends those, and loses track where one event follows another closely.
        Once the question is closed, or sits in a step that takes long, none of its updates is on the way any more.
        """
        run = self.running.get(live.run)
        if run is None:
            return talk.stop(live.shown)
        run.ended.set()
        run.closed.wait(_END_SECONDS)
        return talk.stop(run.screen)

    def end_update(self, shown: Shown, owner: str) -> Update:
        """What changes once an answer is complete: the controls, and the list of conversations."""
        if shown.is_running:
            return {}
        return self.control_update(shown) | {self.parts.past: self.advisor.conversations.list(owner)}

    def stop(self, live: Live) -> Update:
        """End the running question; what has arrived of its answer stands."""
        shown = self.end(live)
        update = self.talk_update(shown) | self.sources_update(shown) | self.end_update(shown, live.owner)
        return update | {self.parts.halted: live.run}

    # --- rating ---

    def marked(self, update: Update, shown: Shown, owner: str) -> Update:
        """The same with the thumbs that are pressed; while a draft is written they stay as they are."""
        known, chat = shown.conversation, self.parts.chat
        given = self.advisor.conversations.feedback_of(known, owner=owner) if known else ()
        value = {"value": update[chat]} if chat in update else {}
        return update | {chat: gr.Chatbot(**value, feedback_value=thumbs.marks(shown, given))}

    def reason_update(self, rated: int = 0) -> Update:
        """Ask, with nothing filled in, what was wrong with this turn of the store; 0 asks nothing."""
        p = self.parts
        return {p.rated: rated, p.wrong: gr.Column(visible=rated > 0), p.reasons: [], p.words: ""}

    def rate(self, live: Live, message: object, liked: object) -> Update:
        """Keep the thumb pressed under a message, or forget it where it was let go; one down asks for the reason."""
        thumb = thumbs.pressed(liked)
        rated = thumbs.keep(self.advisor.conversations, live.shown, message, thumb, owner=live.owner)
        return self.marked(self.reason_update(rated if thumb is Thumb.DOWN else 0), live.shown, live.owner)

    def explain(self, live: Live, rated: int, chosen: list[str], words: str) -> Update:
        """Keep the reason of a thumbs-down."""
        if rated:
            thumbs.explain(self.advisor.conversations, live.shown, rated, chosen, words, owner=live.owner)
        return self.reason_update()

    # --- conversations ---

    def load(self, owner: str, conversation: str) -> Update:
        """The screen a browser left; one that is new here gets a name that nobody can guess."""
        known = isinstance(owner, str) and IDENTIFIER.fullmatch(owner)
        owner = owner if known else secrets.token_urlsafe(24)
        screen = self.open(conversation if known else "", Live(Shown(), owner))
        return {self.parts.owner: owner} | screen | self.ready_update()

    def ready_update(self) -> Update:
        """What may be used from now on: a question asked before the browser's owner is known would have no home."""
        ready = {self.parts.question: gr.Textbox(interactive=True)}
        return ready | {button: gr.Button(interactive=True) for button in self.parts.starter_buttons}

    def open(self, conversation: str, live: Live) -> Update:
        """Show one of the owner's conversations; where there is none by that name, an empty screen."""
        self.end(live)
        turns: tuple[Turn, ...] = ()
        if isinstance(conversation, str) and IDENTIFIER.fullmatch(conversation):
            turns = self.advisor.conversations.turns(conversation, owner=live.owner)
        shown = talk.restore(conversation, turns) if turns else Shown()
        return self.screen(shown, live.owner) | {self.parts.halted: live.run}

    def delete(self, live: Live, doomed: str) -> Update:
        """Forget the conversation that was confirmed for deletion, or all; the screen empties if it showed it."""
        shown, owner = self.end(live), live.owner
        for run in tuple(self.running.values()):
            if run.owner == owner and doomed in {EVERY, run.screen.conversation}:
                run.is_unwanted = True
        if doomed == EVERY:
            self.advisor.conversations.delete_all(owner)
        elif IDENTIFIER.fullmatch(doomed):
            self.advisor.conversations.delete(doomed, owner=owner)
        screen = self.screen(Shown() if doomed in {EVERY, shown.conversation} else shown, owner)
        return screen | {self.parts.halted: live.run}

    def clear(self, live: Live) -> Update:
        """Forget the conversation on the screen."""
        return self.delete(live, live.shown.conversation)

    def live(self, shown: Shown, halted: str, conversation: str, owner: str) -> Live:
        """The screen as it truly is: out of the store where the server was started anew under an open page."""
        if not IDENTIFIER.fullmatch(owner):  # no name that `load` gave out, but perhaps the terminal's
            return Live(Shown(), "")
        if shown.conversation != conversation:
            turns = self.advisor.conversations.turns(conversation, owner=owner) if conversation else ()
            return Live(talk.restore(conversation, turns), owner)
        was_halted = shown.is_running and shown.turns[-1].run == halted
        return Live(talk.stop(shown) if was_halted else shown, owner)


# --- wiring ------------------------------------------------------------------------------------------


def build_page(advisor: Answering, fill_sidebar: Callable[[Page, gr.Blocks], None]) -> gr.Blocks:
    """The page that answers, with no other beside it and no queue yet; the sidebar is laid out by its own module."""
    blocks: gr.Blocks
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        page = Page(advisor, lay_out())
        _wire_asking(page)
        _wire_conversations(page, blocks)
        _wire_thumbs(page)
        with page.parts.sidebar:
            fill_sidebar(page, blocks)
    return blocks


def quick(
    page: Page,
    trigger: Any,
    handler: Callable[..., Update],
    inputs: list[Any],
    *,
    with_thumb: bool = False,
    with_choice: bool = False,
    key: tuple[str, str] | None = None,
) -> None:
    """An event that only reads or writes the store: it never waits for answers, and an error of it is one line.

    It goes through the queue all the same: only there does Gradio notice that a state changed. A thumb comes last of
    what the handler gets, as the place of its message and what became of it; a choice, as the words chosen.
    What is drawn anew needs the same key each time, or a press while the next drawing is on its way is lost.
    """

    def run(*values: Any) -> Update:
        try:
            return handler(*values)
        except AdvisorError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def run_thumb(thumb: gr.LikeData, *values: Any) -> Update:
        return run(*values, thumb.index, thumb.liked)

    def run_choice(choice: gr.SelectData, *values: Any) -> Update:
        return run(*values, choice.value)

    runs = run_thumb if with_thumb else run_choice if with_choice else run
    quiet = {"concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private"}
    gr.on(trigger, runs, inputs, page.outputs, key=key, **quiet)


def quick_live(
    page: Page,
    trigger: Any,
    handler: Callable[..., Update],
    inputs: list[Any] | None = None,
    *,
    with_thumb: bool = False,
    with_choice: bool = False,
    key: tuple[str, str] | None = None,
) -> None:
    """A quick event whose handler begins with what stands on the screen."""
    p = page.parts

    def run(shown: Shown, halted: str, conversation: str, owner: str, *values: Any) -> Update:
        return handler(page.live(shown, halted, conversation, owner), *values)

    inputs = [p.shown, p.halted, p.conversation, p.owner, *(inputs or [])]
    quick(page, trigger, run, inputs, with_thumb=with_thumb, with_choice=with_choice, key=key)


def _wire_asking(page: Page) -> None:
    """Every way to ask, and to stop."""
    p = page.parts
    quick_live(page, [p.question.submit, p.ask.click], page.ask_typed, [p.question, p.revised])
    quick_live(page, p.chat.option_select, page.ask_suggested, with_choice=True)
    quick_live(page, p.edit.click, partial(page.revise, follow.asked))
    quick_live(page, p.correct.click, partial(page.revise, follow.understood))
    quick(page, p.keep.click, lambda: page.revise_update() | {p.question: ""}, [])
    quick_live(page, p.retry.click, page.ask_again)
    for button, text in zip(p.starter_buttons, STARTERS, strict=True):
        quick_live(page, button.click, partial(page.ask, text))
    p.pending.change(
        page.answer, [p.pending, p.halted, p.shown, p.owner], page.outputs, show_progress="hidden",
        api_visibility="private", concurrency_limit=ASKED_AT_ONCE, trigger_mode="multiple",
    )  # fmt: skip
    quick_live(page, p.stop.click, page.stop)


def _wire_conversations(page: Page, blocks: gr.Blocks) -> None:
    p = page.parts
    quick(page, blocks.load, page.load, [p.owner, p.conversation])
    quick_live(page, p.fresh.click, partial(page.open, ""))
    quick_live(page, p.clear.click, page.clear)


def _wire_thumbs(page: Page) -> None:
    p = page.parts
    quick_live(page, p.chat.like, page.rate, with_thumb=True)
    quick_live(page, [p.send.click, p.words.submit], page.explain, [p.rated, p.reasons, p.words])
    quick(page, p.not_now.click, page.reason_update, [])
