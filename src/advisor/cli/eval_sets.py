"""`advisor eval suite`, `retrieval` and `external`: sets made from the corpus, and sets made elsewhere.

Knows nothing of how they are made or measured.
"""

from dataclasses import asdict, fields
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from advisor.cli.options import AsJson, CorpusDir, IndexDir, json_text, note, read_settings
from advisor.cli.parts import parts_of
from advisor.cli.runs import append_rows, run_folder, spread, write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from advisor.cli.parts import PassageEmbedder
    from advisor.evaluation.beir import RetrievalReport
    from advisor.evaluation.compare import Difference
    from advisor.evaluation.external import ExternalRow
    from advisor.evaluation.passages import ExternalCase
    from advisor.evaluation.ranked import RankedQuery

# --- suite -----------------------------------------------------------------------------------------


def suite(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="counterfactual, conflict, freshness, noise, injection.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the suite's pages and questions.")],
    corpus: CorpusDir = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Make at most N questions.")] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another number draws other facts.")] = 0,
    orders: Annotated[
        Path | None,
        typer.Option("--orders", metavar="FILE", help="For injection: orders of your own, a line each or JSON lists."),
    ] = None,
) -> None:
    """Make questions from the pages' own facts, and altered copies of the pages to ask them of.

    counterfactual: the copy states another value, and the answer must follow it. conflict: a second page disagrees, and
    the answer must give both. freshness: a certificate is retired in the copy. noise: foreign pages stand beside.
    injection: a line below the fact gives orders, and the answer must neither follow nor repeat it. Needs no index and
    no model; the last line says how to run it.

    Example: advisor eval suite counterfactual --corpus corpus --out build/counterfactual
    """
    from advisor.corpus.reading import read_corpus
    from advisor.evaluation.suite_texts import ORDERS, read_orders
    from advisor.evaluation.suites import make_suite, suite_kind, write_suite

    wanted = suite_kind(kind)
    reading = read_corpus(read_settings(corpus_dir=corpus).corpus_dir)
    for problem in reading.problems:
        note(f"advisor: {problem.message}")
    given = read_orders(orders) if orders else ORDERS
    made = make_suite(wanted, reading.documents, limit=limit, seed=seed, orders=given)
    write_suite(made, out)
    typer.echo(f"{len(made.cases)} questions, {len(made.pages)} pages in {out}")
    typer.echo(f"to run: {_suite_commands(out)}")


def _suite_commands(folder: Path) -> str:
    from advisor.evaluation.suites import CASES_FILE, PAGES_FOLDER

    pages, cases, index = (quote(str(folder / name)) for name in (PAGES_FOLDER, CASES_FILE, "index"))
    return (
        f"advisor index build --corpus {pages} --index {index} && advisor eval run --questions {cases} --index {index}"
    )


# --- retrieval -----------------------------------------------------------------------------------


