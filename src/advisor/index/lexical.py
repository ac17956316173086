"""BM25 over stems: the door of bm25s. Owns how a text becomes tokens for lexical search, and its files.

Formula: Robertson's BM25 in Lucene's variant (Kamphuis et al. 2020), k1 = 1.5, b = 0.75, as bm25s computes it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from advisor.index.dense import Scored
from advisor.text import stems


class LexicalIndex:
    """A BM25 index held in memory."""

    def __init__(self, retriever: object, size: int) -> None:
        self._retriever = retriever
        self._size = size

    def search(self, tokens: Sequence[str], k: int) -> list[Scored]:
        """The k best rows for these stems, best first, ties by row; rows that share no stem are left out."""
        scores = self.scores(tokens)
        rows = np.lexsort((np.arange(self._size), -scores))[:k]
        return [Scored(int(row), float(scores[row])) for row in rows if scores[row] > 0]

    def scores(self, tokens: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        """The BM25 score of every row, shape (n,)."""
        known = [token for token in tokens if token in self.vocabulary]
        if not known or not self._size:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._retriever.get_scores(known), dtype=np.float32)  # type: ignore[attr-defined]

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """Stem to its number."""
        return self._retriever.vocab_dict  # type: ignore[attr-defined,no-any-return]

    def rarity(self) -> dict[str, float]:
        """Inverse document frequency of every stem: ln(1 + rows / rows that hold it)."""
        holding = np.diff(self._retriever.scores["indptr"])  # type: ignore[attr-defined]
        return {
            word: float(np.log1p(self._size / holding[number]))
            for word, number in self.vocabulary.items()
            if number < len(holding) and holding[number]
        }

    def save(self, folder: Path) -> None:
        """Write the index's files into this folder (plain arrays and JSON, nothing pickled)."""
        self._retriever.save(str(folder), show_progress=False)  # type: ignore[attr-defined]


def build_lexical(texts: Sequence[str]) -> LexicalIndex:
    """Index these texts; row n is text n."""
    import bm25s

    retriever = bm25s.BM25(k1=1.5, b=0.75, method="lucene")
    # a text without a single word still needs its row, or all rows after it would move
    tokens = [stems(text) or ["\N{NULL}"] for text in texts]
    tokens = tokens or [["\N{NULL}"]]
    # numbered in the order of the alphabet: bm25s takes that of a set, so the same texts gave other files every time
    numbers = {stem: number for number, stem in enumerate(sorted({stem for text in tokens for stem in text}))}
    retriever.index(([[numbers[stem] for stem in text] for text in tokens], numbers), show_progress=False)
    return LexicalIndex(retriever, len(texts))


def open_lexical(folder: Path, size: int) -> LexicalIndex:
    """Read the files that `LexicalIndex.save` wrote for this many rows."""
    import bm25s

    return LexicalIndex(bm25s.BM25.load(str(folder), allow_pickle=False, show_progress=False), size)
