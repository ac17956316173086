"""The words of a text as the index has them, typos mended.

Knows nothing of what they are for.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from advisor.text import stems, words

# rapidfuzz ratios: "mathmat" and "mathemat" 93; "matter" and "master" 83, no less than "desing" for "design"
_TYPO_CUTOFF, _SWAP_CUTOFF = 85, 80
_SHORTEST_TYPO = 5


@dataclass(frozen=True, slots=True)
class Vocabulary(Collection[str]):
    """The stems of an index, and words of the language, which are no typos of a stem, however like it they are."""

    stems: Collection[str]
    words: Collection[str] = frozenset()

    def __contains__(self, stem: object) -> bool:
        return stem in self.stems

    def __iter__(self) -> Iterator[str]:
        return iter(self.stems)

    def __len__(self) -> int:
        return len(self.stems)


def terms_of(text: str, vocabulary: Collection[str]) -> tuple[str, ...]:
    """The stems of a text, typos mended: by the stem, else by the word ("desing" has the stem "dese")."""
    return tuple(dict.fromkeys(_known(term, word, vocabulary) for word in words(text) for term in stems(word)))


def _known(term: str, word: str, vocabulary: Collection[str]) -> str:
    """The stem as the index has it; itself where the index has neither it nor what it or its word is a typo of."""
    if isinstance(vocabulary, Vocabulary) and word in vocabulary.words:
        return term
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
