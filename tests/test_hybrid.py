"""Fusion against a dictionary, and its ties."""

import dataclasses

import numpy as np
import pytest
from conftest import HashingEmbedder

from advisor.corpus.chunking import embedding_text
from advisor.index.embedding import Vectors
from advisor.index.publish import Snapshot
from advisor.records import Hit, Intent, Passage, Query
from advisor.search.expansion import PASSAGES, TOWARDS, TRUST, WORDS
from advisor.search.hybrid import (
    ALIKE_WEIGHT,
    DENSE_WEIGHT,
    NEAR_BONUS,
    WORDS_SHARE,
    normalised,
    search,
    without_repeats,
)
from advisor.search.thesaurus import synonyms
from advisor.text import stems

QUESTIONS = ["Which tools does a gardener use?", "Kafka and Airflow pipelines", "bread before sunrise", "zebra"]


def query(question: str) -> Query:
    return Query(question, question, Intent.FACT, tuple(dict.fromkeys(stems(question))))


def found(snapshot: Snapshot, asked: Query, embedder: HashingEmbedder, k: int) -> tuple[Hit, ...]:
    return search(snapshot, asked, vector=embedder.embed([asked.standalone])[0], k=k)


def nearest_by_hand(snapshot: Snapshot, row: int, question: Vectors) -> float:
    """The larger of two cosines: the passage's own, and that of its nearest line."""
    own = [snapshot.vectors[row]]
    lines = zip(snapshot.lines.passages, snapshot.lines.vectors, strict=True)
    vectors = own + [vector for passage, vector in lines if passage == row]
    return max(sum(float(a) * float(b) for a, b in zip(vector, question, strict=True)) for vector in vectors)


def by_id(hits: tuple[Hit, ...]) -> dict[str, float]:
    return {hit.passage.id: hit.fused_score for hit in hits}


def scaled(scores: dict[str, float]) -> dict[str, float]:
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 0.0 for key, score in scores.items()}


def mixed(dense: dict[str, float], lexical: dict[str, float]) -> dict[str, float]:
    one, two = scaled(dense), scaled(lexical)
    return {key: DENSE_WEIGHT * one[key] + (1 - DENSE_WEIGHT) * two[key] for key in one}


def nearest_of_all(snapshot: Snapshot, question: Vectors) -> dict[str, float]:
    return {passage.id: nearest_by_hand(snapshot, row, question) for row, passage in enumerate(snapshot.passages)}


def fused_by_hand(snapshot: Snapshot, asked: Query, embedder: HashingEmbedder) -> dict[str, float]:
    """Every passage's fused score, one after another (the three pages have fewer passages than candidates)."""
    question = embedder.embed([asked.standalone])[0]
    alike = [other for term in asked.terms for other in sorted(synonyms(term))]
    words, others = snapshot.lexical.scores(asked.terms), snapshot.lexical.scores(alike)
    lexical = {p.id: float(words[row]) + ALIKE_WEIGHT * float(others[row]) for row, p in enumerate(snapshot.passages)}
    first = mixed(nearest_of_all(snapshot, question), lexical)
    if not any(first.values()):
        return first
    return expanded_by_hand(snapshot, asked, question, lexical, first)


def expanded_by_hand(
    snapshot: Snapshot, asked: Query, question: Vectors, lexical: dict[str, float], first: dict[str, float]
) -> dict[str, float]:
    """The same once more: Rocchio's vector and RM3's words, from the passages that came first."""
    rows = {passage.id: row for row, passage in enumerate(snapshot.passages)}
    told = sorted(first, key=lambda key: (-first[key], key))[:PASSAGES]
    trust = {key: first[key] ** TRUST / sum(first[other] ** TRUST for other in told) for key in told}
    towards = question + TOWARDS * sum(trust[key] * snapshot.vectors[rows[key]] for key in told)
    worth: dict[str, float] = {}
    for key in told:
        for stem in set(stems(embedding_text(snapshot.passages[rows[key]]))):
            worth[stem] = worth.get(stem, 0.0) + trust[key] * float(snapshot.lexical.scores([stem])[rows[key]])
    best = sorted(worth, key=lambda stem: (-worth[stem], stem))[:WORDS]
    total = sum(worth[stem] for stem in best)
    said = {key: (1 - WORDS_SHARE) * lexical[key] / len(asked.terms) for key in rows}
    for stem in best:
        column = snapshot.lexical.scores([stem])
        for key, row in rows.items():
            said[key] += WORDS_SHARE * worth[stem] / total * float(column[row])
    return mixed(nearest_of_all(snapshot, towards / np.linalg.norm(towards)), said)


