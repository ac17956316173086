"""Many learners at once: `python eval/benchmarks/learners.py [--index DIR] [--learners 20] [--out FILE]`.

Serves the page with the extractive answer in a process of its own and uses it as a browser does, over HTTP: every
learner opens the page and asks in one conversation, with a random pause before each question; what the page sets off
by itself (the list of conversations, drawn anew) is set off too. Then more learners ask at once than may wait, to see
what those who are turned away are told. Learners and page share the machine's cores. Prints a report, or writes it.
"""

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import uuid4

import httpx
from figures import machine, percentile, say, table, today

QUESTIONS = Path(__file__).parents[1] / "questions" / "dev" / "data-and-ai.jsonl"
PATIENCE_SECONDS = 120.0
_ANSWER, _FAILURE = "ca-text", "ca-error"  # what `web.markup` marks them by
_BUSY = (429, 503)


class TurnedAway(Exception):
    """The page took no more questions; holds what it said."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one question; seconds from sending it."""

    first_seconds: float | None = None
    whole_seconds: float | None = None
    told: str = ""  # why there is no answer, as the learner reads it

    @property
    def is_answered(self) -> bool:
        """Whether an answer stands on the page at the end."""
        return self.whole_seconds is not None


@dataclass(slots=True)
class Answering:
    """An event on its way, and its outputs as far as they have come."""

    outputs: list[int]
    data: list[Any] | None = None


class Learner:
    """One browser: knows the page's parts from its configuration, and what changes set off."""

    def __init__(self, http: httpx.AsyncClient, config: dict[str, Any]) -> None:
        self._http = http
        self._session = uuid4().hex
        page = config["page"][""]
        here = set(page["dependencies"])
        self._events = {one["id"]: one for one in config["dependencies"] if one["id"] in here and one["queue"]}
        parts = {part["id"]: part for part in config["components"]}
        self._values = {id: part["props"].get("value") for id, part in parts.items() if part["type"] != "state"}
        named = {part["props"].get("elem_id"): id for id, part in parts.items()}
        self._question, self._chat = named["ca-question"], named["ca-chat"]
        self._first: float | None = None

    async def open(self) -> None:
        """What the page does when it loads."""
        await self._settle([one["id"] for one in self._events.values() if _is_target(one, None, "load")])

    async def ask(self, question: str) -> Asked:
        """Type a question and follow its answer to the end."""
        self._values[self._question] = question
        self._first, sent = None, perf_counter()
        submit = [one["id"] for one in self._events.values() if _is_target(one, self._question, "submit")]
        try:
            await asyncio.wait_for(self._settle(submit), PATIENCE_SECONDS)
        except TurnedAway as turned:
            return Asked(told=str(turned))
        except (TimeoutError, httpx.HTTPError):
            return Asked(told="nothing")
        shown = _last_reply(self._values[self._chat])
        if _ANSWER not in shown or self._first is None:
            return Asked(told=re.sub(r"<[^>]+>", " ", shown).strip() or "nothing")
        return Asked(self._first - sent, perf_counter() - sent)

    async def _settle(self, events: list[int]) -> None:
        """Run these events, then what their changes set off, until nothing more happens."""
        while events:
            running = {await self._join(event): Answering(self._events[event]["outputs"]) for event in events}
            changed = await self._follow(running)
            targets = [(event["id"], part) for event in self._events.values() for part in changed
                       if _is_target(event, part, "change")]  # fmt: skip
            events = sorted({event for event, _part in targets})

    async def _join(self, event: int) -> str:
        sent = {
            "fn_index": event,
            "data": [self._values.get(part) for part in self._events[event]["inputs"]],
            "event_data": None,
            "session_hash": self._session,
            "trigger_id": None,
        }
        reply = await self._http.post("gradio_api/queue/join", json=sent, headers={"x-gradio-user": "app"})
        if reply.status_code in _BUSY:
            raise TurnedAway(reply.json()["detail"])
        reply.raise_for_status()
        return str(reply.json()["event_id"])

    async def _follow(self, running: dict[str, Answering]) -> set[int]:
        """Read the page's messages until all of these have ended; gives the parts that changed."""
        changed: set[int] = set()
        where = f"gradio_api/queue/data?session_hash={self._session}"
        async with self._http.stream("GET", where) as stream:
            async for line in stream.aiter_lines():
                if not line.startswith("data:"):
                    continue
                message = json.loads(line[5:])
                if (one := running.get(message.get("event_id", ""))) is None:
                    continue
                output = message.get("output") or {}
                is_part = message["msg"] == "process_generating"
                changed |= self._take(one, output.get("data"), is_part=is_part)
                changed |= set(output.get("changed_state_ids") or ())
                if message["msg"] == "process_completed":
                    del running[message["event_id"]]
                if not running:
                    break
        return changed

    def _take(self, one: Answering, data: list[Any] | None, *, is_part: bool) -> set[int]:
        """Take over what an event has put out; gives the parts whose value is another than before.

        After the first part come differences to the one before.
        """
        from gradio_client.utils import apply_diff

        if not data:
            return set()
        is_difference = is_part and one.data is not None
        one.data = [apply_diff(*pair) for pair in zip(one.data or [], data, strict=True)] if is_difference else data
        changed = set()
        for part, value in zip(one.outputs, one.data, strict=True):
            if isinstance(value, dict) and value.get("__type__") == "update":
                if "value" not in value:
                    continue
                value = value["value"]
            if part in self._values and self._values[part] != value:
                self._values[part] = value
                changed.add(part)
        if self._first is None and self._chat in changed and _ANSWER in _last_reply(self._values[self._chat]):
            self._first = perf_counter()
        return changed - {self._question}


