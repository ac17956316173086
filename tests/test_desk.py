"""Where questions of the web come in: counted, one at a time, told to the log without their words, ended at closing."""

import json
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event as Signal
from threading import Thread

import pytest
from page_server import WRITER, ScriptedAdvisor

from advisor.errors import TooManyQuestions
from advisor.memory import Conversations, open_conversations
from advisor.records import Done, Event, Extract, Sources, Token, Turn
from advisor.web import talk
from advisor.web.desk import Desk
from advisor.web.limits import Limits
from advisor.web.question_log import logging_to_stderr
from advisor.web.talk import Phase, Shown

OWNER = "ann-0123456789abcdef"
Log = pytest.LogCaptureFixture
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def advisor() -> Iterator[ScriptedAdvisor]:
    with open_conversations(None) as conversations:
        yield ScriptedAdvisor(conversations, pause_seconds=0)


def desk_of(advisor: ScriptedAdvisor, per_minute: int = 0, client: str = "10.1.1.1") -> Desk:
    return Desk(advisor, Limits(per_minute, patience_seconds=0.01), client=lambda: client)


def last_line(caplog: Log) -> dict[str, object]:
    return next(record.question for record in reversed(caplog.records) if hasattr(record, "question"))


def test_events_pass_unchanged_and_the_turn_is_kept(advisor: ScriptedAdvisor) -> None:
    events = [*desk_of(advisor).ask("How long?", conversation="c", owner=OWNER)]
    assert [type(event) for event in events] == [Sources, Extract, *[Token] * 30, Done]
    assert len(advisor.conversations.turns("c", owner=OWNER)) == 1


def test_a_question_too_many_is_a_line_the_learner_reads(advisor: ScriptedAdvisor) -> None:
    desk = desk_of(advisor, per_minute=1)
    shown = talk.begin(Shown(), "How long?", conversation="c", kept=0, run="r")
    assert [*talk.converse(desk, shown, owner=OWNER)][-1].turns[-1].phase is Phase.DONE
    last = [*talk.converse(desk, shown, owner=OWNER)][-1].turns[-1]
    assert last.phase is Phase.FAILED
    assert "more than 1 questions within a minute" in last.error


def test_another_owner_of_the_same_client_shares_its_limit(advisor: ScriptedAdvisor) -> None:
    desk = desk_of(advisor, per_minute=1)
    assert [*desk.ask("How long?", conversation="c", owner=OWNER)]
    with pytest.raises(TooManyQuestions):
        next(desk.ask("How long?", conversation="c", owner="bob-0123456789abcdef"))


def test_whoever_sits_at_the_machine_is_not_counted(advisor: ScriptedAdvisor) -> None:
    desk = desk_of(advisor, per_minute=1, client="")
    for _ in range(5):
        assert [*desk.ask("How long?", conversation="c", owner=OWNER)]


def test_an_owner_has_one_question_at_a_time_and_a_stop_frees_them(advisor: ScriptedAdvisor) -> None:
    desk = desk_of(advisor)
    running = desk.ask("How long, slow?", conversation="c", owner=OWNER)
    next(running)
    assert desk.answering == 1
    with pytest.raises(TooManyQuestions, match="Another question of yours"):
        next(desk.ask("How long?", conversation="d", owner=OWNER))
    assert next(desk.ask("How long?", conversation="d", owner="bob-0123456789abcdef"))
    running.close()
    assert advisor.closed.acquire(blocking=False)
    assert desk.answering == 0
    assert [*desk.ask("How long?", conversation="d", owner=OWNER)]


def test_at_closing_time_a_question_nobody_goes_on_with_is_kept(advisor: ScriptedAdvisor) -> None:
    desk = desk_of(advisor)
    running = desk.ask("How long, slow?", conversation="c", owner=OWNER)
    while not isinstance(next(running), Extract):
        pass
    assert advisor.conversations.turns("c", owner=OWNER) == ()
    desk.close(within_seconds=0)
    assert len(advisor.conversations.turns("c", owner=OWNER)) == 1
    assert [*running] == []
    assert desk.answering == 0


def test_at_closing_time_a_question_that_is_followed_ends_with_its_next_event(advisor: ScriptedAdvisor) -> None:
    desk = desk_of(advisor)
    running = desk.ask("How long, slow?", conversation="c", owner=OWNER)
    while not isinstance(next(running), Extract):
        pass
    one = next(iter(desk._open))
    one.ended.set()
    assert len([*running]) <= 1
    assert len(advisor.conversations.turns("c", owner=OWNER)) == 1


class HangingAdvisor(ScriptedAdvisor):
    """Hangs after the events of its script, until it is let go."""

    def __init__(self, conversations: Conversations, script: Sequence[type[Event]]) -> None:
        super().__init__(conversations, pause_seconds=0)
        self.script = script
        self.hangs, self.let_go = Signal(), Signal()

    def events(self, question: str) -> Iterator[Event]:
        for event in super().events(question):
            if type(event) in self.script:
                yield event
        self.hangs.set()
        assert self.let_go.wait(60)
        yield event


