"""What the tests of the command line share: light parts, surroundings of their own, and ways to run a command.

PYTEST_DONT_REWRITE: tests import names from here before pytest loads it as the plugin that holds their fixtures.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import HashingEmbedder, count_pieces

from advisor.answer.generate import Writer
from advisor.cli import run
from advisor.cli.parts import Parts, PassageEmbedder
from advisor.errors import DownloadFailed
from advisor.index.publish import open_snapshot
from advisor.memory import open_conversations
from advisor.models import CataloguedModel
from advisor.pipeline import Advisor
from advisor.settings import Settings

ANSWER_KEYS = {
    "id", "question", "status", "answer", "claims", "citations", "hits", "generator", "notes", "timings_ms"
}  # fmt: skip
ASKED = "How long is phase 1?"


@dataclass
class Bench:
    """Light parts, and what was done with them."""

    embedder: HashingEmbedder
    writer: Writer | None = None
    online: bool = True
    pulled: list[str] = field(default_factory=list)
    served: list[tuple[str, int]] = field(default_factory=list)

    def parts(self) -> Parts:
        return Parts(self.open_advisor, self.open_embedder, lambda _settings: self.writer, self.pull, self.serve)

    def open_advisor(self, settings: Settings) -> Advisor:
        return Advisor(
            open_snapshot(settings.index_dir),
            embedder=self.embedder,
            writer=None if settings.generator == "extractive" else self.writer,
            conversations=open_conversations(settings.data_dir / "conversations.db"),
            top_passages=settings.top_passages,
            max_question_chars=settings.max_question_chars,
        )

    def open_embedder(self, _settings: Settings) -> PassageEmbedder:
        return PassageEmbedder(self.embedder, count_pieces)

    def pull(self, model: CataloguedModel, models_dir: Path, report: Callable[[str], None], force: bool) -> Path:
        if not self.online:
            raise DownloadFailed(f"the model {model.name} could not be had; connect to a package index")
        report(f"{model.name} is in place")
        self.pulled.append(model.name)
        return models_dir / model.name

    def serve(self, _advisor: Advisor, settings: Settings, _is_open: bool, announce: Callable[[str], None]) -> None:
        announce("serving")
        self.served.append((settings.host, settings.port))


@pytest.fixture
def own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test, and no test the machine's folders."""
    for name in [name for name in os.environ if name.startswith("ADVISOR_") or name == "PORT"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ADVISOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ADVISOR_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def bench(own_surroundings: None, embedder: HashingEmbedder) -> Bench:
    return Bench(embedder)


@pytest.fixture
def advisor(bench: Bench) -> Callable[..., int]:
    """`advisor ARGUMENTS` with light parts; the result is the exit code."""
    return lambda *arguments: run([str(argument) for argument in arguments], parts=bench.parts())


Command = Callable[..., int]
Captured = pytest.CaptureFixture[str]


def process(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """`advisor ARGUMENTS` as users run it."""
    command = [sys.executable, "-m", "advisor", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, encoding="utf-8", timeout=60, check=False)


def write_lines(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def one_line(text: str, start: str = "advisor: ") -> str:
    """The text, once it is found to be a single line of complaint."""
    assert text.startswith(start)
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text
