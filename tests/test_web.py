"""The page without a browser: how events become a screen, what each control does, what the shell lets through."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from page_server import NEXT, WRITER, ScriptedAdvisor, Tags, answer_for

from advisor.errors import UsageError
from advisor.memory import open_conversations
from advisor.records import Done, Extract, Token, Turn
from advisor.web import follow, talk
from advisor.web.markup import answer_html
from advisor.web.serve import create_app, serve
from advisor.web.shell import BODY_LIMIT_BYTES
from advisor.web.talk import Phase, Shown, ShownTurn

OWNER = "ann-0123456789abcdef"


def turn(question: str, phase: Phase = Phase.DONE, **more: Any) -> ShownTurn:
    return ShownTurn(question, 0, phase=phase, answer=answer_for(question), **more)


def screens(advisor: ScriptedAdvisor, question: str) -> list[ShownTurn]:
    shown = talk.begin(Shown(), question, conversation="c", kept=0, run="r")
    return [screen.turns[-1] for screen in talk.converse(advisor, shown, owner=OWNER)]


@pytest.fixture
def advisor() -> Iterator[ScriptedAdvisor]:
    with open_conversations(None) as conversations:
        yield ScriptedAdvisor(conversations, pause_seconds=0)


# --- talk --------------------------------------------------------------------------------------------


def test_events_become_screens_in_order(advisor: ScriptedAdvisor) -> None:
    turns = screens(advisor, "How long?")
    phases = [t.phase for t in turns]
    assert phases[:3] == [Phase.SEARCHING, Phase.READING, Phase.WORDING]
    assert phases[-1] is Phase.DONE
    assert turns[1].passages == 8
    assert turns[2].answer == answer_for("How long?")
    assert turns[-1].draft == ""
    assert turns[-1].answer is not None
    assert turns[-1].answer.generator == WRITER


def test_folding_tokens_joins_them() -> None:
    one = turn("q", Phase.WORDING)
    for word in ("a ", "b", " c"):
        one = talk.fold(one, Token(word))
    assert one.draft == "a b c"
    assert talk.fold(one, Done(answer_for("Oslo"))).draft == ""
    assert talk.fold(ShownTurn("q", 0), Extract(answer_for("Oslo"))).phase is Phase.WORDING


def test_an_error_of_the_advisor_is_its_own_line(advisor: ScriptedAdvisor) -> None:
    last = screens(advisor, "x" * 3000)[-1]
    assert last.phase is Phase.FAILED
    assert last.error == "the question has 3000 characters: ask in 2000 or fewer."


def test_an_unexpected_error_shows_no_detail(advisor: ScriptedAdvisor, caplog: pytest.LogCaptureFixture) -> None:
    last = screens(advisor, "broken")[-1]
    assert last.phase is Phase.FAILED
    assert last.error == talk.UNEXPECTED
    assert "secret" not in last.error
    assert "a secret detail" in caplog.text


def test_closing_a_conversation_closes_the_advisors_question(advisor: ScriptedAdvisor) -> None:
    shown = talk.begin(Shown(), "How long slow?", conversation="c", kept=0, run="r")
    following = talk.converse(advisor, shown, owner=OWNER)
    for screen in following:
        if screen.turns[-1].phase is Phase.WORDING:
            break
    assert not advisor.closed.acquire(blocking=False)
    following.close()
    assert advisor.closed.acquire(blocking=False)


def test_a_stopped_turn_keeps_its_extract_and_drops_its_draft() -> None:
    shown = Shown("c", (turn("How long?", Phase.WORDING, draft="tentative"),))
    stopped = talk.stop(shown)
    assert not stopped.is_running
    assert stopped.turns[-1].answer == answer_for("How long?")
    assert "tentative" not in answer_html(stopped.turns[-1], 1, writer=WRITER)
    assert talk.stop(stopped) == stopped


def test_a_restored_conversation_shows_what_the_store_keeps(advisor: ScriptedAdvisor) -> None:
    for question in ("How long?", "Oslo"):
        kept = Turn(question, answer_for(question), datetime.now(UTC))
        advisor.conversations.append("c", kept, owner=OWNER)
    shown = talk.restore("c", advisor.conversations.turns("c", owner=OWNER))
    assert [(t.question, t.kept_before, t.phase) for t in shown.turns] == [
        ("How long?", 0, Phase.DONE),
        ("Oslo", 1, Phase.DONE),
    ]
    assert not shown.is_running


# --- a page, handler by handler ------------------------------------------------------------------------


class Tab:
    """An open tab: applies what the handlers return, as Gradio does."""

    def __init__(self, advisor: ScriptedAdvisor) -> None:
        import gradio as gr

        from advisor.web.layout import lay_out
        from advisor.web.page import Page

        with gr.Blocks():
            self.page = Page(advisor, lay_out())
        p = self.page.parts
        self.held: dict[Any, Any] = {p.shown: Shown(), p.conversation: "", p.owner: OWNER, p.pending: "", p.halted: ""}

    def apply(self, update: dict[Any, Any]) -> None:
        self.held |= {part: value for part, value in update.items() if part in self.held}

    @property
    def shown(self) -> Shown:
        return self.held[self.page.parts.shown]

    def live(self) -> Any:
        p = self.page.parts
        return self.page.live(self.shown, self.held[p.halted], self.held[p.conversation], OWNER)

    def answers(self) -> Iterator[dict[Any, Any]]:
        p = self.page.parts
        return self.page.answer(self.held[p.pending], self.held[p.halted], self.shown, OWNER)

    def follow(self, *, until: Phase) -> Iterator[dict[Any, Any]]:
        """Lets the answer come as far as this phase; gives what is left of it."""
        answers = self.answers()
        for update in answers:
            self.apply(update)
            if self.shown.turns and self.shown.turns[-1].phase is until:
                break
        return answers


def test_asking_blank_or_while_an_answer_runs_changes_nothing(advisor: ScriptedAdvisor) -> None:
    tab = Tab(advisor)
    for question in ("", "  \n "):
        assert set(tab.page.ask(question, tab.live())) == {tab.page.parts.doomed}
    tab.apply(tab.page.ask("How long?", tab.live()))
    assert set(tab.page.ask("Another?", tab.live())) == {tab.page.parts.doomed}
    assert set(tab.page.ask_again(tab.live())) == {tab.page.parts.doomed}


def test_a_stop_keeps_an_extract_that_came_at_the_last_moment(advisor: ScriptedAdvisor) -> None:
    tab = Tab(advisor)
    tab.apply(tab.page.ask("How long, slow?", tab.live()))
    rest = tab.follow(until=Phase.SEARCHING)
    stale = tab.live()
    tab.apply(next(rest))  # the passages
    tab.apply(next(rest))  # the extract
    stop = threading.Thread(target=lambda: tab.apply(tab.page.stop(stale)))
    stop.start()
    while next(rest, None) is not None:
        time.sleep(0.01)
    stop.join()
    assert tab.shown.turns[-1].phase is Phase.STOPPED
    assert tab.shown.turns[-1].answer == answer_for("How long, slow?")
    assert advisor.closed.acquire(blocking=False)
    assert tab.page.running == {}


def test_a_late_update_of_a_stopped_answer_does_not_block_the_page(advisor: ScriptedAdvisor) -> None:
    tab = Tab(advisor)
    tab.apply(tab.page.ask("How long, slow?", tab.live()))
    tab.follow(until=Phase.WORDING).close()  # type: ignore[attr-defined]
    late = {tab.page.parts.shown: tab.shown}
    tab.apply(tab.page.stop(tab.live()))
    tab.apply(late)
    tab.apply(tab.page.ask("Oslo?", tab.live()))
    assert [t.phase for t in tab.shown.turns] == [Phase.STOPPED, Phase.WAITING]


def test_a_stopped_question_that_still_waits_in_the_queue_is_never_asked(advisor: ScriptedAdvisor) -> None:
    tab = Tab(advisor)
    tab.apply(tab.page.ask("How long?", tab.live()))
    tab.apply(tab.page.stop(tab.live()))
    assert [set(update) for update in tab.answers()] == [{tab.page.parts.doomed}]
    assert advisor.conversations.list(OWNER) == ()


def test_a_conversation_deleted_while_it_is_answered_does_not_come_back(advisor: ScriptedAdvisor) -> None:
    tab = Tab(advisor)
    tab.apply(tab.page.ask("How long, slow?", tab.live()))
    rest = tab.follow(until=Phase.WORDING)
    tab.apply(tab.page.clear(tab.live()))  # waits in vain: nobody goes on with the answer
    assert tab.shown == Shown()
    rest.close()  # type: ignore[attr-defined]
    assert advisor.closed.acquire(blocking=False)
    assert advisor.conversations.list(OWNER) == ()


def test_retry_replaces_the_stored_turn(advisor: ScriptedAdvisor) -> None:
    tab = Tab(advisor)
    for question in ("Oslo?", "How long?"):
        tab.apply(tab.page.ask(question, tab.live()))
        tab.follow(until=Phase.DONE)
    tab.apply(tab.page.ask_again(tab.live()))
    tab.follow(until=Phase.DONE)
    kept = advisor.conversations.turns(tab.shown.conversation, owner=OWNER)
    assert [t.question for t in kept] == ["Oslo?", "How long?"] == [t.question for t in tab.shown.turns]


def test_an_edited_question_replaces_the_last_turn_in_the_store_and_no_other(advisor: ScriptedAdvisor) -> None:
    tab = Tab(advisor)
    for question in ("Oslo?", "How long?"):
        tab.apply(tab.page.ask(question, tab.live()))
        tab.follow(until=Phase.DONE)
    update = tab.page.revise(follow.asked, tab.live())
    revised = update[tab.page.parts.revised]
    assert update[tab.page.parts.question] == "How long?"
    assert tab.page.parts.pending not in tab.page.ask_typed(tab.live(), " ", revised)
    tab.apply(tab.page.ask_typed(tab.live(), "How long, in weeks?", revised))
    tab.follow(until=Phase.DONE)
    kept = advisor.conversations.turns(tab.shown.conversation, owner=OWNER)
    assert [t.question for t in kept] == ["Oslo?", "How long, in weeks?"] == [t.question for t in tab.shown.turns]
    tab.apply(tab.page.ask_typed(tab.live(), "And then?", "a name of another turn"))
    tab.follow(until=Phase.DONE)
    assert [t.question for t in tab.shown.turns] == ["Oslo?", "How long, in weeks?", "And then?"]


def test_only_a_question_that_the_last_answer_offers_is_asked_by_a_choice(advisor: ScriptedAdvisor) -> None:
    tab = Tab(advisor)
    tab.apply(tab.page.ask("How do I become one?", tab.live()))
    tab.follow(until=Phase.DONE)
    for made_up in ("Something else?", None, 7):
        assert set(tab.page.ask_suggested(tab.live(), made_up)) == {tab.page.parts.doomed}
    tab.apply(tab.page.ask_suggested(tab.live(), NEXT[1]))
    assert [t.question for t in tab.shown.turns] == ["How do I become one?", NEXT[1]]


def test_an_open_page_goes_on_after_the_server_lost_its_state(advisor: ScriptedAdvisor) -> None:
    tab = Tab(advisor)
    tab.apply(tab.page.ask("How long?", tab.live()))
    tab.follow(until=Phase.DONE)
    tab.apply({tab.page.parts.shown: Shown()})
    tab.apply(tab.page.ask("Oslo?", tab.live()))
    tab.follow(until=Phase.DONE)
    assert [t.question for t in tab.shown.turns] == ["How long?", "Oslo?"]


@pytest.mark.parametrize("owner", ["", "short", "x" * 65, "with space 0123456789", None, 7, {"a": 1}])
def test_an_owner_that_a_browser_made_up_is_replaced(advisor: ScriptedAdvisor, owner: Any) -> None:
    tab = Tab(advisor)
    given = tab.page.load(owner, "c" * 20)[tab.page.parts.owner]
    assert given != owner
    assert len(given) >= 32


@pytest.mark.parametrize("owner", ["local", "", "short"])
def test_the_terminals_conversations_are_not_shown_to_a_client_that_sends_their_owner(
    advisor: ScriptedAdvisor, owner: str
) -> None:
    tab, conversation = Tab(advisor), "c" * 20
    if owner:
        turn = Turn("How long?", answer_for("How long?"), datetime.now(UTC))
        advisor.conversations.append(conversation, turn, owner=owner)
    live = tab.page.live(Shown(), "", conversation, owner)
    assert live.shown == Shown()
    assert live.owner == ""


# --- the shell ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with open_conversations(None) as conversations, TestClient(create_app(ScriptedAdvisor(conversations))) as client:
        yield client


def test_health_is_told(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "degraded": False})


def test_every_reply_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/healthz", "/no-such-page", "/config"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "img-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    assert "content-security-policy" in client.post("/gradio_api/upload").headers


def test_only_on_a_space_may_another_host_frame_the_page() -> None:
    with open_conversations(None) as conversations:
        app = create_app(ScriptedAdvisor(conversations), on_space=True)
        with TestClient(app) as client:
            policy = client.get("/healthz").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors https://huggingface.co")


def test_uploads_are_refused(client: TestClient) -> None:
    for path in ("/gradio_api/upload", "/upload", "/gradio_api/upload/"):
        assert client.post(path, files={"files": b"x"}).status_code == 403


def test_nothing_describes_the_inner_addresses(client: TestClient) -> None:
    for path in ("/openapi.json", "/gradio_api/openapi.json", "/docs", "/redoc"):
        assert client.get(path).status_code in {403, 404}


def test_large_and_endless_bodies_are_refused(client: TestClient) -> None:
    join = "/gradio_api/queue/join"
    assert client.post(join, content=b"x" * (BODY_LIMIT_BYTES + 1)).status_code == 413
    assert client.post(join, content=iter([b"x"] * 10)).status_code == 411
    assert client.post(join, content=b"x" * 10).status_code == 422


def test_the_page_names_no_foreign_host_that_a_browser_would_fetch(client: TestClient) -> None:
    fetched = [
        str(value)
        for tag, attributes in Tags(client.get("/").text).seen
        for name, value in attributes.items()
        if tag in {"link", "script", "img", "iframe"} and name in {"src", "href"}
    ]
    assert fetched
    assert not [url for url in fetched if url.startswith(("http:", "https:", "//"))]


def test_files_of_the_machine_are_not_served(client: TestClient) -> None:
    for path in ("/gradio_api/file=/etc/passwd", f"/gradio_api/file={Path(__file__)}", "/file=../pyproject.toml"):
        assert client.get(path).status_code >= 400


def test_ask_is_the_only_public_endpoint_and_telemetry_is_off(client: TestClient) -> None:
    assert list(client.get("/gradio_api/info").json()["named_endpoints"]) == ["/ask"]
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert client.get("/config").json()["analytics_enabled"] is False


# --- the server --------------------------------------------------------------------------------------


def test_a_taken_port_is_named_with_two_ways_out(advisor: ScriptedAdvisor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"port {port} is taken.*PORT={port + 1} make run.*--port {port + 1}"):
            serve(advisor, host="127.0.0.1", port=port)


@pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 0), ("127.0.0.1", 99999)])
def test_an_address_that_cannot_be_had_is_named(advisor: ScriptedAdvisor, host: str, port: int) -> None:
    with pytest.raises(UsageError, match=re.escape(host) if port == 0 else "99999"):
        serve(advisor, host=host, port=port)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C reaches a Windows process differently")
def test_ctrl_c_ends_the_server_with_code_0_and_no_noise_even_under_an_open_page(tmp_path: Path) -> None:
    command = [sys.executable, str(Path(__file__).with_name("page_server.py")), str(tmp_path / "c.db"), "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:(\d+)", server.stdout.readline())
    assert found
    page = socket.create_connection(("127.0.0.1", int(found[1])))
    page.sendall(b"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"200" in page.recv(100)
    began = time.monotonic()
    server.send_signal(signal.SIGINT)
    _, noise = server.communicate(timeout=20)
    page.close()
    assert (server.returncode, noise) == (0, "")
    assert time.monotonic() - began < 5


def test_importing_the_server_and_the_talk_does_not_import_gradio() -> None:
    program = "import sys, advisor.web.serve, advisor.web.talk; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_answering_leaves_no_thread_behind(advisor: ScriptedAdvisor) -> None:
    before = threading.active_count()
    screens(advisor, "How long?")
    assert threading.active_count() == before
