"""The commands for the index, the models, the settings, and for getting everything in place."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from cli_bench import Bench, Captured, Command, one_line, write_lines
from conftest import PAGES, write_corpus

from advisor.cli import run
from advisor.cli.doctor import PACKAGES
from advisor.cli.parts import PassageEmbedder
from advisor.errors import ModelMissing
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


def test_a_diff_tells_renamed_pages_and_what_would_be_embedded(
    advisor: Command, bench: Bench, corpus_dir: Path, index_dir: Path, capsys: Captured
) -> None:
    where = ("--corpus", corpus_dir, "--index", index_dir)
    assert advisor("index", "diff", *where) == 0
    assert capsys.readouterr().out == "the index is up to date (3 documents)\n"
    (corpus_dir / "baker.md").rename(corpus_dir / "bakery.md")
    write_corpus(corpus_dir, {"gardener.md": PAGES["gardener.md"].replace("3 years", "4 years")})
    assert advisor("index", "diff", *where) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["changed  gardener.md", "renamed  baker.md to bakery.md"]
    assert lines[2].startswith("to embed 1 of ")
    assert bench.embedder.seen == []
    assert advisor("index", "diff", "--json", *where) == 0
    diff = json.loads(capsys.readouterr().out)
    assert (diff["renamed"], diff["passages_to_embed"]) == ([{"before": "baker.md", "after": "bakery.md"}], 1)


def test_a_diff_without_the_embedder_compares_the_documents_all_the_same(
    bench: Bench, corpus_dir: Path, index_dir: Path, capsys: Captured
) -> None:
    def missing(_settings: Settings) -> PassageEmbedder:
        raise ModelMissing("the model is not here; run: advisor models pull")

    parts = replace(bench.parts(), open_embedder=missing)
    (corpus_dir / "baker.md").unlink()
    assert run(["index", "diff", "--corpus", str(corpus_dir), "--index", str(index_dir)], parts=parts) == 0
    said = capsys.readouterr()
    assert said.out == "removed  baker.md\n"
    assert "cannot be told" in said.err


def test_status_tells_which_of_the_kept_builds_is_published(
    advisor: Command, corpus_dir: Path, index_dir: Path, capsys: Captured
) -> None:
    write_corpus(corpus_dir, {"nurse.md": "# Nurse\n\nA nurse cares for the sick.\n"})
    advisor("index", "build", "--corpus", corpus_dir, "--index", index_dir)
    older, newer = builds(index_dir)
    capsys.readouterr()
    assert advisor("index", "status", "--index", index_dir) == 0
    kept = capsys.readouterr().out.splitlines()[-2:]
    assert kept == [
        f"kept             {older} (before; advisor index rollback)",
        f"kept             {newer} (published)",
    ]
    assert advisor("index", "rollback", "--index", index_dir) == 0
    assert capsys.readouterr().out == f"published {older} again, in place of {newer}\n"


GATE_QUESTIONS = (
    {
        "id": "tools",
        "kind": "list",
        "question": "Which tools does a gardener use?",
        "expected": "answer",
        "nuggets": [{"text": "Spade"}],
    },
    {
        "id": "training",
        "kind": "duration",
        "question": "How long is the training of a gardener?",
        "expected": "answer",
        "nuggets": [{"text": "3 years"}],
    },
)


def test_a_build_that_answers_worse_is_kept_aside_and_the_exit_code_is_1(
    advisor: Command, corpus_dir: Path, index_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    gate = ("--gate", write_lines(tmp_path / "asked.jsonl", *GATE_QUESTIONS))
    where = ("--corpus", corpus_dir, "--index", index_dir)
    before = current_build(index_dir).name
    write_corpus(corpus_dir, {"gardener.md": PAGES["gardener.md"].replace("Spade", "Rake")})
    assert advisor("index", "build", *gate, *where) == 1
    said = capsys.readouterr()
    assert "gate     wholly right 100.0% before, 50.0% now (of 2): worse" in said.out
    (refusal,) = [line for line in said.err.splitlines() if line.startswith("advisor: ")]
    assert "not published" in refusal
    assert "no longer right: tools" in refusal
    assert current_build(index_dir).name == before
    assert advisor("ask", "Which tools does a gardener use?", "--index", index_dir / "aside") == 0
    assert "Rake" in capsys.readouterr().out
    assert advisor("index", "build", *gate, "--margin", "50", "--json", *where) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["published"], report["gate"]["passed"], report["gate"]["lost"]) == (True, True, ["tools"])
    assert current_build(index_dir).name == report["build"]
    assert not (index_dir / "aside").exists()


def test_the_first_build_has_nothing_to_be_held_against_and_says_so(
    advisor: Command, corpus_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    asked = write_lines(tmp_path / "asked.jsonl", *GATE_QUESTIONS)
    assert advisor("index", "build", "--gate", asked, "--corpus", corpus_dir, "--index", tmp_path / "new") == 0
    said = capsys.readouterr()
    assert "nothing to hold the new build against" in said.err
    assert "published" in said.out


def test_a_gate_without_questions_is_refused_before_anything_is_built(
    advisor: Command, bench: Bench, corpus_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert advisor("index", "build", "--gate", "nowhere.jsonl", "--corpus", corpus_dir, "--index", tmp_path / "n") == 2
    assert "nowhere.jsonl" in one_line(capsys.readouterr().err)
    assert bench.embedder.seen == []


def test_an_interrupted_build_says_on_one_line_what_is_published(
    bench: Bench, corpus_dir: Path, index_dir: Path, capsys: Captured
) -> None:
    def interrupted(_settings: Settings) -> PassageEmbedder:
        raise KeyboardInterrupt

    parts = replace(bench.parts(), open_embedder=interrupted)
    build = ["index", "build", "--corpus", str(corpus_dir), "--index"]
    assert run([*build, str(index_dir)], parts=parts) == 130
    assert (
        one_line(capsys.readouterr().err) == f"advisor: interrupted: {current_build(index_dir).name} stays published\n"
    )
    assert run([*build, "new"], parts=parts) == 130
    assert one_line(capsys.readouterr().err) == "advisor: interrupted: nothing is published yet\n"


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
    advisor("serve", "--no-setup", "--index", index_dir, "--host", "0.0.0.0", "--open")
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
