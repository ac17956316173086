"""What a learner walks through of one career: steps by phase, certificates with their status, standing sections.

Puts together what the pages state, each with its citation; plans no dates. Knows nothing of marks or of web pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from advisor.career.careers import cite
from advisor.career.pages import Page, RolePages, Said, said_on
from advisor.career.planned import Plan
from advisor.career.request import PlanRequest
from advisor.career.shelf import Shelf
from advisor.corpus.items import Certificate
from advisor.corpus.subjects import Subject
from advisor.records import Citation
from advisor.text import normalise

_ANY_PACE = 8.0  # hours per week; no date of the plan is shown
PARTS = (
    Subject.DAILY_WORK,
    Subject.SUITS,
    Subject.SKILLS,
    Subject.TIME,
    Subject.TITLES,
    Subject.FIRST_JOBS,
    Subject.DIFFICULTY,
    Subject.PITFALLS,
    Subject.MYTHS,
    Subject.FIRST_STEP,
)


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate of the career with the number of its citation."""

    certificate: Certificate
    citation: int


@dataclass(frozen=True, slots=True)
class Part:
    """One of the sections that every career page has, in its own Markdown."""

    subject: Subject
    heading: str
    title: str  # of the page
    text: str


@dataclass(frozen=True, slots=True)
class Syllabus:
    """All of one career; `plan` has every item of its page, in order, and the citations of the certificates follow."""

    plan: Plan
    certificates: tuple[Certified, ...]
    parts: tuple[Part, ...]
    citations: tuple[Citation, ...]

    @property
    def career(self) -> str:
        """What the career is called."""
        return self.plan.career


def read_syllabus(shelf: Shelf, career: str, *, today: date) -> Syllabus:
    """The syllabus of a career; raises UsageError for an unknown one, or one whose page names nothing to do."""
    role = shelf.role(career)
    plan = shelf.plan(role.name, PlanRequest(_ANY_PACE), today=today)
    citations = list(plan.citations)
    certificates = []
    for page, certificate in _certificates(role):
        citations.append(cite(page.document, certificate.item.span, shelf.passages, number=len(citations) + 1))
        certificates.append(Certified(certificate, len(citations)))
    return Syllabus(plan, tuple(certificates), parts_of(role), tuple(citations))


def _certificates(role: RolePages) -> Iterator[tuple[Page, Certificate]]:
    """Each certificate once, those of the career's own page first."""
    seen: set[str] = set()
    for page in (role.own, *(page for page in role.pages if page is not role.own)):
        for certificate in page.roadmap.certificates:
            name = normalise(certificate.item.name)
            if name not in seen:
                seen.add(name)
                yield page, certificate


def parts_of(role: RolePages) -> tuple[Part, ...]:
    """The standing sections that the career's pages have, in the order of `PARTS`."""
    found = ((subject, said_on(subject, role)) for subject in PARTS)
    return tuple(_part(subject, said) for subject, said in found if said is not None)


def _part(subject: Subject, said: Said) -> Part:
    heading = said.heading.text.rstrip(":")
    return Part(subject, heading, said.page.document.title, _text_below(said.page, said.heading.index))


def _text_below(page: Page, heading: int) -> str:
    """The Markdown below a heading, without it."""
    node = page.outline.nodes[heading]
    end = max((below.end for below in page.outline.descendants(node)), default=node.end)
    return page.document.text[node.end : end].strip()
