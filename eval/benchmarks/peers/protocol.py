"""What every way to search is made to do, in its own environment and a process of its own, and what is measured.

Standard library only: it runs beside libraries that do not know this project. Called as

    python ADAPTER.py build|first SETTING PASSAGES.jsonl QUERIES.jsonl MODEL_FOLDER OUT_FOLDER

`build` indexes every passage, writes the index below OUT_FOLDER and asks every query; `first` opens that index in a
fresh process and asks one. Either writes PHASE.json into OUT_FOLDER. Knows no library and no measure of quality.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

DEPTH = 10  # passages asked for
WARMING = 5  # queries asked before time is taken
THREADS = "BENCHMARK_THREADS"  # set by whoever starts the process, as the next one
STARTED = "BENCHMARK_STARTED"  # seconds since the epoch at which the process was started
UNIT_BYTES = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


@dataclass(frozen=True)
class Text:
    """A passage or a query."""

    id: str
    text: str


class Searcher(Protocol):
    """One library in one setting."""

    def load(self, model: str) -> None:
        """Import what is needed and open the embedder in this folder."""

    def build(self, passages: Sequence[Text], folder: str) -> None:
        """Embed and index all passages."""

    def save(self, folder: str) -> None:
        """Write the index into this folder, where `build` has not done it."""

    def open(self, folder: str) -> None:
        """Open the index that another process has written."""

    def search(self, query: str, k: int) -> list[str]:
        """Ids of the k best passages, best first."""


@dataclass(frozen=True)
class Built:
    """What `build` measured; times in seconds but for those of queries."""

    load_seconds: float
    build_seconds: float
    save_seconds: float
    query_ms: list[float]
    run: dict[str, list[str]]  # ids found, best first, by query
    peak_bytes: int | None  # None where the system does not tell
    index_bytes: int
    packages: dict[str, str]


@dataclass(frozen=True)
class First:
    """What `first` measured: from the start of the process to the first result."""

    seconds: float
    peak_bytes: int | None
    found: list[str]


def main(settings: Mapping[str, Callable[[], Searcher]], packages: Sequence[str]) -> None:
    """Run one phase as the command line says; `settings` makes the searcher of each, `packages` are to be named."""
    phase, setting, passages, queries, model, out = sys.argv[1:]
    searcher, folder = settings[setting](), Path(out) / "index"
    asked = read_texts(Path(queries))
    if phase == "build":
        found: Built | First = _build(searcher, read_texts(Path(passages)), asked, model, folder, packages)
    else:
        found = _first(searcher, asked[0], model, folder)
    (Path(out) / f"{phase}.json").write_text(json.dumps(asdict(found)), encoding="utf-8")


def read_texts(path: Path) -> list[Text]:
    """The lines of a JSON Lines file with the keys `id` and `text`."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [Text(line["id"], line["text"]) for line in lines]


def threads() -> int:
    """How many threads may be used."""
    return int(os.environ.get(THREADS, "1"))


def _build(
    searcher: Searcher, passages: list[Text], queries: list[Text], model: str, folder: Path, packages: Sequence[str]
) -> Built:
    folder.mkdir(parents=True)
    began = time.perf_counter()
    searcher.load(model)
    loaded = time.perf_counter()
    searcher.build(passages, str(folder))
    built = time.perf_counter()
    searcher.save(str(folder))
    saved = time.perf_counter()
    for query in queries[:WARMING]:
        searcher.search(f"{query.text} again", DEPTH)  # not the query itself: some remember what they have embedded
    run, taken_ms = {}, []
    for query in queries:
        asked = time.perf_counter()
        run[query.id] = searcher.search(query.text, DEPTH)
        taken_ms.append((time.perf_counter() - asked) * 1000)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Built(loaded - began, built - loaded, saved - built, taken_ms, run, peak_bytes(), size, installed(packages))


def _first(searcher: Searcher, query: Text, model: str, folder: Path) -> First:
    searcher.load(model)
    searcher.open(str(folder))
    found = searcher.search(query.text, DEPTH)
    return First(time.time() - float(os.environ[STARTED]), peak_bytes(), found)


def installed(packages: Sequence[str]) -> dict[str, str]:
    """Versions by name, of those packages that are here."""
    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def peak_bytes() -> int | None:
    """The most memory that this process has held. Linux is asked in a way that leaves out whoever started it."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return None
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT_BYTES
