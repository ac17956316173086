"""Every fact of the five first roadmaps stands, word for word as recorded, on the page it is recorded for."""

import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FACTS = ROOT / "eval" / "seed_facts.jsonl"
SEEDS = {
    "000_650beb68fa105389",
    "001_3cef2dcec6a42894",
    "002_fd6f4170863716bb",
    "003_6cef1294f0c70274",
    "004_7509e64a56d0b26a",
}


@dataclass(frozen=True, slots=True)
class SeedFact:
    seed: str
    fact: str
    page: str
    words: str


def collapsed(text: str) -> str:
    return " ".join(text.split())


def recorded_facts() -> list[SeedFact]:
    lines = FACTS.read_text(encoding="utf-8").splitlines()
    return [SeedFact(**json.loads(line)) for line in lines if line.strip()]


def missing_facts(facts: list[SeedFact], corpus: Path) -> list[SeedFact]:
    pages = {page.name: collapsed(page.read_text(encoding="utf-8")) for page in corpus.glob("*.md")}
    return [fact for fact in facts if collapsed(fact.words) not in pages.get(fact.page, "")]


def test_at_least_150_facts_are_recorded() -> None:
    assert len(recorded_facts()) >= 150


def test_each_of_the_five_seeds_has_facts() -> None:
    assert {fact.seed for fact in recorded_facts()} == SEEDS


def test_no_fact_is_recorded_twice_for_a_seed() -> None:
    facts = [(fact.seed, fact.fact) for fact in recorded_facts()]
    assert len(facts) == len(set(facts))


def test_every_recorded_fact_says_something() -> None:
    assert [fact for fact in recorded_facts() if not (fact.fact.strip() and fact.words.strip())] == []


def test_the_words_of_every_fact_stand_on_its_page() -> None:
    missing = missing_facts(recorded_facts(), ROOT / "corpus")
    assert [f"{fact.page}: {fact.words}" for fact in missing] == []


def test_words_that_no_longer_stand_on_their_page_are_reported(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("The course\n takes 8 weeks.", encoding="utf-8")
    present = SeedFact("s", "8 weeks", "a.md", "course takes  8 weeks")
    absent = SeedFact("s", "9 weeks", "a.md", "course takes 9 weeks")
    assert missing_facts([present, absent], tmp_path) == [absent]


def test_a_fact_on_a_page_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("The course takes 8 weeks.", encoding="utf-8")
    elsewhere = SeedFact("s", "8 weeks", "b.md", "course takes 8 weeks")
    assert missing_facts([elsewhere], tmp_path) == [elsewhere]
