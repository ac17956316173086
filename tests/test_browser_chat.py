"""What stands in and below an answer, in a real Chromium: passages in place, corrections, next questions, copying."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from test_browser import FLAGS, Server, Visit, browser, expect, pytestmark, server, visit

assert browser  # fixtures and marks of the other browser tests; named here so that they count as used
assert server
assert pytestmark
assert FLAGS
assert visit

Visits = Callable[..., Visit]
PHONE = {"width": 390, "height": 780}
SMALL_PHONE = {"width": 320, "height": 640}


@pytest.fixture
def answered(visit: Visits) -> Callable[..., Visit]:
    """A page with one finished answer."""

    def ask(question: str = "How do I become an AI/ML engineer?", *, size: object = None, **options: object) -> Visit:
        one = visit(**options)
        if size:
            one.page.set_viewport_size(size)
            one.reload()
        one.ask(question)
        expect(one.page.locator("#answer-1.ca-rateable")).to_be_visible()
        return one

    return ask


def mark(one: Visit, number: int, place: int = 0) -> "object":
    return one.log.get_by_role("button", name=f"Source [{number}]").nth(place)


def opened(one: Visit, number: int) -> "object":
    return one.log.get_by_role("region", name=f"Source {number}")


def width(one: Visit) -> int:
    return one.page.evaluate("document.documentElement.scrollWidth")


# --- passages in place -------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_click_on_a_mark_opens_its_passage_below_the_words_and_another_closes_it(
    answered: Callable[..., Visit], scheme: str
) -> None:
    one = answered(color_scheme=scheme)
    expect(mark(one, 2)).to_have_attribute("aria-expanded", "false")
    mark(one, 2).click()
    passage = opened(one, 2)
    expect(passage).to_be_in_viewport()
    expect(passage).to_contain_text("AI/ML engineer › Phase 2: Advanced machine learning › page 3")
    expect(passage.locator("mark")).to_have_text("Deep learning · 12 weeks")
    expect(passage).to_contain_text("MLOps · 6 weeks")  # around the words
    expect(mark(one, 2)).to_have_attribute("aria-expanded", "true")
    assert passage.evaluate("e => e.closest('li').textContent").startswith("Deep learning")
    assert "#" not in one.page.url
    one.picture(f"passage-{scheme}")
    mark(one, 1).click()
    expect(opened(one, 1).get_by_role("link", name="example.org")).to_have_attribute(
        "href", "https://example.org/roadmap"
    )
    expect(one.page.locator("#ca-opened")).to_have_count(1)
    mark(one, 1).click()
    expect(one.page.locator("#ca-opened")).to_have_count(0)
    expect(mark(one, 1)).to_have_attribute("aria-expanded", "false")


def test_a_passage_is_opened_and_closed_by_keyboard_and_the_focus_comes_back(answered: Callable[..., Visit]) -> None:
    one = answered()
    mark(one, 2).focus()
    one.page.keyboard.press("Enter")
    expect(opened(one, 2)).to_be_visible()
    one.page.keyboard.press("Escape")
    expect(opened(one, 2)).to_have_count(0)
    expect(mark(one, 2)).to_be_focused()
    one.page.keyboard.press("Space")
    expect(opened(one, 2)).to_be_visible()
    one.button("Close source 2").focus()
    one.page.keyboard.press("Enter")
    expect(opened(one, 2)).to_have_count(0)
    expect(mark(one, 2)).to_be_focused()


def test_a_passage_stays_open_while_the_answer_is_drawn_anew_and_goes_with_its_conversation(visit: Visits) -> None:
    one = visit()
    one.ask("How long, slow?")
    expect(one.log.get_by_text("word5")).to_be_visible()
    mark(one, 1).click()
    drawn = one.log.locator(".ca-draft-text").inner_text()
    expect(one.log.locator(".ca-draft-text")).not_to_have_text(drawn)
    expect(opened(one, 1)).to_be_visible()
    expect(mark(one, 1)).to_be_focused()
    one.button("Stop").click()
    expect(one.button("Ask")).to_be_enabled()
    expect(opened(one, 1)).to_be_visible()
    one.button("New conversation").click()
    expect(one.page.locator("#ca-opened")).to_have_count(0)


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE], ids=["390", "320"])
def test_on_a_phone_a_passage_opens_in_place_and_nothing_is_wider_than_the_screen(
    answered: Callable[..., Visit], size: dict[str, int]
) -> None:
    one = answered(has_touch=True, size=size)
    mark(one, 2).tap()
    expect(opened(one, 2)).to_be_in_viewport()
    for name in ("Ask", "Stop"):
        expect(one.button(name)).to_be_in_viewport(ratio=1)
    assert width(one) <= size["width"]
    one.picture(f"phone-{size['width']}-passage")
    one.button("Close source 2").tap()
    expect(one.page.locator("#ca-opened")).to_have_count(0)
    one.button("Edit question").tap()
    expect(one.button("Cancel")).to_be_in_viewport(ratio=1)
    one.picture(f"phone-{size['width']}-edit")
    assert width(one) <= size["width"]


def test_a_passage_opened_while_the_chat_scrolls_to_its_end_stays_in_view(answered: Callable[..., Visit]) -> None:
    one = answered(has_touch=True, size=SMALL_PHONE)
    mark(one, 1).tap()
    one.page.evaluate(
        """() => {
          for (let part = document.getElementById("ca-opened").parentElement; part; part = part.parentElement)
            part.scrollTop = part.scrollHeight;
        }"""
    )
    expect(opened(one, 1)).to_be_in_viewport()


# --- what was understood, and saying it differently --------------------------------------------------


def test_how_a_follow_up_was_understood_can_be_corrected_and_replaces_it(answered: Callable[..., Visit]) -> None:
    one = answered()
    expect(one.log).not_to_contain_text("Understood as")
    one.ask("And how long?")
    expect(one.log.locator(".ca-understood")).to_contain_text("And how long? (AI/ML engineer)")
    expect(one.button("Ask")).to_be_enabled()
    one.button("Correct").click()
    box = one.page.get_by_label("Your question")
    expect(box).to_have_value("And how long? (AI/ML engineer)")
    expect(box).to_be_focused()
    one.picture("correct")
    box.fill("How long is phase 2?")
    box.press("Enter")
    expect(one.log.get_by_test_id("user")).to_have_text(["How do I become an AI/ML engineer?", "How long is phase 2?"])
    expect(one.log).not_to_contain_text("Understood as")
    expect(one.page.locator("#ca-revising")).to_have_count(0)
    expect(one.button("Ask")).to_be_enabled()
    one.reload()
    expect(one.log.get_by_test_id("user")).to_have_text(["How do I become an AI/ML engineer?", "How long is phase 2?"])


def test_the_last_question_can_be_edited_or_left_as_it_is(answered: Callable[..., Visit]) -> None:
    one = answered("How long is it?")
    box = one.page.get_by_label("Your question")
    one.button("Edit question").click()
    expect(box).to_have_value("How long is it?")
    expect(box).to_be_focused()
    one.button("Cancel").click()
    expect(box).to_have_value("")
    one.ask("Salary in Oslo?")
    expect(one.log.get_by_test_id("user")).to_have_text(["How long is it?", "Salary in Oslo?"])
    expect(one.button("Ask")).to_be_enabled()
    one.button("Edit question").click()
    expect(box).to_have_value("Salary in Oslo?")
    one.ask("How long is phase 1?")
    expect(one.log.get_by_test_id("user")).to_have_text(["How long is it?", "How long is phase 1?"])
    expect(one.log.locator(".ca-refused")).to_have_count(0)


def test_a_question_being_edited_changes_no_other_conversation(
    answered: Callable[..., Visit],
) -> None:
    one = answered("How long is it?")
    one.button("Edit question").click()
    expect(one.page.locator("#ca-revising")).to_be_visible()
    one.button("New conversation").click()
    expect(one.page.locator("#ca-revising")).to_have_count(0)
    one.ask("Salary in Oslo?")
    expect(one.page.locator(".ca-open")).to_have_text(["Salary in Oslo?", "How long is it?"])


# --- what to ask next, and taking it along -----------------------------------------------------------


def test_a_question_to_ask_next_is_asked_with_one_click_or_key(answered: Callable[..., Visit]) -> None:
    one = answered()
    expect(one.button("Which certificates are worth their price?")).to_be_visible()
    one.picture("next")
    one.button("How long is phase 1?").focus()
    one.page.keyboard.press("Enter")
    expect(one.log.get_by_test_id("user")).to_have_text(["How do I become an AI/ML engineer?", "How long is phase 1?"])
    expect(one.button("Which certificates are worth their price?")).to_have_count(0)
    expect(one.log).to_contain_text("About 4–5 months")
    one.page.get_by_label("Your question").fill("How do I become one?")
    one.button("Ask").click()
    one.button("Which certificates are worth their price?").click()
    expect(one.log.get_by_test_id("user")).to_have_count(4)


def test_an_answer_is_copied_with_its_marks_and_sources(answered: Callable[..., Visit]) -> None:
    one = answered("How long is it?", permissions=["clipboard-read", "clipboard-write"])
    one.button("Copy").click()
    expect(one.button("Copied")).to_be_visible()
    assert one.page.evaluate("navigator.clipboard.readText()") == (
        "About 4–5 months at 10 hours a week [1].\n\nSources:\n"
        "[1] AI/ML engineer roadmap › AI/ML engineer › Phase 1: Mathematics and programming <https://example.org/roadmap>"
    )
    expect(one.button("Copy")).to_be_visible()


# --- replies that are no answers ---------------------------------------------------------------------


def test_a_refusal_a_question_back_a_warning_and_an_error_differ_by_more_than_colour(
    answered: Callable[..., Visit],
) -> None:
    one = answered("What does a data engineer earn in Oslo?")
    one.ask("How long will it take me?")
    expect(one.log.locator(".ca-clarify .ca-label")).to_have_text("One question first")
    expect(one.button("Ask")).to_be_enabled()
    one.ask("What has ended?")
    warning = one.log.locator(".ca-warning")
    expect(warning).to_contain_text("No longer offered")
    expect(warning).to_contain_text("closed on 1 May 2024")
    expect(one.button("Ask")).to_be_enabled()
    one.ask("broken")
    expect(one.log.locator(".ca-error")).to_contain_text("Not answered.")
    expect(one.log.locator(".ca-refused .ca-label")).to_have_text("Not in the roadmaps")
    frame = "e => getComputedStyle(e).borderTopStyle + getComputedStyle(e).borderLeftWidth"
    frames = [
        one.log.locator(name).evaluate(frame)
        for name in (".ca-refused", ".ca-clarify", ".ca-warning", ".ca-answered >> nth=0")
    ]  # fmt: skip
    assert len(set(frames)) == 4
    one.picture("no-answers")


def test_why_no_model_worded_an_answer_is_told_to_whoever_asks(answered: Callable[..., Visit]) -> None:
    one = answered("How long, unworded?")
    reason = one.log.get_by_text("The model's wording was not used: it left out 'a course'.")
    expect(reason).not_to_be_visible()
    one.log.get_by_text("Extract from the roadmaps").click()
    expect(reason).to_be_visible()


# --- a question brought along by the address ---------------------------------------------------------


def test_an_address_brings_a_question_that_is_not_asked_by_itself(visit: Visits, server: Server) -> None:
    one = visit()
    brought = "<b>How long</b> &\n is " + "x" * 600
    box = one.page.get_by_label("Your question")
    with one.leaving():
        one.page.goto(f"{server.url}?q={quote(brought)}&theme=calm")
        expect(box).to_have_value(f"<b>How long</b> & is {'x' * 600}"[:500])
    assert one.page.url == f"{server.url}?theme=calm"
    expect(one.log.get_by_test_id("user")).to_have_count(0)
    with one.leaving():
        one.page.goto(f"{server.url}?q={quote('How long is it?')}")
        expect(box).to_have_value("How long is it?")
    one.picture("brought")
    one.button("Ask").click()
    expect(one.log.get_by_test_id("user")).to_have_text(["How long is it?"])
    expect(box).to_have_value("")


def test_every_control_of_an_answer_has_a_name(answered: Callable[..., Visit]) -> None:
    one = answered("And how do I become one?")
    mark(one, 1).click()
    is_unnamed = "!e.innerText.trim() && !e.ariaLabel && !e.title"
    unnamed = f"es => es.filter(e => {is_unnamed}).map(e => e.outerHTML)"
    assert one.page.locator("#ca-talk :is(button, a, summary):visible").evaluate_all(unnamed) == []
    assert one.log.get_attribute("aria-live") == "polite"
