"""What a run was made with: packages, models, build, sources, machine. Two runs can differ in any of it.

Knows nothing of questions or figures.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import advisor
from advisor.index.publish import Manifest

PACKAGES = (
    "accelerate",
    "bm25s",
    "faiss-cpu",
    "gguf",
    "numpy",
    "PyStemmer",
    "sentence-transformers",
    "tokenizers",
    "torch",
    "transformers",
)
_GIT_SECONDS = 10
_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything beside the questions that the figures of a run may hang on."""

    measured_at: str  # UTC
    program: str  # version of career-advisor
    commit: str | None  # of the sources, "-dirty" where they were changed since; None outside a repository
    generator: str
    build: str
    built_at: str
    documents: int
    passages: int
    embedder: str
    embedder_digest: str  # sha256 of its weights
    python: str
    system: str
    cores: int
    peak_memory_mib: float | None  # of this process, models included; None where the system does not tell
    packages: Mapping[str, str]  # version by name, of those that are installed


def read_environment(manifest: Manifest, *, generator: str) -> Environment:
    """The environment of this process, at this moment, over the build of this manifest."""
    return Environment(
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        program=advisor.__version__,
        commit=commit_of(Path(advisor.__file__).parent),
        generator=generator,
        build=manifest.build,
        built_at=manifest.created_at,
        documents=len(manifest.documents),
        passages=manifest.passages,
        embedder=manifest.embedder,
        embedder_digest=manifest.embedder_digest,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        cores=_cores(),
        peak_memory_mib=_peak_memory_mib(),
        packages={name: found for name in PACKAGES if (found := _version(name))},
    )


def commit_of(folder: Path) -> str | None:
    """The commit checked out in the repository around a folder; None where there is none, or no git to ask."""
    # --no-optional-locks: looking must not get in the way of a git command that the user runs at the same time
    command = ["git", "--no-optional-locks", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        ran = subprocess.run(
            command, cwd=folder, capture_output=True, encoding="utf-8", timeout=_GIT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout.strip() or None if ran.returncode == 0 else None


def _cores() -> int:
    """The cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _peak_memory_mib() -> float | None:
    if sys.platform == "win32":
        return None
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT_BYTES / 2**20, 1)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
