"""`advisor index`: build, status, verify, diff, rollback."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.options import AsJson, CorpusDir, IndexDir, json_text, note, read_settings
from advisor.cli.parts import Parts, parts_of
from advisor.errors import IndexDamaged, IndexMismatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from advisor.corpus.reading import ReadingProblem
    from advisor.index.build import BuildReport, Changes
    from advisor.settings import Settings

index_app = typer.Typer(help="Build, check and roll back the index.", no_args_is_help=False)


@index_app.command()
def build(
    context: typer.Context,
    corpus: CorpusDir = None,
    full: Annotated[bool, typer.Option("--full", help="Embed everything again instead of what changed.")] = False,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Bring the index up to date with the documents; the old one serves until the new one is verified.

    Example: advisor index build --corpus corpus
    """
    settings = read_settings(index_dir=index, corpus_dir=corpus)
    report = run_build(settings, parts_of(context), full=full)
    if as_json:
        typer.echo(json_text(asdict(report)))
        return
    for line in report_lines(report):
        typer.echo(line)


def run_build(settings: "Settings", parts: Parts, *, full: bool) -> "BuildReport":
    """Build with a progress bar on standard error."""
    from advisor.cli.progress import progress_bar
    from advisor.index.build import build_index

    at_hand = parts.open_embedder(settings)
    with progress_bar("passages and lines embedded") as step:
        return build_index(
            settings.corpus_dir,
            settings.index_dir,
            embedder=at_hand.embedder,
            count_pieces=at_hand.count_pieces,
            full=full,
            progress=step,
        )


def report_lines(report: "BuildReport") -> "Iterator[str]":
    """What a build did, in words."""
    yield from _change_lines(report.changes, report.problems)
    if report.published:
        yield (
            f"published {report.build}: {report.passages} passages, {report.embedded} embedded, "
            f"{report.reused} reused, in {report.seconds:.1f} s"
        )
    else:
        yield f"nothing has changed: {report.build} stays published ({report.passages} passages)"


def _change_lines(changes: "Changes", problems: "Sequence[ReadingProblem]") -> "Iterator[str]":
    for label, keys in (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)):
        for key in keys:
            yield f"{label:<8} {key}"
    for problem in problems:
        yield f"problem  {problem.key}: {problem.message}"


@index_app.command()
def status(as_json: AsJson = False, index: IndexDir = None) -> None:
    """Tell what is published: when it was built, from how many documents, with which model.

    Example: advisor index status
    """
    from advisor.index.publish import builds, current_build, read_manifest

    settings = read_settings(index_dir=index)
    manifest = read_manifest(current_build(settings.index_dir))
    shown = {
        "index": str(settings.index_dir),
        "build": manifest.build,
        "created_at": manifest.created_at,
        "documents": len(manifest.documents),
        "passages": manifest.passages,
        "embedder": manifest.embedder,
        "dimension": manifest.dimension,
        "builds": list(builds(settings.index_dir)),
    }
    if as_json:
        typer.echo(json_text(shown))
        return
    for name, value in shown.items():
        typer.echo(f"{name:<11}{', '.join(value) if isinstance(value, list) else value}")


@index_app.command()
def verify(as_json: AsJson = False, index: IndexDir = None) -> None:
    """Read every byte of the published index; exit code 1 if something is damaged.

    Example: advisor index verify
    """
    from advisor.index.publish import open_snapshot

    settings = read_settings(index_dir=index)
    problem = ""
    try:
        open_snapshot(settings.index_dir)
    except (IndexDamaged, IndexMismatch) as error:
        problem = str(error)
    if as_json:
        typer.echo(json_text({"index": str(settings.index_dir), "sound": not problem, "problem": problem}))
    elif problem:
        note(f"advisor: {problem}")
    else:
        typer.echo(f"the index in {str(settings.index_dir)!r} is sound")
    raise typer.Exit(1 if problem else 0)


@index_app.command()
def diff(corpus: CorpusDir = None, as_json: AsJson = False, index: IndexDir = None) -> None:
    """Show which documents differ from the published index; nothing is built.

    Example: advisor index diff
    """
    from advisor.corpus.reading import read_corpus
    from advisor.index.build import compare
    from advisor.index.publish import current_build, read_manifest

    settings = read_settings(index_dir=index, corpus_dir=corpus)
    manifest = read_manifest(current_build(settings.index_dir))
    reading = read_corpus(settings.corpus_dir)
    changes = compare(reading.documents, manifest)
    if as_json:
        problems = [asdict(problem) for problem in reading.problems]
        typer.echo(json_text({**asdict(changes), "problems": problems}))
        return
    lines = list(_change_lines(changes, reading.problems))
    typer.echo("\n".join(lines) if lines else f"the index is up to date ({len(changes.unchanged)} documents)")


@index_app.command()
def rollback(as_json: AsJson = False, index: IndexDir = None) -> None:
    """Publish the build before the current one again, once its files are found sound.

    Example: advisor index rollback
    """
    from advisor.index.publish import roll_back

    done = roll_back(read_settings(index_dir=index).index_dir)
    typer.echo(json_text(asdict(done)) if as_json else f"published {done.build} again")
