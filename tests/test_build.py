"""Building: only what changed is embedded, and the result is that of a full build."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import PAGES, HashingEmbedder, count_pieces, write_corpus
from filelock import FileLock

from advisor.corpus.chunking import chunk_document, embedding_text
from advisor.corpus.outline import described, outline_document
from advisor.corpus.reading import read_corpus
from advisor.errors import DocumentError, IndexLocked, IndexProblem
from advisor.index.build import Approve, BuildReport, Changes, Renamed, build_index, preview
from advisor.index.embedding import Vectors
from advisor.index.publish import builds, current_build, open_snapshot


def build(corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder, *, full: bool = False) -> BuildReport:
    return build_index(corpus_dir, index_dir, embedder=embedder, count_pieces=count_pieces, full=full)


def texts_of(corpus_dir: Path) -> set[str]:
    """Everything that is embedded: passages, and the lines they are made of."""
    documents = read_corpus(corpus_dir).documents
    passages = {embedding_text(p) for d in documents for p in chunk_document(d, count_pieces=count_pieces)}
    outlines = [outline_document(document) for document in documents]
    return passages | {described(outline, node) for outline in outlines for node in outline.nodes}


def passage_texts(corpus_dir: Path) -> set[str]:
    documents = read_corpus(corpus_dir).documents
    return {embedding_text(p) for d in documents for p in chunk_document(d, count_pieces=count_pieces)}


def test_the_first_build_embeds_every_passage_once(tmp_path: Path, corpus_dir: Path) -> None:
    embedder = HashingEmbedder()
    report = build(corpus_dir, tmp_path / "index", embedder)
    assert report.published
    assert report.changes == Changes(added=tuple(sorted(PAGES)), changed=(), removed=(), unchanged=())
    assert sorted(embedder.seen) == sorted(texts_of(corpus_dir))
    assert (report.embedded, report.reused) == (len(passage_texts(corpus_dir)), 0)


def test_a_build_without_changes_embeds_and_publishes_nothing(
    corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    before = current_build(index_dir).name
    report = build(corpus_dir, index_dir, embedder)
    assert (report.published, report.embedded, embedder.seen) == (False, 0, [])
    assert current_build(index_dir).name == before
    assert report.changes.unchanged == tuple(sorted(PAGES))


def test_an_edited_page_embeds_only_its_changed_passages(
    corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    before = texts_of(corpus_dir)
    write_corpus(corpus_dir, {"gardener.md": PAGES["gardener.md"].replace("3 years", "4 years")})
    report = build(corpus_dir, index_dir, embedder)
    assert report.changes.changed == ("gardener.md",)
    assert set(embedder.seen) == texts_of(corpus_dir) - before
    assert report.embedded == 1
    assert all("4 years" in text for text in embedder.seen)


def test_a_removed_page_vanishes_and_nothing_is_embedded(
    corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    (corpus_dir / "baker.md").unlink()
    report = build(corpus_dir, index_dir, embedder)
    assert (report.changes.removed, report.embedded, embedder.seen) == (("baker.md",), 0, [])
    assert {passage.document for passage in open_snapshot(index_dir).passages} == {"data-engineer.md", "gardener.md"}


def test_incremental_builds_end_where_a_full_build_begins(
    tmp_path: Path, corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    edits = [
        {"gardener.md": PAGES["gardener.md"] + "- Rake\n"},
        {"a/nurse.md": "# Nurse\n\nA nurse cares for the sick.\n"},
        {"baker.md": PAGES["gardener.md"]},  # the words of another page
        {"gardener.md": PAGES["gardener.md"]},
    ]
    for edit in edits:
        write_corpus(corpus_dir, edit)
        build(corpus_dir, index_dir, embedder)
    build(corpus_dir, tmp_path / "fresh", HashingEmbedder())
    grown, fresh = open_snapshot(index_dir), open_snapshot(tmp_path / "fresh")
    assert grown.passages == fresh.passages
    assert grown.documents == fresh.documents
    assert np.array_equal(grown.vectors, fresh.vectors)
    assert np.array_equal(grown.lexical.scores(["spade", "nurs"]), fresh.lexical.scores(["spade", "nurs"]))


def test_a_full_build_embeds_everything_again(corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder) -> None:
    report = build(corpus_dir, index_dir, embedder, full=True)
    assert report.published
    assert set(embedder.seen) == texts_of(corpus_dir)


def test_another_embedder_never_meets_the_old_vectors(corpus_dir: Path, index_dir: Path) -> None:
    other = HashingEmbedder("other")
    report = build(corpus_dir, index_dir, other)
    assert (report.published, report.reused) == (True, 0)
    assert open_snapshot(index_dir).manifest.embedder_digest == other.digest


def test_a_damaged_build_is_mended_by_the_next(corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder) -> None:
    (current_build(index_dir) / "vectors.npy").write_bytes(b"nothing")
    report = build(corpus_dir, index_dir, embedder)
    assert (report.published, report.reused) == (True, 0)
    assert len(open_snapshot(index_dir).passages) == report.passages


def test_two_builds_at_a_time_are_not_let_in(corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder) -> None:
    with FileLock(index_dir / ".lock"), pytest.raises(IndexLocked, match="wait"):
        build(corpus_dir, index_dir, embedder)
    assert not build(corpus_dir, index_dir, embedder).published  # the lock is free again


def test_a_file_that_cannot_be_read_is_reported_and_the_others_are_indexed(
    corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    (corpus_dir / "torn.pdf").write_bytes(b"%PDF-1.7 torn")
    write_corpus(corpus_dir, {"nurse.md": "# Nurse\n\nA nurse cares for the sick.\n"})
    report = build(corpus_dir, index_dir, embedder)
    assert [problem.key for problem in report.problems] == ["torn.pdf"]
    assert report.changes.added == ("nurse.md",)


def test_a_corpus_of_unreadable_files_is_an_error_that_names_one(tmp_path: Path, embedder: HashingEmbedder) -> None:
    folder = tmp_path / "torn"
    folder.mkdir()
    (folder / "torn.pdf").write_bytes(b"%PDF-1.7 torn")
    with pytest.raises(DocumentError, match=r"torn\.pdf"):
        build(folder, tmp_path / "index", embedder)


def test_what_an_interrupted_build_left_is_swept_away(
    corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    left = index_dir / "builds" / ".staged-20200101"
    left.mkdir()
    build(corpus_dir, index_dir, embedder)
    assert not left.exists()


def test_a_build_that_was_only_half_removed_is_swept_away(
    corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    left = index_dir / "builds" / "20200101T000000000000-deadbeef"
    left.mkdir()
    (left / "vectors.npy").write_bytes(b"")  # its manifest went first
    build(corpus_dir, index_dir, embedder)
    assert not left.exists()


@pytest.mark.parametrize("blocked", ["index", "index/builds"])
def test_a_disk_that_refuses_is_an_index_problem_with_the_cure(
    tmp_path: Path, corpus_dir: Path, embedder: HashingEmbedder, blocked: str
) -> None:
    (tmp_path / blocked).parent.mkdir(exist_ok=True)
    (tmp_path / blocked).write_bytes(b"a file where a folder should be")
    with pytest.raises(IndexProblem, match="run it again"):
        build(corpus_dir, tmp_path / "index", embedder)


def test_progress_ends_at_the_number_of_texts_to_embed(tmp_path: Path, corpus_dir: Path) -> None:
    seen: list[tuple[int, int]] = []
    embedder = HashingEmbedder()
    build_index(
        corpus_dir,
        tmp_path / "index",
        embedder=embedder,
        count_pieces=count_pieces,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[0] == (0, len(embedder.seen))
    assert seen[-1] == (len(embedder.seen), len(embedder.seen))


# --- renamed pages, previews, approval, interruptions ---------------------------------------------


def test_a_renamed_page_is_told_and_costs_no_embedding(
    corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    (corpus_dir / "trades").mkdir()
    (corpus_dir / "baker.md").rename(corpus_dir / "trades" / "bakery.md")
    report = build(corpus_dir, index_dir, embedder)
    assert report.changes.renamed == (Renamed("baker.md", "trades/bakery.md"),)
    assert (report.changes.added, report.changes.removed) == ((), ())
    assert (report.published, report.embedded, embedder.seen) == (True, 0, [])
    assert {passage.document for passage in open_snapshot(index_dir).passages} == {
        "data-engineer.md", "gardener.md", "trades/bakery.md"
    }  # fmt: skip


def test_of_pages_with_the_same_bytes_each_is_paired_once(
    corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    write_corpus(corpus_dir, {"b-1.md": PAGES["baker.md"], "b-2.md": PAGES["baker.md"]})
    (corpus_dir / "baker.md").unlink()
    changes = build(corpus_dir, index_dir, embedder).changes
    assert (changes.renamed, changes.added, changes.removed) == ((Renamed("baker.md", "b-1.md"),), ("b-2.md",), ())


def test_a_preview_counts_what_the_build_then_embeds(
    corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    write_corpus(corpus_dir, {"gardener.md": PAGES["gardener.md"].replace("3 years", "4 years")})
    write_corpus(corpus_dir, {"nurse.md": "# Nurse\n\nA nurse cares for the sick.\n"})
    (corpus_dir / "baker.md").unlink()
    before = current_build(index_dir).name
    expected = preview(corpus_dir, index_dir, embedder=embedder, count_pieces=count_pieces)
    assert (embedder.seen, current_build(index_dir).name) == ([], before)
    assert (expected.passages_to_embed, expected.lines_to_embed > 0) == (2, True)
    report = build(corpus_dir, index_dir, embedder)
    assert (report.changes, report.embedded, report.passages) == (
        expected.changes, expected.passages_to_embed, expected.passages
    )  # fmt: skip
    assert len(embedder.seen) == expected.passages_to_embed + expected.lines_to_embed


def test_a_preview_over_an_index_of_another_embedder_counts_everything(corpus_dir: Path, index_dir: Path) -> None:
    expected = preview(corpus_dir, index_dir, embedder=HashingEmbedder("other"), count_pieces=count_pieces)
    assert expected.changes.is_none
    assert expected.passages_to_embed == expected.passages


def build_asked(corpus_dir: Path, index_dir: Path, approve: Approve) -> BuildReport:
    return build_index(corpus_dir, index_dir, embedder=HashingEmbedder(), count_pieces=count_pieces, approve=approve)


def test_a_build_that_is_not_approved_is_kept_aside_until_the_next_one(
    corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    before = current_build(index_dir).name
    write_corpus(corpus_dir, {"nurse.md": "# Nurse\n\nA nurse cares for the sick.\n"})
    report = build_asked(corpus_dir, index_dir, lambda _aside: False)
    assert (report.published, current_build(index_dir).name, builds(index_dir)) == (False, before, (before,))
    kept = open_snapshot(Path(report.kept_in))
    assert kept.manifest.build == report.build
    assert "nurse.md" in kept.manifest.documents
    assert build(corpus_dir, index_dir, embedder).published
    assert not Path(report.kept_in).exists()


def test_an_approved_build_is_published_and_nothing_is_left_aside(corpus_dir: Path, index_dir: Path) -> None:
    asked: list[set[str]] = []

    def approve(aside: Path) -> bool:
        asked.append({*open_snapshot(aside).manifest.documents})
        return True

    write_corpus(corpus_dir, {"nurse.md": "# Nurse\n\nA nurse cares for the sick.\n"})
    report = build_asked(corpus_dir, index_dir, approve)
    assert (report.published, report.kept_in, current_build(index_dir).name) == (True, "", report.build)
    assert asked == [{*PAGES, "nurse.md"}]
    assert sorted(path.name for path in index_dir.iterdir()) == [".lock", "CURRENT", "builds"]


class InterruptedEmbedder(HashingEmbedder):
    """Somebody presses Ctrl-C while it embeds."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        raise KeyboardInterrupt


def interrupt(_aside: Path) -> bool:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("given", "approve"), [(InterruptedEmbedder(), None), (HashingEmbedder(), interrupt)], ids=["embed", "approve"]
)
def test_an_interrupted_build_leaves_the_old_index_and_nothing_else(
    corpus_dir: Path, index_dir: Path, given: HashingEmbedder, approve: Approve | None
) -> None:
    before = sorted(index_dir.rglob("*"))
    write_corpus(corpus_dir, {"nurse.md": "# Nurse\n\nA nurse cares for the sick.\n"})
    with pytest.raises(KeyboardInterrupt):
        build_index(corpus_dir, index_dir, embedder=given, count_pieces=count_pieces, approve=approve)
    assert sorted(index_dir.rglob("*")) == before
    assert build(corpus_dir, index_dir, HashingEmbedder()).published
