"""A set in BEIR's layout: read, searched as brute force would, averaged over every judged query."""

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import HashingEmbedder, count_pieces

from advisor.errors import UsageError
from advisor.evaluation.beir import (
    DEPTH,
    BeirDocument,
    JudgedQuery,
    RankingFigures,
    Rankings,
    RetrievalReport,
    Shelf,
    figures_of,
    fill_shelf,
    mean_figures,
    rank,
    read_beir,
    retrieval_report,
)
from advisor.search.hybrid import DENSE_WEIGHT
from advisor.text import stems

# None of these words asks for anything, has a synonym or could be mended into another.
TREES = "alder birch cedar dogwood elm ginkgo hornbeam juniper larch maple oak poplar rowan spruce willow yew".split()
JsonLine = dict[str, object]


def jsonl(path: Path, lines: Sequence[JsonLine]) -> None:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


def write_set(
    folder: Path, *, corpus: Sequence[JsonLine], queries: dict[str, str], qrels: Sequence[str], split: str = "test"
) -> Path:
    """A folder in BEIR's layout; a judgement is written `query document grade`."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    jsonl(folder / "corpus.jsonl", corpus)
    jsonl(folder / "queries.jsonl", [{"_id": key, "text": text} for key, text in queries.items()])
    rows = ["query-id corpus-id score", *qrels]
    (folder / "qrels" / f"{split}.tsv").write_text("".join(f"{row}\n".replace(" ", "\t") for row in rows))
    return folder


def document(key: str, text: str, title: str = "") -> JsonLine:
    return {"_id": key, "title": title, "text": text, "metadata": {}}


def silent(_done: int, _total: int) -> None:
    pass


def report_on(folder: Path, embedder: HashingEmbedder | None = None) -> RetrievalReport:
    return retrieval_report(folder, "test", embedder or HashingEmbedder(), count_pieces, silent)


def shelf_of(*documents: BeirDocument) -> Shelf:
    return fill_shelf(documents, HashingEmbedder(), count_pieces, silent)


# --- rankings against brute force ------------------------------------------------------------------


def random_documents() -> list[BeirDocument]:
    random = np.random.default_rng(7)

    def some(most: int) -> str:
        return " ".join(random.choice(TREES, size=random.integers(1, most)))

    return [BeirDocument(f"d{number}", some(3), some(12)) for number in range(40)]


DOCUMENTS = random_documents()
QUESTIONS = ["alder", "birch maple", "cedar elm yew", "oak oak willow rowan", "zebra", "larch zebra"]


def cosines(question: str) -> dict[str, float]:
    embedder = HashingEmbedder()
    rows = embedder.embed([f"{one.title}\n{one.text}" for one in DOCUMENTS])
    return dict(zip((one.id for one in DOCUMENTS), (rows @ embedder.embed([question])[0]).tolist(), strict=True))


def bm25_scores(question: str) -> dict[str, float]:
    """Lucene's BM25 term by term (Kamphuis et al. 2020), k1 = 1.5, b = 0.75; a word asked twice counts once."""
    bags = {one.id: Counter(stems(f"{one.title} {one.text}")) for one in DOCUMENTS}
    average = sum(bag.total() for bag in bags.values()) / len(bags)
    scores = dict.fromkeys(bags, 0.0)
    for term in set(stems(question)):
        holding = sum(term in bag for bag in bags.values())
        rarity = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
        for key, bag in bags.items():
            scores[key] += rarity * bag[term] / (bag[term] + 1.5 * (0.25 + 0.75 * bag.total() / average))
    return scores


def scaled(scores: dict[str, float]) -> dict[str, float]:
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 0.0 for key, score in scores.items()}


def assert_best_first(ranked: Sequence[str], scores: dict[str, float], expected: int) -> None:
    """Every place holds a document of the score that belongs there: rounding may swap equal ones."""
    assert len(set(ranked)) == len(ranked) == expected
    best = sorted(scores.values(), reverse=True)[:expected]
    assert [scores[key] for key in ranked] == pytest.approx(best, abs=1e-5)


@pytest.mark.parametrize("question", QUESTIONS)
def test_dense_is_brute_force_over_all_documents(question: str) -> None:
    assert_best_first(rank(shelf_of(*DOCUMENTS), question).dense, cosines(question), len(DOCUMENTS))


