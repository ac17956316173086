"""Read lines beside the question: a small cross-encoder that tells how well each line answers it.

The encoder is the default embedder's, with a low-rank adapter of our own and a head on top; eval/training trains both.
Owns the text in which a line is shown to it. Knows nothing of how candidates are found or what is made of the scores.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from advisor.answer.weigh import Weighed
from advisor.answer.wording import LINES_OF_AN_ANSWER
from advisor.corpus.outline import Kind, Node, Outline
from advisor.errors import ModelError
from advisor.index.bert import Bert, halves_are_fast, in_half_precision, open_bert, use_threads
from advisor.index.light_bert import LightBert, open_light_bert
from advisor.models import locate, weights_digest
from advisor.models.adapters import ADAPTERS, read_adapter
from advisor.records import Hit
from advisor.text import normalise, visible

log = logging.getLogger(__name__)

ADAPTER = ADAPTERS / "line-reader.safetensors"
BASE = "all-MiniLM-L6-v2"  # the catalogue's name of the encoder that the adapter belongs to
LONGEST_PIECES = 96  # of a question and a line together
BATCH = 8
LINE_WORDS, HEADING_WORDS, HEADINGS, BELOW = 40, 9, 3, 8

LINES_READ, LINES_READ_EACH = 16, 10
LINES_READ_BESIDE = 8  # of all pages, where some of each career's page are read
BEST_READ, NEIGHBOURS_READ = 2, 10
LINES_RANKED = 200  # for the order of passages
LINES_FOUND, READS_WELL = 3, 0.5  # whose passages are listed though the search missed them
SEARCH_SHARE = 0.25  # of a passage's place in the search, against its best line
READING_WEIGHT = 0.6  # of the reader's probability, against a score of the weighing of about 0.3 to 1

LogOdds = NDArray[np.float32]


class Reader(Protocol):
    """What tells how well lines answer a question."""

    def read(self, question: str, lines: Sequence[str]) -> LogOdds:
        """The log-odds that each line is one to answer with, in order; shape (lines,)."""


def line_text(outline: Outline, node: Node) -> str:
    """A line as the reader sees it: title, the headings and lines above it, its own words, the labels below it."""
    title = outline.document.title
    above = [part.text for part in outline.ancestors(node)[-HEADINGS:]]
    if above and normalise(above[0]) == normalise(title):
        above = above[1:]
    if asked := _question_before(outline, node):
        above.append(asked.text)
    below = [child.label for child in outline.children(node)][:BELOW]
    own = f"{node.text}: {', '.join(below)}" if below else node.text
    shortened = [" ".join(text.split()[:HEADING_WORDS]) for text in above]
    return " > ".join([title, *shortened, " ".join(own.split()[:LINE_WORDS])])


def _question_before(outline: Outline, node: Node) -> Node | None:
    """The question of the page that a line answers: the nearest of the few lines right before it; None without one."""
    if node.kind is Kind.HEADING or node.text.endswith("?"):
        return None
    before = [outline.nodes[index] for index in outline.nodes[node.parent].children if index < node.index]
    near = reversed(before[-LINES_OF_AN_ANSWER:])
    return next((line for line in near if line.kind is Kind.SENTENCE and line.text.endswith("?")), None)


def reread(
    question: str,
    weighed: Sequence[Weighed],
    reader: Reader,
    *,
    lines_read: int = LINES_READ,
    each_of: Collection[str] = (),
) -> list[Weighed]:
    """The same lines, the best of them read beside the question, and then those beside the best of these.

    Of each of these careers' pages some lines are read, however little their words say. Best first, ties in the order
    before. A line's score gains its reading; unread lines stay as they are.
    """
    read = _read(question, _worth_reading(weighed, lines_read, each_of), reader)
    best = sorted(read, key=lambda w: -w.likely)[:BEST_READ]
    around = {place for w in best for place in _around(w)}
    seen = {_place(w) for w in read}
    beside = [w for w in weighed if _place(w) in around - seen][:NEIGHBOURS_READ]
    read += _read(question, beside, reader)
    again = {_place(w): w for w in read}
    return sorted((again.get(_place(w), w) for w in weighed), key=lambda w: -w.score)


def by_reading(hits: Sequence[Hit], lines: Sequence[Weighed]) -> tuple[Hit, ...]:
    """The passages found, and those of the best lines that read well, those first whose lines answer best.

    Ties in the order before; where nothing was read, the passages as they were. A passage that only reading found has
    no scores of a search.
    """
    if not any(line.reading for line in lines):
        return tuple(hits)
    best_line: dict[str, float] = {}
    for line in lines[:LINES_RANKED]:
        passage = line.page.passage_of(line.node).id
        best_line[passage] = max(best_line.get(passage, 0.0), line.score)
    well_read = [line.page.passage_of(line.node) for line in lines[:LINES_FOUND] if line.likely >= READS_WELL]
    there = {hit.passage.id for hit in hits}
    new = {passage.id: Hit(passage, 0.0, 0.0, 0.0) for passage in well_read if passage.id not in there}
    best_hit = max((hit.fused_score for hit in hits), default=0.0) or 1.0
    everything = (*hits, *new.values())
    worth = {hit.passage.id: SEARCH_SHARE * hit.fused_score / best_hit for hit in everything}
    return tuple(sorted(everything, key=lambda hit: -(worth[hit.passage.id] + best_line.get(hit.passage.id, 0.0))))


def likeliest(lines: Sequence[Weighed]) -> float | None:
    """How likely the best of the lines that were read answers, 0…1; None where none was read."""
    return max((line.reading for line in lines if line.reading is not None), default=None)


def _worth_reading(weighed: Sequence[Weighed], lines_read: int, each_of: Collection[str]) -> list[Weighed]:
    """The best lines of all, and the best of each career's page that is set beside another."""
    chosen = list(weighed[: min(lines_read, LINES_READ_BESIDE) if each_of else lines_read])
    for role in each_of:
        own = [w for w in weighed if w.page.outline.document.role == role][:LINES_READ_EACH]
        chosen += [w for w in own if not any(w is other for other in chosen)]
    return chosen


