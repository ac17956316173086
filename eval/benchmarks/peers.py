"""Our search beside those of other libraries: the same model, the same passages, the same number of threads.

    python eval/benchmarks/peers.py --data CRANFIELD --work build/peers

CRANFIELD is a folder in BEIR's layout (corpus.jsonl, queries.jsonl, qrels/test.tsv); each of its documents is one
passage. Every library gets a virtual environment below --work, made once (1 to 2 GB each, from the package registry at
hand; versions are pinned in this file) and used with HF_HUB_OFFLINE=1. Each measurement is a fresh process; libraries
take turns, so that a busy minute does not fall on one of them. What cannot be installed or run is listed with the
reason. Writes DATE-peers.md and DATE-peers.svg into eval/reports, or where --out says.

    --limit 40 --repeats 1 --cold 1    a minute or two, to see that everything runs: its figures mean nothing
    --go-on                            keep what an interrupted run has measured, and measure what it has not
    --only txtai --only ours           some of them; "ours" and the plain one are always compared
    --install-only                     make the environments and measure nothing
    --report-only                      write the report again from what was measured last
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from environments import NotInstalled, last_line, make_environment
from figures import machine, say, today
from peer_list import OURS, PEERS, PLAIN, Conditions, Measured, Peer, Setting
from peer_report import chart_of, failures_of, make_row, packages_of, report

from advisor.evaluation.beir import read_beir
from advisor.models import weights_digest
from advisor.settings import Settings

ADAPTERS = Path(__file__).parent / "peers"
REPORTS = Path(__file__).parent.parent / "reports"
PHASE_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything of a run lies."""

    work: Path
    model: Path
    threads: int

    def measure(self, peer: Peer, setting: Setting, python: Path, phase: str) -> Measured:
        """Run one phase in a fresh process; `first` opens what the last `build` has written."""
        out = self.work / "out" / Path(peer.script).stem / setting.name.replace(" ", "-")
        if phase == "build":
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir(parents=True)
        command = [str(python), str(ADAPTERS / peer.script), phase, setting.name]
        command += [str(self.work / "passages.jsonl"), str(self.work / "queries.jsonl"), str(self.model), str(out)]
        environment = self._environment() | {"BENCHMARK_STARTED": repr(time.time())}
        try:
            ran = subprocess.run(
                command, env=environment, capture_output=True, encoding="utf-8", errors="replace", timeout=PHASE_SECONDS
            )
        except subprocess.TimeoutExpired:
            return Measured(peer.name, setting.name, phase, None, f"took more than {PHASE_SECONDS // 60} minutes")
        if ran.returncode:
            return Measured(
                peer.name, setting.name, phase, None, last_line(ran.stderr) or f"exit code {ran.returncode}"
            )
        return Measured(peer.name, setting.name, phase, json.loads((out / f"{phase}.json").read_text("utf-8")))

    def _environment(self) -> dict[str, str]:
        count = str(self.threads)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ADVISOR_", "PYTHON"))}
        return kept | {
            "BENCHMARK_THREADS": count,
            "OMP_NUM_THREADS": count,
            "MKL_NUM_THREADS": count,
            "OPENBLAS_NUM_THREADS": count,
            "TOKENIZERS_PARALLELISM": "false",
            "HF_HUB_OFFLINE": "1",
            "TRANSFORMERS_OFFLINE": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "ANONYMIZED_TELEMETRY": "False",
            "HAYSTACK_TELEMETRY_ENABLED": "False",
            "HF_HOME": str(self.work / "hub"),
        }


def turns(count: int, repeats: int) -> Iterator[list[int]]:
    """For each repeat the order in which so many take their turns: another one goes first each time."""
    for repeat in range(repeats):
        yield [(place + repeat) % count for place in range(count)]


def run_all(
    bench: Bench,
    wanted: Sequence[Peer],
    pythons: Mapping[str, Path],
    repeats: int,
    cold: int,
    there: Sequence[Measured] = (),
) -> Iterator[Measured]:
    """Every setting of every peer, built `repeats` times and opened in a fresh process `cold` times, taking turns.

    What is there from an interrupted run is not measured again.
    """
    done = Counter((one.peer, one.setting, one.phase) for one in there)
    ways = [(peer, setting) for peer in wanted if peer.name in pythons for setting in peer.settings]
    for phase, times in (("build", repeats), ("first", cold)):
        for number, order in enumerate(turns(len(ways), times), start=1):
            for place in order:
                peer, setting = ways[place]
                if done[peer.name, setting.name, phase] >= number:
                    continue
                measured = bench.measure(peer, setting, pythons[peer.name], phase)
                say(f"{phase} {number}/{times}: {peer.name}, {setting.name} {measured.reason}".rstrip())
                yield measured


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="environments and what is measured")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="a judged set in BEIR's layout")
    parser.add_argument("--model", type=Path, metavar="DIR", help="folder of the embedder; the product's if not given")
    parser.add_argument("--threads", type=int, default=2, help="for every library (default 2)")
    parser.add_argument("--repeats", type=int, default=3, help="builds of each, all queries after each (default 3)")
    parser.add_argument("--cold", type=int, default=5, help="fresh processes of each to a first result (default 5)")
    parser.add_argument("--limit", type=int, metavar="N", help="only so many passages and queries")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="a library of: " + ", ".join(p.name for p in PEERS)
    )
    parser.add_argument("--torch-index", metavar="URL", help="package index that has torch without CUDA")
    parser.add_argument(
        "--out", type=Path, default=REPORTS, metavar="DIR", help="for the report (default eval/reports)"
    )
    parser.add_argument("--go-on", action="store_true", help="after an interruption: measure only what is missing")
    parser.add_argument("--install-only", action="store_true", help="make the environments and stop")
    parser.add_argument("--report-only", action="store_true", help="write the report again")
    return parser.parse_args()


