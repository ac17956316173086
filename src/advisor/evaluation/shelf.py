"""Foreign texts as a build that was never written: cut, embedded and indexed as the product does it, held in memory.

Knows nothing of where the texts come from, of questions, or of how well anything is found.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from advisor.corpus.chunking import CHUNKER_VERSION, CountPieces, chunk_document, embedding_text
from advisor.corpus.outline import described, outline_document
from advisor.index.build import EMBED_STRIDE, Progress
from advisor.index.dense import DenseIndex
from advisor.index.embedding import Embedder, Vectors
from advisor.index.lexical import build_lexical
from advisor.index.publish import FORMAT, Lines, Manifest, Snapshot
from advisor.records import Document, Passage


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""


def hold_for_search(
    documents: Sequence[Document], embedder: Embedder, count_pieces: CountPieces, progress: Progress = _silent
) -> Snapshot:
    """A build that can be searched, but with one line a document, the meaning of its first passage.

    Documents without a passage stay listed and are never found. `progress` counts passages embedded.
    """
    cut = _cut(documents, count_pieces)
    vectors = _embedded(cut.texts, embedder, progress)
    return _snapshot(documents, cut, vectors, _first_passages(cut.passages, vectors), embedder)


def hold_for_answers(documents: Sequence[Document], embedder: Embedder, count_pieces: CountPieces) -> Snapshot:
    """A build that can be answered from: the lines are the nodes of the documents' outlines, as in a published one.

    Documents without a passage are left out; there may be none at all.
    """
    cut = _cut(documents, count_pieces)
    worded = {passage.document for passage in cut.passages}
    kept = [document for document in documents if document.key in worded]
    vectors = _embedded(cut.texts, embedder, _silent)
    return _snapshot(kept, cut, vectors, _outline_lines(kept, cut.passages, embedder), embedder)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Passages, and what the embedder and the lexical index read of each."""

    passages: tuple[Passage, ...]
    texts: list[str]


def _cut(documents: Sequence[Document], count_pieces: CountPieces) -> _Cut:
    passages = tuple(p for document in documents for p in chunk_document(document, count_pieces=count_pieces))
    return _Cut(passages, [embedding_text(passage) for passage in passages])


def _snapshot(documents: Sequence[Document], cut: _Cut, vectors: Vectors, lines: Lines, embedder: Embedder) -> Snapshot:
    return Snapshot(
        _manifest(embedder, documents, cut.passages),
        tuple(documents),
        cut.passages,
        vectors,
        DenseIndex(vectors),
        build_lexical(cut.texts),
        lines,
    )


def _embedded(texts: Sequence[str], embedder: Embedder, progress: Progress) -> Vectors:
    """One row per text; those of one length together, which need no padding in a batch."""
    vectors = np.zeros((len(texts), embedder.dimension), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda row: (len(texts[row]), texts[row]))
    progress(0, len(texts))
    for start in range(0, len(order), EMBED_STRIDE):
        rows = order[start : start + EMBED_STRIDE]
        vectors[rows] = embedder.embed([texts[row] for row in rows])
        progress(start + len(rows), len(texts))
    return vectors


def _first_passages(passages: Sequence[Passage], vectors: Vectors) -> Lines:
    first: dict[str, int] = {}
    for row, passage in enumerate(passages):
        first.setdefault(passage.document, row)
    rows = np.fromiter(first.values(), dtype=np.int32)
    starts = {key: line for line, key in enumerate(first)}
    return Lines(starts, vectors[rows], rows, DenseIndex(vectors[rows]))


def _outline_lines(documents: Sequence[Document], passages: Sequence[Passage], embedder: Embedder) -> Lines:
    """Every node of every outline, with the last passage that begins before it does."""
    starts: dict[str, int] = {}
    texts: list[str] = []
    rows: list[int] = []
    for document in documents:
        outline = outline_document(document)
        own = [row for row, passage in enumerate(passages) if passage.document == document.key]
        begins = [passages[row].start for row in own]
        starts[document.key] = len(texts)
        texts += [described(outline, node) for node in outline.nodes]
        rows += [own[max(bisect_right(begins, node.start) - 1, 0)] for node in outline.nodes]
    vectors = _embedded(texts, embedder, _silent)
    return Lines(starts, vectors, np.array(rows, dtype=np.int32), DenseIndex(vectors))


def _manifest(embedder: Embedder, documents: Sequence[Document], passages: Sequence[Passage]) -> Manifest:
    return Manifest(
        format=FORMAT,
        build="in memory",
        created_at="",
        embedder=embedder.name,
        embedder_digest=embedder.digest,
        dimension=embedder.dimension,
        chunker_version=CHUNKER_VERSION,
        documents={document.key: document.digest for document in documents},
        passages=len(passages),
        files={},
    )
