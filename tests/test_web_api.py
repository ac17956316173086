"""The endpoint for other programs: what it gives and refuses, that it keeps nothing, and that all else stays closed.

The README's examples are executed here, against a server in a process of its own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cli_bench import ANSWER_KEYS
from fastapi.testclient import TestClient
from page_server import WRITER, ScriptedAdvisor, answer_for
from pydantic import SecretStr

from advisor.memory import Conversations, open_conversations
from advisor.records import answer_from_json, answer_to_json
from advisor.web.programs import MOST_EARLIER
from advisor.web.serve import create_app
from advisor.web.talk import UNEXPECTED

ROOT = Path(__file__).parents[1]
ASK = "/gradio_api/call/v2/ask"
ASKED = "How long is phase 1?"
PASSWORD = "correct horse battery"
SECTION = "## Other ways to ask"


class Listening(ScriptedAdvisor):
    """Notes which conversation each question came in, and what had been asked in it before."""

    def __init__(self, conversations: Conversations) -> None:
        super().__init__(conversations, pause_seconds=0)
        self.heard: list[list[str]] = []

    def ask(self, question: str, *, conversation: str, owner: str = "local", **others: Any) -> Any:
        before = others["store"].turns(conversation, owner=owner)
        self.heard.append([*(turn.question for turn in before), question])
        return super().ask(question, conversation=conversation, owner=owner, **others)


@pytest.fixture
def advisor() -> Iterator[Listening]:
    with open_conversations(None) as conversations:
        yield Listening(conversations)


@pytest.fixture
def client(advisor: Listening) -> Iterator[TestClient]:
    with TestClient(create_app(advisor, questions_per_minute=0), raise_server_exceptions=False) as client:
        yield client


def asked(client: TestClient, **given: Any) -> tuple[str, Any]:
    """What came of a call: the event ("complete" or "error") and its data."""
    joined = client.post(ASK, json=given)
    assert joined.status_code == 200, joined.text
    told = client.get(f"{ASK}/{joined.json()['event_id']}").text
    found = re.search(r"^event: (complete|error)\ndata: (.*)$", told, re.MULTILINE)
    assert found, told
    return found[1], json.loads(found[2])


# --- what it gives -----------------------------------------------------------------------------------


def test_an_answer_is_the_contracts_json(client: TestClient) -> None:
    event, (line,) = asked(client, question=ASKED)
    assert event == "complete"
    assert set(line) >= ANSWER_KEYS
    assert next(iter(line)) == "id"
    assert line.pop("id") == ""
    assert answer_from_json(line) == replace(answer_for(ASKED), generator=WRITER)
    assert line == json.loads(json.dumps(answer_to_json(answer_from_json(line))))


def test_a_refusal_is_an_answer_and_no_error(client: TestClient) -> None:
    event, (line,) = asked(client, question="What does one earn in Oslo?")
    assert (event, line["status"], line["citations"]) == ("complete", "refused", [])


def test_earlier_questions_come_first_in_one_conversation_that_ends_with_the_call(
    client: TestClient, advisor: Listening
) -> None:
    history = ["How do I become one?", "Which books, slow?"]
    assert asked(client, question="And how long?", history=history)[0] == "complete"
    assert advisor.heard == [history[:1], history, [*history, "And how long?"]]
    asked(client, question=ASKED)
    assert advisor.heard[-1] == [ASKED]


def test_nothing_of_a_call_is_kept(client: TestClient, advisor: Listening, caplog: pytest.LogCaptureFixture) -> None:
    asked(client, question=ASKED, history=["Which books?"])
    owners = ("local", "programs at ", "programs at testclient")
    assert [advisor.conversations.list(owner) for owner in owners] == [(), (), ()]
    assert "phase 1" not in caplog.text


# --- what it refuses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"question": 7}, "question is 7: give a text."),
        ({"question": None}, "question is None: give a text."),
        ({"question": ASKED, "history": "Which books?"}, "history is 'Which books?': give a list"),
        ({"question": ASKED, "history": ["ok", 3]}, "history[1] is 3: give a text."),
        ({"question": ASKED, "history": ["a"] * 9}, f"history has 9 questions: give the last {MOST_EARLIER} or fewer."),
        ({"question": "x" * 3000}, "the question has 3000 characters"),
        ({"question": ASKED, "history": ["x" * 3000]}, "the question has 3000 characters"),
        ({"question": "broken"}, UNEXPECTED),
    ],
)
def test_what_cannot_be_answered_is_one_line(client: TestClient, given: dict[str, Any], said: str) -> None:
    event, told = asked(client, **given)
    assert event == "error"
    assert said in told["error"]
    assert "secret" not in told["error"]


def test_an_unforeseen_error_is_in_the_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    asked(client, question="broken")
    (record,) = [one for one in caplog.records if one.exc_info and one.name == "advisor.web.programs"]
    assert "broken" not in record.getMessage()


def test_a_parameter_that_there_is_not_is_told_with_the_form(client: TestClient) -> None:
    told = client.post(ASK, json={"question": ASKED, "conversation": "c"})
    assert told.status_code == 422
    assert "/gradio_api/info" in told.json()["detail"]


def test_a_body_over_the_limit_goes_no_further(client: TestClient) -> None:
    assert client.post(ASK, json={"question": "x" * 70_000}).status_code == 413


def test_the_endpoint_is_described_and_no_other(client: TestClient) -> None:
    described = client.get("/gradio_api/info").json()
    assert list(described["named_endpoints"]) == ["/ask"]
    assert described["unnamed_endpoints"] == {}
    endpoint = described["named_endpoints"]["/ask"]
    assert [one["parameter_name"] for one in endpoint["parameters"]] == ["question", "history"]
    assert "Nothing of a call is kept" in endpoint["description"]


def test_no_event_of_a_page_can_be_called_by_its_name(client: TestClient) -> None:
    events = client.get("/config").json()["dependencies"]
    assert [one["api_name"] for one in events if one["api_visibility"] != "private"] == ["ask"]
    names = {one["api_name"] for one in events if one["api_name"]} - {"ask"}
    assert "answer" in names
    for name in names:
        for path in (f"/gradio_api/call/{name}", f"/gradio_api/call/v2/{name}"):
            told = client.post(path, json={"data": []})
            assert (told.status_code, "Programs may call /ask" in told.text) == (404, True)


def test_the_queue_cannot_be_passed_by(client: TestClient) -> None:
    for path in ("/gradio_api/run/ask", "/gradio_api/api/ask", "/run/ask"):
        assert client.post(path, json={"data": [ASKED, None]}).status_code in {404, 405}


# --- the limits of the page hold ---------------------------------------------------------------------


def test_a_stranger_who_asks_too_much_is_told_and_earlier_questions_count(advisor: Listening) -> None:
    with TestClient(create_app(advisor, questions_per_minute=3)) as client:
        assert asked(client, question=ASKED)[0] == "complete"
        assert asked(client, question="And?", history=[ASKED])[0] == "complete"
        event, told = asked(client, question=ASKED)
    assert event == "error"
    assert "more than 3 questions within a minute" in told["error"]


def test_where_the_page_has_a_password_the_endpoint_needs_it_too(advisor: Listening) -> None:
    with TestClient(create_app(advisor, password=SecretStr(PASSWORD))) as client:
        for path in (ASK, "/gradio_api/queue/join"):
            assert client.post(path, json={"question": ASKED}).status_code == 401
        assert client.get("/gradio_api/info").status_code == 401
        client.headers["authorization"] = f"Bearer {PASSWORD}"
        assert asked(client, question=ASKED)[0] == "complete"


# --- the README, executed ----------------------------------------------------------------------------


@contextmanager
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a page in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("page_server.py")), str(tmp_path / "c.db"), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found
        try:
            yield found[0]
        finally:
            process.kill()


def shown(language: str, holding: str) -> str:
    """The one example in this language that the README's section shows with this word in it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text[text.index(SECTION) + len(SECTION) :].split("\n## ")[0]
    (example,) = [one for one in re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL) if holding in one]
    return str(example)


