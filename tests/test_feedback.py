"""Thumbs on the page without a browser: whose turn is rated, what is marked, when the reason is asked for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from page_server import ScriptedAdvisor, answer_for

from advisor.errors import UsageError
from advisor.memory import REASON_CHARS, Feedback, Thumb, open_conversations
from advisor.records import Turn
from advisor.web import talk, thumbs
from advisor.web.markup import answer_html
from advisor.web.page import Live, Page
from advisor.web.talk import Phase, Shown, ShownTurn

OWNER = "ann-0123456789abcdef"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def shown_turn(kept_before: int, phase: Phase = Phase.DONE, question: str = "How long?") -> ShownTurn:
    return ShownTurn(question, kept_before, phase=phase, answer=answer_for(question))


FAILED = ShownTurn("broken", 1, phase=Phase.FAILED, error="no")
MIXED = Shown("c", (shown_turn(0), FAILED, shown_turn(1, Phase.STOPPED), shown_turn(2, Phase.WORDING)))


@pytest.fixture
def advisor() -> Iterator[ScriptedAdvisor]:
    with open_conversations(None) as conversations:
        for question in ("How long?", "Oslo?"):
            conversations.append("c", Turn(question, answer_for(question), NOW), owner=OWNER)
        yield ScriptedAdvisor(conversations, pause_seconds=0)


@pytest.fixture
def page(advisor: ScriptedAdvisor) -> Page:
    import gradio as gr

    from advisor.web.layout import lay_out

    with gr.Blocks():
        return Page(advisor, lay_out())


@pytest.fixture
def live(advisor: ScriptedAdvisor) -> Live:
    return Live(talk.restore("c", advisor.conversations.turns("c", owner=OWNER)), OWNER)


def given(page: Page) -> list[tuple[int, str, str]]:
    kept = page.advisor.conversations.feedback_of("c", owner=OWNER)
    return [(one.number, str(one.thumb), one.reason) for one in kept]


def marks(page: Page, update: dict[Any, Any]) -> list[str | None]:
    return list(update[page.parts.chat].feedback_value)


# --- which turn --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turn", "can"),
    [
        (shown_turn(0), True),
        (shown_turn(0, Phase.STOPPED), True),
        (shown_turn(0, Phase.WORDING), False),
        (replace(shown_turn(0, Phase.STOPPED), answer=None), False),
        (FAILED, False),
    ],
)
def test_only_a_finished_turn_with_an_answer_can_be_rated(turn: ShownTurn, can: bool) -> None:
    assert thumbs.can_be_rated(turn) is can
    assert ("ca-rateable" in answer_html(turn, 1, writer=None)) is can  # the style hides the thumbs of the others


@pytest.mark.parametrize(("message", "turn"), [(1, MIXED.turns[0]), (5, MIXED.turns[2]), (3, None), (7, None)])
def test_a_message_leads_to_its_turn_if_that_can_be_rated(message: int, turn: ShownTurn | None) -> None:
    assert thumbs.turn_at(MIXED, message) == turn


@pytest.mark.parametrize("message", [0, 2, 9, -1, None, "1", [1, 1], 1.0])
def test_a_place_that_holds_no_answer_leads_nowhere(message: object) -> None:
    assert thumbs.turn_at(MIXED, message) is None


def test_a_mark_stands_under_its_answer_though_failed_turns_are_not_kept() -> None:
    feedback = (Feedback("c", 1, Thumb.UP, "", NOW), Feedback("c", 2, Thumb.DOWN, "", NOW))
    assert thumbs.marks(MIXED, feedback) == ["Like", None, "Dislike", None]


# --- pressing ----------------------------------------------------------------------------------------


def test_a_thumb_down_is_kept_at_once_marked_and_asked_about(page: Page, live: Live) -> None:
    update = page.rate(live, 3, False)
    assert given(page) == [(2, "down", "")]
    assert marks(page, update) == [None, "Dislike"]
    assert update[page.parts.rated] == 2
    assert update[page.parts.wrong].visible is True


def test_a_thumb_up_asks_nothing_and_closes_what_was_asked(page: Page, live: Live) -> None:
    page.rate(live, 3, False)
    update = page.rate(live, 3, True)
    assert given(page) == [(2, "up", "")]
    assert (marks(page, update), update[page.parts.rated]) == ([None, "Like"], 0)
    assert update[page.parts.wrong].visible is False


def test_a_thumb_that_is_let_go_is_forgotten(page: Page, live: Live) -> None:
    page.rate(live, 1, False)
    update = page.rate(live, 1, "")
    assert (given(page), marks(page, update), update[page.parts.rated]) == ([], [None, None], 0)


def test_the_reasons_chosen_and_the_own_words_are_one_text(page: Page, live: Live) -> None:
    page.rate(live, 1, False)
    update = page.explain(live, 1, ["Wrong", "Something is missing"], "  It is 6 weeks. ")
    assert given(page) == [(1, "down", "Wrong; Something is missing; It is 6 weeks.")]
    assert (update[page.parts.rated], update[page.parts.reasons], update[page.parts.words]) == (0, [], "")


def test_every_reason_fits_beside_the_longest_words(page: Page, live: Live) -> None:
    page.explain(live, 1, list(thumbs.REASONS), "x" * thumbs.WORDS_CHARS)
    assert len(given(page)[0][2]) == REASON_CHARS


def test_sending_where_nothing_is_asked_keeps_nothing(page: Page, live: Live) -> None:
    page.explain(live, 0, ["Wrong"], "")
    assert given(page) == []


def test_a_running_or_made_up_answer_keeps_nothing(page: Page) -> None:
    for message in (3, 7, 99, "x"):
        assert page.rate(Live(MIXED, OWNER), message, False)[page.parts.rated] == 0
    assert given(page) == []


def test_a_turn_that_the_store_no_longer_holds_is_not_mistaken_for_another(page: Page, live: Live) -> None:
    store = page.advisor.conversations
    store.truncate("c", 1, owner=OWNER)
    with pytest.raises(UsageError, match="load the page again"):
        page.rate(live, 3, False)
    store.append("c", Turn("Another?", answer_for("Another?"), NOW), owner=OWNER)
    with pytest.raises(UsageError, match="load the page again"):
        page.rate(live, 3, False)
    assert given(page) == []


def test_nobody_rates_for_somebody_else(page: Page, live: Live) -> None:
    with pytest.raises(UsageError, match="cannot be rated"):
        page.rate(Live(live.shown, "eve-0123456789abcdef"), 1, False)
    assert given(page) == []


# --- what stays --------------------------------------------------------------------------------------


def test_a_conversation_that_is_opened_shows_its_marks_and_asks_nothing(page: Page) -> None:
    conversation = "c" * 20
    store = page.advisor.conversations
    store.append(conversation, Turn("Oslo?", answer_for("Oslo?"), NOW), owner=OWNER)
    store.give_feedback(conversation, 1, Thumb.DOWN, owner=OWNER, given_at=NOW)
    update = page.load(OWNER, conversation)
    assert (marks(page, update), update[page.parts.rated]) == (["Dislike"], 0)
    assert len(update[page.parts.chat].value) == 2


def test_asking_again_takes_the_mark_off(page: Page, live: Live) -> None:
    for message in (1, 3):
        page.rate(live, message, False)
    update = page.ask_again(live)
    assert marks(page, update) == ["Dislike", None]
    assert update[page.parts.rated] == 0
    assert given(page) == [(1, "down", "")]


def test_a_draft_that_is_written_leaves_the_marks_alone(page: Page, live: Live) -> None:
    assert isinstance(page.talk_update(live.shown)[page.parts.chat], list)  # the messages and nothing else
