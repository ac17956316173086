"""`advisor plan`: its contract with other programs, its files, and one clear line for what goes wrong."""

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from cli_bench import Captured, Command, one_line
from plan_bench import BEEKEEPER, plan_of

from advisor.career.export import read_plan_json
from advisor.cli.plan import in_terminal

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings", "index_dir")

ASKED = ("plan", "--role", "data engineer", "--hours-per-week", "8")


def test_a_plan_is_printed_with_its_sources(advisor: Command, capsys: Captured) -> None:
    assert advisor(*ASKED) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("# Study plan: Data Engineer\n")
    assert "- [ ] 1. **Foundations**: 45 h" in shown
    assert "(data-engineer.md)" in shown


def test_json_is_the_same_by_flag_and_by_format_and_reads_back(advisor: Command, capsys: Captured) -> None:
    assert advisor(*ASKED, "--json") == 0
    by_flag = capsys.readouterr().out
    assert advisor(*ASKED, "--format", "json") == 0
    assert capsys.readouterr().out == by_flag
    assert read_plan_json(by_flag).career == json.loads(by_flag)["career"] == "Data Engineer"


def test_the_start_is_a_monday_after_today_and_all_options_are_taken(advisor: Command, capsys: Captured) -> None:
    options = ("--known", "python, sql", "--free-only", "--realism", "1.5", "--days-off", "2026-12-21..2027-01-03")
    assert advisor(*ASKED, *options, "--skip", "foundations", "--json") == 0
    plan = read_plan_json(capsys.readouterr().out)
    assert plan.start.weekday() == 0
    assert timedelta(0) < plan.start - date.today() <= timedelta(days=8)
    assert (plan.realism, plan.free_only, len(plan.days_off), len(plan.left_out)) == (1.5, True, 1, 2)


def test_files_are_written_as_their_readers_like_them(advisor: Command, tmp_path: Path, capsys: Captured) -> None:
    sheet, calendar = tmp_path / "plan.csv", tmp_path / "plan.ics"
    assert advisor(*ASKED, "--format", "csv", "--out", sheet) == 0
    assert advisor(*ASKED, "--format", "ics", "--out", calendar) == 0
    assert capsys.readouterr().out == ""
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbfweek,")
    assert next(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8-sig"), newline="")))["item"] == "Foundations"
    assert calendar.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")


def test_the_table_of_all_careers_is_printed(advisor: Command, capsys: Captured) -> None:
    assert advisor("plan", "--all", "--format", "md") == 0
    assert "| Data Engineer | 2 |" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("plan",), "--role"),
        (("plan", "--role", "data engineer"), "--hours-per-week"),
        (("plan", "--role", "astronaut", "--hours-per-week", "8"), "astronaut"),
        (("plan", "--role", "data engineer", "--hours-per-week", "0"), "--hours-per-week 0"),
        (("plan", "--role", "data engineer", "--hours-per-week", "many"), "valid number"),
        ((*ASKED, "--start", "soon"), "--start 'soon'"),
        ((*ASKED, "--by", "2020-01-01"), "not in the future"),
        ((*ASKED, "--budget", "little"), "EUR 50"),
        ((*ASKED, "--days-off", "2027-01-03..2026-12-21"), "ends before it begins"),
        ((*ASKED, "--skip", "cooking"), "the nearest are"),
        ((*ASKED, "--format", "pdf"), "pdf"),
        ((*ASKED, "--out", "no/such/folder/plan.md"), "another --out"),
        (("plan", "--all", "--role", "data engineer"), "--all"),
        (("plan", "--all", "--format", "ics"), "--all"),
    ],
)
def test_wrong_use_is_one_line_with_the_cure(
    arguments: tuple[str, ...], named: str, advisor: Command, capsys: Captured
) -> None:
    assert advisor(*arguments) == 2
    assert named in one_line(capsys.readouterr().err)


def test_the_help_has_an_example(advisor: Command, capsys: Captured) -> None:
    assert advisor("plan", "--help") == 0
    assert "Example: advisor plan" in capsys.readouterr().out


# --- in a terminal --------------------------------------------------------------------------------


def test_a_terminal_shows_the_phases_as_bars_between_the_head_and_the_phases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = in_terminal(plan_of(BEEKEEPER), columns=80, encoding="utf-8")
    head, _, rest = shown.partition("\nPhase 1: The bee year")
    assert head.startswith("# Study plan: Beekeeper\n")
    assert all(len(line) <= 80 for line in rest.split("\n## ")[0].splitlines())
    assert "\N{FULL BLOCK}" in rest
    assert "\x1b[" not in shown
    assert "\n## Phase 1: The bee year\n" in rest


def test_bars_are_coloured_unless_no_color_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32m\N{FULL BLOCK}" in in_terminal(plan_of(BEEKEEPER), columns=80, encoding="utf-8")


@pytest.mark.parametrize("encoding", ["ascii", "no-such-encoding"])
def test_where_blocks_cannot_be_shown_plain_signs_are(encoding: str) -> None:
    shown = in_terminal(plan_of(BEEKEEPER), columns=80, encoding=encoding)
    assert "\N{FULL BLOCK}" not in shown
    assert "##" in shown.split("\n## ")[0]
