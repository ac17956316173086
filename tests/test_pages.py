"""Pages are made ready once, ahead of the questions where somebody saw to that."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import enumerate as all_threads

import pytest
from conftest import HashingEmbedder

from advisor.answer import pages
from advisor.answer.pages import Pages
from advisor.corpus.outline import Outline
from advisor.index.publish import Snapshot
from advisor.memory import open_conversations
from advisor.pipeline import Advisor
from advisor.records import Document, Done, Event
from advisor.web.current import Current


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the documents that were outlined, in order."""
    keys: list[str] = []
    outline = pages.outline_document

    def counted(document: Document) -> Outline:
        keys.append(document.key)
        return outline(document)

    monkeypatch.setattr(pages, "outline_document", counted)
    return keys


def test_a_page_is_made_when_it_is_asked_for_and_once(snapshot: Snapshot, made: list[str]) -> None:
    shelf = Pages(snapshot)
    key = snapshot.documents[0].key
    assert made == []
    assert shelf.page(key) is shelf.page(key)
    assert shelf.roadmap(key) is shelf.roadmap(key)
    assert made == [key]


def test_every_line_of_a_page_has_its_passage_and_its_meaning(snapshot: Snapshot) -> None:
    for document in snapshot.documents:
        page = Pages(snapshot).page(document.key)
        assert len(page.vectors) == len(page.outline.nodes)
        for node in page.outline.nodes:
            passage = page.passage_of(node)
            assert passage.start <= node.start < passage.end or passage is page.passages[0]


def test_a_page_without_passages_is_read_all_the_same(snapshot: Snapshot) -> None:
    document = snapshot.documents[0]
    bare = replace(snapshot, passages=[one for one in snapshot.passages if one.document != document.key])
    Pages(bare).prepare()
    assert Pages(bare).page(document.key).passages == ()


def test_a_page_that_there_is_not_is_a_key_error(snapshot: Snapshot) -> None:
    with pytest.raises(KeyError):
        Pages(snapshot).page("no.md")


def test_documents_are_found_by_what_they_are_called(snapshot: Snapshot) -> None:
    document = snapshot.documents[0]
    assert Pages(snapshot).called([document.title.upper(), "Nobody"]) == (document.key,)
    assert Pages(snapshot).called([]) == ()


def answer(ask: Callable[..., Iterator[Event]], question: str) -> str:
    last = [*ask(question, conversation="c")][-1]
    assert isinstance(last, Done)
    return last.answer.text


def test_after_preparing_no_question_waits_for_a_page(
    snapshot: Snapshot, embedder: HashingEmbedder, made: list[str]
) -> None:
    with open_conversations(None) as conversations:
        advisor = Advisor(snapshot, embedder=embedder, writer=None, conversations=conversations)
        advisor.prepare()
        assert sorted(made) == sorted(document.key for document in snapshot.documents)
        assert answer(advisor.ask, "How long is the apprenticeship?")
    assert len(made) == len(snapshot.documents)


def test_a_served_build_is_prepared_beside_the_questions(
    index_dir: Path, snapshot: Snapshot, embedder: HashingEmbedder, made: list[str]
) -> None:
    with open_conversations(None) as conversations:
        advisor = Advisor(snapshot, embedder=embedder, writer=None, conversations=conversations)
        current = Current(advisor, index_dir)
        for thread in all_threads():
            if thread.name == "prepare":
                thread.join()
        assert len(made) == len(snapshot.documents)
        assert answer(current.ask, "How long is the apprenticeship?")
    assert len(made) == len(snapshot.documents)
