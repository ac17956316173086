"""What a run was made with is told, and nothing is asked of what is not there."""

from pathlib import Path

import advisor
from advisor.evaluation.environment import commit_of, read_environment
from advisor.index.publish import Snapshot


def test_the_environment_is_that_of_the_build_and_of_this_process(snapshot: Snapshot) -> None:
    manifest = snapshot.manifest
    found = read_environment(manifest, generator="extractive")
    assert (found.build, found.documents, found.passages) == (manifest.build, 3, len(snapshot.passages))
    assert (found.embedder, found.embedder_digest) == (manifest.embedder, manifest.embedder_digest)
    assert (found.program, found.generator) == (advisor.__version__, "extractive")
    assert found.cores >= 1
    assert "numpy" in found.packages
    assert found.measured_at.endswith("+00:00")


def test_a_folder_outside_a_repository_has_no_commit(tmp_path: Path) -> None:
    assert commit_of(tmp_path) is None
    assert commit_of(tmp_path / "nowhere") is None
