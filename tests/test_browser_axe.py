"""axe-core over every page in a real Chromium, light and dark, at a desk and on a phone of 320 px."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from test_browser import FLAGS, Visit, browser, expect, pytestmark, server
from test_browser_plan import choose, open_page

assert browser  # fixtures and marks of the other browser tests; named here so that they count as used
assert server
assert open_page
assert pytestmark
assert FLAGS

Open = Callable[..., Visit]
GRAVE = {"serious", "critical"}
SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 320, "height": 640}}
QUESTION = "How do I become an AI/ML engineer?"


def findings(one: Visit) -> list[str]:
    """What axe calls serious or critical, and where."""
    report = Axe().run(one.page)
    return [
        f"{found['id']} ({found['impact']}): {node['target']} {node['html'][:160]} {node.get('failureSummary', '')}"
        for found in report.response["violations"]
        if found["impact"] in GRAVE
        for node in found["nodes"]
    ]


# --- each page in the state that has most on it ------------------------------------------------------


def is_empty(one: Visit) -> None:
    expect(one.button("Data analyst or data scientist?")).to_be_enabled()


def has_answered(one: Visit) -> None:
    one.ask(QUESTION)
    expect(one.page.locator("#answer-1.ca-rateable")).to_be_visible()
    one.log.get_by_role("button", name="Source [2]").first.click()
    expect(one.log.get_by_role("region", name="Source 2")).to_be_visible()


def has_refused(one: Visit) -> None:
    one.ask("What does a data engineer earn in Oslo?")
    expect(one.log.locator(".ca-refused")).to_be_visible()
    one.ask("How long will it take me?")
    expect(one.log.locator(".ca-clarify")).to_be_visible()
    one.ask("broken")
    expect(one.log.locator(".ca-error")).to_be_visible()


def asks_what_was_wrong(one: Visit) -> None:
    has_answered(one)
    one.button("Dislike").click()
    expect(one.button("Send")).to_be_visible()
    one.button("Edit question").click()  # though all this is higher than a phone
    expect(one.button("Cancel")).to_be_visible()


def has_its_sidebar_open(one: Visit) -> None:
    has_answered(one)
    if one.page.locator(".sidebar.open").count() == 0:
        one.page.locator(".sidebar .toggle-button").click()
    expect(one.page.locator(".sidebar.open")).to_have_count(1)
    one.page.locator("#ca-about-me > button").click()
    expect(one.page.locator("#ca-about-me").get_by_role("button", name="Save")).to_be_enabled()


def has_planned(one: Visit) -> None:
    choose(one, "Career", "Baker")
    expect(one.page.locator(".ca-timeline rect")).to_have_count(2)


def has_compared(one: Visit) -> None:
    for career in ("Baker", "Miller"):
        choose(one, "Careers", career)
    expect(one.page.locator("#ca-compare-table table")).to_be_visible()


def lists_careers(one: Visit) -> None:
    expect(one.page.get_by_role("link", name="Miller", exact=True)).to_be_visible()


def shows_a_roadmap(one: Visit) -> None:
    expect(one.page.locator(".ca-step")).to_have_count(4)


def tells_about_itself(one: Visit) -> None:
    expect(one.page.locator("#ca-about")).to_contain_text("What this adviser cannot know")


def is_maintained(one: Visit) -> None:
    expect(one.page.locator("#ca-findings")).to_contain_text("baker.md:")
    one.page.get_by_label("Question to search for").fill("How long is phase 1?")
    one.button("Search").click()
    expect(one.page.locator("#ca-found li")).to_have_count(8)


STATES: list[tuple[str, Callable[[Visit], None]]] = [
    ("", is_empty),
    ("", has_answered),
    ("", has_refused),
    ("", asks_what_was_wrong),
    ("", has_its_sidebar_open),
    ("plan", has_planned),
    ("compare", has_compared),
    ("roadmaps", lists_careers),
    ("roadmaps?career=baker", shows_a_roadmap),
    ("about", tells_about_itself),
    ("maintain", is_maintained),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("path", "prepare"), STATES, ids=[state.__name__ for _path, state in STATES])
def test_axe_finds_nothing_serious_in_light_or_dark(
    open_page: Open, path: str, prepare: Callable[[Visit], None], size: str
) -> None:
    one = open_page(path, viewport=SIZES[size], color_scheme="light")
    prepare(one)
    for scheme in ("light", "dark"):
        one.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(one.page.locator(".dark").first).to_be_attached(attached=scheme == "dark")
        one.page.wait_for_timeout(400)  # transitions of colours
        one.picture(f"axe-{prepare.__name__}-{size}-{scheme}")
        assert findings(one) == []
    assert one.page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]


@pytest.mark.parametrize("path", ["", "plan", "compare", "maintain"])
def test_on_the_smallest_phone_every_link_can_be_seen_and_pressed(open_page: Open, path: str) -> None:
    one = open_page(path, viewport=SIZES["phone"], has_touch=True)
    if not path:
        is_empty(one)
        expect(one.page.locator(".sidebar.open")).to_have_count(0)
    for link in one.page.get_by_role("navigation").get_by_role("link").all():
        expect(link).to_be_in_viewport(ratio=1)
        link.click(trial=True)  # nothing lies over it
    one.picture(f"links-320-{path or 'ask'}")
