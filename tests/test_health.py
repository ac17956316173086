"""How the server says it is: true in each state, in words with the cure, and briefly to strangers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import HashingEmbedder, OpenAdvisor, count_pieces, failing_writer, repeating_writer, write_corpus
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from advisor.answer.remote import open_remote_writer
from advisor.index.build import build_index
from advisor.index.publish import Snapshot, current_build, open_snapshot
from advisor.memory import open_conversations
from advisor.pipeline import Advisor
from advisor.records import Done
from advisor.web.current import Current
from advisor.web.desk import Desk
from advisor.web.health import Checkup, Health, add_health
from advisor.web.limits import Limits
from advisor.web.talk import Answering

HERE = {"base_url": "http://127.0.0.1:7860", "client": ("127.0.0.1", 50_000)}


def health_of(advisor: Answering) -> Health:
    return Checkup(Desk(advisor, Limits(0))).health()


def reasons_of(advisor: Answering) -> str:
    """What is amiss, but for the reader of lines that these advisors lack."""
    return "\n".join(reason for reason in health_of(advisor).reasons if "weighed, not read" not in reason)


def test_a_sound_server_tells_its_build_and_who_words_answers(snapshot: Snapshot, advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(repeating_writer())
    health = health_of(advisor)
    assert (health.build, health.pages, health.passages) == (snapshot.manifest.build, 3, len(snapshot.passages))
    assert (health.generator, health.answering) == ("scripted", 0)
    assert reasons_of(advisor) == ""
    assert health_of(advisor_with(None)).generator == "extractive"


def test_without_the_reader_of_lines_it_is_degraded_and_says_how_to_get_it(advisor_with: OpenAdvisor) -> None:
    health = health_of(advisor_with(None))
    assert (health.status, health.degraded) == ("degraded", True)
    assert any("advisor models pull all-MiniLM-L6-v2" in reason for reason in health.reasons)


def test_a_writer_that_is_missing_is_told_and_one_that_is_not_wanted_is_not(
    snapshot: Snapshot, embedder: HashingEmbedder
) -> None:
    with open_conversations(None) as conversations:
        parts: dict[str, Any] = {"embedder": embedder, "writer": None, "conversations": conversations}
        missing = Advisor(snapshot, **parts, no_writer="the model 'tiny' is not here; run: advisor models pull tiny")
        assert "advisor models pull tiny" in reasons_of(missing)
        assert reasons_of(Advisor(snapshot, **parts)) == ""


def test_a_writer_that_broke_down_is_told_until_it_writes_again(advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(failing_writer())
    assert reasons_of(advisor) == ""
    assert isinstance([*advisor.ask("How long is phase 1?", conversation="c")][-1], Done)
    assert "ran out of ink; pull another" in reasons_of(advisor)
    advisor.writer = repeating_writer()
    assert isinstance([*advisor.ask("How long is phase 1?", conversation="c")][-1], Done)
    assert reasons_of(advisor) == ""


def test_a_server_of_the_writer_that_is_down_is_told_before_anybody_asks(advisor_with: OpenAdvisor) -> None:
    writer = open_remote_writer("http://127.0.0.1:9", name="m", api_key=SecretStr(""), max_tokens=8, deadline_seconds=5)
    reasons = reasons_of(advisor_with(writer))
    assert "cannot be reached" in reasons
    assert "ADVISOR_WRITER_URL" in reasons


def test_a_newer_build_that_is_refused_is_told_and_the_old_one_named(
    advisor_with: OpenAdvisor, corpus_dir: Path, index_dir: Path, embedder: HashingEmbedder
) -> None:
    advisor = advisor_with(None)
    current = Current(advisor, index_dir, look_seconds=0)
    write_corpus(corpus_dir, {"baker.md": "# Baker\n\nA baker bakes.\n"})
    build_index(corpus_dir, index_dir, embedder=embedder, count_pieces=count_pieces)
    (current_build(index_dir) / "vectors.npy").unlink()
    health = health_of(current)
    assert health.build == advisor.snapshot.manifest.build
    assert "vectors.npy" in reasons_of(current)
    assert "advisor index build --full" in reasons_of(current)


def test_a_store_that_cannot_be_written_is_told_and_the_server_is_not_ready(
    snapshot: Snapshot, embedder: HashingEmbedder, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    with open_conversations(folder / "c.db") as conversations:
        advisor = Advisor(snapshot, embedder=embedder, writer=None, conversations=conversations)
        sound = Checkup(Desk(advisor, Limits(0)), believed_seconds=0)
        assert sound.is_ready()
        folder.rename(tmp_path / "elsewhere")
        assert not sound.is_ready()
        assert "the disk may be full, or the file may not be writable" in sound.health().reasons[0]
        (tmp_path / "elsewhere").rename(folder)
        assert sound.is_ready()


def test_findings_are_believed_for_some_seconds(advisor_with: OpenAdvisor) -> None:
    seconds = [0.0]
    advisor = advisor_with(None)
    checkup = Checkup(Desk(advisor, Limits(0)), believed_seconds=15, clock=lambda: seconds[0])
    assert checkup.is_ready()
    advisor.conversations.close()
    advisor.conversations = open_conversations(None)
    with advisor.conversations._transaction() as connection:
        connection.exec_driver_sql("DROP TABLE schema_version")
    assert checkup.is_ready()
    seconds[0] = 15
    assert not checkup.is_ready()


# --- the two addresses -------------------------------------------------------------------------------


@pytest.fixture
def app(index_dir: Path, embedder: HashingEmbedder) -> Iterator[FastAPI]:
    with open_conversations(None) as conversations:
        snapshot = open_snapshot(index_dir)
        advisor = Advisor(snapshot, embedder=embedder, writer=None, conversations=conversations)
        app = FastAPI()
        add_health(app, Checkup(Desk(advisor, Limits(0)), believed_seconds=0))
        app.state.conversations = conversations
        yield app


def test_the_maintainer_is_told_everything_and_strangers_two_words(app: FastAPI) -> None:
    with TestClient(app, **HERE) as client:
        told = client.get("/healthz").json()
        assert {"status", "build", "pages", "passages", "generator", "degraded", "reasons"} <= told.keys()
        assert client.get("/healthz", headers={"x-forwarded-for": "10.1.1.1"}).json().keys() == {"status", "degraded"}
    with TestClient(app) as client:
        assert client.get("/healthz").json() == {"status": "degraded", "degraded": True}
        assert client.get("/readyz").json() == {"ready": True, "status": "degraded", "degraded": True}


def test_a_server_that_cannot_keep_anything_lives_and_is_not_ready(app: FastAPI) -> None:
    with app.state.conversations._transaction() as connection:
        connection.exec_driver_sql("DROP TABLE schema_version")
    with TestClient(app, **HERE) as client:
        assert client.get("/healthz").status_code == 200
        ready = client.get("/readyz")
    assert ready.status_code == 503
    assert (ready.json()["ready"], ready.json()["degraded"]) == (False, True)
