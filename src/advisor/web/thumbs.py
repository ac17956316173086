"""Thumbs under answers: what Gradio calls them, to which turn of the store they belong, and how they are kept there.

Knows nothing of controls.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from advisor.errors import UsageError
from advisor.memory import REASON_CHARS, Conversations, Feedback, Thumb
from advisor.web.talk import FINISHED, Phase, Shown, ShownTurn

REASONS = ("Wrong", "Something is missing", "Not what I asked", "Source does not say it")
WORDS_CHARS = REASON_CHARS - len("; ".join((*REASONS, "")))  # what the chosen reasons leave of the room
NAMES = {Thumb.UP: "Like", Thumb.DOWN: "Dislike"}  # Gradio draws a thumb for these two words and a flag for all others


def can_be_rated(turn: ShownTurn) -> bool:
    """Whether the turn has come to an end with an answer, which the store then holds."""
    return turn.phase in FINISHED and turn.phase is not Phase.FAILED and turn.answer is not None


def kept_number(turn: ShownTurn) -> int:
    """The number under which the store keeps a turn that can be rated; the first is 1."""
    return turn.kept_before + 1


def turn_at(shown: Shown, message: object) -> ShownTurn | None:
    """The turn whose answer is the message at this place, questions counted; None for what a browser made up."""
    if not isinstance(message, int) or message % 2 == 0 or not 0 < message < 2 * len(shown.turns):
        return None
    turn = shown.turns[message // 2]
    return turn if can_be_rated(turn) else None


def pressed(liked: object) -> Thumb | None:
    """The thumb that Gradio reports: true, false, or anything else where one was let go."""
    return Thumb.UP if liked is True else Thumb.DOWN if liked is False else None


def marks(shown: Shown, feedback: Iterable[Feedback]) -> list[str | None]:
    """Gradio's name of the thumb under each answer of the screen, None where there is none."""
    given = {one.number: NAMES[one.thumb] for one in feedback}
    return [given.get(kept_number(turn)) if can_be_rated(turn) else None for turn in shown.turns]


def keep(store: Conversations, shown: Shown, message: object, thumb: Thumb | None, *, owner: str) -> int:
    """Keep the thumb under a message, or forget it; the result is the turn's number in the store, 0 where it has none.

    UsageError where the store no longer holds that question under that number: another tab may have asked since.
    """
    turn = turn_at(shown, message)
    if turn is None or turn.answer is None:
        return 0
    number = kept_number(turn)
    kept = store.turns(shown.conversation, owner=owner)[number - 1 : number]
    if [one.question for one in kept] != [turn.answer.question]:
        raise UsageError("this answer is not kept any more, so it cannot be rated: load the page again.")
    if thumb is None:
        store.withdraw_feedback(shown.conversation, number, owner=owner)
    else:
        store.give_feedback(shown.conversation, number, thumb, owner=owner, given_at=datetime.now(UTC))
    return number


def explain(store: Conversations, shown: Shown, number: int, chosen: Sequence[str], words: str, *, owner: str) -> None:
    """Keep the reasons chosen and the learner's own words, as one text, with a thumbs-down."""
    reason = "; ".join([*chosen, *filter(None, [words.strip()])])
    store.give_feedback(shown.conversation, number, Thumb.DOWN, reason, owner=owner, given_at=datetime.now(UTC))
