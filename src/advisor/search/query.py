"""Understand a question once, above search, with no model call: its words, and what a follow-up is about.

Knows the conversation before it and the words of the index; knows nothing of passages or answers to come.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from rapidfuzz import fuzz, process

from advisor.corpus.subjects import Subject
from advisor.errors import QuestionError
from advisor.records import Answer, Gloss, Intent, Profile, Query, Status
from advisor.search.asked import asked_subject, names_no_part
from advisor.search.gloss.reading import borne_out, gloss_of, in_english
from advisor.search.intent import asked_part, find_intent, reworded, subject_of
from advisor.search.planning import asks_plan
from advisor.search.profile import untold, with_profile
from advisor.search.roles import Mention, Spelling, mentions, role_of
from advisor.text import stem, stems, visible, words

_NO_ROLES: Mapping[str, str] = MappingProxyType({})
_BACK_REFERENCE = re.compile(
    r"^\W*(?:and|but|or|also|then|so|n|ok(?:ay)?|something|anything|another|more)\b|\b(?:what|how) about\b"
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
_ORDINAL = re.compile(
    r"\bthe (first|second|third|fourth|fifth|last)( one)?\b(?! (phase|step|stage|level|week|month))", re.IGNORECASE
)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_NUMERALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERED = re.compile(
    r"\b(phase|step|stage|level|part|week|month|year|module|chapter|tier) "
    rf"(\d{{1,2}}|{'|'.join(_NUMERALS)})\b",
    re.IGNORECASE,
)
_PARTS_OF_A_WAY = frozenset({"phase", "step", "stage", "part", "level"})
_ORDINAL_WORDS = ("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_ORDINAL_THING = re.compile(
    rf"\b({'|'.join(_ORDINAL_WORDS[1:])}) (phase|step|stage|level|part|module)\b", re.IGNORECASE
)

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
        "start become difference compare definition mean difficult hard easy teach teacher offer provide platform"
    ).split()
)
# "And statistics?" after "how long does SQL take?" asks for a time again.
_INHERITED = frozenset({Intent.DURATION, Intent.COST, Intent.RESOURCE, Intent.DEFINITION})
_BARE = re.compile(
    r"^\W*(?:and|or|but|ok|so|what about|how about)\b(?!.*\b(?:how|which|who|when|where|is|are|do|does|can)\b)",
    re.IGNORECASE,
)
# "How long until I'm a game programmer": however much is told besides, the way as a whole is asked for.
_UNTIL_ONE_IS = re.compile(
    r"\bhow (?:long|soon|quick(?:ly)?|fast|much time|many (?:hours|days|weeks|months|years))\b[^.?!]{0,40}?"
    r"\b(?:becom(?:e|ing)|until i'?m|till i'?m|before i'?m|until i am|till i am|to be|being|work(?:ing)? as) an?\b"
    r"|\bhow long\b[^.?!]{0,20}\b(?:road|way|path|journey) to\b",
    re.IGNORECASE,
)
# rapidfuzz ratios: "mathmat" and "mathemat" 93; "matter" and "master" 83, no less than "desing" for "design"
_TYPO_CUTOFF, _SWAP_CUTOFF = 85, 80
_SHORTEST_TYPO = 5


def read_question(question: str, *, max_chars: int) -> str:
    """The question as text that is safe to handle; raises QuestionError where there is nothing to answer."""
    if len(question) > max_chars:
        raise QuestionError(f"the question has {len(question):,} characters; ask in at most {max_chars:,}")
    clean = " ".join(visible(question).split())
    if not clean:
        raise QuestionError("the question is empty; ask in a few words, for example: How long is phase 1?")
    if not words(clean):
        raise QuestionError(f"the question {clean[:40]!r} holds no words; ask in a few words")
    return clean


def understand(
    question: str,
    history: Sequence[Answer],
    *,
    vocabulary: Collection[str],
    spellings: Sequence[Spelling] = (),
    roles: Mapping[str, str] = _NO_ROLES,
    profile: Profile | None = None,
    counted: Collection[str] = (),
) -> Query:
    """What a question asks, readable without the conversation before it.

    `history` are the answers so far, oldest first; `vocabulary` the stems of the index, for mending typos; `spellings`
    the names of the careers, `roles` the career of each document that has one, and `counted` what the pages count
    (phases, steps). The `profile`'s career is for questions that name none and belong to no conversation about one; one
    that no document has counts as none. What is asked in another language is read in plain English words.
    """
    gloss = gloss_of(question, [answer.question for answer in history])
    question, history = gloss.english if gloss else question, in_english(history)
    asked = _as_counted(_counted(asked_part(reworded(question))), counted)
    named = mentions(question, spellings)
    intent = find_intent(asked)
    if intent is not Intent.COMPARISON and asks_plan(question, names_career=bool(named)):
        intent = Intent.PLAN
    own = _terms(subject_of(asked, intent), vocabulary)
    spoken = {term for mention in named for word in mention.words for term in _terms(word, vocabulary)}
    others = tuple(term for term in own if term not in spoken)
    query = _with_roles(Query(question, asked, intent, own, numbered=_numbered(asked)), named, others)
    if standing := asked_subject(question, others):
        query = replace(query, subject=standing.subject, special=standing.left)
    if query.subject == Subject.FIRST_STEP:  # "step one" into a career is no counted part of its way
        query = replace(query, numbered=())
    before = next((answer for answer in reversed(history) if answer.status is Status.ANSWERED), None)
    documents = [citation.document for citation in before.citations] if before else []
    role = role_of(documents, roles)
    if before is not None and _leans_back(question, own, intent):
        query = _carry(query, before, vocabulary)
        query = query if query.roles or role is None else replace(query, roles=(role,))
    elif not query.roles and query.leaning is None:  # what is talked about need not be said again
        query = replace(query, leaning=role)
    cited = {roles[document] for document in documents if document in roles}
    fallback = profile.role if profile and profile.role in roles.values() else None
    return _with_gloss(_of_whole_way(with_profile(query, fallback, cited=cited), others), gloss, vocabulary)


def asked_so_far(history: Sequence[Answer], query: Query) -> list[str]:
    """The questions of a conversation in English, the query's last."""
    return [*(answer.question for answer in in_english(history)), query.question]