def _is_target(event: dict[str, Any], part: int | None, name: str) -> bool:
    """Whether this sets the event off; part None is any."""
    return any(name == target[1] and part in {None, target[0]} for target in event["targets"])


def _last_reply(chat: list[Any] | None) -> str:
    return json.dumps(chat[-1], ensure_ascii=False) if chat and chat[-1]["role"] == "assistant" else ""


# --- the two rounds ----------------------------------------------------------------------------------


async def a_lesson(learner: Learner, questions: Sequence[str], pauses: Sequence[float]) -> list[Asked]:
    """One learner's questions, one after the other, each after its pause in seconds."""
    found = []
    for question, pause in zip(questions, pauses, strict=True):
        await asyncio.sleep(pause)
        found.append(await learner.ask(question))
    return found


async def both_rounds(url: str, questions: Sequence[str], arguments: argparse.Namespace) -> list[list[Asked]]:
    """First the learners with their pauses, then the crowd all at once."""
    chance = random.Random(arguments.seed)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=2)  # the page's is 5 s
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS, limits=limits) as http:
        config = (await http.get("config")).json()

        async def round_of(count: int, each: int, longest_pause: float) -> list[Asked]:
            learners = [Learner(http, config) for _ in range(count)]
            for learner in learners:
                await learner.open()
            lessons = [
                a_lesson(one, chance.sample(questions, each), [chance.uniform(0, longest_pause) for _ in range(each)])
                for one in learners
            ]
            return [asked for lesson in await asyncio.gather(*lessons) for asked in lesson]

        say("one question to warm up")
        await round_of(1, 1, 0)
        say(f"{arguments.learners} learners, {arguments.each} questions each")
        calm = await round_of(arguments.learners, arguments.each, arguments.pause)
        say(f"{arguments.crowd} learners at once")
        return [calm, await round_of(arguments.crowd, 1, 0)]


