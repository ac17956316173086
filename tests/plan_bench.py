"""What the tests of plans share: tiny roadmaps written by hand or at random, and the plans made of them."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from conftest import count_pieces
from hypothesis import settings
from hypothesis import strategies as st

from advisor.career.careers import Career, read_careers
from advisor.career.estimate import Estimates
from advisor.career.plan import build_plan
from advisor.career.planned import DaysOff, Money, Plan
from advisor.career.request import PlanRequest
from advisor.corpus.chunking import chunk_document
from advisor.corpus.reading import find_sections, read_corpus
from advisor.records import Document, Passage
from advisor.text import content_hash

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 21)  # a Saturday: plans start on Monday the 23rd
NO_ESTIMATES = Estimates({})
PAGES_KEPT = 256  # our own and the last ones made at random: thousands of them would fill the memory
few = settings(max_examples=int(os.environ.get("PLAN_EXAMPLES", "60")), deadline=None)  # a page is parsed for each

BEEKEEPER = """
## Essential skills of a beekeeper

- Bee biology: castes, brood
- Latin: names

## Phase 1 of the beekeeper roadmap: The bee year

Phase 1 is short, and you are done when you have seen a whole season. Take your time.

- **[Introduction to Bees](https://bees.example.org/intro)** by Example University
  - Kind: course
  - Duration: 6 weeks
  - Effort: 3–4 hours per week
  - Level: beginner
  - Cost: free to audit
  - Topics: anatomy, swarming, bee biology
- **The Quiet Hive** by A. Author
  - Kind: book
  - Duration: 10 hours
  - Cost: EUR 25
- **Project: a hive diary**
  - Kind: project
  - Duration: not stated
  - Cost: free
  - Prerequisites: Introduction to Bees, Latin
  - Outcomes: twelve weekly entries

## Phase 2 of the beekeeper roadmap: Your own hives

- **Hive course** by the Guild
  - Kind: course
  - Duration: 2 months
  - Cost: USD 30 per month
  - Prerequisites: Bee biology
- **Project: one hive**
  - Kind: project
  - Duration: 6+ hours
  - Cost: not stated
  - Prerequisites: Hive course
"""


@lru_cache(maxsize=PAGES_KEPT)
def career_of(text: str, name: str = "Beekeeper") -> Career:
    """The career whose page has this text."""
    document = Document("bees.md", name, text, find_sections(text), content_hash(text), role=name)
    (career,) = read_careers([document])
    return career


@lru_cache(maxsize=PAGES_KEPT)
def passages_of(document: Document) -> tuple[Passage, ...]:
    return chunk_document(document, count_pieces=count_pieces)


def plan_of(text: str, estimates: Estimates = NO_ESTIMATES, **asked: Any) -> Plan:
    """The plan of a page at 5 hours per week, if nothing else is asked for."""
    request = PlanRequest(**({} if "by" in asked else {"hours_per_week": 5.0}) | asked)
    career = career_of(text)
    return build_plan(career, passages_of(career.document), request, estimates=estimates, today=TODAY)


def page_of(*phases: Sequence[str]) -> str:
    """A page of phases; an item is its name with labelled facts behind bars: "Bees | Duration: 6 hours"."""
    lines: list[str] = []
    for number, items in enumerate(phases, start=1):
        lines += [f"## Phase {number} of the roadmap: Part {number}", ""]
        for item in items:
            name, *facts = item.split(" | ")
            named = {fact.partition(":")[0] for fact in facts}
            facts += [f"{label}: {value}" for label, value in _USUAL if label not in named]
            lines += [f"- **{name}**", *(f"  - {fact}" for fact in facts)]
        lines.append("")
    return "\n".join(lines)


_USUAL = (("Kind", "course"), ("Duration", "10 hours"), ("Cost", "free"))


@cache
def our_pages() -> tuple[Document, ...]:
    """The project's own pages."""
    return tuple(read_corpus(ROOT / "corpus").documents)


@cache
def our_passages() -> tuple[Passage, ...]:
    """The passages of the project's own pages."""
    return tuple(passage for document in our_pages() for passage in passages_of(document))


@cache
def our_careers() -> tuple[Career, ...]:
    """The careers of the project's own pages."""
    return read_careers(our_pages())


# --- roadmaps and requests at random --------------------------------------------------------------

_SUBJECTS = ("Python", "SQL", "Git", "Linux", "Bees", "Advanced Bees", "Docker", "R", "C++", "Statistics")
_LENGTHS = (
    "not stated", "45 minutes", "3 hours", "10–20 hours", "6+ hours", "2 weeks", "4–5 months",
    "6 weeks | Effort: 3–4 hours per week", "3 months | Effort: 10 hours per week",
)  # fmt: skip
_COSTS = (
    "free",
    "free to audit",
    "not stated",
    "paid",
    "USD 20",
    "USD 49 per month",
    "EUR 30",
    "free (API use is billed)",
)
_KINDS = ("course", "book", "project", "tutorial")
_FACTS = [  # drawn as one, because every draw costs time
    f"Kind: {kind} | Duration: {length} | Cost: {cost}" for kind, length, cost in product(_KINDS, _LENGTHS, _COSTS)
]


@dataclass(frozen=True)
class Asked:
    """A page and what a learner asks of it."""

    text: str
    request: PlanRequest


@st.composite
def pages(draw: st.DrawFn) -> str:
    """A page whose items ask for items that come before them in some order within their phase, and for skills."""
    phases, names = [], list[str]()
    for phase in range(1, draw(st.integers(1, 4)) + 1):
        own = [f"{draw(st.sampled_from(_SUBJECTS))} {phase}.{place}x" for place in range(draw(st.integers(1, 4)))]
        shuffled = draw(st.permutations(own))
        items = []
        for name in own:
            may = [*names, *shuffled[: shuffled.index(name)], *_SUBJECTS]
            asked = ", ".join(draw(st.lists(st.sampled_from(may), max_size=2, unique=True))) or "not stated"
            items.append(f"{name} | {draw(st.sampled_from(_FACTS))} | Prerequisites: {asked}")
        names += own
        phases.append(items)
    return page_of(*phases)


mondays_off = st.builds(
    lambda day, length: DaysOff(date.fromordinal(day), date.fromordinal(day + length)),
    st.integers(date(2026, 11, 1).toordinal(), date(2027, 6, 1).toordinal()),
    st.integers(0, 40),
)

requests = st.builds(
    lambda hours, known, free, budget, realism, off: PlanRequest(
        hours_per_week=hours,
        known=tuple(known),
        free_only=free,
        budget=None if free else budget,
        realism=realism,
        days_off=tuple(off),
    ),
    st.one_of(st.integers(1, 40).map(float), st.sampled_from([0.75, 7.3, 100.0])),
    st.lists(st.sampled_from([*_SUBJECTS, "python, sql", "baking"]), max_size=3),
    st.booleans(),
    st.one_of(st.none(), st.sampled_from([0.0, 20.0, 75.0, 400.0]).map(lambda amount: Money(amount, "USD"))),
    st.sampled_from([1.0, 0.5, 1.3, 2.0]),
    st.lists(mondays_off, max_size=3),
)


@st.composite
def _asked(draw: st.DrawFn) -> Asked:
    """A page and a request, which may leave out items of the page, start later and have a day to be done by."""
    text, request = draw(pages()), draw(requests)
    names = re.findall(r"\*\*(.+?)\*\*", text)
    skip = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    start = draw(st.none() | st.integers(0, 500).map(lambda days: TODAY + timedelta(days=days)))
    days = draw(st.none() | st.integers(1, 900))
    by = None if days is None else (start or TODAY) + timedelta(days=days)
    return Asked(text, replace(request, skip=tuple(skip), start=start, by=by))


asked = _asked()


def plan_asked(one: Asked) -> Plan:
    """The plan for a page and a request at random."""
    career = career_of(one.text)
    return build_plan(career, passages_of(career.document), one.request, estimates=NO_ESTIMATES, today=TODAY)
