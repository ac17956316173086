"""Answers to two questions in one: "how long does it take to become X, and which certificates matter?"

Only where each half asks for another standing section of the one career meant, so that each has an answer of its own.
Knows nothing of how such a section is found.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.answer.sections import select_section
from advisor.answer.selection import Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.corpus.subjects import Subject
from advisor.records import Intent, Query
from advisor.search.asked import asked_subject
from advisor.search.intent import find_intent
from advisor.text import stems

_ASKS = r"(?=(?:how|what|which|who|where|when|is|are|do|does|can|should)\b)"
_BETWEEN = re.compile(rf"\s*[,;]?\s+and (?:also |then )?{_ASKS}|\?\s+(?:and )?(?=\w)", re.IGNORECASE)


def select_both(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The sections that answer the two halves of a question, in its order; None where it has no two such halves."""
    halves = _BETWEEN.split(query.question.rstrip(" ?"))
    if len(halves) != 2 or len(query.careers) != 1:
        return None
    asked = [_half(query, half) for half in halves]
    if any(half.subject is None for half in asked) or asked[0].subject == asked[1].subject:
        return None
    told = [select_section(half, weighed) or select_section(replace(half, special=()), weighed) for half in asked]
    sections = [section for section in told if section is not None]
    if len(sections) != 2:
        return None
    shape = next((section.shape for section in sections if section.shape is not Shape.SENTENCES), Shape.SENTENCES)
    return Selection(shape, tuple(group for section in sections for group in section.groups))


def _half(query: Query, words: str) -> Query:
    """The query as if only these words had been asked, of the same career."""
    own = set(stems(words))
    terms = tuple(term for term in query.terms if term in own)
    found = asked_subject(words)
    special = found.left(terms) if found else ()
    intent = find_intent(words)
    if intent is Intent.DURATION and not special:
        return replace(query, intent=intent, terms=terms, subject=Subject.TIME, special=())
    intent = Intent.FACT if intent is Intent.DURATION else intent
    return replace(query, intent=intent, terms=terms, subject=found.subject if found else None, special=special)
