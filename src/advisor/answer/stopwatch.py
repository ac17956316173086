"""How long an answer takes: milliseconds since its question arrived, at the moments that are reported."""

from dataclasses import dataclass, field
from time import perf_counter

from advisor.records import Timings


@dataclass(slots=True)
class Stopwatch:
    """Runs from the moment it is made."""

    began: float = field(default_factory=perf_counter)
    search: float = 0.0
    first_text: float = 0.0

    def now(self) -> float:
        """Milliseconds so far, to a tenth."""
        return round((perf_counter() - self.began) * 1000, 1)

    def timings(self) -> Timings:
        """What has been noted, with the present moment as the end."""
        return Timings(self.search, self.first_text, self.now())
