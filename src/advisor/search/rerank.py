"""Order the passages that search found anew, by a cross-encoder that reads question and passage together.

Nogueira and Cho 2019, "Passage Re-ranking with BERT". None is on by default: the line reader orders passages by their
best line, see docs/decisions/007. Knows nothing of answers, or of how passages were found.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np

from advisor.index.sentence_models import open_cross_encoder
from advisor.models import locate
from advisor.records import Hit, Query
from advisor.search.hybrid import Scores, normalised
from advisor.text import visible

READ = 30  # passages that are read for each question
READING_SHARE = 0.7  # of what is read, against the score of the search


class Reranker(Protocol):
    """What tells how well passages answer a question."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """One score a text, in order, higher is better; shape (texts,)."""


def reranked(query: Query, hits: Sequence[Hit], reranker: Reranker) -> tuple[Hit, ...]:
    """The same passages, best first; ties in the order before. Their fused score tells what was read as well.

    As in the search, both scores are brought to 0…1 over the passages given.
    """
    read = reranker.scores(query.standalone, [_text(hit) for hit in hits])
    found = np.fromiter((hit.fused_score for hit in hits), dtype=np.float32, count=len(hits))
    fused = READING_SHARE * normalised(read) + (1 - READING_SHARE) * normalised(found)
    again = [replace(hit, fused_score=float(score)) for hit, score in zip(hits, fused, strict=True)]
    return tuple(sorted(again, key=lambda hit: -hit.fused_score))


def _text(hit: Hit) -> str:
    passage = hit.passage
    return visible("\n".join(part for part in (passage.title, passage.context, passage.text) if part))


class CrossEncoder:
    """A cross-encoder held open. Threads may share it; it reads for one at a time."""

    def __init__(self, score: Callable[[Sequence[tuple[str, str]]], Scores]) -> None:
        self._score = score
        self._lock = Lock()

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """What the model says of each pair."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        with self._lock:
            return self._score([(visible(question), text) for text in texts])


def find_reranker(name: str | None, *, models_dir: Path) -> CrossEncoder | None:
    """The cross-encoder of this name or folder, None where there is no name. Raises ModelError or UsageError."""
    return open_reranker(locate(name, models_dir=models_dir), name=name) if name else None


def open_reranker(folder: Path, *, name: str) -> CrossEncoder:
    """The cross-encoder in this folder. Raises ModelError where it cannot be loaded or gives no single score."""
    return CrossEncoder(open_cross_encoder(folder, name=name))