@contextmanager
def hanging(conversations: Conversations, *script: type[Event]) -> Iterator[Desk]:
    """A desk at which somebody follows a question that hangs."""
    advisor = HangingAdvisor(conversations, script)
    desk = desk_of(advisor)
    follower = Thread(target=lambda: [*desk.ask("How long?", conversation="c", owner=OWNER)])
    follower.start()
    try:
        assert advisor.hangs.wait(60)
        yield desk
    finally:
        advisor.let_go.set()
        follower.join(60)


def test_at_closing_time_the_extract_of_a_question_that_hangs_is_kept_and_it_is_counted(caplog: Log) -> None:
    with open_conversations(None) as conversations, hanging(conversations, Sources, Extract) as desk:
        assert desk.close(within_seconds=0) == 1
        (turn,) = conversations.turns("c", owner=OWNER)
        assert turn.question == "How long?"
        assert "4–5 months" in turn.answer.text
    assert "its extract is kept" in caplog.text


def test_a_question_that_hangs_before_its_extract_leaves_nothing_and_says_so(caplog: Log) -> None:
    with open_conversations(None) as conversations, hanging(conversations, Sources) as desk:
        assert desk.close(within_seconds=0) == 1
        assert conversations.list(OWNER) == ()
    assert "before its extract was there" in caplog.text


def test_what_hangs_after_it_was_kept_is_not_kept_twice() -> None:
    with open_conversations(None) as conversations, hanging(conversations, Sources, Extract) as desk:
        (one,) = desk._open
        assert one.answer is not None
        conversations.append("c", Turn("How long?", one.answer, datetime.now(UTC)), owner=OWNER)
        assert desk.close(within_seconds=0) == 1
        assert len(conversations.turns("c", owner=OWNER)) == 1


def test_a_desk_whose_questions_let_go_has_none_that_hangs(advisor: ScriptedAdvisor) -> None:
    desk = desk_of(advisor)
    running = desk.ask("How long, slow?", conversation="c", owner=OWNER)
    next(running)
    assert desk.close(within_seconds=0) == 0


# --- the log -----------------------------------------------------------------------------------------


def test_one_line_a_question_tells_how_much_and_how_long(advisor: ScriptedAdvisor, caplog: Log) -> None:
    caplog.set_level(logging.INFO)
    desk = desk_of(advisor)
    events = [*desk.ask("How long?", conversation="c", owner=OWNER)]
    assert isinstance(events[-1], Done)
    line = last_line(caplog)
    assert (line["status"], line["generator"], line["build"]) == ("answered", WRITER, "20261121T0900")
    assert (line["question_chars"], line["answer_chars"]) == (9, len(events[-1].answer.text))
    assert line["citations"] == 1
    assert float(str(line["total_ms"])) > 0


def test_the_line_tells_how_a_question_ended(advisor: ScriptedAdvisor, caplog: Log) -> None:
    caplog.set_level(logging.INFO)
    desk = desk_of(advisor, per_minute=4)
    stopped = desk.ask("How long?", conversation="c", owner=OWNER)
    next(stopped)
    stopped.close()
    assert last_line(caplog)["status"] == "stopped"
    assert [*desk.ask("Oslo?", conversation="c", owner=OWNER)]
    assert last_line(caplog)["status"] == "refused"
    for question, error in (("broken", RuntimeError), ("x" * 3000, Exception), ("How long?", TooManyQuestions)):
        with pytest.raises(error):
            assert [*desk.ask(question, conversation="c", owner=OWNER)]
    assert [r.question["status"] for r in caplog.records if hasattr(r, "question")][-3:] == [
        "failed",
        "failed",
        "turned_away",
    ]


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_word_of_a_question_or_an_answer_is_in_the_log(
    advisor: ScriptedAdvisor, capsys: Captured, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ADVISOR_DEBUG", raising=False)
    desk = desk_of(advisor)
    with logging_to_stderr("json" if form == "json" else "text"):
        for question in ("How long is a xylophone?", "xylophone broken", "xylophone " * 300, "A xylophone in Oslo?"):
            shown = talk.begin(Shown(), question, conversation="c", kept=0, run="r")
            assert [*talk.converse(desk, shown, owner=OWNER)]
    written = capsys.readouterr().err
    assert len(re.findall("status", written)) == 4
    assert "RuntimeError" in written
    for word in ("xylophone", "4–5 months", "Norway", "secret", OWNER):
        assert word not in written


def test_each_line_of_json_is_an_object(advisor: ScriptedAdvisor, capsys: Captured) -> None:
    with logging_to_stderr("json"):
        assert [*desk_of(advisor).ask("How long?", conversation="c", owner=OWNER)]
        logging.getLogger("advisor.web").warning("an index\nof two lines")
    first, second = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (first["message"], first["status"], first["level"]) == ("question", "answered", "INFO")
    assert first["time"].endswith("+00:00")
    assert (second["message"], second["logger"]) == ("an index\nof two lines", "advisor.web")


def test_a_line_of_text_is_one_line_and_the_log_ends_with_its_block(capsys: Captured) -> None:
    with logging_to_stderr("text"):
        logging.getLogger("advisor.web").warning("two\nlines")
    logging.getLogger("advisor.web").warning("afterwards")
    written = capsys.readouterr().err
    assert written.count("\n") == 1
    assert "WARNING two lines" in written
