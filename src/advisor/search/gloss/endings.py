"""The one word of a list that a word of a question is: as spelled, without accents, inflected, joined or mistyped.

Knows nothing of sentences.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from advisor.search.gloss.lexicon import Entry, Kind, Language, Lexicon, english_words, folded, lexicon_of, plural

_SHORTEST_TYPO = 6
_SHORTEST_COMPOUND, _SHORTEST_HEAD, _SHORTEST_TAIL, _SHORTEST_STEM = 8, 3, 4, 3
_COUNTED = frozenset({Kind.NOUN, Kind.PERSON})
_JOINED = frozenset({Kind.NOUN, Kind.PERSON, Kind.FIELD, Kind.ADJECTIVE})
_LINKS = ("", "s", "n", "en", "es", "er", "e")  # between the parts of a German or Dutch word


@dataclass(frozen=True, slots=True)
class _Ending:
    """An ending, what stands in its place in the lists, and whether it tells a plural."""

    ending: str
    listed: str
    is_plural: bool


def _endings(rules: str) -> tuple[_Ending, ...]:
    """The rules in short: "s+ a>o" is the plural ending s, and a where the lists have o."""
    found = []
    for rule in rules.split():
        ending, _, listed = rule.rstrip("+").partition(">")
        found.append(_Ending(ending, listed, rule.endswith("+")))
    return tuple(found)


_ENDINGS = {
    Language.GERMAN: _endings("innen+ in es s em en+ er+ e+ n+ st t"),
    Language.FRENCH: _endings("s+ x+ es+ e é>er ent"),
    Language.SPANISH: _endings("iones>ión+ ces>z+ rme>r rse>r ado>ar ido>er as>o+ es+ s+ a>o a as+ mente"),
    Language.PORTUGUESE: _endings("ões>ão+ ns>m+ ais>al+ is>l+ ado>ar ido>er as>o+ es+ s+ a>o a as+ mente"),
    Language.ITALIAN: _endings(
        "trici>tore+ trice>tore rmi>re rsi>re ato>are ito>ire i>o+ i>e+ e>a+ hi>o+ he>a+ i>a+ a>o i+ mente"
    ),
    Language.DUTCH: _endings("en+ s+ n+ e t"),
}
_COMPOUNDING = frozenset({Language.GERMAN, Language.DUTCH})
_SPELLED_OUT = (("ae", "a"), ("oe", "o"), ("ue", "u"))  # "Pruefung"


@lru_cache(maxsize=4096)
def entry_of(word: str, language: Language) -> Entry | None:
    """What the lists say of a normalised word; None where they have nothing like it."""
    lexicon = lexicon_of(language)
    if found := _listed(word, lexicon) or _inflected(word, lexicon):
        return found
    if word in english_words():
        return None
    return _compound(word, lexicon) or _mistyped(word, lexicon)


def _listed(word: str, lexicon: Lexicon) -> Entry | None:
    if found := lexicon.single.get(word) or lexicon.folded.get(folded(word)):
        return found
    if lexicon.language is not Language.GERMAN:
        return None
    plain = word
    for spelled, letter in _SPELLED_OUT:
        plain = plain.replace(spelled, letter)
    return lexicon.folded.get(plain)


def _inflected(word: str, lexicon: Lexicon) -> Entry | None:
    for rule in _ENDINGS[lexicon.language]:
        stem = word.removesuffix(rule.ending)
        if stem == word or len(stem) < _SHORTEST_STEM:
            continue
        if found := _listed(stem + rule.listed, lexicon):
            counts = rule.is_plural and found.kind in _COUNTED
            return replace(found, english=plural(found.english)) if counts else found
    return None


def _compound(word: str, lexicon: Lexicon) -> Entry | None:
    """A word in two or more parts, of which the longest first one that leaves a known rest: "Zertifizierungskosten"."""
    if lexicon.language not in _COMPOUNDING or len(word) < _SHORTEST_COMPOUND:
        return None
    for cut in range(len(word) - _SHORTEST_TAIL, _SHORTEST_HEAD - 1, -1):
        head = _first_part(word[:cut], lexicon)
        tail = (_listed(word[cut:], lexicon) or _inflected(word[cut:], lexicon)) if head else None
        tail = tail or (_compound(word[cut:], lexicon) if head else None)
        if head and tail and tail.kind in _JOINED:
            return replace(tail, english=f"{head} {tail.english}", before=(word,))
    return None


def _first_part(part: str, lexicon: Lexicon) -> str:
    """The English of the first part of a joined word; "" where it is none."""
    for link in _LINKS:
        stem = part.removesuffix(link)
        if len(stem) < _SHORTEST_HEAD or (link and stem == part):
            continue
        found = _listed(stem, lexicon)
        if found and found.kind in _JOINED:
            return found.english
        if not link and stem in english_words():
            return stem
    return ""


def _mistyped(word: str, lexicon: Lexicon) -> Entry | None:
    """The entry one letter away, where there is one and the word is long enough; of several the first by alphabet."""
    if len(word) < _SHORTEST_TYPO or not word.isalpha():
        return None
    plain = folded(word)
    near = sorted(
        other
        for other in lexicon.folded
        if len(other) >= _SHORTEST_TYPO and other[0] == plain[0] and OSA.distance(plain, other, score_cutoff=1) <= 1
    )
    return lexicon.folded[near[0]] if near else None
