"""`advisor eval`: run, suite, compare, gate, retrieval.

Measures what the product does; no user's conversation is touched.
Owns where the files of a run lie and how figures are printed. Knows nothing of how they are computed.
"""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from advisor.cli.options import AsJson, CorpusDir, GeneratorName, IndexDir, json_text, note, read_settings
from advisor.cli.parts import open_forgetful, parts_of
from advisor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from advisor.evaluation.beir import RankingFigures, RetrievalReport
    from advisor.evaluation.compare import Baseline, Breach, Change, Comparison, Difference
    from advisor.evaluation.environment import Environment
    from advisor.evaluation.measures import Measure
    from advisor.evaluation.questions import Case
    from advisor.evaluation.rows import Row
    from advisor.evaluation.summary import Summary
    from advisor.pipeline import Advisor

eval_app = typer.Typer(help="Measure answers and search, compare two runs, watch the committed figures.")

RUNS = Path("eval/runs")
_WIDTH = 40  # of the names of figures

RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run, or its rows.jsonl.")]

# --- run -----------------------------------------------------------------------------------------


@eval_app.command()
def run(
    context: typer.Context,
    questions: Annotated[
        Path, typer.Option("--questions", metavar="FILE|DIR", help="Questions to ask: a .jsonl file or a folder.")
    ] = Path("eval/questions/dev"),
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder of the run; eval/runs/DATE-TIME if not given."),
    ] = None,
    generator: GeneratorName = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Ask only N questions, spread over the set.")
    ] = None,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Ask every question of a set and measure the replies; writes rows, a summary and a report to read.

    No model judges: a right answer says every fact its question lists, nothing it forbids, and refuses what the pages
    do not say. Figures come with 95 % intervals. A run that was interrupted goes on where it stopped when its folder is
    given again with --out: rows of the same index build, generator and question are kept.

    Example: advisor eval run --generator extractive --out eval/runs/today
    """
    from advisor.cli.ask import worded_by
    from advisor.evaluation.environment import read_environment
    from advisor.evaluation.questions import read_cases
    from advisor.evaluation.run import generator_name
    from advisor.evaluation.summary import summarise

    settings = read_settings(index_dir=index, generator=generator)
    cases = read_cases(questions)
    folder = _made(out or RUNS / datetime.now().strftime("%Y-%m-%d-%H%M%S"))
    advisor = open_forgetful(parts_of(context), settings)
    rows = _measured(advisor, cases, _spread(cases, limit), folder, worded_by(settings))
    summary = summarise(rows)
    environment = read_environment(advisor.snapshot.manifest, generator=generator_name(advisor, worded_by(settings)))
    _write_reports(folder, rows, summary, environment)
    if as_json:
        typer.echo(json_text({"out": str(folder), **_summary_json(summary)}))
        return
    for line in _summary_lines(summary):
        typer.echo(line)
    typer.echo(f"to read: {folder / 'report.html'}")


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder {str(folder)!r} cannot be made ({error.strerror}); name another --out") from error
    return folder


def _spread(cases: "Sequence[Case]", limit: int | None) -> "tuple[Case, ...]":
    """At most `limit` of the cases, evenly from the first to the last, so that every file has its share."""
    count = min(limit or len(cases), len(cases))
    return tuple(cases[place * len(cases) // count] for place in range(count))


def _measured(
    advisor: "Advisor", cases: "Sequence[Case]", asked: "Sequence[Case]", folder: Path, generator: str | None
) -> "tuple[Row, ...]":
    """All rows of the run in the order of its questions: those that the folder holds already, and the ones missing."""
    from advisor.cli.progress import progress_bar
    from advisor.evaluation.rows import ROWS_FILE, row_line, rows_so_far, write_rows
    from advisor.evaluation.run import evaluate, fitting_rows, generator_name

    path, build = folder / ROWS_FILE, advisor.snapshot.manifest.build
    found = rows_so_far(path)
    rows = {
        row.id: row for row in fitting_rows(found, cases, build=build, generator=generator_name(advisor, generator))
    }
    if len(found) > len(rows):
        note(f"{len(found) - len(rows)} rows of another build, generator or wording, or of errors, are left out")
    write_rows(path, rows.values())
    try:
        with (
            path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file,
            progress_bar("questions") as step,
        ):
            for row in evaluate(advisor, asked, generator=generator, done=rows.keys(), progress=step):
                file.write(row_line(row))
                file.flush()
                rows[row.id] = row
    except KeyboardInterrupt as interrupt:
        note(f"advisor: interrupted; the rows so far ({len(rows)}) are in {str(path)!r}: the same with --out goes on")
        raise typer.Exit(130) from interrupt
    ordered = tuple(rows[case.id] for case in cases if case.id in rows)
    write_rows(path, ordered)
    return ordered


def _write_reports(folder: Path, rows: "Sequence[Row]", summary: "Summary", environment: "Environment") -> None:
    from advisor.evaluation.report import make_report, markdown_report
    from advisor.evaluation.report_page import html_report

    report = make_report(summary, rows, environment)
    measured = {**_summary_json(summary), "environment": asdict(environment)}
    _write(folder / "summary.json", json_text(measured) + "\n")
    _write(folder / "report.md", markdown_report(report))
    _write(folder / "report.html", html_report(report, summary))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")


def _summary_json(summary: "Summary") -> dict[str, Any]:
    from advisor.evaluation.summary import summary_to_json

    return summary_to_json(summary)


def _summary_lines(summary: "Summary") -> "Iterator[str]":
    from advisor.evaluation.measures import TITLES
    from advisor.evaluation.report import interval_text

    overall = summary.overall
    yield f"{overall.questions} questions, {overall.errors} errors, worded by {summary.generator}, {summary.build}"
    for measure, figure in overall.figures.items():
        yield f"{TITLES[measure]:<{_WIDTH}}{figure.mean:>8.1%}   95 % {interval_text(figure)}"


# --- suite -----------------------------------------------------------------------------------------


@eval_app.command()
def suite(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="counterfactual, conflict, freshness or noise.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the suite's pages and questions.")],
    corpus: CorpusDir = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Make at most N questions.")] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another number draws other facts.")] = 0,
) -> None:
    """Make questions from the pages' own facts, and altered copies of the pages to ask them of.

    counterfactual: the copy states another value, and the answer must follow it. conflict: a second page disagrees, and
    the answer must give both. freshness: a certificate is retired in the copy. noise: foreign pages stand beside. Needs
    no index and no model; the last line says how to run it.

    Example: advisor eval suite counterfactual --corpus corpus --out build/counterfactual
    """
    from advisor.corpus.reading import read_corpus
    from advisor.evaluation.suites import make_suite, suite_kind, write_suite

    wanted = suite_kind(kind)
    reading = read_corpus(read_settings(corpus_dir=corpus).corpus_dir)
    for problem in reading.problems:
        note(f"advisor: {problem.message}")
    made = make_suite(wanted, reading.documents, limit=limit, seed=seed)
    write_suite(made, out)
    typer.echo(f"{len(made.cases)} questions, {len(made.pages)} pages in {out}")
    typer.echo(f"to run: {_suite_commands(out)}")


def _suite_commands(folder: Path) -> str:
    from advisor.evaluation.suites import CASES_FILE, PAGES_FOLDER

    pages, cases, index = (quote(str(folder / name)) for name in (PAGES_FOLDER, CASES_FILE, "index"))
    return (
        f"advisor index build --corpus {pages} --index {index} && advisor eval run --questions {cases} --index {index}"
    )


# --- compare -------------------------------------------------------------------------------------


@eval_app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="A", help="The run before: its folder or its rows.jsonl.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="The run after.")],
    as_json: AsJson = False,
) -> None:
    """Pair two runs question by question and tell what changed, what of it may be chance, and which questions turned.

    A difference is after less before, with its paired bootstrap interval; p is how often chance alone would bring one
    as large (sign-flip test). With fifteen figures looked at, one below .05 is expected without any change.

    Example: advisor eval compare eval/runs/before eval/runs/after
    """
    from advisor.evaluation.compare import compare as compare_runs
    from advisor.evaluation.rows import read_rows

    comparison = compare_runs(read_rows(before), read_rows(after))
    if as_json:
        typer.echo(json_text(asdict(comparison)))
        return
    for line in _comparison_lines(comparison):
        typer.echo(line)


def _comparison_lines(comparison: "Comparison") -> "Iterator[str]":
    yield f"{comparison.questions} questions in both runs"
    yield from _difference_lines(comparison.overall)
    for kind, differences in comparison.kinds.items():
        yield f"\n{kind}"
        yield from _difference_lines(differences)
    yield from _change_lines("right only in the second run", comparison.won)
    yield from _change_lines("right only in the first run", comparison.lost)


def _difference_lines(differences: "Mapping[Measure, Difference]") -> "Iterator[str]":
    from advisor.evaluation.measures import TITLES

    for measure, found in differences.items():
        points = found.difference
        yield (
            f"{TITLES[measure]:<{_WIDTH}}{found.before:>8.1%}{found.after:>8.1%}{points.mean * 100:>+8.1f} points"
            f"   95 % {points.low * 100:+.1f} to {points.high * 100:+.1f}   p {found.p_value:.3f}   n {found.questions}"
        )


def _change_lines(label: str, changes: "Sequence[Change]") -> "Iterator[str]":
    yield f"\n{label}: {len(changes)}"
    for change in changes:
        yield f"  {change.id}: {change.question} ({change.before} -> {change.after})"


# --- gate ----------------------------------------------------------------------------------------


@eval_app.command()
def gate(
    measured: RunPath,
    baseline: Annotated[Path, typer.Option("--baseline", metavar="FILE", help="The committed figures.")] = Path(
        "eval/baseline.json"
    ),
    write: Annotated[bool, typer.Option("--write", help="Commit the figures of this run instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hold a run against the committed figures; exit code 1 where one is worse by more than chance explains.

    A figure fails only where the whole 95 % interval of the run lies on the wrong side of the committed value, so a
    small set cannot fail by noise alone. After a change for the better, --write raises the bar.

    Example: advisor eval gate eval/runs/today
    """
    from advisor.evaluation.compare import baseline_of, read_baseline, write_baseline
    from advisor.evaluation.compare import gate as breaches_of
    from advisor.evaluation.rows import read_rows

    rows = read_rows(measured)
    if write:
        write_baseline(baseline, baseline_of(rows))
    committed = read_baseline(baseline)
    breaches = breaches_of(rows, committed)
    if as_json:
        typer.echo(json_text({"committed": committed, "breaches": [asdict(breach) for breach in breaches]}))
    else:
        for line in _gate_lines(rows, committed, breaches):
            typer.echo(line)
    raise typer.Exit(1 if breaches else 0)


