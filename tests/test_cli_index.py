"""The commands for the index, the models, the settings, and for getting everything in place."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from cli_bench import Bench, Captured, Command, one_line
from conftest import PAGES, write_corpus

from advisor.cli import run
from advisor.cli.doctor import PACKAGES
from advisor.index.publish import builds, current_build
from advisor.models import CATALOGUE, CataloguedModel
from advisor.settings import Settings

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings")

# --- index ----------------------------------------------------------------------------------------


def test_a_build_tells_what_changed_and_a_rollback_takes_it_back(
    advisor: Command, corpus_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    where = ("--index", tmp_path / "index")
    (corpus_dir / "broken.pdf").write_bytes(b"not a PDF")
    assert advisor("index", "build", "--corpus", corpus_dir, *where) == 0
    first = capsys.readouterr().out
    assert all(f"added    {key}" in first for key in PAGES)
    assert "problem  broken.pdf: " in first
    write_corpus(corpus_dir, {"baker.md": PAGES["baker.md"] + "\nFlour is white.\n"})
    (corpus_dir / "gardener.md").unlink()
    assert advisor("index", "diff", "--corpus", corpus_dir, "--json", *where) == 0
    diff = json.loads(capsys.readouterr().out)
    assert (diff["added"], diff["changed"], diff["removed"]) == ([], ["baker.md"], ["gardener.md"])
    assert advisor("index", "build", "--corpus", corpus_dir, "--json", *where) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["changes"]["removed"] == ["gardener.md"]
    assert report["published"]
    assert report["embedded"] < report["passages"]
    older, newer = builds(tmp_path / "index")
    assert advisor("index", "rollback", *where) == 0
    assert current_build(tmp_path / "index").name == older < newer
    capsys.readouterr()
    assert advisor("index", "rollback", *where) == 2
    assert "advisor index build" in one_line(capsys.readouterr().err)


def test_status_tells_what_is_published(advisor: Command, index_dir: Path, capsys: Captured) -> None:
    assert advisor("index", "status", "--json", "--index", index_dir) == 0
    status = json.loads(capsys.readouterr().out)
    assert (status["documents"], status["embedder"]) == (len(PAGES), "hashing")
    assert status["builds"] == [status["build"]]


def test_verify_ends_with_1_once_a_byte_has_changed(advisor: Command, index_dir: Path, capsys: Captured) -> None:
    assert advisor("index", "verify", "--index", index_dir) == 0
    damaged = current_build(index_dir) / "passages.jsonl"
    damaged.write_bytes(damaged.read_bytes().replace(b"Spade", b"Spoon"))
    capsys.readouterr()
    assert advisor("index", "verify", "--index", index_dir) == 1
    assert "passages.jsonl" in one_line(capsys.readouterr().err)
    assert advisor("index", "verify", "--json", "--index", index_dir) == 1
    assert json.loads(capsys.readouterr().out)["sound"] is False


@pytest.mark.parametrize("command", ["status", "verify", "diff", "rollback"])
def test_without_an_index_its_commands_tell_how_to_build_one(command: str, advisor: Command, capsys: Captured) -> None:
    assert advisor("index", command, "--index", "nowhere") == 2
    assert "advisor index build" in one_line(capsys.readouterr().err)


# --- models, doctor, settings ---------------------------------------------------------------------


def test_models_are_listed_with_what_is_here(advisor: Command, capsys: Captured) -> None:
    assert advisor("models", "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [model["name"] for model in listed] == [model.name for model in CATALOGUE]
    assert not any(model["pulled"] for model in listed)
    assert {model["name"] for model in listed if model["in_use"]} == {"all-MiniLM-L6-v2", "SmolLM2-135M-Instruct"}


def test_pull_without_a_name_takes_the_models_in_use(advisor: Command, bench: Bench) -> None:
    assert advisor("models", "pull") == 0
    assert bench.pulled == ["all-MiniLM-L6-v2", "SmolLM2-135M-Instruct"]
    assert advisor("models", "pull", "qwen3-0.6b") == 0
    assert bench.pulled[2:] == ["Qwen3-0.6B"]


def test_verify_ends_with_1_for_a_model_that_is_missing_or_changed(
    advisor: Command, tmp_path: Path, capsys: Captured
) -> None:
    assert advisor("models", "verify", "all-MiniLM-L6-v2") == 1
    assert "advisor models pull all-MiniLM-L6-v2" in one_line(capsys.readouterr().err)
    (tmp_path / "models" / "all-MiniLM-L6-v2").mkdir(parents=True)
    assert advisor("models", "verify", "all-MiniLM-L6-v2", "--json") == 1
    assert json.loads(capsys.readouterr().out)[0]["files"] == [{"path": "origin.json", "state": "missing"}]


def test_doctor_names_what_is_wrong_with_its_cure(advisor: Command, capsys: Captured) -> None:
    assert advisor("doctor", "--json", "--index", "nowhere") == 1
    report = json.loads(capsys.readouterr().out)
    states = {finding["subject"]: finding for finding in report["findings"]}
    assert report["ok"] is False
    assert states["packages"]["state"] == "ok"
    assert "advisor models pull" in states["embedder"]["detail"]
    assert states["writer"]["state"] == "note"  # without it answers are extracts, which is no fault
    assert "advisor index build" in states["index"]["detail"]
    assert states["store"]["state"] == "ok"


def test_doctor_knows_the_packages_that_the_project_declares() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {name.split(">")[0].casefold() for name in project["dependencies"]}
    modules = packages_distributions()
    looked_for = {name.casefold().replace("_", "-") for module in PACKAGES for name in modules[module]}
    assert declared <= looked_for


def test_settings_shows_what_is_in_force(advisor: Command, tmp_path: Path, capsys: Captured) -> None:
    Path("advisor.toml").write_text("port = 8123", encoding="utf-8")
    assert advisor("settings", "--json", "--index", tmp_path / "i") == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["port"], values["index_dir"]) == (8123, str(tmp_path / "i"))
    assert set(values) == set(Settings.model_fields)
    assert advisor("settings") == 0
    assert "ADVISOR_PORT=8123" in capsys.readouterr().out


# --- setup and serve ------------------------------------------------------------------------------


def test_serve_first_fetches_and_builds_what_is_missing(
    advisor: Command, bench: Bench, corpus_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    where = ("--corpus", corpus_dir, "--index", tmp_path / "index", "--port", "7861")
    assert advisor("serve", "--no-setup", *where) == 2
    assert "advisor index build" in capsys.readouterr().err
    assert advisor("serve", *where) == 0
    assert bench.pulled == ["all-MiniLM-L6-v2", "SmolLM2-135M-Instruct"]
    assert bench.served == [("127.0.0.1", 7861)]
    assert capsys.readouterr().out == "serving\n"


def test_the_port_is_that_of_the_option_then_port_then_the_setting(
    advisor: Command, bench: Bench, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_PORT", "7001")
    advisor("serve", "--no-setup", "--index", index_dir)
    monkeypatch.setenv("PORT", "7002")
    advisor("serve", "--no-setup", "--index", index_dir, "--host", "0.0.0.0")
    advisor("serve", "--no-setup", "--index", index_dir, "--port", "7003")
    assert bench.served == [("127.0.0.1", 7001), ("0.0.0.0", 7002), ("127.0.0.1", 7003)]


def test_setup_a_second_time_publishes_nothing_new(
    advisor: Command, corpus_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    where = ("--corpus", corpus_dir, "--index", tmp_path / "index")
    assert advisor("setup", *where) == 0
    assert advisor("setup", *where) == 0
    assert len(builds(tmp_path / "index")) == 1
    assert "nothing has changed" in capsys.readouterr().err


def test_a_model_that_is_needed_stops_the_setup_when_it_cannot_be_had(
    advisor: Command, bench: Bench, corpus_dir: Path, capsys: Captured
) -> None:
    bench.online = False
    assert advisor("setup", "--corpus", corpus_dir) == 2
    assert "advisor: the model all-MiniLM-L6-v2 could not be had" in capsys.readouterr().err


def test_without_the_default_writer_the_setup_goes_on_and_says_so(
    bench: Bench, corpus_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    def pull(model: CataloguedModel, models_dir: Path, report: Callable[[str], None], force: bool) -> Path:
        bench.online = model.name == "all-MiniLM-L6-v2"
        return bench.pull(model, models_dir, report, force)

    parts = replace(bench.parts(), pull=pull)
    arguments = ["setup", "--corpus", str(corpus_dir), "--index", str(tmp_path / "index")]
    assert run(arguments, parts=parts) == 0
    assert "answers will be extracts" in capsys.readouterr().err
    assert len(builds(tmp_path / "index")) == 1