@pytest.mark.parametrize("question", QUESTIONS)
def test_bm25_is_the_formula_and_leaves_out_what_shares_no_word(question: str) -> None:
    scores = bm25_scores(question)
    assert_best_first(rank(shelf_of(*DOCUMENTS), question).bm25, scores, sum(score > 0 for score in scores.values()))


@pytest.mark.parametrize("question", QUESTIONS)
def test_hybrid_unexpanded_is_the_convex_combination_of_both(monkeypatch: pytest.MonkeyPatch, question: str) -> None:
    monkeypatch.setattr("advisor.search.hybrid.PASSAGES", 0)
    dense, bm25 = scaled(cosines(question)), scaled(bm25_scores(question))
    fused = {key: DENSE_WEIGHT * dense[key] + (1 - DENSE_WEIGHT) * bm25[key] for key in dense}
    assert_best_first(rank(shelf_of(*DOCUMENTS), question).hybrid, fused, len(DOCUMENTS))


def test_what_the_first_passages_say_finds_others_on_the_same_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = shelf_of(BeirDocument("a", "", "oak ash"), BeirDocument("b", "", "yew"), BeirDocument("z", "", "ash elm"))
    assert rank(shelf, "oak").hybrid == ("a", "z", "b")
    monkeypatch.setattr("advisor.search.hybrid.PASSAGES", 0)
    assert rank(shelf, "oak").hybrid == ("a", "b", "z")


def test_equal_scores_go_by_the_order_of_the_corpus_in_each_half_and_by_id_in_the_product() -> None:
    shelf = shelf_of(BeirDocument("b", "", "oak elm"), BeirDocument("a", "", "elm oak"), BeirDocument("c", "", "yew"))
    assert rank(shelf, "oak") == Rankings(hybrid=("a", "b", "c"), dense=("b", "a", "c"), bm25=("b", "a"))


def test_the_product_lists_a_repeated_document_once() -> None:
    shelf = shelf_of(BeirDocument("one", "", "oak elm"), BeirDocument("two", "", "oak elm"))
    assert rank(shelf, "oak") == Rankings(hybrid=("one",), dense=("one", "two"), bm25=("one", "two"))


def test_a_long_document_stands_where_its_best_passage_stands_and_only_once() -> None:
    filler = " ".join(f"Larch and maple number {n} grow." for n in range(120))
    shelf = shelf_of(
        BeirDocument("short", "", "oak spruce poplar juniper"), BeirDocument("long", "", f"{filler} Oak. {filler} Oak.")
    )
    assert sum(passage.document == "long" for passage in shelf.snapshot.passages) > 2
    found = rank(shelf, "larch")
    assert found.dense == found.hybrid == ("long", "short")
    assert found.bm25 == ("long",)
    assert rank(shelf, "spruce").dense == ("short", "long")


def test_a_ranking_holds_a_hundred_documents_though_others_fill_many_passages() -> None:
    filler = "Oak and elm grow. " * 300
    many = [BeirDocument(f"d{n}", "", f"Oak number {n} grows beside larch.") for n in range(DEPTH + 20)]
    found = rank(shelf_of(BeirDocument("long", "", filler), *many), "oak elm")
    assert len(found.dense) == len(found.bm25) == len(found.hybrid) == DEPTH
    assert found.dense[0] == found.bm25[0] == "long"


# --- what is indexed -------------------------------------------------------------------------------


def test_every_document_has_one_line_with_the_meaning_of_its_first_passage() -> None:
    long = " ".join(f"Oak number {n} grows here." for n in range(120))
    snapshot = shelf_of(BeirDocument("x", "", long), BeirDocument("y", "Yew", "larch")).snapshot
    assert [passage.document for passage in snapshot.passages] == ["x", "x", "x", "y"]
    assert (snapshot.lines.starts, snapshot.lines.passages.tolist()) == ({"x": 0, "y": 1}, [0, 3])
    np.testing.assert_array_equal(snapshot.lines.vectors, snapshot.vectors[[0, 3]])


@pytest.mark.parametrize(
    "text",
    [
        "# not a heading",
        "- not an item",
        "1. not a number in a list",
        "<div>not HTML</div>",
        "a <b and c> d &amp; e",
        "x *y* _z_ `q` [r](s) ~~t~~ \\u",
        "> not a quote",
        "--- not a rule",
        "[a]: http://not-a-definition.example",
    ],
)
def test_plain_text_loses_nothing_to_markdown(text: str) -> None:
    embedder = HashingEmbedder()
    fill_shelf([BeirDocument("d", "Title", text)], embedder, count_pieces, silent)
    assert embedder.seen == [f"Title\n{text}"]


