"""The writer on a server: whatever the server does, the reader gets pieces, an end, or an error that says what to do.

The servers are small real ones, over sockets, that follow a script.
"""

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from cli_bench import Captured, Command
from conftest import OpenAdvisor
from pydantic import SecretStr, ValidationError

from advisor.answer.generate import EXAMPLES, Message, draft_prompt
from advisor.answer.remote import RemoteWriter, leaves_this_machine, open_remote_writer
from advisor.cli.doctor import _writer as examine_writer
from advisor.errors import WriterError
from advisor.pipeline import EXTRACTIVE, find_writer
from advisor.records import Done, Extract, Passage, Snippet
from advisor.settings import Settings

pytest_plugins = ["cli_bench"]
pytestmark = pytest.mark.usefixtures("own_surroundings")

KEY = "sk-very-secret-7"
AT_ONCE_SECONDS = 5  # for a busy machine; without an end from outside, drafts go on for 20 seconds
ASKED = (Message("system", "Be brief."), Message("user", "How long is phase 1?"))
DONE = "data: [DONE]\n\n"


def chunk(text: str | None, finish: str | None = None) -> str:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return f"data: {json.dumps({'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"


class Exchange(BaseHTTPRequestHandler):
    """One request and what the script makes of it."""

    server: "ScriptedServer"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(Asked(self.path, self.headers.get("Authorization"), body))
        script = self.server.scripts[min(len(self.server.asked), len(self.server.scripts)) - 1]
        try:
            script(self)
        except OSError:
            self.server.left.set()

    def do_GET(self) -> None:
        self.server.models(self)

    def reply(self, body: str | bytes = b"", *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """A reply whose end is the end of the connection."""
        self.send_response(status)
        self.send_header("Content-Type", "text/event-stream")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.send(body)

    def send(self, body: str | bytes) -> None:
        self.wfile.write(body.encode() if isinstance(body, str) else body)
        self.wfile.flush()

    def wait_for_the_end(self) -> None:
        """Until the other side hangs up."""
        self.connection.settimeout(20)
        if self.connection.recv(1) == b"":
            self.server.left.set()

    def log_message(self, format: str, *args: Any) -> None:
        pass


Script = Callable[[Exchange], None]


@dataclass(frozen=True)
class Asked:
    path: str
    authorization: str | None
    body: dict[str, Any]


@dataclass(eq=False)
class ScriptedServer(ThreadingHTTPServer):
    """Answers the n-th question by the n-th script, later ones by the last."""

    scripts: Sequence[Script]
    models: Script
    asked: list[Asked] = field(default_factory=list)
    left: Event = field(default_factory=Event)
    daemon_threads = True

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


Serving = Callable[..., ScriptedServer]


def says(*lines: str, **reply: Any) -> Script:
    return lambda exchange: exchange.reply("".join(lines), **reply)


def refuses(status: int, said: object = "no", **headers: str) -> Script:
    body = said if isinstance(said, str) else json.dumps(said)
    return lambda exchange: exchange.reply(body, status=status, headers=headers)


def hangs(exchange: Exchange) -> None:
    exchange.wait_for_the_end()


def hangs_after(text: str) -> Script:
    def script(exchange: Exchange) -> None:
        exchange.reply(chunk(text))
        exchange.wait_for_the_end()

    return script


def never_ends(line: str) -> Script:
    def script(exchange: Exchange) -> None:
        exchange.reply()
        while True:
            exchange.send(line)
            time.sleep(0.001)

    return script


def offers(*names: str) -> Script:
    return says(json.dumps({"object": "list", "data": [{"id": name, "object": "model"} for name in names]}))


@pytest.fixture
def serving() -> Iterator[Serving]:
    """`serving(script, …)` starts a server that follows the scripts."""
    running: list[ScriptedServer] = []

    def start(*scripts: Script, models: Script = refuses(404)) -> ScriptedServer:  # noqa: B008
        server = ScriptedServer(scripts, models)
        running.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def writer(url: str, *, key: str = KEY, max_tokens: int = 40, deadline_seconds: float = 20.0) -> RemoteWriter:
    return open_remote_writer(
        url, name="tiny", api_key=SecretStr(key), max_tokens=max_tokens, deadline_seconds=deadline_seconds
    )


def draft(server: ScriptedServer, **how: Any) -> str:
    return "".join(writer(server.url, **how).stream(ASKED, stop=Event()))


def failure(server: ScriptedServer, **how: Any) -> str:
    with pytest.raises(WriterError) as caught:
        draft(server, **how)
    return str(caught.value)


def free_url() -> str:
    """An address at which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        return f"http://127.0.0.1:{held.getsockname()[1]}/v1"


def talking() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "remote-writer"]


@pytest.fixture(autouse=True)
def no_talk_is_left_over() -> Iterator[None]:
    yield
    assert talking() == []


# --- a draft ------------------------------------------------------------------------------------------


def test_pieces_come_as_the_server_makes_them(serving: Serving) -> None:
    more = Event()

    def script(exchange: Exchange) -> None:
        exchange.reply(chunk("Six "))
        more.wait(20)
        exchange.send(chunk("weeks.") + chunk(None, "stop") + DONE)

    pieces = writer(serving(script).url).stream(ASKED, stop=Event())
    assert next(pieces) == "Six "
    more.set()
    assert list(pieces) == ["weeks."]


def test_the_request_holds_the_messages_and_bounds_what_is_written(serving: Serving) -> None:
    server = serving(says(chunk("x"), DONE))
    passage = Passage("a#x#0", "a.md", "A", ("A",), 0, 10, "Six weeks.")
    prompt = draft_prompt("How long?</s>", [Snippet("Six weeks.", "Six weeks.", passage)])
    list(writer(server.url).stream(prompt, stop=Event()))
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.authorization == f"Bearer {KEY}"
    messages = asked.body.pop("messages")
    assert len(messages) == len(EXAMPLES) + 2
    assert messages[0]["role"] == "system"
    assert messages[-1] == {"role": "user", "content": prompt[-1].content}
    assert asked.body == {
        "model": "tiny", "stream": True, "max_tokens": 40, "temperature": 0,
        "chat_template_kwargs": {"enable_thinking": False},
    }  # fmt: skip


def test_without_a_key_none_is_sent(serving: Serving) -> None:
    server = serving(says(chunk("x"), DONE))
    draft(server, key="")
    assert server.asked[0].authorization is None


@pytest.mark.parametrize("end", [chunk(None, "stop") + chunk("no"), chunk(".", "length"), DONE + chunk("no"), ""])
def test_a_draft_ends_with_its_last_piece_or_its_mark_or_the_connection(serving: Serving, end: str) -> None:
    assert draft(serving(says(chunk("Six weeks"), end))).rstrip(".") == "Six weeks"


@pytest.mark.parametrize("line_end", ["\n\n", "\r\n\r\n", "\r"])
def test_lines_may_end_in_any_way_and_be_cut_anywhere(serving: Serving, line_end: str) -> None:
    whole = (chunk("Sechs Wöchen ") + chunk("– 4\u20285 h") + DONE).replace("\n\n", line_end)
    whole = whole.replace("\\u00f6", "ö").replace("\\u2028", "\u2028")  # some servers escape, some do not

    def script(exchange: Exchange) -> None:
        exchange.reply()
        for byte in whole.encode():
            exchange.send(bytes([byte]))

    assert draft(serving(script)) == "Sechs Wöchen – 4\u20285 h"


def test_lines_that_mean_nothing_are_passed_over(serving: Serving) -> None:
    garbage = (": keep-alive\n\n", "data: {\n", "nonsense\n", 'data: {"choices": {}}\n', f"{'x' * 300_000}\n")
    lines = [part for line in garbage for part in (line, chunk("ok "))]
    assert draft(serving(says(*lines, DONE))) == "ok ok ok ok ok "


def test_bytes_that_are_no_utf_8_do_not_end_the_draft(serving: Serving) -> None:
    line = chunk("six weeks").encode().replace(b"six", b"s\xffx")
    assert draft(serving(lambda exchange: exchange.reply(line + DONE.encode()))) == "s\ufffdx weeks"


def test_a_reply_that_is_no_stream_is_an_error(serving: Serving) -> None:
    assert "wrote nothing" in failure(serving(says("<html>Hello</html>")))


def test_a_server_on_this_machine_is_not_asked_by_way_of_a_proxy(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert draft(serving(says(chunk("Six"), DONE))) == "Six"


def test_drafts_may_be_written_at_the_same_time(serving: Serving) -> None:
    server = serving(hangs_after("first"), says(chunk("second"), DONE))
    first = writer(server.url).stream(ASKED, stop=Event())
    assert next(first) == "first"
    assert draft(server) == "second"
    first.close()


# --- thoughts -----------------------------------------------------------------------------------------


def test_thoughts_are_not_part_of_the_draft(serving: Serving) -> None:
    parts = ["<th", "ink>\nThe user ", "asks.</thi", "nk>\n\n", "Six ", "weeks."]
    assert draft(serving(says(*map(chunk, parts), DONE))) == "Six weeks."


def test_a_model_that_only_thought_is_an_error_with_the_cure(serving: Serving) -> None:
    assert "ADVISOR_WRITER_MAX_TOKENS" in failure(serving(says(chunk("<think>Hm, "), chunk("hm"), DONE)))


# --- the end that is not the server's -------------------------------------------------------------------


@pytest.mark.parametrize("script", [hangs, hangs_after("Six "), never_ends(": still here\n\n")])
def test_the_deadline_ends_a_draft_and_the_connection(serving: Serving, script: Script) -> None:
    server = serving(script)
    assert "within 0.3 seconds" in failure(server, deadline_seconds=0.3)
    assert server.left.wait(AT_ONCE_SECONDS)


def test_what_came_before_the_deadline_was_delivered(serving: Serving) -> None:
    pieces = writer(serving(hangs_after("Six ")).url, deadline_seconds=0.3).stream(ASKED, stop=Event())
    assert next(pieces) == "Six "
    with pytest.raises(WriterError, match="ADVISOR_WRITER_DEADLINE_SECONDS"):
        next(pieces)


def test_a_server_that_writes_without_end_is_cut_off(serving: Serving) -> None:
    server = serving(never_ends(chunk("word " * 10)))
    assert len(draft(server, max_tokens=10)) == 320  # 32 characters a token, more than any text has
    assert server.left.wait(AT_ONCE_SECONDS)


@pytest.mark.parametrize("script", [hangs_after("Six "), never_ends(chunk("and "))])
def test_a_reader_that_leaves_frees_the_connection_at_once(serving: Serving, script: Script) -> None:
    server = serving(script)
    pieces = writer(server.url, max_tokens=1_000_000).stream(ASKED, stop=Event())
    next(pieces)
    assert talking()
    pieces.close()
    assert server.left.wait(AT_ONCE_SECONDS)
    assert talking() == []


@pytest.mark.parametrize("script", [hangs, hangs_after("<think>"), never_ends(": still here\n\n")])
def test_a_stop_while_the_reader_waits_frees_the_connection_at_once(serving: Serving, script: Script) -> None:
    server, stop, pieces = serving(script), Event(), []
    reader = threading.Thread(target=lambda: pieces.extend(writer(server.url).stream(ASKED, stop=stop)))
    reader.start()
    while not server.asked:
        time.sleep(0.01)
    stop.set()
    assert server.left.wait(AT_ONCE_SECONDS)
    reader.join(AT_ONCE_SECONDS)
    assert not reader.is_alive()
    assert pieces == []


def test_after_a_stop_nothing_is_asked(serving: Serving) -> None:
    server, stop = serving(says(chunk("x"))), Event()
    stop.set()
    assert list(writer(server.url).stream(ASKED, stop=stop)) == []
    assert server.asked == []


# --- a second try -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_busy_server_is_asked_once_more(serving: Serving, status: int) -> None:
    assert draft(serving(refuses(status), says(chunk("Six"), DONE))) == "Six"
    server = serving(refuses(status, {"error": "queue is full"}, **{"Retry-After": "0"}), refuses(status, "later"))
    assert f"busy ({status})" in failure(server)
    assert len(server.asked) == 2


@pytest.mark.parametrize("pause", ["0", "99999", "soon", "-1", "²", "1e9"])
def test_what_a_busy_server_asks_to_wait_for_is_bounded(serving: Serving, pause: str) -> None:
    header = pause.encode().decode("latin-1")
    assert draft(serving(refuses(503, "", **{"Retry-After": header}), says(chunk("Six"), DONE))) == "Six"


def test_a_server_that_starts_meanwhile_is_found(serving: Serving) -> None:
    url = free_url()
    opened: list[socket.socket] = []

    def start() -> None:
        listening = socket.create_server(("127.0.0.1", int(url.split(":")[2].removesuffix("/v1"))))
        opened.append(listening)
        connection, _ = listening.accept()
        connection.recv(1 << 16)
        connection.sendall(f"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{chunk('Six')}{DONE}".encode())
        connection.close()

    later = threading.Timer(0.2, start)
    later.start()
    assert "".join(writer(url).stream(ASKED, stop=Event())) == "Six"
    later.join()
    opened[0].close()


def test_after_the_first_piece_there_is_no_second_try(serving: Serving) -> None:
    def breaks(exchange: Exchange) -> None:
        exchange.reply(chunk("Six "), headers={"Content-Length": "5000"})

    server = serving(breaks)
    pieces = writer(server.url).stream(ASKED, stop=Event())
    assert next(pieces) == "Six "
    with pytest.raises(WriterError, match="broke off"):
        next(pieces)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_does_not_know_how_to_switch_thinking_off_is_asked_without(serving: Serving, status: int) -> None:
    server = serving(refuses(status, {"detail": "Unexpected fields"}), says(chunk("Six"), DONE))
    assert draft(server) == "Six"
    first, second = (asked.body for asked in server.asked)
    del first["chat_template_kwargs"]
    assert first == second


# --- errors say what to do ----------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_named_with_the_cure() -> None:
    url = free_url()
    with pytest.raises(WriterError, match=r"'tiny' at http://127.0.0.1:\d+/v1 cannot be reached.*running"):
        list(writer(url).stream(ASKED, stop=Event()))


@pytest.mark.parametrize("url", ["http://a..b/v1", "http://[::1%25x]/v1", f"http://{'a' * 70}.invalid/v1"])
def test_an_address_that_leads_nowhere_is_named_with_the_cure(url: str) -> None:
    with pytest.raises(WriterError, match="ADVISOR_WRITER_URL"):
        list(writer(url).stream(ASKED, stop=Event()))


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_names_the_setting_and_repeats_nothing(serving: Serving, status: int) -> None:
    server = serving(refuses(status, {"error": {"message": f"Incorrect key {KEY[:8]}***"}}))
    said = failure(server)
    assert "ADVISOR_WRITER_API_KEY" in said
    assert KEY[:8] not in said
    assert len(server.asked) == 1


def test_a_model_that_is_unknown_is_told_with_those_that_are_there(serving: Serving) -> None:
    said = failure(serving(refuses(404), models=offers("qwen3:4b", "smollm2")))
    assert "ADVISOR_WRITER " in said
    assert "qwen3:4b, smollm2" in said


@pytest.mark.parametrize("models", [refuses(404), refuses(500), says("{"), says('{"data": [7]}')])
def test_an_address_without_a_chat_asks_whether_it_is_right(serving: Serving, models: Script) -> None:
    said = failure(serving(refuses(404, {"detail": "Not Found"}), models=models))
    assert "'Not Found'" in said
    assert "/v1" in said.split("ADVISOR_WRITER_URL")[1]


def test_a_fault_of_the_server_is_told_in_its_own_words_and_bounded(serving: Serving) -> None:
    said = failure(serving(refuses(500, {"error": {"message": "out of\nmemory\u200b " + "x" * 5000}})))
    assert "(500): 'out of memory xxx" in said
    assert len(said) < 400
    assert "\n" not in said
    assert len(failure(serving(refuses(500, "x" * 1_000_000)))) < 400


@pytest.mark.parametrize("line", ['data: {"error": {"message": "too long"}}\n\n', 'error: {"message": "too long"}\n\n'])
def test_a_fault_in_the_middle_of_a_stream_is_told(serving: Serving, line: str) -> None:
    assert "broke off: 'too long'" in failure(serving(says(chunk("Six "), line, DONE)))


def test_a_redirect_is_not_followed(serving: Serving) -> None:
    elsewhere = serving(says(chunk("x"), DONE))
    said = failure(serving(refuses(307, "", Location=f"{elsewhere.url}/chat/completions")))
    assert "(307)" in said
    assert elsewhere.asked == []


# --- the key ------------------------------------------------------------------------------------------


def test_the_key_is_in_no_text_that_anyone_sees(
    serving: Serving, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"error": {"message": f"{'x' * 190} Bearer {KEY} is odd"}}  # at the place where the words are cut off
    server = serving(
        refuses(500, told), refuses(503, told), refuses(503, told), says(f"data: {json.dumps(told)}\n\n"),
        refuses(404, told),
    )  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        seen = [failure(server) for _ in range(4)]
        seen.append(failure(serving(refuses(404), models=offers(f"model-{KEY}"))))
    one = writer(server.url)
    seen += [repr(one), str(one), caplog.text, repr(Settings(writer_api_key=SecretStr(KEY)))]
    assert len(server.asked) == 5
    assert not any(KEY[:6] in text for text in seen)


@pytest.mark.parametrize("key", ["two\nlines", "schlüssel", "two words", "a\x00b"])
def test_a_key_that_no_request_can_carry_is_refused_unseen(key: str) -> None:
    with pytest.raises(WriterError, match="ADVISOR_WRITER_API_KEY") as caught:
        writer("http://127.0.0.1:1/v1", key=key)
    assert key not in str(caught.value)


def test_a_line_break_after_the_key_does_no_harm(serving: Serving) -> None:
    server = serving(says(chunk("x"), DONE))
    draft(server, key=f"{KEY}\n")
    assert server.asked[0].authorization == f"Bearer {KEY}"


def test_settings_shows_that_there_is_a_key_and_not_which(
    advisor: Command, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_WRITER_API_KEY", KEY)
    for arguments in (("settings",), ("settings", "--json")):
        assert advisor(*arguments) == 0
        shown = capsys.readouterr().out
        assert KEY not in shown
        assert "***" in shown


@pytest.mark.parametrize("wrong", [f"writer_api_key = ['{KEY}']", f"writer_url = 'http://me:{KEY}@host/v1'"])
def test_a_wrong_setting_does_not_show_the_key_in_it(advisor: Command, capsys: Captured, wrong: str) -> None:
    Path("advisor.toml").write_text(wrong, encoding="utf-8")
    assert advisor("settings") == 2
    assert KEY not in capsys.readouterr().err
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert KEY not in str(caught.value)


# --- settings and parts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["ftp://h/v1", "localhost:8000", "http://", "http://h:x", "http://h?a=1", "http://[::1", "http://u@h", " "]
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(writer_url=url)


def test_the_last_slash_of_an_address_does_not_matter() -> None:
    assert Settings(writer_url="http://127.0.0.1:8000/v1/").writer_url == "http://127.0.0.1:8000/v1"


@pytest.mark.parametrize(
    ("url", "leaves"),
    [
        ("http://127.0.0.1:8000/v1", False), ("http://localhost/v1", False), ("http://[::1]:1/v1", False),
        ("https://api.example.org/v1", True), ("http://192.168.0.7/v1", True), ("http://localhost.example.org", True),
    ],
)  # fmt: skip
def test_an_address_tells_whether_questions_leave_the_machine(url: str, leaves: bool) -> None:
    assert leaves_this_machine(url) is leaves


@pytest.mark.parametrize(("generator", "name"), [("auto", "qwen3:4b"), ("smollm2", "smollm2")])
def test_with_an_address_the_writer_is_the_servers_model_and_nothing_is_asked_yet(generator: str, name: str) -> None:
    found = find_writer(Settings(writer_url=free_url(), writer="qwen3:4b", generator=generator))
    assert isinstance(found, RemoteWriter)
    assert found.name == name
    assert find_writer(Settings(writer_url=free_url(), generator=EXTRACTIVE)) is None


def test_with_an_address_no_writer_is_pulled(
    advisor: Command, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_WRITER_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("ADVISOR_WRITER", "qwen3:4b")
    assert advisor("models", "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [model["name"] for model in listed if model["in_use"]] == ["all-MiniLM-L6-v2"]


def test_a_dead_server_leaves_the_extract_with_a_note(advisor_with: OpenAdvisor) -> None:
    events = list(advisor_with(writer(free_url())).ask("How long is phase 1?", conversation="c"))
    extract = next(event.answer for event in events if isinstance(event, Extract))
    assert isinstance(events[-1], Done)
    answer = events[-1].answer
    assert (answer.text, answer.generator) == (extract.text, EXTRACTIVE)
    assert "cannot be reached" in answer.notes[0]
    assert "6 weeks" in answer.text


def test_what_a_server_writes_and_the_check_lets_through_is_the_answer(
    serving: Serving, advisor_with: OpenAdvisor
) -> None:
    def repeats(exchange: Exchange) -> None:
        facts = exchange.server.asked[-1].body["messages"][-1]["content"].partition("\n\nQuestion: ")[0]
        words = facts.removeprefix("Facts:\n").replace("\n- ", "\n").removeprefix("- ").split(" ")
        exchange.reply("".join(chunk(f"{word} ") for word in words) + DONE)

    events = list(advisor_with(writer(serving(repeats).url)).ask("How long is phase 1?", conversation="c"))
    assert isinstance(events[-1], Done)
    assert (events[-1].answer.generator, events[-1].answer.notes) == ("tiny", ())


# --- doctor -------------------------------------------------------------------------------------------


def test_whether_a_server_could_word_anything_now_is_told_with_the_cure(serving: Serving) -> None:
    assert writer(serving(models=offers("tiny:latest")).url).trouble() == ""
    assert writer(serving(models=refuses(404)).url).trouble() == ""  # one that does not list its models
    assert "set ADVISOR_WRITER to one of: qwen3:4b" in writer(serving(models=offers("qwen3:4b")).url).trouble()
    assert "ADVISOR_WRITER_API_KEY" in writer(serving(models=refuses(401)).url).trouble()
    assert "cannot be reached" in writer(free_url()).trouble()


@pytest.mark.parametrize("name", ["qwen3:4b", "smollm2"])
def test_doctor_tells_that_the_server_has_the_model(serving: Serving, name: str) -> None:
    server = serving(models=offers("qwen3:4b", "smollm2:latest"))
    finding = examine_writer(Settings(writer_url=server.url, writer=name))
    assert (finding.state, finding.detail) == ("ok", f"{name} on {server.url}")


def test_doctor_names_the_models_where_the_one_that_is_set_is_not_listed(serving: Serving) -> None:
    finding = examine_writer(Settings(writer_url=serving(models=offers("qwen3:4b")).url))
    assert finding.state == "note"
    assert "qwen3:4b: set ADVISOR_WRITER" in finding.detail
    assert examine_writer(Settings(writer_url=serving(models=refuses(404)).url)).state == "note"


@pytest.mark.parametrize(("generator", "state"), [("auto", "note"), ("qwen3:4b", "problem")])
def test_doctor_tells_that_the_server_is_not_there(generator: str, state: str) -> None:
    finding = examine_writer(Settings(writer_url=free_url(), generator=generator))
    assert finding.state == state
    assert "cannot be reached" in finding.detail


def test_doctor_tells_that_a_key_is_missing(serving: Serving) -> None:
    finding = examine_writer(Settings(writer_url=serving(models=refuses(401)).url))
    assert "ADVISOR_WRITER_API_KEY" in finding.detail
