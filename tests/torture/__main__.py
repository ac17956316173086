"""The runner: `python -m tests.torture [--fast] [--seed N] [--only NAME] [--report FILE]`.

Exit code 1 where anything does not hold, or is not built.
"""

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from advisor import __version__
from tests.torture.stage import warm_up
from tests.torture.table import FAULTS, NOT_BUILT
from tests.torture.trial import SHOWN_PROBLEMS, Fault, Outcome, isolated

Line = tuple[Fault, Outcome]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    seed = secrets.randbelow(10**6) if options.seed is None else options.seed
    faults = [
        fault
        for fault in FAULTS
        if (fault.fast or not options.fast) and (fault.name in options.only or not options.only)
    ]
    if unknown := {*options.only} - {fault.name for fault in FAULTS}:
        sys.stderr.write(f"no fault is called {sorted(unknown)}; they are: {', '.join(f.name for f in FAULTS)}\n")
        return 2
    _say(f"seed {seed}{' (fast)' if options.fast else ''}; the same again: --seed {seed}, one fault: --only NAME\n")
    _say(f"{'':3}{'fault':<18}{'tried':>7}{'survived':>10}{'lost':>6}{'seconds':>9}  holds")
    warm_up()
    lines: list[Line] = []
    for fault in faults:
        outcome = isolated(fault, seed=seed, is_fast=options.fast)
        lines.append((fault, outcome))
        _say_line(fault, outcome)
    missing = [] if options.only else list(NOT_BUILT)
    for gap in missing:
        _say(f"   NOT BUILT: {gap}")
    held = sum(outcome.held for _, outcome in lines)
    total = sum(outcome.seconds for _, outcome in lines)
    _say(f"\n{held} of {len(lines)} hold, {len(missing)} not built; {total:.0f} s, seed {seed}")
    if options.report:
        options.report.write_text(_report(lines, missing, seed=seed, is_fast=options.fast), encoding="utf-8")
    return 0 if held == len(lines) and not (missing and not options.fast) else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="few trials of each, within 25 seconds")
    parser.add_argument("--seed", type=int, help="draw the same chances again")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this fault; may be repeated")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the table as Markdown, too")
    return parser.parse_args(arguments)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _say_line(fault: Fault, outcome: Outcome) -> None:
    numbers = f"{outcome.tried:>7}{outcome.survived:>10}{outcome.lost:>6}{outcome.seconds:>9.1f}"
    _say(f"{fault.number:<3}{fault.name:<18}{numbers}  {'yes' if outcome.held else 'NO'}")
    for problem in outcome.problems[:SHOWN_PROBLEMS]:
        _say(f"      {problem}")
    if len(outcome.problems) > SHOWN_PROBLEMS:
        _say(f"      … and {len(outcome.problems) - SHOWN_PROBLEMS} more")


def _report(lines: Sequence[Line], missing: Sequence[str], *, seed: int, is_fast: bool) -> str:
    """The table as a page."""
    command = f"python -m tests.torture{' --fast' if is_fast else ''} --seed {seed}"
    held = sum(outcome.held for _, outcome in lines)
    minutes = sum(outcome.seconds for _, outcome in lines) / 60
    page = [
        "# Reliability: faults done on purpose",
        "",
        f"Version {__version__}, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python "
        f"{sys.version_info.major}.{sys.version_info.minor}. Made by `{command} --report FILE`, or `make torture`; the "
        "seed draws the same chances again (moments of a kill also depend on how busy the machine is).",
        "",
        f"**{held} of {len(lines)} hold**{'' if not missing else f', {len(missing)} things are not built'}, "
        f"within {minutes:.1f} minutes. "
        "The embedder hashes words and the corpus has a handful of pages, so that hundreds of builds fit into "
        "minutes: what is tried is the code around the models, not the models.",
        "",
        "| # | fault | promise | tried | survived | lost | seconds | holds |",
        "|--:|---|---|--:|--:|--:|--:|---|",
    ]
    for fault, outcome in lines:
        numbers = f"{outcome.tried:,} | {outcome.survived:,} | {outcome.lost} | {outcome.seconds:.1f}"
        verdict = "yes" if outcome.held else "**no**"
        page.append(f"| {fault.number} | {fault.what} | {fault.promise} | {numbers} | {verdict} |")
    page += ["", "## Seen along the way", ""]
    page += [f"- {fault.number} {fault.name}: {note}" for fault, outcome in lines for note in outcome.notes]
    problems = [f"- {fault.name}: {problem}" for fault, outcome in lines for problem in outcome.problems[:20]]
    page += ["", "## Did not hold", "", *problems] if problems else []
    page += ["", "## Not built", "", *(f"- {gap}" for gap in missing)] if missing else []
    return "\n".join(page) + "\n"


if __name__ == "__main__":
    sys.exit(main())
