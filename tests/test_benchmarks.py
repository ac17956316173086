"""The pure parts of the benchmarks: what is counted and how it is shown, on figures worked out by hand."""

# ruff: noqa: E402 - the benchmarks are scripts beside the package and have to be found first

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[1] / "eval" / "benchmarks"
sys.path[:0] = [str(BENCHMARKS), str(BENCHMARKS / "peers")]

import cold_start
import environments
import figures
import growing
import growth
import peer_list
import peer_report
import peers
import plot

from advisor.evaluation.beir import JudgedQuery

QUERIES = [JudgedQuery("q1", "lift", {"a": 2, "b": 1}), JudgedQuery("q2", "drag", {"c": 1})]


def built(run: dict[str, list[str]], *, seconds: float = 4.0, peak: int | None = 100) -> dict[str, object]:
    return {
        "load_seconds": 1.0,
        "build_seconds": seconds,
        "save_seconds": 1.0,
        "query_ms": [1.0, 2.0, 3.0, 4.0],
        "run": run,
        "peak_bytes": peak,
        "index_bytes": 7,
        "packages": {"finder": "1.2"},
    }


RIGHT = {"q1": ["a", "b"], "q2": ["c", "d"]}
SWAPPED = {"q1": ["b", "a"], "q2": ["d", "e"]}
PLAIN = peer_list.PLAIN
OTHER = peer_list.Peer("other", "other.py", (peer_list.Setting("default", "as it comes"),))


def measured(peer: str, phase: str, found: dict[str, object] | None, reason: str = "") -> peer_list.Measured:
    return peer_list.Measured(peer, "default", phase, found, reason)


# --- figures -------------------------------------------------------------------------------------


def test_a_percentile_is_one_of_the_values_by_nearest_rank() -> None:
    values = [float(value) for value in (20, 10, 40, 30)]
    assert [figures.percentile(values, share) for share in (0.25, 0.26, 0.5, 0.95, 1)] == [10, 20, 20, 40, 40]


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0.0), ([1.0], 1.1)])
def test_a_percentile_of_nothing_or_beyond_the_values_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        figures.percentile(values, share)


def test_a_spread_names_its_range_only_where_there_is_one() -> None:
    assert figures.spread([3.0, 1.0, 2.0]).worded() == "2.0 (1.0 to 3.0)"
    assert figures.spread([2.0, 2.0]).worded() == "2.0"


def test_a_table_keeps_a_bar_in_a_cell_out_of_its_columns() -> None:
    assert figures.table(["a", "b"], [["1|2", "3"]]).splitlines() == ["| a | b |", "| --- | --- |", "| 1\\|2 | 3 |"]


# --- what is made of measurements ------------------------------------------------------------------


def test_a_row_has_the_medians_of_its_repeats() -> None:
    setting = OTHER.settings[0]
    all_measured = [
        measured(PLAIN.name, "build", built(SWAPPED)),
        measured("other", "build", built(RIGHT, seconds=4.0)),
        measured("other", "build", built(RIGHT, seconds=9.0, peak=300)),
        measured("other", "first", {"seconds": 8.0, "peak_bytes": 50, "found": ["a"]}),
    ]
    row = peer_report.make_row(OTHER, setting, all_measured, QUERIES, 15)
    assert row is not None
    assert row.ndcg_at_10 == 1.0
    assert row.passages_per_second == 15 / 7.5
    assert (row.p50_ms, row.p95_ms) == (2.0, 4.0)
    assert (row.build_peak_bytes, row.first_seconds, row.first_peak_bytes, row.steady) == (300, 8.0, 50, True)
    assert row.exact_share == (2 / 2 + 1 / 2) / 2


def test_a_build_that_failed_gives_no_row_but_a_reason_once() -> None:
    failed = [measured("other", "build", None, "no wheel"), measured("other", "build", None, "no wheel")]
    assert peer_report.make_row(OTHER, OTHER.settings[0], failed, QUERIES, 15) is None
    assert peer_report.failures_of(failed) == ["other, default, build: no wheel"]


def test_repeats_that_found_other_passages_are_told() -> None:
    runs = [measured("other", "build", built(RIGHT)), measured("other", "build", built(SWAPPED))]
    row = peer_report.make_row(OTHER, OTHER.settings[0], runs, QUERIES, 15)
    assert row is not None
    assert not row.steady
    conditions = peer_list.Conditions("set", 15, 2, "model", "d" * 64, 2, "a machine")
    page = peer_report.report(conditions, [row], ["x: y"], ["other: finder 1.2"], "chart.svg", "2026-01-02")
    assert "Found not the same in every repeat: other, default." in page
    assert "Not measured:\n\n- x: y" in page
    assert "first result, s" in page
    assert "| other, default | 5.0 | 6.0 | 0 MB |" in page
    assert "| other, default | as it comes | 1.0000 | – | 3.0 | 2.0 | 4.0 |" in page


def test_everybody_goes_first_in_turn() -> None:
    assert list(peers.turns(3, 4)) == [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 1, 2]]


def test_what_an_interrupted_run_measured_is_not_measured_again() -> None:
    class Bench:
        def measure(self, peer: Any, setting: Any, _python: Path, phase: str) -> Any:
            return peer_list.Measured(peer.name, setting.name, phase, {})

    ours = peer_list.OURS
    pythons = {ours.name: Path("python")}
    whole = list(peers.run_all(Bench(), [ours], pythons, 2, 1))
    assert len(whole) == len(ours.settings) * 3
    rest = list(peers.run_all(Bench(), [ours], pythons, 2, 1, whole[:3]))
    assert sorted(map(str, whole[:3] + rest)) == sorted(map(str, whole))


