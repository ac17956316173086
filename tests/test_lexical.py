"""BM25 against its formula, written out as two loops."""

import math
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from advisor.index.lexical import best_rows, build_lexical, open_lexical
from advisor.text import stems

TEXTS = [
    "Airflow schedules pipelines; pipelines carry data.",
    "Kafka carries streams of data to pipelines.",
    "A gardener plants hedges.",
    "",
    "Data data data, and some more data for good measure in a longer text about gardening tools.",
    "The of and",  # stop words only
]


def bm25(texts: Sequence[str], tokens: Sequence[str], k1: float = 1.5, b: float = 0.75) -> list[float]:
    """Lucene's variant (Kamphuis et al. 2020): idf = ln(1 + (N - df + 0.5) / (df + 0.5)), no factor k1 + 1."""
    rows = [stems(text) or ["\N{NULL}"] for text in texts]
    mean = sum(map(len, rows)) / len(rows)
    scores = []
    for row in rows:
        score = 0.0
        for token in tokens:
            df = sum(token in other for other in rows)
            if df:
                idf = math.log(1 + (len(rows) - df + 0.5) / (df + 0.5))
                tf = row.count(token)
                score += idf * tf / (tf + k1 * (1 - b + b * len(row) / mean))
        scores.append(score)
    return scores


@pytest.mark.parametrize("question", ["data pipelines", "gardener", "kafka data data", "hedges streams unheard"])
def test_scores_are_those_of_the_formula(question: str) -> None:
    assert build_lexical(TEXTS).scores(stems(question)) == pytest.approx(bm25(TEXTS, stems(question)), abs=1e-4)


def test_search_is_the_formula_sorted_without_the_rows_that_share_nothing() -> None:
    expected = bm25(TEXTS, stems("data pipelines"))
    order = sorted((row for row, s in enumerate(expected) if s > 0), key=lambda row: (-expected[row], row))
    assert [hit.row for hit in build_lexical(TEXTS).search(stems("data pipelines"), 10)] == order
    assert [hit.row for hit in build_lexical(TEXTS).search(stems("data pipelines"), 1)] == order[:1]


def test_equal_texts_come_in_the_order_of_their_rows() -> None:
    index = build_lexical(["other", "same words", "same words", "same words"])
    assert [hit.row for hit in index.search(stems("same words"), 3)] == [1, 2, 3]


@pytest.mark.parametrize("tokens", [[], ["unheard"]])
def test_words_the_index_does_not_know_find_nothing(tokens: list[str]) -> None:
    index = build_lexical(TEXTS)
    assert index.search(tokens, 5) == []
    assert np.array_equal(index.scores(tokens), np.zeros(len(TEXTS)))


@pytest.mark.parametrize("texts", [[], [""], ["The of and", ""]])
def test_an_index_without_words_finds_nothing(texts: list[str]) -> None:
    index = build_lexical(texts)
    assert index.search(["data"], 5) == []
    assert len(index.scores(["data"])) == len(texts)


def test_what_was_saved_scores_as_before(tmp_path: Path) -> None:
    built = build_lexical(TEXTS)
    built.save(tmp_path)
    opened = open_lexical(tmp_path, len(TEXTS))
    for question in ("data pipelines", "gardener", "unheard"):
        assert np.array_equal(opened.scores(stems(question)), built.scores(stems(question)))
    assert opened.rarity() == built.rarity()


def test_nothing_pickled_is_written(tmp_path: Path) -> None:
    build_lexical(TEXTS).save(tmp_path)
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} <= {".json", ".npy", ".jsonl"}


def test_a_stem_is_the_rarer_the_fewer_rows_hold_it() -> None:
    rarity = build_lexical(TEXTS).rarity()
    assert rarity["kafka"] == pytest.approx(math.log(1 + 6 / 1))
    assert rarity["data"] == pytest.approx(math.log(1 + 6 / 3))


def test_the_same_texts_give_the_same_files_whatever_the_order_of_a_set(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from advisor.index.lexical import build_lexical; "
        "build_lexical(sys.argv[2:]).save(Path(sys.argv[1]))"
    )
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, tmp_path / seed, *TEXTS], env=environment, check=True)
    for path in (tmp_path / "0").iterdir():
        assert path.read_bytes() == (tmp_path / "1" / path.name).read_bytes(), path.name


def test_scores_are_those_of_the_library_that_wrote_them(tmp_path: Path) -> None:
    import bm25s

    retriever = bm25s.BM25(k1=1.5, b=0.75, method="lucene")
    retriever.index([stems(text) or ["\N{NULL}"] for text in TEXTS], show_progress=False)
    retriever.save(str(tmp_path), show_progress=False)
    opened = open_lexical(tmp_path, len(TEXTS))
    for question in ("data pipelines", "gardener data", "kafka data data"):
        assert np.array_equal(opened.scores(stems(question)), retriever.get_scores(stems(question)))


def test_searching_loads_neither_the_library_that_builds_nor_scipy(tmp_path: Path) -> None:
    build_lexical(TEXTS).save(tmp_path)
    code = (
        "import sys; from pathlib import Path; from advisor.index.lexical import open_lexical; "
        f"print(open_lexical(Path(sys.argv[1]), {len(TEXTS)}).search(['kafka'], 1)[0].row, "
        "*{'bm25s', 'scipy'} & {name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]


@pytest.mark.parametrize("size", [3, 5])
def test_files_of_more_rows_than_there_are_passages_are_refused(tmp_path: Path, size: int) -> None:
    build_lexical(["one word", "another word", "more words", "still more words", "yet more words", "no end"]).save(
        tmp_path
    )
    with pytest.raises(ValueError, match=f"{size} rows"):
        open_lexical(tmp_path, size)


def test_the_best_rows_are_the_first_of_those_that_tie() -> None:
    scores = np.array([0, 2, 1, 1, 3, 1, 0, 1], dtype=np.float32)
    assert best_rows(scores, 4) == [4, 1, 2, 3]
    assert best_rows(scores, 2) == [4, 1]
    assert best_rows(scores, 9) == [4, 1, 2, 3, 5, 7]
    assert best_rows(np.zeros(3, dtype=np.float32), 2) == []


def test_the_best_rows_are_those_of_a_full_sort() -> None:
    scores = np.random.default_rng(1).integers(-3, 20, 500).astype(np.float32)
    for k in (1, 7, 50, 499, 600):
        expected = [row for row in sorted(range(500), key=lambda row: (-scores[row], row)) if scores[row] > 0][:k]
        assert best_rows(scores, k) == expected
