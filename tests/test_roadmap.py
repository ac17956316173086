"""Typed facts: what a page of the format becomes, and what a foreign page gives."""

import re
from datetime import date
from pathlib import Path

import pytest

from advisor.corpus.items import CertificateState, ItemKind, read_status
from advisor.corpus.measures import CostKind, Hours
from advisor.corpus.outline import outline_document
from advisor.corpus.reading import read_document
from advisor.corpus.roadmap import Roadmap, prerequisite_names, read_roadmap
from advisor.corpus.subjects import Subject
from advisor.records import Document

ROOT = Path(__file__).parent.parent


def example_page() -> str:
    """The example that corpus/README.md explains line by line."""
    guide = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```markdown\n(.*?)```", guide, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def document(tmp_path: Path) -> Document:
    path = tmp_path / "beekeeper.md"
    path.write_text(example_page(), encoding="utf-8")
    return read_document(path, key="beekeeper.md")


@pytest.fixture
def roadmap(document: Document) -> Roadmap:
    return read_roadmap(outline_document(document))


def of_text(tmp_path: Path, text: str) -> Roadmap:
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    return read_roadmap(outline_document(read_document(path, key="page.md")))


def test_the_example_of_the_guide_gives_its_phase_and_items(roadmap: Roadmap) -> None:
    (phase,) = roadmap.phases
    assert (phase.number, phase.name, phase.length) == (1, "The bee year", None)
    assert [item.name for item in phase.items] == ["Introduction to Bees", "The Quiet Hive", "Project: a hive diary"]
    assert [item.kind for item in phase.items] == [ItemKind.COURSE, ItemKind.BOOK, ItemKind.PROJECT]


def test_an_item_carries_what_its_labels_state(roadmap: Roadmap) -> None:
    course, book, project = roadmap.items
    assert course.provider == "Example University"
    assert course.url == "https://bees.example.org/intro"
    assert course.hours == Hours(18, 24)
    assert course.cost is not None
    assert course.cost.kind is CostKind.FREE_TO_AUDIT
    assert course.topics == ("anatomy", "swarming", "diseases")
    assert (book.hours, book.level) == (Hours(10, 10), None)
    assert (project.length, project.hours) == (None, None)
    assert "duration" in project.labels
    assert project.prerequisites == "Introduction to Bees, Hive inspection"


def test_every_fact_knows_the_words_it_came_from(document: Document, roadmap: Roadmap) -> None:
    words = [document.text[item.span.start : item.span.end] for item in roadmap.items]
    assert all(item.name in text for item, text in zip(roadmap.items, words, strict=True))
    assert words[0].endswith("- Topics: anatomy, swarming, diseases")
    assert document.text[roadmap.skills[0].span.start : roadmap.skills[0].span.end].startswith("Bee biology: castes")


def test_certificates_stand_apart_with_state_validity_and_successor(roadmap: Roadmap) -> None:
    active, gone = roadmap.certificates
    assert active.status is not None
    assert active.status.state is CertificateState.ACTIVE
    assert (active.validity, active.checked) == ("3 years", date(2026, 3, 1))
    assert gone.status is not None
    assert (gone.status.state, gone.status.since) == (CertificateState.RETIRED, date(2026, 3, 31))
    assert gone.successors == ("Certified Beekeeper",)
    assert gone.item.cost is None


def test_skills_are_essential_or_optional(roadmap: Roadmap) -> None:
    assert [(need.name, need.is_essential) for need in roadmap.skills] == [
        ("Bee biology", True),
        ("Hive inspection", True),
        ("Carpentry", False),
    ]


def test_the_standing_subjects_are_told_by_their_headings(roadmap: Roadmap) -> None:
    assert set(roadmap.statements) == set(Subject) - {Subject.FIRST_JOBS}
    assert [line.text for line in roadmap.statements[Subject.TITLES]] == [
        "Seasonal hand",
        "Beekeeper",
        "Head of apiary",
    ]


def test_a_table_of_who_says_what_makes_no_items(roadmap: Roadmap) -> None:
    assert not any("University" in item.name or "Roadmap" in item.name for item in roadmap.items)


def test_a_phase_of_a_foreign_page_takes_the_length_in_its_heading(tmp_path: Path) -> None:
    roadmap = of_text(
        tmp_path,
        "# Path\n\n## Foundation phase (4 weeks)\n\n- [AI](https://a.bc/d): 4 weeks\n\n"
        "## Phase II: Maths (4-5 months)\n\n- Course: [Algebra](https://a.bc/e) (10h, free)\n",
    )
    assert [(phase.number, phase.name) for phase in roadmap.phases] == [(0, "Foundation phase"), (2, "Maths")]
    assert [phase.length and phase.length.words for phase in roadmap.phases] == ["4 weeks", "4-5 months"]
    (algebra,) = roadmap.phases[1].items
    assert (algebra.name, algebra.kind, algebra.hours) == ("Algebra", ItemKind.COURSE, Hours(10, 10))


def test_a_heading_with_facts_below_it_is_an_item(tmp_path: Path) -> None:
    roadmap = of_text(
        tmp_path,
        "# C\n\n## TF Certificate (closed on 1 May 2024)\n\n- Status: closed on 1 May 2024\n- Successor: none found\n",
    )
    (certificate,) = roadmap.certificates
    assert certificate.item.name == "TF Certificate"
    assert certificate.status is not None
    assert certificate.status.since == date(2024, 5, 1)


def test_a_row_that_repeats_a_phase_is_no_item(tmp_path: Path) -> None:
    text = "# P\n\n| Phase | Duration |\n|---|---|\n| Phase 1 | 2 months |\n\n## Phase 1: Bees (2 months)\n\nText.\n"
    assert of_text(tmp_path, text).items == ()


def test_what_cannot_be_read_is_reported_with_its_place(tmp_path: Path) -> None:
    text = "# P\n\n- **Bees**\n  - Kind: seminar\n  - Duration: quite long\n  - Cost: see website\n"
    roadmap = of_text(tmp_path, text)
    assert [(one.label, one.words) for one in roadmap.unparsed] == [
        ("kind", "seminar"),
        ("duration", "quite long"),
        ("cost", "see website"),
    ]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("active", CertificateState.ACTIVE),
        ("offered; new version from June", CertificateState.ACTIVE),
        ("retired on 31 March 2026", CertificateState.RETIRED),
        ("closed by its maker", CertificateState.RETIRED),
        ("replaced by AI-901", CertificateState.REPLACED),
        ("not checked", CertificateState.NOT_CHECKED),
    ],
)
def test_a_status_is_one_of_four_states(words: str, state: CertificateState) -> None:
    status = read_status(words)
    assert status is not None
    assert status.state is state


def test_a_status_of_no_known_words_is_none() -> None:
    assert read_status("popular") is None


def test_prerequisites_are_split_at_commas_but_not_inside_a_known_name() -> None:
    known = {name.lower(): name for name in ("SQL", "Networks, Sockets and HTTP", "Git")}
    assert prerequisite_names("sql, Networks, Sockets and HTTP, git", known) == (
        "SQL",
        "Networks, Sockets and HTTP",
        "Git",
    )
    assert prerequisite_names("SQL, Rust", known) == ("SQL", "Rust")
    assert prerequisite_names("", known) == ()
