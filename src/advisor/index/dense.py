"""Nearest vectors by inner product: the door of FAISS.

The vectors live in a plain `.npy` file whose checksum is verified; the flat FAISS index is made from them in memory
when a build is opened (milliseconds for tens of thousands of rows), so no FAISS file is ever parsed.
"""

from dataclasses import dataclass

import numpy as np

from advisor.index.embedding import Vectors


@dataclass(frozen=True, slots=True)
class Scored:
    """A row of an index and its score; higher is better."""

    row: int
    score: float


class DenseIndex:
    """An exact inner-product index held in memory."""

    def __init__(self, vectors: Vectors) -> None:
        import faiss

        # one thread per query: two were measured 2–5 times slower for single queries
        faiss.omp_set_num_threads(1)
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def search(self, vector: Vectors, k: int) -> list[Scored]:
        """The k nearest rows, best first, ties by row. `vector` has shape (dimension,)."""
        k = min(k, self._index.ntotal)
        if k == 0:
            return []
        scores, rows = self._index.search(vector.reshape(1, -1).astype(np.float32), k)
        found = [Scored(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]
        return sorted(found, key=lambda hit: (-hit.score, hit.row))
