"""The page of roadmaps without a browser: its HTML, and what opening and ticking do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from page_server import ScriptedAdvisor, Tags
from role_bench import BAKER, small_shelf

from advisor.career.families import families_of
from advisor.career.marks import ItemState, Mark, states_of
from advisor.career.progress import standing
from advisor.career.shelf import Shelf
from advisor.career.syllabus import Syllabus, read_syllabus
from advisor.memory import open_conversations
from advisor.web import roadmap_markup
from advisor.web.talk import UNEXPECTED

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
OWNER = "an-owner-nobody-can-guess"
HOSTILE = "<img src=x onerror=alert(1)> [go](javascript:alert(1))"


def syllabus_of(tmp_path: Path, page: str = BAKER) -> Syllabus:
    bench = small_shelf(tmp_path, {"baker.md": page})
    return read_syllabus(Shelf(bench.roles, bench.documents, bench.passages), "Baker", today=TODAY)


def html_of(syllabus: Syllabus) -> str:
    """Everything that a career's page shows."""
    steps = "".join(roadmap_markup.step_html(step, syllabus.career) for step in syllabus.plan.steps)
    phases = "".join(roadmap_markup.phase_html(phase, 60) for phase in syllabus.plan.phases)
    head = roadmap_markup.head_html(syllabus.career, "")
    return head + phases + steps + roadmap_markup.certificates_html(syllabus) + roadmap_markup.parts_html(syllabus)


def asked(html: str) -> list[str]:
    """The questions that the links of a piece of HTML carry."""
    addresses = [urlsplit(str(a["href"])) for a in Tags(html).of("a") if str(a["href"]).startswith("/?")]
    return [parse_qs(one.query)["q"][0] for one in addresses]


# --- HTML -----------------------------------------------------------------------------------------


def test_every_mark_leads_to_a_source_and_each_source_back(tmp_path: Path) -> None:
    syllabus = syllabus_of(tmp_path)
    html = html_of(syllabus)
    marks = {str(a["href"]) for a in Tags(html).of("a") if a.get("class") == "ca-cite"}
    cards = Tags(roadmap_markup.roadmap_sources_html(syllabus, lambda key: BAKER))
    assert marks
    assert marks <= {f"#{one['id']}" for one in cards.of("div") if "id" in one}
    backs = {str(a["href"]) for a in cards.of("a") if a.get("class") == "ca-number"}
    assert backs == {f"#{one['id']}" for one in Tags(html).of("div") if one.get("id")}


def test_an_item_tells_its_kind_time_cost_and_where_it_leads(tmp_path: Path) -> None:
    first = syllabus_of(tmp_path).plan.steps[0]
    tags = Tags(roadmap_markup.step_html(first, "Baker"))
    assert "Kneading for everybody by the Mill [" in tags.text
    assert "course · 10 hours · EUR 20 · Ask about it" in tags.text
    assert [a["href"] for a in tags.of("a") if a.get("target")] == ["https://bread.example.org/knead"]


def test_what_a_page_does_not_state_is_said_to_be_our_estimate(tmp_path: Path) -> None:
    project = next(step for step in syllabus_of(tmp_path).plan.steps if step.kind == "project")
    assert "project · length not stated, our estimate is " in Tags(roadmap_markup.step_html(project, "Baker")).text


def test_every_link_that_asks_carries_its_question(tmp_path: Path) -> None:
    questions = asked(html_of(syllabus_of(tmp_path)))
    assert "What does the baker roadmap say about Kneading for everybody?" in questions
    assert "What does the baker roadmap say about Master of Bread?" in questions
    assert "What is the day-to-day work of the baker career?" in questions
    assert asked(roadmap_markup.head_html("R&D + AI?", "")) == ["What are the steps of the R&D + AI? roadmap?"]


def test_a_career_is_written_small_within_a_sentence_unless_its_letters_say_otherwise() -> None:
    names = ("Data engineer", "UX designer", "iOS developer", "AI/ML engineer", "DevOps engineer", "Q")
    assert [roadmap_markup.in_sentence(name) for name in names] == ["data engineer", *names[1:]]


