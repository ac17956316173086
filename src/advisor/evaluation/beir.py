"""A public retrieval set in BEIR's layout, searched with the product's own parts, and how well it was found.

Owns the layout (Thakur et al. 2021, "BEIR"): corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv. Knows nothing of answers,
of published builds or of how a report is printed.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from pydantic import BaseModel, Field

from advisor.corpus.chunking import CountPieces
from advisor.errors import QuestionError, UsageError
from advisor.evaluation.metrics import ndcg_at_k, recall_at_k, reciprocal_rank_at_k
from advisor.evaluation.passages import Id, Line, json_lines, lines_of
from advisor.evaluation.shelf import hold_for_search
from advisor.index.build import Progress
from advisor.index.dense import Scored
from advisor.index.embedding import Embedder
from advisor.index.publish import Snapshot
from advisor.records import Document, Hit, Passage, Section
from advisor.search.hybrid import search
from advisor.search.query import read_question, understand
from advisor.search.rerank import READ, Reranker, reranked
from advisor.text import content_hash, visible

DEPTH = 100  # documents of a ranking


@dataclass(frozen=True, slots=True)
class BeirDocument:
    """One document of the corpus; `title` is "" where it has none."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query and the grade of each document that was judged for it, by id; above 0 is relevant."""

    id: str
    text: str
    grades: Mapping[str, int]

    @property
    def relevant(self) -> frozenset[str]:
        """Ids of the documents with a grade above 0."""
        return frozenset(document for document, grade in self.grades.items() if grade > 0)


@dataclass(frozen=True, slots=True)
class BeirSet:
    """The documents in the order of their file, and the queries that the split judges in the order of its file."""

    documents: tuple[BeirDocument, ...]
    queries: tuple[JudgedQuery, ...]


