"""What a follow-up takes from the answer before it: its topic, its counted part, the item that it chooses.

Patterns over the learner's words, and what the last answer cited; knows nothing of passages or answers to come.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from advisor.records import Answer, Intent, Query, Status
from advisor.search.asked import opens_way
from advisor.search.counted import NUMBERED, in_digits, numbered_in
from advisor.search.intent import find_intent, reworded
from advisor.search.profile import untold
from advisor.search.typos import terms_of
from advisor.text import stem, stems

_BACK_REFERENCE = re.compile(
    r"^\W*(?:and|but|or|also|then|so|n|ok(?:ay)?|hmm+|cool|nice|great|something|anything|another|more)\b"
    r"|\b(?:what|how) about\b|\bmeanwhile\b|\balternatives?\b|\b(?:why|how) (?:though|tho|so|come)\b"
    r"|\b(?:the|any|a) (?:replacements?|successors?)\b(?! (?:of|for|to)\b)|\binstead\b(?! of\b)"
    r"|\b(?:it|its|that|those|these|them|they|this|ones?|there|he|she|his|her)\b"
    r"|\bthe (?:former|latter|same|other|others|rest)\b|\bthe (?:first|second|third|fourth|fifth|last)(?: one)?\b",
    re.IGNORECASE,
)
# "is it worth", "how long does it take to", "that is": the pronoun refers to nothing
_EMPTY_PRONOUN = re.compile(
    r"\b(?:does|will|would|do|can|is|was) it "
    r"(?:take|worth|possible|hard|difficult|better|necessary|required|okay|ok|true|too)\b(?: to)?"
    r"|\bthis (?:week|month|year|career|role|job|field|path|roadmap|site|advis[eo]r|chat)\b"
    r"|\b(?:some|any|every|no)one\b|\bis there\b|\bare there\b|\bthere (?:is|are)\b"
    r"|\bthat (?:i|you|we|they|a|an|the|can|are|is|will|would|should|help|teach|cover|take|use)s?\b",
    re.IGNORECASE,
)
FEWEST_KNOWN = 2  # words of a question that was refused, for it to be about something of the pages
_PRONOUN = re.compile(r"\b(?:it|its|that one|this one)\b", re.IGNORECASE)
_ORDINAL = re.compile(
    r"\bthe (first|second|third|fourth|fifth|last)( one)?\b(?! (phase|step|stage|level|week|month))", re.IGNORECASE
)
# "In the second one", after what phase 1 holds was told
_IN_ANOTHER = re.compile(r"\b(?:in|during|for) the (first|second|third|fourth|fifth)(?: one)?\W*$", re.IGNORECASE)
_KIND_CHOSEN = re.compile(r" (course|book|project|job|certificate|exam|skill|tool)s?\b", re.IGNORECASE)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
# One of these in the new question replaces another of its group from the question before.
_SLOTS: tuple[frozenset[str], ...] = tuple(
    frozenset(stem(word) for word in group.split())
    for group in (
        "beginner basic entry junior introductory intermediate advanced expert senior",
        "book course certificate project paper tool community group skill language topic framework degree",
        "phase step stage",
        "linear calculus statistics probability",
    )
)
# What a question asks for, not what it is about: never carried into the next question.
_ASKED_FOR = frozenset(
    stem(word)
    for word in (
        "duration time hour day week month year link url website cost price free paid level many much often best first "
        "start become difference compare definition mean difficult hard easy teach teacher offer provide platform "
        "alternative though tho meanwhile"
    ).split()
)
_MUCH_TIME = re.compile(
    r"\b\d+ ?(?:h|hrs?|hours?|days?|weeks?|months?|years?)\b(?: (?:a|per|each) \w+)?", re.IGNORECASE
)
# "And statistics?" after "how long does SQL take?" asks for a time again.
_INHERITED = frozenset({Intent.DURATION, Intent.COST, Intent.RESOURCE, Intent.DEFINITION})
_PLAIN = frozenset({Intent.FACT, Intent.STEPS})  # "and the phase that comes after it?"
_BARE = re.compile(
    r"^\W*(?:and|or|but|ok|so|what about|how about)\b(?!.*\b(?:how|which|who|when|where|is|are|do|does|can)\b)",
    re.IGNORECASE,
)
# "One level up" from what was asked for beginners; "something harder".
_LEVELS = ("beginner", "intermediate", "advanced")
_OTHER_LEVELS = (
    (1, r"(?:one|a|the next) (?:level|step|notch) (?:up|higher|above|further)|(?:the )?next level(?: up)?"),
    (1, r"(?:something|anything|ones?|a bit|a little|any) (?:that'?s |a bit |a little |much )*"
        r"(?:harder|tougher|more (?:advanced|difficult|challenging|demanding))(?: ones?)?"),
    (-1, r"(?:one|a) (?:level|step|notch) (?:down|lower|below)"),
    (-1, r"(?:something|anything|ones?|a bit|a little|any) (?:that'?s |a bit |a little |much )*"
         r"(?:easier|simpler|less (?:advanced|difficult|challenging|demanding))(?: ones?)?"),
)  # fmt: skip
_LEVEL_WORDS = tuple(
    frozenset(stem(word) for word in group.split())
    for group in ("beginner beginners basic entry junior introductory", "intermediate", "advanced expert senior")
)
# "The SQL one" after "how long is the Python course?": another of the same kind, so its name takes the other's place.
_THE_ONE = re.compile(r"\bthe ([\w+#.-]+(?: [\w+#.-]+){0,2}?) ones?\b", re.IGNORECASE)
_KINDS = (
    "book course certificate certification exam project paper tool group community skill language topic framework "
    "degree specialization track path phase bootcamp module"
).split()
_NAMED = re.compile(rf"\b([\w+#.-]+) (?:{'|'.join(_KINDS)})s?\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z][\w+#.-]*")  # "AI" and "SQL" are mostly what it is about, not what it is


def spoken_of(
    question: str, own: Sequence[str], history: Sequence[Answer], vocabulary: Collection[str]
) -> Answer | None:
    """The answer that a follow-up is about, `history` oldest first: the last that was given; None where none was.

    One that was refused only where the question names nothing, or "it" stands for what was asked there, mostly in words
    of the pages: the price of a course is not told, and then its length is asked for. `own` are the question's stems.
    """
    asked = [answer for answer in history if answer.status is not Status.CLARIFY]
    names_nothing = all(term in _ASKED_FOR for term in own)
    refers = names_nothing or bool(_PRONOUN.search(_EMPTY_PRONOUN.sub(" ", question)))
    if asked and refers and asked[-1].status is Status.REFUSED:
        named = _named_in(asked[-1], vocabulary)
        known = [term for term in named if term in vocabulary]
        if len(known) >= max(FEWEST_KNOWN, len(named) / 2):
            return asked[-1]
    return next((answer for answer in reversed(asked) if answer.status is Status.ANSWERED), None)


def leans_back(question: str, own: tuple[str, ...], intent: Intent) -> bool:
    """Whether the question cannot be understood without the one before."""
    if intent is Intent.SMALL_TALK:
        return False
    content = [term for term in own if term not in _ASKED_FOR]
    refers = bool(_BACK_REFERENCE.search(_EMPTY_PRONOUN.sub(" ", question)))
    return not content or (refers and len(content) <= 4) or bool(_NEXT_ALONE.match(question))


def carry(query: Query, before: Answer, vocabulary: Collection[str]) -> Query:
    """The follow-up with the topic of the answer before it."""
    query = _at_other_level(query, before)
    chosen = _chosen_item(query.question, before)
    carried = terms_of(chosen, vocabulary) if chosen else _topic(before, vocabulary)
    taken = set(query.terms)
    kept = [term for term in carried if not any(slot & taken and term in slot for slot in _SLOTS)]
    replaced = _replaced(query.question, before)
    kept = [term for term in kept if term not in replaced]
    numbered = query.numbered or (numbered_in(chosen) if chosen else _carried_numbers(query.question, before))
    if numbered and numbered != numbered_in(before.understood):
        digits = [thing.split()[1] for thing in numbered]
        kept = [*(term for term in kept if not term.isdigit()), *digits]
    terms = tuple(dict.fromkeys([*query.terms, *kept]))
    before_intent = find_intent(reworded(before.question))
    inherits = query.intent in _PLAIN and before_intent in _INHERITED and bool(_BARE.match(query.question))
    topic = chosen or _readable(_renumbered(untold(before.understood), numbered), set(kept) - taken, vocabulary)
    moves_on = chosen or numbered or _ELSEWHERE.search(query.question)
    topic = "; ".join(filter(None, (topic, "" if moves_on else _place(before))))
    return replace(
        query,
        standalone=f"{query.standalone} ({topic})" if topic else query.standalone,
        intent=before_intent if inherits else query.intent,
        terms=terms,
        is_follow_up=True,
        numbered=numbered,
        near=tuple(citation.passage_id for citation in before.citations),
    )


def _place(before: Answer) -> str:
    """The heading below which all that the answer before said stands; "" where that is several, or the whole page."""
    headings = {tuple(citation.section.split(" > ")) for citation in before.citations}
    only = next(iter(headings)) if len(headings) == 1 else ()
    return only[-1] if len(only) > 1 else ""


def _at_other_level(query: Query, before: Answer) -> Query:
    """The query with the level that "one level up" means, where the question before named one."""
    asked = set(stems(before.understood))
    was = next((level for level, named in enumerate(_LEVEL_WORDS) if named & asked), None)
    for step, pattern in _OTHER_LEVELS:
        spoken = re.search(rf"\b(?:{pattern})\b", query.question, re.IGNORECASE)
        if spoken and was is not None and 0 <= was + step < len(_LEVELS):
            level = _LEVELS[was + step]
            left = [term for term in query.terms if term not in stems(spoken.group())]
            standalone = query.standalone.replace(spoken.group(), level)
            return replace(query, terms=tuple(dict.fromkeys([*left, stem(level)])), standalone=standalone)
    return query


def _replaced(question: str, before: Answer) -> frozenset[str]:
    """The stems of the name in whose place "the SQL one" puts another; none where the question says no such thing."""
    other = _THE_ONE.search(question)
    if not other or _ORDINAL.search(question) or _NEXT_ONE.search(question):
        return frozenset()
    names = [*_NAMED.findall(before.understood), *_NAME.findall(before.understood)]
    return frozenset(stems(" ".join(names))) - frozenset(stems(other.group(1)))


def _renumbered(understood: str, numbered: Sequence[str]) -> str:
    """The question before, with the one counted thing that is now meant in place of its own."""
    return NUMBERED.sub(numbered[0], in_digits(understood)) if len(numbered) == 1 else understood


# What is asked for stands beside what was told, and not in its section.
_ELSEWHERE = re.compile(r"\b(?:others?|another|else|next|after|before|later|then|instead|\d+)\b", re.IGNORECASE)
_NEXT_ONE = re.compile(
    r"\b(?:in|of|about|for)?\s*the (?:next|following) (?:one|phase|step|stage|level|part)?\b|\bthe one after\b"
    r"|\bafter (?:that|this|the)(?: (?:one|phase|step|stage|level|part))?\b|\band then\W*$",
    re.IGNORECASE,
)
_NEXT_ALONE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|so|cool|great|thanks)\W+)*"
    r"what(?:'?s| is| comes?| do i (?:do|learn|study))? (?:next|then|after(?: that)?)\W*$",
    re.IGNORECASE,
)


def _carried_numbers(question: str, before: Answer) -> tuple[str, ...]:
    """The counted things of the question before; "the one after that" counts one on."""
    numbered = () if opens_way(before.understood) else numbered_in(before.understood)
    if len(numbered) == 1 and (other := _IN_ANOTHER.search(question)):
        return (f"{numbered[0].split()[0]} {_ORDINALS[other[1].lower()] + 1}",)
    if len(numbered) != 1 or not (_NEXT_ONE.search(question) or _NEXT_ALONE.match(question)):
        return numbered
    kind, number = numbered[0].split()
    return (f"{kind} {int(number) + 1}",)


def _topic(before: Answer, vocabulary: Collection[str]) -> tuple[str, ...]:
    """What the last answer was about: the words of its question that it and its sources bear out, else all of them."""
    asked = _named_in(before, vocabulary)
    if before.status is Status.REFUSED:  # what it was refused for is no topic
        return tuple(term for term in asked if term in vocabulary)
    told = [before.text, *(f"{c.section} {c.quote} {c.title}" for c in before.citations)]
    cited = set(stems(" ".join(told)))
    return tuple(term for term in asked if term in cited) or tuple(asked)


def _named_in(answer: Answer, vocabulary: Collection[str]) -> list[str]:
    """The stems of the question before, without those that only say what was wanted of it, or how much time one has."""
    asked = _MUCH_TIME.sub(" ", reworded(untold(answer.understood)))
    return [term for term in terms_of(asked, vocabulary) if term not in _ASKED_FOR]


def _chosen_item(question: str, before: Answer) -> str:
    """What "the second one" means: that claim of the last answer, "" where the question chooses none."""
    chosen = _ORDINAL.search(question)
    counted = _IN_ANOTHER.search(question) and len(numbered_in(before.understood)) == 1
    of_kind = _KIND_CHOSEN.match(question, chosen.end()) if chosen else None
    is_other = of_kind is not None and not set(stems(of_kind[1])) & set(stems(before.understood))
    if not chosen or counted or is_other or len(before.claims) < 2:
        return ""
    position = _ORDINALS[chosen.group(1).lower()]
    items = [claim.text for claim in before.claims]
    return items[position] if position < len(items) else ""


def _readable(text: str, terms: set[str], vocabulary: Collection[str]) -> str:
    """The words of a text that stand for these terms, in their own spelling."""
    kept = (word.strip("?.,!()") for word in text.split())
    return " ".join(dict.fromkeys(word for word in kept if set(terms_of(word, vocabulary)) & terms))
