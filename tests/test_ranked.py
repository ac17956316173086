"""Runs over a public set, query by query: kept, paired, and measured as a program that others use measures them."""

from pathlib import Path

import numpy as np
import pytest

from advisor.errors import UsageError
from advisor.evaluation.beir import JudgedQuery, figures_of
from advisor.evaluation.ranked import BM25, FILE, METRICS, RankedQuery, differences, named, read_ranked

RANDOM = np.random.default_rng(11)
DOCUMENTS = [f"d{number}" for number in range(150)]


def made_up(number: int) -> tuple[JudgedQuery, tuple[str, ...]]:
    judged = RANDOM.choice(DOCUMENTS, size=12, replace=False)
    grades = {str(key): int(RANDOM.integers(0, 4)) for key in judged} | {"sure": 2}
    ranked = RANDOM.permutation([*DOCUMENTS, "sure"])[: RANDOM.integers(1, 100)]
    return JudgedQuery(f"q{number}", "", grades), tuple(map(str, ranked))


CASES = [made_up(number) for number in range(30)]


def test_figures_are_those_of_trec_eval() -> None:
    import ir_measures
    from ir_measures import RR, R, nDCG

    qrels = {query.id: dict(query.grades) for query, _ranked in CASES}
    ranked = {query.id: {key: -float(place) for place, key in enumerate(run)} for query, run in CASES}
    theirs = ir_measures.iter_calc([nDCG @ 10, R @ 10, R @ 100, RR @ 10], qrels, ranked)
    expected = {(one.query_id, str(one.measure)): one.value for one in theirs}
    ours = {
        (query.id, name): value for query, ranked in CASES for name, value in named(figures_of(query, ranked)).items()
    }
    assert len(ours) == len(CASES) * len(METRICS)
    assert ours == pytest.approx(expected)


def row(query: str, search: float, bm25: float, dataset: str = "grove") -> RankedQuery:
    figures = {"search": dict.fromkeys(METRICS.values(), search), BM25: dict.fromkeys(METRICS.values(), bm25)}
    return RankedQuery(dataset=dataset, split="test", query=query, rankings={"search": ("d1",)}, figures=figures)


ROWS = [row(f"q{n}", 0.5 + n / 100, 0.4) for n in range(10)]


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text("".join(f"{one.model_dump_json()}\n" for one in ROWS), encoding="utf-8")
    assert read_ranked(tmp_path) == read_ranked(path) == tuple(ROWS)


def test_a_run_that_is_not_there_or_empty_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="holds no query"):
        read_ranked(tmp_path)
    with pytest.raises(UsageError, match="nowhere"):
        read_ranked(tmp_path / "nowhere")


def test_systems_are_paired_by_query_whatever_the_order() -> None:
    found = differences(ROWS, ROWS[::-1], was=BM25)
    assert list(found) == list(METRICS.values())
    ndcg = found["nDCG@10"]
    assert (ndcg.before, ndcg.after) == pytest.approx((0.4, 0.545))
    assert ndcg.difference.low > 0.1
    assert ndcg.p_value == pytest.approx(2 / 2**10)
    assert differences(ROWS, ROWS)["nDCG@10"].p_value == 1


@pytest.mark.parametrize("others", [ROWS[:-1], [*ROWS[:-1], row("q9", 0, 0, "wood")]])
def test_runs_over_other_queries_are_not_paired(others: list[RankedQuery]) -> None:
    with pytest.raises(UsageError, match="only one of the two runs"):
        differences(ROWS, others)
