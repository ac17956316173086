"""Careers side by side: short cells, each with its source, silence said aloud."""

from itertools import combinations
from pathlib import Path

import pytest
from role_bench import Shelf, small_shelf, whole_shelf

from advisor.career.citing import as_json
from advisor.career.compare import Comparison, compare_roles
from advisor.career.wording import SILENT, comparison_text
from advisor.errors import UsageError


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return small_shelf(tmp_path)


def compared(shelf: Shelf, *names: str) -> Comparison:
    return compare_roles([shelf.role(name) for name in names])


def cells(found: Comparison, name: str) -> list[str]:
    return [cell.text for row in found.rows if row.name == name for cell in row.cells]


def table(text: str) -> list[list[str]]:
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").replace("\\|", "/").split("|")] for row in rows]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("What it is", ["A baker makes bread | and rolls.", "A miller grinds corn."]),
        ("Daily work", ["Kneads dough; Heats the oven; Talks with mills; and 1 more", ""]),
        ("Time to become one", ["The Guild: 3 years; The Mill: 2 years at 40 hours per week", ""]),
        ("Phases", ["1 Dough; 2 Heat; no lengths stated", "1 Stones (6 weeks)"]),
        ("Essential skills of both", ["Kneading", "Kneading"]),
        ("Other essential skills", ["Ovens; Calculus", "Java"]),
        ("Cost of the courses", ["2 of 3 free; Kneading for everybody: EUR 20", "1 of 1 free"]),
        (
            "Certificates",
            ["Friend of Bread (active, EUR 10); Master of Bread (retired on 1 May 2024, EUR 90)", ""],
        ),
        ("First jobs", ["Shop assistant", ""]),
        ("Difficulty", ["Difficulty is medium.", ""]),
        ("Interests", ["flour, chemistry, early mornings", "water, machines"]),
        ("Less suited", ["people who want to sleep long, or who dislike heat", ""]),
    ],
)
def test_a_row_holds_the_first_sentence_or_the_labels(shelf: Shelf, row: str, expected: list[str]) -> None:
    assert cells(compared(shelf, "baker", "miller"), row) == expected


def test_the_order_asked_for_is_the_order_of_the_columns(shelf: Shelf) -> None:
    found = compared(shelf, "miller", "bread maker")
    assert found.roles == ("Miller", "Baker")
    assert cells(found, "What it is")[0] == "A miller grinds corn."


def test_a_cell_that_is_empty_says_so_and_every_other_has_a_mark(shelf: Shelf) -> None:
    found = compared(shelf, "baker", "miller")
    header, _rule, *rows = table(comparison_text(found, shelf.cite(found)))
    assert header == ["", "Baker", "Miller"]
    assert next(row[2] for row in rows if row[0] == "First jobs") == SILENT
    assert all(cell == SILENT or cell.endswith("]") for row in rows for cell in row[1:])


def test_a_bar_in_a_sentence_does_not_break_the_table(shelf: Shelf) -> None:
    found = compared(shelf, "baker", "miller")
    assert "bread \\| and rolls" in comparison_text(found, shelf.cite(found))


def test_the_json_has_roles_rows_and_numbers(shelf: Shelf) -> None:
    found = compared(shelf, "baker", "miller")
    told = as_json(found, shelf.cite(found))
    assert told["roles"] == ["Baker", "Miller"]
    assert told["rows"][0]["cells"][1] == {"role": "Miller", "text": "A miller grinds corn.", "citations": [2]}


@pytest.mark.parametrize("names", [(), ("baker",), ("baker", "bread maker")])
def test_fewer_than_two_different_careers_are_wrong_use(shelf: Shelf, names: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=r"two to four different careers.*for example: advisor compare"):
        compared(shelf, *names)


def test_five_careers_are_too_many() -> None:
    shelf = whole_shelf()
    with pytest.raises(UsageError, match="two to four"):
        compare_roles(shelf.roles[:5])


def test_of_four_careers_the_skills_say_who_else_asks_for_them() -> None:
    found = compared(whole_shelf(), "data analyst", "data scientist", "data engineer", "statistician")
    assert len(found.rows[0].cells) == 4
    assert cells(found, "Essential skills of all") == ["none"] * 4
    assert "SQL (also Data scientist, Data engineer)" in cells(found, "Other essential skills")[0]


def test_over_the_corpus_every_pair_gives_a_table_without_an_unsaid_gap() -> None:
    shelf = whole_shelf()
    for one, other in combinations(shelf.roles, 2):
        found = compare_roles([one, other])
        assert all(cell.evidence for row in found.rows for cell in row.cells if cell.text)
        _header, _rule, *rows = table(comparison_text(found, shelf.cite(found)))
        assert len(rows) == len(found.rows)
        assert all(len(row) == 3 and all(row) for row in rows)


def test_over_the_corpus_every_citation_resolves() -> None:
    shelf = whole_shelf()
    for at in range(0, len(shelf.roles) - 1, 2):
        found = compare_roles(shelf.roles[at : at + 2])
        assert list(shelf.unresolved(shelf.cite(found))) == []


def test_over_the_corpus_no_cell_is_a_whole_section() -> None:
    shelf = whole_shelf()
    long = [
        (cell.role, row.name, len(cell.text.split()))
        for at in range(0, len(shelf.roles) - 1, 2)
        for row in compare_roles(shelf.roles[at : at + 2]).rows
        for cell in row.cells
        if len(cell.text.split()) > 90
    ]
    assert long == []