def test_a_document_with_a_title_alone_is_found_and_one_without_a_word_is_not() -> None:
    shelf = shelf_of(BeirDocument("blank", " ", "\n"), BeirDocument("named", "Yew hedges", ""))
    assert rank(shelf, "yew") == Rankings(hybrid=("named",), dense=("named",), bm25=("named",))


def test_a_corpus_without_a_word_cannot_be_searched() -> None:
    with pytest.raises(UsageError, match="no document of the corpus has a word"):
        shelf_of(BeirDocument("blank", "", ""))


@pytest.mark.parametrize("question", ["", "  \n", "???", "\u200b"])
def test_a_query_without_words_finds_nothing(question: str) -> None:
    assert rank(shelf_of(BeirDocument("d", "", "oak")), question) == Rankings()


def test_a_query_may_be_longer_than_a_learner_may_ask() -> None:
    assert rank(shelf_of(BeirDocument("d", "", "oak")), "oak " * 2000).bm25 == ("d",)


# --- figures ---------------------------------------------------------------------------------------


def test_figures_are_means_over_all_judged_queries() -> None:
    queries = [JudgedQuery("1", "", {"a": 2, "b": 1}), JudgedQuery("2", "", {"z": 1}), JudgedQuery("3", "", {"a": 0})]
    deep = ("x", "b", *(f"x{n}" for n in range(20)), "a")
    rankings: list[tuple[str, ...]] = [deep, (), ("a",)]
    figures = mean_figures([figures_of(query, ranked) for query, ranked in zip(queries, rankings, strict=True)])
    gained, ideal = 1 / math.log2(3), 2 + 1 / math.log2(3)
    assert figures.ndcg_at_10 == pytest.approx(gained / ideal / 3)
    assert (figures.recall_at_10, figures.recall_at_100) == pytest.approx((1 / 2 / 3, 1 / 3))
    assert figures.reciprocal_rank_at_10 == pytest.approx(1 / 2 / 3)


def test_there_is_no_mean_over_no_query() -> None:
    with pytest.raises(ValueError, match="no query"):
        mean_figures([])


CORPUS = [document("d1", "oak and elm", "Trees"), document("d2", "yew"), document("d3", "birch larch")]


def test_a_report_holds_the_figures_of_the_product_and_of_each_half(tmp_path: Path) -> None:
    folder = write_set(
        tmp_path / "grove",
        corpus=CORPUS,
        queries={"d1": "oak", "lost": "???", "unjudged": "yew", "gone": "birch"},
        qrels=["d1 d1 1", "lost d2 1", "gone d3 1", "gone d9 1"],
    )
    embedder = HashingEmbedder()
    report = report_on(folder, embedder)
    counts = (report.queries, report.documents, report.passages, report.absent)
    assert (report.dataset, report.split, report.embedder, counts) == ("grove", "test", "hashing", (3, 3, 3, 1))
    ndcg = (1 + 0 + 1 / (1 + 1 / math.log2(3))) / 3
    figures = RankingFigures(pytest.approx(ndcg), pytest.approx(0.5), pytest.approx(0.5), pytest.approx(2 / 3))
    assert report.hybrid == report.dense == report.bm25 == figures
    assert "yew" not in embedder.seen[len(CORPUS) :]  # a query that nobody judged is not run


def test_progress_counts_passages_and_queries_up_to_their_sum(tmp_path: Path) -> None:
    folder = write_set(tmp_path, corpus=CORPUS, queries={"q": "oak", "r": "elm"}, qrels=["q d1 1", "r d1 1"])
    seen: list[tuple[int, int]] = []
    retrieval_report(folder, "test", HashingEmbedder(), count_pieces, lambda done, total: seen.append((done, total)))
    assert seen == [(0, 5), (3, 5), (4, 5), (5, 5)]


# --- reading ---------------------------------------------------------------------------------------


def test_of_two_judgements_of_one_pair_the_last_stands(tmp_path: Path) -> None:
    folder = write_set(tmp_path, corpus=CORPUS, queries={"q": "oak"}, qrels=["q d1 0", "q d2 -1", "q d1 2"])
    (query,) = read_beir(folder, "test").queries
    assert query.grades == {"d1": 2, "d2": -1}
    assert query.relevant == {"d1"}


