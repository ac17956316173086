"""The pages for a plan, a comparison and what the adviser stands on, in a real Chromium."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_browser import FLAGS, Server, Visit, browser, expect, pytestmark, server, watch

assert browser  # fixtures and marks of the other browser tests; named here so that they count as used
assert server
assert pytestmark
assert FLAGS

Open = Callable[..., Visit]


@pytest.fixture
def open_page(browser: "object", server: Server) -> Iterator[Open]:
    """Opens one of the pages; at the end nobody may have complained or asked a foreign host."""
    visits: list[Visit] = []

    def open_one(path: str, **options: object) -> Visit:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        visit = Visit(context.new_page())
        watch(visit, server)
        visit.page.goto(server.url + path)
        expect(visit.page.get_by_role("navigation").get_by_role("link")).to_have_text(
            ["Ask", "Plan", "Roadmaps", "Compare", "About", "Maintain"]
        )
        visits.append(visit)
        return visit

    yield open_one
    for one in visits:
        one.page.context.close()
    assert [complaint for one in visits for complaint in one.complaints] == []


def choose(one: Visit, label: str, career: str) -> None:
    one.pick(one.page.get_by_label(label, exact=True), career)


def summary(one: Visit) -> "object":
    return one.page.locator("#ca-plan-summary")


def test_a_career_gets_a_plan_with_its_picture_and_sources(open_page: Open) -> None:
    one = open_page("plan")
    expect(summary(one)).to_contain_text("Choose a career")
    expect(one.button("Calendar (.ics)")).to_be_disabled()
    choose(one, "Career", "Baker")
    expect(summary(one)).to_contain_text("8 hours per week from ")
    expect(one.page.locator(".ca-timeline rect")).to_have_count(2)
    expect(one.page.locator("#ca-plan-text")).to_contain_text("Kneading for everybody: 10 h")
    one.picture("plan")
    source = one.page.locator("#source-plan-2")
    expect(source).not_to_be_visible()
    one.page.locator("#ca-plan-text").get_by_role("link", name="[2]").first.click()
    expect(source).to_be_in_viewport()
    assert one.page.url.endswith("/plan#source-plan-2")
    source.locator("a.ca-number").click()
    expect(summary(one)).to_be_in_viewport()


def test_every_field_changes_the_plan_at_once(open_page: Open) -> None:
    one = open_page("plan")
    choose(one, "Career", "Baker")
    expect(summary(one)).to_contain_text("12 weeks")
    one.page.get_by_role("slider").first.focus()
    one.page.keyboard.press("ArrowRight")
    one.page.keyboard.press("ArrowRight")
    expect(summary(one)).to_contain_text("10 hours per week")
    expect(summary(one)).to_contain_text("9 weeks")
    one.page.get_by_label("Start", exact=True).fill("2027-01-04")
    expect(summary(one)).to_contain_text("done by 2027-03-07")
    one.page.get_by_label("Only what is free").check()
    expect(summary(one)).to_contain_text("in 3 steps")
    one.page.get_by_role("button", name="Leave items out").click()
    one.page.get_by_label("Project: a loaf").check()
    expect(summary(one)).to_contain_text("in 2 steps")
    one.page.get_by_label("What I know already").fill("Kneading in short")
    expect(one.page.locator("#ca-plan-text")).to_contain_text("☑ Kneading in short")
    choose(one, "Career", "Miller")
    expect(summary(one)).to_contain_text("in 1 step")
    expect(one.page.locator("#ca-plan-skip input:checked")).to_have_count(0)
    expect(one.page.get_by_label("Writing for millers")).to_be_visible()


def test_a_date_that_cannot_be_met_is_one_line_and_takes_the_files_away(open_page: Open) -> None:
    one = open_page("plan")
    choose(one, "Career", "Baker")
    expect(one.button("Markdown (.md)")).to_be_enabled()
    one.page.get_by_label("To be done by").fill("2020-01-01")
    expect(summary(one)).to_contain_text("No plan. “To be done by” 2020-01-01 is not in the future")
    expect(one.button("Markdown (.md)")).to_be_disabled()
    one.page.get_by_label("To be done by").fill("2199-01-01")
    expect(one.page.locator("#ca-plan-text")).to_contain_text("To be done by 2199-01-01: it fits")


@pytest.mark.parametrize(
    ("button", "start"), [("Calendar (.ics)", "BEGIN:VCALENDAR"), ("Spreadsheet (.csv)", "\ufeffweek,starts,ends,")]
)
def test_a_plan_can_be_taken_along(open_page: Open, button: str, start: str) -> None:
    one = open_page("plan")
    choose(one, "Career", "Baker")
    expect(one.button(button)).to_be_enabled()
    with one.page.expect_download() as download:
        one.button(button).click()
    assert re.fullmatch(r"baker-plan\.(ics|csv)", download.value.suggested_filename)
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith(start)


def test_two_careers_are_compared_in_a_table_with_sources(open_page: Open) -> None:
    one = open_page("compare")
    table = one.page.locator("#ca-compare-table")
    choose(one, "Careers", "Baker")
    expect(table).to_contain_text("Choose two to four careers")
    choose(one, "Careers", "Miller")
    expect(table.locator("thead th")).to_have_text(["", "Baker", "Miller"])
    expect(table).to_contain_text("A miller grinds corn.")
    one.page.keyboard.press("Escape")
    one.picture("compare")
    table.get_by_role("link", name="[2]").first.click()
    expect(one.page.locator("#source-compare-2")).to_be_in_viewport()


def test_about_tells_what_it_stands_on(open_page: Open) -> None:
    one = open_page("about")
    about = one.page.locator("#ca-about")
    expect(about).to_contain_text("2: 2 careers, 0 guides")
    expect(about).to_contain_text("TinyWriter-1")
    expect(about).to_contain_text("What this adviser cannot know")
    one.picture("about")


def test_the_links_lead_from_page_to_page_by_keyboard(open_page: Open) -> None:
    one = open_page("about")
    with one.leaving():
        one.page.get_by_role("link", name="Plan").focus()
        one.page.keyboard.press("Enter")
        expect(one.page.get_by_role("heading", level=1)).to_have_text("Study plan")
        expect(one.page.get_by_role("link", name="Plan")).to_have_attribute("aria-current", "page")
    with one.leaving():
        one.page.get_by_role("link", name="Ask").click()
        expect(one.page.get_by_label("Your question")).to_be_enabled()


@pytest.mark.parametrize("path", ["plan", "compare", "about"])
def test_on_a_phone_nothing_is_wider_than_the_screen(open_page: Open, path: str) -> None:
    one = open_page(path, has_touch=True, viewport={"width": 390, "height": 780})
    if path == "plan":
        choose(one, "Career", "Baker")
        expect(one.page.locator(".ca-timeline rect")).to_have_count(2)
    if path == "compare":
        choose(one, "Careers", "Baker")
        choose(one, "Careers", "Miller")
        expect(one.page.locator("#ca-compare-table table")).to_be_visible()
    for link in one.page.get_by_role("navigation").get_by_role("link").all():
        expect(link).to_be_in_viewport(ratio=1)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 390
    one.picture(f"phone-{path}")


def test_every_control_of_a_plan_has_a_name(open_page: Open) -> None:
    one = open_page("plan", color_scheme="dark")
    choose(one, "Career", "Baker")
    expect(one.button("JSON (.json)")).to_be_enabled()
    one.picture("dark-plan")
    is_unnamed = "!e.innerText.trim() && !e.ariaLabel && !e.title && !e.labels?.length"
    unnamed = f"es => es.filter(e => {is_unnamed}).map(e => e.outerHTML)"
    assert one.page.locator("#ca-plan :is(button, input):visible").evaluate_all(unnamed) == []
