"""Turn a question of another language into plain English words: the longest known phrase first, then word by word.

Names, acronyms, numbers, English words and words that no list has stay as they are. Knows nothing of what is asked.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from advisor.records import Answer, Gloss
from advisor.search.gloss.endings import entry_of
from advisor.search.gloss.lexicon import (
    SLOT,
    Entry,
    Kind,
    Language,
    Lexicon,
    english_words,
    folded,
    lexicon_of,
    spans_of,
)
from advisor.search.gloss.order import Segment, in_english_order, sentence
from advisor.search.gloss.recognise import language_of
from advisor.text import STOP_WORDS, normalise, stems, words

_LONGEST_SLOT = 12  # words
_SMALL = frozenset({Kind.VERB, Kind.OTHER})
_ACCENTS_TELL = 2  # letters up to which they do
_AFTERTHOUGHTS = frozenset({"all day", "every day", "day to day", "per week", "per year", "with", "if", "because"})
_OPENING = "and what about"  # only where a question begins: elsewhere it joins two things
_READABLE = 0.5  # share of the content words that has to be read
_CLAUSE_END = re.compile(r"[.,;:!?()]")
_OPENS = re.compile(r"(?:how|what|which|when|where|why|who|do I|can I|is it|are there)\b")
# One word for all: "Entwickler:in", "ingénieur(e)", "développeur·euse", "ingeniero/a", "ingenier@s" are read as this.
_GENDERED = (
    (re.compile(r"(?<=\w)[:*_/(]-?in(nen)?\b\)?"), r"in\1"),
    (re.compile(r"(?<=\w)[·•.(](?:e|ne|se|euse|rice|trice|ère)(?:[·•.]?(s))?\b\)?", re.IGNORECASE), r"\1"),
    (re.compile(r"(?<=\w)[(/](?:a|as|ora|oras|trice|rice)\b\)?"), ""),
    (re.compile(r"(?<=[a-zñ])@(?=s?\b)"), "o"),
)


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of the question: as written, as looked up, and what stands between it and the word before."""

    text: str
    key: str
    gap: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the words that fill a slot end, and where the phrase around them does."""

    slot_end: int
    end: int


def gloss_of(question: str, before: Sequence[str]) -> Gloss | None:
    """The question in English words; None where it is English already. `before` are the questions before it."""
    after: Language | None = None
    for earlier in before:
        after = language_of(earlier, after=after)
    language = language_of(question, after=after)
    return _gloss(question, language) if language else None


def in_english(history: Sequence[Answer]) -> list[Answer]:
    """The answers so far, each with its question in English."""
    read: list[Answer] = []
    language: Language | None = None
    for answer in history:
        language = language_of(answer.question, after=language)
        english = _gloss(answer.question, language).english if language else answer.question
        read.append(replace(answer, question=english))
    return read


def borne_out(gloss: Gloss, vocabulary: Collection[str]) -> Gloss:
    """The gloss without those unread words that the index knows, and whether enough is read to be answered."""
    unread = tuple(word for word in gloss.unread if not any(stem in vocabulary for stem in stems(word)))
    return replace(gloss, unread=unread, is_readable=len(unread) <= (1 - _READABLE) * gloss.content_words)


@lru_cache(maxsize=512)
def _gloss(question: str, language: Language) -> Gloss:
    plain = question.lower() if question.isupper() else question
    for pattern, wording in _GENDERED:
        plain = pattern.sub(wording, plain)
    found = tuple(_Reader(_split(plain), lexicon_of(language)).read(0, None))
    content = [one for one in found if any(word not in STOP_WORDS for word in words(one.text))]
    left = (one.text for one in content if one.is_kept and not _needs_no_gloss(one.text, language))
    ordered = in_english_order(found, language)
    tail = plain[max((one.end() for one in spans_of(plain)), default=0) :]
    return Gloss(question, str(language), sentence(ordered, tail), tuple(dict.fromkeys(left)), len(content))


def _needs_no_gloss(word: str, language: Language) -> bool:
    """Whether a word stands in any language: a name, an acronym, a number, an English word."""
    is_name = word[:1].isupper() and language is not Language.GERMAN  # German writes every noun so
    is_acronym = any(char.isupper() or not char.isalpha() for char in word[1:])
    return is_name or is_acronym or normalise(word) in english_words() or len(word) == 1


def _split(text: str) -> list[_Word]:
    found, end = [], 0
    for span in spans_of(text):
        found.append(_Word(span.group(), normalise(span.group()), text[end : span.start()]))
        end = span.end()
    return found


def _alike(listed: str, word: str) -> bool:
    """The same word, accents left out or, in a longer one, mistaken: "e" and "è" are two words."""
    return listed == word or folded(listed) == (folded(word) if len(word) > _ACCENTS_TELL else word)


class _Reader:
    """Reads the words of one question, in their order."""

    def __init__(self, asked: Sequence[_Word], lexicon: Lexicon) -> None:
        self._asked = asked
        self._lexicon = lexicon

    def read(self, start: int, end: int | None) -> Iterator[Segment]:
        """The segments of these words, phrases first."""
        at, end = start, len(self._asked) if end is None else end
        while at < end:
            phrase = self._phrase(at, end)
            if phrase is None:
                yield self._word(at)
                at += 1
                continue
            entry, place = phrase.entry, phrase.place
            gap, slot = self._asked[at].gap, at + len(entry.before)
            opening, has_slot, closing = entry.english.partition(SLOT)
            yield Segment(opening.strip(), gap, entry.kind)
            for n, segment in enumerate(self.read(slot, place.slot_end) if entry.has_slot else ()):
                yield segment if n else replace(segment, gap=" ")
            if has_slot and closing.strip():
                yield Segment(closing.strip(), " ", Kind.OTHER)
            at = place.end

    def _phrase(self, at: int, end: int) -> "_Phrase | None":
        for entry in self._lexicon.by_first.get(folded(self._asked[at].key), ()):
            past = at + len(entry.before)
            if past > end or not self._stands(entry.before, at) or (at and entry.english.startswith(_OPENING)):
                continue
            place = self._place(entry, past, end) if entry.has_slot else _Place(past, past)
            if place is not None:
                return _Phrase(entry, place)
        return None

    def _stands(self, wanted: Sequence[str], at: int) -> bool:
        """Whether these words stand here, in one clause but for commas."""
        there = self._asked[at : at + len(wanted)]
        if any(re.search(r"[.;:!?()]", word.gap) for word in there[1:]) or len(there) < len(wanted):
            return False
        return all(_alike(one, word.key) for one, word in zip(wanted, there, strict=True))

    def _place(self, entry: Entry, start: int, end: int) -> _Place | None:
        """What fills the slot that begins here; None where nothing does, or what has to follow is missing."""
        stop = start
        while stop < end and stop - start < _LONGEST_SLOT and not self._ends_clause(stop, start):
            if entry.after and stop > start and self._stands(entry.after, stop) and stop + len(entry.after) <= end:
                return _Place(stop, stop + len(entry.after))
            stop += 1
        return None if entry.after or stop == start else _Place(stop, stop)

    def _ends_clause(self, at: int, start: int) -> bool:
        if at > start and _CLAUSE_END.search(self._asked[at].gap):
            return True
        if at > start and self._english_at(at) in _AFTERTHOUGHTS:
            return True
        joins = self._lexicon.single.get(self._asked[at].key)
        if at == start or joins is None or joins.english not in {"and", "or"} or at + 1 >= len(self._asked):
            return False
        return bool(_OPENS.match(self._english_at(at + 1)))

    def _english_at(self, at: int) -> str:
        """The English of the phrase or the word that begins here."""
        phrase = self._phrase(at, len(self._asked))
        return phrase.entry.english if phrase else self._word(at).text

    def _word(self, at: int) -> Segment:
        word = self._asked[at]
        is_acronym = word.text[1:] != word.text[1:].lower()
        entry = entry_of(word.key, self._lexicon.language)
        if entry is None or (is_acronym and (entry.kind in _SMALL or entry.before != (word.key,))):
            return Segment(word.text, word.gap, None)
        return Segment(entry.english, word.gap, entry.kind)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """An entry that stands in the question, and where."""

    entry: Entry
    place: _Place
