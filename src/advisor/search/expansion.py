"""Query expansion by pseudo-relevance feedback: what the passages found first have in common finds others like them.

Vectors after Rocchio 1971 ("Relevance Feedback in Information Retrieval"), words after RM3 (Abdul-Jaleel et al. 2004,
"UMass at TREC 2004"). The passages are taken to be relevant unseen, each in proportion to how well it was found. Knows
nothing of how passages are ranked.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from advisor.index.embedding import Vectors
from advisor.index.lexical import LexicalIndex

# Chosen on Cranfield and the dev questions together; docs/decisions/010-expansion.md has both.
PASSAGES = 10
TRUST = 8.0  # power of a passage's score: how much more the first counts than the tenth
TOWARDS = 0.2  # how far the question moves to the mean of the passages
WORDS = 20

Weights = NDArray[np.float32]


def shares(scores: Sequence[float]) -> Weights:
    """How much each passage counts, from its score of at least 0; together 1. One score at least is above 0."""
    raised = np.asarray(scores, dtype=np.float32) ** TRUST
    weights: Weights = raised / raised.sum()
    return weights


def moved(vector: Vectors, found: Vectors, weights: Weights) -> Vectors:
    """The question's vector (dimension,) on its way to the mean of these (passages, dimension), of length one."""
    towards = vector + TOWARDS * (weights @ found)
    length = float(np.linalg.norm(towards))
    return (towards / length).astype(np.float32) if length > 0 else vector


def telling_words(lexical: LexicalIndex, rows: Sequence[int], weights: Weights) -> Mapping[str, float]:
    """The stems that tell these rows from all others, by their share of 1; ties by the alphabet."""
    worth: defaultdict[str, float] = defaultdict(float)
    for row, weight in zip(rows, weights, strict=True):
        for stem, score in lexical.stems_of(row).items():
            worth[stem] += float(weight) * score
    best = dict(islice(sorted(worth.items(), key=lambda one: (-one[1], one[0])), WORDS))
    total = sum(best.values())
    return {stem: value / total for stem, value in best.items()} if total > 0 else {}
