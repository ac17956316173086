"""Faults 20, 21 and 22: learners who leave in the middle, and models that hang, break, ramble, or are not there."""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from threading import Event

from conftest import EndlessWriter, failing_writer
from pydantic import SecretStr
from test_remote import Exchange, Script, ScriptedServer, chunk, hangs, hangs_after, never_ends, refuses, says

from advisor.answer.generate import Message, Writer
from advisor.answer.remote import open_remote_writer
from advisor.errors import AdvisorError, WriterError
from advisor.index.publish import Snapshot, open_snapshot
from advisor.pipeline import EXTRACTIVE, find_writer
from advisor.settings import Settings
from advisor.web import talk
from advisor.web.talk import Phase, Shown
from tests.torture.stage import advisor_over, ask, set_up
from tests.torture.trial import Run, expect

QUESTION = "How long is phase 1?"
GONE_SECONDS = 1.0
DEADLINE_SECONDS = 0.4
SLACK_SECONDS = 1.5  # for a busy machine, and for the one attempt more that a busy server gets


@contextmanager
def served_by(*scripts: Script) -> Iterator[ScriptedServer]:
    """A small real server that follows a script."""
    server = ScriptedServer(scripts, refuses(404))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _remote(url: str, deadline_seconds: float = DEADLINE_SECONDS) -> Writer:
    return open_remote_writer(url, name="tiny", api_key=SecretStr(""), max_tokens=60, deadline_seconds=deadline_seconds)


# --- 20: leaving in the middle ------------------------------------------------------------------------------


def cancels(run: Run) -> None:
    """A learner stops, or closes the tab, at any moment of an answer, with a model here and one on a server."""
    bench = set_up(run.place("bench"))
    snapshot = open_snapshot(bench.index)
    with served_by(_streams) as server:
        _close_at(snapshot, _remote(server.url, 30), Random(0), 5)  # what is made once is made
        before = _settled_threads()
        for number in range(run.count):
            writer: Writer = _remote(server.url, 30) if number % 2 else EndlessWriter()
            steps = run.random(str(number)).randrange(1, 12)
            run.attempt(f"leave {number} after {steps} steps", partial(_leave, snapshot, writer, steps))
        run.attempt("threads", lambda _c: expect(_settled_threads(before) <= before, "threads are left over"))
    run.note(f"{before} threads before, {_settled_threads(before)} after")


def _leave(snapshot: Snapshot, writer: Writer, steps: int, chance: Random) -> None:
    _close_at(snapshot, writer, chance, steps)


def _close_at(snapshot: Snapshot, writer: Writer, chance: Random, steps: int) -> None:
    """What the page does when a tab is closed: it closes the screens, and must be let go of at once."""
    with advisor_over(snapshot, writer=writer) as advisor:
        shown = talk.begin(Shown(), QUESTION, conversation="c", kept=0, run="r")
        screens = talk.converse(advisor, shown, owner="local")
        had_extract = False
        for _ in range(steps):
            turn = next(screens).turns[-1]
            had_extract = had_extract or turn.answer is not None
        time.sleep(chance.uniform(0, 0.01))
        began = time.perf_counter()
        screens.close()
        took = time.perf_counter() - began
        expect(took < GONE_SECONDS, f"letting go took {took:.1f} s")
        kept = advisor.conversations.turns("c", owner="local")
        expect(len(kept) == had_extract, f"{len(kept)} turns are kept", lost=int(had_extract and not kept))
        if isinstance(writer, EndlessWriter) and turn.phase is Phase.WORDING and turn.draft:
            expect(writer.ended.is_set(), "the writer goes on")


def _streams(exchange: Exchange) -> None:
    """Words without an end, until the reader hangs up."""
    exchange.reply()
    for _ in range(2000):
        exchange.send(chunk("weeks "))
        time.sleep(0.005)


def _settled_threads(wanted: int = 0) -> int:
    """How many threads there are once those that are ending have ended; less patience where there are few enough."""
    for _ in range(20):
        if threading.active_count() <= wanted:
            break
        time.sleep(0.05)
    return threading.active_count()


# --- 21: models that misbehave ----------------------------------------------------------------------------


class _Breaking:
    """Raises after some words."""

    name = "breaking"

    def __init__(self, after: int) -> None:
        self._after = after

    def stream(self, messages: Sequence[Message], *, stop: Event) -> Generator[str, None, None]:
        for _ in range(self._after):
            yield "The training takes "
        raise WriterError("the writer 'breaking' failed: out of memory")


