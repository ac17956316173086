"""`advisor corpus`: lint, figures, facts. Reads the pages themselves; needs no index and no model."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from advisor.cli.options import AsJson, json_text, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from advisor.corpus.findings import Finding
    from advisor.corpus.items import Certificate, Item
    from advisor.corpus.lint import CorpusFigures
    from advisor.corpus.roadmap import Roadmap

corpus_app = typer.Typer(help="Check the roadmap pages, count them, show the facts read from them.")

Folder = Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Folder of the documents; corpus/ if not given.")]


@corpus_app.command()
def lint(folder: Folder = None, as_json: AsJson = False) -> None:
    """Report every problem of the pages with its file, its line and how to mend it; exit 1 if any is an error.

    Example: advisor corpus lint corpus
    """
    from datetime import date

    from advisor.corpus.lint import lint_corpus

    folder = _folder(folder)
    report = lint_corpus(folder, today=date.today())
    if as_json:
        found = [asdict(finding) for finding in report.findings]
        typer.echo(json_text({"pages": report.pages, "errors": report.errors, "findings": found}))
    else:
        for finding in report.findings:
            typer.echo(_finding_line(folder, finding))
        others = len(report.findings) - report.errors
        typer.echo(f"{report.pages} pages, {_counted(report.errors, 'error')}, {_counted(others, 'warning')}")
    if report.errors:
        raise typer.Exit(1)


@corpus_app.command()
def figures(folder: Folder = None, as_json: AsJson = False) -> None:
    """Count what the corpus holds: pages, words, items, certificates by status, the oldest check.

    Example: advisor corpus figures
    """
    from advisor.corpus.lint import corpus_figures

    counted = corpus_figures(_folder(folder))
    if as_json:
        typer.echo(json_text(asdict(counted) | {"oldest_last_verified": str(counted.oldest_last_verified or "")}))
        return
    for line in figure_lines(counted):
        typer.echo(line)


@corpus_app.command()
def facts(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One document, of any format that is read.")],
    as_json: AsJson = False,
) -> None:
    """Show the phases, items, certificates and skills read from one document, what could not be read, what was cleaned.

    Example: advisor corpus facts corpus/data-engineer.md
    """
    from advisor.corpus.outline import outline_document
    from advisor.corpus.reading import read_document
    from advisor.corpus.roadmap import read_roadmap

    document = read_document(file, key=file.name)
    roadmap = read_roadmap(outline_document(document))
    if as_json:
        typer.echo(json_text(_plain(asdict(roadmap)) | {"cleaned": document.repairs}))
        return
    for line in _fact_lines(roadmap):
        typer.echo(line)
    for repair in document.repairs:
        typer.echo(f"cleaned: {repair}")


def _folder(folder: Path | None) -> Path:
    return folder if folder is not None else read_settings().corpus_dir


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _finding_line(folder: Path, finding: "Finding") -> str:
    where = f"{(folder / finding.file).as_posix()}:{finding.line}"
    return f"{where}: {finding.severity} [{finding.rule}] {finding.message}; {finding.cure}"


def figure_lines(counted: "CorpusFigures") -> "Iterator[str]":
    """The figures as a small table of plain text."""
    yield f"pages                 {counted.pages}"
    yield f"careers               {counted.careers}"
    yield f"guides                {counted.guides}"
    yield f"words                 {counted.words:,}"
    yield f"phases                {counted.phases}"
    yield f"items                 {counted.items}"
    yield f"  with known hours    {counted.items_with_hours}"
    yield f"  free of charge      {counted.items_free}"
    yield f"skills                {counted.skills}"
    yield f"certificates          {sum(counted.certificates.values())}"
    for state, number in counted.certificates.items():
        yield f"  {state:<19} {number}"
    yield f"oldest last_verified  {counted.oldest_last_verified or 'none'}"


# --- facts of one page ----------------------------------------------------------------------------


def _fact_lines(roadmap: "Roadmap") -> "Iterator[str]":
    yield f"{roadmap.title} ({roadmap.role or 'no role'})"
    in_phases = {item.span for phase in roadmap.phases for item in phase.items}
    for phase in roadmap.phases:
        number = f"phase {phase.number}" if phase.number else "phase"
        yield f"{number}: {phase.name}{f' ({phase.length.words})' if phase.length else ''}"
        yield from (f"  {_item_words(item)}" for item in phase.items)
    yield from (f"item: {_item_words(item)}" for item in roadmap.items if item.span not in in_phases)
    yield from (f"certificate: {_certificate_words(one)}" for one in roadmap.certificates)
    for skill in roadmap.skills:
        kind = "essential" if skill.is_essential else "optional"
        yield f"{kind} skill: {skill.name}{f' ({skill.detail})' if skill.detail else ''}"
    yield from (f"not read: {one.label} {one.words!r}" for one in roadmap.unparsed)


def _item_words(item: "Item") -> str:
    known = (
        item.kind.value if item.kind else "",
        item.length.words if item.length else "",
        item.effort.words if item.effort else "",
        f"= {item.hours}" if item.hours else "",
        item.cost.words if item.cost else "",
        f"after {item.prerequisites}" if item.prerequisites else "",
    )
    told = ", ".join(filter(None, known))
    return f"{item.name}{f': {told}' if told else ''}"


def _certificate_words(certificate: "Certificate") -> str:
    status = certificate.status.words if certificate.status else "no status"
    validity = f", valid {certificate.validity}" if certificate.validity else ""
    return f"{certificate.item.name}: {status}{validity}"


def _plain(value: Any) -> Any:
    """Sets and dates as JSON knows them: sorted lists and ISO days."""
    from datetime import date

    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value
