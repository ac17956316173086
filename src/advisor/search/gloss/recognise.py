"""Which language a question is in, told by its words alone; English wherever there is doubt.

Knows nothing of what the words mean.
"""

from dataclasses import dataclass
from functools import lru_cache

from advisor.search.gloss.lexicon import Language, Lexicon, english_words, folded, lexicon_of, tokens_of
from advisor.text import STOP_WORDS

_FEWEST_SIGNS = 2  # words of the language that are no English ones, beyond the English ones it does not know
_FEWEST_GOING_ON = 1  # where the question before was in that language
_TELLING_LETTERS = 5
_GREETINGS = frozenset({"hello", "thanks", "bye", "help"})
_MARKS = {
    Language.GERMAN: "äöüß",
    Language.FRENCH: "éèêçœàùû",
    Language.SPANISH: "¿¡ñ",
    Language.PORTUGUESE: "ãõç",
    Language.ITALIAN: "òìù",
    Language.DUTCH: "ĳ",
}


@dataclass(frozen=True, slots=True)
class _Signs:
    """How strongly a question's words speak for a language, the first figure first."""

    lead: int  # distinct words and phrases of its own, less the English function words it has not
    known: int  # words it has, English or not
    marked: bool


@lru_cache(maxsize=1024)
def language_of(question: str, *, after: Language | None = None) -> Language | None:
    """The language whose words a question has; None for English and for any other.

    `after` is the language of the question before, where fewer signs will do. Of equals the first in `Language` wins.
    """
    words = tokens_of(question)
    for language in (after, *Language) if after else Language:
        if _is_greeting(words, lexicon_of(language)):
            return language
    signs = {language: _signs(question, words, language) for language in Language}
    told = [one for one in Language if signs[one].lead >= (_FEWEST_GOING_ON if one is after else _FEWEST_SIGNS)]
    best = max(told, key=lambda one: (signs[one].lead, signs[one].known, signs[one].marked), default=None)
    if best and after in told and signs[after].lead == signs[best].lead:
        return after
    return best


def _signs(question: str, words: list[str], language: Language) -> _Signs:
    own_words, english = lexicon_of(language).own_words, english_words()
    marked = any(mark in question.lower() for mark in _MARKS[language])
    own = {word for word in words if word in own_words and word not in english}
    phrases = _whole_phrases(words, lexicon_of(language), own)
    foreign = {word for word in words if word in STOP_WORDS and word not in own_words}
    known = sum(word in own_words or folded(word) in own_words for word in words)
    return _Signs(len(own) + phrases - len(foreign), known, marked)


def _whole_phrases(words: list[str], lexicon: Lexicon, own: set[str]) -> int:
    """1 where a phrase of the lists stands in the words with a long word of the language's own: "come divento"."""
    long = {word for word in own if len(word) >= _TELLING_LETTERS}
    return int(
        any(
            tuple(words[at : at + len(phrase.before)]) == phrase.before
            for at, word in enumerate(words)
            for phrase in lexicon.by_first.get(folded(word), ())
            if len(phrase.before) > 1 and long & set(phrase.before)
        )
    )


def _is_greeting(words: list[str], lexicon: Lexicon) -> bool:
    """Whether these words are a greeting and nothing else, in words that English has not."""
    if not words or all(word in english_words() for word in words):
        return False
    if len(words) == 1:
        entry = lexicon.single.get(words[0])
        return entry is not None and entry.english in _GREETINGS
    phrases = lexicon.by_first.get(folded(words[0]), ())
    return any(phrase.before == tuple(words) and phrase.english in _GREETINGS for phrase in phrases)