def _read(question: str, weighed: Sequence[Weighed], reader: Reader) -> list[Weighed]:
    odds = reader.read(question, [line_text(w.page.outline, w.node) for w in weighed])
    likely = 1 / (1 + np.exp(-odds.astype(np.float64)))
    return [
        replace(w, score=w.score + READING_WEIGHT * float(p), reading=float(p))
        for w, p in zip(weighed, likely, strict=True)
    ]


def _place(weighed: Weighed) -> tuple[str, int]:
    return weighed.page.outline.document.key, weighed.node.index


def _around(weighed: Weighed) -> Iterator[tuple[str, int]]:
    """The lines under the same heading or item, and those below the line itself."""
    nodes, key = weighed.page.outline.nodes, weighed.page.outline.document.key
    siblings = nodes[weighed.node.parent].children if weighed.node.parent else ()
    for index in (*siblings, *weighed.node.children):
        yield key, index


@dataclass(frozen=True, slots=True)
class LineReader:
    """The cross-encoder held open. Threads may share it."""

    bert: Bert | LightBert
    head: NDArray[np.float32]  # (1, width)
    bias: NDArray[np.float32]  # (1,)

    def read(self, question: str, lines: Sequence[str]) -> LogOdds:
        """A few lines at a time, of like length, so that little of a batch is padding."""
        scores = np.zeros(len(lines), dtype=np.float32)
        by_length = sorted(range(len(lines)), key=lambda place: (len(lines[place]), place))
        for at in range(0, len(lines), BATCH):
            places = by_length[at : at + BATCH]
            means = self.bert.means([(visible(question), visible(lines[place])) for place in places])
            scores[places] = means @ self.head[0] + self.bias
        return scores


def find_reader(*, models_dir: Path, threads: int = 0, light: bool = False) -> Reader | None:
    """The reader over the default embedder's weights, `light` or not; None, and a line in the log, without them."""
    try:
        folder = locate(BASE, models_dir=models_dir)
        return open_reader(folder, digest=weights_digest(folder), threads=threads, light=light)
    except ModelError as error:
        log.warning("lines are weighed, not read: %s", error)
        return None


def open_reader(
    folder: Path, *, digest: str, adapter: Path = ADAPTER, threads: int = 0, light: bool = False
) -> LineReader:
    """The reader over the encoder in this folder. Raises ModelError where the adapter is missing or of other weights.

    `digest` identifies the encoder's weights; the adapter names those that it was trained on. A `light` one computes in
    numpy: ready a second sooner, as torch is not imported, and three times slower to read.
    """
    arrays = read_adapter(adapter, digest=digest)
    head, bias = arrays.pop("head.weight"), arrays.pop("head.bias")
    if light:
        return LineReader(open_light_bert(folder, longest=LONGEST_PIECES, threads=threads, adapter=arrays), head, bias)
    use_threads(threads)
    bert = open_bert(folder, longest=LONGEST_PIECES, adapter=arrays)
    return LineReader(in_half_precision(bert) if halves_are_fast() else bert, head, bias)
