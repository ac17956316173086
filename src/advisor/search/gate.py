"""Decide before anything is written: answer, or refuse because the corpus does not cover the question.

The features come from the search: how near the best passage is in meaning, how much of the question's wording one
passage bears out, whether something decisive (a topic such as pay or visas, a role, "phase 9") is missing from all of
them; and, where lines were read, how likely the best one answers. Knows nothing of answers or of how lines are read.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from advisor.records import Hit, Intent, Query
from advisor.search.asked import asks_whole_way, names_no_part
from advisor.search.counted import spans_of
from advisor.search.intent import is_only_orders, is_pastime
from advisor.search.moment import asks_when
from advisor.search.pay import PAY, asks_amount_of_pay, asks_pay, missing_pay
from advisor.search.thesaurus import synonyms, topic
from advisor.text import normalise, stems

PASSAGES_READ = 6
ALIKE = 0.8  # a synonym against the word itself
MOST_SURE = 6.0  # log-odds


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature counts in the sum of log-odds."""

    reading: float
    nearness: float
    coverage: float
    missing: float
    standing: float
    bias: float


# Logistic regressions on dev questions by eval/fit_gate.py (docs/decisions/003-gate.md): where no line was read, a
# standing section counting by hand (the page has it, whatever words the question found for it), and where some were.
UNREAD = Weights(reading=0.0, nearness=6.1, coverage=3.9, missing=-3.5, standing=3.0, bias=-4.4)
READ = Weights(reading=1.04, nearness=4.68, coverage=0.89, missing=-1.26, standing=1.22, bias=-1.27)
THRESHOLD = -0.4  # of the sum; chosen on the dev questions, see the decision
SURE = 1.0  # of the sum without a reading, where rules find the answer rather than the reader
LEAST_NEARNESS = 0.2  # below this no passage is about anything like it, however its words may read
READ_OF_PAY = 0.2  # least reading for what somebody earns: the pay of others is worse than none
_RULED = frozenset({Intent.DURATION, Intent.RESOURCE})

_ROLE = re.compile(
    r"\b(?:(?:become|becoming|being|be) an?|do(?:es)? an?)\s+((?:[\w/+#-]+\s+){0,3}?[\w/+#-]+)"
    r"(?=\s+(?:do|does|earn|make|need|in|at|with|without|if|and|or|when|after|even|actually)\b|\W*$)",
    re.IGNORECASE,
)


# "What GPA do I need", "which university": the property that is asked for
_ATTRIBUTE = re.compile(
    r"\b(?:what|which|whose) ([\w-]+)(?= (?:do|does|did|is|are|should|would|can|could|will|has|have)\b)", re.I
)


