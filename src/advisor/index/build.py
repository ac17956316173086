"""From a folder of documents to a published index: read, cut, embed what is new, write aside, verify, swap.

Vectors are keyed by the digest of what was embedded, so an unchanged passage is never embedded twice and a changed one
never keeps an old vector. Knows nothing of questions.
"""

import hashlib
import shutil
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
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
from advisor.index.dense import FLAT_UP_TO, DenseIndex
from advisor.index.embedding import Embedder, Vectors
from advisor.index.lexical import build_lexical
from advisor.index.publish import FORMAT, Contents, Lines, Manifest
from advisor.records import Document, Passage
from advisor.text import content_hash

EMBED_STRIDE = 64  # passages between two reports of progress

Progress = Callable[[int, int], None]  # texts (passages and their lines) embedded so far, texts to embed
Approve = Callable[[Path], bool]  # whether to publish the build that this folder, an index of its own, holds


@dataclass(frozen=True, slots=True)
class Renamed:
    """A document whose bytes are those of one that is gone."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Documents of a corpus against those of a published build, by key; a renamed one is neither added nor removed."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    renamed: tuple[Renamed, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether the build holds just these documents."""
        return not (self.added or self.changed or self.removed or self.renamed)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a build would do: the passages it would have, and what of them and of their lines is new to the embedder."""

    changes: Changes
    passages: int
    passages_to_embed: int
    lines_to_embed: int  # those that are not a passage too
    problems: tuple[ReadingProblem, ...]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `published` is False where nothing had changed, or where the new build was not approved.

    Then `kept_in` is the index folder in which the new build lies until the next one begins; "" otherwise.
    """

    build: str
    published: bool
    changes: Changes
    passages: int
    embedded: int
    reused: int
    problems: tuple[ReadingProblem, ...]
    seconds: float
    kept_in: str = ""


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""


def build_index(
    corpus_dir: Path,
    index_dir: Path,
    *,
    embedder: Embedder,
    count_pieces: CountPieces,
    full: bool = False,
    flat_up_to: int = FLAT_UP_TO,
    progress: Progress = _silent,
    approve: Approve | None = None,
) -> BuildReport:
    """Bring the index up to date with the corpus and publish it in one step; `full` embeds everything again.

    Above `flat_up_to` rows vectors are searched by a graph, which is made anew with every build.
    `approve` is asked once the new build is verified; where it says no, the build is kept aside and not published.
    A document that cannot be read is reported and left out; the others are indexed. Raises IndexLocked while another
    build runs, DocumentError where not a single document can be read, and IndexProblem where the disk refuses. Until
    the last step the old build serves.
    """
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        with publish.alone(index_dir):
            return _build(corpus_dir, index_dir, embedder, count_pieces, full, flat_up_to, progress, approve)
    except OSError as error:
        raise IndexProblem(
            f"the index in {str(index_dir)!r} could not be written ({error}); make room there, or let this program "
            "write there, and run it again. What was published before still is."
        ) from error


def _build(
    corpus_dir: Path,
    index_dir: Path,
    embedder: Embedder,
    count_pieces: CountPieces,
    full: bool,
    flat_up_to: int,
    progress: Progress,
    approve: Approve | None,
) -> BuildReport:
    began = perf_counter()
    publish.sweep(index_dir)
    reading = _read(corpus_dir)
    before = None if full else _published(index_dir)
    changes = compare(reading.documents, before)
    if before and changes.is_none and _fits(before, embedder):
        return BuildReport(
            before.build, False, changes, before.passages, 0, before.passages, reading.problems, perf_counter() - began
        )
    cut = _cut(reading.documents, count_pieces)
    known = _known_vectors(index_dir) if before and _fits(before, embedder) else {}
    fresh = _unknown(cut, known)
    known |= _embed(fresh, embedder, progress)
    vectors, line_vectors = _stacked(cut.texts, known), _stacked(cut.line_texts, known)
    line_dense = DenseIndex(line_vectors, flat_up_to=flat_up_to)
    lines = Lines(_starts(cut.outlines), line_vectors, _passages_of_lines(cut.outlines, cut.passages), line_dense)
    graph = DenseIndex(vectors, flat_up_to=flat_up_to).graph
    contents = Contents(reading.documents, cut.passages, vectors, build_lexical(cut.texts), lines, graph)
    manifest = _manifest(embedder, reading.documents, cut.passages)
    kept_in = _published_or_kept(index_dir, manifest, contents, approve)
    embedded = len({*cut.texts} & {*fresh})
    return BuildReport(
        manifest.build,
        not kept_in,
        changes,
        len(cut.texts),
        embedded,
        len(cut.texts) - embedded,
        reading.problems,
        perf_counter() - began,
        kept_in,
    )


