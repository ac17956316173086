"""What every page says while something is amiss, in a real Chromium: a writer that breaks down."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_browser import FLAGS, Server, Visit, browser, expect, pytestmark, watch

assert browser  # fixtures and marks of the other browser tests; named here so that they count as used
assert pytestmark
assert FLAGS

OTHER_PAGES = ("plan", "roadmaps", "compare", "about", "maintain")


@pytest.fixture
def amiss(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "c.db")
    command = [sys.executable, str(Path(__file__).with_name("amiss_server.py")), str(server.database)]
    server.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:(\d+)", server.process.stdout.readline())
    assert found, "the page did not start: run the command by hand to see why"
    server.port = int(found[1])
    yield server
    server.stop()


def banner(one: Visit) -> "object":
    return one.page.locator(".ca-banner")


def test_a_writer_that_breaks_down_is_told_on_every_page_with_the_cure_and_nothing_before(
    browser: "object", amiss: Server
) -> None:
    one = Visit(browser.new_context(viewport={"width": 1280, "height": 800}).new_page())
    watch(one, amiss)
    one.page.goto(amiss.url)
    expect(one.page.get_by_label("Your question")).to_be_enabled()
    expect(banner(one)).to_have_count(0)
    one.ask("How long is phase 1?")
    expect(one.log).to_contain_text("6 weeks")
    expect(banner(one)).to_contain_text("Answers are plainer or older than they could be.")
    expect(banner(one)).to_contain_text("ran out of ink; pull another")
    expect(one.page.locator("#ca-talk").get_by_role("status").filter(has_text="ran out of ink")).to_be_visible()
    expect(one.page.get_by_label("Your question")).to_be_in_viewport(ratio=1)
    one.picture("amiss")
    for path in OTHER_PAGES:
        with one.leaving():
            one.page.goto(amiss.url + path)
            expect(banner(one)).to_contain_text("ran out of ink; pull another")
            expect(one.page.locator(".ca-amiss .ca-banner")).to_be_in_viewport(ratio=1)
        if path == "plan":
            one.picture("amiss-plan")
    one.page.set_viewport_size({"width": 390, "height": 780})
    with one.leaving():
        one.page.goto(amiss.url)
        expect(banner(one)).to_be_visible()
        expect(one.page.get_by_label("Your question")).to_be_in_viewport(ratio=1)
    one.picture("amiss-phone")
    one.page.context.close()
    assert one.complaints == []


def test_a_stranger_reads_that_something_is_amiss_and_no_reason(browser: "object", amiss: Server) -> None:
    headers = {"X-Forwarded-For": "10.1.1.1"}
    one = Visit(browser.new_context(extra_http_headers=headers).new_page())
    watch(one, amiss)
    one.page.goto(amiss.url)
    expect(one.page.get_by_label("Your question")).to_be_enabled()
    one.ask("How long is phase 1?")
    expect(banner(one)).to_contain_text("Answers are plainer or older")
    expect(banner(one)).to_contain_text("advisor doctor")
    expect(banner(one)).not_to_contain_text("ink")
    one.page.context.close()
    assert one.complaints == []
