"""Query expansion by hand: shares, the moved vector, and the words that tell passages from others."""

from math import log

import numpy as np
import pytest

from advisor.index.lexical import build_lexical
from advisor.search.expansion import TOWARDS, TRUST, WORDS, moved, shares, telling_words

TEXTS = ["oak ash ash", "oak yew", "elm", "larch maple"]


def one(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float32)


def test_a_better_passage_counts_more_and_all_together_count_one() -> None:
    assert shares([1.0, 0.5, 0.0]) == pytest.approx([1 / (1 + 0.5**TRUST), 0.5**TRUST / (1 + 0.5**TRUST), 0])
    assert shares([0.3, 0.3]) == pytest.approx([0.5, 0.5])


def test_the_question_moves_towards_the_passages_and_keeps_its_length() -> None:
    found = np.stack([one(0, 1, 0), one(0, 0, 1)])
    expected = one(1, TOWARDS * 0.75, TOWARDS * 0.25)
    assert moved(one(1, 0, 0), found, one(0.75, 0.25)) == pytest.approx(expected / np.linalg.norm(expected))


def test_a_question_that_its_passages_cancel_out_stays_as_it_is() -> None:
    assert moved(one(1, 0), np.stack([one(-1 / TOWARDS, 0)]), one(1)).tolist() == [1, 0]


def test_rare_words_of_trusted_passages_tell_most() -> None:
    """BM25 in Lucene's form with k1 = 1.5, b = 0.75: the first text has three words, the second two, two on average."""
    in_two, in_one = log(1 + 2.5 / 2.5), log(1 + 3.5 / 1.5)
    longer, average = 1.5 * (0.25 + 0.75 * 3 / 2), 1.5
    worth = {
        "oak": 0.9 * in_two / (1 + longer) + 0.1 * in_two / (1 + average),
        "ash": 0.9 * in_one * 2 / (2 + longer),
        "yew": 0.1 * in_one / (1 + average),
    }
    words = telling_words(build_lexical(TEXTS), [0, 1], one(0.9, 0.1))
    assert words == pytest.approx({word: value / sum(worth.values()) for word, value in worth.items()})
    assert list(words) == ["ash", "oak", "yew"]


def test_only_so_many_words_are_told_and_equal_ones_by_the_alphabet() -> None:
    names = [f"{letter}k{letter}k" for letter in "abcdefghijklmnopqrstuvwxyz"][: WORDS + 5]
    words = telling_words(build_lexical(["elm", " ".join(reversed(names))]), [1], one(1))
    assert list(words) == names[:WORDS]


def test_passages_without_a_word_tell_nothing() -> None:
    assert telling_words(build_lexical([*TEXTS, "", "the of"]), [4, 5], one(0.5, 0.5)) == {}
