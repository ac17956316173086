"""A build of many rows: its graphs are written, vouched for, checked and used like its vectors."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from conftest import HashingEmbedder, count_pieces, write_corpus
from test_publish import reseal

from advisor.errors import IndexDamaged
from advisor.index.build import build_index
from advisor.index.publish import current_build, open_snapshot, read_manifest

FILES = ["graph_links.npy", "graph_levels.npy", "line_graph_links.npy", "line_graph_levels.npy"]


def build(corpus_dir: Path, index_dir: Path, *, flat_up_to: int) -> str:
    embedder = HashingEmbedder()
    return build_index(
        corpus_dir, index_dir, embedder=embedder, count_pieces=count_pieces, full=True, flat_up_to=flat_up_to
    ).build


@pytest.fixture
def walked_dir(tmp_path: Path, corpus_dir: Path) -> Path:
    build(corpus_dir, tmp_path / "walked", flat_up_to=2)
    return tmp_path / "walked"


def test_a_small_build_has_no_graph(index_dir: Path) -> None:
    manifest = read_manifest(current_build(index_dir))
    assert (manifest.graph, manifest.line_graph) == (None, None)
    assert not set(FILES) & manifest.files.keys()


def test_passages_and_lines_have_a_graph_each_by_their_own_number(corpus_dir: Path, index_dir: Path) -> None:
    snapshot = open_snapshot(index_dir)
    assert len(snapshot.passages) < len(snapshot.lines.vectors)
    build(corpus_dir, index_dir, flat_up_to=len(snapshot.passages))
    manifest = read_manifest(current_build(index_dir))
    assert manifest.graph is None
    assert manifest.line_graph is not None
    assert manifest.files.keys() & set(FILES) == {"line_graph_links.npy", "line_graph_levels.npy"}


def test_what_is_found_is_what_was_found_without_a_graph(walked_dir: Path, index_dir: Path) -> None:
    walked, flat = open_snapshot(walked_dir), open_snapshot(index_dir)
    assert walked.dense.graph is not None
    assert walked.lines.dense.graph is not None
    for vector in flat.vectors:
        for one, other in ((walked.dense, flat.dense), (walked.lines.dense, flat.lines.dense)):
            found, exact = one.search(vector, 5), other.search(vector, 5)
            assert [hit.score for hit in found] == [hit.score for hit in exact]
            assert found[0] == exact[0]


def test_the_same_corpus_gives_the_same_graphs(walked_dir: Path, corpus_dir: Path, tmp_path: Path) -> None:
    build(corpus_dir, tmp_path / "again", flat_up_to=2)
    for name in FILES:
        first, again = (current_build(folder) / name for folder in (walked_dir, tmp_path / "again"))
        assert first.read_bytes() == again.read_bytes()


def test_a_grown_build_has_a_graph_over_all_its_rows(walked_dir: Path, corpus_dir: Path) -> None:
    write_corpus(corpus_dir, {"nurse.md": "# Nurse\n\nA nurse cares for the sick.\n"})
    build_index(corpus_dir, walked_dir, embedder=HashingEmbedder(), count_pieces=count_pieces, flat_up_to=2)
    snapshot = open_snapshot(walked_dir)
    assert snapshot.dense.graph is not None
    assert len(snapshot.dense.graph.levels) == len(snapshot.passages)
    last = len(snapshot.passages) - 1
    assert snapshot.dense.search(snapshot.vectors[last], 1)[0].row == last


@pytest.mark.parametrize("name", FILES)
def test_a_graph_that_changed_or_is_gone_is_damage(walked_dir: Path, name: str) -> None:
    path = current_build(walked_dir) / name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(IndexDamaged, match=name):
        open_snapshot(walked_dir)
    path.unlink()
    with pytest.raises(IndexDamaged, match=name):
        open_snapshot(walked_dir)


def test_a_manifest_that_does_not_vouch_for_its_graph_is_damage(walked_dir: Path) -> None:
    files = read_manifest(current_build(walked_dir)).model_dump()["files"]
    reseal(walked_dir, files={name: entry for name, entry in files.items() if name != "graph_links.npy"})
    with pytest.raises(IndexDamaged, match=r"graph_links\.npy"):
        open_snapshot(walked_dir)


def test_a_graph_that_leads_nowhere_is_damage_even_where_the_manifest_vouches_for_it(walked_dir: Path) -> None:
    path = current_build(walked_dir) / "graph_links.npy"
    links = np.load(path)
    links[0] = 10_000
    np.save(path, links)
    files = read_manifest(path.parent).model_dump()["files"]
    files[path.name]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    reseal(walked_dir, files=files)
    with pytest.raises(IndexDamaged, match="graph"):
        open_snapshot(walked_dir)