def _with_gloss(query: Query, gloss: Gloss | None, vocabulary: Collection[str]) -> Query:
    """The query with how it was read; one of which too little was read looks for nothing."""
    if gloss is None:
        return query
    gloss = borne_out(gloss, vocabulary)
    if gloss.is_readable:
        return replace(query, gloss=gloss)
    return Query(query.question, query.standalone, Intent.FACT, (), gloss=gloss)


def _of_whole_way(query: Query, asked: Sequence[str]) -> Query:
    """With "how long" asked of a career itself, and of nothing in particular, the subject is the way as a whole."""
    whole = query.intent is Intent.DURATION and len(query.roles) == 1 and not query.numbered
    if whole and (names_no_part(asked) or _UNTIL_ONE_IS.search(query.question)):
        return replace(query, subject=Subject.TIME, special=())
    return query


def _with_roles(query: Query, named: Sequence[Mention], others: tuple[str, ...]) -> Query:
    """The query with the careers it names; their names no longer count as words it looks for, if `others` are left."""
    if not named:
        return query
    persons = tuple(mention.role for mention in named if mention.names_person or len(named) > 1)
    if not persons:
        return replace(query, leaning=named[0].role)
    return replace(query, roles=persons, terms=others or query.terms)


def _terms(text: str, vocabulary: Collection[str]) -> tuple[str, ...]:
    """The stems of a text, typos mended: by the stem, else by the word ("desing" has the stem "dese")."""
    return tuple(dict.fromkeys(_known(term, word, vocabulary) for word in words(text) for term in stems(word)))


def _known(term: str, word: str, vocabulary: Collection[str]) -> str:
    """The stem as the index has it; itself where the index has neither it nor what it or its word is a typo of."""
    found = (_mended(spelt, vocabulary) for spelt in dict.fromkeys((term, word)))
    return next((mended for mended in found if mended in vocabulary), term)


def _mended(term: str, vocabulary: Collection[str]) -> str:
    """The term, or the one word of the index it is a typo of."""
    if term in vocabulary or len(term) < _SHORTEST_TYPO or any(char.isdigit() for char in term):
        return term
    near = process.extractOne(term, vocabulary, scorer=fuzz.ratio, score_cutoff=_SWAP_CUTOFF)
    if near is None or near[0][0] != term[0]:
        return term
    swapped = sorted(near[0]) == sorted(term)
    return near[0] if swapped or near[1] >= _TYPO_CUTOFF else term


def _counted(question: str) -> str:
    """The question with its counted things in digits: `phase two` and `the second phase` are `phase 2`."""
    digits = _NUMBERED.sub(lambda found: f"{found.group(1)} {_digits(found.group(2))}", question)
    return _ORDINAL_THING.sub(lambda found: f"{found.group(2)} {_ORDINAL_WORDS.index(found.group(1).lower())}", digits)


def counted_parts(headings: Iterable[str]) -> frozenset[str]:
    """What these headings count by number: `phase` where one of them is "Phase 2: Deep learning"."""
    return frozenset(kind.lower() for heading in headings for kind, _ in _NUMBERED.findall(heading)) & _PARTS_OF_A_WAY


