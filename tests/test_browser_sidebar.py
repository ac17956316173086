"""The sidebar in a real Chromium: finding, renaming and taking conversations along, and what one says of oneself."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from test_browser import FLAGS, Server, Visit, browser, expect, pytestmark, server, visit

assert browser  # fixtures and marks of the other browser tests; named here so that they count as used
assert server
assert visit
assert pytestmark
assert FLAGS

Open = Callable[..., Visit]
NOBODY = re.compile(r"About me\s*▼")

# Of drawings that are asked for at once the first comes last.
LATE_DRAWING = """
let flying = 0;
const { fetch } = window;
window.fetch = async (target, options) => {
  if (!String(target.url ?? target).includes("run/predict")) return fetch(target, options);
  const isFirst = flying++ === 0;
  const reply = await fetch(target, options);
  if (isFirst) await new Promise((done) => setTimeout(done, 4000));
  flying -= 1;
  return reply;
};
"""


def titles(one: Visit) -> "object":
    return one.page.locator(".ca-open")


def row(one: Visit, title: str) -> "object":
    found = one.page.locator(".ca-past", has_text=title)
    found.hover()
    return found


def ask(one: Visit, question: str, title: str | None = None) -> None:
    """Ask in a conversation of its own, until it stands in the list."""
    one.button("New conversation").click()
    expect(one.button("Data analyst or data scientist?")).to_be_visible()
    one.ask(question)
    expect(titles(one).first).to_have_text(title or question)


def tell(one: Visit, *, career: str = "", known: str = "", hours: str = "", budget: str = "") -> None:
    """Open the panel, fill it in and save it."""
    if not one.page.locator("#ca-about-me").get_by_label("Budget").is_visible():
        fold(one).click()
    save = one.page.locator("#ca-about-me").get_by_role("button", name="Save")
    expect(save).to_be_enabled()  # what is kept has been filled in; it would be written over this
    if career:
        box = one.page.get_by_label("Career I work towards")
        one.pick(box, career)
        expect(box).to_have_value(career)
    for label, text in (("What I know already", known), ("Hours per week", hours), ("Budget", budget)):
        one.page.locator("#ca-about-me").get_by_label(label).fill(text)
    save.click()


def fold(one: Visit) -> "object":
    """What opens the panel; its words begin with whom the learner is to be."""
    return one.page.locator("#ca-about-me > button")


def said(one: Visit) -> "object":
    return one.page.locator("#ca-about-me-said")


def test_a_conversation_gets_another_title_and_keeps_it(visit: Open) -> None:
    one = visit()
    ask(one, "How long does it take?")
    row(one, "How long does it take?").get_by_role("button", name="Rename").click()
    box = one.page.get_by_label("Title")
    expect(box).to_have_value("How long does it take?")
    expect(box).to_be_focused()
    one.picture("rename")
    box.fill("My first year")
    box.press("Enter")
    expect(titles(one)).to_have_text(["My first year"])
    expect(one.log).to_contain_text("About 4–5 months")
    one.reload()
    expect(titles(one)).to_have_text(["My first year"])
    row(one, "My first year").get_by_role("button", name="Rename").click()
    box.fill("   ")
    one.page.locator(".ca-past").get_by_role("button", name="Save").click()
    expect(one.page.get_by_text("give the conversation at least one visible character")).to_be_visible()
    one.button("Cancel").click()
    expect(titles(one)).to_have_text(["My first year"])


def test_a_conversation_is_found_by_a_word_of_its_answer(visit: Open) -> None:
    one = visit()
    search = one.page.get_by_label("Search my conversations")
    ask(one, "How long does it take?")
    ask(one, "What does one earn in Oslo?")
    search.press_sequentially("NORWAY")
    expect(titles(one)).to_have_text(["What does one earn in Oslo?"])
    expect(search).to_be_focused()  # though the list below is drawn anew
    expect(search).to_have_value("NORWAY")
    search.fill("months")
    expect(titles(one)).to_have_text(["How long does it take?"])
    search.fill("<b>zeppelin</b> ![x](http://tracker.invalid/x.png)")
    expect(titles(one)).to_have_count(0)
    expect(one.page.locator("#ca-sidebar p", has_text="holds")).to_contain_text(
        "No conversation of yours holds “<b>zeppelin</b>"
    )
    one.picture("search-nothing")
    search.fill("")
    expect(titles(one)).to_have_count(2)


def test_an_older_list_never_comes_after_a_newer_one(visit: Open) -> None:
    one = visit()
    ask(one, "How long does it take?")
    expect(one.button("Ask")).to_be_enabled()
    one.page.add_init_script(LATE_DRAWING)
    one.reload()
    expect(titles(one)).to_have_count(1)
    one.page.wait_for_timeout(5_000)  # whatever was late has come
    expect(titles(one)).to_have_count(1)


def test_a_conversation_is_taken_along_as_markdown(visit: Open) -> None:
    one = visit()
    ask(one, "How do I become an AI/ML engineer?")
    expect(one.log).to_contain_text("checked against the sources")
    ask(one, "How long does it take?")
    for title, name, words in (
        ("How do I become", "how-do-i-become-an-ai-ml-engineer.md", "2. **Deep learning**, 12 weeks [2]"),
        ("How long does", "how-long-does-it-take.md", "About 4–5 months at 10 hours a week [1]."),
    ):
        with one.page.expect_download() as download:
            row(one, title).get_by_role("button", name="Export").click()
        assert download.value.suggested_filename == name
        text = Path(download.value.path()).read_text(encoding="utf-8")
        assert text.startswith(f"# {title}")
        assert words in text
        assert "“about 4-5 months at 10 hours a week” <https://example.org/roadmap>" in text


def test_a_profile_stays_until_it_is_changed_or_erased(visit: Open) -> None:
    one = visit()
    tell(one, career="Baker", known="rye, rye; sugar", hours="7.5", budget="EUR 50")
    expect(said(one)).to_have_text("Saved.")
    expect(fold(one)).to_contain_text("About me: Baker")
    one.picture("about-me")
    one.reload()
    expect(fold(one)).to_contain_text("About me: Baker")
    fold(one).click()
    panel = one.page.locator("#ca-about-me")
    expect(panel.get_by_label("What I know already")).to_have_value("rye, sugar")
    expect(panel.get_by_label("Hours per week")).to_have_value("7.5")
    expect(panel.get_by_label("Budget")).to_have_value("EUR 50")
    tell(one, known="yeast", budget="much")
    expect(said(one)).to_contain_text("Not saved. “Budget” 'much' is no amount")
    one.picture("about-me-wrong")
    panel.get_by_role("button", name="Erase").click()
    expect(said(one)).to_have_text("Erased.")
    expect(panel.get_by_label("What I know already")).to_have_value("")
    expect(fold(one)).to_have_text(NOBODY)
    one.reload()
    ask(one, "How long?")  # by then all is loaded
    expect(fold(one)).to_have_text(NOBODY)


def test_a_study_plan_begins_with_the_profile(visit: Open, server: Server) -> None:
    one = visit()
    tell(one, career="Baker", known="Kneading in short", hours="7.5", budget="0")
    expect(said(one)).to_have_text("Saved.")
    expect(fold(one)).to_contain_text("About me: Baker")
    with one.leaving():
        one.page.goto(server.url + "plan")
        expect(one.page.locator("#ca-plan-summary")).to_contain_text("7.5 hours per week")
    expect(one.page.get_by_label("Career", exact=True)).to_have_value("Baker")
    expect(one.page.get_by_label("What I know already")).to_have_value("Kneading in short")
    expect(one.page.get_by_label("Only what is free")).to_be_checked()
    expect(one.page.locator("#ca-plan-text")).to_contain_text("☑ Kneading in short")
    expect(one.button("Markdown (.md)")).to_be_enabled()
    one.picture("plan-from-profile")


def test_two_people_do_not_see_each_others_profile_nor_find_each_others_words(visit: Open) -> None:
    one, other = visit(), visit()
    tell(one, career="Baker", known="rye")
    expect(said(one)).to_have_text("Saved.")
    ask(one, "What does one earn in Oslo?")
    other.reload()
    ask(other, "How long does it take?")
    other.page.get_by_label("Search my conversations").fill("Oslo")
    expect(titles(other)).to_have_count(0)
    expect(fold(other)).to_have_text(NOBODY)


def test_deleting_everything_erases_the_profile_too(visit: Open) -> None:
    one = visit()
    tell(one, career="Baker", known="rye")
    expect(said(one)).to_have_text("Saved.")
    ask(one, "How long?")
    one.button("Delete all conversations").click()
    one.page.locator(".ca-past", has_text="Delete all, and About me?").get_by_role("button", name="Delete").click()
    expect(titles(one)).to_have_count(0)
    expect(fold(one)).to_have_text(NOBODY)
    one.reload()
    ask(one, "How long?")  # by then all is loaded
    expect(fold(one)).to_have_text(NOBODY)


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 780}}])
def test_the_sidebar_is_no_wider_than_it_may_be(visit: Open, look: dict[str, object]) -> None:
    one = visit()
    name = "dark" if "color_scheme" in look else "phone" if look else "light"
    ask(one, "How long does it take if I have ten hours in a usual week?")
    ask(one, "What does one earn in Oslo?")
    one.page.emulate_media(**{key: value for key, value in look.items() if key == "color_scheme"})
    if "viewport" in look:
        one.page.set_viewport_size(look["viewport"])
        one.reload()
        expect(one.page.locator(".sidebar.open")).to_have_count(0)  # on a phone it begins closed
        expect(titles(one)).to_have_count(2)
        one.page.locator(".sidebar .toggle-button").click()
    row(one, "How long does it take")
    one.picture(f"sidebar-{name}")
    tell(one, career="Baker", known="rye, sugar", hours="8", budget="0")
    expect(said(one)).to_have_text("Saved.")
    one.picture(f"sidebar-{name}-about-me")
    assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert one.page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.sidebar-content'))")
