"""How building and searching grow with the number of passages: `python eval/benchmarks/growth.py`.

Two tables and a chart, written as DATE-growth.md and DATE-growth.svg into eval/reports, or where --out says.

1. The index of vectors alone, flat and by a graph, over made-up vectors: unit length, in topics and fields as those of
   real lines are (see `made_vectors`). Time to build and to open, memory, time of a query, recall@10 against flat.
2. The whole search of the product (understood, embedded, vectors, lines, BM25, fused) over made-up passages of the
   corpus's own words, with the real embedder and the dev questions.

Each figure comes from a fresh process. Needs no network. A million rows may take a quarter of an hour and 6 GB (an
estimate).

    --sizes 1000 --searches 1000 --queries 20     some seconds, to see that everything runs
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from figures import machine, megabytes, percentile, say, table, today
from growing import Vectors, made_search, made_vectors, nearest_rows, topics_of
from plot import Line, line_chart

from advisor.index.dense import DenseIndex

sys.path.insert(0, str(Path(__file__).parent / "peers"))
from protocol import peak_bytes

REPORTS = Path(__file__).parent.parent / "reports"
DEPTH, LINES_DEPTH = 10, 150  # rows asked for: as a user does, and as search asks for lines
LINES_A_PASSAGE = 6
GOAL_MS = 20.0


@dataclass(frozen=True, slots=True)
class Indexed:
    """One index of vectors; times in seconds but for those of queries."""

    kind: str  # flat or graph
    rows: int
    build_seconds: float
    open_seconds: float
    peak_bytes: int | None
    p50_ms: float
    p95_ms: float
    deep_p95_ms: float  # for LINES_DEPTH rows
    recall_at_10: float


@dataclass(frozen=True, slots=True)
class Searched:
    """The whole search over so many passages, in milliseconds."""

    passages: int
    lines: int
    understood_p50: float
    embedded_p50: float
    searched_p50: float
    p50: float
    p95: float
    peak_bytes: int | None


def index_case(kind: str, rows: int, queries: int) -> Indexed:
    """Build, open and search one index in this process."""
    topics = topics_of(rows)
    vectors, asked = made_vectors(rows, topics=topics), made_vectors(queries, topics=topics, part=1)
    exact = nearest_rows(vectors, asked, DEPTH)
    limit = rows if kind == "flat" else 0
    began = perf_counter()
    index = DenseIndex(vectors, flat_up_to=limit)
    built = perf_counter()
    index = DenseIndex(vectors, index.graph, flat_up_to=limit)
    opened = perf_counter()
    for vector in asked[:20]:
        index.search(vector, DEPTH)
    first, deep = _timed(index, asked, DEPTH), _timed(index, asked, LINES_DEPTH)
    shared = [len(found & set(best.tolist())) for found, best in zip(first.rows, exact, strict=True)]
    return Indexed(
        kind=kind,
        rows=rows,
        build_seconds=built - began,
        open_seconds=opened - built,
        peak_bytes=peak_bytes(),
        p50_ms=percentile(first.taken_ms, 0.5),
        p95_ms=percentile(first.taken_ms, 0.95),
        deep_p95_ms=percentile(deep.taken_ms, 0.95),
        recall_at_10=sum(shared) / (len(asked) * min(DEPTH, rows)),
    )


@dataclass(frozen=True, slots=True)
class _Timed:
    taken_ms: list[float]
    rows: list[set[int]]


def _timed(index: DenseIndex, asked: Vectors, k: int) -> _Timed:
    """Every question once, one after another."""
    taken, rows = [], []
    for vector in asked:
        began = perf_counter()
        found = index.search(vector, k)
        taken.append((perf_counter() - began) * 1000)
        rows.append({hit.row for hit in found})
    return _Timed(taken, rows)


def search_case(passages: int, queries: int, threads: int, root: Path) -> Searched:
    """Ask the dev questions of a made-up index in this process."""
    from advisor.evaluation.questions import read_cases
    from advisor.search.hybrid import search
    from advisor.search.query import understand
    from advisor.settings import Settings

    questions = [case.question for case in read_cases(root / "eval/questions/dev") if not case.history]
    made = made_search(passages, passages * LINES_A_PASSAGE, root / "corpus", Settings(), threads)
    times: list[list[float]] = []
    warm = [f"{question} again" for question in questions[:10]]  # other words: the embedder remembers what it has seen
    for question in (*warm, *questions[:queries]):
        marks = [perf_counter()]
        query = understand(question, (), vocabulary=made.vocabulary)
        marks.append(perf_counter())
        vector = made.embedder.embed([query.standalone])[0]
        marks.append(perf_counter())
        search(made.snapshot, query, vector=vector, k=12)
        marks.append(perf_counter())
        times.append([(end - start) * 1000 for start, end in zip(marks, [*marks[1:], marks[0]], strict=True)][:3])
    steps = np.array(times[len(warm) :])
    whole = steps.sum(axis=1).tolist()
    return Searched(
        passages=passages,
        lines=passages * LINES_A_PASSAGE,
        understood_p50=percentile(steps[:, 0].tolist(), 0.5),
        embedded_p50=percentile(steps[:, 1].tolist(), 0.5),
        searched_p50=percentile(steps[:, 2].tolist(), 0.5),
        p50=percentile(whole, 0.5),
        p95=percentile(whole, 0.95),
        peak_bytes=peak_bytes(),
    )


# --- reporting -------------------------------------------------------------------------------------


def report(indexed: Sequence[Indexed], searched: Sequence[Searched], on: str, date: str, chart: str) -> str:
    """The page of Markdown; `chart` is the name of the SVG beside it."""
    rows = [
        [
            f"{i.rows:,}",
            i.kind,
            f"{i.build_seconds:,.1f}",
            f"{i.open_seconds:.2f}",
            megabytes(i.peak_bytes),
            *(f"{ms:.2f}" for ms in (i.p50_ms, i.p95_ms, i.deep_p95_ms)),
            f"{i.recall_at_10:.4f}",
        ]
        for i in indexed
    ]
    header = ["rows", "index", "build s", "open s", "most memory", "p50 ms", "p95 ms", "p95 ms of 150", "recall@10"]
    wholes = [
        [
            f"{s.passages:,}",
            f"{s.lines:,}",
            *(f"{ms:.1f}" for ms in (s.understood_p50, s.embedded_p50, s.searched_p50, s.p50, s.p95)),
            megabytes(s.peak_bytes),
        ]
        for s in searched
    ]
    steps = [
        "passages",
        "lines",
        "understood, p50 ms",
        "embedded",
        "searched",
        "whole, p50",
        "whole, p95",
        "most memory",
    ]
    return (
        f"# {date} · Growth\n\n{on}.\n\n```console\n$ python eval/benchmarks/growth.py\n```\n\n"
        f"![Time of a query over the number of rows]({chart})\n\n## Vectors alone\n\n{table(header, rows)}\n\n"
        "Made-up vectors of 384 numbers; one thread. Memory is that of the process, which holds the vectors twice, and"
        " three times while it opens the index. Recall: how many of the ten rows with the highest inner products were"
        " found.\n\n"
        f"## The whole search\n\n{table(steps, wholes)}\n\n"
        "Made-up passages of the corpus's words, six lines each, the real embedder, the dev questions.\n"
    )


def chart_of(indexed: Sequence[Indexed]) -> str:
    """p95 over rows, a line for each kind of index."""
    lines = []
    for kind in dict.fromkeys(one.kind for one in indexed):
        own = [one for one in indexed if one.kind == kind]
        lines.append(Line(kind, [one.rows for one in own], [one.p95_ms for one in own]))
    title = "Time of a query over vectors alone, p95"
    return line_chart(title, lines, x_title="rows", y_title="milliseconds; dashed: the goal", limit=GOAL_MS)


# --- the command -----------------------------------------------------------------------------------


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000, 1_000_000], metavar="ROWS")
    parser.add_argument("--searches", type=int, nargs="*", default=[1000, 10_000], metavar="PASSAGES")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--threads", type=int, default=2, help="of the embedder (default 2)")
    parser.add_argument(
        "--out", type=Path, default=REPORTS, metavar="DIR", help="for the report (default eval/reports)"
    )
    parser.add_argument("--case", nargs=2, metavar=("KIND", "SIZE"), help=argparse.SUPPRESS)  # one fresh process
    return parser.parse_args()


def main() -> int:
    """Measure every case in a process of its own and write the report."""
    arguments = read_arguments()
    root = Path(__file__).parents[2]
    if arguments.case:
        kind, size = arguments.case[0], int(arguments.case[1])
        if kind == "search":
            found: Indexed | Searched = search_case(size, arguments.queries, arguments.threads, root)
        else:
            found = index_case(kind, size, arguments.queries)
        sys.stdout.write(json.dumps(asdict(found)))
        return 0
    on = machine()
    indexed = [Indexed(**_fresh(arguments, kind, size)) for size in arguments.sizes for kind in ("flat", "graph")]
    searched = [Searched(**_fresh(arguments, "search", size)) for size in arguments.searches]
    date, out = today(), arguments.out
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{date}-growth.svg").write_text(chart_of(indexed), encoding="utf-8")
    (out / f"{date}-growth.md").write_text(report(indexed, searched, on, date, f"{date}-growth.svg"), encoding="utf-8")
    say(f"written: {out / f'{date}-growth.md'}")
    return 0


def _fresh(arguments: argparse.Namespace, kind: str, size: int) -> dict[str, object]:
    command = [sys.executable, __file__, "--case", kind, str(size)]
    command += ["--queries", str(arguments.queries), "--threads", str(arguments.threads)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    found: dict[str, object] = json.loads(ran.stdout)
    say(f"{kind} {size:,}: {found}")
    return found


if __name__ == "__main__":
    sys.exit(main())
