"""Check the support tiers: `python eval/check_support.py [--split dev|test] [--show]`, `… --choose`.

Reads eval/support_pairs.jsonl: a sentence, a passage, and whether the one bears out the other, with the kind of error.
The tiers of `advisor.evaluation.support` stand beside the product's own checks (`ground`, which a model's draft has to
pass, and `stands_in_its_passage`, for pieces of an extract); all see the passage alone, without page title or question.
`--choose` looks at the dev half only. The test half is for the figures: a failure that was read there is spent.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor.answer.ground import ground, stands_in_its_passage
from advisor.evaluation.checker import Check, LabelledPair, figures_of, read_pairs, tiers
from advisor.evaluation.lines import lines_under_headings
from advisor.evaluation.support import embedding_support, lexical_support
from advisor.index.embedding import Embedder, open_embedder
from advisor.models import locate, weights_digest
from advisor.records import Passage, Snippet
from advisor.settings import Settings

PAIRS = Path(__file__).with_name("support_pairs.jsonl")


@dataclass(frozen=True)
class Choice:
    """A threshold and the F1 it reaches."""

    threshold: float
    f1: float


Score = Callable[[str, str], float]


def half(split: str) -> list[LabelledPair]:
    """The pairs of one half, in the order of the file."""
    return [pair for pair in read_pairs(PAIRS) if pair.split == split]


def passes_ground(sentence: str, passage: str) -> bool:
    """The check of a model's draft, each line of the passage being a piece of evidence."""
    found = Passage("x#x#x", "x", "", (), 0, len(passage), passage)
    lines = lines_under_headings(passage)
    grounded = ground(sentence, [Snippet(line.own, line.own, found, line.above) for line in lines], question="")
    return bool(grounded.kept) and not grounded.dropped


def passes_in_passage(sentence: str, passage: str) -> bool:
    """The check of an extract: the sentence as a piece of evidence that has to stand in its passage."""
    return stands_in_its_passage(Snippet(sentence, "", Passage("x#x#x", "x", "", (), 0, len(passage), passage)))


def checks(embedder: Embedder) -> dict[str, Check]:
    """Every tier by name."""
    return {**tiers(embedder), "ground": passes_ground, "in passage": passes_in_passage}


def choose(score: Score, pairs: Sequence[LabelledPair]) -> Choice:
    """The threshold in steps of 0.01 with the best F1, ties to the higher one."""
    values = [score(pair.sentence, pair.passage) for pair in pairs]
    steps = [step / 100 for step in range(1, 100)]
    return max(
        (Choice(step, figures_of("", [value >= step for value in values], pairs).f1) for step in steps),
        key=lambda choice: (choice.f1, choice.threshold),
    )


def print_choices(embedder: Embedder) -> None:
    """The threshold of each tier, and how many sentences it lets through with a passage of another page."""
    pairs = half("dev")
    strangers = [(one.sentence, other.passage) for one in pairs for other in pairs if one.page != other.page]
    scores: dict[str, Score] = {
        "lexical": lexical_support,
        "embedding": lambda sentence, passage: embedding_support(sentence, passage, embedder),
    }
    sys.stdout.write("tier        threshold     F1  let through with a passage of another page\n")
    for name, score in scores.items():
        best = choose(score, pairs)
        share = sum(score(*stranger) >= best.threshold for stranger in strangers) / len(strangers)
        sys.stdout.write(f"{name:10} {best.threshold:10.2f} {best.f1:6.3f}  {share:.3f} of {len(strangers)}\n")


def print_table(embedder: Embedder, split: str, show: bool) -> None:
    """Precision, recall and F1 per tier; then, per kind, how many pairs each tier judges rightly."""
    pairs, named = half(split), checks(embedder)
    said = {name: [check(pair.sentence, pair.passage) for pair in pairs] for name, check in named.items()}
    yes = figures_of("", [True] * len(pairs), pairs)
    sys.stdout.write(
        f"{split}: {len(pairs)} pairs, {yes.precision:.3f} supported; always saying yes: F1 {yes.f1:.3f}\n"
    )
    sys.stdout.write("tier        precision  recall     F1\n")
    for name in named:
        found = figures_of(name, said[name], pairs)
        sys.stdout.write(f"{name:10} {found.precision:10.3f} {found.recall:7.3f} {found.f1:6.3f}\n")
    for supported, heading in ((False, "errors caught"), (True, "true ones kept")):
        sys.stdout.write(f"\n{heading:24}{''.join(f'{name:>12}' for name in named)}\n")
        for kind in sorted({pair.kind for pair in pairs if pair.supported is supported}):
            of_kind = [place for place, pair in enumerate(pairs) if pair.kind == kind]
            right = [sum(said[name][place] is supported for place in of_kind) for name in named]
            cells = "".join(f"{f'{count}/{len(of_kind)}':>12}" for count in right)
            sys.stdout.write(f"{kind:24}{cells}\n")
    if show:
        for place, pair in enumerate(pairs):
            wrong = [name for name in named if said[name][place] is not pair.supported]
            if wrong:
                sys.stdout.write(f"{pair.id} {pair.kind} ({', '.join(wrong)}): {pair.sentence}\n")


def main() -> int:
    """Print the table of one half, or the thresholds that the dev half suggests."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=["dev", "test"], default="dev")
    parser.add_argument("--choose", action="store_true", help="print each tier's threshold with the best F1 on dev")
    parser.add_argument("--show", action="store_true", help="print each pair that a tier judges wrongly")
    arguments = parser.parse_args()
    settings = Settings()
    folder = locate(settings.embedder, models_dir=settings.models_dir)
    embedder = open_embedder(folder, name=settings.embedder, digest=weights_digest(folder), threads=settings.threads)
    if arguments.choose:
        print_choices(embedder)
    else:
        print_table(embedder, arguments.split, arguments.show)
    return 0


if __name__ == "__main__":
    sys.exit(main())