@dataclass(frozen=True, slots=True)
class Rankings:
    """Ids of the documents found for one query, best first, at most DEPTH: by the product and by each half alone."""

    hybrid: tuple[str, ...] = ()
    dense: tuple[str, ...] = ()
    bm25: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RankingFigures:
    """Means over all judged queries, each 0…1; a query that found nothing counts 0."""

    ndcg_at_10: float
    recall_at_10: float
    recall_at_100: float
    reciprocal_rank_at_10: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one query, and how good each of the three rankings is."""

    query: JudgedQuery
    rankings: Rankings
    hybrid: RankingFigures
    dense: RankingFigures
    bm25: RankingFigures


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """How well the documents of one set were found."""

    dataset: str  # the folder's name
    split: str
    embedder: str
    queries: int
    documents: int
    passages: int
    absent: int  # relevant judgements of documents that the corpus lacks; they count as not found
    hybrid: RankingFigures
    dense: RankingFigures
    bm25: RankingFigures
    indexing_seconds: float
    searching_seconds: float
    found: tuple[Found, ...]  # query by query, in the order of the set


def retrieval_report(
    folder: Path,
    split: str,
    embedder: Embedder,
    count_pieces: CountPieces,
    progress: Progress,
    *,
    reranker: Reranker | None = None,
) -> RetrievalReport:
    """Index the corpus in memory, run every judged query of the split, and compare with the judgements.

    `progress` counts passages embedded and queries run together. A document that has the query's own id stays in the
    ranking, unlike in BEIR's script: sets that number both from 1 mean two things by it. UsageError names the file and
    the line that is wrong.
    """
    judged = read_beir(folder, split)
    began = perf_counter()
    to_run = len(judged.queries)
    shelf = fill_shelf(judged.documents, embedder, count_pieces, lambda done, texts: progress(done, texts + to_run))
    indexed, embedded = perf_counter(), len(shelf.snapshot.passages)
    found = []
    for done, query in enumerate(judged.queries, start=1):
        found.append(_judged(query, rank(shelf, query.text, reranker)))
        progress(embedded + done, embedded + to_run)
    searched = perf_counter()
    known = {document.id for document in judged.documents}
    return RetrievalReport(
        dataset=folder.resolve().name,
        split=split,
        embedder=embedder.name,
        queries=to_run,
        documents=len(judged.documents),
        passages=embedded,
        absent=sum(len(query.relevant - known) for query in judged.queries),
        hybrid=mean_figures([one.hybrid for one in found]),
        dense=mean_figures([one.dense for one in found]),
        bm25=mean_figures([one.bm25 for one in found]),
        indexing_seconds=indexed - began,
        searching_seconds=searched - indexed,
        found=tuple(found),
    )


def _judged(query: JudgedQuery, rankings: Rankings) -> Found:
    hybrid, dense, bm25 = (figures_of(query, ranking) for ranking in (rankings.hybrid, rankings.dense, rankings.bm25))
    return Found(query, rankings, hybrid, dense, bm25)


def figures_of(query: JudgedQuery, ranked: Sequence[str]) -> RankingFigures:
    """How good one ranking is for one query."""
    return RankingFigures(
        ndcg_at_10=ndcg_at_k(ranked, query.grades, 10),
        recall_at_10=recall_at_k(ranked, query.relevant, 10),
        recall_at_100=recall_at_k(ranked, query.relevant, 100),
        reciprocal_rank_at_10=reciprocal_rank_at_k(ranked, query.relevant, 10),
    )


def mean_figures(figures: Sequence[RankingFigures]) -> RankingFigures:
    """The means over these queries; raises ValueError where there are none."""
    if not figures:
        raise ValueError("there is no query to take a mean over; give at least one")
    each = [astuple(one) for one in figures]
    return RankingFigures(*(sum(values) / len(each) for values in zip(*each, strict=True)))


# --- searching -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shelf:
    """The corpus of a set held in memory, ready to be searched."""

    snapshot: Snapshot
    embedder: Embedder
    vocabulary: Collection[str]
    reach: int  # so many passages hold DEPTH documents, or all there are


def fill_shelf(
    documents: Sequence[BeirDocument], embedder: Embedder, count_pieces: CountPieces, progress: Progress
) -> Shelf:
    """Cut, embed and index the documents as a build does, but with one line each, the meaning of its first passage.

    A document without a word has no passage and is never found. Raises UsageError where no document has a word.
    """
    snapshot = hold_for_search(list(map(_document, documents)), embedder, count_pieces, progress)
    if not snapshot.passages:
        raise UsageError("no document of the corpus has a word in it; give them a title or a text")
    longest = max(Counter(passage.document for passage in snapshot.passages).values())
    return Shelf(snapshot, embedder, snapshot.lexical.rarity().keys(), DEPTH * longest)


def rank(shelf: Shelf, question: str, reranker: Reranker | None = None) -> Rankings:
    """The documents for one question, each where its best passage stands; without words it finds nothing.

    Hybrid is the product's search: all its candidates, so at most as many as it considers, the first of them ordered by
    the reranker, if there is one; of documents with the same title and words it lists one. Dense ranks by the cosine of
    the understood question, BM25 by its stems without synonyms; both over all passages, ties in the corpus's order.
    """
    try:
        asked = read_question(question, max_chars=len(question))  # public sets ask longer questions than learners
    except QuestionError:
        return Rankings()
    snapshot = shelf.snapshot
    query = understand(asked, (), vocabulary=shelf.vocabulary)
    vector = shelf.embedder.embed([query.standalone])[0]
    hits = search(snapshot, query, vector=vector, k=len(snapshot.passages))
    if reranker is not None:
        hits = (*reranked(query, hits[:READ], reranker), *hits[READ:])
    return Rankings(
        hybrid=_first_documents(_passages_of(hits)),
        dense=_first_documents(_passages_at(snapshot, snapshot.dense.search(vector, shelf.reach))),
        bm25=_first_documents(_passages_at(snapshot, snapshot.lexical.search(query.terms, shelf.reach))),
    )


def _passages_of(hits: Iterable[Hit]) -> Iterator[Passage]:
    return (hit.passage for hit in hits)


def _passages_at(snapshot: Snapshot, found: Iterable[Scored]) -> Iterator[Passage]:
    return (snapshot.passages[scored.row] for scored in found)


def _first_documents(passages: Iterable[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(passage.document for passage in passages))[:DEPTH]


# What Markdown would read as markup. The texts are plain, so it is escaped, and nothing of them is lost when the
# chunker takes the markup away.
_MARKUP = re.compile(r"[\\`*_\[\]<>&#~|]|^[-+](?=\s)|^\d{1,9}[.)](?=\s)")


def _document(document: BeirDocument) -> Document:
    """The document as the chunker takes it: one section of one paragraph; where only a title is given, that."""
    plain = " ".join(visible(document.text).split()) or " ".join(visible(document.title).split())
    text = _MARKUP.sub(lambda mark: f"{mark[0][:-1]}\\{mark[0][-1]}", plain)
    return Document(
        key=document.id,
        title=" ".join(visible(document.title).split()),
        text=text,
        sections=(Section((), 0, len(text)),) if text else (),
        digest=content_hash(f"{document.title}\n{document.text}"),
    )


# --- reading -------------------------------------------------------------------------------------


_HEADER = "query-id\tcorpus-id\tscore"
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")


class _QueryLine(BaseModel):
    id: Id = Field(alias="_id")
    text: str


class _CorpusLine(_QueryLine):
    title: str | None = None


_Named = TypeVar("_Named", bound=_QueryLine)


@dataclass(frozen=True, slots=True)
class _Judgement:
    query: str
    document: str
    grade: int
    place: str


def read_beir(folder: Path, split: str) -> BeirSet:
    """The corpus and the judged queries of one split; of two judgements of one pair the last stands, as in BEIR.

    Raises UsageError, with file and line, for a line that does not fit, an id that comes twice, and a judgement of a
    query that is not there; and where a file is missing or holds nothing.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no folder {str(folder)!r}; name one with corpus.jsonl, queries.jsonl and qrels/")
    corpus = _by_id(folder / "corpus.jsonl", _CorpusLine)
    queries = _by_id(folder / "queries.jsonl", _QueryLine)
    grades: dict[str, dict[str, int]] = {}
    for judgement in _judgements(_split_file(folder, split)):
        if judgement.query not in queries:
            raise UsageError(
                f"{judgement.place}: the query {judgement.query!r} is not in 'queries.jsonl'; add it there"
            )
        grades.setdefault(judgement.query, {})[judgement.document] = judgement.grade
    documents = (BeirDocument(line.id, line.title or "", line.text) for line in corpus.values())
    judged = (JudgedQuery(line.id, line.text, grades[line.id]) for line in queries.values() if line.id in grades)
    return BeirSet(tuple(documents), tuple(judged))


