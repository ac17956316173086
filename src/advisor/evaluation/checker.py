"""Check the checker: how rightly each support tier judges sentence–passage pairs that people have labelled.

Owns the pairs' file and the figures over them. Knows nothing of answers, of runs, or of how a tier judges.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from advisor.errors import UsageError
from advisor.evaluation.support import Tier, supports
from advisor.index.embedding import Embedder

DEV, TEST = "dev", "test"
ALWAYS_YES = "always yes"

Check = Callable[[str, str], bool]  # sentence, passage: is it supported?


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A sentence, a passage, and whether the one bears out the other; `kind` says how the sentence was made."""

    id: str
    split: str
    kind: str
    sentence: str
    passage: str
    supported: bool
    page: str


@dataclass(frozen=True, slots=True)
class CheckerFigures:
    """How one tier told "supported" on one half of the pairs, each share 0…1; a share of nothing is 0."""

    tier: str
    split: str
    pairs: int
    precision: float
    recall: float
    f1: float


_PAIR = TypeAdapter(LabelledPair)


def read_pairs(path: Path) -> tuple[LabelledPair, ...]:
    """All pairs, in the order of the file; UsageError names the file, or the line that does not fit."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the labelled pairs {str(path)!r} cannot be read ({error}); name another --pairs") from error
    pairs = []
    for number, line in enumerate(lines, start=1):
        try:
            pairs += [_PAIR.validate_python(json.loads(line))] if line.strip() else []
        except (ValidationError, json.JSONDecodeError) as error:
            raise UsageError(f"{str(path)!r}, line {number}: this is no labelled pair ({error})") from error
    return tuple(pairs)


def figures_of(name: str, said: Sequence[bool], pairs: Sequence[LabelledPair]) -> CheckerFigures:
    """Precision, recall and F1 of "supported" over pairs of one half; `said` is what the tier said of each."""
    right = sum(says and pair.supported for says, pair in zip(said, pairs, strict=True))
    positive = sum(pair.supported for pair in pairs)
    return CheckerFigures(
        tier=name,
        split=pairs[0].split if pairs else "",
        pairs=len(pairs),
        precision=right / max(1, sum(said)),
        recall=right / max(1, positive),
        f1=2 * right / max(1, sum(said) + positive),
    )


def tiers(embedder: Embedder) -> dict[str, Check]:
    """The check of each support tier, by name."""
    return {
        str(Tier.LEXICAL): lambda sentence, passage: supports(sentence, passage, Tier.LEXICAL),
        str(Tier.EMBEDDING): lambda sentence, passage: supports(sentence, passage, Tier.EMBEDDING, embedder),
    }


def check_the_checker(pairs: Sequence[LabelledPair], embedder: Embedder) -> tuple[CheckerFigures, ...]:
    """Every tier on each half, beside a check that always says yes: a tier no better than that tells nothing."""
    found = []
    for split in (DEV, TEST):
        half = [pair for pair in pairs if pair.split == split]
        if half:
            found.append(figures_of(ALWAYS_YES, [True] * len(half), half))
            for name, check in tiers(embedder).items():
                found.append(figures_of(name, [check(pair.sentence, pair.passage) for pair in half], half))
    return tuple(found)
