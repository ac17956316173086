"""What the benchmarks share: medians and percentiles, tables, and the machine they ran on. Knows no benchmark."""

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from advisor.evaluation.environment import commit_of


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing."""

    median: float
    low: float
    high: float

    def worded(self, decimals: int = 1) -> str:
        """The median, and the whole range where it shows."""
        median, low, high = (f"{value:,.{decimals}f}" for value in (self.median, self.low, self.high))
        return median if low == high else f"{median} ({low} to {high})"


def spread(values: Sequence[float]) -> Spread:
    """Median, least and most; raises ValueError where nothing was measured."""
    if not values:
        raise ValueError("nothing was measured; give at least one value")
    return Spread(statistics.median(values), min(values), max(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that at least this share of all values do not exceed (nearest rank); share above 0, up to 1."""
    if not values or not 0 < share <= 1:
        raise ValueError(f"no percentile {share!r} of {len(values)} values; give values and a share above 0, up to 1")
    ordered = sorted(values)
    return ordered[max(1, -int(-share * len(ordered) // 1)) - 1]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def megabytes(size_bytes: float | None) -> str:
    """Whole megabytes; a dash where the system does not tell."""
    return "–" if size_bytes is None else f"{size_bytes / 1e6:,.0f} MB"


def machine() -> str:
    """Processor, cores, memory, system, load and commit, in one line."""
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    commit = commit_of(Path(__file__).parent) or "no commit"
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}{load}; commit {commit[:10]}{'-dirty' * commit.endswith('-dirty')}"
    )


def today() -> str:
    """The date in UTC, as reports are named by it."""
    return f"{datetime.now(UTC):%Y-%m-%d}"


def say(line: str) -> None:
    """One line of progress."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    if listed.is_file():
        for line in listed.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unnamed processor"