def test_a_certificate_that_is_gone_says_since_when_and_what_is_there_instead(tmp_path: Path) -> None:
    page = BAKER.replace(
        "Status: retired on 1 May 2024", "Status: replaced on 1 May 2024\n  - Successor: Friend of Bread"
    )
    for text, said in ((BAKER, "Retired retired on 1 May 2024"), (page, "Replaced replaced on 1 May 2024")):
        shown = Tags(roadmap_markup.certificates_html(syllabus_of(tmp_path, text))).text
        assert said in shown
        assert ("instead: Friend of Bread" in shown) is (text is page)
        assert "Friend of Bread by the Mill" in shown
        assert "Current EUR 10" in shown


def test_links_between_pages_of_the_corpus_become_words(tmp_path: Path) -> None:
    page = BAKER.replace("- Cleans up", "- Cleans up with a [miller](miller.md) and [soap](https://soap.example.org/)")
    tags = Tags(roadmap_markup.parts_html(syllabus_of(tmp_path, page)))
    assert "Cleans up with a miller and soap" in tags.text
    assert [a["href"] for a in tags.of("a") if a.get("target")] == ["https://soap.example.org/"]


def test_nothing_hostile_on_a_page_becomes_a_tag_or_a_link(tmp_path: Path) -> None:
    page = BAKER.replace("Kneading in short", HOSTILE).replace("Master of Bread", HOSTILE).replace("Cleans up", HOSTILE)
    syllabus = syllabus_of(tmp_path, page)
    marks = states_of([Mark(HOSTILE, "", ItemState.DONE, NOW)])
    state = roadmap_markup.standing_html(standing(syllabus.plan, marks), syllabus.plan.steps)
    tags = Tags(html_of(syllabus) + state + roadmap_markup.head_html(HOSTILE, HOSTILE))
    assert not {"img", "script"} & {name for name, _ in tags.seen}
    assert all(str(a["href"]).startswith(("#", "/", "https://")) for a in tags.of("a"))
    assert not [name for _, attributes in tags.seen for name in attributes if name.startswith("on")]


def test_the_bar_is_the_share_of_the_hours_that_are_not_skipped(tmp_path: Path) -> None:
    plan = syllabus_of(tmp_path).plan
    first, second = plan.steps[:2]
    done = Mark(first.name, first.provider or "", ItemState.DONE, NOW)
    skipped = Mark(second.name, second.provider or "", ItemState.SKIPPED, NOW)
    html = roadmap_markup.standing_html(standing(plan, states_of([done, skipped])), plan.steps[2:3])
    kept = sum(step.minutes for step in plan.steps) - second.minutes
    assert Tags(html).of("rect")[0]["width"] == f"{100 * first.minutes / kept:.2f}%"
    assert f"1 of {len(plan.steps)} items done, 1 skipped; 10 h of " in Tags(html).text
    assert f"Next: {plan.steps[2].name}." in Tags(html).text


def test_a_mark_whose_item_has_left_the_page_is_told(tmp_path: Path) -> None:
    plan = syllabus_of(tmp_path).plan
    html = roadmap_markup.standing_html(standing(plan, states_of([Mark("Rye", "", ItemState.DONE, NOW)])), ())
    assert "Marked, but not on the page any more: Rye (done)." in Tags(html).text


def test_the_list_leads_to_every_career(tmp_path: Path) -> None:
    html = roadmap_markup.families_html(families_of(small_shelf(tmp_path).documents))
    links = [a["href"] for a in Tags(html).of("a")]
    assert links == ["/roadmaps?career=baker", "/roadmaps?career=miller"]
    assert "No page of the index is a career" in roadmap_markup.families_html(())


# --- what opening and ticking do ------------------------------------------------------------------


