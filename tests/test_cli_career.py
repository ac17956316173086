"""`advisor gap`, `compare` and `suits` as users type them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_bench import Captured, Command, one_line
from conftest import HashingEmbedder, count_pieces, write_corpus
from role_bench import BAKER, MILLER, small_shelf

from advisor.career.shelf import Shelf
from advisor.cli.career import ask_learner
from advisor.index.build import build_index

pytest_plugins = ["cli_bench"]


@pytest.fixture
def built(tmp_path: Path, own_surroundings: None) -> Path:
    corpus = write_corpus(tmp_path / "corpus", {"baker.md": BAKER, "miller.md": MILLER})
    build_index(corpus, tmp_path / "index", embedder=HashingEmbedder(), count_pieces=count_pieces)
    return tmp_path / "index"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    small = small_shelf(tmp_path)
    return Shelf(small.roles, small.documents, small.passages)


def test_the_gap_is_printed_with_its_sources(advisor: Command, built: Path, capsys: Captured) -> None:
    assert advisor("gap", "--role", "bread maker", "--known", "kneeding", "--index", built) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("# Gap: Baker\n")
    assert "Read 'kneeding' as 'Kneading'." in shown
    assert '- [1] Baker, Essential skills of a baker: "Kneading: by hand' in shown


@pytest.mark.parametrize("flags", [["--json"], ["--format", "json"]])
def test_the_gap_as_json_numbers_its_citations(
    advisor: Command, built: Path, capsys: Captured, flags: list[str]
) -> None:
    assert advisor("gap", "--role", "baker", "--known", "kneading", *flags) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["role"], told["held"][0]["name"], told["unmentioned"]) == ("Baker", "Kneading", [])
    numbers = [citation["number"] for citation in told["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(told["held"][0]["citations"]) <= set(numbers)
    assert {"passage_id", "document", "section", "url", "quote"} <= told["citations"][0].keys()


def test_nothing_known_is_a_gap_too(advisor: Command, built: Path, capsys: Captured) -> None:
    assert advisor("gap", "--role", "baker") == 0
    assert "You have 0 of 3 essential skills." in capsys.readouterr().out


def test_two_careers_are_compared_in_a_table(advisor: Command, built: Path, capsys: Captured) -> None:
    assert advisor("compare", "baker", "miller") == 0
    shown = capsys.readouterr().out
    assert "|  | Baker | Miller |\n| --- | --- | --- |\n" in shown
    assert "not on its page" in shown
    assert advisor("compare", "baker", "miller", "--json") == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["name"] == "What it is"


def test_careers_are_ranked(advisor: Command, built: Path, capsys: Captured) -> None:
    assert advisor("suits", "--interests", "flour", "--dislikes", "heat", "--no-maths", "--json") == 0
    assert json.loads(capsys.readouterr().out)["fits"] == []  # two reasons against outweigh one for
    assert advisor("suits", "--interests", "flour", "--strengths", "patience") == 0
    assert '- Why: you say flour; the page, under Interests: "flour, chemistry, early mornings" [1]' in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (["gap", "--role", "astronaut"], "the nearest are:"),
        (["gap"], "advisor gap --help"),
        (["compare"], 'for example: advisor compare "data analyst" "data scientist"'),
        (["compare", "baker"], "two to four different careers, not Baker"),
        (["compare", "baker", "baker"], "two to four different careers"),
        (["suits"], "--interests, --strengths, --dislikes, --known"),
        (["suits", "--hours-per-week", "0"], "advisor suits --help"),
        (["gap", "--role", "baker", "--format", "pdf"], "advisor gap --help"),
        (["gap", "--role", "baker", "--index", "nowhere"], "nowhere"),
    ],
)
def test_wrong_use_is_one_line_with_the_cure(
    advisor: Command, built: Path, capsys: Captured, arguments: list[str], cure: str
) -> None:
    assert advisor(*arguments) == 2
    assert cure in one_line(capsys.readouterr().err)


def test_the_questions_become_a_learner(shelf: Shelf) -> None:
    asked: list[str] = []
    replies = iter(["flour", "", " heat", "kneeding, java", "perhaps", "No", "", "much", "7.5"])

    def ask(question: str) -> str:
        asked.append(question)
        return next(replies)

    learner = ask_learner(ask, shelf)
    assert (learner.interests, learner.dislikes, learner.hours_per_week) == ("flour", " heat", 7.5)
    assert [one.name for one in learner.known] == ["Kneading", "java"]
    assert (learner.likes_maths, learner.likes_coding) == (False, None)
    assert asked[0] == "What interests you? For example flour; water"
    assert asked[4] == asked[5]  # "perhaps" is neither yes nor no


def test_in_a_terminal_it_asks(built: Path) -> None:
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    ours, theirs = pty.openpty()
    os.write(ours, b"flour\n\n\n\n\n\n\n")
    command = [sys.executable, "-m", "advisor", "suits", "--index", str(built)]
    with os.fdopen(ours, "rb"), os.fdopen(theirs, "rb") as terminal:
        ran = subprocess.run(command, stdin=terminal, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "What interests you?" in ran.stdout + ran.stderr
    assert "## 1. Baker" in ran.stdout