def _gate_lines(rows: "Sequence[Row]", committed: "Baseline", breaches: "Sequence[Breach]") -> "Iterator[str]":
    from advisor.evaluation.compare import baseline_of
    from advisor.evaluation.measures import TITLES

    found, broken = baseline_of(rows), {breach.measure for breach in breaches}
    for measure, value in committed.items():
        now = f"{found[measure]:.1%}" if measure in found else "not measured"
        verdict = "worse" if measure in broken else "holds"
        yield f"{TITLES[measure]:<{_WIDTH}}{now:>14}   committed {value:.1%}   {verdict}"
    for breach in breaches:
        note(f"advisor: {breach}")


# --- retrieval -----------------------------------------------------------------------------------


@eval_app.command()
def retrieval(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="BEIR_DIR", help="Folder with corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv.")
    ],
    split: Annotated[str, typer.Option("--split", help="Which judgements: the name of a file in qrels/.")] = "test",
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Search a public retrieval set with this program's own search, and tell how well the judged documents were found.

    The set's documents are indexed in memory; the published index is neither read nor changed. Beside the search in
    use stand its two halves alone: the nearest vectors, and BM25. Any set in BEIR's layout will do.

    Example: advisor eval retrieval datasets/scifact --split test
    """
    from advisor.cli.progress import progress_bar
    from advisor.evaluation.beir import retrieval_report

    at_hand = parts_of(context).open_embedder(read_settings(index_dir=index))
    with progress_bar("texts embedded and queries run") as step:
        report = retrieval_report(folder, split, at_hand.embedder, at_hand.count_pieces, step)
    if as_json:
        typer.echo(json_text(_retrieval_json(report)))
        return
    for line in _retrieval_lines(report):
        typer.echo(line)


def _retrieval_json(report: "RetrievalReport") -> dict[str, Any]:
    others = {name: value for name, value in asdict(report).items() if name not in {"hybrid", "dense", "bm25"}}
    halves = {"dense": _metrics(report.dense), "bm25": _metrics(report.bm25)}
    return {"metrics": _metrics(report.hybrid), **others, **halves}


def _metrics(figures: "RankingFigures") -> dict[str, float]:
    return {
        "nDCG@10": figures.ndcg_at_10,
        "R@10": figures.recall_at_10,
        "R@100": figures.recall_at_100,
        "RR@10": figures.reciprocal_rank_at_10,
    }


def _retrieval_lines(report: "RetrievalReport") -> "Iterator[str]":
    yield (
        f"{report.dataset}, split {report.split}: {report.queries} queries, {report.documents} documents in "
        f"{report.passages} passages, embedded by {report.embedder}"
    )
    if report.absent:
        yield f"{report.absent} relevant documents are not in the corpus; they count as not found"
    for name, figures in (("search", report.hybrid), ("vectors only", report.dense), ("BM25 only", report.bm25)):
        yield f"{name:<14}" + "   ".join(f"{metric} {value:.4f}" for metric, value in _metrics(figures).items())
    yield f"indexed in {report.indexing_seconds:.1f} s, searched in {report.searching_seconds:.1f} s"
