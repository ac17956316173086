"""From a folder of documents to a published index: read, cut, embed what is new, write aside, verify, swap.

Vectors are keyed by the digest of what was embedded, so an unchanged passage is never embedded twice and a changed one
never keeps an old vector. Knows nothing of questions.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from advisor.corpus.chunking import CHUNKER_VERSION, CountPieces, chunk_document, embedding_text
from advisor.corpus.outline import Outline, described, outline_document
from advisor.corpus.reading import CorpusReading, ReadingProblem, read_corpus
from advisor.errors import DocumentError, IndexProblem
from advisor.index import publish
from advisor.index.dense import DenseIndex
from advisor.index.embedding import Embedder, Vectors
from advisor.index.lexical import build_lexical
from advisor.index.publish import FORMAT, Contents, Lines, Manifest
from advisor.records import Document, Passage
from advisor.text import content_hash

EMBED_STRIDE = 64  # passages between two reports of progress

Progress = Callable[[int, int], None]  # texts (passages and their lines) embedded so far, texts to embed


@dataclass(frozen=True, slots=True)
class Changes:
    """Documents of a corpus against those of a published build, by key."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `published` is False where nothing had changed."""

    build: str
    published: bool
    changes: Changes
    passages: int
    embedded: int
    reused: int
    problems: tuple[ReadingProblem, ...]
    seconds: float


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""


def build_index(
    corpus_dir: Path,
    index_dir: Path,
    *,
    embedder: Embedder,
    count_pieces: CountPieces,
    full: bool = False,
    progress: Progress = _silent,
) -> BuildReport:
    """Bring the index up to date with the corpus and publish it in one step; `full` embeds everything again.

    A document that cannot be read is reported and left out; the others are indexed. Raises IndexLocked while another
    build runs, DocumentError where not a single document can be read, and IndexProblem where the disk refuses. Until
    the last step the old build serves.
    """
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        with publish.alone(index_dir):
            return _build(corpus_dir, index_dir, embedder, count_pieces, full, progress)
    except OSError as error:
        raise IndexProblem(
            f"the index in {str(index_dir)!r} could not be written ({error}); make room there, or let this program "
            "write there, and run it again. What was published before still is."
        ) from error


def _build(
    corpus_dir: Path, index_dir: Path, embedder: Embedder, count_pieces: CountPieces, full: bool, progress: Progress
) -> BuildReport:
    began = perf_counter()
    publish.sweep(index_dir)
    reading = read_corpus(corpus_dir)
    if not reading.documents:
        raise DocumentError(f"{str(corpus_dir)!r} holds no document that can be read{_first_problem(reading)}")
    before = None if full else _published(index_dir)
    changes = compare(reading.documents, before)
    if before and not (changes.added or changes.changed or changes.removed) and _fits(before, embedder):
        return BuildReport(
            before.build, False, changes, before.passages, 0, before.passages, reading.problems, perf_counter() - began
        )
    passages = tuple(p for document in reading.documents for p in chunk_document(document, count_pieces=count_pieces))
    outlines = [outline_document(document) for document in reading.documents]
    texts = [embedding_text(passage) for passage in passages]
    line_texts = [described(outline, node) for outline in outlines for node in outline.nodes]
    known = _known_vectors(index_dir) if before and _fits(before, embedder) else {}
    unknown = {text for text in (*texts, *line_texts) if content_hash(text) not in known}
    fresh = sorted(unknown, key=lambda text: (len(text), text))  # texts of one length share a batch without padding
    known |= _embed(fresh, embedder, progress)
    line_vectors = _stacked(line_texts, known)
    lines = Lines(_starts(outlines), line_vectors, _passages_of_lines(outlines, passages), DenseIndex(line_vectors))
    contents = Contents(reading.documents, passages, _stacked(texts, known), build_lexical(texts), lines)
    manifest = _manifest(embedder, reading.documents, passages)
    staged = index_dir / "builds" / f".staged-{manifest.build}"
    publish.write_build(staged, manifest, contents)
    publish.check_files(staged, publish.read_manifest(staged))
    publish.publish(index_dir, staged, manifest.build)
    embedded = len({text for text in texts} & set(fresh))
    reused = len(texts) - embedded
    return BuildReport(
        manifest.build, True, changes, len(texts), embedded, reused, reading.problems, perf_counter() - began
    )


