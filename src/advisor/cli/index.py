"""`advisor index`: build, status, verify, diff, rollback."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.options import AsJson, CorpusDir, IndexDir, json_text, note, read_settings
from advisor.cli.parts import Parts, parts_of
from advisor.errors import IndexDamaged, IndexMismatch, IndexProblem, ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from advisor.cli.gate import Gate
    from advisor.corpus.reading import ReadingProblem
    from advisor.index.build import BuildReport, Changes, Preview
    from advisor.settings import Settings

index_app = typer.Typer(help="Build, check and roll back the index.", no_args_is_help=False)


@index_app.command()
def build(
    context: typer.Context,
    corpus: CorpusDir = None,
    full: Annotated[bool, typer.Option("--full", help="Embed everything again instead of what changed.")] = False,
    gate: Annotated[
        Path | None,
        typer.Option("--gate", metavar="QUESTIONS.jsonl", help="Publish only what answers these no worse than before."),
    ] = None,
    margin: Annotated[
        float, typer.Option("--margin", min=0, max=100, metavar="POINTS", help="How much worse the gate lets by.")
    ] = 2.0,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """Bring the index up to date with the documents; the old one serves until the new one is verified.

    With --gate both builds are asked the questions; where a figure of the new one is worse by more than the margin, it
    is kept in INDEX/aside for a look (advisor ask --index INDEX/aside …) until the next build, and the exit code is 1.

    Example: advisor index build --corpus corpus

    Example: advisor index build --gate eval/questions/dev/roles.jsonl --margin 5
    """
    settings, parts = read_settings(index_dir=index, corpus_dir=corpus), parts_of(context)
    asked = _open_gate(settings, parts, gate, margin) if gate else None
    report = run_build(settings, parts, full=full, gate=asked)
    if as_json:
        typer.echo(json_text({**asdict(report), "gate": asked.to_json() if asked else None}))
    else:
        for line in report_lines(report, asked):
            typer.echo(line)
    if report.kept_in and asked and asked.verdict:
        note(f"advisor: not published: {asked.verdict.refusal()}; what was published before still is")
        raise typer.Exit(1)


def _open_gate(settings: "Settings", parts: Parts, questions: Path, margin: float) -> "Gate":
    from advisor.cli.gate import Gate
    from advisor.evaluation.questions import read_cases

    return Gate(settings, parts, read_cases(questions), margin=margin / 100)


def run_build(settings: "Settings", parts: Parts, *, full: bool, gate: "Gate | None" = None) -> "BuildReport":
    """Build with a progress bar on standard error; an interruption says that the index is what it was."""
    from advisor.cli.progress import progress_bar
    from advisor.index.build import build_index

    before = _published(settings)
    try:
        at_hand = parts.open_embedder(settings)
        with progress_bar("passages and lines embedded") as step:
            return build_index(
                settings.corpus_dir,
                settings.index_dir,
                embedder=at_hand.embedder,
                count_pieces=at_hand.count_pieces,
                full=full,
                progress=step,
                approve=gate,
            )
    except KeyboardInterrupt:
        now = _published(settings)
        kept = f"{before} stays published" if before else "nothing is published yet"
        raise KeyboardInterrupt(f"interrupted: {kept if now == before else f'{now} is published already'}") from None


def _published(settings: "Settings") -> str:
    """The name of the published build; "" where there is none that can be named."""
    from advisor.index.publish import current_build

    try:
        return current_build(settings.index_dir).name
    except IndexProblem:
        return ""


def report_lines(report: "BuildReport", gate: "Gate | None" = None) -> "Iterator[str]":
    """What a build did, in words."""
    yield from _change_lines(report.changes, report.problems)
    for figure in gate.verdict.figures if gate and gate.verdict else ():
        yield f"gate     {figure}{': worse' if figure.is_worse else ''}"
    if report.kept_in:
        yield f"kept     {report.build} in {report.kept_in!r} until the next build"
    elif report.published:
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
    for pair in changes.renamed:
        yield f"renamed  {pair.before} to {pair.after}"
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
    kept = builds(settings.index_dir)
    shown = {
        "index": str(settings.index_dir),
        "build": manifest.build,
        "created_at": manifest.created_at,
        "documents": len(manifest.documents),
        "passages": manifest.passages,
        "embedder": manifest.embedder,
        "dimension": manifest.dimension,
        "chunker_version": manifest.chunker_version,
        "builds": list(kept),
    }
    if as_json:
        typer.echo(json_text(shown))
        return
    for name, value in shown.items():
        if name != "builds":
            typer.echo(f"{name:<17}{value}")
    for build in kept:
        typer.echo(f"{'kept':<17}{build}{_standing(build, manifest.build)}")


def _standing(build: str, published: str) -> str:
    """What one of the kept builds is to the published one; names sort by time."""
    if build == published:
        return " (published)"
    return " (before; advisor index rollback)" if build < published else " (newer, rolled back)"


@index_app.command()
def verify(as_json: AsJson = False, index: IndexDir = None) -> None:
    """Read every byte of the published index; exit code 1 if something is damaged.

    Example: advisor index verify
    """
    from advisor.index.publish import open_snapshot

    settings = read_settings(index_dir=index)
    problem = read = ""
    try:
        manifest = open_snapshot(settings.index_dir).manifest
        size_bytes = sum(entry.size_bytes for entry in manifest.files.values())
        read = f"{manifest.build}, {len(manifest.files)} files, {size_bytes / 1e6:,.1f} MB"
    except (IndexDamaged, IndexMismatch) as error:
        problem = str(error)
    if as_json:
        typer.echo(json_text({"index": str(settings.index_dir), "sound": not problem, "problem": problem}))
    elif problem:
        note(f"advisor: {problem}")
    else:
        typer.echo(f"the index in {str(settings.index_dir)!r} is sound: {read}")
    raise typer.Exit(1 if problem else 0)


@index_app.command()
def diff(context: typer.Context, corpus: CorpusDir = None, as_json: AsJson = False, index: IndexDir = None) -> None:
    """Show what a build would do: which documents differ from the published index, and what would be embedded.

    Nothing is built. Without the embedder at hand the documents are compared all the same.

    Example: advisor index diff
    """
    from advisor.corpus.reading import read_corpus
    from advisor.index.build import compare
    from advisor.index.publish import current_build, read_manifest

    settings = read_settings(index_dir=index, corpus_dir=corpus)
    manifest = read_manifest(current_build(settings.index_dir))
    seen = _previewed(settings, parts_of(context))
    if seen is not None:
        changes, problems = seen.changes, seen.problems
    else:
        reading = read_corpus(settings.corpus_dir)
        changes, problems = compare(reading.documents, manifest), reading.problems
    if as_json:
        shown = {**asdict(changes), "problems": [asdict(problem) for problem in problems]}
        counts = ("passages", "passages_to_embed", "lines_to_embed")
        typer.echo(json_text({**shown, **{name: getattr(seen, name, None) for name in counts}}))
        return
    for line in _change_lines(changes, problems):
        typer.echo(line)
    if seen is not None and (seen.passages_to_embed or seen.lines_to_embed or not changes.is_none):
        typer.echo(
            f"to embed {seen.passages_to_embed} of {seen.passages} passages, and {seen.lines_to_embed} lines of them"
        )
    elif changes.is_none:
        typer.echo(f"the index is up to date ({len(changes.unchanged)} documents)")


def _previewed(settings: "Settings", parts: Parts) -> "Preview | None":
    """What a build would do; None, and a word about it, where that takes a model that is not here."""
    from advisor.index.build import preview

    try:
        at_hand = parts.open_embedder(settings)
    except ModelError as error:
        note(f"how much there is to embed cannot be told: {error}")
        return None
    return preview(
        settings.corpus_dir, settings.index_dir, embedder=at_hand.embedder, count_pieces=at_hand.count_pieces
    )


@index_app.command()
def rollback(as_json: AsJson = False, index: IndexDir = None) -> None:
    """Publish the build before the current one again, once its files are found sound.

    Example: advisor index rollback
    """
    from advisor.index.publish import roll_back

    done = roll_back(read_settings(index_dir=index).index_dir)
    typer.echo(json_text(asdict(done)) if as_json else f"published {done.build} again, in place of {done.before}")
