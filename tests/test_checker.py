"""Checking the checker: hand-counted precision and recall, and files of pairs that are wrong."""

import json
from pathlib import Path

import numpy as np
import pytest

from advisor.errors import UsageError
from advisor.evaluation.checker import LabelledPair, check_the_checker, figures_of, read_pairs
from advisor.index.embedding import Vectors

PAIRS = Path(__file__).parents[1] / "eval" / "support_pairs.jsonl"


def pair(supported: bool, *, split: str = "dev", sentence: str = "SQL takes 6 weeks.") -> LabelledPair:
    return LabelledPair("p", split, "kind", sentence, "SQL takes 6 weeks at 5 hours a week.", supported, "page.md")


class Alike:
    """Every text means the same."""

    name, digest, dimension = "alike", "0", 2

    def embed(self, texts: list[str]) -> Vectors:
        return np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (len(texts), 1))


def test_precision_recall_and_f1_are_those_of_supported() -> None:
    pairs = [pair(True), pair(True), pair(True), pair(False)]
    found = figures_of("tier", [True, True, False, True], pairs)
    assert (found.precision, found.recall, found.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert (found.tier, found.split, found.pairs) == ("tier", "dev", 4)


def test_shares_of_nothing_are_zero() -> None:
    assert figures_of("tier", [False], [pair(False)]).f1 == 0.0
    assert figures_of("tier", [], []).precision == 0.0


def test_each_half_is_told_apart_and_stands_beside_a_check_that_always_says_yes() -> None:
    wrong = "SQL takes 9 weeks."
    pairs = [pair(True), pair(False, sentence=wrong), pair(False, split="test", sentence=wrong)]
    found = {(one.tier, one.split): one for one in check_the_checker(pairs, Alike())}
    assert set(found) == {(tier, half) for tier in ("always yes", "lexical", "embedding") for half in ("dev", "test")}
    assert found["always yes", "dev"].precision == 0.5
    assert found["lexical", "dev"].precision == 1.0  # the swapped number is seen
    assert found["always yes", "test"].recall == 0.0  # none of that half is supported


def test_the_committed_pairs_are_enough_of_each_kind_and_half() -> None:
    pairs = read_pairs(PAIRS)
    assert len(pairs) >= 120
    assert len({one.id for one in pairs}) == len(pairs)
    for split in ("dev", "test"):
        half = [one for one in pairs if one.split == split]
        assert 0.3 < sum(one.supported for one in half) / len(half) < 0.7
        assert {"number-swapped", "negation-or-opposite", "name-swapped", "half-true"} <= {one.kind for one in half}


@pytest.mark.parametrize("line", ["{", "[]", json.dumps({"id": "p"})])
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(UsageError, match="line 2"):
        read_pairs(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.jsonl"):
        read_pairs(tmp_path / "nowhere.jsonl")
