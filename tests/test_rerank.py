"""Passages in another order by what a cross-encoder reads, held against sums by hand; and the door to one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import HashingEmbedder, count_pieces

from advisor.errors import ModelError, UsageError
from advisor.evaluation.beir import BeirDocument, fill_shelf, rank
from advisor.records import Hit, Intent, Passage, Query
from advisor.search.hybrid import Scores
from advisor.search.rerank import READING_SHARE, find_reranker, open_reranker, reranked
from advisor.settings import Settings

TREES = ("alder", "birch", "cedar")


class Told:
    """Says of each text what is told here of the first word in it that is known, else 0; keeps what it was shown."""

    def __init__(self, scores: dict[str, float]) -> None:
        self.told = scores
        self.shown: list[tuple[str, str]] = []

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        self.shown += [(question, text) for text in texts]
        found = [next((score for word, score in self.told.items() if word in text), 0.0) for text in texts]
        return np.array(found, dtype=np.float32)


def hit(tree: str, fused_score: float) -> Hit:
    text = f"The {tree} is a tree."
    return Hit(
        Passage(tree, "trees.md", "Trees", ("Wood",), 0, len(text), text, context="Trees > Wood"), fused_score, 0.1, 2
    )


def asked(question: str) -> Query:
    return Query(question, f"{question} (of trees)", Intent.FACT, ("tree",))


def test_what_is_read_and_what_was_found_count_by_their_shares() -> None:
    hits = [hit(tree, score) for tree, score in zip(TREES, (0.9, 0.5, 0.1), strict=True)]
    again = reranked(asked("which?"), hits, Told({"birch": 6.0, "cedar": 3.0}))
    share = READING_SHARE
    by_hand = {"alder": 1 - share, "birch": share + (1 - share) / 2, "cedar": share / 2}
    assert [found.passage.id for found in again] == sorted(by_hand, key=lambda tree: -by_hand[tree])
    assert {found.passage.id: pytest.approx(found.fused_score) for found in again} == by_hand
    assert {(found.dense_score, found.lexical_score) for found in again} == {(0.1, 2)}


def test_ties_keep_their_order_and_nothing_stays_nothing() -> None:
    even = [hit(tree, 0.5) for tree in TREES]
    assert [found.passage.id for found in reranked(asked("which?"), even, Told({}))] == list(TREES)
    assert reranked(asked("which?"), [], Told({})) == ()


def test_the_standalone_question_and_the_words_above_a_passage_are_read() -> None:
    told = Told({})
    reranked(asked("which?"), [hit("alder", 1.0)], told)
    assert told.shown == [("which? (of trees)", "Trees\nTrees > Wood\nThe alder is a tree.")]


def test_a_public_set_is_ranked_with_it() -> None:
    documents = [BeirDocument(tree, "", f"The {tree} is a tree of the wood.") for tree in TREES]
    shelf = fill_shelf(documents, HashingEmbedder(), count_pieces, lambda _done, _of: None)
    assert rank(shelf, "alder").hybrid[0] == "alder"
    assert rank(shelf, "alder", Told({"cedar": 5.0})).hybrid[0] == "cedar"
    assert rank(shelf, "alder", Told({"cedar": 5.0})).bm25 == rank(shelf, "alder").bm25


def test_none_is_set_by_default_and_an_unknown_one_is_named(tmp_path: Path) -> None:
    assert find_reranker(Settings().reranker, models_dir=tmp_path) is None
    with pytest.raises(UsageError, match="ms-marco-MiniLM-L6-v2"):
        find_reranker("ms-marco-minilm", models_dir=tmp_path)
    with pytest.raises(ModelError, match="advisor models pull ms-marco-MiniLM-L6-v2"):
        find_reranker("ms-marco-MiniLM-L6-v2", models_dir=tmp_path)


def test_a_folder_that_holds_no_cross_encoder_is_an_error_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", "utf-8")
    with pytest.raises(ModelError, match="models verify own"):
        open_reranker(tmp_path, name="own")


def small_cross_encoder(folder: Path, *, labels: int) -> Path:
    """A BERT of random weights with a head of so many labels, and a tokenizer that knows the trees."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(7)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "is", "a", "tree", ".", *TREES]
    BertTokenizerFast(vocab={word: number for number, word in enumerate(words)}).save_pretrained(folder)
    sizes = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, num_labels=labels,
    )  # fmt: skip
    BertForSequenceClassification(sizes).eval().save_pretrained(folder)
    return folder


def test_a_cross_encoder_of_a_folder_reads_pairs(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = small_cross_encoder(tmp_path, labels=1)
    reranker = find_reranker(str(folder), models_dir=tmp_path)
    assert reranker is not None
    texts = [f"the {tree} is a tree ." for tree in TREES]
    scores = reranker.scores("alder", texts)
    tokens = AutoTokenizer.from_pretrained(folder)(["alder"] * 3, texts, padding=True, return_tensors="pt")
    with torch.inference_mode():
        odds = AutoModelForSequenceClassification.from_pretrained(folder).eval()(**tokens).logits[:, 0].numpy()
    assert np.argsort(scores).tolist() == np.argsort(odds).tolist()
    assert len(set(scores.tolist())) == len(TREES)
    assert reranker.scores("alder", []).shape == (0,)
    again = reranked(asked("alder"), [replace(hit(tree, 1.0)) for tree in TREES], reranker)
    assert {found.passage.id for found in again} == set(TREES)


def test_a_classifier_of_several_classes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="3 classes"):
        open_reranker(small_cross_encoder(tmp_path, labels=3), name="own")
