"""What whoever keeps the pages wants to know and do: the state of the index, of the corpus and of a search.

Reads the folders of the settings and asks the layers below. Knows nothing of controls, of HTML or of who may look.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from advisor.corpus.lint import LintReport, lint_corpus
from advisor.corpus.reading import ReadingProblem, read_corpus
from advisor.errors import IndexProblem, UsageError
from advisor.index.build import Changes, compare
from advisor.index.lexical import LexicalIndex
from advisor.index.publish import Manifest, builds, check_files, current_build, read_manifest
from advisor.memory import Conversations
from advisor.records import Document, Event, Hit, Query, Sources
from advisor.search.gate import Decision, decide
from advisor.web.rebuilding import OpenParts, Rebuilding


class Searched(Protocol):
    """A build that is searched; `index.publish.Snapshot` is one."""

    @property
    def manifest(self) -> Manifest:
        """What the build was made from."""

    @property
    def lexical(self) -> LexicalIndex:
        """The index of its words."""


class Searching(Protocol):
    """What is needed of an advisor; `web.current.Current` is one."""

    @property
    def snapshot(self) -> Searched:
        """The build in use."""

    @property
    def conversations(self) -> Conversations:
        """The finished turns of everybody, and what was thought of them."""

    def ask(self, question: str, *, conversation: str, owner: str = "local") -> Iterator[Event]:
        """Events of one question, what was found first."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """The published build and the one in use; `problem` says what is wrong with the former, "" where it is sound."""

    published: Manifest | None
    problem: str
    in_use: str
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorpusState:
    """The pages as they stand now: against the published build, and as the lint finds them."""

    changes: Changes
    problems: tuple[ReadingProblem, ...]
    lint: LintReport


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a question was understood as, what was found for it, and what the gate made of that."""

    query: Query
    hits: tuple[Hit, ...]
    decision: Decision


class Upkeep:
    """The folders and the advisor of one server, and the build that runs, if one does."""

    def __init__(self, advisor: Searching, *, corpus_dir: Path, index_dir: Path, open_parts: OpenParts) -> None:
        self.advisor = advisor
        self.corpus_dir = corpus_dir
        self.index_dir = index_dir
        self.rebuilding = Rebuilding(corpus_dir, index_dir, open_parts)

    def index_state(self) -> IndexState:
        """What is published and whether every byte of it is as it was written."""
        in_use, kept = self.advisor.snapshot.manifest.build, builds(self.index_dir)
        manifest = None
        try:
            folder = current_build(self.index_dir)
            manifest = read_manifest(folder)
            check_files(folder, manifest)
        except IndexProblem as error:
            return IndexState(manifest, str(error), in_use, kept)
        return IndexState(manifest, "", in_use, kept)

    def corpus_state(self, *, today: date) -> CorpusState:
        """The pages against the published build, and their lint; raises DocumentError where there is no such folder.

        Read anew only where a file has changed since: it takes seconds.
        """
        try:
            before = read_manifest(current_build(self.index_dir))
        except IndexProblem:
            before = None  # then every page is new
        read = _read(self.corpus_dir, _fingerprint(self.corpus_dir), today)
        return CorpusState(compare(read.documents, before), read.problems, read.lint)

    def retrieve(self, question: str) -> Retrieved:
        """What a search finds; nothing is answered or kept. Raises QuestionError as asking does."""
        events = self.advisor.ask(question, conversation=uuid4().hex)
        found = next(events)
        close = getattr(events, "close", None)
        if close is not None:
            close()  # before an answer begins, so that none is kept
        if not isinstance(found, Sources):
            raise UsageError("this advisor does not say what it found")
        rarity = self.advisor.snapshot.lexical.rarity()
        decision = decide(found.query, found.hits, rarity=rarity, reading=found.reading)
        return Retrieved(found.query, found.hits, decision)


# --- reading the pages ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _File:
    """What tells that a file has changed."""

    path: str
    changed_ns: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Read:
    """The pages of a folder and what the lint finds on them."""

    documents: tuple[Document, ...]
    problems: tuple[ReadingProblem, ...]
    lint: LintReport


def _fingerprint(folder: Path) -> tuple[_File, ...]:
    """Every file below the folder as it stands now; none where there is no such folder."""
    found = []
    for path in sorted(folder.rglob("*")):
        with suppress(OSError):  # it went away meanwhile
            told = path.stat()
            found.append(_File(str(path), told.st_mtime_ns, told.st_size))
    return tuple(found)


@lru_cache(maxsize=1)
def _read(folder: Path, _files: tuple[_File, ...], today: date) -> _Read:
    """The pages and their lint; the last are kept as long as no file changes."""
    reading = read_corpus(folder)
    return _Read(reading.documents, reading.problems, lint_corpus(folder, today=today))