def _as_counted(question: str, counted: Collection[str]) -> str:
    """The question with "stage 2" as "phase 2", where the pages count phases and nothing else."""
    if len(set(counted)) != 1:
        return question
    (kind,) = set(counted)

    def counted_so(found: re.Match[str]) -> str:
        return f"{kind} {found.group(2)}" if found.group(1).lower() in _PARTS_OF_A_WAY else found.group()

    return _NUMBERED.sub(counted_so, question)


def _digits(number: str) -> int:
    return int(number) if number.isdigit() else _NUMERALS.index(number.lower())


def _numbered(question: str) -> tuple[str, ...]:
    """The counted things of a question in one form: `phase two` and `the second phase` are `phase 2`."""
    counted = _NUMBERED.findall(_counted(question))
    return tuple(dict.fromkeys(f"{kind.lower()} {_digits(number)}" for kind, number in counted))


def _leans_back(question: str, own: tuple[str, ...], intent: Intent) -> bool:
    """Whether the question cannot be understood without the one before."""
    if intent is Intent.SMALL_TALK:
        return False
    content = [term for term in own if term not in _ASKED_FOR]
    refers = bool(_BACK_REFERENCE.search(_EMPTY_PRONOUN.sub(" ", question)))
    return not content or (refers and len(content) <= 4)


def _carry(query: Query, before: Answer, vocabulary: Collection[str]) -> Query:
    """The follow-up with the topic of the answer before it."""
    chosen = _chosen_item(query.question, before)
    carried = _terms(chosen, vocabulary) if chosen else _topic(before, vocabulary)
    taken = set(query.terms)
    kept = [term for term in carried if not any(slot & taken and term in slot for slot in _SLOTS)]
    numbered = query.numbered or (() if chosen else _carried_numbers(query.question, before))
    if numbered != _numbered(before.understood):
        digits = [thing.split()[1] for thing in numbered]
        kept = [*(term for term in kept if not term.isdigit()), *digits]
    terms = tuple(dict.fromkeys([*query.terms, *kept]))
    before_intent = find_intent(reworded(before.question))
    inherits = query.intent is Intent.FACT and before_intent in _INHERITED and bool(_BARE.match(query.question))
    topic = chosen or _readable(_renumbered(untold(before.understood), numbered), set(kept) - taken, vocabulary)
    return replace(
        query,
        standalone=f"{query.standalone} ({topic})" if topic else query.standalone,
        intent=before_intent if inherits else query.intent,
        terms=terms,
        is_follow_up=True,
        numbered=numbered,
        near=tuple(citation.passage_id for citation in before.citations),
    )


def _renumbered(understood: str, numbered: Sequence[str]) -> str:
    """The question before, with the one counted thing that is now meant in place of its own."""
    return _NUMBERED.sub(numbered[0], _counted(understood)) if len(numbered) == 1 else understood


_NEXT_ONE = re.compile(
    r"\b(?:in|of|about|for)?\s*the (?:next|following) (?:one|phase|step|stage|level|part)?\b|\bthe one after\b"
    r"|\bafter (?:that|this|the) (?:one|phase|step|stage|level|part)\b",
    re.IGNORECASE,
)


def _carried_numbers(question: str, before: Answer) -> tuple[str, ...]:
    """The counted things of the question before; "the one after that" counts one on."""
    numbered = _numbered(before.understood)
    if len(numbered) != 1 or not _NEXT_ONE.search(question):
        return numbered
    kind, number = numbered[0].split()
    return (f"{kind} {int(number) + 1}",)


def _topic(before: Answer, vocabulary: Collection[str]) -> tuple[str, ...]:
    """What the last answer was about: the words of its question that its sources bear out, else all of them."""
    asked = [term for term in _terms(reworded(untold(before.understood)), vocabulary) if term not in _ASKED_FOR]
    cited = set(stems(" ".join(f"{c.section} {c.quote} {c.title}" for c in before.citations)))
    return tuple(term for term in asked if term in cited) or tuple(asked)


def _chosen_item(question: str, before: Answer) -> str:
    """What "the second one" means: that claim of the last answer, "" where the question chooses none."""
    chosen = _ORDINAL.search(question)
    if not chosen or len(before.claims) < 2:
        return ""
    position = _ORDINALS[chosen.group(1).lower()]
    items = [claim.text for claim in before.claims]
    return items[position] if position < len(items) else ""


def _readable(text: str, terms: set[str], vocabulary: Collection[str]) -> str:
    """The words of a text that stand for these terms, in their own spelling."""
    kept = (word.strip("?.,!()") for word in text.split())
    return " ".join(dict.fromkeys(word for word in kept if set(_terms(word, vocabulary)) & terms))
