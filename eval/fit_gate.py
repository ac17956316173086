"""Fit the gate: `python eval/fit_gate.py INDEX=QUESTIONS.jsonl …` prints weights, the curve and every score.

Give it dev questions only, each file with the index that it is to be asked of. Logistic regression over the features of
`advisor.search.gate`; the weights and the threshold are then written into that module by hand, the reasons into
docs/decisions/.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from advisor.index.embedding import Embedder, open_embedder
from advisor.index.publish import open_snapshot
from advisor.models import locate, weights_digest
from advisor.search.gate import Features, features_of, score
from advisor.search.hybrid import search
from advisor.search.query import understand
from advisor.settings import Settings


@dataclass(frozen=True)
class Case:
    """One dev question that stands alone, and what the gate sees of it."""

    question: str
    answerable: bool
    features: Features

    @property
    def row(self) -> list[float]:
        """The features as numbers."""
        return [self.features.nearness, self.features.coverage, float(bool(self.features.missing))]


def read_cases(index: Path, questions: Path, embedder: Embedder, top_passages: int) -> list[Case]:
    """Every question of a file without history that is to be answered or refused."""
    snapshot = open_snapshot(index)
    rarity = snapshot.lexical.rarity()
    cases = []
    for line in questions.read_text("utf-8").splitlines():
        asked = json.loads(line)
        if asked["history"] or asked["expected"] not in {"answer", "refuse"}:
            continue
        query = understand(asked["question"], [], vocabulary=rarity.keys())
        vector = embedder.embed([query.standalone])[0]
        hits = search(snapshot, query, vector=vector, k=top_passages)
        features = features_of(query, hits, rarity=rarity)
        cases.append(Case(asked["question"], asked["expected"] == "answer", features))
    return cases


def main() -> int:
    """Print the fit and, for the weights now in the module, kept and refused shares over thresholds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="+", metavar="INDEX=QUESTIONS")
    settings = Settings()
    folder = locate(settings.embedder, models_dir=settings.models_dir)
    embedder = open_embedder(folder, name=settings.embedder, digest=weights_digest(folder))
    cases = [
        case
        for index, _, questions in (pair.partition("=") for pair in parser.parse_args().pairs)
        for case in read_cases(Path(index), Path(questions), embedder, settings.top_passages)
    ]
    rows = np.array([case.row for case in cases])
    answerable = np.array([case.answerable for case in cases])
    fit = LogisticRegression(C=3, class_weight="balanced").fit(rows, answerable)
    weights = ", ".join(f"{weight:.2f}" for weight in fit.coef_[0])
    sys.stdout.write(f"nearness, coverage, missing: {weights}; bias {fit.intercept_[0]:.2f}; {len(cases)} questions\n")
    scores = np.array([score(case.features) for case in cases])
    sys.stdout.write("threshold  answerable kept  unanswerable refused\n")
    for threshold in np.arange(-1.6, 1.01, 0.2):
        kept, refused = (scores[answerable] >= threshold).mean(), (scores[~answerable] < threshold).mean()
        sys.stdout.write(f"{threshold:9.1f}  {kept:15.3f}  {refused:20.3f}\n")
    for case, value in sorted(zip(cases, scores, strict=True), key=lambda pair: pair[1]):
        label = "answer" if case.answerable else "refuse"
        sys.stdout.write(f"{value:6.2f} {label} {case.question} {case.features.missing or ''}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
