"""The page without a mouse, in a real Chromium: every way begins at the head of the page and is gone by keys alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from test_browser import FLAGS, Visit, browser, expect, pytestmark, server
from test_browser_plan import open_page

assert browser  # fixtures and marks of the other browser tests; named here so that they count as used
assert server
assert open_page
assert pytestmark
assert FLAGS

Open = Callable[..., Visit]
MOST_STOPS = 90
# The control that has the keyboard: what it is called and whether, once its frame has faded in, it is framed and in
# sight. Null on the page itself.
STOP = """async () => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const label = at.closest("label") ?? at.labels?.[0];
  const name = at.getAttribute("aria-label") || at.title || label?.innerText || at.innerText;
  const look = () => [at, at.closest("label")].some((one) => {
    if (!one || getComputedStyle(one).opacity < .5) return false;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    const isSeen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && !outlineColor.endsWith(", 0)");
    const box = one.getBoundingClientRect();
    return isSeen && box.width > 1 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
  });
  for (let tries = 0; tries < 20 && !look(); tries++) await new Promise((done) => setTimeout(done, 50));
  return { name: (name ?? "").trim(), isFramed: look() };
}"""


@dataclass(frozen=True, slots=True)
class Stop:
    """A control that Tab came to."""

    name: str
    is_framed: bool


def stops(one: Visit, last: str | None = None) -> list[Stop]:
    """Tab from where the keyboard is until this control, or the end of the page."""
    seen: list[Stop] = []
    for _ in range(MOST_STOPS):
        one.page.keyboard.press("Tab")
        found = one.page.evaluate(STOP)
        if found is None:
            break
        seen.append(Stop(found["name"], found["isFramed"]))
        if found["name"] == last:
            return seen
    assert last is None, f"Tab never came to {last!r}: {[stop.name for stop in seen]}"
    return seen


def from_the_top(one: Visit) -> None:
    """The keyboard back to the head of the page, as after loading it."""
    one.page.evaluate(
        "() => { const all = document.body; all.tabIndex = -1; all.focus({ preventScroll: true });"
        " all.removeAttribute('tabindex'); }"
    )


def names(seen: list[Stop]) -> list[str]:
    return [stop.name for stop in seen]


def unframed(seen: list[Stop]) -> list[str]:
    return [stop.name for stop in seen if not stop.is_framed]


def in_order(wanted: list[str], seen: list[str]) -> bool:
    """Whether these come in this order, with others between."""
    rest = iter(seen)
    return all(name in rest for name in wanted)


def test_a_question_is_asked_its_source_read_and_the_next_one_asked_without_a_mouse(open_page: Open) -> None:
    one = open_page("")
    keys = one.page.keyboard
    expect(one.page.get_by_label("Your question")).to_be_focused()  # one can type at once
    keys.type("How do I become an AI/ML engineer?")
    keys.press("Enter")
    expect(one.page.locator("#answer-1.ca-rateable")).to_be_visible()
    from_the_top(one)
    stops(one, "Source [2]")
    keys.press("Enter")
    passage = one.log.get_by_role("region", name="Source 2")
    expect(passage).to_be_in_viewport()
    stops(one, "Close source 2")  # the passage is next after its mark
    keys.press("Escape")
    expect(passage).to_have_count(0)
    expect(one.log.get_by_role("button", name="Source [2]").first).to_be_focused()
    keys.press("Enter")
    expect(passage).to_be_visible()
    keys.press("Enter")
    expect(passage).to_have_count(0)
    stops(one, "How long is phase 1?")
    one.picture("keyboard-suggestion")
    keys.press("Enter")
    expect(one.page.locator("#answer-2.ca-rateable")).to_contain_text("About 4–5 months")


def test_a_plan_is_made_and_taken_along_without_a_mouse(open_page: Open) -> None:
    one = open_page("plan")
    keys = one.page.keyboard
    expect(one.page.get_by_label("Career", exact=True)).to_be_enabled()
    stops(one, "Career")
    keys.type("Baker")
    keys.press("Enter")
    summary = one.page.locator("#ca-plan-summary")
    expect(summary).to_contain_text("8 hours per week from ")
    stops(one, "range slider for Hours per week")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(summary).to_contain_text("10 hours per week")
    stops(one, "Only what is free")
    keys.press("Space")
    expect(summary).to_contain_text("in 3 steps")
    expect(one.button("Markdown (.md)")).to_be_enabled()
    stops(one, "Markdown (.md)")
    with one.page.expect_download() as download:
        keys.press("Enter")
    assert download.value.suggested_filename.endswith(".md")


def test_tab_goes_through_an_answered_conversation_as_it_is_read(open_page: Open) -> None:
    one = open_page("")
    one.ask("How do I become an AI/ML engineer?")
    expect(one.page.locator("#answer-1.ca-rateable")).to_be_visible()
    expect(one.page.locator(".ca-open")).to_have_count(1)
    expect(one.button("Ask")).to_be_enabled()
    from_the_top(one)
    seen = stops(one)
    wanted = [
        "Plan",
        "Maintain",
        "New conversation",
        "How do I become an AI/ML engineer?",
        "Rename",
        "Delete",
        "Source [1]",
    ]
    wanted += ["Copy", "How long is phase 1?", "Your question", "Ask", "Retry", "Edit question", "Clear"]
    assert in_order(wanted, names(seen)), " · ".join(names(seen))
    assert unframed(seen) == []


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("plan", ["Maintain", "Career", "range slider for Hours per week", "Start", "Budget", "Markdown (.md)"]),
        ("compare", ["Maintain", "Careers"]),
        ("roadmaps?career=baker", ["Maintain", "All careers", "To do", "Done", "Ask about it"]),
        ("about", ["Ask", "Maintain"]),
        ("maintain", ["Maintain", "Rebuild", "Question to search for", "Search"]),
    ],
)
def test_every_stop_of_the_keyboard_has_a_name_and_is_framed(open_page: Open, path: str, wanted: list[str]) -> None:
    one = open_page(path)
    for label in {"plan": ["Career"], "compare": ["Careers"]}.get(path, []):
        box = one.page.get_by_label(label, exact=True)
        for career in ("Baker", "Miller")[: 1 + (path == "compare")]:
            one.pick(box, career)
    ready = {"plan": ".ca-timeline rect", "compare": "#ca-compare-table table", "maintain": "#ca-findings li",
             "roadmaps?career=baker": "fieldset.ca-tick[aria-label]", "about": "#ca-about h2"}  # fmt: skip
    expect(one.page.locator(ready[path]).first).to_be_visible()
    if path == "plan":
        expect(one.button("Markdown (.md)")).to_be_enabled()
    if path == "maintain":  # nothing moves under the keyboard any more
        expect(one.page.locator("#ca-changes")).not_to_contain_text("Reading the pages")
    from_the_top(one)
    seen = stops(one)
    assert in_order(wanted, names(seen)), " · ".join(names(seen))
    assert unframed(seen) == []
    assert [stop for stop in seen if not re.search(r"\w", stop.name)] == []