@contextmanager
def served(index: Path) -> Iterator[str]:
    """The address of a page in a process of its own, with an empty store of conversations."""
    command = [sys.executable, "-m", "advisor", "serve", "--no-setup", "--port", "0", "--index", str(index)]
    with TemporaryDirectory(prefix="learners-") as data:
        process = subprocess.Popen(
            command,
            env=os.environ | {"ADVISOR_DATA_DIR": data, "ADVISOR_GENERATOR": "extractive"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if found := re.search(r"http://[\w.]+:\d+/?", line):
                    break
            else:
                raise SystemExit(f"the page did not start; run by hand: {' '.join(command)}")
            yield found[0]
        finally:
            process.terminate()
            process.wait(30)
            if process.stdout:
                process.stdout.close()


# --- what is told of it ------------------------------------------------------------------------------


def timed(name: str, seconds: Sequence[float]) -> list[str]:
    """A row of the table: median, 95th percentile and the longest, in milliseconds."""
    shown = [percentile(seconds, 0.5), percentile(seconds, 0.95), max(seconds)] if seconds else []
    return [name, *(f"{one * 1000:,.0f} ms" for one in shown)] if shown else [name, "–", "–", "–"]


def report(calm: Sequence[Asked], crowd: Sequence[Asked], arguments: argparse.Namespace, on: str) -> str:
    """The whole report as Markdown."""
    answered = [one for one in calm if one.is_answered]
    rows = [
        timed("first text", [one.first_seconds for one in answered if one.first_seconds is not None]),
        timed("whole answer, page settled", [one.whole_seconds for one in answered if one.whole_seconds is not None]),
    ]
    told = Counter(one.told for one in crowd if not one.is_answered)
    lost = told.pop("nothing", 0)
    words = "\n".join(f"- {count} were told: “{said}”" for said, count in told.most_common())
    met = f"{sum(one.is_answered for one in crowd)} answered, {told.total()} turned away in words, {lost} lost"
    return (
        f"# {today()} · {arguments.learners} learners at once\n\n{on}\n\n```console\n"
        f"$ python eval/benchmarks/learners.py --learners {arguments.learners} --each {arguments.each} "
        f"--pause {arguments.pause:g} --crowd {arguments.crowd}\n```\n\n"
        f"{arguments.learners} learners ask {arguments.each} questions each, extractive answer, up to "
        f"{arguments.pause:g} s of pause before each; page and learners on the same cores, times as the page's client "
        f"sees them.\n\n{table(['', 'p50', 'p95', 'longest'], rows)}\n\n"
        f"Answered {len(answered)} of {len(calm)}, lost {len(calm) - len(answered)}.\n\n"
        f"## More than may wait\n\n{len(crowd)} learners ask at the same moment: {met}.\n\n{words}\n"
    )


def main() -> int:
    """Measure, and print or write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"), help="a published index (default index)")
    parser.add_argument("--learners", type=int, default=20)
    parser.add_argument("--each", type=int, default=5, help="questions of each learner (default 5)")
    parser.add_argument("--pause", type=float, default=10, help="the longest pause before a question, in seconds")
    parser.add_argument("--crowd", type=int, default=120, help="learners of the second round (default 120)")
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="JSONL with questions")
    parser.add_argument("--out", type=Path, help="where the report is written; printed if left out")
    arguments = parser.parse_args()
    if arguments.out and arguments.out.is_dir():  # said before the minutes that the measuring takes
        parser.error(
            f"{str(arguments.out)!r} is a folder: name a file, for example {str(arguments.out / 'learners.md')!r}"
        )
    lines = arguments.questions.read_text("utf-8").splitlines()
    questions = [case["question"] for case in map(json.loads, lines) if not case.get("history")]
    on = machine()
    with served(arguments.index) as url:
        calm, crowd = asyncio.run(both_rounds(url, questions, arguments))
    written = report(calm, crowd, arguments, on)
    if arguments.out:
        arguments.out.write_text(written, encoding="utf-8")
        say(f"written to {arguments.out}")
    else:
        sys.stdout.write(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
