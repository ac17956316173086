"""Tiny truths that many tests share: an embedder computed by hand, a corpus of three pages, writers by script."""

import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from advisor.answer.generate import Message, Writer
from advisor.errors import WriterError
from advisor.index.build import build_index
from advisor.index.embedding import Vectors
from advisor.index.publish import Snapshot, open_snapshot
from advisor.memory import open_conversations
from advisor.pipeline import Advisor
from advisor.text import content_hash, stems

PAGES = {
    "data-engineer.md": """---
title: Data Engineer
role: Data Engineer
aliases: [pipeline engineer]
---

# Data Engineer

A data engineer builds pipelines that carry data from where it arises to where it is needed.

## Phase 1: Foundations (6 weeks)

Learn the groundwork before any tool.

- SQL: joins, windows and grouping
- Python: functions, files and tests
- Linux: shell and permissions

## Phase 2: Pipelines (10 weeks)

- Airflow
- Kafka
- dbt

## Certificates

- Streaming Associate: costs 200 dollars and is valid for 2 years
""",
    "gardener.md": """# Gardener

A gardener plants and tends hedges, lawns and flowers.

## Training

An apprenticeship takes 3 years.

## Tools

- Spade
- Secateurs
""",
    "baker.md": """# Baker

A baker kneads dough and bakes bread before sunrise.

## Working hours

Work starts at four in the morning. Bakers do not work on Sundays.
""",
}


class HashingEmbedder:
    """One dimension per bucket of stems, rows of length one: two texts are as near as they share stems."""

    dimension = 256

    def __init__(self, name: str = "hashing") -> None:
        self.name = name
        self.digest = content_hash(name)
        self.seen: list[str] = []  # every text that was embedded, in order

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.seen.extend(texts)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for stem in stems(text):
                row[zlib.crc32(stem.encode()) % self.dimension] += 1
            if not row.any():
                row[0] = 1
            row /= np.linalg.norm(row)
        return rows


def count_pieces(text: str) -> int:
    """Words and the two marks at both ends, in the manner of a tokenizer."""
    return len(text.split()) + 2


class ScriptedWriter:
    """Says what its script makes of the facts in the prompt, word by word; fails where the script raises."""

    def __init__(self, script: Callable[[list[str]], str], name: str = "scripted") -> None:
        self.name = name
        self._script = script
        self.prompts: list[Sequence[Message]] = []

    def stream(self, messages: Sequence[Message], *, stop: Event) -> Generator[str, None, None]:
        self.prompts.append(messages)
        facts, _, _question = messages[-1].content.removeprefix("Facts:\n").partition("\n\nQuestion: ")
        for word in self._script([line.removeprefix("- ") for line in facts.split("\n")]).split(" "):
            if stop.is_set():
                return
            yield f"{word} "


class EndlessWriter:
    """Never comes to an end by itself; `ended` is set once it has been made to."""

    name = "endless"

    def __init__(self) -> None:
        self.ended = Event()

    def stream(self, messages: Sequence[Message], *, stop: Event) -> Generator[str, None, None]:
        try:
            while not stop.is_set():
                yield "and "
        finally:
            self.ended.set()


def repeating_writer() -> ScriptedWriter:
    """Words the evidence by saying it again."""
    return ScriptedWriter("\n".join)


def inventing_writer() -> ScriptedWriter:
    """Says what no page says."""
    return ScriptedWriter(lambda facts: "It takes 99 weeks and costs $12,000 at Stanford.")


def failing_writer() -> ScriptedWriter:
    """Breaks down at once."""

    def fail(facts: list[str]) -> str:
        raise WriterError("the writer 'scripted' ran out of ink; pull another")

    return ScriptedWriter(fail)


def write_corpus(folder: Path, pages: dict[str, str]) -> Path:
    """These pages as files of a folder."""
    for key, text in pages.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return folder


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", PAGES)


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def index_dir(tmp_path: Path, corpus_dir: Path, embedder: HashingEmbedder) -> Path:
    folder = tmp_path / "index"
    build_index(corpus_dir, folder, embedder=embedder, count_pieces=count_pieces)
    embedder.seen.clear()
    return folder


@pytest.fixture
def snapshot(index_dir: Path) -> Snapshot:
    return open_snapshot(index_dir)


OpenAdvisor = Callable[[Writer | None], Advisor]


@pytest.fixture
def advisor_with(snapshot: Snapshot, embedder: HashingEmbedder) -> Iterator[OpenAdvisor]:
    """An advisor over the three pages with the writer that is given."""
    with open_conversations(None) as conversations:
        yield lambda writer: Advisor(snapshot, embedder=embedder, writer=writer, conversations=conversations)
