"""Doctor: each thing that can be wrong is made so, and is found with its cure."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cli_bench import Captured, Command
from conftest import PAGES, write_corpus

from advisor.cli.doctor import _room
from advisor.index.publish import current_build
from advisor.memory import SCHEMA_VERSION, open_conversations

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings")

Look = Callable[[str], str]


@pytest.fixture
def look(
    advisor: Command, corpus_dir: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> Look:
    """What doctor says of a subject over the three pages and their index, as "state detail"."""
    monkeypatch.setenv("ADVISOR_CORPUS_DIR", str(corpus_dir))

    def look(subject: str) -> str:
        advisor("doctor", "--json", "--index", index_dir)
        findings = json.loads(capsys.readouterr().out)["findings"]
        (finding,) = [one for one in findings if one["subject"] == subject]
        return f"{finding['state']} {finding['detail']}"

    return look


# --- index and corpus -----------------------------------------------------------------------------


def test_a_sound_index_of_the_pages_as_they_are_is_well(look: Look) -> None:
    assert look("index").startswith("ok ")
    assert look("corpus").startswith("ok 3 documents")


def test_an_index_that_is_gone_is_a_problem(look: Look, index_dir: Path) -> None:
    shutil.rmtree(index_dir)
    assert look("index").startswith("problem ")
    assert "advisor index build" in look("index")


def test_a_damaged_index_is_a_problem(look: Look, index_dir: Path) -> None:
    path = current_build(index_dir) / "passages.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Spade", b"Spoon"))
    assert look("index").startswith("problem ")
    assert "advisor index build --full" in look("index")


def write_weights(folder: Path, *, missing_bytes: int = 0) -> Path:
    """A folder that could be a user's model: safetensors with one tensor of four numbers."""
    folder.mkdir(exist_ok=True)
    table = json.dumps({"w": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}).encode()
    (folder / "model.safetensors").write_bytes(len(table).to_bytes(8, "little") + table + bytes(16 - missing_bytes))
    return folder


def test_an_index_made_with_another_embedder_is_a_problem(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_EMBEDDER", str(write_weights(tmp_path / "mine")))
    assert look("embedder").startswith("ok ")
    assert look("index").startswith("problem ")
    assert "advisor index build --full" in look("index")


def test_pages_that_have_changed_since_the_build_are_noted(look: Look, corpus_dir: Path) -> None:
    write_corpus(corpus_dir, {"baker.md": PAGES["baker.md"] + "\nFlour is white.\n"})
    assert look("index").startswith("note ")
    assert "advisor index diff" in look("index")


def test_a_corpus_that_is_gone_is_a_problem(look: Look, corpus_dir: Path) -> None:
    shutil.rmtree(corpus_dir)
    assert look("corpus").startswith("problem ")
    assert "create it or name another one" in look("corpus")
    assert look("index").startswith("ok ")  # what was built still answers


def test_a_page_that_cannot_be_read_is_noted_by_name(look: Look, corpus_dir: Path) -> None:
    (corpus_dir / "torn.pdf").write_bytes(b"%PDF-1.7 torn")
    assert look("corpus torn.pdf").startswith("note ")


# --- models ---------------------------------------------------------------------------------------


def test_models_that_are_missing_are_told_apart_by_whether_they_are_needed(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert look("embedder").startswith("problem ")
    assert look("writer").startswith("note ")
    monkeypatch.setenv("ADVISOR_GENERATOR", "SmolLM2-135M-Instruct")
    assert look("writer").startswith("problem ")
    assert "advisor models pull" in look("writer")


def test_without_the_model_that_reads_lines_it_notes_so_whichever_embedder_is_in_use(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_EMBEDDER", str(write_weights(tmp_path / "mine")))
    assert look("line reader").startswith("note lines are weighed, not read")
    assert "advisor models pull all-MiniLM-L6-v2" in look("line reader")


@pytest.mark.parametrize("missing_bytes", [1, 16])
def test_weights_that_were_cut_short_are_found_without_loading_them(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing_bytes: int
) -> None:
    folder = write_weights(tmp_path / "mine", missing_bytes=missing_bytes)
    monkeypatch.setenv("ADVISOR_EMBEDDER", str(folder))
    monkeypatch.setenv("ADVISOR_WRITER", str(folder))
    assert look("embedder").startswith("problem ")
    assert look("writer").startswith("note ")
    assert "put a sound copy of it there" in look("embedder")


@pytest.mark.parametrize("content", [b"", b"\xff" * 8, b"\x02\0\0\0\0\0\0\0[]", b"\xff" * 100])
def test_weights_that_are_none_are_damage(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    folder = write_weights(tmp_path / "mine")
    (folder / "model.safetensors").write_bytes(content)
    monkeypatch.setenv("ADVISOR_EMBEDDER", str(folder))
    assert "is damaged" in look("embedder")


# --- store, disk, port ----------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "conversations.db"
    open_conversations(path).close()
    return path


def test_a_sound_store_is_well_and_looking_makes_none(look: Look, tmp_path: Path) -> None:
    assert look("store").startswith("ok ")
    assert not (tmp_path / "data").exists()
    open_conversations(tmp_path / "data" / "conversations.db").close()
    assert look("store").startswith("ok ")


def test_a_damaged_store_is_a_problem_and_is_left_as_it_is(look: Look, database: Path) -> None:
    database.write_bytes(b"nothing that SQLite wrote" * 400)
    before = database.read_bytes()
    assert look("store").startswith("problem ")
    assert "put a backup in its place" in look("store")
    assert database.read_bytes() == before


def test_a_store_of_a_newer_version_is_a_problem(look: Look, database: Path) -> None:
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("INSERT INTO schema_version VALUES (?)", (SCHEMA_VERSION + 1,))
        raw.commit()
    assert look("store").startswith("problem ")
    assert "update it" in look("store")


def test_an_older_store_is_not_changed_by_being_looked_at(look: Look, database: Path) -> None:
    with closing(sqlite3.connect(database)) as raw:
        raw.executescript("DROP TABLE profiles; DELETE FROM schema_version WHERE version > 3;")
    before = database.read_bytes()
    assert look("store").startswith("ok ")
    assert database.read_bytes() == before


def test_a_folder_that_is_a_file_cannot_keep_conversations(look: Look, tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    assert look("store").startswith("problem ")
    assert "ADVISOR_DATA_DIR" in look("store")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_store_that_may_not_be_written_to_is_a_problem(look: Look, database: Path) -> None:
    database.chmod(0o400)
    assert "cannot be written to" in look("store")


def test_a_disk_that_is_nearly_full_is_a_problem(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    assert _room(tmp_path / "data", fewest_bytes=free // 2).state == "ok"
    full = _room(tmp_path / "data", fewest_bytes=free * 2)
    assert (full.state, "make room" in full.detail) == ("problem", True)
