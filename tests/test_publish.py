"""Builds on disk: opened only if every byte is what was published."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from conftest import PAGES, HashingEmbedder, count_pieces, write_corpus
from filelock import FileLock

from advisor.corpus.chunking import CHUNKER_VERSION
from advisor.errors import DocumentError, IndexDamaged, IndexLocked, IndexMismatch, IndexMissing, UsageError
from advisor.index.build import build_index
from advisor.index.publish import (
    KEPT_BUILDS,
    builds,
    check_fits,
    current_build,
    manifest_text,
    open_snapshot,
    point_to,
    read_manifest,
    roll_back,
)

FILES = ["documents.jsonl", "passages.jsonl", "vectors.npy", "lexical"]


def some_file(index_dir: Path, name: str) -> Path:
    path = current_build(index_dir) / name
    return next(file for file in sorted(path.rglob("*")) if file.stat().st_size) if path.is_dir() else path


def test_a_build_opens_with_what_was_put_in(index_dir: Path, embedder: HashingEmbedder) -> None:
    snapshot = open_snapshot(index_dir)
    assert [document.key for document in snapshot.documents] == sorted(PAGES)
    assert snapshot.vectors.shape == (len(snapshot.passages), embedder.dimension)
    for passage in snapshot.passages:
        assert snapshot.document(passage.document).text[passage.start : passage.end] == passage.text


def test_a_document_that_is_not_there_is_a_key_error(index_dir: Path) -> None:
    with pytest.raises(KeyError):
        open_snapshot(index_dir).document("nurse.md")


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_is_noticed(index_dir: Path, name: str) -> None:
    path = some_file(index_dir, name)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(IndexDamaged, match=path.name):
        open_snapshot(index_dir)


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_short_is_noticed(index_dir: Path, name: str) -> None:
    path = some_file(index_dir, name)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=path.name):
        open_snapshot(index_dir)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_noticed(index_dir: Path, name: str) -> None:
    path = some_file(index_dir, name)
    path.unlink()
    with pytest.raises(IndexDamaged, match=path.name):
        open_snapshot(index_dir)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 1}', b"\xff\xfe", b"[" * 100_000])
def test_a_broken_manifest_is_damage_with_the_cure(index_dir: Path, content: bytes) -> None:
    (current_build(index_dir) / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamaged, match="advisor index build"):
        open_snapshot(index_dir)


def test_a_flipped_bit_anywhere_in_a_manifest_is_noticed(index_dir: Path) -> None:
    path = current_build(index_dir) / "manifest.json"
    content = path.read_bytes()
    for at in range(0, len(content), 9):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :])
        with pytest.raises((IndexDamaged, IndexMismatch), match="advisor index build"):
            read_manifest(path.parent)


def test_a_manifest_that_has_grown_by_a_blank_is_noticed(index_dir: Path) -> None:
    path = current_build(index_dir) / "manifest.json"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(IndexDamaged, match=r"manifest\.json"):
        open_snapshot(index_dir)


def test_a_manifest_without_a_seal_is_one_of_before_and_opens(index_dir: Path) -> None:
    path = current_build(index_dir) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["seal"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert open_snapshot(index_dir).manifest.seal is None


def reseal(index_dir: Path, **changed: object) -> None:
    """Change what the manifest says, as a program would and not a failing disk."""
    path = current_build(index_dir) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | changed
    path.write_text(manifest_text(manifest), encoding="utf-8")


def test_a_manifest_of_another_build_is_damage(index_dir: Path) -> None:
    reseal(index_dir, build="20200101T000000000000-deadbeef")
    with pytest.raises(IndexDamaged, match="20200101"):
        open_snapshot(index_dir)


def test_a_manifest_that_vouches_for_no_files_is_damage(index_dir: Path) -> None:
    reseal(index_dir, files={})
    with pytest.raises(IndexDamaged, match=r"documents\.jsonl"):
        open_snapshot(index_dir)


def test_a_build_of_another_format_is_a_mismatch(index_dir: Path) -> None:
    path = current_build(index_dir) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | {"format": 99}), encoding="utf-8")
    with pytest.raises(IndexMismatch, match="99"):
        open_snapshot(index_dir)


def test_a_folder_without_a_pointer_is_a_missing_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="advisor index build"):
        open_snapshot(tmp_path)


@pytest.mark.parametrize("named", ["20200101T000000-deadbeef", "", "..", "../builds", "a/b"])
def test_a_pointer_to_no_build_is_damage(index_dir: Path, named: str) -> None:
    (index_dir / "CURRENT").write_text(f"{named}\n", encoding="utf-8")
    with pytest.raises(IndexDamaged):
        open_snapshot(index_dir)


def test_a_flipped_bit_anywhere_in_the_pointer_is_damage(index_dir: Path) -> None:
    path = index_dir / "CURRENT"
    content = path.read_bytes()
    for bit in range(0, 8 * len(content), 5):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(IndexDamaged, match="advisor index build"):
            open_snapshot(index_dir)


def test_a_build_by_another_embedder_does_not_fit(index_dir: Path, embedder: HashingEmbedder) -> None:
    manifest = read_manifest(current_build(index_dir))
    check_fits(manifest, embedder=embedder.name, digest=embedder.digest, chunker_version=CHUNKER_VERSION)
    other = HashingEmbedder("other")
    with pytest.raises(IndexMismatch, match="'other'"):
        check_fits(manifest, embedder=other.name, digest=other.digest, chunker_version=CHUNKER_VERSION)


def test_a_build_by_another_chunker_does_not_fit(index_dir: Path, embedder: HashingEmbedder) -> None:
    manifest = read_manifest(current_build(index_dir))
    with pytest.raises(IndexMismatch, match="chunker"):
        check_fits(manifest, embedder=embedder.name, digest=embedder.digest, chunker_version="another")


class _BreakingEmbedder(HashingEmbedder):
    """Breaks down in the middle of a build."""

    def embed(self, texts: object) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        raise RuntimeError("out of memory")


def test_the_old_build_survives_one_that_breaks_down(index_dir: Path, corpus_dir: Path) -> None:
    before = current_build(index_dir).name
    write_corpus(corpus_dir, {"nurse.md": "# Nurse\n\nA nurse cares for the sick.\n"})
    with pytest.raises(RuntimeError, match="out of memory"):
        build_index(corpus_dir, index_dir, embedder=_BreakingEmbedder(), count_pieces=count_pieces)
    assert current_build(index_dir).name == before
    assert {document.key for document in open_snapshot(index_dir).documents} == set(PAGES)


def test_the_old_build_survives_a_corpus_that_vanished(index_dir: Path, tmp_path: Path) -> None:
    before = current_build(index_dir).name
    with pytest.raises(DocumentError):
        build_index(tmp_path / "gone", index_dir, embedder=HashingEmbedder(), count_pieces=count_pieces)
    assert open_snapshot(index_dir).manifest.build == before


def test_pointing_back_opens_the_build_before(index_dir: Path, corpus_dir: Path, embedder: HashingEmbedder) -> None:
    first = current_build(index_dir).name
    (corpus_dir / "baker.md").unlink()
    build_index(corpus_dir, index_dir, embedder=embedder, count_pieces=count_pieces)
    assert "baker.md" not in open_snapshot(index_dir).manifest.documents
    point_to(index_dir, first)
    assert "baker.md" in open_snapshot(index_dir).manifest.documents


def test_only_the_last_few_builds_are_kept(index_dir: Path, corpus_dir: Path, embedder: HashingEmbedder) -> None:
    for number in range(KEPT_BUILDS + 2):
        write_corpus(corpus_dir, {"nurse.md": f"# Nurse\n\nA nurse works {number} nights.\n"})
        build_index(corpus_dir, index_dir, embedder=embedder, count_pieces=count_pieces)
    assert len(builds(index_dir)) == KEPT_BUILDS
    assert builds(index_dir)[-1] == current_build(index_dir).name


def test_every_folder_of_a_build_reaches_the_disk_before_the_pointer(
    tmp_path: Path, corpus_dir: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, int]] = []
    really = os.fsync

    def fsync(handle: int) -> None:
        if not (tmp_path / "index" / "CURRENT").exists():
            synced.append((os.fstat(handle).st_dev, os.fstat(handle).st_ino))
        really(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    build_index(corpus_dir, tmp_path / "index", embedder=embedder, count_pieces=count_pieces)
    published = current_build(tmp_path / "index")
    for path in (published.parent, published, *published.rglob("*")):
        assert (path.stat().st_dev, path.stat().st_ino) in synced, path


def test_rolling_back_publishes_the_build_before(index_dir: Path, corpus_dir: Path, embedder: HashingEmbedder) -> None:
    first = current_build(index_dir).name
    (corpus_dir / "baker.md").unlink()
    second = build_index(corpus_dir, index_dir, embedder=embedder, count_pieces=count_pieces).build
    done = roll_back(index_dir)
    assert (done.build, done.before) == (first, second)
    assert current_build(index_dir).name == first
    with pytest.raises(UsageError, match="advisor index build"):
        roll_back(index_dir)


def test_nothing_is_rolled_back_while_a_build_runs(
    index_dir: Path, corpus_dir: Path, embedder: HashingEmbedder
) -> None:
    (corpus_dir / "baker.md").unlink()
    build_index(corpus_dir, index_dir, embedder=embedder, count_pieces=count_pieces)
    before = current_build(index_dir)
    with FileLock(index_dir / ".lock"), pytest.raises(IndexLocked, match="wait"):
        roll_back(index_dir)
    assert current_build(index_dir) == before
