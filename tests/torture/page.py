"""A page served in a process of its own, and tabs that talk to it without a browser."""

import http.client
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from page_server import ScriptedAdvisor

from advisor.memory import Conversations, open_conversations
from advisor.records import Answer, Citation, Claim, Event, Profile, Status, Turn
from tests.torture.trial import expect, process

OWNER = "ann-0123456789abcdef"
ANSWERED_AT_ONCE, WAITING = 2, 64  # of `web.page`
QUESTION_INPUTS = "state state browserstate browserstate textbox state".split()  # of the event of a typed question


class Gate(ScriptedAdvisor):
    """Holds every answer back until a file is there."""

    def __init__(self, store: Any, flag: Path | None = None) -> None:
        super().__init__(store, pause_seconds=0)
        self._flag = flag

    def ask(
        self,
        question: str,
        *,
        conversation: str,
        owner: str = "local",
        profile: Profile | None = None,
        store: Conversations | None = None,
    ) -> Iterator[Event]:
        while self._flag is not None and not self._flag.exists():
            time.sleep(0.01)
        yield from super().ask(question, conversation=conversation, owner=owner, profile=profile, store=store)


class Echo(ScriptedAdvisor):
    """Answers with the question's own words, and names a page, a section and an address like it."""

    def __init__(self, store: Any) -> None:
        super().__init__(store, pause_seconds=0)

    def document_text(self, key: str) -> str:
        return f"# {key}\n\nBefore {key} and after.\n"

    def ask(
        self,
        question: str,
        *,
        conversation: str,
        owner: str = "local",
        profile: Profile | None = None,
        store: Conversations | None = None,
    ) -> Iterator[Event]:
        from advisor.records import Done, Extract

        answer = echo(question)
        yield Extract(answer)
        kept = self.conversations if store is None else store
        kept.append(conversation, Turn(question, answer, datetime.now(UTC)), owner=owner)
        yield Done(answer)


def echo(payload: str) -> Answer:
    """An answer in which every field is the payload."""
    citation = Citation(1, f"{payload}#a#b", payload, f"{payload} > {payload}", payload, payload, payload, 3)
    return Answer(
        payload, Status.ANSWERED, f"{payload} [1]", (Claim(payload, (1,), True),), (citation,), notes=(payload,)
    )


@dataclass(frozen=True, slots=True)
class Served:
    """A page in a process of its own."""

    process: int
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served(folder: Path, make: Callable[[Any], ScriptedAdvisor]) -> Iterator[Served]:
    """The page with this advisor behind it, on a free port."""
    from advisor.web.serve import serve

    reader, writer = os.pipe()
    os.environ["GRADIO_TEMP_DIR"] = str(folder / "gradio")

    def work() -> None:
        with open_conversations(folder / "c.db") as conversations:
            serve(make(conversations), host="127.0.0.1", port=0, announce=lambda line: _tell(writer, line))

    with process(work) as child:
        os.close(writer)
        line = os.read(reader, 200).decode()
        os.close(reader)
        expect("127.0.0.1:" in line, "the page did not start")
        yield Served(child, port_in(line))


def port_in(line: str) -> int:
    """The port of what a page says once it listens."""
    return int(line.split("127.0.0.1:")[1].split()[0])


def _tell(writer: int, line: str) -> None:
    os.write(writer, line.encode() + b"\n")


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back for a request; status 0 where the connection just ended."""

    status: int
    body: str


def send(port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Sent:
    """One request as given, without manners; the beginning of what comes back within a second or two."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in {
            "Content-Length": str(len(body)),
            "Content-Type": "application/json",
            **(headers or {}),
        }.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders()
        with suppress(OSError):  # it may have refused and hung up before the body
            connection.send(body)
        response = connection.getresponse()
        connection.sock.settimeout(0.3) if connection.sock else None
        try:
            return Sent(response.status, response.read(20_000).decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException):
            return Sent(response.status, "")  # a stream that goes on
    except (OSError, http.client.HTTPException):
        return Sent(0, "")
    finally:
        connection.close()


@dataclass(slots=True)
class Tab:
    """A browser's tab, as far as asking goes."""

    port: int
    session: str = field(default_factory=lambda: secrets.token_hex(6))
    owner: str = field(default_factory=lambda: f"ann-{secrets.token_hex(8)}")  # each may have one question running

    def join(self, function: int, data: list[Any]) -> Sent:
        body = {
            "data": data,
            "fn_index": function,
            "session_hash": self.session,
            "event_data": None,
            "trigger_id": None,
        }
        return send(self.port, "POST", "/gradio_api/queue/join", json.dumps(body).encode())

    def wait(self, wanted: str, limit_seconds: float = 60) -> bool:
        """Follow the tab's events until one of this kind; False where the stream ends or takes too long."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=limit_seconds)
        try:
            connection.request("GET", f"/gradio_api/queue/data?session_hash={self.session}")
            response = connection.getresponse()
            while line := response.readline():
                if line.startswith(b"data:") and json.loads(line[5:]).get("msg") == wanted:
                    return True
        except (OSError, ValueError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return False

    def type_question(self, question: str) -> bool:
        """Put a question on the screen; it then waits to be answered."""
        typed = self.join(places(self.port).typed, [None, None, "", self.owner, question, None])
        return typed.status == 200 and self.wait("process_completed")

    def answer(self) -> Sent:
        return self.join(places(self.port).answer, [None, None, None, self.owner])


@dataclass(frozen=True, slots=True)
class Places:
    """The numbers under which a page offers two of its events: a question was typed, and a question waits."""

    typed: int
    answer: int


@lru_cache(maxsize=4)
def places(port: int) -> Places:
    """Where a page has these events; Broken where it has none that look like them."""
    config = json.loads(whole(port, "/config"))
    kinds = {one["id"]: one["type"] for one in config["components"]}
    found: dict[str, int] = {}
    for event in config["dependencies"]:
        if event["api_name"] == "answer":
            found["answer"] = event["id"]
        elif [kinds[part] for part in event["inputs"]] == QUESTION_INPUTS:
            found.setdefault("typed", event["id"])
    expect(found.keys() == {"typed", "answer"}, f"the page's events are others now: {sorted(found)}")
    return Places(**found)


def whole(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def still_answers(port: int) -> None:
    tab = Tab(port)
    expect(tab.type_question("How long?"), "a question can no longer be typed")
    expect(tab.answer().status == 200 and tab.wait("process_completed"), "a question is no longer answered")