def _by_id(path: Path, shape: type[_Named]) -> dict[str, _Named]:
    found: dict[str, _Named] = {}
    for line in json_lines(path, shape):
        if line.value.id in found:
            raise UsageError(f"{line.place}: the _id {line.value.id!r} came before; give every line its own")
        found[line.value.id] = line.value
    if not found:
        raise UsageError(f'{str(path)!r} holds nothing; write one JSON object a line: {{"_id": …, "text": …}}')
    return found


def _split_file(folder: Path, split: str) -> Path:
    path = folder / "qrels" / f"{split}.tsv"
    if not path.is_file():
        there = ", ".join(sorted(file.stem for file in path.parent.glob("*.tsv"))) or "none"
        raise UsageError(f"{str(path)!r} is missing; name a split that is there: {there}")
    return path


def _judgements(path: Path) -> Iterator[_Judgement]:
    """The lines below the header; raises UsageError where there is no header or no judgement."""
    lines = lines_of(path)
    head = next(lines, None)
    if head is None or _is_number(head.text.rpartition("\t")[2]):
        place = head.place if head else f"{str(path)!r}, line 1"
        raise UsageError(f"{place}: there is no header; write {_HEADER!r} there")
    empty = True
    for line in lines:
        yield _judgement(line)
        empty = False
    if empty:
        raise UsageError(f"{str(path)!r} holds no judgement below its header; name another split")


def _judgement(line: Line) -> _Judgement:
    columns = [column.strip() for column in line.text.split("\t")]
    if len(columns) != len(_HEADER.split("\t")) or not _is_number(columns[-1]):
        raise UsageError(f"{line.place}: {line.text!r} is no judgement; write {_HEADER!r}, the score a whole number")
    return _Judgement(columns[0], columns[1], int(columns[2]), line.place)


def _is_number(text: str) -> bool:
    return bool(_WHOLE_NUMBER.fullmatch(text.strip()))