def retrieval(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="BEIR_DIR", help="Folder with corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv.")
    ],
    split: Annotated[str, typer.Option("--split", help="Which judgements: the name of a file in qrels/.")] = "test",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Keep what was found for each query in this folder.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="DIR", help="The --out of an earlier run, to be paired with.")
    ] = None,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Search a public retrieval set with this program's own search, and tell how well the judged documents were found.

    The set's documents are indexed in memory; the published index is neither read nor changed. Beside the search in
    use stand its two halves alone: the nearest vectors, and BM25. Any set in BEIR's layout will do. Two runs are paired
    query by query (bootstrap interval, sign-flip test), and so is the search with its halves.

    Example: advisor eval retrieval datasets/scifact --split test
    """
    from advisor.cli.progress import progress_bar
    from advisor.evaluation.beir import retrieval_report
    from advisor.evaluation.ranked import FILE, read_ranked, rows_of

    earlier = read_ranked(against) if against else ()
    parts, settings = parts_of(context), read_settings(index_dir=index)
    at_hand, reranker = parts.open_embedder(settings), parts.find_reranker(settings)
    with progress_bar("texts embedded and queries run") as step:
        report = retrieval_report(folder, split, at_hand.embedder, at_hand.count_pieces, step, reranker=reranker)
    rows = rows_of(report)
    paired = _paired(earlier, rows)
    if out:
        write_text(run_folder(out) / FILE, "".join(f"{row.model_dump_json()}\n" for row in rows))
    if as_json:
        typer.echo(json_text(_retrieval_json(report, paired)))
        return
    for line in (*_retrieval_lines(report), *_paired_lines(paired)):
        typer.echo(line)


def _paired(earlier: "Sequence[RankedQuery]", rows: "Sequence[RankedQuery]") -> "dict[str, Mapping[str, Difference]]":
    """The search against each of its halves, and against the earlier run where there is one."""
    from advisor.evaluation.ranked import BM25, VECTORS, differences

    found = {f"search against {half}": differences(rows, rows, was=half) for half in (VECTORS, BM25)}
    return found | ({"search against the earlier run": differences(earlier, rows)} if earlier else {})


def _retrieval_json(report: "RetrievalReport", paired: "dict[str, Mapping[str, Difference]]") -> dict[str, Any]:
    from advisor.evaluation.ranked import named

    kept = {"hybrid", "dense", "bm25", "found"}
    others = {field.name: getattr(report, field.name) for field in fields(report) if field.name not in kept}
    halves = {"dense": named(report.dense), "bm25": named(report.bm25)}
    told = {against: {metric: asdict(one) for metric, one in found.items()} for against, found in paired.items()}
    return {"metrics": named(report.hybrid), **others, **halves, "paired": told}


def _paired_lines(paired: "dict[str, Mapping[str, Difference]]") -> "Iterator[str]":
    for against, found in paired.items():
        yield f"\n{against}"
        for metric, one in found.items():
            points = one.difference
            yield (
                f"{metric:<14}{one.before:.4f} to {one.after:.4f}   {points.mean:+.4f}   "
                f"95 % {points.low:+.4f} to {points.high:+.4f}   p {one.p_value:.4f}"
            )


def _retrieval_lines(report: "RetrievalReport") -> "Iterator[str]":
    from advisor.evaluation.ranked import named

    yield (
        f"{report.dataset}, split {report.split}: {report.queries} queries, {report.documents} documents in "
        f"{report.passages} passages, embedded by {report.embedder}"
    )
    if report.absent:
        yield f"{report.absent} relevant documents are not in the corpus; they count as not found"
    for name, figures in (("search", report.hybrid), ("vectors only", report.dense), ("BM25 only", report.bm25)):
        yield f"{name:<14}" + "   ".join(f"{metric} {value:.4f}" for metric, value in named(figures).items())
    yield f"indexed in {report.indexing_seconds:.1f} s, searched in {report.searching_seconds:.1f} s"


# --- external ------------------------------------------------------------------------------------


def external(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Cases that bring their own passages, one a line.")],
    form: Annotated[str, typer.Option("--format", metavar="mtrag|general", help="How it is written.")] = "general",
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Ask only N cases, spread over the set.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder of the run; eval/runs/DATE-TIME if not given."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask questions of a set made elsewhere, each of the passages it brings, and compare with what the set says.

    Told are how often questions are answered or refused as they should be, how near extracts come to the reference, and
    whether citations bear them out. The passages are indexed in memory; the published index and the conversations are
    neither read nor changed. An interrupted run goes on when its folder is given again with --out.

    Example: advisor eval external datasets/mtrag/reference.jsonl --format mtrag --limit 120
    """
    from advisor.evaluation.external import read_cases_in
    from advisor.evaluation.external_summary import external_markdown, external_summary_to_json, summarise_external

    cases = read_cases_in(form, file)
    at_hand = parts_of(context).open_embedder(read_settings())
    folder = run_folder(out)
    summary = summarise_external(_external_rows(at_hand, cases, spread(cases, limit), folder))
    page = external_markdown(summary, name=file.name, embedder=at_hand.embedder.name)
    write_text(folder / "external.md", page)
    if as_json:
        typer.echo(json_text({"out": str(folder), **external_summary_to_json(summary)}))
        return
    typer.echo(page)
    typer.echo(f"to read: {folder / 'external.md'}")


def _external_rows(
    at_hand: "PassageEmbedder", cases: "Sequence[ExternalCase]", asked: "Sequence[ExternalCase]", folder: Path
) -> "tuple[ExternalRow, ...]":
    """All rows of the run in the order of its cases: those that the folder holds already, and the ones missing."""
    from advisor.cli.progress import progress_bar
    from advisor.evaluation import external as sets

    path = folder / sets.EXTERNAL_ROWS_FILE
    found = sets.external_rows_so_far(path)
    rows = {row.id: row for row in sets.fitting_external_rows(found, cases, at_hand.embedder)}
    if len(found) > len(rows):
        note(f"{len(found) - len(rows)} rows of another embedder or wording, or of errors, are left out")
    sets.write_external_rows(path, rows.values())
    with progress_bar("questions") as step:
        fresh = sets.ask_external(asked, at_hand.embedder, at_hand.count_pieces, done=rows.keys(), progress=step)
        rows |= {row.id: row for row in append_rows(path, fresh, sets.external_row_line, kept=len(rows))}
    ordered = tuple(rows[case.id] for case in cases if case.id in rows)
    sets.write_external_rows(path, ordered)
    return ordered
