"""Questions that are not for a career adviser: somebody in danger, and matters of health, law or money.

Patterns over the learner's words. Knows nothing of what is replied (`answer.compose`). A page may speak of such a thing
too (burnout, visas): only danger to life goes before an answer whose sources say the very word.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from advisor.text import stems


class Matter(StrEnum):
    """What a question touches that belongs to somebody else."""

    DANGER = "danger"
    HEALTH = "health"
    LAW = "law"
    MONEY = "money"


_WORDS: tuple[tuple[Matter, tuple[str, ...]], ...] = (
    (
        Matter.DANGER,
        (
            r"\bkill(?:ing)? my ?self\b|\bsuicid\w*|\bself[- ]?harm\w*|\b(?:hurt|cut|harm)(?:ting|ing)? my ?self\b",
            r"\b(?:want|wish|going|like|ready) (?:to|i could) (?:die|be dead)\b|\bbetter off dead\b",
            r"\bend (?:my life|it all)\b|\b(?:don'?t|do not|no longer) want to (?:live|be alive|be here any ?more)\b",
            r"\bno (?:reason|point) (?:to|in) (?:live|living)\b|\btake my own life\b",
        ),
    ),
    (
        Matter.HEALTH,
        (
            r"\b(?:medicines?|medications?|pills?|dos(?:e|age) of|symptoms?|diagnos\w+|depress(?:ed|ion))\b",
            r"\b(?:antidepressants?|ritalin|adderall|insomnia|pregnan\w+|vaccin\w+|migraines?|panic attacks?)\b",
            r"\bmy (?:\w+ )?(?:back|knee|wrist|head|chest|stomach|eye|neck|hand|arm)s? (?:hurts?|aches?)\b",
            r"\bcan'?t sleep\b|\bpain in my\b|\bburn(?:ed|t) out\b",
        ),
    ),
    (
        Matter.LAW,
        (
            r"\b(?:sue|suing|lawsuit|lawyers?|attorney|is it (?:il)?legal|legally|non-?compete|unfair dismissal)\b",
            r"\b(?:visas?|work permit|green card|immigration|asylum|residence permit|labou?r law|h-?1b)\b",
        ),
    ),
    (
        Matter.MONEY,
        (
            r"\b(?:invest(?:ing|ments?)? (?:in|my)|bitcoin|mortgage|pension|day ?trading|shares of)\b",
            r"\b(?:buy|sell|hold|own|pick|into|which|what|good|best)(?:ing)? (?:\w+ ){0,3}stocks?\b",
            r"\bstocks? (?:to|tips?)\b",
            r"\b(?:tax(?:es)?|tax return|take out a loan|my debts?|go into debt|bankruptcy)\b",
        ),
    ),
)
_PATTERNS = tuple((matter, re.compile("|".join(ways), re.IGNORECASE)) for matter, ways in _WORDS)


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A matter and the stems of the words that tell it."""

    matter: Matter
    stems: frozenset[str]


def sensitive(question: str) -> Sensitive | None:
    """The gravest matter that the question touches, None where it touches none."""
    for matter, pattern in _PATTERNS:
        if found := pattern.search(question):
            return Sensitive(matter, frozenset(stems(found.group())))
    return None


def matter_of(question: str) -> Matter | None:
    """The gravest matter that the question touches, None where it touches none."""
    found = sensitive(question)
    return found.matter if found else None
