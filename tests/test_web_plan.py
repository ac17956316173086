"""The pages beside the one that answers, without a browser: plan, comparison, about, and the files they hand out."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from page_server import ScriptedAdvisor, Tags, library
from plan_bench import BEEKEEPER, TODAY, page_of, plan_of

from advisor.career.export import PlanFormat
from advisor.career.timeline import Stretch, timeline
from advisor.corpus.lint import corpus_figures, figures_of
from advisor.corpus.reading import read_corpus
from advisor.errors import UsageError
from advisor.evaluation.latest import LatestReport, ReportFigure, read_latest
from advisor.memory import open_conversations
from advisor.records import Profile
from advisor.web.downloads import KEPT_SECONDS, Downloads
from advisor.web.plan_markup import in_labels, plan_html, plan_sources_html, plan_text, summary_html, timeline_html
from advisor.web.serve import create_app
from advisor.web.talk import UNEXPECTED

HOSTILE = "<img src=x onerror=alert(1)> [go](javascript:alert(1)) `x`"


@pytest.fixture
def advisor() -> Iterator[ScriptedAdvisor]:
    with open_conversations(None) as conversations:
        yield ScriptedAdvisor(conversations)


def page_text(key: str) -> str:
    return {"bees.md": BEEKEEPER}[key]


# --- the picture ----------------------------------------------------------------------------------


def test_a_phase_takes_the_weeks_in_which_anything_of_it_is_done() -> None:
    plan = plan_of(page_of(["A | Duration: 12 hours"], ["B | Duration: 8 hours"]), hours_per_week=5.0)
    first, second = timeline(plan)
    assert first == Stretch(plan.phases[0].label, 1, 3, date(2026, 11, 23), date(2026, 12, 13), 12 * 60, 1)
    assert (second.first_week, second.last_week, second.weeks) == (3, 4, "weeks 3–4")
    assert replace(second, first_week=4).weeks == "week 4"


def test_a_phase_without_anything_planned_has_no_bar_and_an_empty_plan_no_picture() -> None:
    text = page_of(["A"], ["B"])
    assert [one.label for one in timeline(plan_of(text, known=("A",)))] == ["Phase 2: Part 2"]
    assert timeline_html(plan_of(text, known=("A", "B"))) == ""


def test_bars_lie_where_their_weeks_lie() -> None:
    plan = plan_of(page_of(["A | Duration: 5 hours"], ["B | Duration: 15 hours"]), hours_per_week=5.0)
    bars = Tags(timeline_html(plan)).of("rect")
    assert [(bar["x"], bar["width"]) for bar in bars] == [("0.00%", "25.00%"), ("25.00%", "75.00%")]
    assert "Weeks 2–4 2026-11-30 to 2026-12-20" in Tags(timeline_html(plan).replace("<br>", " ")).text


# --- the plan as HTML -----------------------------------------------------------------------------


def test_the_summary_and_the_body_are_the_plan_without_title_and_sources() -> None:
    text = plan_text(plan_of(BEEKEEPER))
    assert text.summary.startswith("**5 hours per week from 2026-11-23: ")
    assert "\n" not in text.summary
    assert "## Phase 1" in text.body
    assert "## Week by week" in text.body
    assert "## Sources" not in text.body


def test_every_mark_of_a_plan_leads_to_a_source_and_each_source_back() -> None:
    plan = plan_of(BEEKEEPER)
    marks = {str(a["href"]) for a in Tags(plan_html(plan)).of("a") if a.get("class") == "ca-cite"}
    cards = Tags(plan_sources_html(plan, page_text))
    assert marks == {f"#{one['id']}" for one in cards.of("div") if "id" in one}
    backs = {str(a["href"]) for a in cards.of("a") if a.get("class") == "ca-number"}
    assert backs == {f"#{one['id']}" for one in Tags(summary_html(plan)).of("div")}


def test_nothing_hostile_on_a_page_becomes_a_tag_or_a_link_of_a_plan() -> None:
    plan = plan_of(page_of([f"{HOSTILE} | Outcomes: {HOSTILE}"]))
    html = summary_html(plan) + timeline_html(plan) + plan_html(plan) + plan_sources_html(plan, page_text)
    tags = Tags(html)
    assert not {"img", "script"} & {name for name, _ in tags.seen}
    assert all(str(a["href"]).startswith("#") for a in tags.of("a"))
    assert not [name for _, attributes in tags.seen for name in attributes if name.startswith("on")]


def test_options_of_the_command_line_are_called_as_the_page_calls_them() -> None:
    assert in_labels("--by 2026-01-01 is not after --start 2027-01-01") == (
        "“To be done by” 2026-01-01 is not after “Start” 2027-01-01"
    )
    assert in_labels("--bypass") == "--bypass"


# --- what a change does ---------------------------------------------------------------------------


class Form:
    """An open page of plans: what stands on it after a change of its fields."""

    def __init__(self, advisor: ScriptedAdvisor, folder: Path) -> None:
        import gradio as gr

        from advisor.web.plan_page import careers_of, lay_out_plan

        self.advisor, self.downloads = advisor, Downloads(folder)
        with gr.Blocks():
            self.parts = lay_out_plan(careers_of(advisor))

    def change(self, **fields: Any) -> dict[Any, Any]:
        from advisor.web.plan_page import Wishes, replanned

        wishes = Wishes(**{"career": "Baker"} | fields)
        return replanned(self.advisor, self.downloads, self.parts, wishes, today=TODAY)


@pytest.fixture
def form(advisor: ScriptedAdvisor, tmp_path: Path) -> Form:
    return Form(advisor, tmp_path)


def test_more_hours_per_week_end_the_plan_sooner_and_every_file_is_there(form: Form) -> None:
    ends = []
    for hours in (5, 10):
        update = form.change(hours_per_week=hours)
        ends.append(update[form.parts.summary].partition("done by ")[2][:10])
        files = {kind: Path(update[button].value["path"]) for kind, button in form.parts.files.items()}
        assert [path.suffix for path in files.values()] == [".md", ".ics", ".csv", ".json"]
        assert all(path.is_file() for path in files.values())
    assert ends == ["2027-03-28", "2027-01-24"]


def test_what_cannot_be_planned_is_one_line_and_takes_the_files_away(form: Form) -> None:
    update = form.change(start="soon")
    assert Tags(update[form.parts.summary]).text == "No plan. “Start” 'soon' is no date; write it like 2026-11-30"
    assert (update[form.parts.plan], update[form.parts.picture], update[form.parts.sources]) == ("", "", "")
    assert all(not update[button].interactive for button in form.parts.files.values())


def test_without_a_career_nothing_is_planned_and_nothing_wrong(form: Form) -> None:
    assert "Choose a career" in form.change(career=None)[form.parts.summary]


def test_an_unforeseen_error_shows_no_detail(form: Form, caplog: pytest.LogCaptureFixture) -> None:
    (form.downloads.folder / "file").write_text("a secret detail")
    form.downloads = Downloads(form.downloads.folder / "file")  # no folder, so nothing can be written there
    assert UNEXPECTED in form.change()[form.parts.summary]
    assert "a plan could not be made" in caplog.text


def test_blank_fields_ask_for_nothing_and_too_much_knowledge_is_refused() -> None:
    from advisor.web.plan_page import Wishes

    request = Wishes("Baker", known=" ", start="", by=None).request()
    assert (request.known, request.start, request.by, request.skip) == ((), None, None, ())
    with pytest.raises(UsageError, match="1001 characters"):
        Wishes("Baker", known="x" * 1001).request()


@pytest.mark.parametrize(
    ("profile", "fields"),
    [
        (Profile(), {}),
        (Profile("Baker", ("rye", "go"), 7.5, "EUR 50"),
         {"career": "Baker", "known": "rye, go", "hours_per_week": 7.5, "budget": "EUR 50"}),
        (Profile("Astronaut", hours_per_week=90, budget="0"), {"hours_per_week": 40, "free_only": True}),
        (Profile(hours_per_week=0.5), {"hours_per_week": 1}),
    ],
)  # fmt: skip
def test_the_fields_begin_with_the_profile(profile: Profile, fields: dict[str, Any]) -> None:
    from advisor.web.plan_page import Wishes, wishes_of

    assert wishes_of(profile, ["Baker"]) == Wishes(**{"career": None, "known": ""} | fields)


def test_a_budget_limits_the_plan_and_one_that_is_none_is_refused_by_its_label(form: Form) -> None:
    from advisor.web.plan_page import Wishes

    assert str(Wishes("Baker", budget=" EUR 50 ").request().budget) == "EUR 50"
    assert Wishes("Baker", budget=" ").request().budget is None
    assert "“Budget” 'much' is no amount" in Tags(form.change(budget="much")[form.parts.summary]).text


def test_the_items_that_can_be_left_out_are_those_of_the_whole_plan(advisor: ScriptedAdvisor, form: Form) -> None:
    from advisor.web.plan_page import items_of

    items = items_of(advisor, "Baker", today=TODAY)
    assert items == ["Kneading for everybody", "Kneading in short", "Project: a loaf", "Fire"]
    assert "in 3 steps" in form.change(skip=items[:1])[form.parts.summary]
    assert items_of(advisor, None, today=TODAY) == []


def test_a_box_ticked_for_the_career_before_is_no_error(advisor: ScriptedAdvisor, tmp_path: Path) -> None:
    import gradio as gr
    from gradio.state_holder import SessionState

    from advisor.web.plan_page import add_plan_page

    with gr.Blocks() as blocks:
        add_plan_page(advisor, Downloads(tmp_path), blocks)
    session = SessionState(blocks)

    def send(event: str, *fields: Any) -> str:
        """What the summary says after an event that a browser sends with these fields."""
        handler = next(one for one in blocks.fns.values() if one.name == event)
        outputs = asyncio.run(blocks.process_api(handler, list(fields), state=session))["data"]
        return Tags(outputs[0]).text

    rest = (8, "", "", "", False, "", 1)
    assert "in 4 steps" in send("change_career", "Baker", *rest, [])
    assert "in 3 steps" in send("change_field", "Baker", *rest, ["Project: a loaf"])
    assert "in 1 step" in send("change_career", "Miller", *rest, ["Project: a loaf"])
    assert "in 1 step" in send("change_field", "Miller", *rest, ["Project: a loaf"])


# --- files ----------------------------------------------------------------------------------------


def test_a_plan_is_written_in_every_format_where_nobody_can_guess_it(tmp_path: Path) -> None:
    plan = plan_of(BEEKEEPER)
    first, second = (Downloads(tmp_path).write(plan) for _ in range(2))
    assert first[PlanFormat.ICS].name == "beekeeper-plan.ics"
    assert first[PlanFormat.CSV].read_bytes().startswith(b"\xef\xbb\xbfweek,")
    assert first[PlanFormat.MD].parent != second[PlanFormat.MD].parent
    assert len(first[PlanFormat.MD].parent.name) >= 32


def test_files_are_gone_after_a_day(tmp_path: Path) -> None:
    downloads, plan = Downloads(tmp_path), plan_of(BEEKEEPER)
    old, young = (downloads.write(plan)[PlanFormat.MD].parent for _ in range(2))
    os.utime(old, (0, time.time() - KEPT_SECONDS - 60))
    downloads.write(plan)
    assert (old.exists(), young.exists()) == (False, True)


def test_the_server_hands_out_files_of_plans_and_no_others(advisor: ScriptedAdvisor, tmp_path: Path) -> None:
    with TestClient(create_app(advisor)) as client:
        folder = Path(os.environ["GRADIO_TEMP_DIR"])
        own = Downloads(folder).write(plan_of(BEEKEEPER))[PlanFormat.ICS]
        other = tmp_path / "other.ics"
        other.write_text("BEGIN:VCALENDAR")
        served = client.get(f"/gradio_api/file={own}")
        assert (served.status_code, served.content) == (200, own.read_bytes())
        assert served.headers["content-disposition"].startswith("attachment")
        for wanted in (other, f"{folder}/../{other.name}", f"{folder}x/a", "https://example.org/", "//example.org"):
            for route in ("file=", "file/", "proxy="):
                assert client.get(f"/gradio_api/{route}{wanted}").status_code in {403, 404}
    assert not folder.exists()


def test_every_page_has_an_address_and_asking_is_the_only_public_endpoint(advisor: ScriptedAdvisor) -> None:
    with TestClient(create_app(advisor)) as client:
        paths = ("/", "/plan", "/roadmaps", "/compare", "/about", "/maintain")
        assert [client.get(path).status_code for path in paths] == [200] * len(paths)
        assert client.get("/gradio_api/info").json()["named_endpoints"].keys() == {"/ask"}


# --- comparison -----------------------------------------------------------------------------------


def test_a_comparison_is_a_table_whose_marks_lead_to_its_sources(advisor: ScriptedAdvisor) -> None:
    from advisor.web.compare_page import compared

    shown, sources = compared(advisor, ["Baker", "Miller"])
    table, cards = Tags(shown), Tags(sources)
    assert "A baker makes bread | and rolls." in table.text
    assert "not on its page" in table.text
    marks = {str(a["href"]) for a in table.of("a") if a.get("class") == "ca-cite"}
    assert marks == {f"#{one['id']}" for one in cards.of("div") if "id" in one}


def test_one_career_is_no_comparison_and_an_unknown_one_a_line(advisor: ScriptedAdvisor) -> None:
    from advisor.web.compare_page import compared

    assert "Choose two to four careers" in compared(advisor, ["Baker"])[0]
    assert "no document is about the career" in compared(advisor, ["Baker", "Astronaut"])[0]


def test_a_fifth_career_is_not_passed_over_in_silence(advisor: ScriptedAdvisor) -> None:
    from advisor.web.compare_page import compared

    shown, sources = compared(advisor, ["Baker", "Miller", "Smith", "Cooper", "Tanner"])
    assert "Four careers at most" in shown
    assert not sources


# --- about ----------------------------------------------------------------------------------------


def test_about_tells_the_figures_the_models_and_the_limits(advisor: ScriptedAdvisor) -> None:
    from advisor.web.about_page import about_markdown

    figure = ReportFigure("Test: 10 questions", "wholly right", "40.0 %", "20.0 to 60.0")
    report = LatestReport("2026-11-21-x.md", "Ten questions", (figure,))
    text = about_markdown(advisor, figures_of(library().documents), report)
    assert "| Pages | 2: 2 careers, 0 guides; " in text
    assert "`TinyEmbedder`" in text
    assert "`TinyWriter-1` rewords extracts" in text
    assert "| wholly right | 40.0 % (20.0 to 60.0) |" in text
    assert "What this adviser cannot know" in text
    assert "How well it answers" not in about_markdown(advisor, figures_of(()), None)


def test_figures_of_documents_are_those_of_their_folder(corpus_dir: Path) -> None:
    assert figures_of(read_corpus(corpus_dir).documents) == corpus_figures(corpus_dir)


def test_the_newest_report_that_measures_answers_is_read(tmp_path: Path) -> None:
    rows = "## Dev: 4 questions\n\n| figure | mean | 95 % interval | questions |\n|---|---|---|---|\n"
    (tmp_path / "2026-01-01-a.md").write_text(f"# Old\n\n{rows}| wholly right | 10.0 % | 0.0 to 20.0 | 4 |\n")
    (tmp_path / "2026-01-02-b.md").write_text(f"# New\n\n{rows}| wholly right | 50.0 % | 10.0 to 90.0 | 4 |\n")
    (tmp_path / "2026-01-03-c.md").write_text("# Plans\n\n| career | items |\n")
    (tmp_path / "2026-01-04-d.md").write_bytes(b"\xff\xfe\xff")
    figure = ReportFigure("Dev: 4 questions", "wholly right", "50.0 %", "10.0 to 90.0")
    assert read_latest(tmp_path) == LatestReport("2026-01-02-b.md", "New", (figure,))


def test_without_reports_there_is_no_newest(tmp_path: Path) -> None:
    assert read_latest(tmp_path / "none") is None
