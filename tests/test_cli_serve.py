"""`advisor serve` from the command line: who may reach the page, what is said aloud, what is wrong before it starts."""

import json
import shutil
from pathlib import Path

import pytest
from cli_bench import Bench, Captured, Command, one_line

from advisor.cli.doctor import _room
from advisor.index.publish import current_build

pytest_plugins = ["cli_bench"]

PASSWORD = "correct horse battery"


def test_another_address_needs_a_password_before_anything_is_loaded(
    advisor: Command, bench: Bench, capsys: Captured
) -> None:
    assert advisor("serve", "--host", "0.0.0.0") == 2
    assert "ADVISOR_PAGE_PASSWORD" in one_line(capsys.readouterr().err)
    assert (bench.pulled, bench.served) == ([], [])


def test_open_is_said_aloud_and_a_password_closes_it(
    advisor: Command, bench: Bench, index_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    serve = ("serve", "--no-setup", "--index", index_dir, "--host", "0.0.0.0")
    assert advisor(*serve, "--open") == 0
    assert "Whoever can reach this port can ask" in capsys.readouterr().err
    monkeypatch.setenv("ADVISOR_PAGE_PASSWORD", PASSWORD)
    assert advisor(*serve) == advisor(*serve, "--open") == 0
    assert "Whoever can reach" not in capsys.readouterr().err
    assert len(bench.served) == 3


def test_the_password_is_shown_nowhere(
    advisor: Command, monkeypatch: pytest.MonkeyPatch, capsys: Captured, tmp_path: Path
) -> None:
    monkeypatch.setenv("ADVISOR_PAGE_PASSWORD", PASSWORD)
    for command in (("settings",), ("settings", "--json"), ("doctor",), ("doctor", "--json")):
        advisor(*command)
    said = capsys.readouterr()
    assert PASSWORD not in said.out + said.err
    assert "ADVISOR_PAGE_PASSWORD=**********" in said.out
    monkeypatch.setenv("ADVISOR_PAGE_PASSWORD", "short-7")
    assert advisor("settings") == 2
    complaint = one_line(capsys.readouterr().err)
    assert "at least 8 characters" in complaint
    assert "short-7" not in complaint


def test_a_form_of_the_log_that_there_is_not_is_refused(advisor: Command, index_dir: Path, capsys: Captured) -> None:
    assert advisor("serve", "--no-setup", "--index", index_dir, "--log-format", "xml") == 2
    assert "log_format" in one_line(capsys.readouterr().err)
    assert advisor("serve", "--no-setup", "--index", index_dir, "--log-format", "json") == 0


@pytest.mark.parametrize("setup", ["--setup", "--no-setup"])
def test_a_damaged_index_is_one_line_with_the_cure(
    advisor: Command, bench: Bench, index_dir: Path, capsys: Captured, setup: str
) -> None:
    (current_build(index_dir) / "passages.jsonl").write_bytes(b"")
    assert advisor("serve", setup, "--index", index_dir) == 2
    (complaint,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("advisor: ")]
    assert "passages.jsonl" in complaint
    assert "advisor index build --full" in complaint
    assert bench.served == []


def test_a_built_index_is_served_when_its_documents_are_gone_and_doctor_tells(
    advisor: Command, bench: Bench, index_dir: Path, corpus_dir: Path, capsys: Captured
) -> None:
    shutil.rmtree(corpus_dir)
    assert advisor("serve", "--index", index_dir, "--corpus", corpus_dir) == 0
    assert len(bench.served) == 1
    capsys.readouterr()
    assert advisor("doctor", "--json", "--index", index_dir) == 1
    states = {one["subject"]: one["state"] for one in json.loads(capsys.readouterr().out)["findings"]}
    assert states["corpus"] == "problem"


def test_a_store_that_cannot_be_opened_is_one_line_with_the_cure(
    advisor: Command, index_dir: Path, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    assert advisor("serve", "--no-setup", "--index", index_dir) == 2
    (complaint,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("advisor: ")]
    assert "ADVISOR_DATA_DIR" in complaint


def test_doctor_tells_who_can_reach_the_page(
    advisor: Command, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def finding() -> dict[str, str]:
        advisor("doctor", "--json")
        findings = json.loads(capsys.readouterr().out)["findings"]
        return next(one for one in findings if one["subject"] == "sign-in")

    assert finding()["state"] == "ok"
    monkeypatch.setenv("ADVISOR_HOST", "0.0.0.0")
    assert finding()["state"] == "note"
    assert "ADVISOR_PAGE_PASSWORD" in finding()["detail"]
    monkeypatch.setenv("ADVISOR_PAGE_PASSWORD", PASSWORD)
    assert finding()["state"] == "ok"


def test_doctor_tells_that_the_disk_is_full(tmp_path: Path) -> None:
    assert _room(tmp_path / "not yet there", fewest_bytes=0).state == "ok"
    full = _room(tmp_path, fewest_bytes=10**18)
    assert full.state == "problem"
    assert "make room" in full.detail