def test_the_example_with_gradios_client_runs_as_shown_and_leaves_nothing(tmp_path: Path) -> None:
    program = shown("python", "gradio_client")
    with served(tmp_path) as address:
        assert "http://127.0.0.1:7860" in program
        command = [sys.executable, "-c", program.replace("http://127.0.0.1:7860", address)]
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "4–5 months at 10 hours a week [1]" in ran.stdout
    assert "AI/ML engineer roadmap" in ran.stdout
    with open_conversations(tmp_path / "c.db") as kept:
        assert kept.list("local") == kept.list("programs at ") == ()


@pytest.mark.skipif(os.name == "nt" or not shutil.which("curl"), reason="the example is for a POSIX shell with curl")
def test_the_example_with_curl_runs_as_shown(tmp_path: Path) -> None:
    script = shown("sh", "curl")
    with served(tmp_path) as address:
        assert "http://127.0.0.1:7860" in script
        command = ["sh", "-ec", script.replace("http://127.0.0.1:7860", address)]
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    event, _, data = ran.stdout.strip().partition("\ndata: ")
    assert event == "event: complete"
    assert json.loads(data)[0]["status"] == "answered"


def test_the_settings_shown_for_an_assistant_start_the_command_that_there_is() -> None:
    from advisor.cli import run

    (server,) = json.loads(shown("json", "mcpServers"))["mcpServers"].values()
    assert server["args"][0] == "mcp"
    assert run([*server["args"], "--help"]) == 0
