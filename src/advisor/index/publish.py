"""Builds on disk: written aside, verified, published by replacing one pointer, opened with every byte checked.

    index/CURRENT                   one line: the name of the published build
    index/.lock                     held by whoever writes here
    index/builds/<build>/           documents.jsonl  passages.jsonl  vectors.npy  line_*  lexical/  manifest.json
                                    and, of many rows, *graph_links.npy  *graph_levels.npy
    index/builds/.…                 builds not finished yet, or not wholly removed: swept away by the next build
    index/aside/                    an index of its own with the one build that was not approved, swept away likewise

The manifest is written last and holds the sha256 of every other file and a seal over itself; a folder without one is
not a build. Nothing is unpickled and no FAISS file is parsed. Knows nothing of models: only their names and digests.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter

from advisor.errors import IndexDamaged, IndexLocked, IndexMismatch, IndexMissing, UsageError
from advisor.index.dense import DenseIndex, Graph
from advisor.index.embedding import Vectors
from advisor.index.graphs import GraphEntry, graph_files, read_graph, write_graph
from advisor.index.lexical import LexicalIndex, open_lexical
from advisor.records import Document, Passage

FORMAT = 1
KEPT_BUILDS = 3
ASIDE = "aside"
_CURRENT = "CURRENT"
_MANIFEST = "manifest.json"
_NEEDED = frozenset(
    ("documents.jsonl", "passages.jsonl", "vectors.npy", "line_vectors.npy", "line_passages.npy", "line_starts.json")
)
_REBUILD = "run: advisor index build --full"

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class FileEntry(BaseModel):
    """What a file of the build must be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size_bytes: int
    sha256: Sha256


class Manifest(BaseModel):
    """What a build was made from and what it consists of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    build: str
    created_at: str
    embedder: str
    embedder_digest: Sha256
    dimension: int
    chunker_version: str
    documents: dict[str, Sha256]  # key to the digest of the source file
    passages: int
    files: dict[str, FileEntry]
    graph: GraphEntry | None = None  # over the vectors of the passages; none where every one is looked at
    line_graph: GraphEntry | None = None  # and over those of the lines
    seal: Sha256 | None = None  # see `manifest_text`; builds made before there were seals have none


@dataclass(frozen=True, slots=True)
class RolledBack:
    """Which build is published now, and which was before."""

    build: str
    before: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The meaning of every line (heading, item, sentence, row) of the documents, finer than their passages.

    Row `starts[key] + n` of `vectors` is node n of that document's outline; `passages` holds the row of its passage.
    """

    starts: dict[str, int]
    vectors: Vectors
    passages: NDArray[np.int32]
    dense: DenseIndex


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published build held in memory; immutable, so any number of threads may read it."""

    manifest: Manifest
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors
    dense: DenseIndex
    lexical: LexicalIndex
    lines: Lines

    def document(self, key: str) -> Document:
        """The document with this key; raises KeyError where the build has none."""
        for document in self.documents:
            if document.key == key:
                return document
        raise KeyError(key)


_DOCUMENT = TypeAdapter(Document)
_PASSAGE = TypeAdapter(Passage)
_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a build holds, before it is written."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors
    lexical: LexicalIndex
    lines: Lines
    graph: Graph | None = None  # of the passages' vectors


@contextmanager
def alone(index_dir: Path) -> Iterator[None]:
    """Hold the index for writing; raises IndexLocked at once where another process does."""
    lock = FileLock(index_dir / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexLocked(f"another build is writing to {str(index_dir)!r}; wait for it and try again") from error
    try:
        yield
    finally:
        lock.release()


def write_build(folder: Path, manifest: Manifest, contents: Contents) -> Manifest:
    """Write all files of a build into this empty folder, the manifest last; the result has the files' digests."""
    folder.mkdir(parents=True)
    _write(folder / "documents.jsonl", _jsonl(_DOCUMENT, contents.documents))
    _write(folder / "passages.jsonl", _jsonl(_PASSAGE, contents.passages))
    _write(folder / "vectors.npy", _npy(contents.vectors))
    _write(folder / "line_vectors.npy", _npy(contents.lines.vectors))
    _write(folder / "line_passages.npy", _npy(contents.lines.passages))
    _write(folder / "line_starts.json", json.dumps(contents.lines.starts).encode())
    contents.lexical.save(folder / "lexical")
    graph = write_graph(folder, contents.graph)
    line_graph = write_graph(folder, contents.lines.dense.graph, "line_")
    files = {path.relative_to(folder).as_posix(): _entry(path) for path in _files(folder)}
    complete = manifest.model_copy(update={"files": files, "graph": graph, "line_graph": line_graph})
    for path in folder.rglob("*"):  # folders too: a file whose name is not on the disk is lost
        _sync(path)
    _write(folder / _MANIFEST, manifest_text(complete.model_dump()).encode())
    _sync(folder)
    return complete


