"""Judge an answer file: `python eval/judge.py QUESTIONS.jsonl ANSWERS.jsonl [--show]`.

ANSWERS is what `advisor ask --batch QUESTIONS --out ANSWERS` wrote. The rules are in eval/README.md; no model judges,
and no question leaves the denominator: one without an answer line counts as wrong.
"""

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """Whether one answer is right, and if not, why."""

    kind: str
    right: bool
    refused_wrongly: bool
    reason: str


def normal(text: str) -> str:
    """Lower case, plain dashes and quotes, single spaces, no citation marks."""
    text = re.sub(r"\[\d+\]", "", text.casefold()).translate(str.maketrans("–—’‘“”", "--''\"\""))
    return re.sub(r"\s+([.,:;])", r"\1", " ".join(text.split()))


def judge(question: dict[str, Any], answer: dict[str, Any] | None) -> Verdict:
    """The verdict on one question."""
    kind, expected = question["kind"], question["expected"]
    if answer is None:
        return Verdict(kind, False, False, "no answer line")
    text, status = normal(answer["answer"]), answer["status"]
    missing = [
        nugget["text"]
        for nugget in question["nuggets"]
        if not any(normal(wording) in text for wording in [nugget["text"], *nugget.get("aliases", [])])
    ]
    said = [wording for wording in question["forbidden"] if status == "answered" and normal(wording) in text]
    holds = status == "answered" and not missing and not said
    right = {
        "answer": holds,
        "refuse": status == "refused",
        "clarify": status == "clarify",
        "warn": status != "answered" or holds,
    }[expected]
    reason = "" if right else f"{status}; missing {missing}; forbidden {said}"
    return Verdict(kind, right, expected == "answer" and status != "answered", reason)


def main() -> int:
    """Print right/all per kind and in all, then how many answerable questions were refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--show", action="store_true", help="print each wrong answer")
    arguments = parser.parse_args()
    questions = [json.loads(line) for line in arguments.questions.read_text("utf-8").splitlines() if line.strip()]
    lines = (json.loads(line) for line in arguments.answers.read_text("utf-8").splitlines() if line.strip())
    answers = {line["id"]: line for line in lines}
    verdicts = [judge(question, answers.get(question["id"])) for question in questions]
    total, right = Counter(v.kind for v in verdicts), Counter(v.kind for v in verdicts if v.right)
    for kind in sorted(total):
        sys.stdout.write(f"{kind:15} {right[kind]:3} of {total[kind]}\n")
    sys.stdout.write(f"{'all':15} {sum(right.values()):3} of {len(verdicts)}\n")
    sys.stdout.write(f"{'refused wrongly':15} {sum(v.refused_wrongly for v in verdicts):3}\n")
    if arguments.show:
        for question, verdict in zip(questions, verdicts, strict=True):
            if not verdict.right:
                sys.stdout.write(f"{question['id']}: {question['question']} ({verdict.reason})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
