"""Nearest vectors by inner product: the door of FAISS.

Up to `FLAT_UP_TO` rows every vector is looked at, which is exact; above, a graph is walked (Malkov and Yashunin 2016,
"Hierarchical Navigable Small Worlds"), which now and then misses a neighbour. Vectors and graph live in plain
arrays whose checksums are verified, and a graph is checked link by link, so no FAISS file is ever parsed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.index.embedding import Vectors

FLAT_UP_TO = 50_000  # rows of 384 numbers: some 3 ms, and a question is searched twice; docs/decisions/002
# Chosen on the lines of our corpus and by eval/benchmarks/growth.py, at a million made-up rows.
LINKS_PER_ROW = 32  # on each upper level, and twice as many on the lowest
BUILD_BREADTH = 80  # candidates held while a row is linked
SEARCH_BREADTH = 256  # and while a question is asked; never less than twice what is wanted

Links = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Scored:
    """A row of an index and its score; higher is better."""

    row: int
    score: float


@dataclass(frozen=True, slots=True)
class Graph:
    """Which rows are linked: what a build keeps of a walked index beside its vectors.

    `links` holds, row after row and level after level from the lowest, the rows linked to, filled up with -1.
    """

    links_per_row: int
    entry: int  # the row that every walk starts from; no row has more levels
    levels: Links  # of each row how many levels it is on, shape (rows,)
    links: Links  # shape (2 * links_per_row for each row and links_per_row for each level above the lowest,)

    def fits(self, rows: int) -> bool:
        """Whether it is a graph over this many rows: every link leads to a row that is on the same level."""
        levels, width = self.levels, self.links_per_row
        whole = levels.dtype == self.links.dtype == np.int32 and levels.shape == (rows,) and self.links.ndim == 1
        if not whole or rows == 0 or width < 1 or not 0 <= self.entry < rows or levels.min() < 1:
            return False
        starts = np.cumsum((levels.astype(np.int64) + 1) * width)
        if starts[-1] != len(self.links) or self.links.min() < -1 or self.links.max() >= rows:
            return False
        starts -= (levels.astype(np.int64) + 1) * width
        return levels[self.entry] == levels.max() and all(
            self._stays_on(level, starts) for level in range(1, levels.max())
        )

    def _stays_on(self, level: int, starts: NDArray[np.int64]) -> bool:
        """Whether the links of one level above the lowest lead to rows that are on it."""
        first = starts[self.levels > level] + (level + 1) * self.links_per_row
        targets = self.links[first[:, None] + np.arange(self.links_per_row)]
        return bool((self.levels[targets[targets >= 0]] > level).all())


class DenseIndex:
    """An inner-product index held in memory: exact for few rows, walked for many. Threads may share it."""

    def __init__(self, vectors: Vectors, graph: Graph | None = None, *, flat_up_to: int = FLAT_UP_TO) -> None:
        """Index these rows by the graph made of them before; without one, by a new graph above so many rows.

        The same vectors give the same graph. Raises ValueError where the graph is not one over these rows.
        """
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self.graph = graph
        with _one_thread():
            if graph is not None:
                self._index = _restored(vectors, graph)
            elif len(vectors) > flat_up_to:
                self._index = _walked(vectors.shape[1], LINKS_PER_ROW)
                self._index.add(vectors)
                self.graph = _graph_of(self._index.hnsw)
            else:
                self._index = _flat(vectors)

    def search(self, vector: Vectors, k: int) -> list[Scored]:
        """The k nearest rows, best first, ties by row. `vector` has shape (dimension,).

        With a graph a near row may be missing, and where fewer than k can be reached the list is shorter.
        """
        k = min(k, self._index.ntotal)
        if k == 0:
            return []
        how = None if self.graph is None else _breadth(max(SEARCH_BREADTH, 2 * k))
        with _one_thread():
            scores, rows = self._index.search(vector.reshape(1, -1).astype(np.float32), k, params=how)
        found = [Scored(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]
        return sorted(found, key=lambda hit: (-hit.score, hit.row))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Within, FAISS works in one thread: with two, single questions were measured 2 to 5 times slower.

    One thread also links the rows of a graph in the same order every time. The number belongs to the thread that asks,
    and torch may share it: left at one, an encoder asked afterwards would use one core of all.
    """
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _flat(vectors: Vectors) -> Any:
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def _walked(dimension: int, links_per_row: int) -> Any:
    import faiss

    index: Any = faiss.IndexHNSWFlat(dimension, links_per_row, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = BUILD_BREADTH
    return index


def _breadth(rows: int) -> Any:
    import faiss

    return faiss.SearchParametersHNSW(efSearch=rows)  # type: ignore[attr-defined,unused-ignore]


def _graph_of(hnsw: Any) -> Graph:
    import faiss

    return Graph(
        links_per_row=hnsw.nb_neighbors(1),
        entry=int(hnsw.entry_point),
        levels=faiss.vector_to_array(hnsw.levels),
        links=faiss.vector_to_array(hnsw.neighbors),
    )


def _restored(vectors: Vectors, graph: Graph) -> Any:
    """The index as it was when the graph was taken from it, without linking anything again."""
    import faiss

    if not graph.fits(len(vectors)):
        raise ValueError(f"the graph is not one over {len(vectors)} rows; run: advisor index build --full")
    index = _walked(vectors.shape[1], graph.links_per_row)
    index.storage.add(vectors)
    index.ntotal = len(vectors)
    lengths = (graph.levels.astype(np.uint64) + np.uint64(1)) * np.uint64(graph.links_per_row)
    offsets = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(lengths, dtype=np.uint64)])
    faiss.copy_array_to_vector(graph.levels, index.hnsw.levels)
    faiss.copy_array_to_vector(offsets, index.hnsw.offsets)
    faiss.copy_array_to_vector(graph.links, index.hnsw.neighbors)
    index.hnsw.entry_point = graph.entry
    index.hnsw.max_level = int(graph.levels[graph.entry]) - 1
    return index
