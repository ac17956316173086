"""Careers by family, and the short names that addresses carry."""

from pathlib import Path

import pytest
from role_bench import CORPUS, small_shelf

from advisor.career.careers import read_careers
from advisor.career.families import OTHER, Family, Listed, career_of_address, families_of, short_name, summary_of
from advisor.corpus.reading import read_corpus
from advisor.errors import UsageError

PAGES = {
    "a.md": "---\ntitle: Tester\nrole: Tester\nfamily: Crafts\nsummary: Breaks things.\n---\n\n# Tester\n\nTests.\n",
    "b.md": "---\ntitle: AI/ML path\nrole: AI/ML engineer\nfamily: Wrong\naliases: [ml dev]\n---\n\n# Path\n\nWalk.\n",
    "c.md": "---\ntitle: AI/ML engineer\nrole: AI/ML engineer\nfamily: Data\n---\n\n# Job\n\nWork.\n",
    "d.md": "---\ntitle: Potter\nrole: Potter\n---\n\n# Potter\n\nPots.\n",
    "e.md": "---\ntitle: Guide\nfamily: Data\n---\n\n# Guide\n\nNo career.\n",
    "f.md": "---\ntitle: Archer\nrole: Archer\nfamily: Crafts\n---\n\n# Archer\n\nAims.\n",
}


def test_careers_stand_by_family_and_name_and_those_without_a_family_last(tmp_path: Path) -> None:
    documents = small_shelf(tmp_path, PAGES).documents
    assert families_of(documents) == (
        Family("Crafts", (Listed("Archer", "archer", ""), Listed("Tester", "tester", "Breaks things."))),
        Family("Data", (Listed("AI/ML engineer", "ai-ml-engineer", ""),)),
        Family(OTHER, (Listed("Potter", "potter", ""),)),
    )
    assert families_of(()) == ()


def test_a_career_is_found_by_its_short_name_or_an_alias(tmp_path: Path) -> None:
    careers = read_careers(small_shelf(tmp_path, PAGES).documents)
    for given in ("ai-ml-engineer", "AI/ML engineer", "ml-dev", "  AI ML Engineer "):
        assert career_of_address(given, careers).name == "AI/ML engineer"
    assert summary_of(career_of_address("tester", careers)) == "Breaks things."
    for given in ("astronaut", "", "../../etc"):
        with pytest.raises(UsageError, match="there is no career"):
            career_of_address(given, careers)


def test_short_names_of_the_corpus_are_all_different() -> None:
    names = [one.short_name for family in families_of(read_corpus(CORPUS).documents) for one in family.careers]
    assert len(names) == len(set(names)) > 30
    assert short_name("AI/ML engineer") == "ai-ml-engineer"