def manifest_text(said: Mapping[str, Any]) -> str:
    """The JSON of a manifest with a seal: the sha256 of that JSON without it. Any other text is not a sealed one."""
    rest = {name: value for name, value in said.items() if name != "seal"}
    return json.dumps(rest | {"seal": hashlib.sha256(json.dumps(rest).encode()).hexdigest()}, indent=2)


def publish(index_dir: Path, staged: Path, build: str) -> None:
    """Make a written build the current one by one atomic replacement; the builds before the last few are removed."""
    target = index_dir / "builds" / build
    staged.replace(target)
    _sync(target.parent)
    point_to(index_dir, build)
    _forget_old_builds(index_dir)


def put_aside(aside: Path, staged: Path, build: str) -> Path:
    """Make a written build the only one of an index of its own, in place of what was there; the build's new place."""
    shutil.rmtree(aside, ignore_errors=True)
    target = aside / "builds" / build
    target.parent.mkdir(parents=True)
    staged.replace(target)
    point_to(aside, build)
    return target


def point_to(index_dir: Path, build: str) -> None:
    """Set the published build."""
    pointer = index_dir / f"{_CURRENT}.new"
    _write(pointer, f"{build}\n".encode())
    pointer.replace(index_dir / _CURRENT)
    _sync(index_dir)


def roll_back(index_dir: Path) -> RolledBack:
    """Publish the build before the current one again, once its files are found sound.

    Raises UsageError where there is none before, IndexLocked while a build runs, IndexMissing or IndexDamaged.
    """
    current_build(index_dir)  # where there is no index, no lock is to be left either
    with alone(index_dir):
        current = current_build(index_dir).name
        older = [name for name in builds(index_dir) if name < current]
        if not older:
            raise UsageError(f"there is no build before {current!r} in {str(index_dir)!r}; run: advisor index build")
        folder = index_dir / "builds" / older[-1]
        check_files(folder, read_manifest(folder))
        point_to(index_dir, older[-1])
        return RolledBack(older[-1], current)


def current_build(index_dir: Path) -> Path:
    """The folder of the published build; raises IndexMissing or IndexDamaged."""
    pointer = index_dir / _CURRENT
    if not pointer.is_file():
        raise IndexMissing(f"there is no index in {str(index_dir)!r}; run: advisor index build")
    try:
        build, end, rest = pointer.read_text(encoding="utf-8").partition("\n")
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{str(pointer)!r} cannot be read ({error}); {_REBUILD}") from error
    folder = index_dir / "builds" / build
    if not build or not end or rest or Path(build).name != build or not folder.is_dir():
        raise IndexDamaged(f"{str(pointer)!r} names {build!r}, which is no build; {_REBUILD}")
    return folder


def builds(index_dir: Path) -> tuple[str, ...]:
    """Names of the complete builds, oldest first."""
    folder = index_dir / "builds"
    if not folder.is_dir():
        return ()
    found = (path for path in folder.iterdir() if not path.name.startswith("."))
    return tuple(sorted(path.name for path in found if (path / _MANIFEST).is_file()))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a build; raises IndexDamaged or IndexMismatch."""
    path = folder / _MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
        raw = json.loads(text)
        if isinstance(raw, dict) and raw.get("format") != FORMAT:
            raise IndexMismatch(
                f"{str(path)!r} has format {raw.get('format')!r}, this program reads {FORMAT}; {_REBUILD}"
            )
        manifest = Manifest.model_validate(raw)
    except (OSError, ValueError, RecursionError) as error:  # pydantic's ValidationError is a ValueError
        raise IndexDamaged(f"{str(path)!r} is not a manifest ({type(error).__name__}); {_REBUILD}") from error
    if manifest.seal is not None and manifest_text(raw) != text:
        raise IndexDamaged(f"{str(path)!r} has changed since it was published; {_REBUILD}")
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Read every byte of a build; raises IndexDamaged naming the first file that is not what was published."""
    graphs = graph_files(manifest.graph) | graph_files(manifest.line_graph, "line_")
    if missing := sorted((_NEEDED | graphs) - manifest.files.keys()):
        raise IndexDamaged(f"the manifest in {str(folder)!r} does not vouch for {missing[0]!r}; {_REBUILD}")
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise IndexDamaged(f"{str(path)!r} is missing; {_REBUILD}")
        if _entry(path) != expected:
            raise IndexDamaged(f"{str(path)!r} has changed since it was published; {_REBUILD}")


