"""FAISS against a search by brute force."""

import numpy as np
import pytest

from advisor.index.dense import DenseIndex
from advisor.index.embedding import Vectors


def unit_rows(count: int, dimension: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def brute_force(vectors: Vectors, vector: Vectors, k: int) -> list[int]:
    scores = [sum(float(a) * float(b) for a, b in zip(row, vector, strict=True)) for row in vectors]
    return sorted(range(len(scores)), key=lambda row: (-scores[row], row))[:k]


@pytest.mark.parametrize("k", [1, 7, 200])
def test_faiss_finds_what_brute_force_finds(k: int) -> None:
    vectors, questions = unit_rows(200, 16, seed=1), unit_rows(10, 16, seed=2)
    index = DenseIndex(vectors)
    for question in questions:
        found = index.search(question, k)
        assert [hit.row for hit in found] == brute_force(vectors, question, k)
        assert [hit.score for hit in found] == pytest.approx(
            [float(vectors[h.row] @ question) for h in found], abs=1e-5
        )


def test_equal_vectors_come_in_the_order_of_their_rows() -> None:
    vectors = np.tile(np.array([[1, 0]], dtype=np.float32), (9, 1))
    assert [hit.row for hit in DenseIndex(vectors).search(vectors[0], 9)] == list(range(9))


def test_asking_for_more_than_there_is_gives_what_there_is() -> None:
    assert len(DenseIndex(unit_rows(3, 4, seed=1)).search(unit_rows(1, 4, seed=2)[0], 10)) == 3


def test_an_empty_index_finds_nothing() -> None:
    assert DenseIndex(np.zeros((0, 4), dtype=np.float32)).search(np.ones(4, dtype=np.float32), 5) == []