def test_another_split_judges_other_queries(tmp_path: Path) -> None:
    queries = {"q": "oak", "r": "elm"}
    write_set(tmp_path, corpus=CORPUS, queries=queries, qrels=["q d1 1"], split="dev")
    write_set(tmp_path, corpus=CORPUS, queries=queries, qrels=["r d1 1"])
    assert [query.id for query in read_beir(tmp_path, "dev").queries] == ["q"]
    assert [query.id for query in read_beir(tmp_path, "test").queries] == ["r"]


def test_numbered_ids_blank_lines_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    folder = write_set(tmp_path, corpus=CORPUS, queries={"7": "oak"}, qrels=["7 1 1"])
    (folder / "corpus.jsonl").write_bytes(b'\xef\xbb\xbf{"_id": 1, "title": null, "text": "oak"}\r\n\r\n')
    qrels = folder / "qrels" / "test.tsv"
    qrels.write_bytes(qrels.read_bytes().replace(b"\n", b"\r\n"))
    found = read_beir(folder, "test")
    assert found.documents == (BeirDocument("1", "", "oak"),)
    assert found.queries == (JudgedQuery("7", "oak", {"1": 1}),)


Spoil = Callable[[Path], object]


def appended(name: str, line: bytes) -> Spoil:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes() + line + b"\n")


def replaced(name: str, content: bytes) -> Spoil:
    return lambda folder: (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (appended("corpus.jsonl", b"{oops"), ["corpus.jsonl", "line 4", "JSON"]),
        (appended("corpus.jsonl", b"[1]"), ["corpus.jsonl", "line 4", "object"]),
        (appended("corpus.jsonl", b'{"_id": "d4"}'), ["corpus.jsonl", "line 4", "'text' is missing"]),
        (appended("corpus.jsonl", b'{"_id": true, "text": ""}'), ["corpus.jsonl", "line 4", "'_id' cannot be True"]),
        (appended("corpus.jsonl", b'{"_id": "d1", "text": ""}'), ["corpus.jsonl", "line 4", "'d1' came before"]),
        (appended("corpus.jsonl", b'{"_id": "\xff"}'), ["corpus.jsonl", "line 4", "UTF-8"]),
        (appended("queries.jsonl", b'{"_id": "q", "text": "x"}'), ["queries.jsonl", "line 2", "'q' came before"]),
        (appended("queries.jsonl", b'{"_id": "r", "text": 7}'), ["queries.jsonl", "line 2", "'text' cannot be 7"]),
        (appended("qrels/test.tsv", b"q\td1"), ["test.tsv", "line 3", "no judgement"]),
        (appended("qrels/test.tsv", b"q\td1\thigh"), ["test.tsv", "line 3", "no judgement"]),
        (appended("qrels/test.tsv", b"r\td1\t1"), ["test.tsv", "line 3", "'r' is not in 'queries.jsonl'"]),
        (replaced("qrels/test.tsv", b"q\td1\t1\n"), ["test.tsv", "line 1", "no header"]),
        (replaced("qrels/test.tsv", b"query-id\tcorpus-id\tscore\n"), ["test.tsv", "no judgement"]),
        (replaced("qrels/test.tsv", b""), ["test.tsv", "no header"]),
        (replaced("corpus.jsonl", b"\n"), ["corpus.jsonl", "holds nothing"]),
        (lambda folder: (folder / "corpus.jsonl").unlink(), ["corpus.jsonl", "cannot be read"]),
        (lambda folder: (folder / "qrels/test.tsv").rename(folder / "qrels/dev.tsv"), ["test.tsv", "missing", "dev"]),
    ],
)
def test_what_is_wrong_is_named_before_anything_is_embedded(spoil: Spoil, named: list[str], tmp_path: Path) -> None:
    folder = write_set(tmp_path, corpus=CORPUS, queries={"q": "oak"}, qrels=["q d1 1"])
    spoil(folder)
    embedder = HashingEmbedder()
    with pytest.raises(UsageError) as raised:
        report_on(folder, embedder)
    assert [part for part in named if part not in str(raised.value)] == []
    assert "\n" not in str(raised.value)
    assert embedder.seen == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        read_beir(tmp_path / "nowhere", "test")