class Roadmap:
    """An open page of roadmaps."""

    def __init__(self, advisor: ScriptedAdvisor) -> None:
        import gradio as gr

        from advisor.web.roadmap_page import lay_out_roadmap

        self.advisor = advisor
        with gr.Blocks():
            self.parts = lay_out_roadmap()

    def open(self, career: str, owner: object = OWNER) -> dict[Any, Any]:
        from advisor.web.roadmap_page import opened

        return opened(self.advisor, self.parts, career, owner)

    def tick(self, state: str, owner: object = OWNER, item: int = 0) -> str:
        from advisor.web.plan_page import shelf_of
        from advisor.web.roadmap_page import ticked

        step = read_syllabus(shelf_of(self.advisor), "Baker", today=TODAY).plan.steps[item]
        return Tags(ticked(self.advisor, "Baker", step, state, owner)).text

    def standing(self, owner: object = OWNER) -> str:
        return Tags(self.open("baker", owner)[self.parts.standing]).text


@pytest.fixture
def page() -> Iterator[Roadmap]:
    with open_conversations(None) as conversations:
        yield Roadmap(ScriptedAdvisor(conversations))


def test_without_a_career_all_are_listed(page: Roadmap) -> None:
    update = page.open("")
    assert "/roadmaps?career=miller" in update[page.parts.head]
    assert update[page.parts.chosen] == ""
    assert update[page.parts.sources] == ""


def test_the_address_chooses_the_career(page: Roadmap) -> None:
    for address in ("baker", "Baker", "bread-maker"):
        update = page.open(address)
        assert update[page.parts.chosen] == "Baker"
        assert "Master of Bread" in update[page.parts.rest]
        assert "0 of 4 items done; 0 h of " in Tags(update[page.parts.standing]).text


def test_an_unknown_career_is_one_line_above_the_list(page: Roadmap) -> None:
    update = page.open("astronaut<b>")
    assert "No roadmap. there is no career 'astronaut<b>' in the index" in Tags(update[page.parts.head]).text
    assert "/roadmaps?career=baker" in update[page.parts.head]
    assert update[page.parts.chosen] == ""


def test_a_browser_without_a_name_gets_one_that_nobody_can_guess(page: Roadmap) -> None:
    names = {page.open("", owner)[page.parts.owner] for owner in ("", None, "local", 7)}
    assert len(names) == 4
    assert all(len(name) >= 32 for name in names)
    assert page.open("")[page.parts.owner] == OWNER


def test_a_tick_is_kept_for_its_owner_and_can_be_taken_back(page: Roadmap) -> None:
    assert "1 of 4 items done; 10 h of " in page.tick("done")
    assert "1 of 4 items done" in page.standing()
    assert "0 of 4 items done" in page.standing("another-owner-nobody-can-guess")
    assert "0 of 4 items done, 1 in progress" in page.tick("in progress")
    assert "0 of 4 items done, 1 skipped" in page.tick("skipped")
    assert "0 of 4 items done; " in page.tick("open")
    assert page.advisor.conversations.progress_of("Baker", owner=OWNER) == ()


def test_ticks_are_the_marks_of_advisor_progress(page: Roadmap) -> None:
    page.tick("in progress")
    (mark,) = page.advisor.conversations.progress_of("Baker", owner=OWNER)
    assert (mark.item, mark.provider, mark.state) == ("Kneading for everybody", "the Mill", ItemState.IN_PROGRESS)


@pytest.mark.parametrize("owner", ["local", "", None, "a" * 65, "*" * 20])
def test_a_name_that_was_not_given_out_here_keeps_nothing(page: Roadmap, owner: object) -> None:
    page.advisor.conversations.set_progress("Baker", Mark("Fire", "the Guild", ItemState.DONE, NOW), owner="local")
    assert "Not kept." in page.tick("done", owner)
    assert len(page.advisor.conversations.progress_of("Baker", owner="local")) == 1
    assert "0 of 4 items done" in page.standing(owner)


def test_a_state_that_a_browser_made_up_is_one_line(page: Roadmap) -> None:
    assert "Not kept. the state 'finished' is none of" in page.tick("finished")


def test_an_unforeseen_error_shows_no_detail(page: Roadmap, caplog: pytest.LogCaptureFixture) -> None:
    page.advisor.snapshot = replace(page.advisor.snapshot, passages=())  # then nothing can be cited
    assert UNEXPECTED in Tags(page.open("baker")[page.parts.head]).text
    assert "a roadmap could not be shown" in caplog.text
