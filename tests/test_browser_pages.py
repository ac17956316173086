"""The pages of roadmaps and of maintenance, in a real Chromium."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from test_browser import FLAGS, Visit, browser, expect, pytestmark, server
from test_browser_plan import Open, open_page

assert browser  # fixtures and marks of the other browser tests; named here so that they count as used
assert server
assert open_page
assert pytestmark
assert FLAGS

ITEM = "Kneading for everybody"


def state(one: Visit, name: str, item: str = ITEM) -> "object":
    return one.page.get_by_role("group", name=item, exact=True).get_by_label(name, exact=True)


def standing(one: Visit) -> "object":
    return one.page.locator("#ca-roadmap-standing")


# --- roadmaps -------------------------------------------------------------------------------------


def test_a_career_is_chosen_from_the_list_and_stands_in_the_address(open_page: Open) -> None:
    one = open_page("roadmaps")
    expect(one.page.get_by_role("heading", level=1)).to_have_text("Roadmaps")
    one.picture("roadmaps")
    with one.leaving():
        one.page.get_by_role("link", name="Baker", exact=True).click()
        expect(one.page.get_by_role("heading", level=1)).to_have_text("Baker")
    assert urlsplit(one.page.url).query == "career=baker"
    expect(one.page.locator(".ca-step")).to_have_count(4)
    expect(one.page.locator(".ca-certificates")).to_contain_text("retired on 1 May 2024")
    daily = one.page.locator("details", has_text="Day-to-day work of a baker")
    expect(daily.get_by_text("Kneads dough")).not_to_be_visible()
    daily.locator("summary").click()
    expect(daily.get_by_text("Kneads dough")).to_be_visible()
    one.picture("roadmap")
    with one.leaving():
        one.page.get_by_role("link", name="All careers").click()
        expect(one.page.get_by_role("link", name="Miller", exact=True)).to_be_visible()


def test_a_mark_leads_to_its_source_and_back(open_page: Open) -> None:
    one = open_page("roadmaps?career=baker")
    one.page.locator(".ca-step").first.get_by_role("link", name="[").click()
    source = one.page.locator(".ca-source:target")
    expect(source).to_be_in_viewport()
    expect(source.locator("mark").first).to_contain_text(ITEM)
    source.locator("a.ca-number").click()
    expect(one.page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_a_tick_stands_after_a_reload_and_no_other_browser_sees_it(open_page: Open) -> None:
    one = open_page("roadmaps?career=baker")
    expect(standing(one)).to_contain_text("0 of 4 items done")
    expect(state(one, "To do")).to_be_checked()
    state(one, "Done").check()
    expect(standing(one)).to_contain_text("1 of 4 items done")
    state(one, "In progress", "Fire").check()
    expect(standing(one)).to_contain_text("1 of 4 items done, 1 in progress")
    one.reload()
    expect(standing(one)).to_contain_text("1 of 4 items done, 1 in progress")
    expect(state(one, "Done")).to_be_checked()
    expect(state(one, "In progress", "Fire")).to_be_checked()
    one.picture("roadmap-ticked")
    other = open_page("roadmaps?career=baker")
    expect(standing(other)).to_contain_text("0 of 4 items done")
    expect(state(other, "To do")).to_be_checked()
    state(one, "To do").check()
    expect(standing(one)).to_contain_text("0 of 4 items done, 1 in progress")
    one.reload()
    expect(state(one, "To do")).to_be_checked()


def test_the_owner_is_the_same_on_every_page(open_page: Open) -> None:
    one = open_page("roadmaps?career=baker")
    expect(standing(one)).to_contain_text("0 of 4 items done")
    state(one, "Done").check()
    expect(standing(one)).to_contain_text("1 of 4 items done")
    with one.leaving():
        one.page.get_by_role("navigation").get_by_role("link", name="Ask").click()
        expect(one.page.get_by_label("Your question")).to_be_enabled()
    with one.leaving():
        one.page.go_back()
        expect(standing(one)).to_contain_text("1 of 4 items done")


def test_the_link_beside_an_item_carries_the_question(open_page: Open) -> None:
    one = open_page("roadmaps?career=baker")
    link = one.page.locator(".ca-step").first.get_by_role("link", name="Ask about it")
    address = urlsplit(link.get_attribute("href"))
    assert address.path == "/"
    question = f"What does the baker roadmap say about {ITEM}?"
    assert parse_qs(address.query) == {"q": [question]}
    with one.leaving():
        link.click()
        expect(one.page.get_by_label("Your question")).to_have_value(question)


def test_an_unknown_career_is_one_line_above_the_list(open_page: Open) -> None:
    one = open_page("roadmaps?career=astronaut")
    expect(one.page.locator("#ca-roadmap")).to_contain_text("there is no career 'astronaut' in the index")
    expect(one.page.get_by_role("link", name="Baker", exact=True)).to_be_visible()


def test_a_tick_is_set_by_keyboard(open_page: Open) -> None:
    one = open_page("roadmaps?career=baker")
    state(one, "Done").focus()
    one.page.keyboard.press("Space")
    expect(standing(one)).to_contain_text("1 of 4 items done")


# --- maintenance ----------------------------------------------------------------------------------


def test_maintenance_tells_the_state_of_index_and_pages(open_page: Open) -> None:
    one = open_page("maintain")
    expect(one.page.locator("#ca-index")).to_contain_text("yes, every byte is as it was written")
    expect(one.page.locator("#ca-index")).to_contain_text("hashing, 256 dimensions")
    expect(one.page.locator("#ca-changes")).to_contain_text("Nothing has changed since the build: 2 pages.")
    expect(one.page.locator("#ca-findings")).to_contain_text("baker.md:")
    one.picture("maintain")


def test_a_search_test_shows_passages_and_the_gate(open_page: Open) -> None:
    one = open_page("maintain")
    box = one.page.get_by_label("Question to search for")
    box.fill("How long is phase 1?")
    box.press("Enter")
    found = one.page.locator("#ca-found")
    expect(found.locator("li")).to_have_count(8)
    expect(found).to_contain_text("dense 1.000 · lexical 1.00 · fused 1.000")
    expect(found).to_contain_text("against -0.40")
    found.scroll_into_view_if_needed()
    one.picture("maintain-search")


def test_a_rebuild_tells_its_end(open_page: Open) -> None:
    one = open_page("maintain")
    one.page.get_by_label("Embed everything anew").check()
    one.button("Rebuild").click()
    expect(one.page.locator("#ca-work")).to_contain_text("16 passages, 16 embedded, 0 reused.")
    expect(one.button("Rebuild")).to_be_enabled()
    expect(one.button("Cancel")).not_to_be_visible()
    one.picture("maintain-rebuilt")


def test_a_thumb_becomes_an_evaluation_case(open_page: Open) -> None:
    one = open_page("maintain")
    with one.leaving():
        one.page.get_by_role("navigation").get_by_role("link", name="Ask").click()
        expect(one.page.get_by_label("Your question")).to_be_enabled()
    one.ask("How long does it take to rate this?")
    expect(one.log).to_contain_text("Worded by")
    one.page.get_by_role("button", name="Dislike").click()
    expect(one.page.locator("#ca-words")).to_be_visible()
    with one.leaving():
        one.page.get_by_role("navigation").get_by_role("link", name="Maintain").click()
        expect(one.page.locator("#ca-feedback")).to_contain_text("How long does it take to rate this?")
    one.page.get_by_label("Make it an evaluation case").click()
    one.page.get_by_role("option").first.click()
    case = one.page.locator("#ca-case textarea")
    expect(case).to_have_value(re.compile(r'^\{"id": "draft-[0-9a-f]{12}".*How long does it take to rate this\?'))


# --- on a phone, and by ear -----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["roadmaps", "roadmaps?career=baker", "maintain"])
def test_on_a_phone_nothing_is_wider_than_the_screen(open_page: Open, path: str) -> None:
    one = open_page(path, has_touch=True, viewport={"width": 390, "height": 780}, color_scheme="dark")
    if path == "maintain":
        expect(one.page.locator("#ca-findings")).to_contain_text("baker.md:")
        one.page.get_by_label("Question to search for").fill("How long is phase 1?")
        one.button("Search").click()
        expect(one.page.locator("#ca-found li")).to_have_count(8)
    elif "career" in path:
        expect(one.page.locator(".ca-step")).to_have_count(4)
        expect(state(one, "Skipped")).to_be_enabled()
    else:
        expect(one.page.get_by_role("link", name="Miller", exact=True)).to_be_visible()
    one.page.evaluate("scrollTo(0, 0)")
    for link in one.page.get_by_role("navigation").get_by_role("link").all():
        expect(link).to_be_in_viewport(ratio=1)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 390
    one.picture(f"phone-{path.partition('?')[0]}{'-one' if '?' in path else ''}")


@pytest.mark.parametrize("path", ["roadmaps?career=baker", "maintain"])
def test_every_control_has_a_name(open_page: Open, path: str) -> None:
    one = open_page(path, color_scheme="dark")
    if path == "maintain":
        expect(one.page.locator("#ca-findings")).to_contain_text("baker.md:")
    else:
        expect(one.page.locator(".ca-step")).to_have_count(4)
    one.picture(f"dark-{path.partition('?')[0]}")
    is_unnamed = "!e.innerText.trim() && !e.ariaLabel && !e.title && !e.labels?.length"
    unnamed = f"es => es.filter(e => {is_unnamed}).map(e => e.outerHTML)"
    controls = ":is(button, input, textarea, summary, fieldset):visible"
    assert one.page.locator(f".ca-page {controls}").evaluate_all(unnamed) == []
