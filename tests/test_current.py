"""A build that is published while the page is served: taken up by itself, and only where it is sound and fits."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import PAGES, HashingEmbedder, count_pieces, repeating_writer, write_corpus

from advisor.index.build import build_index
from advisor.index.publish import current_build, open_snapshot, roll_back
from advisor.memory import open_conversations
from advisor.pipeline import Advisor
from advisor.records import Done, Extract
from advisor.web.compare_page import compared
from advisor.web.current import LOOK_SECONDS, RETRY_SECONDS, Current
from advisor.web.plan_page import careers_of

APPRENTICESHIP = "How long is the apprenticeship of a gardener?"


@dataclass
class Shop:
    """An index folder with a current advisor over it, and a clock that is moved by hand."""

    current: Current
    corpus: Path
    index: Path
    seconds: float = 0.0

    def publish(self, pages: dict[str, str] | None = None, embedder: HashingEmbedder | None = None) -> str:
        """Build these pages anew; the name of the build."""
        write_corpus(self.corpus, pages or {"gardener.md": PAGES["gardener.md"].replace("3 years", "4 years")})
        build_index(self.corpus, self.index, embedder=embedder or HashingEmbedder(), count_pieces=count_pieces)
        return current_build(self.index).name

    def damage(self) -> Path:
        """Spoil a file of the published build."""
        spoiled = current_build(self.index) / "passages.jsonl"
        spoiled.write_bytes(spoiled.read_bytes()[:-20])
        return spoiled

    @property
    def build(self) -> str:
        return self.current.snapshot.manifest.build

    @property
    def amiss(self) -> str:
        return "\n".join(self.current.shortcomings())

    def answer(self, question: str = APPRENTICESHIP) -> str:
        last = [*self.current.ask(question, conversation="c", owner="ann")][-1]
        assert isinstance(last, Done)
        return last.answer.text


@pytest.fixture
def shop(corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder) -> Iterator[Shop]:
    with open_conversations(None) as conversations:
        writer = repeating_writer()
        advisor = Advisor(open_snapshot(index_dir), embedder=embedder, writer=writer, conversations=conversations)
        clocked: list[Shop] = []
        current = Current(advisor, index_dir, clock=lambda: clocked[0].seconds if clocked else 0.0)
        clocked.append(Shop(current, corpus_dir, index_dir))
        yield clocked[0]


def test_the_next_question_gets_the_new_build(shop: Shop) -> None:
    assert "3 years" in shop.answer()
    published = shop.publish()
    shop.seconds += LOOK_SECONDS
    assert "4 years" in shop.answer()
    assert shop.build == published
    assert "newer build" not in shop.amiss


def test_between_two_looks_the_folder_is_left_alone(shop: Shop) -> None:
    before = shop.build
    shop.publish()
    shop.seconds += LOOK_SECONDS / 2
    assert shop.build == before
    shop.seconds += LOOK_SECONDS / 2
    assert shop.build != before


def test_a_running_question_ends_on_the_build_with_which_it_began(shop: Shop) -> None:
    events = shop.current.ask(APPRENTICESHIP, conversation="c", owner="ann")
    first = next(events)
    shop.publish()
    shop.seconds += LOOK_SECONDS
    assert "4 years" in shop.answer()
    rest = [first, *events]
    texts = [event.answer.text for event in rest if isinstance(event, Extract | Done)]
    assert len(texts) == 2
    assert all("3 years" in text and "4 years" not in text for text in texts)


def test_models_and_conversations_are_shared_with_the_new_build(shop: Shop) -> None:
    before = shop.current.newest()
    shop.answer()
    shop.publish()
    shop.seconds += LOOK_SECONDS
    after = shop.current.newest()
    assert after is not before
    assert (after.embedder, after.writer, after.conversations) == (before.embedder, before.writer, before.conversations)
    assert len(after.conversations.turns("c", owner="ann")) == 1


def test_a_damaged_build_is_refused_told_once_and_the_old_one_stays(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    before, published = shop.build, shop.publish()
    spoiled = shop.damage()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            shop.seconds += RETRY_SECONDS
            assert "3 years" in shop.answer()
    assert shop.build == before
    assert f"{before} still is" in shop.amiss
    assert spoiled.name in shop.amiss
    assert "advisor index build" in shop.amiss
    told = [record.getMessage() for record in caplog.records if published in record.getMessage()]
    assert len([line for line in told if "is not used" in line]) == 1


def test_a_build_for_another_embedder_is_refused(shop: Shop) -> None:
    before = shop.build
    shop.publish(embedder=HashingEmbedder("another"))
    shop.seconds += LOOK_SECONDS
    assert shop.build == before
    assert "'another'" in shop.amiss


def test_an_index_that_is_gone_leaves_the_build_in_memory(shop: Shop) -> None:
    before = shop.build
    (shop.index / "CURRENT").unlink()
    shop.seconds += LOOK_SECONDS
    assert shop.build == before
    assert "there is no index" in shop.amiss


def test_a_refused_build_whose_files_arrive_late_is_taken_up_later(shop: Shop) -> None:
    published = shop.publish()
    path = current_build(shop.index) / "passages.jsonl"
    whole = path.read_bytes()
    path.write_bytes(b"")
    shop.seconds += LOOK_SECONDS
    assert shop.build != published
    path.write_bytes(whole)
    shop.seconds += RETRY_SECONDS / 2
    assert shop.build != published
    shop.seconds += RETRY_SECONDS / 2
    assert shop.build == published
    assert "newer build" not in shop.amiss


def test_a_roll_back_is_followed_and_ends_the_complaint(shop: Shop) -> None:
    before = shop.build
    shop.publish()
    shop.damage()
    shop.seconds += LOOK_SECONDS
    assert "newer build" in shop.amiss
    roll_back(shop.index)
    shop.seconds += LOOK_SECONDS
    assert shop.build == before
    assert "newer build" not in shop.amiss


def test_the_other_pages_see_the_new_build(shop: Shop) -> None:
    assert careers_of(shop.current) == ["Data Engineer"]
    assert "Florist" in compared(shop.current, ["Data Engineer", "Florist"])[0]  # named as unknown
    page = PAGES["data-engineer.md"].replace("Data Engineer", "Florist").replace("pipeline engineer", "flower seller")
    shop.publish({"florist.md": page})
    shop.seconds += LOOK_SECONDS
    assert careers_of(shop.current) == ["Data Engineer", "Florist"]
    assert compared(shop.current, ["Data Engineer", "Florist"])[0].startswith("<div")
    assert "Florist" in shop.current.document_text("florist.md")
