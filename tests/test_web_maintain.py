"""The page of maintenance without a browser: who may look, its HTML, and what its controls do."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from conftest import OpenAdvisor
from page_server import Tags
from starlette.requests import Request
from upkeep_bench import TinyParts

from advisor.corpus.findings import Finding, Severity
from advisor.corpus.lint import LintReport
from advisor.corpus.reading import ReadingProblem
from advisor.evaluation.draft import draft_json, make_drafts
from advisor.index.build import BuildReport, Changes, Renamed
from advisor.index.publish import alone
from advisor.memory import Thumb
from advisor.web import maintain_markup
from advisor.web.maintain_page import (
    FEEDBACK_SHOWN,
    NOT_ALLOWED,
    Guard,
    begun,
    build_update,
    called_off,
    compared,
    drafted,
    lay_out_maintain,
    looked,
    newest,
    retrieved,
    watched,
)
from advisor.web.rebuilding import Stage, Work
from advisor.web.talk import UNEXPECTED
from advisor.web.upkeep import CorpusState, Upkeep

HOSTILE = "<img src=x onerror=alert(1)>"
CHANGES = Changes((), (), (), ("a.md",))


def request_from(client: str, host: str = "127.0.0.1:7860") -> gr.Request:
    scope = {"type": "http", "client": (client, 50_000), "headers": [(b"host", host.encode())]}
    return gr.Request(Request(scope))


HERE, ELSEWHERE = request_from("127.0.0.1"), request_from("192.168.1.7", "192.168.1.2:7860")


class Page:
    """An open page of maintenance."""

    def __init__(self, upkeep: Upkeep | None) -> None:
        with gr.Blocks():
            self.parts = lay_out_maintain()
        self.upkeep = upkeep
        self.guard = Guard(upkeep, self.parts)

    def rate(self, question: str, thumb: Thumb, reason: str = "", *, minute: int = 0) -> None:
        """Ask in a conversation of its own, and say what was thought of the answer."""
        assert self.upkeep is not None
        store, name = self.upkeep.advisor.conversations, f"talk-{minute}"
        list(self.upkeep.advisor.ask(question, conversation=name, owner="anna"))
        store.give_feedback(
            name, 1, thumb, reason, owner="anna", given_at=datetime(2026, 11, 21, 9, minute, tzinfo=UTC)
        )


@pytest.fixture
def page(advisor_with: OpenAdvisor, corpus_dir: Path, index_dir: Path) -> Page:
    advisor = advisor_with(None)
    return Page(
        Upkeep(advisor, corpus_dir=corpus_dir, index_dir=index_dir, open_parts=lambda: TinyParts(advisor.embedder))
    )


# --- who may look ---------------------------------------------------------------------------------


def acting(page: Page) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Every handler of the page, with what its controls would give it."""
    values = {retrieved: ("What is a baker?",), drafted: ("key",), begun: (True,)}
    for act in (looked, compared, retrieved, drafted, begun, watched, called_off):
        yield page.guard.guarded(act, page.parts.index), values.get(act, ())


def test_whoever_may_not_maintain_gets_one_line_and_starts_nothing(page: Page) -> None:
    page.rate("What is a gardener?", Thumb.DOWN)
    for act, values in acting(page):
        update = act(ELSEWHERE, *values)
        assert set(update) == {page.parts.head}
        assert Tags(update[page.parts.head]).text == NOT_ALLOWED
    assert page.upkeep is not None
    assert page.upkeep.rebuilding.work.stage is Stage.NONE


def test_whoever_may_gets_more_than_a_line(page: Page) -> None:
    update = page.guard.guarded(looked, page.parts.index)(HERE)
    assert update[page.parts.body].visible
    assert "hashing" in update[page.parts.index]


def test_a_server_without_folders_says_so_to_those_who_may_know() -> None:
    page = Page(None)
    for request, said in ((HERE, "started without the folders"), (ELSEWHERE, NOT_ALLOWED)):
        assert said in page.guard.guarded(looked, page.parts.index)(request)[page.parts.head]


