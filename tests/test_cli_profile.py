"""`advisor profile`: kept, changed, erased, and heeded by those commands alone that talk with a person."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_bench import ANSWER_KEYS, Captured, Command, one_line, read_lines, write_lines

import advisor as advisor_package
from advisor.memory import open_conversations
from advisor.records import Profile

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings", "index_dir")

VAGUE = "What are the biggest mistakes?"
SAID = "from your profile"
UNBENT = ("batch.py", "search.py", "evaluate.py", "eval_sets.py")
Said = Callable[..., str]


@pytest.fixture
def said(advisor: Command, capsys: Captured) -> Said:
    """What `advisor ARGUMENTS` prints, once it has ended well."""

    def say(*arguments: object) -> str:
        assert advisor(*arguments) == 0
        return capsys.readouterr().out

    return say


def kept(tmp_path: Path) -> Profile:
    with open_conversations(tmp_path / "data" / "conversations.db") as store:
        return store.profile_of(owner="local")


@pytest.mark.parametrize("command", ["show", "set", "erase"])
def test_the_help_has_an_example_and_json(command: str, said: Said) -> None:
    shown = said("profile", command, "--help")
    assert f"Example: advisor profile {command}" in shown
    assert "--json" in shown


def test_what_is_set_is_shown_and_what_is_not_given_stays(said: Said, tmp_path: Path) -> None:
    assert said("profile", "set", "--role", "data enginer", "--known", "sql, go") == "Data Engineer · knows sql, go\n"
    said("profile", "set", "--hours-per-week", "7.5", "--budget", "EUR 50", "--known", "")
    assert kept(tmp_path) == Profile("Data Engineer", (), 7.5, "EUR 50")
    assert said("profile", "show") == "Data Engineer · 7.5 hours per week · budget EUR 50\n"
    assert json.loads(said("profile", "show", "--json")) == {
        "role": "Data Engineer", "known": [], "hours_per_week": 7.5, "budget": "EUR 50",
    }  # fmt: skip
    assert json.loads(said("profile", "set", "--role", "", "--json"))["role"] is None


def test_erased_is_gone_and_erasing_nothing_is_fine(said: Said, tmp_path: Path) -> None:
    assert said("profile", "erase") == "There was nothing to erase.\n"
    assert not (tmp_path / "data" / "conversations.db").exists()
    said("profile", "set", "--known", "sql")
    assert json.loads(said("profile", "erase", "--json")) == {"erased": 1}
    assert kept(tmp_path) == Profile()
    assert said("profile", "show").startswith("Nothing is said yet")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "say what is to be set"),
        (("--role", "astronaut"), "'astronaut'"),
        (("--hours-per-week", "0"), "--hours-per-week 0"),
        (("--budget", "much"), "--budget 'much'"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_changes_nothing(
    arguments: tuple[str, ...], words: str, advisor: Command, capsys: Captured, tmp_path: Path
) -> None:
    assert advisor("profile", "set", "--known", "sql") == 0
    capsys.readouterr()
    assert advisor("profile", "set", *arguments) == 2
    assert words in one_line(capsys.readouterr().err)
    assert kept(tmp_path) == Profile(known=("sql",))


@pytest.fixture
def engineer(advisor: Command, capsys: Captured, index_dir: Path) -> tuple[str, ...]:
    """A learner who is to be a data engineer; how they name the index."""
    assert advisor("profile", "set", "--role", "data engineer", "--index", index_dir) == 0
    capsys.readouterr()
    return "--index", str(index_dir)


def test_a_question_and_a_conversation_heed_the_profile_and_say_so(
    engineer: tuple[str, ...], said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"Understood as: {VAGUE} (Data Engineer, {SAID})" in said("ask", VAGUE, *engineer)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{VAGUE}\n/quit\n"))
    assert f"(Data Engineer, {SAID})" in said("chat", *engineer)


def test_json_a_role_and_batches_are_independent_of_the_profile(
    engineer: tuple[str, ...], said: Said, tmp_path: Path
) -> None:
    asked: dict[str, Any] = json.loads(said("ask", VAGUE, "--json", *engineer))
    assert set(asked) >= ANSWER_KEYS
    assert SAID not in json.dumps(asked)
    assert SAID not in said("ask", VAGUE, "--role", "data engineer", *engineer)
    questions, out = write_lines(tmp_path / "in.jsonl", {"id": "1", "question": VAGUE}), tmp_path / "out.jsonl"
    said("ask", "--batch", questions, "--out", out, *engineer)
    assert SAID not in json.dumps(read_lines(out))


def test_neither_evaluations_nor_batches_nor_searches_know_of_profiles() -> None:
    package = Path(advisor_package.__file__).parent
    sources = [*(package / "evaluation").glob("*.py"), *map((package / "cli").joinpath, UNBENT)]
    assert len(sources) > len(UNBENT)
    assert [path.name for path in sources if "profile" in path.read_text(encoding="utf-8").lower()] == []
