"""What was measured of the libraries, as a table, a chart and a page of Markdown. Runs nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from figures import megabytes, percentile, spread, table
from peer_list import OURS, PLAIN, Conditions, Measured, Peer, Setting
from plot import Panel, bar_panels

from advisor.evaluation.beir import JudgedQuery
from advisor.evaluation.metrics import ndcg_at_k

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one setting, None where it was not measured."""

    label: str
    told: str
    ndcg_at_10: float
    exact_share: float | None  # of the ten passages with the highest cosines, how many it found; mean over queries
    passages_per_second: float
    build_seconds: str
    whole_seconds: str  # the same with loading: what somebody waits for
    p50_ms: float
    p95_ms: float
    build_peak_bytes: int | None
    first_seconds: float | None
    first_worded: str
    first_peak_bytes: int | None
    steady: bool  # whether every repeat found the same


def mean_ndcg(run: dict[str, list[str]], queries: Sequence[JudgedQuery]) -> float:
    """nDCG@10 over the judged queries that were run."""
    asked = [query for query in queries if query.id in run]
    return sum(ndcg_at_k(run[query.id], query.grades, DEPTH) for query in asked) / len(asked)


def shared_share(run: dict[str, list[str]], exact: dict[str, list[str]]) -> float:
    """Mean over queries of how many of the first ten of one run are among those of another, 0 to 1."""
    shares = [len(set(run[query]) & set(ids)) / len(set(ids)) for query, ids in exact.items() if ids]
    return sum(shares) / len(shares)


def make_row(
    peer: Peer, setting: Setting, measured: Sequence[Measured], queries: Sequence[JudgedQuery], passages: int
) -> Row | None:
    """The figures of one setting from all that was measured; None where no build of it came to an end."""
    own = [m for m in measured if (m.peer, m.setting) == (peer.name, setting.name) and m.found]
    built = [m.found for m in own if m.phase == "build" and m.found]
    first = [m.found for m in own if m.phase == "first" and m.found]
    if not built:
        return None
    exact = (PLAIN.name, "default", "build")
    plain = next((m.found for m in measured if (m.peer, m.setting, m.phase) == exact and m.found), None)
    seconds = spread([one["build_seconds"] + one["save_seconds"] for one in built])
    whole = spread([one["load_seconds"] + one["build_seconds"] + one["save_seconds"] for one in built])
    opened = spread([one["seconds"] for one in first]) if first else None
    return Row(
        label=f"{peer.name}, {setting.name}",
        told=setting.told,
        ndcg_at_10=mean_ndcg(built[0]["run"], queries),
        exact_share=shared_share(built[0]["run"], plain["run"]) if plain and setting.exact else None,
        passages_per_second=passages / seconds.median,
        build_seconds=seconds.worded(),
        whole_seconds=whole.worded(),
        p50_ms=spread([percentile(one["query_ms"], 0.5) for one in built]).median,
        p95_ms=spread([percentile(one["query_ms"], 0.95) for one in built]).median,
        build_peak_bytes=_most([one["peak_bytes"] for one in built]),
        first_seconds=opened.median if opened else None,
        first_worded=opened.worded() if opened else "–",
        first_peak_bytes=_most([one["peak_bytes"] for one in first]),
        steady=all(one["run"] == built[0]["run"] for one in built),
    )


def _most(sizes: Sequence[int | None]) -> int | None:
    known = [size for size in sizes if size is not None]
    return max(known) if known else None


def report(
    conditions: Conditions, rows: Sequence[Row], failures: Sequence[str], packages: Sequence[str], chart: str, date: str
) -> str:
    """The report as Markdown; `chart` is the name of the SVG beside it."""
    header = ["search", "how", "nDCG@10", "of the exact ten", "passages/s", "p50 ms", "p95 ms"]
    found = [
        [
            r.label,
            r.told,
            f"{r.ndcg_at_10:.4f}",
            "–" if r.exact_share is None else f"{r.exact_share:.1%}",
            f"{r.passages_per_second:.1f}",
            f"{r.p50_ms:.1f}",
            f"{r.p95_ms:.1f}",
        ]
        for r in rows
    ]
    costs = [
        [
            r.label,
            r.build_seconds,
            r.whole_seconds,
            megabytes(r.build_peak_bytes),
            r.first_worded,
            megabytes(r.first_peak_bytes),
        ]
        for r in rows
    ]
    costs_header = ["search", "index built, s", "with loading, s", "most memory", "first result, s", "most memory then"]
    unsteady = [row.label for row in rows if not row.steady]
    parts = [
        f"# {date} · Search beside other libraries",
        f"{conditions.passages} passages and {conditions.queries} judged queries of {conditions.data}; each document is"
        f" one passage. Model {conditions.model} ({conditions.model_digest[:12]}), {conditions.threads} threads,"
        f" single precision where nothing else is said. {conditions.machine}.",
        "```console\n$ python eval/benchmarks/peers.py --data CRANFIELD --work build/peers\n```",
        f"![Bars of the figures below]({chart})",
        table(header, found),
        "Of the exact ten: of the ten passages with the highest cosines, how many were found. Passages per second: to"
        " embed, to index and to write. A query is embedded and searched, one at a time, after five others.",
        table(costs_header, costs),
        "Loading: libraries imported and the model opened; ours imports torch only when it builds, so it is in both"
        " columns. First result: from the start of a process that opens the written index to its first ten passages,"
        " files in the disk's cache. Medians, and the range in brackets.",
        f"Found not the same in every repeat: {', '.join(unsteady)}." if unsteady else "Every repeat found the same.",
    ]
    if failures:
        parts.append("Not measured:\n\n" + "\n".join(f"- {line}" for line in failures))
    parts.append("## Versions\n\n" + "\n".join(f"- {line}" for line in packages))
    parts.append("## What this does not say\n\n" + _LIMITS)
    return "\n\n".join(parts) + "\n"


_LIMITS = """\
- One collection of abstracts on aeronautics, no careers. The model is not ours and was trained by others.
- As a product we embed every line of a page as well, about six times as many texts; here, as everywhere, only passages.
- All but ours read the model through sentence-transformers or transformers; the time to a first result is mostly their
  import.
- BM25 beside vectors is each library's own, with its own fusion and defaults; none was tuned on these queries."""


def chart_of(rows: Sequence[Row]) -> str:
    """The four figures that tell the ways apart."""
    return bar_panels(
        "The same model and passages, searched by different libraries",
        [row.label for row in rows],
        [
            Panel("nDCG@10", [row.ndcg_at_10 for row in rows], 3),
            Panel("passages indexed a second", [row.passages_per_second for row in rows]),
            Panel("query, p95 ms", [row.p95_ms for row in rows], 1),
            Panel("first result, s", [row.first_seconds for row in rows], 1),
        ],
        own=[row.label for row in rows if row.label.startswith(OURS.name)],
    )


def failures_of(measured: Sequence[Measured]) -> list[str]:
    """What did not come to an end, each reason once."""
    lines = (f"{m.peer}, {m.setting}, {m.phase}: {m.reason}" for m in measured if m.found is None)
    return list(dict.fromkeys(lines))


def packages_of(measured: Sequence[Measured]) -> list[str]:
    """The versions that were measured, one line for each peer."""
    told = {
        m.peer: ", ".join(f"{name} {version}" for name, version in m.found["packages"].items())
        for m in measured
        if m.found and m.phase == "build"
    }
    return [f"{peer}: {versions}" for peer, versions in told.items()]