@dataclass(frozen=True, slots=True)
class Features:
    """What the gate looks at; `nearness` (a cosine) and `coverage` are 0…1."""

    nearness: float
    coverage: float
    missing: tuple[str, ...]  # decisive stems that no passage near the top has
    missing_numbered: tuple[str, ...]  # "phase 9" where no passage has one
    reading: float | None = None  # how likely the best line answers, 0…1; None where none was read
    is_standing: bool = False  # a subject that every career page has, asked of a career that has a page, and no more


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether to answer, and the features it rests on."""

    answer: bool
    features: Features


def decide(
    query: Query,
    hits: Sequence[Hit],
    *,
    rarity: Mapping[str, float],
    reading: float | None = None,
    documents: Sequence[str] = (),
    words: Collection[str] = frozenset(),
) -> Decision:
    """Answer if the passages bear out enough of the question; refuse if they do not or if there are none.

    `documents` are the whole texts that the passages are from, if they are at hand: what they count is not missing.
    `words` are those of the language, which are no names.
    """
    unread = features_of(query, hits, rarity=rarity, documents=documents)
    features = replace(unread, reading=reading)
    is_ruled = query.intent in _RULED or asks_when(query.question)
    passes = score(features) >= THRESHOLD or (is_ruled and score(unread) >= SURE) or asks_whole_way(query)
    of_others = reading is not None and reading < READ_OF_PAY and asks_pay(query.question)
    not_stated = PAY in features.missing and asks_amount_of_pay(query.question)
    is_far = features.nearness < LEAST_NEARNESS and not features.is_standing
    asks_nothing = is_only_orders(query.question) or is_pastime(query.question)
    unknown = unknown_professions(query, rarity) or unknown_offers(query, rarity, words)
    lacks = features.missing_numbered or unknown or asks_nothing or not_stated or of_others or is_far
    return Decision(bool(hits) and passes and not lacks, features)


def score(features: Features) -> float:
    """The log-odds that the corpus answers the question."""
    weights = UNREAD if features.reading is None else READ
    return (
        weights.reading * log_odds(features.reading or 0.5)
        + weights.nearness * features.nearness
        + weights.coverage * features.coverage
        + (weights.missing if features.missing else 0.0)
        + (weights.standing if features.is_standing else 0.0)
        + weights.bias
    )


def log_odds(likely: float) -> float:
    """The log-odds of a probability, kept within what a reading can tell."""
    return max(-MOST_SURE, min(MOST_SURE, log(max(likely, 1e-9) / max(1 - likely, 1e-9))))


def features_of(
    query: Query, hits: Sequence[Hit], *, rarity: Mapping[str, float], documents: Sequence[str] = ()
) -> Features:
    """The gate's view of a search; `rarity` is each stem's inverse document frequency over the whole index."""
    if not hits:
        return Features(0.0, 0.0, query.terms, query.numbered)
    ranked = _as_asked(hits)
    texts = [f"{hit.passage.title} {hit.passage.context} {hit.passage.text}" for hit in ranked]
    found = [stems(text) for text in texts]
    return Features(
        nearness=max(0.0, max(hit.dense_score for hit in hits)),
        coverage=max(coverage(query.terms, frozenset(there), rarity) for there in found[:PASSAGES_READ]),
        missing=(
            *missing_topics(query, found),
            *missing_pay(query.question, [hit.passage for hit in ranked[:PASSAGES_READ]]),
            *unknown_places(query, rarity),
        ),
        is_standing=_is_standing(query),
        missing_numbered=missing_numbered(query, [*texts, *documents]),
    )


def _as_asked(hits: Sequence[Hit]) -> list[Hit]:
    """The hits by how near and how well worded they are for the question as asked, without what search added to it."""
    nearest = max(hit.dense_score for hit in hits)
    best_worded = max(hit.lexical_score for hit in hits)
    return sorted(hits, key=lambda hit: -(_share(hit.dense_score, nearest) + _share(hit.lexical_score, best_worded)))


def _share(score: float, of: float) -> float:
    return score / of if of > 0 else 0.0


def _is_standing(query: Query) -> bool:
    """Whether something that every career's page has is asked of a career, and no more."""
    return bool(query.roles and query.subject and not query.special) or _sets_apart(query)


def _sets_apart(query: Query) -> bool:
    """Whether careers that have pages are compared: those pages say what each is."""
    return query.intent is Intent.COMPARISON and len(query.roles) > 1


def coverage(terms: Sequence[str], there: frozenset[str], rarity: Mapping[str, float]) -> float:
    """Share of the question's stems that a passage has, the rare ones counting more, synonyms a little less; 0…1."""
    rarest = max(rarity.values(), default=1.0)
    weights = {term: rarity.get(term, rarest) for term in terms}
    borne_out = sum(
        weight * (1.0 if term in there else ALIKE if synonyms(term) & there else 0.0)
        for term, weight in weights.items()
    )
    return borne_out / sum(weights.values()) if weights else 0.0


