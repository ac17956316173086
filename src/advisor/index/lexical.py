"""BM25 over stems: the door of bm25s. Owns how a text becomes tokens for lexical search, and its files.

bm25s computes the scores when an index is built. To search is to add up columns of them, which is done here: it
takes no import of bm25s and scipy before the first answer.

Formula: Robertson's BM25 in Lucene's variant (Kamphuis et al. 2020), k1 = 1.5, b = 0.75, as bm25s computes it.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log1p
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.index.dense import Scored
from advisor.text import stems

Scores = NDArray[np.float32]

_ARRAYS = ("data.csc.index.npy", "indices.csc.index.npy", "indptr.csc.index.npy")
_VOCABULARY = "vocab.index.json"
_NO_WORD = "\N{NULL}"  # what a text without a word holds: its row must stay


@dataclass(frozen=True, slots=True)
class Columns:
    """The BM25 score of each stem in each row that holds it, one stem's rows after another's."""

    scores: NDArray[np.float32]
    rows: NDArray[np.int32]
    starts: NDArray[np.int64]  # stem number n has the scores and rows from starts[n] to starts[n + 1]


class LexicalIndex:
    """A BM25 index held in memory."""

    def __init__(self, columns: Columns, vocabulary: Mapping[str, int], size: int) -> None:
        self._columns = columns
        self._vocabulary = vocabulary
        self._size = size

    def search(self, tokens: Sequence[str], k: int) -> list[Scored]:
        """The k best rows for these stems, best first, ties by row; rows that share no stem are left out."""
        scores = self.scores(tokens)
        return [Scored(row, float(scores[row])) for row in best_rows(scores, k)]

    def scores(self, tokens: Sequence[str]) -> Scores:
        """The BM25 score of every row, shape (n,); a stem that comes twice counts twice."""
        return self.weighted_scores(Counter(tokens))

    def weighted_scores(self, weights: Mapping[str, float]) -> Scores:
        """The BM25 score of every row, shape (n,), each stem's share of it times its weight."""
        scores = np.zeros(self._size, dtype=np.float32)
        for stem, weight in weights.items():
            column = self._column(stem)  # no row comes twice in it
            scores[self._columns.rows[column]] += np.float32(weight) * self._columns.scores[column]
        return scores

    def stems_of(self, row: int) -> Mapping[str, float]:
        """The stems of one row, in the order of their numbers, and the BM25 score of each."""
        turned = self._turned
        own = slice(turned.starts[row], turned.starts[row + 1])
        numbers, scores = turned.rows[own].tolist(), turned.scores[own].tolist()
        found = {self._stems[number]: score for number, score in zip(numbers, scores, strict=True)}
        found.pop(_NO_WORD, None)
        return found

    @cached_property
    def _turned(self) -> Columns:
        """The same scores, one row's stems after another's."""
        columns = self._columns
        order = np.argsort(columns.rows, kind="stable")
        numbers = np.repeat(np.arange(len(columns.starts) - 1, dtype=np.int32), np.diff(columns.starts))
        lengths = np.bincount(columns.rows, minlength=self._size)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])
        return Columns(columns.scores[order], numbers[order], starts)

    @cached_property
    def _stems(self) -> Mapping[int, str]:
        return {number: stem for stem, number in self._vocabulary.items()}

    def idf(self, stem: str) -> float:
        """Inverse document frequency: ln(1 + rows / rows that hold it); 0 for a stem that stands nowhere."""
        column = self._column(stem)
        holding = int(column.stop - column.start)
        return log1p(self._size / holding) if holding else 0.0

    def _column(self, stem: str) -> slice:
        number = self._vocabulary.get(stem)
        starts = self._columns.starts
        return slice(0, 0) if number is None or number + 1 >= len(starts) else slice(starts[number], starts[number + 1])

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """Stem to its number."""
        return self._vocabulary

    def rarity(self) -> dict[str, float]:
        """Inverse document frequency of every stem that some row holds."""
        return {stem: idf for stem in self.vocabulary if (idf := self.idf(stem))}

    def save(self, folder: Path) -> None:
        """Write the index's files into this folder: plain arrays and JSON under the names that bm25s gives them."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: tuple[NDArray[Any], ...] = (self._columns.scores, self._columns.rows, self._columns.starts)
        for name, array in zip(_ARRAYS, arrays, strict=True):
            np.save(folder / name, array, allow_pickle=False)
        (folder / _VOCABULARY).write_text(json.dumps(self._vocabulary), encoding="utf-8")


def best_rows(scores: Scores, k: int) -> list[int]:
    """The rows of the k highest scores above zero, best first, ties by row."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > k:
        least = np.partition(scores[rows], len(rows) - k)[len(rows) - k]
        rows = rows[scores[rows] >= least]  # all that tie with the last one, so that the first rows of them stay
    return [int(row) for row in rows[np.argsort(-scores[rows], kind="stable")][:k]]


def build_lexical(texts: Sequence[str]) -> LexicalIndex:
    """Index these texts; row n is text n."""
    import bm25s

    retriever = bm25s.BM25(k1=1.5, b=0.75, method="lucene")
    tokens = [stems(text) or [_NO_WORD] for text in texts] or [[_NO_WORD]]
    # numbered in the order of the alphabet: bm25s takes that of a set, so the same texts gave other files every time
    numbers = {stem: number for number, stem in enumerate(sorted({stem for text in tokens for stem in text}))}
    # a copy of the numbers: bm25s adds one of its own, which has no scores
    retriever.index(([[numbers[stem] for stem in text] for text in tokens], dict(numbers)), show_progress=False)
    found = retriever.scores
    columns = Columns(
        np.asarray(found["data"], dtype=np.float32),
        np.asarray(found["indices"], dtype=np.int32),
        np.asarray(found["indptr"], dtype=np.int64),
    )
    return LexicalIndex(columns, numbers, len(texts))


def open_lexical(folder: Path, size: int) -> LexicalIndex:
    """Read the files that `LexicalIndex.save` wrote for this many rows.

    Raises OSError or ValueError where they are not there or do not belong together.
    """
    scores, rows, starts = (np.load(folder / name, allow_pickle=False) for name in _ARRAYS)
    vocabulary = json.loads((folder / _VOCABULARY).read_bytes())
    whole = starts.ndim == 1 and len(starts) and starts[0] == 0 and starts[-1] == len(scores) == len(rows)
    if not whole or (np.diff(starts) < 0).any() or rows.min(initial=0) < 0 or rows.max(initial=-1) >= max(size, 1):
        raise ValueError(f"the lexical index in {str(folder)!r} is not one over {size} rows")
    numbered = {stem: number for stem, number in vocabulary.items() if 0 <= number < len(starts) - 1}
    return LexicalIndex(Columns(scores, rows, starts.astype(np.int64)), numbered, size)
