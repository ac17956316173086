"""The sidebar without a browser: whose conversations and whose profile a name may see."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from page_server import ScriptedAdvisor, answer_for

from advisor.memory import open_conversations
from advisor.records import Conversation, Profile, Turn
from advisor.web.downloads import Downloads

OWNER, OTHER, TERMINAL = "ann-0123456789abcdef", "bob-0123456789abcdef", "local"
QUESTION = "How long?"


@pytest.fixture
def advisor() -> Iterator[ScriptedAdvisor]:
    """One conversation of ann's, one of the terminal's by the same name, and a profile of each."""
    with open_conversations(None) as conversations:
        for owner in (OWNER, TERMINAL):
            conversations.append("c", Turn(QUESTION, answer_for(QUESTION), datetime.now(UTC)), owner=owner)
            conversations.keep_profile(Profile("Baker", (owner,)), owner=owner)
        yield ScriptedAdvisor(conversations, pause_seconds=0)


def past(advisor: ScriptedAdvisor) -> tuple[Conversation, ...]:
    return advisor.conversations.list(OWNER)


@pytest.mark.parametrize(("wanted", "count"), [("", 1), ("  ", 1), ("months", 1), ("HOW long", 1), ("zeppelin", 0)])
def test_the_list_is_limited_to_what_holds_the_words(advisor: ScriptedAdvisor, wanted: str, count: int) -> None:
    from advisor.web.sidebar import found

    assert found(advisor, past(advisor), wanted, OWNER) == past(advisor)[:count]


@pytest.mark.parametrize("owner", [TERMINAL, "", None, 7])
def test_a_name_that_was_not_given_out_here_finds_nothing_more(advisor: ScriptedAdvisor, owner: object) -> None:
    from advisor.web.sidebar import found

    assert found(advisor, (), "months", owner) == ()


def test_an_export_holds_the_conversation_and_for_anybody_else_none_of_it(
    advisor: ScriptedAdvisor, tmp_path: Path
) -> None:
    from advisor.web.sidebar import exported

    (one,) = past(advisor)
    path = exported(advisor, Downloads(tmp_path), one, OWNER)
    assert path.name == "how-long.md"
    assert "About 4–5 months" in path.read_text(encoding="utf-8")
    for owner in (OTHER, TERMINAL, None):
        assert "months" not in exported(advisor, Downloads(tmp_path), one, owner).read_text(encoding="utf-8")


def test_what_was_not_found_is_shown_as_text() -> None:
    from advisor.web.sidebar import nothing_found_html

    assert nothing_found_html("<b>a</b>\nb") == "<p>No conversation of yours holds “&lt;b&gt;a&lt;/b&gt; b”.</p>"


@pytest.mark.parametrize(
    ("owner", "profile"),
    [
        (OWNER, Profile("Baker", (OWNER,))),
        (OTHER, Profile()),
        (TERMINAL, Profile()),
        ("", Profile()),
        (None, Profile()),
    ],
)
def test_a_profile_is_shown_to_its_owner_and_the_terminals_to_no_browser(
    advisor: ScriptedAdvisor, owner: object, profile: Profile
) -> None:
    from advisor.web.plan_page import own_profile

    assert own_profile(advisor, owner) == profile
