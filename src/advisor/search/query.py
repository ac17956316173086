"""Understand a question once, above search, with no model call: its words, and what a follow-up is about.

Knows the conversation before it and the words of the index; knows nothing of passages or answers to come.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from advisor.corpus.subjects import Subject
from advisor.errors import QuestionError
from advisor.records import Answer, Gloss, Intent, Profile, Query
from advisor.search.again import asked_again, of_the_two
from advisor.search.asked import asked_subject, asks_whole_way, names_no_part, names_nothing, opens_way
from advisor.search.counted import as_counted, in_digits, numbered_in
from advisor.search.following import carry, leans_back, spoken_of
from advisor.search.gloss.reading import borne_out, gloss_of, in_english
from advisor.search.intent import asked_part, find_intent, reworded, subject_of, without_asker
from advisor.search.planning import asks_plan
from advisor.search.profile import with_profile
from advisor.search.roles import Mention, Spelling, mentions
from advisor.search.typos import terms_of
from advisor.text import stems, visible, words

_SAYING_NOTHING = frozenset(
    """
    what what's whats who who's is are a an the even exactly actually actualy really anyway basically again does do tell
    me about explain so please pls
    """.split()
)
_AFTER_QUESTION = re.compile(r"(?<=\?)\s+")
_MARKS = "?!.,:;\"'()"
_OF_A_WAY = frozenset({Intent.DURATION, Intent.STEPS})
# "From data analyst to data scientist", "I'm a data analyst, how do I become …", "can a data analyst become …?"
_MOVES = re.compile(
    r"\bfrom (.+?) (?:in)?to\b|^\W*can an? (.+?) become\b"
    r"|^\W*(?:i'?m|i am|as) an? (.+?)\b(?:becom(?:e|ing)|(?:switch|mov|transition|pivot|chang|break|gett?|go)(?:e|ing)?"
    r"(?: over)? (?:in)?to)\b",
    re.IGNORECASE,
)
_TAKES = re.compile(r"\b(?:quick|fast|soon|long|short)(?:er|est)?\b", re.IGNORECASE)
# "Do I need to know programming?" is asked of what one wants to become.
_OF_ONESELF = re.compile(
    r"\b(?:do|should|must|would|will) i (?:really |even |also |still |first )?"
    r"(?:need|have to|know|learn|be able|use|study|be good at)\b",
    re.IGNORECASE,
)
_OF_A_THING = re.compile(r"\([^()]*\b(?:course|book|project|exam|certificate|bootcamp)\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r" *\([^()]*\)")
_NO_ROLES: Mapping[str, str] = MappingProxyType({})
# "How long until I'm a game programmer": however much is told besides, the way as a whole is asked for.
_UNTIL_ONE_IS = re.compile(
    r"\bhow (?:long|soon|quick(?:ly)?|fast|much time|many (?:hours|days|weeks|months|years))\b[^.?!]{0,40}?"
    r"\b(?:becom(?:e|ing)|(?:un)?till? i (?:can |could )?(?:am|be|become)|(?:un)?till? i'?m|before i'?m"
    r"|before i (?:can |could )?(?:am|be|become)|to be|being|work(?:ing)? as) an?\b"
    r"|\bhow long\b[^.?!]{0,20}\b(?:road|way|path|journey) to\b",
    re.IGNORECASE,
)


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
    counted: Collection[str] | None = None,
) -> Query:
    """What a question asks, readable without the conversation before it.

    `history` are the answers so far, oldest first; `vocabulary` the stems of the index, for mending typos; `spellings`
    the names of the careers, `roles` the career of each document that has one, and `counted` what the pages count
    (phases, steps), None where that is not known. The `profile`'s career is for questions that name none and belong to
    no conversation about one; one that no document has counts as none. What is asked in another language is read in
    plain English words.
    """
    gloss = gloss_of(question, [answer.question for answer in history])
    question, history = gloss.english if gloss else question, in_english(history)
    if of_another := asked_again(question, history, spellings, roles):
        query = understand(of_another, (), vocabulary=vocabulary, spellings=spellings, roles=roles, counted=counted)
        return _with_gloss(replace(query, again=question), gloss, vocabulary)
    asked = asked_part(reworded(question))
    standing = asked_subject(question)
    starts = opens_way(question)
    if not starts:  # "step one" into a career is no counted part of its way
        asked = as_counted(in_digits(asked, counted), counted or ())
    named = mentions(question, spellings)
    intent = find_intent(asked)
    if not named and (two := of_the_two(question, history, roles)):
        intent = Intent.DURATION if _TAKES.search(question) else Intent.COMPARISON
        named = tuple(Mention(role, (), names_person=True) for role in two)
        asked, history = f"{asked} ({' or '.join(two)})", ()  # nothing else is meant
    if intent is not Intent.COMPARISON and asks_plan(question, names_career=bool(named)):
        intent = Intent.PLAN
    if intent is Intent.STEPS and mentions(without_asker(asked), spellings) == named:
        asked = without_asker(asked)
    own = terms_of(subject_of(asked, intent), vocabulary)
    spoken = {term for mention in named for word in mention.words for term in terms_of(word, vocabulary)}
    others = tuple(term for term in own if term not in spoken)
    numbered = () if starts else numbered_in(asked, counted)
    query = _with_roles(Query(question, asked, intent, own, numbered=numbered), named, others)
    if standing:
        query = replace(query, subject=standing.subject, special=standing.left(others))
    before = spoken_of(question, own, history, vocabulary)
    documents = [citation.document for citation in before.citations] if before else []
    role = _career_told(history, roles) if before else None
    elsewhere = query.leaning is not None and (query.subject or names_nothing(others))  # "what are the phases for iOS?"
    if elsewhere:
        query = replace(query, roles=query.roles or (query.leaning or "",), leaning=None) if history else query
    if before is not None and not elsewhere and leans_back(question, own, intent):
        query = carry(query, before, vocabulary)
        query = query if query.roles or role is None else _about(query, role, before.understood)
    elif role and not query.careers:  # what is talked about need not be said again
        query = _with_career_before(query, role, query.special if query.subject else own)
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
    """With "how long" or "how do I get there" asked of a career itself, the subject is the way as a whole."""
    if query.origin:  # its lines tell of the move; the whole way is told where none does
        return query
    of_thing = query.is_follow_up and _OF_A_THING.search(query.standalone)  # "whats the first course?" was asked before
    whole = query.intent is Intent.DURATION and len(query.roles) == 1 and not query.numbered and not of_thing
    if whole and (names_no_part(asked) or _UNTIL_ONE_IS.search(query.question)):
        return replace(query, subject=Subject.TIME, special=())
    named_way = query.subject in {None, Subject.SKILLS}  # "in what order should I learn things?"
    if named_way and asks_whole_way(query) and not query.numbered and not query.is_follow_up:
        return replace(query, subject=Subject.PATH, special=())
    return query


def _with_roles(query: Query, named: Sequence[Mention], others: tuple[str, ...]) -> Query:
    """The query with the careers it names; their names no longer count as words it looks for, if `others` are left."""
    if not named:
        return query
    if len(named) == 2 and _tells_of_move(query.question, named[0]):
        first, goal = named
        terms = tuple(dict.fromkeys([*others, *stems(" ".join(first.words))]))
        return replace(query, roles=(goal.role,), origin=first.role, terms=terms)
    is_way = query.intent in _OF_A_WAY and names_no_part(others)  # "how long does it take to learn data science?"
    persons = tuple(mention.role for mention in named if mention.names_person or len(named) > 1 or is_way)
    if not persons:
        asks_what_it_is = query.intent is Intent.DEFINITION and not others  # "what is cybersecurity?"
        return replace(query, leaning=named[0].role, subject=Subject.DEFINITION if asks_what_it_is else query.subject)
    if query.subject is None and _asks_only_for(named, query.question):
        role, asked_for = named[0].role, _asked_for(query.question)
        is_other_name = _is_by_another_name(named[0])
        standalone = f"What is {role} ({asked_for})?" if is_other_name else query.standalone
        return replace(query, intent=Intent.DEFINITION, standalone=standalone, roles=persons, terms=tuple(stems(role)))
    own_names = tuple(dict.fromkeys(stem for role in persons for stem in stems(role)))
    return replace(query, roles=persons, terms=others or own_names)


def _tells_of_move(question: str, first: Mention) -> bool:
    """Whether somebody goes from the career named first to the other."""
    moves = _MOVES.search(question)
    origin = next((part for part in moves.groups() if part), "") if moves else ""
    return bool(origin) and set(stems(" ".join(first.words))) <= set(stems(origin))


def _career_told(history: Sequence[Answer], roles: Mapping[str, str]) -> str | None:
    """The career that the answers so far tell of: that of the last which cites one and no other.

    Pages of no career leave it as it was, and so do pages of several where it is one of them.
    """
    among: set[str] = set()
    for answer in reversed(history):
        cited = {roles[citation.document] for citation in answer.citations if citation.document in roles}
        if len(cited) == 1:
            (role,) = cited
            return role if not among or role in among else None
        among = among & cited or among or cited
    return None


def _with_career_before(query: Query, role: str, asked_for: Sequence[str]) -> Query:
    """The query with the career of the conversation: as what it is about, or as likely so."""
    if names_nothing(asked_for):
        return replace(query, roles=(role,))
    if _OF_ONESELF.search(query.question):
        return replace(query, roles=(role,), standalone=f"{query.standalone} ({_IN_BRACKETS.sub('', role)})")
    return replace(query, leaning=role)


def _about(query: Query, role: str, asked_before: str) -> Query:
    """The query about a career of the conversation; where that was named, its name is no word looked for any more.

    Where it was not, a part of its name says something else: a course on machine learning.
    """
    name = set(stems(role))
    others = tuple(term for term in query.terms if term not in name)
    was_named = name <= set(stems(asked_before))
    return replace(query, roles=(role,), terms=others if others and was_named else query.terms)


def _asks_only_for(named: Sequence[Mention], question: str) -> bool:
    """Whether no more than one career's name is asked for: "what is a data scientist", "SDET? Saw it in an ad"."""
    if len(named) != 1:
        return False
    asking = [part for part in _AFTER_QUESTION.split(question) if part.endswith("?")] or [question]
    return len(asking) == 1 and _names_alone(named[0], asking[0])


def _names_alone(mention: Mention, text: str) -> bool:
    said = words(text.lower())
    return set(mention.words) <= set(said) and all(word in mention.words or word in _SAYING_NOTHING for word in said)


def _asked_for(question: str) -> str:
    """What such a question asks for, as it is written there: "SDET"."""
    asking = question.partition("?")[0]
    written = (word.strip(_MARKS) for word in asking.split())
    return " ".join(word for word in written if word.lower() not in _SAYING_NOTHING)


def _is_by_another_name(mention: Mention) -> bool:
    """Whether the pages call the career by words that the question does not have: "production engineer"."""
    return not set(stems(mention.role)) <= set(stems(" ".join(mention.words)))
