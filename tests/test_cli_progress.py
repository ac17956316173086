"""`advisor progress`: marks that are kept, found again and deleted, and what comes next, this week, in an hour."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_bench import Captured, Command, one_line

from advisor.memory import open_conversations

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings", "index_dir")

ROLE = ("--role", "data engineer")
Told = Callable[..., Any]


@pytest.fixture
def told(advisor: Command, capsys: Captured) -> Told:
    """`advisor progress ARGUMENTS --role … --json`, read."""

    def tell(command: str, *arguments: str) -> Any:
        assert advisor("progress", command, *ROLE, *arguments, "--json") == 0
        return json.loads(capsys.readouterr().out)

    return tell


def names(items: list[dict[str, Any]]) -> list[str]:
    return [item["item"] for item in items]


def test_a_mark_is_kept_and_shown_with_its_source(told: Told) -> None:
    kept = told("set", "foundation", "done")
    assert (kept["career"], kept["item"], kept["provider"], kept["state"]) == (
        "Data Engineer", "Foundations", None, "done",
    )  # fmt: skip
    shown = told("show")
    assert [(one["item"], one["state"]) for one in shown["items"]] == [("Foundations", "done"), ("Pipelines", None)]
    assert shown["items"][0]["changed_at"] == kept["changed_at"]
    cited = shown["citations"][shown["items"][1]["citation"] - 1]
    assert (cited["number"], cited["document"]) == (2, "data-engineer.md")
    assert "Pipelines" in cited["quote"]


def test_open_takes_a_mark_back(told: Told) -> None:
    told("set", "Foundations", "skipped")
    assert told("set", "Foundations", "open")["state"] is None
    assert [one["state"] for one in told("show")["items"]] == [None, None]


def test_what_comes_next_follows_what_is_marked(told: Told) -> None:
    assert names(told("next")["next"]) == ["Foundations"]
    told("set", "Foundations", "in-progress")
    begun = told("next")
    assert (names(begun["in_progress"]), names(begun["next"])) == (["Foundations"], ["Pipelines"])
    told("set", "Foundations", "done")
    assert names(told("next")["next"]) == ["Pipelines"]
    told("set", "Pipelines", "skipped")
    assert told("next")["next"] == []


def test_a_week_and_an_hour_begin_with_what_is_in_progress(told: Told) -> None:
    told("set", "Pipelines", "in-progress")
    week, hour = told("week", "--hours-per-week", "8"), told("have", "1h")
    assert [(one["item"], one["minutes"]) for one in week["pieces"]] == [("Pipelines", 8 * 60)]
    assert [(one["item"], one["minutes"]) for one in hour["pieces"]] == [("Pipelines", 60)]
    assert hour["pieces"][0]["begun_at"]
    assert hour["minutes"] == 60


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set", *ROLE, "Foundations", "done"), "Data Engineer: Foundations is done"),
        (("show", *ROLE), "0 of 2 items done, 0 in progress, 0 skipped."),
        (("next", *ROLE), "Can be started now, in Phase 1: Foundations:"),
        (("week", *ROLE, "--hours-per-week", "8"), "- 8 h of 45 h (assumed effort): begin **Foundations** [1]"),
        (("have", *ROLE, "45min"), "# Data Engineer, 45 min"),
        (("forget",), "0 marks forgotten"),
    ],
)
def test_people_read_words(arguments: tuple[str, ...], words: str, advisor: Command, capsys: Captured) -> None:
    assert advisor("progress", *arguments) == 0
    assert words in capsys.readouterr().out


def test_a_plan_credits_what_is_done_where_that_is_asked_for(advisor: Command, capsys: Captured, told: Told) -> None:
    told("set", "Foundations", "done")
    plan = ("plan", *ROLE, "--hours-per-week", "8", "--json")
    assert advisor(*plan) == 0
    assert len(json.loads(capsys.readouterr().out)["steps"]) == 2
    assert advisor(*plan, "--with-progress") == 0
    made = json.loads(capsys.readouterr().out)
    assert ([one["name"] for one in made["steps"]], [one["name"] for one in made["credits"]]) == (
        ["Pipelines"],
        ["Foundations"],
    )


def test_forgetting_is_of_one_career_or_of_all_and_leaves_conversations_alone(
    advisor: Command, capsys: Captured, told: Told, tmp_path: Path
) -> None:
    for item in ("Foundations", "Pipelines"):
        told("set", item, "done")
    assert told("forget") == {"career": "Data Engineer", "forgotten": 2}
    told("set", "Foundations", "done")
    assert advisor("progress", "forget", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"career": None, "forgotten": 1}
    with open_conversations(tmp_path / "data" / "conversations.db") as store:
        assert store.progress_of("Data Engineer", owner="local") == ()


def test_a_career_is_forgotten_by_its_own_name_without_an_index(advisor: Command, capsys: Captured, told: Told) -> None:
    told("set", "Foundations", "done")
    assert advisor("progress", "forget", "--role", "Data Engineer", "--index", "nowhere") == 0
    assert capsys.readouterr().out == "1 mark forgotten\n"


def test_looking_makes_no_store(told: Told, tmp_path: Path) -> None:
    told("show")
    told("have", "1h")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("set", *ROLE, "cooking", "done"), "the nearest are: "),
        (("set", *ROLE, "s", "done"), "fits several: Foundations; Pipelines"),
        (("set", *ROLE, "Foundations", "finished"), "done, in-progress, skipped, open"),
        (("show", "--role", "astronaut"), "astronaut"),
        (("week", *ROLE, "--hours-per-week", "0"), "--hours-per-week 0"),
        (("week", *ROLE), "--hours-per-week"),
        (("have", *ROLE, "90"), "45min, 1h or 1h30"),
        (("next",), "--role"),
        (("forget", "--role", "astronaut"), "astronaut"),
        (("show", *ROLE, "--index", "nowhere"), "advisor index build"),
    ],
)
def test_wrong_use_is_one_line_with_the_cure(
    arguments: tuple[str, ...], named: str, advisor: Command, capsys: Captured
) -> None:
    assert advisor("progress", *arguments) == 2
    assert named in one_line(capsys.readouterr().err)
