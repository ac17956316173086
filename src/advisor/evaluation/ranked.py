"""What was found for each query of a public set, kept in a file, so that two runs can be paired query by query.

Knows nothing of how anything is found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from advisor.errors import UsageError
from advisor.evaluation.beir import Found, RankingFigures, RetrievalReport
from advisor.evaluation.compare import Difference, paired
from advisor.evaluation.passages import json_lines

FILE = "queries.jsonl"
METRICS = {
    "ndcg_at_10": "nDCG@10",
    "recall_at_10": "R@10",
    "recall_at_100": "R@100",
    "reciprocal_rank_at_10": "RR@10",
}
SEARCH, VECTORS, BM25 = "search", "vectors", "bm25"


class RankedQuery(BaseModel):
    """One query of a run: the documents that each system found, best first, and their figures."""

    model_config = ConfigDict(frozen=True)

    dataset: str
    split: str
    query: str
    rankings: Mapping[str, tuple[str, ...]]  # by system
    figures: Mapping[str, Mapping[str, float]]  # by system, then by the metric's usual name


def named(figures: RankingFigures) -> dict[str, float]:
    """The figures by the metrics' usual names."""
    return {METRICS[name]: value for name, value in asdict(figures).items()}


def rows_of(report: RetrievalReport) -> tuple[RankedQuery, ...]:
    """The run query by query."""
    return tuple(_row(report, found) for found in report.found)


def _row(report: RetrievalReport, found: Found) -> RankedQuery:
    rankings = found.rankings
    return RankedQuery(
        dataset=report.dataset,
        split=report.split,
        query=found.query.id,
        rankings={SEARCH: rankings.hybrid, VECTORS: rankings.dense, BM25: rankings.bm25},
        figures={SEARCH: named(found.hybrid), VECTORS: named(found.dense), BM25: named(found.bm25)},
    )


def read_ranked(run: Path) -> tuple[RankedQuery, ...]:
    """The rows of an earlier run, from its folder or its file; UsageError names what is missing or wrong."""
    rows = tuple(line.value for line in json_lines(run / FILE if run.is_dir() else run, RankedQuery))
    if not rows:
        raise UsageError(f"{str(run)!r} holds no query; name the --out of an earlier `advisor eval retrieval`")
    return rows


def differences(
    before: Sequence[RankedQuery], after: Sequence[RankedQuery], *, was: str = SEARCH, now: str = SEARCH
) -> Mapping[str, Difference]:
    """Each metric, by its usual name, of system `was` in one run and `now` in the other, paired by query.

    Raises UsageError where the runs are not over the same queries of the same set.
    """
    earlier, later = ({(row.dataset, row.split, row.query): row for row in rows} for rows in (before, after))
    if earlier.keys() != later.keys():
        alone = sorted(earlier.keys() ^ later.keys())[0]
        raise UsageError(f"only one of the two runs has the query {'/'.join(alone)}; compare runs over the same set")
    pairs = [(earlier[key].figures[was], later[key].figures[now]) for key in sorted(earlier)]
    return {
        metric: paired([one[metric] for one, _other in pairs], [other[metric] for _one, other in pairs])
        for metric in METRICS.values()
    }
