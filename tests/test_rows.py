"""Files of rows: what is written is read again, and a file that was cut off or spoilt is told from a sound one."""

import json
from pathlib import Path

import pytest
from row_bench import ERROR, REFUSED, make_row

from advisor.errors import UsageError
from advisor.evaluation.rows import read_rows, row_from_json, row_line, row_to_json, rows_so_far, write_rows


def test_a_row_comes_back_from_json_as_it_was() -> None:
    for row in (make_row(), make_row(**REFUSED), make_row(**ERROR, retrieval=None, history=("before",))):
        assert row_from_json(json.loads(json.dumps(row_to_json(row)))) == row


def test_the_keys_of_a_line_are_plain_names_and_values() -> None:
    line = row_to_json(make_row())
    assert (line["status"], line["expected"], line["verdict"], line["fault"]) == ("answered", "answer", "right", "none")
    assert line["retrieval"]["recall_at_5"] == 1.0
    assert line["hits"] == [{"passage_id": "p#1", "document": "p", "score": 1.0}]


def test_rows_are_read_from_their_file_or_its_folder(tmp_path: Path) -> None:
    rows = (make_row("a"), make_row("b", answer="line\u2028break, half \ud83d"))
    write_rows(tmp_path / "rows.jsonl", rows)
    assert read_rows(tmp_path) == read_rows(tmp_path / "rows.jsonl") == rows
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.jsonl"]


def test_a_last_line_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(row_line(make_row("a")) + row_line(make_row("b"))[:100], encoding="utf-8")
    assert [row.id for row in rows_so_far(path)] == ["a"]


def test_a_spoilt_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(row_line(make_row("a")) + '{"id": "b"}\n' + row_line(make_row("c")), encoding="utf-8")
    with pytest.raises(UsageError, match=r"line 2: kind: Field required; remove the line"):
        rows_so_far(path)


def test_an_id_that_comes_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    write_rows(path, [make_row("a"), make_row("a")])
    with pytest.raises(UsageError, match=r"line 2: the id 'a' comes twice"):
        rows_so_far(path)


def test_a_run_without_rows_cannot_be_read_but_can_be_begun(tmp_path: Path) -> None:
    assert rows_so_far(tmp_path / "rows.jsonl") == ()
    with pytest.raises(UsageError, match="is not there"):
        read_rows(tmp_path)
    write_rows(tmp_path / "rows.jsonl", [])
    with pytest.raises(UsageError, match="holds no row"):
        read_rows(tmp_path)