def preview(corpus_dir: Path, index_dir: Path, *, embedder: Embedder, count_pieces: CountPieces) -> Preview:
    """What a build would do now; nothing is embedded and nothing written. Raises DocumentError as a build does."""
    reading = _read(corpus_dir)
    before = _published(index_dir)
    changes = compare(reading.documents, before)
    if before and changes.is_none and _fits(before, embedder):
        return Preview(changes, before.passages, 0, 0, reading.problems)
    cut = _cut(reading.documents, count_pieces)
    fresh = {*_unknown(cut, _known_vectors(index_dir) if before and _fits(before, embedder) else {})}
    embedded = len({*cut.texts} & fresh)
    return Preview(changes, len(cut.texts), embedded, len(fresh) - embedded, reading.problems)


def compare(documents: Sequence[Document], before: Manifest | None) -> Changes:
    """Which documents are new, changed, renamed, gone or the same against a published build.

    Of several documents with the same bytes the first gone is paired with the first new one, by key.
    """
    old = before.documents if before else {}
    new = {document.key: document.digest for document in documents}
    gone, added = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
    renamed = []
    for key in gone:
        if (after := next((other for other in added if new[other] == old[key]), None)) is not None:
            added.remove(after)
            renamed.append(Renamed(key, after))
    moved = {pair.before for pair in renamed}
    return Changes(
        added=tuple(added),
        changed=tuple(sorted(key for key in new.keys() & old.keys() if new[key] != old[key])),
        removed=tuple(key for key in gone if key not in moved),
        unchanged=tuple(sorted(key for key in new.keys() & old.keys() if new[key] == old[key])),
        renamed=tuple(renamed),
    )


def _read(corpus_dir: Path) -> CorpusReading:
    reading = read_corpus(corpus_dir)
    if not reading.documents:
        raise DocumentError(f"{str(corpus_dir)!r} holds no document that can be read{_first_problem(reading)}")
    return reading


@dataclass(frozen=True, slots=True)
class _Cut:
    """The documents in passages and lines, and what is embedded of each."""

    passages: tuple[Passage, ...]
    outlines: tuple[Outline, ...]
    texts: tuple[str, ...]
    line_texts: tuple[str, ...]


def _cut(documents: Sequence[Document], count_pieces: CountPieces) -> _Cut:
    passages = tuple(p for document in documents for p in chunk_document(document, count_pieces=count_pieces))
    outlines = tuple(outline_document(document) for document in documents)
    return _Cut(
        passages,
        outlines,
        tuple(embedding_text(passage) for passage in passages),
        tuple(described(outline, node) for outline in outlines for node in outline.nodes),
    )


def _unknown(cut: _Cut, known: Mapping[str, Vectors]) -> list[str]:
    """The texts without a vector, the shortest first: texts of one length share a batch without padding."""
    unknown = {text for text in (*cut.texts, *cut.line_texts) if content_hash(text) not in known}
    return sorted(unknown, key=lambda text: (len(text), text))


def _published_or_kept(index_dir: Path, manifest: Manifest, contents: Contents, approve: Approve | None) -> str:
    """Write, verify and publish a build; where it is not approved, the folder in which it is kept instead.

    Whatever ends this early, an interruption too, leaves nothing of the new build behind.
    """
    staged = index_dir / "builds" / f".staged-{manifest.build}"
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, staged, ignore_errors=True)
        publish.write_build(staged, manifest, contents)
        publish.check_files(staged, publish.read_manifest(staged))
        if approve is not None:
            aside = index_dir / publish.ASIDE
            undo.callback(shutil.rmtree, aside, ignore_errors=True)
            staged = publish.put_aside(aside, staged, manifest.build)
            if not approve(aside):
                undo.pop_all()
                return str(aside)
        publish.publish(index_dir, staged, manifest.build)
    return ""


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