def open_snapshot(index_dir: Path) -> Snapshot:
    """Open the published build, every file checked before it is used. Raises IndexMissing, -Damaged or -Mismatch.

    Where several builds are published while one is being read, it may be removed meanwhile: then the newest is opened.
    """
    folder = current_build(index_dir)
    try:
        return _open(folder)
    except IndexDamaged:
        if current_build(index_dir) == folder:
            raise
    return open_snapshot(index_dir)


def _open(folder: Path) -> Snapshot:
    manifest = read_manifest(folder)
    if manifest.build != folder.name:
        raise IndexDamaged(f"{str(folder)!r} holds the build {manifest.build!r}; {_REBUILD}")
    check_files(folder, manifest)
    try:
        documents = _read_lines(_DOCUMENT, folder / "documents.jsonl")
        passages = _read_lines(_PASSAGE, folder / "passages.jsonl")
        vectors = np.load(folder / "vectors.npy", allow_pickle=False)
        lexical = open_lexical(folder / "lexical", len(passages))
        line_vectors = np.load(folder / "line_vectors.npy", allow_pickle=False)
        line_passages = np.load(folder / "line_passages.npy", allow_pickle=False)
        starts = json.loads((folder / "line_starts.json").read_bytes())
        if vectors.shape != (manifest.passages, manifest.dimension) or len(passages) != manifest.passages:
            raise IndexDamaged(f"{str(folder)!r} does not hold what its manifest says; {_REBUILD}")
        dense = DenseIndex(vectors, read_graph(folder, manifest.graph), flat_up_to=len(vectors))
        line_graph = read_graph(folder, manifest.line_graph, "line_")
        lines = Lines(
            starts, line_vectors, line_passages, DenseIndex(line_vectors, line_graph, flat_up_to=len(line_vectors))
        )
    except (OSError, ValueError) as error:  # pydantic's ValidationError is a ValueError
        raise IndexDamaged(f"{str(folder)!r} cannot be read ({error}); {_REBUILD}") from error
    return Snapshot(manifest, documents, passages, vectors, dense, lexical, lines)


def check_fits(manifest: Manifest, *, embedder: str, digest: str, chunker_version: str) -> None:
    """Raise IndexMismatch where a build cannot be searched with this embedder or was cut by another chunker."""
    if manifest.embedder_digest != digest:
        raise IndexMismatch(
            f"the index was built with {manifest.embedder!r} ({manifest.embedder_digest[:12]}), "
            f"the embedder at hand is {embedder!r} ({digest[:12]}); {_REBUILD}"
        )
    if manifest.chunker_version != chunker_version:
        raise IndexMismatch(
            f"the index was cut by chunker {manifest.chunker_version!r}, this program's is {chunker_version!r}; "
            "run: advisor index build"
        )


def sweep(index_dir: Path) -> None:
    """Remove what interrupted builds and removals left behind. For whoever holds the index for writing."""
    kept = {*builds(index_dir)}
    shutil.rmtree(index_dir / ASIDE, ignore_errors=True)
    for folder in (index_dir / "builds").glob("*/"):
        if folder.name.startswith(".") or folder.name not in kept:
            shutil.rmtree(folder)


def _forget_old_builds(index_dir: Path) -> None:
    """Remove builds whole or not at all: one without its manifest would neither be listed nor ever be removed."""
    current = current_build(index_dir).name
    for name in builds(index_dir)[:-KEPT_BUILDS]:
        if name != current:
            with suppress(OSError):  # the new build is published all the same, and the next one sweeps
                gone = (index_dir / "builds" / name).replace(index_dir / "builds" / f".gone-{name}")
                shutil.rmtree(gone)


def _npy(array: NDArray[Any]) -> bytes:
    buffer = BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _jsonl(adapter: TypeAdapter[_Record], records: Sequence[_Record]) -> bytes:
    return b"".join(adapter.dump_json(record) + b"\n" for record in records)


def _read_lines(adapter: TypeAdapter[_Record], path: Path) -> tuple[_Record, ...]:
    return tuple(adapter.validate_json(line) for line in path.read_bytes().splitlines() if line)


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _entry(path: Path) -> FileEntry:
    with path.open("rb") as file:
        return FileEntry(size_bytes=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    """Bring a file or a folder's listing to the disk (Windows cannot open folders and needs no such call)."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
