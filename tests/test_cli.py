"""The command line: its contract with other programs, and one clear line for everything that goes wrong."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cli_bench import ANSWER_KEYS, ASKED, Bench, Captured, Command, one_line, process, write_lines
from conftest import repeating_writer

from advisor.cli import run
from advisor.memory import open_conversations
from advisor.pipeline import Advisor
from advisor.settings import Settings

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings")

COMMANDS = (
    "ask", "chat", "search", "serve", "setup", "doctor", "settings", "index build", "index status", "index verify",
    "index diff", "index rollback", "plan", "gap", "compare", "suits", "models list", "models pull", "models verify",
    "profile set", "progress set", "progress show", "progress next", "progress week", "progress have",
    "progress forget",
)  # fmt: skip
HEAVY = ("torch", "transformers", "faiss", "gradio", "sentence_transformers", "numpy", "sqlalchemy", "pydantic")

# --- the program as a whole -----------------------------------------------------------------------


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    code = f"import sys, advisor.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example_that_names_it(
    command: str, advisor: Command, capsys: Captured
) -> None:
    assert advisor(*command.split(), "--help") == 0
    assert f"Example: advisor {command}" in capsys.readouterr().out


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in {"chat", "serve", "setup"}])
def test_every_command_takes_an_index_and_prints_json(command: str, advisor: Command, capsys: Captured) -> None:
    advisor(*command.split(), "--help")
    shown = capsys.readouterr().out
    assert "--index" in shown
    assert "--json" in shown


def test_the_version_and_the_help_end_well() -> None:
    assert process("--version").stdout.startswith("advisor ")
    bare = process()
    assert (bare.returncode, bare.stderr) == (0, "")
    assert "ask" in bare.stdout


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["ask", "--nonsense"], "advisor ask --help"),
        (["sing"], "sing"),
        (["index"], "advisor index --help"),
        (["ask"], "advisor ask"),
        (["ask", "--batch", "in.jsonl"], "--out"),
        (["ask", ASKED, "--batch", "in.jsonl", "--out", "out.jsonl"], "QUESTION"),
        (["search"], "advisor search"),
        (["search", "x", "-k", "0"], "-k"),
        (["serve", "--port", "99999"], "--port"),
        (["models", "verify", "gpt-17"], "gpt-17"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    arguments: list[str], named: str, advisor: Command, capsys: Captured
) -> None:
    assert advisor(*arguments) == 2
    captured = capsys.readouterr()
    assert named in one_line(captured.err)
    assert captured.out == ""


@pytest.mark.parametrize(
    ("variable", "toml", "named"),
    [
        ("many", "", "ADVISOR_PORT"),
        ("", "colour = 1", "colour"),
        ("", "port = = 1", "advisor.toml"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    variable: str, toml: str, named: str, advisor: Command, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_PORT", variable)
    Path("advisor.toml").write_text(toml, encoding="utf-8")
    assert advisor("settings") == 2
    assert named in one_line(capsys.readouterr().err)


def test_an_unforeseen_fault_is_one_line_and_its_traceback_is_in_the_log(
    bench: Bench, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_settings: Settings) -> Advisor:
        raise ZeroDivisionError("the moon was in the wrong house")

    parts = replace(bench.parts(), open_advisor=broken)
    assert run(["ask", ASKED], parts=parts) == 3
    log = tmp_path / "data" / "advisor.log"
    assert str(log) in one_line(capsys.readouterr().err)
    assert "the moon was in the wrong house" in log.read_text(encoding="utf-8")
    monkeypatch.setenv("ADVISOR_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run(["ask", ASKED], parts=parts)


def test_ctrl_c_ends_with_130_and_one_line(bench: Bench, capsys: Captured) -> None:
    def interrupted(_settings: Settings) -> Advisor:
        raise KeyboardInterrupt

    assert run(["ask", ASKED], parts=replace(bench.parts(), open_advisor=interrupted)) == 130
    one_line(capsys.readouterr().err)


def test_a_reader_that_goes_away_is_no_error() -> None:
    code = (
        "import sys, os; from advisor.cli import main\n"
        "r, w = os.pipe(); os.close(r); os.dup2(w, 1); main(['models', 'list'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_missing_index_names_the_command_that_builds_it() -> None:
    done = process("ask", ASKED, "--index", "nowhere")
    assert done.returncode == 2
    assert "advisor index build" in one_line(done.stderr)


def test_a_missing_model_names_the_command_that_pulls_it(index_dir: Path) -> None:
    done = process("ask", ASKED, "--index", str(index_dir))
    assert done.returncode == 2
    assert "advisor models pull all-MiniLM-L6-v2" in one_line(done.stderr)


# --- ask ------------------------------------------------------------------------------------------


def test_json_of_a_question_is_the_contract_and_nothing_else(
    advisor: Command, index_dir: Path, capsys: Captured
) -> None:
    assert advisor("ask", ASKED, "--json", "--index", index_dir) == 0
    captured = capsys.readouterr()
    line = json.loads(captured.out)
    assert captured.out.count("\n") == 1
    assert captured.err == ""
    assert next(iter(line)) == "id"
    assert set(line) >= ANSWER_KEYS
    assert (line["id"], line["question"]) == ("", ASKED)
    assert line["status"] in {"answered", "refused", "clarify"}
    assert set(line["timings_ms"]) == {"search", "first_text", "total"}


def test_a_refusal_ends_well(advisor: Command, index_dir: Path, capsys: Captured) -> None:
    assert advisor("ask", "zebras xylophones quasars", "--json", "--index", index_dir) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "refused"


def test_what_was_asked_is_not_kept(advisor: Command, index_dir: Path, tmp_path: Path) -> None:
    batch = write_lines(tmp_path / "in.jsonl", {"id": "1", "question": ASKED})
    assert advisor("ask", ASKED, "--index", index_dir) == 0
    assert advisor("ask", "--batch", batch, "--out", tmp_path / "out.jsonl", "--index", index_dir) == 0
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("question", ["", " \n", "🙂🙂", "a" * 1_000_000], ids=["empty", "blank", "emoji", "1 MB"])
def test_a_question_that_cannot_be_asked_is_bad_input(
    question: str, advisor: Command, index_dir: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(question))
    assert advisor("ask", "-", "--index", index_dir) == 2
    assert len(one_line(capsys.readouterr().err)) < 300


def test_an_unknown_role_is_bad_input_that_lists_the_known_ones(
    advisor: Command, index_dir: Path, capsys: Captured
) -> None:
    assert advisor("ask", ASKED, "--role", "Wizard", "--index", index_dir) == 2
    assert "Data Engineer" in one_line(capsys.readouterr().err)
    assert advisor("ask", ASKED, "--role", "data engineer", "--index", index_dir) == 0


def test_the_extractive_generator_leaves_the_writer_alone(bench: Bench, index_dir: Path, capsys: Captured) -> None:
    bench.writer = writer = repeating_writer()
    assert (
        run(["ask", ASKED, "--json", "--generator", "extractive", "--index", str(index_dir)], parts=bench.parts()) == 0
    )
    line = json.loads(capsys.readouterr().out)
    assert (line["generator"], line["notes"], writer.prompts) == ("extractive", [], [])


# --- chat -----------------------------------------------------------------------------------------


def test_a_chat_is_kept_and_ends_kindly(
    advisor: Command, index_dir: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [ASKED, "🙂", "/sources", "/dance", "/new", "/sources", "What tools does a gardener use?"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(said)))
    assert advisor("chat", "--generator", "extractive", "--index", index_dir) == 0
    captured = capsys.readouterr()
    assert captured.out.endswith("Goodbye.\n")
    assert "Nothing has been asked yet." in captured.out
    assert "holds no words" in captured.err
    with open_conversations(tmp_path / "data" / "conversations.db") as kept:
        assert {conversation.title for conversation in kept.list("local")} == {ASKED, said[-1]}