def test_every_adapter_knows_the_settings_it_is_listed_with() -> None:
    for peer in peer_list.PEERS:
        source = (BENCHMARKS / "peers" / peer.script).read_text(encoding="utf-8")
        for setting in peer.settings:
            assert f'"{setting.name}": ' in source, (peer.name, setting.name)


def test_every_requirement_names_one_version() -> None:
    for peer in peer_list.PEERS:
        assert all("==" in requirement for requirement in peer.requirements), peer.name


# --- the protocol ----------------------------------------------------------------------------------


ADAPTER = """
from pathlib import Path
from typing import Any
from protocol import main


class Words:
    def load(self, model): self.model = Path(model).name
    def build(self, passages, folder): self.kept = [(p.id, set(p.text.split())) for p in passages]
    def save(self, folder): Path(folder, "ids").write_text(repr(self.kept))
    def open(self, folder): self.kept = eval(Path(folder, "ids").read_text())
    def search(self, query, k):
        return [i for i, w in sorted(self.kept, key=lambda one: -len(one[1] & set(query.split())))][:k]


main({"default": Words}, ["pytest", "no-such-package"])
"""


def test_an_adapter_builds_in_one_process_and_finds_the_same_in_the_next(tmp_path: Path) -> None:
    (tmp_path / "words.py").write_text(ADAPTER, encoding="utf-8")
    for name, texts in (("passages", ["wing lift", "heat flow"]), ("queries", ["heat of a wing flow", "lift"])):
        lines = [json.dumps({"id": f"{name[0]}{number}", "text": text}) for number, text in enumerate(texts)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    environment = {"PYTHONPATH": str(BENCHMARKS / "peers"), "BENCHMARK_STARTED": repr(time.time()), "PATH": ""}
    for phase in ("build", "first"):
        places = [str(tmp_path / name) for name in ("passages.jsonl", "queries.jsonl", "model")]
        command = [sys.executable, str(tmp_path / "words.py"), phase, "default", *places, str(tmp_path)]
        subprocess.run(command, env=environment, check=True)
    found = json.loads((tmp_path / "build.json").read_text(encoding="utf-8"))
    first = json.loads((tmp_path / "first.json").read_text(encoding="utf-8"))
    assert found["run"] == {"q0": ["p1", "p0"], "q1": ["p0", "p1"]}
    assert first["found"] == ["p1", "p0"]
    assert len(found["query_ms"]) == 2
    assert list(found["packages"]) == ["pytest"]
    assert found["index_bytes"] == (tmp_path / "index" / "ids").stat().st_size
    assert first["seconds"] > 0


def test_what_a_process_said_last_is_its_reason() -> None:
    assert environments.last_line("Traceback\n  line\nImportError: no module\n\n") == "ImportError: no module"
    assert environments.last_line("\n") == ""


# --- growth and cold start -------------------------------------------------------------------------


def test_made_vectors_are_unit_rows_that_are_the_same_again() -> None:
    rows = growing.made_vectors(300, topics=64)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.array_equal(rows, growing.made_vectors(300, topics=64))
    assert not np.array_equal(rows, growing.made_vectors(300, topics=64, part=1))


def test_the_nearest_rows_are_those_of_a_full_sort() -> None:
    rows, asked = growing.made_vectors(300, topics=64), growing.made_vectors(5, topics=64, part=1)
    expected = np.argsort(-(asked @ rows.T), axis=1, kind="stable")[:, :10]
    assert np.array_equal(growing.nearest_rows(rows, asked, 10), expected)


def test_a_graph_over_made_vectors_is_measured_against_brute_force() -> None:
    found = growth.index_case("graph", 500, 20)
    assert (found.kind, found.rows) == ("graph", 500)
    assert found.recall_at_10 > 0.95
    flat = growth.index_case("flat", 500, 20)
    assert flat.recall_at_10 == 1.0
    page = growth.report([flat, found], [], "a machine", "2026-01-02", "chart.svg")
    assert "| 500 | flat |" in page
    assert "| 500 | graph |" in page
    assert growth.chart_of([flat, found]).count("<polyline") == 2


def test_imports_are_summed_up_by_package() -> None:
    times = ["import time:      500 |       1500 | torch.nn", "import time: 1500 | 1500 |   torch"]
    written = "\n".join([*times, "import time: 7 | 7 | re", "something else"])
    assert cold_start.import_seconds(written) == {"torch": 0.002, "re": 0.000007}


# --- charts ----------------------------------------------------------------------------------------


def test_the_longest_bar_is_the_largest_value_and_a_missing_one_a_dash() -> None:
    chart = plot.bar_panels("t", ["a", "b", "<c>"], [plot.Panel("p", [2.0, 1.0, None])], own=["a"])
    widths = [float(part.split('width="')[1].split('"')[0]) for part in chart.splitlines() if 'rx="2"' in part]
    assert widths[0] == 2 * widths[1]
    assert "–</text>" in chart
    assert "&lt;c&gt;" in chart


def test_a_curve_goes_right_and_up_on_logarithmic_scales() -> None:
    chart = plot.line_chart("t", [plot.Line("flat", [10, 1000], [1.0, 100.0])], x_title="x", y_title="y", limit=10.0)
    line = next(part for part in chart.splitlines() if "polyline" in part)
    (x1, y1), (x2, y2) = (map(float, point.split(",")) for point in line.split('"')[1].split())
    assert (x1, x2) == (70.0, 560.0)
    assert (y1, y2) == (300.0, 50.0)
    with pytest.raises(ValueError, match="no point"):
        plot.line_chart("t", [], x_title="x", y_title="y")
