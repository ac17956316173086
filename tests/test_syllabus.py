"""What a learner walks through of one career: items, certificates with their status, standing sections."""

from datetime import date
from pathlib import Path

import pytest
from role_bench import small_shelf, whole_shelf

from advisor.career.shelf import Shelf
from advisor.career.syllabus import PARTS, Syllabus, read_syllabus
from advisor.corpus.items import CertificateState
from advisor.corpus.subjects import Subject
from advisor.errors import UsageError

TODAY = date(2026, 11, 21)


def shelf(bench: object) -> Shelf:
    return Shelf(bench.roles, bench.documents, bench.passages)


def baker(tmp_path: Path) -> Syllabus:
    return read_syllabus(shelf(small_shelf(tmp_path)), "baker", today=TODAY)


def test_every_item_and_certificate_is_cited_by_words_of_the_page(tmp_path: Path) -> None:
    bench = small_shelf(tmp_path)
    syllabus = read_syllabus(shelf(bench), "Baker", today=TODAY)
    assert [citation.number for citation in syllabus.citations] == list(range(1, len(syllabus.citations) + 1))
    text = {document.key: document.text for document in bench.documents}
    assert all(citation.quote in text[citation.document] for citation in syllabus.citations)
    quotes = [syllabus.citations[step.citation - 1].quote for step in syllabus.plan.steps]
    assert all(step.name in quote for step, quote in zip(syllabus.plan.steps, quotes, strict=True))
    held = [syllabus.citations[one.citation - 1].quote for one in syllabus.certificates]
    assert ["Master of Bread" in held[0], "Friend of Bread" in held[1]] == [True, True]


def test_certificates_keep_their_status(tmp_path: Path) -> None:
    states = [one.certificate.status and one.certificate.status.state for one in baker(tmp_path).certificates]
    assert states == [CertificateState.RETIRED, CertificateState.ACTIVE]


def test_sections_come_in_their_order_in_the_words_of_the_page(tmp_path: Path) -> None:
    parts = baker(tmp_path).parts
    assert [part.subject for part in parts] == [one for one in PARTS if one in {part.subject for part in parts}]
    daily = next(part for part in parts if part.subject is Subject.DAILY_WORK)
    assert daily.heading == "Day-to-day work of a baker"
    assert daily.text.startswith("On an ordinary day a baker does four things:\n\n- Kneads dough")
    assert daily.text.endswith("- Cleans up")


def test_an_unknown_career_has_no_syllabus(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no document is about the career"):
        read_syllabus(shelf(small_shelf(tmp_path)), "astronaut", today=TODAY)


def test_every_career_of_the_corpus_has_phases_items_and_sections() -> None:
    bench = shelf(whole_shelf())
    for role in bench.roles:
        syllabus = read_syllabus(bench, role.name, today=TODAY)
        assert syllabus.plan.phases, role.name
        assert len(syllabus.plan.steps) >= 5, role.name
        assert len(syllabus.parts) >= 5, role.name
        names = [one.certificate.item.name for one in syllabus.certificates]
        assert len(names) == len(set(names)), role.name