def test_an_error_is_one_line_where_the_result_would_stand(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    search = page.guard.guarded(retrieved, page.parts.found)
    assert Tags(search(HERE, " ")[page.parts.found]).text.startswith("Not done. ")

    def fail(*_: object) -> dict[Any, Any]:
        raise RuntimeError("a secret detail")

    assert UNEXPECTED in page.guard.guarded(fail, page.parts.found)(HERE)[page.parts.found]
    assert "the page of maintenance could not answer" in caplog.text


# --- the index and its building -------------------------------------------------------------------


def test_a_rebuild_is_watched_to_its_end(page: Page) -> None:
    assert page.upkeep is not None
    (page.upkeep.corpus_dir / "new.md").write_text("# New\n\nA page that was not there.\n")
    first = begun(page.upkeep, page.parts, False)
    assert first[page.parts.watch].active
    assert page.upkeep.rebuilding.wait(60)
    last = watched(page.upkeep, page.parts)
    assert "1 page added, 0 changed, 0 removed." in Tags(last[page.parts.work]).text
    assert "still answers from" in Tags(last[page.parts.index]).text  # this advisor swaps nothing
    assert "Nothing has changed since the build: 4 pages." in last[page.parts.changes]
    assert last[page.parts.rebuild].interactive
    assert not last[page.parts.cancel].visible
    assert not last[page.parts.watch].active


def test_another_build_is_a_line_and_the_button_stays(page: Page) -> None:
    assert page.upkeep is not None
    (page.upkeep.corpus_dir / "new.md").write_text("# New\n\nA page that was not there.\n")
    with alone(page.upkeep.index_dir):
        begun(page.upkeep, page.parts, False)
        assert page.upkeep.rebuilding.wait(60)
    last = watched(page.upkeep, page.parts)
    assert "Not built; the old index stays. another build is writing" in Tags(last[page.parts.work]).text
    assert last[page.parts.rebuild].interactive


def test_while_a_build_runs_it_can_be_cancelled_once_and_is_looked_at_again(page: Page) -> None:
    running = build_update(page.parts, Work(Stage.READING))
    assert (running[page.parts.rebuild].interactive, running[page.parts.watch].active) == (False, True)
    assert (running[page.parts.cancel].visible, running[page.parts.cancel].interactive) == (True, True)
    called = build_update(page.parts, Work(Stage.READING, is_cancelling=True))
    assert (called[page.parts.cancel].visible, called[page.parts.cancel].interactive) == (True, False)


def test_pages_that_cannot_be_read_do_not_hold_up_the_rest(page: Page) -> None:
    assert page.upkeep is not None
    page.upkeep.corpus_dir = page.upkeep.corpus_dir / "none"
    update = watched(page.upkeep, page.parts)
    assert Tags(update[page.parts.changes]).text.startswith("Not read. There is no corpus folder at")
    assert not update[page.parts.watch].active
    assert "Sound" in update[page.parts.index]


def test_a_running_build_tells_stage_share_and_time_left() -> None:
    html = maintain_markup.work_html(Work(Stage.EMBEDDING, 500, 2000, 90.4))
    assert Tags(html).text == "Embedding: 500 of 2,000 texts (25 %), about 2 min left."
    assert Tags(html).of("rect")[0]["width"] == "25.0%"
    soon = maintain_markup.work_html(Work(Stage.EMBEDDING, 1999, 2000, 0.1))
    assert Tags(soon).text == "Embedding: 1,999 of 2,000 texts (99 %), about 1 s left."
    assert Tags(maintain_markup.work_html(Work(Stage.READING))).text == "Reading the pages…"
    called_off = replace(Work(Stage.READING), is_cancelling=True)
    assert Tags(maintain_markup.work_html(called_off)).text == "Reading the pages; cancelling at the next stretch."


def test_every_end_of_a_build_has_its_words() -> None:
    report = BuildReport("b1", False, CHANGES, 5, 0, 5, (ReadingProblem("a.pdf", f"{HOSTILE} is damaged"),), 1.0)
    done = Tags(maintain_markup.work_html(Work(Stage.DONE, report=report)))
    assert done.text.startswith("Nothing has changed: b1 stays published. Left out: a.pdf: ")
    assert not done.of("img")
    assert Tags(maintain_markup.work_html(Work(Stage.CANCELLED))).text == "Cancelled: the old index stays."
    assert maintain_markup.work_html(Work()) == ""


# --- the corpus -----------------------------------------------------------------------------------


def test_changes_and_findings_are_told_and_errors_come_first() -> None:
    found = (
        Finding("a.md", 2, "date", "old", "look again", Severity.WARNING),
        Finding("b.md", 7, "link", f"{HOSTILE} leads nowhere", "mend it"),
    )
    tags = Tags(maintain_markup.findings_html(LintReport(3, found)))
    assert tags.text.startswith("1 error, 1 warning on 3 pages.b.md:7 error: link")
    assert "look again" in tags.text
    assert not tags.of("img")
    changes = Changes(("n.md",), (), ("o.md",), (), (Renamed("p.md", "q.md"),))
    state = CorpusState(changes, (ReadingProblem("p.pdf", "broken"),), LintReport(1, ()))
    told = Tags(maintain_markup.changes_html(state)).text
    assert told == "addedn.mdremovedo.mdrenamedp.md → q.mdcannot be readp.pdf: broken"


def test_where_all_is_well_one_line_says_so() -> None:
    same = CorpusState(CHANGES, (), LintReport(1, ()))
    assert Tags(maintain_markup.changes_html(same)).text == "Nothing has changed since the build: 1 page."
    assert Tags(maintain_markup.findings_html(same.lint)).text == "Nothing to mend on 1 page."


def test_a_flood_of_findings_is_cut_and_counted() -> None:
    found = tuple(Finding("a.md", line, "r", "m", "c") for line in range(maintain_markup.FINDINGS_SHOWN + 5))
    tags = Tags(maintain_markup.findings_html(LintReport(1, found)))
    assert len(tags.of("li")) == maintain_markup.FINDINGS_SHOWN
    assert "5 more" in tags.text


def test_the_corpus_is_compared_as_the_commands_do(page: Page) -> None:
    assert page.upkeep is not None
    update = compared(page.upkeep, page.parts)
    assert "Nothing has changed since the build: 3 pages." in update[page.parts.changes]
    assert page.upkeep.corpus_state(today=date.today()).lint.findings
    assert "data-engineer.md:" in update[page.parts.findings]


# --- a search and feedback ------------------------------------------------------------------------


def test_a_search_shows_every_passage_with_its_three_scores_and_the_gate(page: Page) -> None:
    assert page.upkeep is not None
    found = page.upkeep.retrieve("How long does an apprenticeship as a gardener take?")
    tags = Tags(
        retrieved(page.upkeep, page.parts, "How long does an apprenticeship as a gardener take?")[page.parts.found]
    )
    assert "Intentduration" in tags.text
    assert "Gateanswer, +" in tags.text
    assert len(tags.of("li")) == len(found.hits)
    for hit in found.hits:
        scores = f"dense {hit.dense_score:.3f} · lexical {hit.lexical_score:.2f} · fused {hit.fused_score:.3f}"
        assert scores in tags.text


def test_feedback_is_told_newest_first_and_its_owner_is_not(page: Page) -> None:
    assert page.upkeep is not None
    page.rate("What is a gardener?", Thumb.UP, minute=1)
    page.rate(f"What is a baker {HOSTILE}?", Thumb.DOWN, f"Wrong; {HOSTILE}", minute=2)
    update = looked(page.upkeep, page.parts)
    tags = Tags(update[page.parts.feedback])
    assert tags.text.index("What is a baker") < tags.text.index("What is a gardener")
    assert "2026-11-21 Bad Wrong; " in tags.text
    assert not tags.of("img")
    assert "anna" not in tags.text
    names = [name for name, _key in update[page.parts.chosen].choices]
    assert names[1] == "2026-11-21, good: What is a gardener?"


def test_without_feedback_there_is_nothing_to_make_a_case_of(page: Page) -> None:
    assert page.upkeep is not None
    update = looked(page.upkeep, page.parts)
    assert "Nobody has rated an answer yet." in update[page.parts.feedback]
    assert not update[page.parts.chosen].visible


def test_only_the_newest_are_shown_and_all_are_counted(page: Page) -> None:
    assert page.upkeep is not None
    page.rate("What is a gardener?", Thumb.DOWN)
    (rated,) = page.upkeep.advisor.conversations.all_feedback()
    many = tuple(replace(rated, key=str(number)) for number in range(FEEDBACK_SHOWN + 9))
    shown = newest(many)
    assert (shown[0].key, shown[-1].key, len(shown)) == (str(FEEDBACK_SHOWN + 8), "9", FEEDBACK_SHOWN)
    text = Tags(maintain_markup.feedback_html(shown, len(many))).text
    assert text.endswith(f"The newest {FEEDBACK_SHOWN} of {len(many)}.")


def test_a_case_is_the_line_that_the_command_would_write_and_nothing_is_written(page: Page, tmp_path: Path) -> None:
    assert page.upkeep is not None
    page.rate("What is a gardener?", Thumb.DOWN, "Wrong")
    before = sorted(tmp_path.rglob("*"))
    (rated,) = page.upkeep.advisor.conversations.all_feedback()
    case = drafted(page.upkeep, page.parts, rated.key)[page.parts.case]
    (draft,) = make_drafts([rated], today=date.today())
    assert case.visible
    assert json.loads(case.value) == json.loads(json.dumps(draft_json(draft)))
    assert sorted(tmp_path.rglob("*")) == before
    assert not drafted(page.upkeep, page.parts, "no such key")[page.parts.case].visible
