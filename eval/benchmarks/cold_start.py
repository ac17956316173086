"""From the start of the process to the first answer: `python eval/benchmarks/cold_start.py [--index DIR]`.

Runs `advisor ask` in fresh processes and takes the whole time; then once more with every import timed, summed up by
package, and once in steps (imports, index and models, first question, second question). Prints; writes nothing.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter, process_time

from figures import machine, megabytes, spread, table

QUESTIONS = ("How do I become a data engineer?", "How long is the first phase?")
SHOWN = 12
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)")


def command(index: Path) -> list[str]:
    """`advisor ask` with the extract alone."""
    return [sys.executable, "-m", "advisor", "ask", QUESTIONS[0], "--generator", "extractive", "--index", str(index)]


def whole_seconds(index: Path) -> float:
    """From the start of one process to its end: the answer is the last that it writes."""
    began = perf_counter()
    subprocess.run(command(index), stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - began


def import_seconds(written: str) -> Counter[str]:
    """Seconds by package, from what `python -X importtime` writes."""
    found: Counter[str] = Counter()
    for line in written.splitlines():
        if timed := _IMPORT.match(line):
            found[timed[2].split(".")[0]] += int(timed[1]) / 1e6
    return found


def steps(index: Path) -> dict[str, list[float]]:
    """Wall and processor seconds of each step, in this process."""
    found: dict[str, list[float]] = {}
    marks = [perf_counter(), process_time()]

    def done(name: str) -> None:
        now = [perf_counter(), process_time()]
        found[name] = [now[0] - marks[0], now[1] - marks[1]]
        marks[:] = [perf_counter(), process_time()]

    from advisor.cli.parts import go_offline
    from advisor.settings import Settings

    settings = Settings(index_dir=index, generator="extractive", quick_start=True)
    go_offline()
    from advisor.memory import open_conversations
    from advisor.pipeline import open_advisor

    done("import of the program")
    conversations = open_conversations(None)
    done("conversations")
    import faiss  # noqa: F401 - for its import

    done("import of faiss")
    advisor = open_advisor(settings, conversations=conversations)
    done("index verified, embedder and reader of lines opened")
    for name, question in zip(("first question", "second question"), QUESTIONS, strict=True):
        list(advisor.ask(question, conversation="one"))
        done(name)
    return found


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"), help="a published index (default index)")
    parser.add_argument("--times", type=int, default=5, help="fresh processes (default 5)")
    parser.add_argument("--steps", action="store_true", help=argparse.SUPPRESS)  # in a process of its own
    arguments = parser.parse_args()
    if arguments.steps:
        from protocol import peak_bytes

        sys.stdout.write(json.dumps({"steps": steps(arguments.index), "peak": peak_bytes()}))
        return 0
    on, index = machine(), arguments.index
    whole_seconds(index)  # so that the files are in the disk's cache
    taken = spread([whole_seconds(index) for _ in range(arguments.times)])
    timed = [sys.executable, "-X", "importtime", *command(index)[1:]]
    written = subprocess.run(timed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", check=True)
    imports = import_seconds(written.stderr)
    protocol = str(Path(__file__).parent / "peers")
    own = subprocess.run(
        [sys.executable, __file__, "--steps", "--index", str(index)],
        env=os.environ | {"PYTHONPATH": protocol},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    found = json.loads(own.stdout)
    rows = [[name, f"{wall:.2f}", f"{processor:.2f}"] for name, (wall, processor) in found["steps"].items()]
    packages = [[name, f"{seconds:.2f}"] for name, seconds in imports.most_common(SHOWN)]
    sys.stdout.write(
        f"{on}\n\n`advisor ask`, process to process: {taken.worded(2)} s over {arguments.times} runs, "
        f"{megabytes(found['peak'])}\n\n"
        f"{table(['step', 'seconds', 'of processor time'], rows)}\n\n"
        f"{table(['import of', 'seconds'], [*packages, ['all', f'{imports.total():.2f}']])}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