def compare(documents: Sequence[Document], before: Manifest | None) -> Changes:
    """Which documents are new, changed, gone or the same against a published build."""
    old = before.documents if before else {}
    new = {document.key: document.digest for document in documents}
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(key for key in new.keys() & old.keys() if new[key] != old[key])),
        removed=tuple(sorted(old.keys() - new.keys())),
        unchanged=tuple(sorted(key for key in new.keys() & old.keys() if new[key] == old[key])),
    )


def _published(index_dir: Path) -> Manifest | None:
    """The manifest of the current build, or None where there is nothing sound to build upon."""
    try:
        folder = publish.current_build(index_dir)
        manifest = publish.read_manifest(folder)
        publish.check_files(folder, manifest)
    except IndexProblem:
        return None  # missing or damaged: everything is built anew, which mends it
    return manifest


def _fits(before: Manifest, embedder: Embedder) -> bool:
    return before.embedder_digest == embedder.digest and before.chunker_version == CHUNKER_VERSION


def _known_vectors(index_dir: Path) -> dict[str, Vectors]:
    """Vectors of the published build by the digest of what they embed."""
    snapshot = publish.open_snapshot(index_dir)
    outlines = (outline_document(document) for document in snapshot.documents)
    lines = (described(outline, node) for outline in outlines for node in outline.nodes)
    passages = (embedding_text(passage) for passage in snapshot.passages)
    known = {content_hash(text): vector for text, vector in zip(lines, snapshot.lines.vectors, strict=True)}
    return known | {content_hash(text): vector for text, vector in zip(passages, snapshot.vectors, strict=True)}


def _stacked(texts: Sequence[str], known: Mapping[str, Vectors]) -> Vectors:
    return np.stack([known[content_hash(text)] for text in texts]).astype(np.float32)


def _starts(outlines: Sequence[Outline]) -> dict[str, int]:
    """The first row of each document's lines."""
    counts = accumulate((len(outline.nodes) for outline in outlines), initial=0)
    return {outline.document.key: start for outline, start in zip(outlines, counts, strict=False)}


def _passages_of_lines(outlines: Sequence[Outline], passages: Sequence[Passage]) -> NDArray[np.int32]:
    """For each line the row of the passage it begins in: the last one of its document that begins before it ends."""
    rows: dict[str, list[int]] = {}
    for row, passage in enumerate(passages):
        rows.setdefault(passage.document, []).append(row)
    found = []
    for outline in outlines:
        own = rows.get(outline.document.key, [0])
        starts = [passages[row].start for row in own]
        found += [own[max(bisect_right(starts, node.start) - 1, 0)] for node in outline.nodes]
    return np.array(found, dtype=np.int32)


def _embed(texts: Sequence[str], embedder: Embedder, progress: Progress) -> dict[str, Vectors]:
    vectors: dict[str, Vectors] = {}
    progress(0, len(texts))
    for start in range(0, len(texts), EMBED_STRIDE):
        stretch = texts[start : start + EMBED_STRIDE]
        vectors |= {content_hash(text): row for text, row in zip(stretch, embedder.embed(stretch), strict=True)}
        progress(start + len(stretch), len(texts))
    return vectors


def _manifest(embedder: Embedder, documents: Sequence[Document], passages: Sequence[Passage]) -> Manifest:
    now = datetime.now(UTC)
    corpus = hashlib.sha256("".join(f"{d.key}\0{d.digest}\0" for d in documents).encode()).hexdigest()
    return Manifest(
        format=FORMAT,
        build=f"{now:%Y%m%dT%H%M%S%f}-{corpus[:8]}",
        created_at=now.isoformat(timespec="seconds"),
        embedder=embedder.name,
        embedder_digest=embedder.digest,
        dimension=embedder.dimension,
        chunker_version=CHUNKER_VERSION,
        documents={document.key: document.digest for document in documents},
        passages=len(passages),
        files={},
    )


def _first_problem(reading: CorpusReading) -> str:
    return f" (first problem: {reading.problems[0].key}: {reading.problems[0].message})" if reading.problems else ""
