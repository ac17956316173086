"""The careers of a build with all their pages, and what a learner can have made of them: plans, comparisons, citations.

Opens nothing: documents and passages come from whoever holds the index. Knows nothing of commands or pages of the web.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from advisor.career.careers import find_career, read_careers
from advisor.career.citing import Cited, cite_all
from advisor.career.compare import Comparison, compare_roles
from advisor.career.estimate import read_estimates
from advisor.career.pages import RolePages, needs_of, read_roles
from advisor.career.plan import build_plan
from advisor.career.planned import Plan
from advisor.career.request import PlanRequest
from advisor.career.skills import Known, read_known, read_vocabulary
from advisor.records import Document, Passage


@dataclass(frozen=True, slots=True)
class Shelf:
    """The careers of a build, with all their pages, and what is needed to cite them."""

    roles: tuple[RolePages, ...]
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]

    def role(self, name: str) -> RolePages:
        """The career of this name; UsageError names the nearest."""
        career = find_career(name, [role.career for role in self.roles])
        return next(role for role in self.roles if role.career is career)

    def known(self, given: str) -> tuple[Known, ...]:
        """The skills a learner lists, typos held against what the pages write."""
        if not given.strip():
            return ()
        names = [need.name for role in self.roles for need in needs_of(role)]
        return read_known(given, read_vocabulary(names, (document.text for document in self.documents)))

    def plan(self, name: str, request: PlanRequest, *, today: date) -> Plan:
        """The study plan of the career of this name; raises UsageError as `build_plan` does."""
        estimates = read_estimates(role.career for role in self.roles)
        return build_plan(self.role(name).career, self.passages, request, estimates=estimates, today=today)

    def compare(self, names: Sequence[str]) -> Comparison:
        """These careers side by side; raises UsageError as `compare_roles` does."""
        return compare_roles([self.role(name) for name in names])

    def cite(self, found: object) -> Cited:
        """The citations of a result."""
        return cite_all(found, self.documents, self.passages)


@lru_cache(maxsize=1)
def read_shelf(documents: tuple[Document, ...], passages: tuple[Passage, ...]) -> Shelf:
    """The shelf of these pages; the last one is kept, because reading some dozens of pages takes about a second."""
    return Shelf(read_roles(read_careers(documents), documents), documents, passages)
