"""The page in a real Chromium, with a scripted advisor behind it.

The browser is Chromium or Chrome of the system, or the one named by ADVISOR_CHROMIUM. With ADVISOR_SCREENSHOTS set to a
folder, some tests leave pictures there for a person to look at.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from advisor.memory import open_conversations

sync_api = pytest.importorskip("playwright.sync_api")
Browser, Page, expect = sync_api.Browser, sync_api.Page, sync_api.expect

CHROMIUM = os.environ.get("ADVISOR_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
CUT_OFF = ("AbortError", "Connection errored out")  # what Gradio's script says of requests that leaving a page ends

# The page's own load takes as long as on a busy machine.
SLOW_FIRST_EVENT = """
let held = false;
const { fetch } = window;
window.fetch = async (target, options) => {
  if (!held && String(target.url ?? target).includes("queue/join")) {
    held = true;
    await new Promise((done) => setTimeout(done, 1500));
    setTimeout(() => { document.documentElement.dataset.settled = ""; }, 500);
  }
  return fetch(target, options);
};
"""

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: install chromium, or name one with ADVISOR_CHROMIUM"),
]


@dataclass
class Server:
    """A page in its own process; `start` again serves the same conversations at the same address."""

    database: Path
    port: int = 0
    process: "subprocess.Popen[str] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        command = [sys.executable, str(Path(__file__).with_name("page_server.py")), str(self.database), str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        assert found, "the page did not start: run the command by hand to see why"
        self.port = int(found[1])

    def stop(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()


@dataclass
class Visit:
    """A tab of one browser profile, with everything it complained about."""

    page: "Page"
    complaints: list[str] = field(default_factory=list)

    def wait_until_known(self) -> None:
        """Until the browser holds the name that owns its conversations."""
        for _ in range(100):
            if self.page.evaluate("localStorage.getItem('career-advisor-owner')"):
                return
            time.sleep(0.05)
        pytest.fail("the page gave this browser no owner within five seconds")

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Within, the page is left for another, which may cut requests off; any other complaint still counts."""
        before = len(self.complaints)
        yield
        meanwhile = self.complaints[before:]
        self.complaints[before:] = [one for one in meanwhile if not any(words in one for words in CUT_OFF)]

    def reload(self) -> None:
        with self.leaving():
            self.page.reload()

    def ask(self, question: str) -> None:
        box = self.page.get_by_label("Your question")
        box.fill(question)
        box.press("Enter")

    def pick(self, box: "sync_api.Locator", choice: str) -> None:
        """Choose from a list as with a mouse: Enter takes what is marked, which may not yet be what was typed."""
        box.click()
        box.fill(choice)
        self.page.get_by_role("option", name=choice, exact=True).click()

    @property
    def log(self) -> "sync_api.Locator":
        return self.page.get_by_role("log")

    @property
    def sources(self) -> "sync_api.Locator":
        return self.page.locator("#ca-sources")

    def button(self, name: str) -> "sync_api.Locator":
        return self.page.get_by_role("button", name=name, exact=True)

    def picture(self, name: str) -> None:
        if folder := os.environ.get("ADVISOR_SCREENSHOTS"):
            time.sleep(0.4)  # transitions of colours
            self.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("page") / "c.db")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: "Browser", server: Server) -> Iterator[Callable[..., Visit]]:
    """Opens the page as a new person; at the end nobody may have complained or asked a foreign host."""
    visits: list[Visit] = []

    def open_page(**options: object) -> Visit:
        visit = Visit(browser.new_context(viewport={"width": 1280, "height": 800}, **options).new_page())
        watch(visit, server)
        visit.page.goto(server.url)
        expect(visit.page.get_by_label("Your question")).to_be_visible()
        expect(visit.button("Data analyst or data scientist?")).to_be_visible()
        visit.wait_until_known()
        visits.append(visit)
        return visit

    yield open_page
    for one in visits:
        one.page.context.close()
    assert [complaint for one in visits for complaint in one.complaints] == []


