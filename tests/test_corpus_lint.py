"""The lint: clean on our own pages, and each of its rules finds the fault it is for."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from test_roadmap import example_page

from advisor.corpus.findings import Severity
from advisor.corpus.lint import corpus_figures, lint_corpus
from advisor.corpus.measures import read_date

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 21)
SHEPHERD = """---
title: Shepherd
role: Shepherd
aliases: [drover]
family: Agriculture
summary: What a shepherd does.
last_verified: 2026-11-01
licence: CC-BY-4.0
sources:
  - title: Sheep, by B. Author
---

## What a shepherd is

A shepherd looks after sheep and walks more than other farmers do.

## Phase 1 of the shepherd roadmap: Sheep

- **[Introduction to Bees](https://bees.example.org/intro)** by Example University
  - Kind: course
  - Duration: 6 weeks
  - Effort: 3–4 hours per week
  - Cost: free to audit
"""

Rules = Callable[..., set[str]]


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """The rules that find something once these words of a page are replaced by others."""

    def found(old: str = "", new: str = "", *, page: str = "beekeeper.md", today: date = TODAY) -> set[str]:
        texts = {"beekeeper.md": example_page(), "shepherd.md": SHEPHERD}
        assert old in texts[page], "the mutation changes nothing"
        texts[page] = texts[page].replace(old, new, 1)
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return {finding.rule for finding in lint_corpus(tmp_path, today=today).findings}

    return found


def newest_check() -> date:
    """The day of the newest check: judged by it, our pages do not go stale while nobody touches the repository."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "corpus").glob("*.md")]
    lines = (line for text in texts for line in text.split("\n") if line.startswith("last_verified:"))
    return max(filter(None, map(read_date, lines)))


def test_our_own_pages_are_clean() -> None:
    report = lint_corpus(ROOT / "corpus", today=newest_check())
    assert [f"{one.file}:{one.line} {one.message}" for one in report.findings] == []
    assert report.pages > 50


def test_two_good_pages_are_clean(rules: Rules) -> None:
    assert rules() == set()


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("family: Agriculture\n", "", "front-matter"),
        ("licence: CC-BY-4.0", "licence:", "front-matter"),
        ("last_verified: 2026-11-21", "last_verified: last week", "front-matter"),
        ("last_verified: 2026-11-21", "last_verified: 2027-01-01", "front-matter"),
        ("title: Beekeeper", "title: [Beekeeper", "front-matter"),
        ("Duration: 6 weeks", "Duration: quite long", "unparsed"),
        ("Cost: EUR 25", "Cost: ask the shop", "unparsed"),
        ("Status: active", "Status: popular", "unparsed"),
        ("  - Duration: 10 hours\n", "", "no-duration"),
        ("  - Cost: EUR 25\n", "", "no-cost"),
        ("[The Quiet Hive](https://books.example.org/quiet-hive)", "The Quiet Hive", "no-link"),
        ("  - Status: active\n", "", "no-status"),
        ("retired on 31 March 2026", "retired", "no-date"),
        ("Checked: 2026-03", "Checked: 2025-03", "stale"),
        ("28–34 hours (added", "30–34 hours (added", "sum"),
        ("Introduction to Bees, Hive inspection", "Introduction to Wasps", "prerequisite"),
        ("  - Level: beginner\n  - Cost: free to audit",
         "  - Prerequisites: The Quiet Hive\n  - Cost: free to audit", "order"),
        ("  - Level: beginner\n  - Cost: free to audit",
         "  - Prerequisites: Project: a hive diary\n  - Cost: free to audit", "cycle"),
        ("## Optional skills", "# Optional skills", "heading"),
        ("## Optional skills", "#### Optional skills", "heading"),
        ("## Optional skills of a beekeeper", "## Essential skills of a beekeeper", "heading"),
        ("- Carpentry: building and mending boxes\n", "", "heading"),
        ("- **[Introduction to Bees]", "- **[Introduction to Bees", "markdown"),
        ("| The Beekeeping Roadmap | 4–5 months |", "| The Beekeeping Roadmap | 4–5 months | 3 |", "markdown"),
        ("A beekeeper keeps colonies", "```\nA beekeeper keeps colonies", "markdown"),
        ("A beekeeper keeps colonies", "A [beekeeper](beekeepers.md) keeps colonies", "link"),
        ("A beekeeper keeps colonies", "A beekeeper\u200b keeps colonies", "hidden"),
        ("A beekeeper keeps colonies", "A beekeeper donâ€™t keep colonies", "mojibake"),
        ("A beekeeper keeps colonies", "A beekeeper <b>keeps</b> colonies", "unclean"),
        ("**Project: a hive diary**", "**Introduction to Bees**", "twice"),
        ("  - bee farmer", "  - drover", "alias"),
        ("  - bee farmer", "  - shepherd", "alias"),
    ],
)  # fmt: skip
def test_each_fault_is_found_by_its_rule(rules: Rules, old: str, new: str, rule: str) -> None:
    assert rule in rules(old, new)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("role: Shepherd", "role: beekeeper", "role"),
        ("title: Shepherd\nrole: Shepherd", "title: Beekeeper\nrole: Beekeeper", "role"),
        ("title: Shepherd", "title: Sheep", "role"),
        ("Duration: 6 weeks", "Duration: 8 weeks", "contradiction"),
        ("Cost: free to audit", "Cost: USD 20", "contradiction"),
        ("https://bees.example.org/intro", "https://bees.example.org/other", "contradiction"),
        ("A shepherd looks after sheep and walks more than other farmers do.",
         "Ask the nearest club for a morning at its hives; that takes two hours and costs nothing.", "repeated"),
    ],
)  # fmt: skip
def test_faults_between_pages_are_found(rules: Rules, old: str, new: str, rule: str) -> None:
    assert rule in rules(old, new, page="shepherd.md")