@pytest.mark.parametrize("question", QUESTIONS)
def test_fusion_is_what_a_dictionary_gives(snapshot: Snapshot, embedder: HashingEmbedder, question: str) -> None:
    expected = fused_by_hand(snapshot, query(question), embedder)
    hits = found(snapshot, query(question), embedder, k=100)
    assert by_id(hits) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_come_best_first_and_ties_by_id(snapshot: Snapshot, embedder: HashingEmbedder, question: str) -> None:
    hits = found(snapshot, query(question), embedder, k=100)
    keys = [(-hit.fused_score, hit.passage.id) for hit in hits]
    assert keys == sorted(keys)


def test_a_question_about_nothing_there_is_all_ties_in_the_order_of_ids(
    snapshot: Snapshot, embedder: HashingEmbedder
) -> None:
    asked = query("zebra")
    hits = found(snapshot, asked, embedder, k=100)
    assert {hit.lexical_score for hit in hits} == {0.0}
    tied = [hit.passage.id for hit in hits if hit.fused_score == hits[-1].fused_score]
    assert len(tied) > 1
    assert tied == sorted(tied)


@pytest.mark.parametrize("k", [1, 3])
def test_fewer_hits_are_the_first_of_more(snapshot: Snapshot, embedder: HashingEmbedder, k: int) -> None:
    more = found(snapshot, query(QUESTIONS[0]), embedder, k=100)
    assert found(snapshot, query(QUESTIONS[0]), embedder, k=k) == more[:k]


def test_scores_say_which_they_are(snapshot: Snapshot, embedder: HashingEmbedder) -> None:
    best = found(snapshot, query("spade secateurs"), embedder, k=1)[0]
    row = snapshot.passages.index(best.passage)
    question = embedder.embed(["spade secateurs"])[0]
    assert best.dense_score == pytest.approx(nearest_by_hand(snapshot, row, question), abs=1e-5)
    assert best.passage.section[-1] == "Tools"
    assert best.lexical_score > 0


def test_a_follow_up_lifts_the_passages_cited_before(snapshot: Snapshot, embedder: HashingEmbedder) -> None:
    asked = query(QUESTIONS[0])
    before = found(snapshot, asked, embedder, k=100)
    near = before[-1].passage.id
    after = found(snapshot, dataclasses.replace(asked, near=(near,)), embedder, k=100)
    assert by_id(after)[near] - by_id(before)[near] == pytest.approx(NEAR_BONUS)


def test_scores_that_do_not_differ_say_nothing() -> None:
    assert normalised(np.array([2, 2, 2], dtype=np.float32)).tolist() == [0, 0, 0]
    assert normalised(np.array([1, 3, 2], dtype=np.float32)).tolist() == [0, 1, 0.5]
    assert normalised(np.array([], dtype=np.float32)).tolist() == []


def test_repeated_wording_under_one_title_is_listed_once() -> None:
    def hit(number: int, title: str, text: str) -> Hit:
        return Hit(Passage(f"{number}", f"{number}.md", title, ("x",), 0, len(text), text), 1 / number, 0, 0)

    hits = [hit(1, "A", "Same words."), hit(2, "A", "same  WORDS."), hit(3, "B", "Same words.")]
    assert [kept.passage.id for kept in without_repeats(hits)] == ["1", "3"]


@pytest.mark.parametrize(("role", "is_kept"), [("Data Engineer", True), ("Baker", False)])
def test_with_a_role_pages_about_other_roles_are_left_out(
    snapshot: Snapshot, embedder: HashingEmbedder, role: str, is_kept: bool
) -> None:
    hits = found(snapshot, dataclasses.replace(query(QUESTIONS[1]), roles=(role,)), embedder, k=100)
    roles = {hit.passage.role for hit in hits}
    assert None in roles  # a page that names no role is for everyone
    assert ("Data Engineer" in roles) is is_kept
