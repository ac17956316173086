"""FAISS against a search by brute force: exact for few rows, nearly exact by a graph for many."""

from dataclasses import replace
from threading import Thread

import faiss
import numpy as np
import pytest

from advisor.index.dense import DenseIndex, Graph
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


def test_one_thread_of_faiss_searches_and_whoever_comes_next_has_as_many_as_before() -> None:
    index, seen = DenseIndex(unit_rows(10, 4, seed=1)), []

    class Watched:
        ntotal = 10

        def search(self, *_asked: object, **_options: object) -> tuple[np.ndarray, np.ndarray]:
            seen.append(faiss.omp_get_max_threads())
            return np.zeros((1, 2), np.float32), np.zeros((1, 2), np.int64)

    index._index = Watched()

    def ask() -> None:
        faiss.omp_set_num_threads(3)
        index.search(unit_rows(1, 4, seed=2)[0], 2)
        seen.append(faiss.omp_get_max_threads())

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert seen == [1, 3]


# --- the graph -----------------------------------------------------------------------------------


MANY, QUESTIONS = unit_rows(3000, 16, seed=3), unit_rows(50, 16, seed=4)


@pytest.fixture(scope="module")
def walked() -> DenseIndex:
    return DenseIndex(MANY, flat_up_to=2999)


def test_so_many_rows_are_searched_flat_and_one_more_by_a_graph() -> None:
    assert DenseIndex(MANY[:20], flat_up_to=20).graph is None
    assert DenseIndex(MANY[:21], flat_up_to=20).graph is not None


def test_the_graph_finds_nearly_all_that_brute_force_finds(walked: DenseIndex) -> None:
    exact = [set(np.argsort(-(MANY @ question), kind="stable")[:10].tolist()) for question in QUESTIONS]
    found = [{hit.row for hit in walked.search(question, 10)} for question in QUESTIONS]
    assert sum(len(a & b) for a, b in zip(exact, found, strict=True)) >= 0.98 * 10 * len(QUESTIONS)


def test_the_graph_scores_by_inner_product_best_first(walked: DenseIndex) -> None:
    for question in QUESTIONS:
        hits = walked.search(question, 10)
        assert [hit.score for hit in hits] == pytest.approx([float(MANY[h.row] @ question) for h in hits], abs=1e-5)
        assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.row))


def test_more_is_found_than_a_walk_usually_holds(walked: DenseIndex) -> None:
    assert len(walked.search(QUESTIONS[0], 500)) == 500


def test_the_same_vectors_give_the_same_graph(walked: DenseIndex) -> None:
    again = DenseIndex(MANY, flat_up_to=0)
    assert walked.graph is not None
    assert again.graph is not None
    assert np.array_equal(walked.graph.links, again.graph.links)
    assert np.array_equal(walked.graph.levels, again.graph.levels)
    assert walked.graph.entry == again.graph.entry


def test_an_index_made_from_its_graph_answers_as_before(walked: DenseIndex) -> None:
    restored = DenseIndex(MANY, walked.graph, flat_up_to=2999)
    for question in QUESTIONS:
        assert restored.search(question, 10) == walked.search(question, 10)


def test_equal_vectors_do_not_cut_the_graph_in_two() -> None:
    many = np.concatenate([np.repeat(MANY[:300], 5, axis=0), MANY[300:1000]])
    index = DenseIndex(many, flat_up_to=0)
    for question in QUESTIONS:
        best = np.sort(many @ question)[::-1][:10]
        assert [hit.score for hit in index.search(question, 10)] == pytest.approx(best.tolist(), abs=1e-5)


def spoiled(graph: Graph, **changed: object) -> Graph:
    return replace(graph, **changed)


def with_value(array: np.ndarray[tuple[int], np.dtype[np.int32]], at: int, value: int) -> object:
    copy = array.copy()
    copy[at] = value
    return copy


def test_a_graph_that_leads_out_of_the_rows_is_refused(walked: DenseIndex) -> None:
    graph = walked.graph
    assert graph is not None
    assert graph.fits(len(MANY))
    top = int(np.argmax(graph.levels > 1))  # a row with an upper level, and where that level's links stand
    upper = int(((graph.levels[:top].astype(int) + 1) * graph.links_per_row).sum()) + 2 * graph.links_per_row
    lowest = int(np.argmin(graph.levels))
    wrong = [
        spoiled(graph, links=with_value(graph.links, 5, len(MANY))),
        spoiled(graph, links=with_value(graph.links, 5, -2)),
        spoiled(graph, links=with_value(graph.links, upper, lowest)),
        spoiled(graph, links=graph.links[:-1]),
        spoiled(graph, links=graph.links.astype(np.int64)),
        spoiled(graph, levels=with_value(graph.levels, 7, 0)),
        spoiled(graph, levels=with_value(graph.levels, 7, 9)),
        spoiled(graph, levels=graph.levels[:-1]),
        spoiled(graph, entry=len(MANY)),
        spoiled(graph, entry=-1),
        spoiled(graph, entry=lowest),
        spoiled(graph, links_per_row=16),
    ]
    for graph in wrong:
        with pytest.raises(ValueError, match="rows"):
            DenseIndex(MANY, graph)


def test_a_graph_of_other_rows_is_refused(walked: DenseIndex) -> None:
    with pytest.raises(ValueError, match="2999 rows"):
        DenseIndex(MANY[:2999], walked.graph)
