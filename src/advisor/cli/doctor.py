"""`advisor doctor`: what works here and what does not, each with its cure. Loads no model and changes nothing."""

import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from advisor.cli.options import AsJson, IndexDir, json_text, read_settings
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    from advisor.corpus.reading import ReadingProblem
    from advisor.records import Document
    from advisor.settings import Settings

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)
FEWEST_FREE_BYTES = 100_000_000
PACKAGES = tuple(
    "accelerate bm25s docx faiss fastapi filelock frontmatter ftfy gguf gradio httpx huggingface_hub markdown_it numpy "
    "platformdirs pydantic pydantic_settings pypdf rapidfuzz rich safetensors selectolax sentence_transformers "
    "sqlalchemy Stemmer threadpoolctl tokenizers torch transformers typer uvicorn".split()
)


State = Literal["ok", "note", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. A note is something that works less well, a problem something that is needed."""

    subject: str
    state: State
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
    yield _line_reader(settings)
    yield from _reranker(settings)
    yield _writer(settings)
    corpus = _Corpus(settings.corpus_dir)
    yield from corpus.findings()
    yield _index(settings, corpus.documents)
    yield _store(settings.data_dir)
    yield _room(settings.data_dir)
    yield _reach(settings)
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
    return _model("embedder", settings.embedder, settings)


def _reranker(settings: "Settings") -> Iterator[Finding]:
    """Nothing where none is set."""
    if settings.reranker:
        yield _model("reranker", settings.reranker, settings)


def _model(job: str, name: str, settings: "Settings") -> Finding:
    """Whether a model that nothing works without is here and whole."""
    from advisor.models import locate

    try:
        folder = locate(name, models_dir=settings.models_dir)
    except AdvisorError as error:
        return Finding(job, "problem", str(error))
    if damage := _damage(name, folder, settings):
        return Finding(job, "problem", damage)
    return Finding(job, "ok", f"{name} in {folder}")


def _line_reader(settings: "Settings") -> Finding:
    """Whether lines can be read: by a small model of ours that stands on the default embedder, whichever is in use."""
    from advisor.answer.reading import ADAPTER, BASE
    from advisor.models import locate

    if not _is_whole(ADAPTER):
        detail = f"{str(ADAPTER)!r} is damaged, so lines are weighed, not read; install the package again"
        return Finding("line reader", "note", detail)
    try:
        folder = locate(BASE, models_dir=settings.models_dir)
    except AdvisorError:
        detail = f"lines are weighed, not read, for want of {BASE}; run: advisor models pull {BASE}"
        return Finding("line reader", "note", detail)
    return Finding("line reader", "ok", f"stands on {BASE} in {folder}")


def _damage(name: str, folder: Path, settings: "Settings") -> str:
    """What is wrong with the bytes of a model that is here, with the cure; "" where nothing is."""
    from advisor.errors import UsageError
    from advisor.models import find_model, verify

    try:
        model = find_model(name)
    except UsageError:  # a user's own folder
        return _torn_weights(folder, "put a sound copy of it there")
    for file in verify(model, models_dir=settings.models_dir):
        if file.state != "ok":
            return f"{file.path!r} in {folder} is {file.state}; run: advisor models pull {model.name} --force"
    return ""


def _torn_weights(folder: Path, cure: str) -> str:
    """The first file of weights that is shorter or longer than its own table says; "" where none is."""
    torn = (path for path in sorted(folder.glob("*.safetensors")) if not _is_whole(path))
    return next((f"{str(path)!r} is damaged; {cure}" for path in torn), "")


def _is_whole(path: Path) -> bool:
    """Whether a safetensors file is as long as it says: its table's length, the table, the numbers."""
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            table_bytes = int.from_bytes(file.read(8), "little")
            table = json.loads(file.read(min(table_bytes, size_bytes)))
        ends = [entry["data_offsets"][1] for name, entry in table.items() if name != "__metadata__"]
        return bool(size_bytes == 8 + table_bytes + max(ends, default=0))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False


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
    place = unpacked_place(folder, settings.models_dir / "unpacked")
    damage = _damage(name, folder, settings)
    if not damage and place.is_dir():
        damage = _torn_weights(place, f"remove {str(place)!r}: it is made anew at the next start")
    if damage:
        state: State = "problem" if settings.generator != "auto" else "note"
        return Finding("writer", state, f"{damage}; until then answers are extracts")
    if is_ready(folder) or place.is_dir():
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


class _Corpus:
    """The documents as they are now, read once; none, and why, where they cannot be."""

    def __init__(self, folder: Path) -> None:
        from advisor.corpus.reading import read_corpus

        self._folder = folder
        self._problem = ""
        self._unread: tuple[ReadingProblem, ...] = ()
        self.documents: tuple[Document, ...] = ()
        try:
            reading = read_corpus(folder)
        except AdvisorError as error:
            self._problem = str(error)
        else:
            self.documents, self._unread = reading.documents, reading.problems

    def findings(self) -> Iterator[Finding]:
        """That they are there, and each that cannot be read."""
        if self._problem:
            yield Finding("corpus", "problem", self._problem)
            return
        yield Finding("corpus", "ok", f"{len(self.documents)} documents in {self._folder}")
        for problem in self._unread:
            yield Finding(f"corpus {problem.key}", "note", problem.message)


def _index(settings: "Settings", documents: "Sequence[Document]") -> Finding:
    from advisor.corpus.chunking import CHUNKER_VERSION
    from advisor.errors import ModelError, UsageError
    from advisor.index.build import compare
    from advisor.index.publish import check_fits, open_snapshot
    from advisor.models import locate, weights_digest

    fits = ""
    try:
        manifest = open_snapshot(settings.index_dir).manifest
        digest = weights_digest(locate(settings.embedder, models_dir=settings.models_dir))
        check_fits(manifest, embedder=settings.embedder, digest=digest, chunker_version=CHUNKER_VERSION)
    except (ModelError, UsageError):
        fits = "; whether it fits the embedder cannot be told"
    except AdvisorError as error:
        return Finding("index", "problem", str(error))
    if documents and not compare(documents, manifest).is_none:
        cure = "advisor index diff shows what, advisor index build brings it up to date"
        return Finding("index", "note", f"{manifest.build} is sound, but the documents have changed since; {cure}")
    return Finding("index", "ok", f"{manifest.build} is sound: {manifest.passages} passages{fits}")


def _store(folder: Path) -> Finding:
    from advisor.memory import check_file

    cure = "make it writable, or set ADVISOR_DATA_DIR to a folder that is"
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    database = folder / "conversations.db"
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        return Finding("store", "problem", f"conversations cannot be kept in {str(folder)!r}; {cure}")
    if not database.exists():
        return Finding("store", "ok", f"conversations will be kept in {folder}")
    if not os.access(database, os.W_OK):
        return Finding("store", "problem", f"{str(database)!r} cannot be written to; {cure}")
    try:
        problems = check_file(database)
    except AdvisorError as error:
        return Finding("store", "problem", str(error))
    if problems:
        mend = "put a backup in its place, or move it away and a new one is made at the next start"
        return Finding("store", "problem", f"{str(database)!r} is not sound ({problems[0]}); {mend}")
    return Finding("store", "ok", f"conversations are kept in {folder}")


def _room(folder: Path, *, fewest_bytes: int = FEWEST_FREE_BYTES) -> Finding:
    """Whether the disk of the data folder can take some more conversations."""
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(existing).free
    if free >= fewest_bytes:
        return Finding("disk", "ok", f"{free / 1e9:,.1f} GB are free where conversations are kept")
    cure = "make room, or set ADVISOR_DATA_DIR to a folder on another disk"
    return Finding("disk", "problem", f"only {free / 1e6:,.0f} MB are free where conversations are kept; {cure}")


def _reach(settings: "Settings") -> Finding:
    """Who can reach the page, and whether a password stands before it."""
    from advisor.web.access import is_loopback_host

    if settings.page_password:
        return Finding("sign-in", "ok", "the page asks for the password that is set")
    if is_loopback_host(settings.host):
        return Finding("sign-in", "ok", f"none is needed: only this machine reaches {settings.host}")
    cure = "set ADVISOR_PAGE_PASSWORD, or run: advisor serve --open"
    return Finding("sign-in", "note", f"other machines can reach {settings.host} and no password is set; {cure}")


def _port(host: str, port: int) -> Finding:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with closing(socket.create_server((host, port), family=family)):
            return Finding("port", "ok", f"{port} is free on {host}")
    except OSError as error:
        return Finding("port", "note", f"{port} on {host} cannot be had ({error}); run: advisor serve --port 0")
