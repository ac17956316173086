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

from advisor.answer.reading import likeliest
from advisor.cli.parts import Parts, open_forgetful
from advisor.pipeline import Advisor
from advisor.search.gate import Features, decide, log_odds, score
from advisor.search.hybrid import search
from advisor.search.query import read_question
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
        read, seen = self.features.reading, self.features
        own = [seen.nearness, seen.coverage, float(bool(seen.missing)), float(seen.is_standing)]
        return [log_odds(0.5 if read is None else read), *own]


def read_cases(advisor: Advisor, questions: Path, top_passages: int) -> list[Case]:
    """Every question of a file that stands alone, is in English and is to be answered or refused."""
    cases = []
    for line in questions.read_text("utf-8").splitlines():
        asked = json.loads(line)
        told = asked["expected"] in {"answer", "warn", "refuse"} and asked.get("kind") != "language"
        if asked["history"] or not told or asked.get("kind") == "small-talk":
            continue
        query = advisor._understand(read_question(asked["question"], max_chars=2000), [], None, None)
        vector = advisor.embedder.embed([query.standalone])[0]
        hits = search(advisor.snapshot, query, vector=vector, k=top_passages)
        lines = advisor._lines(query, hits, vector)
        decision = decide(query, hits, rarity=advisor._rarity, reading=likeliest(lines))
        if not decision.features.missing_numbered:
            cases.append(Case(asked["question"], asked["expected"] != "refuse", decision.features))
    return cases


def main() -> int:
    """Print the fit and, for the weights now in the module, kept and refused shares over thresholds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="+", metavar="INDEX=QUESTIONS")
    settings = Settings(generator="extractive")
    cases: list[Case] = []
    for index, _, questions in (pair.partition("=") for pair in parser.parse_args().pairs):
        advisor = open_forgetful(Parts(), settings.model_copy(update={"index_dir": Path(index)}))
        cases += read_cases(advisor, Path(questions), settings.top_passages)
    rows = np.array([case.row for case in cases])
    answerable = np.array([case.answerable for case in cases])
    fit = LogisticRegression(C=3, class_weight="balanced").fit(rows, answerable)
    weights = ", ".join(f"{weight:.2f}" for weight in fit.coef_[0])
    sys.stdout.write(
        f"reading, nearness, coverage, missing, standing: {weights}; "
        f"bias {fit.intercept_[0]:.2f}; {len(cases)} questions\n"
    )
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