def missing_topics(query: Query, found: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Decisive stems of the question that the passages near the top lack: topics, and the role that is asked about."""
    near = frozenset(stem for there in found[:PASSAGES_READ] for stem in there)
    topics = [term for term in query.terms if topic(term) and not (topic(term) | synonyms(term)) & near]
    role = _ROLE.search(query.question)
    named = stems(role.group(1)) if role else []
    attribute = _ATTRIBUTE.search(query.question)
    asked = [term for term in stems(attribute.group(1)) if term in query.terms] if attribute else []
    topics += [term for term in asked if not ({term} | synonyms(term)) & near]
    known = set(stems(" ".join(query.roles)))  # "a UI/UX designer" may stand for a UX designer
    if named and not known & set(named) and not any(_in_a_row(named, there) for there in found):
        topics += named
    return tuple(dict.fromkeys(topics))


_PLACE = re.compile(r"\b(?:in|near|around)\s+(?!(?:north|south|east|west)\w*\b)([A-Za-z]{4,})\b", re.IGNORECASE)


def unknown_places(query: Query, rarity: Mapping[str, float]) -> tuple[str, ...]:
    """What follows "in" and stands nowhere in the index: nothing here is about Oslo."""
    named = (stem for place in _PLACE.findall(query.question) for stem in stems(place))
    return tuple(stem for stem in named if stem in query.terms and stem not in rarity and not synonyms(stem))


# "Skills for an SEO specialist", "how do I become an HR manager"
_PROFESSION = re.compile(
    r"\b(?:for|of|becom(?:e|ing)|be|being) an?\s+((?:[\w/+#-]+\s+){1,3}?(?:manager|specialist|engineer|developer"
    r"|analyst|designer|architect|administrator|scientist|officer|technician|consultant|programmer|tester|researcher"
    r"|writer)s?)\b",
    re.IGNORECASE,
)


def unknown_professions(query: Query, rarity: Mapping[str, float]) -> tuple[str, ...]:
    """What names a profession apart from others and stands nowhere in the index; () where it is one of the pages'."""
    named = () if query.roles or query.leaning else _PROFESSION.findall(query.question)
    stands_apart = [stem for name in named for stem in stems(name) if not names_no_part((stem,))]
    return tuple(stem for stem in stands_apart if stem in query.terms and stem not in rarity and not synonyms(stem))


# "The DataCamp data scientist certificate": whose it is, and what it is
_OFFER = re.compile(
    r"(?<=[a-z,] )(?P<whose>[A-Z][\w.+#-]*)(?:'s)? (?=(?:[\w/+#-]+ ){0,4}?(?:courses?|class|bootcamps?|programm?es?"
    r"|degrees?|nanodegrees?|certs?|certificates?|certifications?|exams?|specializations?|books?)\b)"
)


def unknown_offers(query: Query, rarity: Mapping[str, float], words: Collection[str]) -> tuple[str, ...]:
    """Whose course or certificate is asked about, by names that stand nowhere in the index: others' are not theirs."""
    named = [found["whose"] for found in _OFFER.finditer(query.question) if found["whose"].lower() not in words]
    unmended = (stem for name in named for stem in stems(name) if stem in query.terms)
    return tuple(stem for stem in unmended if stem not in rarity and not synonyms(stem))


def _in_a_row(wanted: Sequence[str], there: Sequence[str]) -> bool:
    length = len(wanted)
    return any(list(there[i : i + length]) == list(wanted) for i in range(len(there) - length + 1))


_TIMES = frozenset({"week", "month", "year"})  # counted by some pages; by others a stretch of time like any


def missing_numbered(query: Query, texts: Sequence[str]) -> tuple[str, ...]:
    """The counted things of the question that no text has: "phase 9"; "week 9" only where weeks are counted at all."""
    plain = [normalise(text) for text in texts] if query.numbered else []
    return tuple(thing for thing in query.numbered if _lacks(thing, plain))


def _lacks(thing: str, texts: Sequence[str]) -> bool:
    kind, number = thing.split()
    spans = [span for text in texts for _, span in spans_of(kind, text)]
    if kind in _TIMES and (not spans or int(number) < min(span.start for span in spans)):
        return False  # "Year 2+" is counted after the months of the first
    return not any(int(number) in span for span in spans)
