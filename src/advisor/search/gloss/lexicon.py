"""The hand-written word lists behind a gloss, read once: which words and phrases of a language stand for which English.

`words.txt` has a line for each meaning and a column for each language; a file for each language has its phrases and
small words. Knows nothing of questions.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from advisor.text import STOP_WORDS, normalise

SLOT = "…"


class Language(StrEnum):
    """A language that questions are read in, by its ISO 639-1 code."""

    GERMAN = "de"
    FRENCH = "fr"
    SPANISH = "es"
    PORTUGUESE = "pt"
    ITALIAN = "it"
    DUTCH = "nl"


class Kind(StrEnum):
    """What a word is, as far as its place in English and its plural depend on it."""

    NOUN = "n"
    PERSON = "p"
    FIELD = "f"
    ADJECTIVE = "a"
    VERB = "v"
    OTHER = "w"


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase and its English; `after` is what has to follow what fills its slot (empty: the clause ends it)."""

    before: tuple[str, ...]
    english: str
    kind: Kind = Kind.OTHER
    after: tuple[str, ...] = ()
    has_slot: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that is known of one language. Keys are normalised words; in `folded` they have lost their accents."""

    language: Language
    by_first: Mapping[str, tuple[Entry, ...]]  # phrases by their first word, the longest first
    single: Mapping[str, Entry]
    folded: Mapping[str, Entry]
    own_words: frozenset[str]  # every word of every entry, with and without its accents


_FILES = {language: f"{language.name.lower()}.txt" for language in Language}
# A word ends behind an apostrophe that joins it to the next: "l'examen", "cos'è"; an address is one word.
_TOKEN = re.compile(r"\w+://\S+|[^\W_]+(?:\.[^\W_]+)*(?:[+#]+|['’](?=\w|$))?")
# Spelled alike in English, where they mean something else or are borrowed.
_SHARED = frozenset(
    """
    die man also come per sale car son on or an as do no me in is of over was had hoe war want won best met men wie
    fort hat hut gift bald rat art rot tag most fast arm bad brief den gut handy hell kind land last list mode note
    not stern tod wand wild will wo am bin hin so um stage figure chat pain pour main mine dire tout but comment
    formation habit la du four
    rose six sept face age plus sans a o e i y u dove fine cane pane camera estate fame case ai
    ed lo mi ha si ci al non due con gusto red once pie sin mayor real dar los ten actual fin van uso taxi menu idea
    plan data test web software cloud mobile video job app team code online budget email marketing manager designer
    tester design programmer developer engineer product project network security robot analyst consultant specialist
    administrator architect chef grade pass master bachelor diploma portfolio curriculum interview trainer coach start
    stop help week door lang been mag past deed heeft ken boot wat gelder pas room slang taken open ding boom eten
    ever brave trap dank pilot block phase system programme important examples niveau basis
    """.split()
)


def tokens_of(text: str) -> list[str]:
    """The words of a text as the lists spell them."""
    return _TOKEN.findall(normalise(text))


def spans_of(text: str) -> list[re.Match[str]]:
    """Where the words of a text stand."""
    return list(_TOKEN.finditer(text))


@lru_cache(maxsize=16384)
def folded(word: str) -> str:
    """The word without accents: "prüfung" is "prufung"."""
    parts = unicodedata.normalize("NFD", word.replace("ß", "ss"))
    return "".join(char for char in parts if not unicodedata.combining(char))


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Words that are English too and tell no language: those that any gloss is made of, and some borrowed ones."""
    glossed = {entry.english for language in Language for entry in _entries(language)}  # most stand in all six
    return _SHARED | STOP_WORDS | {word for english in glossed for word in tokens_of(english)}


@lru_cache(maxsize=len(Language))
def lexicon_of(language: Language) -> Lexicon:
    """The word lists of a language; of two lines about the same words the first counts, phrase files before words."""
    by_first: dict[str, list[Entry]] = {}
    single: dict[str, Entry] = {}
    without_accents: dict[str, Entry] = {}
    own: set[str] = set()
    for entry in _entries(language):
        own.update((*entry.before, *entry.after))
        if len(entry.before) == 1 and not entry.has_slot:
            single.setdefault(entry.before[0], entry)
            without_accents.setdefault(folded(entry.before[0]), entry)
        else:
            by_first.setdefault(folded(entry.before[0]), []).append(entry)
    for entries in by_first.values():
        entries.sort(key=lambda one: (-len(one.before) - len(one.after), not one.has_slot))
    longest_first = {first: tuple(entries) for first, entries in by_first.items()}
    return Lexicon(language, longest_first, single, without_accents, frozenset(own | set(map(folded, own))))


def plural(english: str) -> str:
    """The plural of an English noun; one that ends in s already stays."""
    if english.endswith("s"):
        return english
    if re.search(r"[^aeiou]y$", english):
        return f"{english[:-1]}ies"
    return f"{english}{'es' if re.search(r'(?:x|ch|sh)$', english) else 's'}"


@lru_cache(maxsize=len(Language))
def _entries(language: Language) -> tuple[Entry, ...]:
    """All entries of a language in the order of its files, read once for its own list and for the English one."""
    return tuple(_read_entries(language))


def _read_entries(language: Language) -> Iterator[Entry]:
    for line in _lines(_FILES[language]):
        sources, _, english = line.partition("=")
        for source in sources.split(","):
            yield _entry(source, english.strip(), Kind.OTHER)
    column = 2 + list(Language).index(language)
    for line in _lines("words.txt"):
        cells = [cell.strip() for cell in line.split("|")]
        kind, english = Kind(cells[0]), cells[1]
        singular, _, several = cells[column].partition("/")
        yield from (_entry(source, english, kind) for source in _named(singular))
        yield from (_entry(source, plural(english), kind) for source in _named(several))


def _lines(name: str) -> Iterator[str]:
    text = (files("advisor.search.gloss") / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _named(cell: str) -> Iterable[str]:
    return filter(None, map(str.strip, cell.split(",")))


def _entry(source: str, english: str, kind: Kind) -> Entry:
    before, slot, after = source.partition(SLOT)
    return Entry(tuple(tokens_of(before)), english, kind, tuple(tokens_of(after)), bool(slot))
