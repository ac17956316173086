"""Made-up vectors and passages of any number, the same for the same seed: what growth is measured on."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from advisor.index.dense import DenseIndex
from advisor.index.embedding import Embedder, open_embedder
from advisor.index.lexical import build_lexical
from advisor.index.publish import FORMAT, Lines, Manifest, Snapshot
from advisor.models import locate, weights_digest
from advisor.records import Document, Passage
from advisor.settings import Settings
from advisor.text import content_hash

Vectors = NDArray[np.float32]

DIMENSION = 384
FIELDS, ROWS_A_TOPIC = 64, 50
# Shares of a vector's square length. Cosines then come near those of the lines of our corpus (in brackets): .22 (.21)
# for two rows anywhere, .78 (.75) for a row and its tenth nearest; the nearest is further off, .81 (.93).
COMMON, OF_FIELD, OF_TOPIC, OWN = 0.21, 0.20, 0.35, 0.24
CHUNK = 50_000
WORDS_A_PASSAGE, PASSAGES_A_PAGE = 120, 14


def topics_of(rows: int) -> int:
    """How many topics so many rows are spread over."""
    return max(FIELDS, rows // ROWS_A_TOPIC)


def made_vectors(rows: int, *, topics: int, seed: int = 1, part: int = 0) -> Vectors:
    """So many unit vectors in fields and topics; another part of the same seed has other rows in the same topics."""
    shape = np.random.default_rng([seed, 0])
    common, fields = _directions(shape, 1), _directions(shape, FIELDS)
    centres = _directions(shape, topics)
    draw = np.random.default_rng([seed, 1 + part])
    vectors = np.empty((rows, DIMENSION), dtype=np.float32)
    for at in range(0, rows, CHUNK):
        count = min(CHUNK, rows - at)
        topic = draw.integers(0, topics, count)
        vectors[at : at + count] = (
            np.sqrt(COMMON) * common
            + np.sqrt(OF_FIELD) * fields[topic % FIELDS]
            + np.sqrt(OF_TOPIC) * centres[topic]
            + np.sqrt(OWN) * _directions(draw, count)
        )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _directions(draw: np.random.Generator, rows: int) -> Vectors:
    """Unit vectors whose dimensions matter less and less, as those of an embedder do."""
    weights = (1 / np.sqrt(np.arange(DIMENSION) + 10)).astype(np.float32)
    found = draw.standard_normal((rows, DIMENSION), dtype=np.float32) * weights
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def nearest_rows(vectors: Vectors, asked: Vectors, k: int) -> NDArray[np.int64]:
    """By brute force the k rows with the highest inner product with each asked vector, best first."""
    best_scores = np.full((len(asked), 0), -np.inf, dtype=np.float32)
    best_rows = np.zeros((len(asked), 0), dtype=np.int64)
    for at in range(0, len(vectors), CHUNK):
        scores = asked @ vectors[at : at + CHUNK].T
        rows = np.broadcast_to(np.arange(at, at + scores.shape[1]), scores.shape)
        best_scores = np.concatenate([best_scores, scores], axis=1)
        best_rows = np.concatenate([best_rows, rows], axis=1)
        order = np.argsort(-best_scores, axis=1, kind="stable")[:, :k]
        best_scores = np.take_along_axis(best_scores, order, axis=1)
        best_rows = np.take_along_axis(best_rows, order, axis=1)
    return best_rows


@dataclass(frozen=True, slots=True)
class MadeSearch:
    """A build that was never written, of made-up passages, and the real embedder."""

    snapshot: Snapshot
    embedder: Embedder
    vocabulary: Collection[str]


def made_search(passages: int, lines: int, corpus: Path, settings: Settings, threads: int) -> MadeSearch:
    """Passages of words as frequent as in the pages of this folder, with made-up vectors for them and their lines."""
    folder = locate(settings.embedder, models_dir=settings.models_dir)
    digest = weights_digest(folder)
    embedder = open_embedder(folder, name=settings.embedder, digest=digest, threads=threads)
    words = " ".join(path.read_text(encoding="utf-8") for path in sorted(corpus.glob("*.md"))).split()
    draw = np.random.default_rng(7)
    texts = [" ".join(words[place] for place in draw.integers(0, len(words), WORDS_A_PASSAGE)) for _ in range(passages)]
    pages = [f"page-{row // PASSAGES_A_PAGE}.md" for row in range(passages)]
    cut = tuple(
        Passage(f"{row}", page, page, (), 0, len(text), text)
        for row, (page, text) in enumerate(zip(pages, texts, strict=True))
    )
    documents = tuple(Document(page, page, "", (), content_hash(page)) for page in dict.fromkeys(pages))
    vectors = made_vectors(passages, topics=topics_of(lines))
    line_vectors = made_vectors(lines, topics=topics_of(lines), part=2)
    rows = (np.arange(lines) * passages // lines).astype(np.int32)
    manifest = Manifest(
        format=FORMAT,
        build="made up",
        created_at="",
        embedder=embedder.name,
        embedder_digest=digest,
        dimension=embedder.dimension,
        chunker_version="",
        documents={document.key: document.digest for document in documents},
        passages=passages,
        files={},
    )
    lexical = build_lexical(texts)
    snapshot = Snapshot(
        manifest,
        documents,
        cut,
        vectors,
        DenseIndex(vectors),
        lexical,
        Lines({}, line_vectors, rows, DenseIndex(line_vectors)),
    )
    return MadeSearch(snapshot, embedder, lexical.rarity().keys())
