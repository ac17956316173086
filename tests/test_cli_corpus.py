"""The commands that read the pages themselves."""

import json
from pathlib import Path

import pytest
from cli_bench import Captured, Command
from test_roadmap import example_page

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "beekeeper.md").write_text(example_page(), encoding="utf-8")
    return folder


def test_a_clean_folder_passes_the_lint(advisor: Command, pages: Path, capsys: Captured) -> None:
    assert advisor("corpus", "lint", pages) == 0
    assert capsys.readouterr().out == "1 pages, 0 errors, 0 warnings\n"


def test_a_fault_is_one_line_with_place_and_cure_and_the_exit_code_tells(
    advisor: Command, pages: Path, capsys: Captured
) -> None:
    page = pages / "beekeeper.md"
    page.write_text(example_page().replace("Duration: 6 weeks", "Duration: quite long"), encoding="utf-8")
    assert advisor("corpus", "lint", pages) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{page.as_posix()}:")
    assert "error [unparsed] the duration 'quite long' cannot be read; write a number" in lines[0]
    assert advisor("corpus", "lint", pages, "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["pages"] == 1
    assert report["errors"] == len(report["findings"])


def test_the_figures_are_printed_and_as_json(advisor: Command, pages: Path, capsys: Captured) -> None:
    assert advisor("corpus", "figures", pages) == 0
    assert "items                 3\n" in capsys.readouterr().out
    assert advisor("corpus", "figures", pages, "--json") == 0
    counted = json.loads(capsys.readouterr().out)
    assert (counted["items_with_hours"], counted["oldest_last_verified"]) == (2, "2026-11-21")


def test_the_facts_of_a_page_are_shown(advisor: Command, pages: Path, capsys: Captured) -> None:
    assert advisor("corpus", "facts", pages / "beekeeper.md") == 0
    shown = capsys.readouterr().out
    assert "phase 1: The bee year" in shown
    assert "Introduction to Bees: course, 6 weeks, 3–4 hours per week, = 18–24 hours, free to audit" in shown
    assert "essential skill: Bee biology" in shown
    assert "certificate: Honey Grader: retired on 31 March 2026" in shown
    assert advisor("corpus", "facts", pages / "beekeeper.md", "--json") == 0
    assert json.loads(capsys.readouterr().out)["phases"][0]["items"][0]["length"]["low"] == 6


def test_what_reading_cleaned_is_told(advisor: Command, pages: Path, capsys: Captured) -> None:
    dirty = example_page().replace("A beekeeper keeps", "A beekeeper\u200b keeps")
    (pages / "beekeeper.md").write_text(dirty, encoding="utf-8")
    assert advisor("corpus", "facts", pages / "beekeeper.md") == 0
    assert "cleaned: hidden or odd blank characters removed" in capsys.readouterr().out
    assert advisor("corpus", "facts", pages / "beekeeper.md", "--json") == 0
    assert json.loads(capsys.readouterr().out)["cleaned"]


def test_a_missing_folder_or_file_is_wrong_use(advisor: Command, tmp_path: Path, capsys: Captured) -> None:
    assert advisor("corpus", "lint", tmp_path / "none") == 2
    assert advisor("corpus", "facts", tmp_path / "none.md") == 2
    assert capsys.readouterr().err.count("advisor: ") == 2