def main() -> int:
    """Install, measure and report; 2 where the data or the model is not there."""
    arguments = read_arguments()
    model = arguments.model or Settings().models_dir / Settings().embedder
    for needed in (arguments.data / "corpus.jsonl", model / "config.json"):
        if not needed.is_file():
            sys.stderr.write(f"peers.py: {str(needed)!r} is missing; see --help for --data and --model\n")
            return 2
    arguments.work.mkdir(parents=True, exist_ok=True)
    results = arguments.work / "measured.jsonl"
    if arguments.report_only and not (results.is_file() and results.stat().st_size):
        sys.stderr.write(f"peers.py: nothing was measured in {str(arguments.work)!r}; leave out --report-only\n")
        return 2
    if not arguments.report_only:
        _measure(arguments, model.resolve(), results)
    if not arguments.install_only:
        _write_report(arguments, results)
    return 0


def _measure(arguments: argparse.Namespace, model: Path, results: Path) -> None:
    only = arguments.only or [peer.name for peer in PEERS]
    wanted = [peer for peer in PEERS if peer.name in only or peer in (OURS, PLAIN)]
    work = arguments.work.resolve()
    refused, pythons = [], {OURS.name: Path(sys.executable)}
    for peer in wanted:
        if peer is OURS:
            continue
        name = Path(peer.script).stem
        say(f"environment of {peer.name}")
        try:
            pythons[peer.name] = make_environment(
                work / name, peer.requirements, torch_index=arguments.torch_index, log=work / f"{name}.log"
            )
        except NotInstalled as error:
            say(f"not installed: {error}")
            refused.append(Measured(peer.name, "all settings", "install", None, str(error)))
    if arguments.install_only:
        return
    conditions = _write_texts(arguments, model)
    bench = Bench(work, model, arguments.threads)
    there = _measured_before(results) if arguments.go_on else []
    with results.open("a" if there else "w", encoding="utf-8") as file:
        if not there:
            file.write(json.dumps(asdict(conditions)) + "\n")
        measured = run_all(bench, wanted, pythons, arguments.repeats, arguments.cold, there)
        for one in chain(refused, measured):  # each is written as soon as it is there
            file.write(json.dumps(asdict(one)) + "\n")
            file.flush()


def _measured_before(results: Path) -> list[Measured]:
    lines = results.read_text(encoding="utf-8").splitlines()[1:] if results.is_file() else []
    return [Measured(**json.loads(line)) for line in lines]


def _write_texts(arguments: argparse.Namespace, model: Path) -> Conditions:
    """The passages and queries as every adapter reads them, and what the report says of them."""
    judged = read_beir(arguments.data, "test")
    documents, queries = judged.documents[: arguments.limit], judged.queries[: arguments.limit]
    passages = [{"id": d.id, "text": " ".join(d.text.split())} for d in documents]
    texts = {"passages": passages, "queries": [{"id": q.id, "text": q.text} for q in queries]}
    for name, lines in texts.items():
        path = arguments.work / f"{name}.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return Conditions(
        data=arguments.data.resolve().name,
        passages=len(passages),
        queries=len(queries),
        model=model.name,
        model_digest=weights_digest(model),
        threads=arguments.threads,
        machine=machine(),
    )


def _write_report(arguments: argparse.Namespace, results: Path) -> None:
    first, *rest = results.read_text(encoding="utf-8").splitlines()
    conditions, measured = Conditions(**json.loads(first)), [Measured(**json.loads(line)) for line in rest]
    queries = read_beir(arguments.data, "test").queries
    made = (
        make_row(peer, setting, measured, queries, conditions.passages) for peer in PEERS for setting in peer.settings
    )
    rows = [row for row in made if row]
    date, out = today(), arguments.out
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{date}-peers.svg").write_text(chart_of(rows), encoding="utf-8")
    text = report(conditions, rows, failures_of(measured), packages_of(measured), f"{date}-peers.svg", date)
    (out / f"{date}-peers.md").write_text(text, encoding="utf-8")
    say(f"written: {out / f'{date}-peers.md'}")


if __name__ == "__main__":
    sys.exit(main())
