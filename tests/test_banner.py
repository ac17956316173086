"""What the pages say while something is amiss: the reasons to who may know them, and nothing where all is well."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from page_server import ScriptedAdvisor, Tags

from advisor.memory import Conversations, open_conversations
from advisor.web.banner import NOT_KEPT, POORER, banner_html
from advisor.web.health import Health
from advisor.web.serve import create_app

PAGES = {"", "plan", "roadmaps", "compare", "about", "maintain"}
UNSEEN = {"navbar", "browserstate", "state"}  # Gradio draws the links to all pages elsewhere


def health(*reasons: str) -> Health:
    return Health("degraded" if reasons else "ok", "b", 3, 9, "extractive", 0, bool(reasons), reasons)


def test_where_all_is_well_there_is_none() -> None:
    assert banner_html(health(), is_kept=True, may_know=True) == ""
    assert banner_html(health(), is_kept=True, may_know=False) == ""


def test_the_maintainer_reads_each_reason_with_its_cure() -> None:
    reasons = ("no model words answers: run advisor models pull tiny", "a newer build is not used\nbecause")
    shown = Tags(banner_html(health(*reasons), is_kept=True, may_know=True))
    assert POORER in shown.text
    assert "No model words answers: run advisor models pull tiny" in shown.text
    assert "A newer build is not used because" in shown.text
    assert len(shown.of("li")) == 2
    assert shown.of("div") == [{"class": "ca-banner", "role": "status"}]


def test_a_stranger_reads_neither_folders_nor_servers_but_where_the_reason_is() -> None:
    html = banner_html(health("the server at http://10.0.0.7 is down"), is_kept=True, may_know=False)
    assert "10.0.0.7" not in html
    assert POORER in html
    assert "advisor doctor" in html


def test_where_nothing_can_be_kept_that_is_said_first() -> None:
    html = banner_html(health("the disk is full"), is_kept=False, may_know=True)
    assert NOT_KEPT in html
    assert POORER not in html


def test_a_reason_is_text_whatever_it_holds() -> None:
    shown = Tags(banner_html(health("<img src=x onerror=alert(1)> [a](http://b.invalid)"), is_kept=True, may_know=True))
    assert shown.of("img") == []
    assert shown.of("a") == []
    assert "<img src=x onerror=alert(1)>" in shown.text


# --- where it stands -------------------------------------------------------------------------------


@pytest.fixture
def store() -> Iterator[Conversations]:
    with open_conversations(None) as store:
        yield store


def test_every_page_has_one_place_for_it_at_its_head_unseen_at_first(store: Conversations) -> None:
    with TestClient(create_app(ScriptedAdvisor(store))) as client:
        config = client.get("/config").json()
    parts = {one["id"]: one for one in config["components"]}
    assert config["page"].keys() == PAGES
    for page in config["page"].values():
        mine = [number for number in page["components"] if "ca-amiss" in parts[number]["props"].get("elem_classes", ())]
        assert len(mine) == 1
        assert parts[mine[0]]["props"]["visible"] is False
        before = _seen_before(page["layout"], mine[0])
        assert before is not None
        assert {parts[number]["type"] for number in before} <= UNSEEN | {"markdown"}  # the title


def _seen_before(part: dict[str, Any], wanted: int) -> list[int] | None:
    """The parts before one, in the part that holds it; None where none does."""
    children = part.get("children", [])
    names = [child["id"] for child in children]
    if wanted in names:
        return names[: names.index(wanted)]
    return next((before for child in children if (before := _seen_before(child, wanted)) is not None), None)
