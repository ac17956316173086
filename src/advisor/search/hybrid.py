"""Find passages: vectors and BM25 side by side, fused by a convex combination of normalised scores.

The combination follows Bruch et al. 2022, "An Analysis of Fusion Functions for Hybrid Retrieval": it keeps how far
apart the scores are, which reciprocal rank throws away. Knows nothing of answers.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from advisor.index.embedding import Vectors
from advisor.index.lexical import best_rows
from advisor.index.publish import Snapshot
from advisor.records import Hit, Passage, Query
from advisor.search.thesaurus import synonyms
from advisor.text import normalise

CANDIDATES = 50  # of each half; more did not change the first ten
LINE_CANDIDATES = 150
DENSE_WEIGHT = 0.5
NEAR_BONUS = 0.15  # for passages the answer before cited, when the question follows up on it
ROLE_BONUS = 0.1  # for pages of the career that is asked about, against guides for everyone

ALIKE_WEIGHT = 0.4  # what synonyms add to BM25, against the words of the question themselves

Scores = NDArray[np.float32]


def search(snapshot: Snapshot, query: Query, *, vector: Vectors, k: int) -> tuple[Hit, ...]:
    """The k best passages for a query, best first; ties by passage id. Repeated wording is listed once.

    `vector` is the meaning of the question, shape (dimension,). A passage is as near as it or its nearest line is.
    With roles, passages of pages about other roles are left out.
    """
    if not snapshot.passages:
        return ()
    lexical = snapshot.lexical.scores(query.terms)
    lexical += ALIKE_WEIGHT * snapshot.lexical.scores(
        [other for term in query.terms for other in sorted(synonyms(term))]
    )
    near = nearest(snapshot, vector)
    rows = sorted(near.keys() | set(best_rows(lexical, CANDIDATES)))
    dense = np.array([near.get(row, float(snapshot.vectors[row] @ vector)) for row in rows], dtype=np.float32)
    fused = DENSE_WEIGHT * normalised(dense) + (1 - DENSE_WEIGHT) * normalised(lexical[rows])
    hits = [
        Hit(passage, float(score) + near_bonus(passage, query), float(cosine), float(lexical[row]))
        for row, score, cosine in zip(rows, fused, dense, strict=True)
        for passage in [snapshot.passages[row]]
        if not query.roles or passage.role in {None, *query.roles}
    ]
    hits.sort(key=lambda hit: (-hit.fused_score, hit.passage.id))
    return tuple(islice(without_repeats(hits), k))


def nearest(snapshot: Snapshot, vector: Vectors) -> dict[int, float]:
    """Rows of the nearest passages with the larger of two cosines: the passage's own, and that of its nearest line."""
    near = {hit.row: hit.score for hit in snapshot.dense.search(vector, CANDIDATES)}
    for hit in snapshot.lines.dense.search(vector, LINE_CANDIDATES):
        row = int(snapshot.lines.passages[hit.row])
        own = near.get(row, float(snapshot.vectors[row] @ vector))
        near[row] = max(own, hit.score)
    return near


def normalised(scores: Scores) -> Scores:
    """Scores brought to 0…1 over the candidates; all zero where they do not differ."""
    low, high = float(scores.min(initial=np.inf)), float(scores.max(initial=-np.inf))
    if not high > low:
        return np.zeros_like(scores)
    return (scores - low) / (high - low)


def near_bonus(passage: Passage, query: Query) -> float:
    """What a passage gains for standing where the conversation already is, or on a page of the career asked about."""
    own_role = passage.role is not None and passage.role in {*query.roles, query.leaning}
    return (NEAR_BONUS if passage.id in query.near else 0.0) + (ROLE_BONUS if own_role else 0.0)


def without_repeats(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits without those that repeat an earlier one's words under the same title."""
    seen: set[str] = set()
    for hit in hits:
        words = normalise(f"{hit.passage.title} {hit.passage.text}")
        if words not in seen:
            seen.add(words)
            yield hit