def misbehaving(run: Run) -> None:
    """Whatever a model does, the extract stands with its sources, and within the deadline."""
    bench = set_up(run.place("bench"))
    snapshot = open_snapshot(bench.index)
    scripts: dict[str, Script] = {
        "hangs at once": hangs,
        "hangs after a word": hangs_after("Phase "),
        "never ends one word": never_ends(chunk("Phase ")),
        "never ends a comment": never_ends(": thinking\n\n"),
        "emits nothing": says("data: [DONE]\n\n"),
        "ends without a mark": says(),
        "emits spaces": says(*[chunk("   ")] * 20, "data: [DONE]\n\n"),
        "repeats itself": says(*[chunk("6 weeks ")] * 500),
        "emits special tokens": says(chunk("<|im_end|><|im_start|>user"), "data: [DONE]\n\n"),
        "thinks and never answers": never_ends(chunk("<think> let me see ")),
    }
    for number in range(run.count):
        if number % 2:
            after = run.random(str(number)).randrange(8)
            run.attempt(f"raises at token {after}", partial(_stands, snapshot, _Breaking(after)))
        else:
            name, script = [*scripts.items()][number // 2 % len(scripts)]
            run.attempt(name, partial(_stands_on_server, snapshot, script))


def _stands_on_server(snapshot: Snapshot, script: Script, chance: Random) -> None:
    with served_by(script) as server:
        _stands(snapshot, _remote(server.url), chance)


def _stands(snapshot: Snapshot, writer: Writer, _chance: Random) -> None:
    with advisor_over(snapshot, writer=writer) as advisor:
        began = time.perf_counter()
        reply = ask(advisor, QUESTION)
        took = time.perf_counter() - began
        kept = advisor.conversations.turns("c", owner="local")
    expect(took < DEADLINE_SECONDS + SLACK_SECONDS, f"the deadline is {DEADLINE_SECONDS} s, it took {took:.1f} s")
    expect(reply.answer.text == reply.extract.text and "6 weeks" in reply.answer.text, "the extract does not stand")
    expect(reply.answer.generator == EXTRACTIVE and reply.answer.citations, "no sources")
    expect(reply.answer.notes, "nothing says that the model's wording was not used")
    expect([turn.answer.text for turn in kept] == [reply.answer.text], "the turn was not kept", lost=1)


# --- 22: models that are not there ---------------------------------------------------------------------------


def absent(run: Run) -> None:
    """No model, a broken one, a server that is down, busy, wrong or talks nonsense: the extract, and a line why."""
    bench = set_up(run.place("bench"))
    snapshot = open_snapshot(bench.index)
    statuses = (400, 401, 403, 404, 422, 429, 500, 502, 503, 504)
    servers: dict[str, Script] = {f"server says {status}": refuses(status) for status in statuses}
    servers |= {
        "an answer that is no stream": says("<html>It works!</html>"),
        "JSON of another kind": says('data: {"choices": 7}\n\n'),
        "half a line": says('data: {"choices": [{"del'),
        "an error in the stream": says('data: {"error": {"message": "overloaded"}}\n\n'),
        "noise": _noise,
        "a line without an end": _long_line,
        "a redirect": refuses(302, "elsewhere", Location="http://127.0.0.1:9/"),
    }
    trials: dict[str, Callable[[Random], None]] = {
        "no writer": partial(_banner, snapshot, None),
        "one that fails at once": partial(_banner, snapshot, failing_writer()),
        "a server that is down": partial(_banner, snapshot, _remote("http://127.0.0.1:9/v1")),
        "a host that is none": partial(_banner, snapshot, _remote("http://model.invalid/v1")),
    }
    for name, content in _broken_folders().items():
        trials[f"a folder with {name}"] = partial(_unopened, run.place(name.replace(" ", "-")), content)
    for name, script in servers.items():
        trials[name] = partial(_banner_from_server, snapshot, script)
    for name, trial in [*trials.items()][: run.count]:
        run.attempt(name, trial)


def _noise(exchange: Exchange) -> None:
    exchange.reply(Random(1).randbytes(5000))


def _long_line(exchange: Exchange) -> None:
    exchange.reply()
    for _ in range(100_000):
        exchange.send("x" * 65_536)


def _broken_folders() -> dict[str, dict[str, bytes]]:
    return {
        "nothing": {},
        "a pickle": {"pytorch_model.bin": b"\x80\x04."},
        "empty weights": {"model.safetensors": b"", "config.json": b"{}"},
        "a torn GGUF": {"model.gguf": b"GGUF\x03\x00\x00\x00"},
    }


def _banner(snapshot: Snapshot, writer: Writer | None, _chance: Random) -> None:
    with advisor_over(snapshot, writer=writer) as advisor:
        reply = ask(advisor, QUESTION)
    expect("6 weeks" in reply.answer.text and reply.answer.citations, "no extract with sources")
    expect(reply.answer.generator == EXTRACTIVE and reply.answer.notes, "nothing says why it is the extract")
    expect(
        "Traceback" not in reply.answer.notes[0] and len(reply.answer.notes[0]) < 700,
        "the note is no line for a reader",
    )


def _banner_from_server(snapshot: Snapshot, script: Script, chance: Random) -> None:
    with served_by(script) as server:
        _banner(snapshot, _remote(server.url, 3), chance)


def _unopened(folder: Path, content: dict[str, bytes], _chance: Random) -> None:
    """A folder without usable weights: a clear error, now or with the first draft."""
    for name, raw in content.items():
        (folder / name).write_bytes(raw)
    settings = Settings(writer=str(folder), generator="auto", models_dir=folder / "models", data_dir=folder)
    try:
        writer = find_writer(settings)
        assert writer is not None
        pieces = writer.stream([Message("user", "hello")], stop=Event())
        next(pieces)
    except AdvisorError as error:
        expect(str(error) and len(str(error)) < 900, "the error is no line for a reader")
    else:
        expect(False, "a broken model was opened")
