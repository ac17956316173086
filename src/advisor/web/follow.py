"""Going on from the last answer: what it was taken to ask, what to ask next, and the last question put differently.

Pure functions over what stands on the screen. Knows nothing of controls or HTML.
"""

import re

from rapidfuzz import fuzz

from advisor.records import Answer
from advisor.search.again import goes_on
from advisor.search.gloss.replies import is_in_other_language
from advisor.text import normalise, words
from advisor.web.talk import FINISHED, Shown, ShownTurn

_CARRIED = re.compile(r" \(([^()]+)\)$")  # the topic that a follow-up takes over stands in brackets at its end
_OTHER_NAME = re.compile(r"What is (?P<name>.+) \((?P<asked>[^()]+)\)\?")
_TYPO_RATIO = 75  # rapidfuzz: "engneer" and "engineer" 93; a word for another, "earn" and "salary", 40


def restated(answer: Answer) -> str:
    """The wording that was searched where it says more than the question did; empty where it says the same.

    That is the question before asked of another career, a topic carried over from before, put behind the question as
    it was asked, a mended typo, another name of what is asked for, or a question of another language in English. Words
    of the question that search exchanged for those of the pages are no news to a learner.
    """
    if is_in_other_language(answer):
        return answer.understood
    question, understood = " ".join(answer.question.split()), " ".join(answer.understood.split())
    if _asks_again(question, understood):
        return understood
    carried = _CARRIED.search(understood)
    if carried and not set(words(carried[1])) <= set(words(question)):
        return f"{question} ({carried[1]})"
    return understood if _names_otherwise(question, understood) or _only_mends(question, understood) else ""


def _asks_again(question: str, understood: str) -> bool:
    """Whether the question before is asked again, of something else: hardly a word of it stands in this one."""
    said = set(words(_CARRIED.sub("", understood)))
    return goes_on(question) and len(said & set(words(question))) < len(said) / 2


def _names_otherwise(question: str, understood: str) -> bool:
    """Whether what the question asks for is understood to be something of another name: an SDET, a QA engineer."""
    found = _OTHER_NAME.fullmatch(understood)
    asked = set(words(question))
    return found is not None and set(words(found["asked"])) <= asked and not set(words(found["name"])) <= asked


def _only_mends(question: str, understood: str) -> bool:
    """Whether the two differ in words that are spelled nearly alike, and in nothing else."""
    asked, taken = words(question), words(understood)
    if len(asked) != len(taken) or normalise(question) == normalise(understood):
        return False
    changed = [(a, b) for a, b in zip(asked, taken, strict=True) if a != b]
    return bool(changed) and all(fuzz.ratio(a, b) >= _TYPO_RATIO for a, b in changed)


def suggestions(shown: Shown) -> tuple[str, ...]:
    """The questions to ask next, those of the last answer; none while it is made."""
    last = shown.turns[-1] if shown.turns else None
    if last is None or last.phase not in FINISHED or last.answer is None:
        return ()
    return last.answer.suggestions


def asked(turn: ShownTurn) -> str:
    """A question in the learner's words."""
    return turn.question


def understood(turn: ShownTurn) -> str:
    """A question as it was understood, where that says more, else as it was asked."""
    return (restated(turn.answer) if turn.answer else "") or turn.question


def name_of_last(shown: Shown) -> str:
    """What tells the last turn of this screen from every other; empty where none can be asked differently."""
    if not shown.turns or shown.is_running:
        return ""
    return f"{shown.conversation} {len(shown.turns)} {shown.turns[-1].kept_before}"