def test_a_copy_of_a_page_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(example_page(), encoding="utf-8")
    (tmp_path / "b.md").write_text(example_page(), encoding="utf-8")
    found = {finding.rule for finding in lint_corpus(tmp_path, today=TODAY).findings}
    assert {"near-duplicate", "role"} <= found


def test_an_active_certificate_grows_stale_after_twelve_months(rules: Rules) -> None:
    assert "stale" not in rules(today=date(2027, 3, 31))
    assert "stale" in rules(today=date(2027, 4, 1))


def test_a_file_that_cannot_be_read_is_an_error_and_the_rest_is_judged(tmp_path: Path) -> None:
    (tmp_path / "beekeeper.md").write_text(example_page(), encoding="utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"no PDF")
    report = lint_corpus(tmp_path, today=TODAY)
    assert [(one.file, one.rule, one.severity) for one in report.findings] == [
        ("broken.pdf", "unreadable", Severity.ERROR)
    ]
    assert report.errors == 1


def test_findings_name_the_line(tmp_path: Path) -> None:
    text = example_page().replace("Duration: 6 weeks", "Duration: quite long")
    (tmp_path / "beekeeper.md").write_text(text, encoding="utf-8")
    (finding,) = [one for one in lint_corpus(tmp_path, today=TODAY).findings if one.rule == "unparsed"]
    assert text.split("\n")[finding.line - 1].strip() == "- Duration: quite long"


def test_the_figures_count_what_the_pages_hold(tmp_path: Path) -> None:
    (tmp_path / "beekeeper.md").write_text(example_page(), encoding="utf-8")
    (tmp_path / "shepherd.md").write_text(SHEPHERD, encoding="utf-8")
    figures = corpus_figures(tmp_path)
    assert (figures.pages, figures.careers, figures.guides, figures.phases) == (2, 2, 0, 2)
    assert (figures.items, figures.items_with_hours, figures.items_free) == (4, 3, 3)
    assert figures.certificates == {"active": 1, "retired": 1}
    assert figures.skills == 3
    assert figures.oldest_last_verified == date(2026, 11, 1)
