"""Find passages: vectors and BM25 side by side, fused by a convex combination of normalised scores.

The combination follows Bruch et al. 2022, "An Analysis of Fusion Functions for Hybrid Retrieval": it keeps how far
apart the scores are, which reciprocal rank throws away. Knows nothing of answers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from advisor.index.embedding import Vectors
from advisor.index.lexical import best_rows
from advisor.index.publish import Snapshot
from advisor.records import Hit, Passage, Query
from advisor.search.expansion import PASSAGES, moved, shares, telling_words
from advisor.search.thesaurus import synonyms
from advisor.text import normalise

CANDIDATES = 50  # of each half; more did not change the first ten
LINE_CANDIDATES = 150
DENSE_WEIGHT = 0.5
NEAR_BONUS = 0.15  # for passages the answer before cited, when the question follows up on it
ROLE_BONUS = 0.1  # for pages of the career that is asked about, against guides for everyone

WORDS_SHARE = 0.4  # of the words of the passages found first, against those of the question
ALIKE_WEIGHT = 0.4  # what synonyms add to BM25, against the words of the question themselves

Scores = NDArray[np.float32]


def search(snapshot: Snapshot, query: Query, *, vector: Vectors, k: int) -> tuple[Hit, ...]:
    """The k best passages for a query, best first; ties by passage id. Repeated wording is listed once.

    `vector` is the meaning of the question, shape (dimension,). A passage is as near as it or its nearest line is.
    With roles, passages of pages about other roles are left out. Searched twice: as asked, and widened by what the
    first passages say; a hit's own two scores are always those of the question as asked.
    """
    if not snapshot.passages:
        return ()
    lexical = snapshot.lexical.scores(query.terms)
    lexical += ALIKE_WEIGHT * snapshot.lexical.scores(
        [other for term in query.terms for other in sorted(synonyms(term))]
    )
    asked = Sought(vector, lexical, nearest(snapshot, vector))
    widened = _widened(snapshot, query, asked, _ranked(snapshot, query, asked, asked)[:PASSAGES])
    ranked = _ranked(snapshot, query, asked, widened)
    return tuple(islice(without_repeats(hit for _row, hit in ranked), k))


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: a meaning (dimension,), the BM25 score of every row (n,), and the nearest rows' cosines."""

    vector: Vectors
    lexical: Scores
    near: Mapping[int, float]

    def cosines(self, snapshot: Snapshot, rows: Sequence[int]) -> Scores:
        """Of each row, from its own vector where it is not among the nearest."""
        told = (self.near[row] if row in self.near else float(snapshot.vectors[row] @ self.vector) for row in rows)
        return np.fromiter(told, dtype=np.float32, count=len(rows))


def _widened(snapshot: Snapshot, query: Query, asked: Sought, first: Sequence[tuple[int, Hit]]) -> Sought:
    """What was asked, and what the passages found first have in common; where none stands out, what was asked."""
    if not any(hit.fused_score > 0 for _row, hit in first):
        return asked
    weights = shares([hit.fused_score for _row, hit in first])
    rows = [row for row, _hit in first]
    vector = moved(asked.vector, snapshot.vectors[rows], weights)
    words = telling_words(snapshot.lexical, rows, weights)
    per_word = asked.lexical / max(len(query.terms), 1)
    lexical = (1 - WORDS_SHARE) * per_word + WORDS_SHARE * snapshot.lexical.weighted_scores(words)
    return Sought(vector, lexical, nearest(snapshot, vector))


def _ranked(snapshot: Snapshot, query: Query, asked: Sought, sought: Sought) -> list[tuple[int, Hit]]:
    """Candidates for what is sought, with their rows, best first; a hit's own scores are those of what was asked."""
    rows = sorted(sought.near.keys() | set(best_rows(sought.lexical, CANDIDATES)))
    dense = sought.cosines(snapshot, rows)
    fused = DENSE_WEIGHT * normalised(dense) + (1 - DENSE_WEIGHT) * normalised(sought.lexical[rows])
    as_asked = dense if sought is asked else asked.cosines(snapshot, rows)
    hits = [
        (row, Hit(passage, float(score) + near_bonus(passage, query), float(cosine), float(asked.lexical[row])))
        for row, score, cosine in zip(rows, fused, as_asked, strict=True)
        for passage in [snapshot.passages[row]]
        if not query.roles or passage.role in {None, *query.roles}
    ]
    return sorted(hits, key=lambda found: (-found[1].fused_score, found[1].passage.id))


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
    is_of_career = passage.role in query.careers
    return (NEAR_BONUS if passage.id in query.near else 0.0) + (ROLE_BONUS if is_of_career else 0.0)


def without_repeats(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits without those that repeat an earlier one's words under the same title."""
    seen: set[str] = set()
    for hit in hits:
        words = normalise(f"{hit.passage.title} {hit.passage.text}")
        if words not in seen:
            seen.add(words)
            yield hit
