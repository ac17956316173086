"""Warm answers in one process: `python eval/benchmarks/warm_ask.py QUESTIONS.jsonl [--index DIR] [--generator auto]`.

Asks every question once to warm up and once to measure. Prints p50 and p95 of the time to the extract and to the
checked answer, the share of answers worded by the model, peak memory, and the load of the machine at the start.
"""

import argparse
import json
import os
import resource
import statistics
import sys
from pathlib import Path
from uuid import uuid4

from advisor.memory import open_conversations
from advisor.pipeline import Advisor, open_advisor
from advisor.records import Answer, Done
from advisor.settings import Settings


def ask(advisor: Advisor, question: str) -> Answer:
    """The checked answer to one question in a conversation of its own."""
    events = advisor.ask(question, conversation=uuid4().hex)
    return next(event.answer for event in events if isinstance(event, Done))


def percentiles(milliseconds: list[float]) -> str:
    """The median and the 95th percentile, worded."""
    cuts = statistics.quantiles(milliseconds, n=20, method="inclusive")
    return f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--generator", default="auto")
    parser.add_argument("--most", type=int, default=40, help="questions to ask, the first of the file")
    arguments = parser.parse_args()
    lines = arguments.questions.read_text("utf-8").splitlines()[: arguments.most]
    questions = [json.loads(line)["question"] for line in lines]
    load = os.getloadavg()[0]
    settings = Settings(index_dir=arguments.index, generator=arguments.generator)
    advisor = open_advisor(settings, conversations=open_conversations(None))
    for question in questions[:5]:
        ask(advisor, question)
    answers = [ask(advisor, question) for question in questions]
    worded = sum(answer.generator != "extractive" for answer in answers)
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    sys.stdout.write(
        f"questions {len(questions)}, cores {os.cpu_count()}, load {load:.1f}\n"
        f"extract: {percentiles([answer.timings_ms.first_text for answer in answers])}\n"
        f"checked answer: {percentiles([answer.timings_ms.total for answer in answers])}\n"
        f"worded by the model: {worded} of {len(answers)}\n"
        f"peak memory: {peak_bytes / 1e9:.2f} GB\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
