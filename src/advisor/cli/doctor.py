"""`advisor doctor`: what works here and what does not, each with its cure. Loads no model and changes nothing."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from advisor.cli.options import AsJson, IndexDir, json_text, read_settings
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from advisor.settings import Settings

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)
PACKAGES = tuple(
    "accelerate bm25s docx faiss fastapi filelock frontmatter ftfy gguf gradio httpx huggingface_hub markdown_it numpy "
    "platformdirs pydantic pydantic_settings pypdf rapidfuzz rich safetensors selectolax sentence_transformers "
    "sqlalchemy Stemmer tokenizers torch transformers typer uvicorn".split()
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. A note is something that works less well, a problem something that is needed."""

    subject: str
    state: Literal["ok", "note", "problem"]
    detail: str  # with the cure, where one is needed


def doctor(as_json: AsJson = False, index: IndexDir = None) -> None:
    """Check Python, packages, models, index, documents, store and port; exit code 1 if something needed is wrong.

    Example: advisor doctor
    """
    findings = list(examine(read_settings(index_dir=index)))
    sound = all(finding.state != "problem" for finding in findings)
    if as_json:
        typer.echo(json_text({"ok": sound, "findings": [asdict(finding) for finding in findings]}))
    else:
        for finding in findings:
            typer.echo(f"{finding.state:<8} {finding.subject}: {finding.detail}")
    raise typer.Exit(0 if sound else 1)


def examine(settings: "Settings") -> Iterator[Finding]:
    """Every finding, in the order in which things are needed."""
    yield _python(sys.version_info[:2])
    packages = list(_packages(PACKAGES))
    yield from packages
    if any(package.state == "problem" for package in packages):
        return  # the rest cannot be looked at without them
    yield _embedder(settings)
    yield _writer(settings)
    yield from _corpus(settings.corpus_dir)
    yield _index(settings)
    yield _store(settings.data_dir)
    yield _port(settings.host, settings.port)


def _python(version: tuple[int, ...]) -> Finding:
    named = ".".join(str(part) for part in version)
    if OLDEST_PYTHON <= version <= NEWEST_PYTHON:
        return Finding("python", "ok", named)
    return Finding("python", "problem", f"{named} cannot run this; install Python 3.11 to 3.14")


def _packages(names: tuple[str, ...]) -> Iterator[Finding]:
    missing = [name for name in names if find_spec(name) is None]
    for name in missing:
        yield Finding(f"package {name}", "problem", "is not installed; run: make install")
    if not missing:
        yield Finding("packages", "ok", f"all {len(names)} are installed")


def _embedder(settings: "Settings") -> Finding:
    from advisor.models import locate

    try:
        return Finding(
            "embedder", "ok", f"{settings.embedder} in {locate(settings.embedder, models_dir=settings.models_dir)}"
        )
    except AdvisorError as error:
        return Finding("embedder", "problem", str(error))


def _writer(settings: "Settings") -> Finding:
    from advisor.answer.generate import is_ready, unpacked_place
    from advisor.models import locate

    if settings.generator == "extractive":
        return Finding("writer", "ok", "none is wanted: answers are extracts")
    name = settings.writer if settings.generator == "auto" else settings.generator
    if settings.writer_url:
        return _remote_writer(settings, name)
    try:
        folder = locate(name, models_dir=settings.models_dir)
    except AdvisorError as error:
        needed = settings.generator != "auto"
        return Finding("writer", "problem" if needed else "note", f"{error}; until then answers are extracts")
    if is_ready(folder) or unpacked_place(folder, settings.models_dir / "unpacked").is_dir():
        return Finding("writer", "ok", f"{name} in {folder}")
    return Finding("writer", "note", f"{name} will be unpacked at its first use (about 20 s); or run: advisor setup")


def _remote_writer(settings: "Settings", name: str) -> Finding:
    """Whether the server answers, and whether it has the model; where else it is, that texts go there."""
    from advisor.answer.remote import leaves_this_machine, open_remote_writer

    url = settings.writer_url
    try:
        offered = open_remote_writer(
            url,
            name=name,
            api_key=settings.writer_api_key,
            max_tokens=settings.writer_max_tokens,
            deadline_seconds=settings.writer_deadline_seconds,
        ).offered()
    except AdvisorError as error:
        needed = settings.generator != "auto"
        return Finding("writer", "problem" if needed else "note", f"{error}; until then answers are extracts")
    where = f"{url}, to which questions and passages are sent" if leaves_this_machine(url) else url
    if not {name, f"{name}:latest"}.isdisjoint(offered):
        return Finding("writer", "ok", f"{name} on {where}")
    known = f"it offers {', '.join(offered)}: set ADVISOR_WRITER to one of them" if offered else "it does not list any"
    return Finding("writer", "note", f"whether {name} is on {where}, cannot be told; {known}")


def _corpus(folder: Path) -> Iterator[Finding]:
    from advisor.corpus.reading import read_corpus

    try:
        reading = read_corpus(folder)
    except AdvisorError as error:
        yield Finding("corpus", "problem", str(error))
        return
    yield Finding("corpus", "ok", f"{len(reading.documents)} documents in {folder}")
    for problem in reading.problems:
        yield Finding(f"corpus {problem.key}", "note", problem.message)


def _index(settings: "Settings") -> Finding:
    from advisor.corpus.chunking import CHUNKER_VERSION
    from advisor.errors import ModelError, UsageError
    from advisor.index.publish import check_fits, open_snapshot
    from advisor.models import locate, weights_digest

    try:
        manifest = open_snapshot(settings.index_dir).manifest
        digest = weights_digest(locate(settings.embedder, models_dir=settings.models_dir))
        check_fits(manifest, embedder=settings.embedder, digest=digest, chunker_version=CHUNKER_VERSION)
    except (ModelError, UsageError):
        return Finding("index", "ok", f"{manifest.build} is sound; whether it fits the embedder cannot be told")
    except AdvisorError as error:
        return Finding("index", "problem", str(error))
    return Finding("index", "ok", f"{manifest.build}: {manifest.passages} passages")


def _store(folder: Path) -> Finding:
    from advisor.memory import open_conversations

    cure = "make it writable, or set ADVISOR_DATA_DIR to a folder that is"
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        return Finding("store", "problem", f"conversations cannot be kept in {str(folder)!r}; {cure}")
    database = folder / "conversations.db"
    if database.exists():
        try:
            open_conversations(database).close()
        except AdvisorError as error:
            return Finding("store", "problem", str(error))
    return Finding("store", "ok", f"conversations are kept in {folder}")


def _port(host: str, port: int) -> Finding:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with closing(socket.create_server((host, port), family=family)):
            return Finding("port", "ok", f"{port} is free on {host}")
    except OSError as error:
        return Finding("port", "note", f"{port} on {host} cannot be had ({error}); run: advisor serve --port 0")
