"""One build at a time in a thread of its own: how far it is, how it ends, and that a cancelled one leaves no trace."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import PAGES, HashingEmbedder, count_pieces, write_corpus
from upkeep_bench import TinyParts

from advisor.errors import ModelMissing
from advisor.index.build import build_index
from advisor.index.embedding import Vectors
from advisor.index.publish import alone, builds, current_build
from advisor.web.rebuilding import Rebuilding, Stage
from advisor.web.talk import UNEXPECTED

LONG = 60.0  # seconds: no test waits so long unless something hangs


class HeldEmbedder(HashingEmbedder):
    """Waits before every stretch until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.reached.set()
        assert self.go.wait(LONG)
        return super().embed(texts)


@pytest.fixture
def held() -> HeldEmbedder:
    return HeldEmbedder()


def rebuilding(corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder) -> Rebuilding:
    return Rebuilding(corpus_dir, index_dir, lambda: TinyParts(embedder))


def test_a_build_publishes_what_the_command_would(corpus_dir: Path, tmp_path: Path) -> None:
    build = rebuilding(corpus_dir, tmp_path / "a", HashingEmbedder())
    assert build.work.stage is Stage.NONE
    assert build.begin()
    assert build.wait(LONG)
    report = build_index(corpus_dir, tmp_path / "b", embedder=HashingEmbedder(), count_pieces=count_pieces)
    assert build.work.stage is Stage.DONE
    assert build.work.report is not None
    assert build.work.report.passages == report.passages
    assert current_build(tmp_path / "a").name == build.work.report.build


def test_while_one_runs_no_other_is_begun_and_it_tells_how_far_it_is(
    corpus_dir: Path, tmp_path: Path, held: HeldEmbedder
) -> None:
    build = rebuilding(corpus_dir, tmp_path / "index", held)
    assert build.begin()
    assert held.reached.wait(LONG)
    work = build.work
    assert (work.stage, work.is_running, work.done, work.seconds_left) == (Stage.EMBEDDING, True, 0, None)
    assert work.total > 0
    assert not build.begin()
    held.go.set()
    assert build.wait(LONG)
    assert build.work.stage is Stage.DONE


def test_a_build_called_off_leaves_the_old_index(index_dir: Path, corpus_dir: Path, held: HeldEmbedder) -> None:
    before = (current_build(index_dir), builds(index_dir))
    write_corpus(corpus_dir, {"new.md": "# New\n\nA page that was not there.\n"})
    build = rebuilding(corpus_dir, index_dir, held)
    build.begin()
    assert held.reached.wait(LONG)
    build.call_off()
    assert build.work.is_cancelling
    held.go.set()
    assert build.wait(LONG)
    assert build.work.stage is Stage.CANCELLED
    assert (current_build(index_dir), builds(index_dir)) == before
    assert build.begin()  # and the lock is free
    assert build.wait(LONG)
    assert build.work.stage is Stage.DONE
    assert len(builds(index_dir)) == 2


def test_a_build_can_be_called_off_until_it_is_published(index_dir: Path, corpus_dir: Path) -> None:
    before = (current_build(index_dir), builds(index_dir))
    write_corpus(corpus_dir, {"new.md": "# New\n\nA page that was not there.\n"})

    class CalledOffAtTheLast(HashingEmbedder):
        """Its digest is asked for when the manifest is written: after the last stretch."""

        @property
        def digest(self) -> str:
            if build.work.stage is Stage.WRITING:
                build.call_off()
            return HashingEmbedder().digest

        @digest.setter
        def digest(self, _digest: str) -> None:
            """Set by the embedder itself."""

    build = rebuilding(corpus_dir, index_dir, CalledOffAtTheLast())
    build.begin()
    assert build.wait(LONG)
    assert build.work.stage is Stage.CANCELLED
    assert (current_build(index_dir), builds(index_dir)) == before


def test_another_program_that_builds_is_one_line(index_dir: Path, corpus_dir: Path) -> None:
    build = rebuilding(corpus_dir, index_dir, HashingEmbedder())
    with alone(index_dir):
        build.begin()
        assert build.wait(LONG)
    assert build.work.stage is Stage.FAILED
    assert "another build is writing to" in build.work.error


def test_a_model_that_is_missing_is_its_own_line_and_a_fault_shows_no_detail(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def without_model() -> TinyParts:
        raise ModelMissing("the model 'tiny' is not here; run: advisor models pull tiny")

    def broken() -> TinyParts:
        raise RuntimeError("a secret detail")

    for open_parts, said in ((without_model, "the model 'tiny' is not here"), (broken, UNEXPECTED)):
        build = Rebuilding(write_corpus(tmp_path / "corpus", PAGES), tmp_path / "index", open_parts)
        build.begin()
        assert build.wait(LONG)
        assert build.work.error.startswith(said)
    assert "the index could not be built" in caplog.text


def test_the_time_left_goes_by_what_is_done(corpus_dir: Path, tmp_path: Path) -> None:
    ticks = iter(range(0, 1000, 10))
    seen = []

    class Watching(HashingEmbedder):
        def embed(self, texts: Sequence[str]) -> Vectors:
            seen.append(build.work)
            return super().embed(texts)

    write_corpus(corpus_dir, {f"{n}.md": f"# Page {n}\n\nSentence {n} says {n * n}.\n" for n in range(60)})
    build = Rebuilding(corpus_dir, tmp_path / "index", lambda: TinyParts(Watching()), clock=lambda: float(next(ticks)))
    build.begin()
    assert build.wait(LONG)
    first, second = seen[:2]
    assert (first.done, first.seconds_left) == (0, None)
    assert second.seconds_left == pytest.approx(10.0 / second.done * (second.total - second.done))
