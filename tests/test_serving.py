"""The server as strangers, proxies and signals meet it: limits in words, questions let go of, an end without loss."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from advisor.memory import open_conversations
from advisor.web.shell import BUSY, STALE, shell

OWNER = "ann-0123456789abcdef"
BY_PROXY = {"x-forwarded-for": "10.1.1.1"}


@dataclass
class Server:
    """A page in its own process."""

    process: "subprocess.Popen[str]"
    port: int

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Content-Type": "application/json", **(headers or {})}
        connection.request(method, path, json.dumps(body).encode() if body is not None else None, sent)
        return connection.getresponse()

    def health(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.request("GET", "/healthz").read())
        return told

    def wait_until_answering(self, number: int) -> None:
        for _ in range(400):
            if self.health()["answering"] == number:
                return
            time.sleep(0.05)
        pytest.fail(f"{self.health()['answering']} questions are being answered after 20 seconds, not {number}")


@dataclass
class Tab:
    """A browser's tab, as far as asking goes."""

    server: Server
    session: str
    headers: dict[str, str]

    def join(self, event: dict[str, Any], data: list[Any]) -> Any:
        body = {"data": data, "fn_index": event["id"], "session_hash": self.session, "event_data": None}
        return self.server.request("POST", "/gradio_api/queue/join", body, self.headers)

    def stream(self) -> Any:
        return self.server.request("GET", f"/gradio_api/queue/data?session_hash={self.session}", headers=self.headers)

    def finished(self) -> str:
        """Everything that came for this tab until its event was done."""
        seen = ""
        for line in self.stream():
            seen += line.decode()
            if b"process_completed" in line:
                return seen
        return seen

    def type_question(self, question: str) -> None:
        config = json.loads(self.server.request("GET", "/config").read())
        kinds = {one["id"]: one["type"] for one in config["components"]}
        filled = {"browserstate": iter(["", OWNER]), "textbox": iter([question])}  # which conversation, and whose
        typed = next(
            event
            for event in config["dependencies"]
            if {*filled} <= {kinds[part] for part in event["inputs"]}
            and {target[1] for target in event["targets"]} == {"submit", "click"}
        )
        data = [next(filled.get(kinds[part], iter([None]))) for part in typed["inputs"]]
        assert self.join(typed, data).status == 200
        self.finished()

    def answer(self) -> Any:
        config = json.loads(self.server.request("GET", "/config").read())
        event = next(one for one in config["dependencies"] if one["api_name"] == "answer")
        return self.join(event, [None, None, None, OWNER])


@contextmanager
def served(tmp_path: Path) -> Iterator[Server]:
    command = [sys.executable, str(Path(__file__).with_name("page_server.py")), str(tmp_path / "c.db"), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert found, process.communicate()[1]
        try:
            yield Server(process, int(found[1]))
        finally:
            process.kill()


pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals reach a Windows process differently")


def test_sigterm_under_a_running_answer_keeps_it_and_ends_without_a_traceback(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        tab = Tab(server, "s1", {})
        tab.type_question("How long, slow?")
        assert tab.answer().status == 200
        following = tab.stream()
        while b"word5" not in following.readline():
            pass
        server.process.send_signal(signal.SIGTERM)
        _, noise = server.process.communicate(timeout=60)
        assert server.process.returncode == 0
        assert "Traceback" not in noise
        assert "status=stopped" in noise
    with open_conversations(tmp_path / "c.db") as conversations:
        (conversation,) = conversations.list(OWNER)
        (turn,) = conversations.turns(conversation.id, owner=OWNER)
    assert "4–5 months" in turn.answer.text


def test_sigterm_under_a_question_that_hangs_keeps_its_extract_and_ends_the_server(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        tab = Tab(server, "s1", {})
        tab.type_question("How long, if it hangs?")
        assert tab.answer().status == 200
        following = tab.stream()
        while b"months" not in following.readline():
            pass
        server.process.send_signal(signal.SIGTERM)
        _, noise = server.process.communicate(timeout=60)  # the question itself hangs for ten minutes
        assert server.process.returncode == 0
        assert "Traceback" not in noise
        assert "its extract is kept" in noise
        assert "ends without waiting for what hangs" in noise
    with open_conversations(tmp_path / "c.db") as conversations:
        (conversation,) = conversations.list(OWNER)
        (turn,) = conversations.turns(conversation.id, owner=OWNER)
    assert turn.question == "How long, if it hangs?"
    assert "4–5 months" in turn.answer.text


def test_a_browser_that_leaves_frees_its_question_and_the_server_goes_on(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        tab = Tab(server, "s1", {})
        tab.type_question("How long, slow?")
        assert tab.answer().status == 200
        following = tab.stream()
        server.wait_until_answering(1)
        following.close()  # the tab is gone
        server.wait_until_answering(0)
        again = Tab(server, "s2", {})
        again.type_question("How long?")
        assert again.answer().status == 200
        assert "process_completed" in again.finished()


def test_a_stranger_who_asks_too_much_reads_so_on_the_page_and_the_machines_own_user_does_not(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        for number in range(32):
            tab = Tab(server, f"s{number}", BY_PROXY)
            tab.type_question("Oslo?")
            assert tab.answer().status == 200
            seen = tab.finished()
            assert ("more than 30 questions within a minute" in seen) is (number >= 30)
        own = Tab(server, "own", {})
        own.type_question("Oslo?")
        assert own.answer().status == 200
        assert "questions within a minute" not in own.finished()


# --- a full queue ------------------------------------------------------------------------------------


def test_a_full_queue_is_told_in_words_that_the_page_shows() -> None:
    from starlette.responses import JSONResponse

    full = JSONResponse({"detail": "Queue is full. Max size is 64 and size is 64."}, 503)
    client = TestClient(shell(full, frames="'none'", files=Path("/nowhere")))  # type: ignore[arg-type]
    told = client.post("/gradio_api/queue/join", json={})
    assert (told.status_code, told.json(), told.headers["retry-after"]) == (429, {"detail": BUSY}, "60")
    assert "press Stop" in BUSY
    assert client.get("/elsewhere").status_code == 503


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/run/predict"])
def test_an_event_that_the_server_no_longer_knows_is_told_in_words_that_the_page_shows(path: str) -> None:
    from starlette.responses import PlainTextResponse

    fell = PlainTextResponse("Internal Server Error", 500)
    client = TestClient(shell(fell, frames="'none'", files=Path("/nowhere")))  # type: ignore[arg-type]
    told = client.post(path, json={})
    assert (told.status_code, told.json()) == (409, {"detail": STALE})
    assert "Load the page again" in STALE


def test_what_an_event_says_of_its_failure_is_left_as_it_is() -> None:
    from starlette.responses import JSONResponse

    failed = JSONResponse({"error": "Not kept."}, 500)
    client = TestClient(shell(failed, frames="'none'", files=Path("/nowhere")))  # type: ignore[arg-type]
    told = client.post("/gradio_api/run/predict", json={})
    assert (told.status_code, told.json()) == (500, {"error": "Not kept."})
