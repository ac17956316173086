"""`advisor eval run`, `compare` and `gate`; `draft`, and what measures other sets, have files of their own.

Measures what the product does; no user's conversation is touched, and `draft` alone reads those that were rated.
Owns where the files of a run lie and how figures are printed. Knows nothing of how they are computed.
"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from advisor.cli.draft import draft
from advisor.cli.eval_sets import external, retrieval, suite
from advisor.cli.options import AsJson, GeneratorName, IndexDir, json_text, note, read_settings
from advisor.cli.parts import open_forgetful, parts_of
from advisor.cli.runs import append_rows, run_folder, spread, write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from advisor.evaluation.checker import CheckerFigures
    from advisor.evaluation.compare import Baseline, Breach, Change, Comparison, Difference
    from advisor.evaluation.environment import Environment
    from advisor.evaluation.measures import Measure
    from advisor.evaluation.questions import Case
    from advisor.evaluation.rows import Row
    from advisor.evaluation.summary import Summary
    from advisor.pipeline import Advisor

eval_app = typer.Typer(help="Measure answers and search, compare two runs, watch the committed figures.")
for command in (draft, suite, retrieval, external):
    eval_app.command()(command)

PAIRS = Path("eval/support_pairs.jsonl")
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
    pairs: Annotated[
        Path, typer.Option("--pairs", metavar="FILE", help="Labelled pairs that the checks themselves are checked on.")
    ] = PAIRS,
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
    folder = run_folder(out)
    advisor = open_forgetful(parts_of(context), settings)
    advisor.prepare()  # as where the page is served: no question waits for a page to be read
    rows = _measured(advisor, cases, spread(cases, limit), folder, worded_by(settings))
    summary = summarise(rows)
    environment = read_environment(advisor.snapshot.manifest, generator=generator_name(advisor, worded_by(settings)))
    _write_reports(folder, rows, summary, environment, _checked(pairs, advisor))
    if as_json:
        typer.echo(json_text({"out": str(folder), **_summary_json(summary)}))
        return
    for line in _summary_lines(summary):
        typer.echo(line)
    typer.echo(f"to read: {folder / 'report.html'}")


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
    with progress_bar("questions") as step:
        fresh = evaluate(advisor, asked, generator=generator, done=rows.keys(), progress=step)
        rows |= {row.id: row for row in append_rows(path, fresh, row_line, kept=len(rows))}
    ordered = tuple(rows[case.id] for case in cases if case.id in rows)
    write_rows(path, ordered)
    return ordered


def _checked(pairs: Path, advisor: "Advisor") -> "tuple[CheckerFigures, ...]":
    """The figures of the support tiers; none, and a word about it, where the file that is the default is not there."""
    from advisor.evaluation.checker import check_the_checker, read_pairs

    if pairs == PAIRS and not pairs.is_file():
        note(f"no labelled pairs in {str(pairs)!r}: the report cannot say how far its checks can be trusted")
        return ()
    return check_the_checker(read_pairs(pairs), advisor.embedder)


def _write_reports(
    folder: Path,
    rows: "Sequence[Row]",
    summary: "Summary",
    environment: "Environment",
    checker: "Sequence[CheckerFigures]",
) -> None:
    from advisor.evaluation.report import make_report, markdown_report
    from advisor.evaluation.report_page import html_report

    report = make_report(summary, rows, environment, checker=checker)
    checks = [asdict(figures) for figures in checker]
    measured = {**_summary_json(summary), "checker": checks, "environment": asdict(environment)}
    write_text(folder / "summary.json", json_text(measured) + "\n")
    write_text(folder / "report.md", markdown_report(report))
    write_text(folder / "report.html", html_report(report, summary))


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