def watch(visit: Visit, server: Server) -> None:
    def on_request(request: "sync_api.Request") -> None:
        url = urlsplit(request.url)
        if url.scheme in {"http", "https"} and url.netloc != f"127.0.0.1:{server.port}":
            visit.complaints.append(f"foreign request: {request.url}")

    def on_console(message: "sync_api.ConsoleMessage") -> None:
        if message.type == "error":
            visit.complaints.append(f"console: {message.text}")

    visit.page.on("request", on_request)
    visit.page.on("console", on_console)
    visit.page.on("pageerror", lambda error: visit.complaints.append(f"page error: {error}"))


def test_a_question_gets_a_cited_answer_and_its_sources_with_the_words_marked(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.picture("start")
    one.ask("How do I become an AI/ML engineer?")
    expect(one.log.get_by_text("Wording the answer…")).to_be_visible()
    expect(one.log).to_contain_text("Extract from the roadmaps")
    one.picture("wording")
    expect(one.log).to_contain_text("Worded by TinyWriter-1, checked against the sources")
    expect(one.log.get_by_text("Wording the answer…")).to_have_count(0)
    expect(one.log.locator("ol > li")).to_have_count(3)
    expect(one.sources.locator("mark")).to_have_text(
        ["about 4-5 months at 10 hours a week", "Deep learning · 12 weeks"]
    )
    expect(one.sources).to_contain_text("Phase 2: Advanced machine learning › page 3")
    expect(one.sources.get_by_role("link", name="example.org")).to_have_attribute("href", "https://example.org/roadmap")
    expect(one.page.get_by_label("Your question")).to_have_value("")
    one.picture("answer")


def test_a_mark_shows_its_source_also_in_an_earlier_answer_and_leads_back(
    visit: Callable[..., Visit],
) -> None:
    one = visit()
    one.ask("How do I become one?")
    expect(one.log).to_contain_text("Worded by")
    one.ask("How long?")
    expect(one.sources.locator("details")).to_have_count(2)
    expect(one.page.locator("#source-1-2")).not_to_be_visible()
    one.log.get_by_role("button", name="Source [2]").first.click()
    expect(one.log.get_by_role("region", name="Source 2")).to_be_in_viewport()
    expect(one.page.locator("#source-1-2")).to_be_in_viewport()
    one.page.locator("#source-1-2 a.ca-number").click()
    expect(one.page.locator("#answer-1")).to_be_in_viewport()


def test_stop_ends_the_draft_and_the_extract_stands(visit: Callable[..., Visit]) -> None:
    one = visit()
    for stops in (1, 2, 3):
        expect(one.button("Stop")).to_be_disabled()
        one.ask("How long, slow?")
        expect(one.log.get_by_text("word5")).to_be_visible()
        one.button("Stop").click()
        expect(one.log.get_by_text("Stopped: this is what the roadmaps say.")).to_have_count(stops)
        expect(one.button("Ask")).to_be_enabled()
        expect(one.log.get_by_text("About 4–5 months at 10 hours a week")).to_have_count(stops)
        expect(one.log.get_by_text("Wording the answer…")).to_have_count(0)


def test_retry_asks_again_in_place_of_the_answer(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.ask("How long, slow?")
    expect(one.log.get_by_text("word3")).to_be_visible()
    one.button("Stop").click()
    expect(one.log).to_contain_text("Stopped")
    one.button("Retry").click()
    expect(one.log.get_by_text("word3")).to_be_visible()
    expect(one.log).not_to_contain_text("Stopped")
    expect(one.log.get_by_test_id("user")).to_have_count(1)
    one.button("Stop").click()
    expect(one.button("Ask")).to_be_enabled()
    one.ask("How long?")
    expect(one.log).to_contain_text("Worded by")
    one.button("Retry").click()
    expect(one.log.get_by_text("Wording the answer…")).to_be_visible()
    expect(one.log).to_contain_text("Worded by")
    one.reload()
    expect(one.log.get_by_test_id("user")).to_have_text(["How long, slow?", "How long?"])


def test_a_question_typed_the_moment_the_page_stands_is_asked(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.add_init_script(SLOW_FIRST_EVENT)
    for asked in range(1, 4):
        one.reload()
        one.ask("How long?")  # waits for an open box, and for nothing else
        expect(one.page.locator("html[data-settled]")).to_have_count(1)
        expect(one.log.get_by_test_id("user")).to_have_count(asked)
        expect(one.button("Stop")).to_be_disabled()


def test_the_cursor_stands_in_the_box_once_it_opens(visit: Callable[..., Visit]) -> None:
    expect(visit().page.get_by_label("Your question")).to_be_focused()


def test_a_starter_question_is_asked_with_one_click(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.button("How long is phase 1 of the AI/ML engineer roadmap?").click()
    expect(one.log).to_contain_text("About 4–5 months")
    expect(one.button("Data analyst or data scientist?")).to_have_count(0)


def test_a_refusal_a_question_back_and_an_error_look_different(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.ask("What does a data engineer earn in Oslo?")
    expect(one.log.locator(".ca-refused")).to_contain_text("These roadmaps give no salaries for Norway.")
    one.ask("How long will it take me?")
    expect(one.log.locator(".ca-clarify")).to_contain_text("For which career?")
    one.ask("broken")
    error = one.log.locator(".ca-error")
    expect(error).to_contain_text("Something went wrong inside the advisor")
    expect(one.log).not_to_contain_text("secret")
    expect(one.page.get_by_label("Your question")).to_have_value("broken")
    looks = [one.log.locator(name).evaluate("e => getComputedStyle(e).backgroundColor") for name in
             (".ca-refused", ".ca-clarify", ".ca-error")]  # fmt: skip
    assert len(set(looks)) == 3
    one.picture("refusal-and-error")


def test_a_question_that_is_too_long_is_one_clear_line_and_stays_in_the_box(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.ask("long " * 500)
    expect(one.log.locator(".ca-error")).to_contain_text("ask in 2000 or fewer")
    expect(one.page.get_by_label("Your question")).to_have_value("long " * 500)
    one.ask("How long?")
    expect(one.log).to_contain_text("About 4–5 months")


def test_a_comparison_is_a_table(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.ask("Data analyst or data scientist?")
    expect(one.log).to_contain_text("Worded by")
    expect(one.log.locator("table tr")).to_have_count(4)
    one.picture("comparison")


def test_nothing_in_a_hostile_answer_runs_or_is_fetched(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.ask("hostile <img src=x onerror='window.__xss=1'>")
    expect(one.log).to_contain_text("<script>window.__xss=1</script>")
    time.sleep(0.5)
    assert one.page.evaluate("window.__xss") is None
    assert one.page.locator("#ca-main form, #ca-chat img, #ca-sources img").count() == 0
    assert one.page.locator("a[href^='javascript']").count() == 0


def test_two_people_do_not_see_each_others_conversations(visit: Callable[..., Visit]) -> None:
    one, other = visit(), visit()
    one.ask("How long does it take?")
    expect(one.page.locator(".ca-open")).to_have_text(["How long does it take?"])
    other.ask("What does one earn in Oslo?")
    expect(other.page.locator(".ca-open")).to_have_text(["What does one earn in Oslo?"])
    for person, theirs in ((one, "Oslo"), (other, "How long does it take")):
        person.reload()
        expect(person.page.locator(".ca-open")).to_have_count(1)
        expect(person.page.locator("body")).not_to_contain_text(theirs)


def test_past_conversations_can_be_opened_and_deleted(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.ask("How long?")
    expect(one.page.locator(".ca-open")).to_have_count(1)
    one.button("New conversation").click()
    expect(one.button("Data analyst or data scientist?")).to_be_visible()
    one.ask("Salary in Oslo?")
    expect(one.page.locator(".ca-open")).to_have_text(["Salary in Oslo?", "How long?"])
    one.button("How long?").click()
    expect(one.log).to_contain_text("About 4–5 months")
    expect(one.sources.locator("mark")).to_have_count(1)
    row = one.page.locator(".ca-past", has_text="Salary in Oslo?")
    row.hover()
    row.get_by_role("button", name="Delete").click()
    one.picture("delete")
    one.button("Keep").click()
    expect(one.page.locator(".ca-open")).to_have_count(2)
    row.hover()
    row.get_by_role("button", name="Delete").click()
    one.page.locator(".ca-past", has_text="Delete it?").get_by_role("button", name="Delete").click()
    expect(one.page.locator(".ca-open")).to_have_text(["How long?"])
    expect(one.log).to_contain_text("About 4–5 months")
    one.button("Clear").click()
    expect(one.page.locator(".ca-open")).to_have_count(0)
    expect(one.button("Data analyst or data scientist?")).to_be_visible()


def test_a_button_of_the_list_pressed_while_the_list_is_drawn_anew_does_what_it_says(
    visit: Callable[..., Visit],
) -> None:
    one = visit()
    for question in ("How long?", "Salary in Oslo?"):
        one.ask(question)
        expect(one.page.locator(".ca-open").first).to_have_text(question)
        one.button("New conversation").click()
        expect(one.button("Data analyst or data scientist?")).to_be_visible()
    for milliseconds in range(0, 60, 10):  # the drawing that the first press starts comes within some fifty
        opened, other = ("How long?", "Salary in Oslo?") if milliseconds % 20 else ("Salary in Oslo?", "How long?")
        one.button(opened).click()
        time.sleep(milliseconds / 1000)
        row = one.page.locator(".ca-past", has_text=other)
        row.hover()
        row.get_by_role("button", name="Delete").click()
        one.button("Keep").click()
        expect(one.button("Keep")).to_have_count(0)


def test_opening_another_conversation_while_one_is_answered_stops_it(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.ask("How long?")
    expect(one.page.locator(".ca-open")).to_have_count(1)
    one.button("New conversation").click()
    expect(one.button("Data analyst or data scientist?")).to_be_visible()
    one.ask("How long, slow?")
    expect(one.log.get_by_text("word5")).to_be_visible()
    one.button("How long?").click()
    expect(one.log).to_contain_text("Worded by")
    expect(one.log).not_to_contain_text("slow")
    one.ask("Salary in Oslo?")
    expect(one.log.locator(".ca-refused")).to_be_visible()
    expect(one.log.get_by_test_id("user")).to_have_count(2)


def expect_feedback(server: Server, question: str, *expected: tuple[str, str]) -> None:
    """Until the store holds exactly these thumbs and reasons for the question."""
    found: list[tuple[str, str]] = []
    for _ in range(200):
        with open_conversations(server.database) as conversations:
            rated = conversations.all_feedback()
        found = [(str(r.feedback.thumb), r.feedback.reason) for r in rated if r.turn.question == question]
        if found == list(expected):
            return
        time.sleep(0.1)
    assert found == list(expected)


def test_a_thumb_down_with_its_reason_is_kept_and_still_marked_after_a_reload(
    visit: Callable[..., Visit], server: Server
) -> None:
    one = visit()
    question = "Which certificate, thumbed down?"
    one.ask(question)
    expect(one.log).to_contain_text("Wording the answer…")
    expect(one.button("Dislike")).not_to_be_visible()
    expect(one.log).to_contain_text("Worded by")
    one.button("Dislike").focus()
    one.page.keyboard.press("Enter")
    expect(one.page.get_by_label("Wrong", exact=True)).to_be_focused()
    one.page.keyboard.press("Space")
    one.page.get_by_label("Source does not say it").check()
    one.picture("what-was-wrong")
    words = one.page.get_by_label("In your own words, if you like")
    words.fill("It is 6 weeks")
    one.button("Send").click()
    expect(words).to_have_count(0)
    expect(one.button("Disliked")).to_be_focused()
    expect_feedback(server, question, ("down", "Wrong; Source does not say it; It is 6 weeks"))
    one.reload()
    expect(one.button("Disliked")).to_be_visible()
    expect(words).to_have_count(0)
    one.picture("disliked")


def test_on_a_phone_a_thumb_can_be_pressed_left_without_a_reason_and_let_go(
    visit: Callable[..., Visit], server: Server
) -> None:
    one = visit(has_touch=True)
    question = "Which certificate, let go?"
    one.page.set_viewport_size({"width": 390, "height": 780})
    one.reload()
    expect(one.button("New conversation")).not_to_be_in_viewport()
    one.ask(question)
    expect(one.log).to_contain_text("Worded by")
    one.ask("broken")
    expect(one.log.locator(".ca-error")).to_be_visible()
    expect(one.page.locator(".message-buttons:visible")).to_have_count(1)  # none below the error
    one.button("Dislike").first.tap()
    expect(one.button("Send")).to_be_in_viewport()
    expect(one.button("Ask")).to_be_in_viewport()
    one.picture("phone-what-was-wrong")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 390
    one.button("Not now").tap()
    expect(one.button("Send")).to_have_count(0)
    expect_feedback(server, question, ("down", ""))
    one.button("Like").first.tap()
    expect_feedback(server, question, ("up", ""))
    expect(one.button("Disliked")).to_have_count(0)
    expect(one.button("Ask")).to_be_enabled()
    one.button("Liked").tap()
    expect_feedback(server, question)
    expect(one.button("Liked")).to_have_count(0)


def test_a_reload_and_a_restart_keep_the_conversation(browser: "Browser", server: Server) -> None:
    one = Visit(browser.new_page())
    one.page.goto(server.url)
    one.wait_until_known()
    one.ask("How long?")
    expect(one.page.locator(".ca-open")).to_have_text(["How long?"])
    one.reload()
    expect(one.log).to_contain_text("About 4–5 months")
    one.page.goto("about:blank")
    server.stop()
    server.start()
    one.page.goto(server.url)
    expect(one.log).to_contain_text("About 4–5 months")
    expect(one.sources.locator("mark")).to_have_count(1)
    one.ask("Salary in Oslo?")
    expect(one.log.locator(".ca-refused")).to_be_visible()
    expect(one.log.get_by_test_id("user")).to_have_text(["How long?", "Salary in Oslo?"])
    one.page.close()


def test_a_page_left_open_over_a_restart_says_what_to_do(browser: "Browser", server: Server) -> None:
    one = Visit(browser.new_page())
    one.page.goto(server.url)
    one.wait_until_known()
    one.ask("How long?")
    expect(one.page.locator(".ca-open")).to_have_text(["How long?"])
    expect(one.log).to_contain_text("Worded by")
    server.stop()
    server.start()
    one.button("How long?").click()
    expect(one.page.get_by_text("Load the page again; your conversations are kept.")).to_be_visible()
    one.picture("restarted")
    one.page.reload()
    one.button("How long?").click()
    expect(one.log).to_contain_text("About 4–5 months")
    one.page.close()


def test_a_phone_shows_the_conversation_first_and_the_sources_below(visit: Callable[..., Visit]) -> None:
    one = visit(has_touch=True)
    one.page.set_viewport_size({"width": 390, "height": 780})
    one.reload()
    expect(one.button("Data analyst or data scientist?")).to_be_in_viewport()
    expect(one.button("Ask")).to_be_in_viewport()
    expect(one.button("New conversation")).not_to_be_in_viewport()
    one.picture("phone-start")
    one.ask("How do I become an AI/ML engineer?")
    expect(one.log).to_contain_text("Worded by")
    one.picture("phone-answer")
    one.page.locator("#source-1-2").scroll_into_view_if_needed()
    one.picture("phone-sources")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_dark_page_is_readable(visit: Callable[..., Visit]) -> None:
    one = visit(color_scheme="dark")
    one.picture("dark-start")
    one.ask("How do I become an AI/ML engineer?")
    expect(one.log).to_contain_text("Worded by")
    one.picture("dark-answer")
    text, ground = one.page.evaluate(
        "() => ['color', 'backgroundColor'].map((name, n) => "
        "getComputedStyle(document.querySelector(n ? 'body' : '.ca-text')).getPropertyValue("
        "n ? 'background-color' : 'color').match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0))"
    )
    assert text > 550
    assert ground < 150


def test_the_page_can_be_used_by_ear_and_by_keyboard(visit: Callable[..., Visit]) -> None:
    one = visit()
    expect(one.page).to_have_title("Career Advisor")
    expect(one.page.get_by_role("heading", level=1)).to_have_text("Career Advisor")
    assert one.page.locator("html").get_attribute("lang")
    unnamed = "es => es.filter(e => !e.innerText.trim() && !e.ariaLabel && !e.title).map(e => e.outerHTML)"
    one.ask("How do I become one?")
    expect(one.log).to_contain_text("Worded by")
    assert [html for html in one.page.locator("button:visible").evaluate_all(unnamed) if "toggle" not in html] == []
    assert one.log.locator("[aria-label*='<div']").count() == 0
    one.log.get_by_role("button", name="Source [1]").first.focus()
    one.page.keyboard.press("Enter")
    expect(one.log.get_by_role("region", name="Source 1")).to_be_in_viewport()
