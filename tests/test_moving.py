"""Moves from one career to another: how such questions are understood, and what the pages tell of just that move."""

from collections.abc import Sequence

import pytest
from test_sections import lines

from advisor.answer.moving import select_move
from advisor.answer.selection import Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.corpus.subjects import Subject
from advisor.records import Document, Intent, Query
from advisor.search.query import understand
from advisor.search.roles import read_spellings
from advisor.text import stems

GUIDE = """## Moves

| Move | You keep | You add |
|---|---|---|
| Baker to beekeeping | Patience | Stings |
| Gardener or florist to beekeeper | Plants | Stings, smoke |
| Beekeeper to baker | Honey | Flour |

## How long moves take

| Source | Move | Duration |
|---|---|---|
| The Guild | Baker to beekeeper | 3–5 months |
| Ada | Baker to beekeeper, the smoke alone | sooner than you think |
| Bo | Florist to baker | 2 years |
"""
BEEKEEPER = """## Roadmap to becoming a beekeeper, in order

1. Phase 1: Wood and wax
2. Phase 2: Bees

## How long it takes to become a beekeeper

The Guild gives 2 years.
"""


def told(origin: str, *, intent: Intent = Intent.STEPS, subject: str | None = None) -> Selection | None:
    weighed: Sequence[Weighed] = [*lines("guide.md", None, GUIDE), *lines("beekeeper.md", "Beekeeper", BEEKEEPER)]
    query = Query("q", "q", intent, (), roles=("Beekeeper",), origin=origin, subject=subject)
    return select_move(query, weighed)


def texts(selection: Selection | None) -> list[str]:
    return [snippet.text for snippet in selection.snippets] if selection else []


def test_the_row_of_the_move_comes_first_and_then_the_phases_of_the_goal() -> None:
    selection = told("Baker")
    assert selection is not None
    assert selection.shape is Shape.STEPS
    assert [text.split(":")[0] for text in texts(selection)] == ["Baker to beekeeping", "Phase 1", "Phase 2"]


def test_one_of_several_origins_in_a_row_will_do() -> None:
    assert texts(told("Gardener"))[0].startswith("Gardener or florist to beekeeper")
    assert not any("Gardener" in text for text in texts(told("Baker")))


def test_without_a_row_of_its_own_the_phases_of_the_goal_are_told() -> None:
    assert [text.split(":")[0] for text in texts(told("Miller"))] == ["Phase 1", "Phase 2"]


def test_of_a_time_the_rows_of_that_move_with_the_one_that_gives_no_number() -> None:
    found = texts(told("Baker", intent=Intent.DURATION))
    assert len(found) == 2
    assert "3–5 months" in found[0]
    assert "sooner than you think" in found[1]


def test_of_a_time_that_no_row_gives_the_time_of_the_whole_way() -> None:
    assert texts(told("Miller", intent=Intent.DURATION)) == ["The Guild gives 2 years."]


def test_a_subject_of_the_goal_is_no_matter_of_the_move() -> None:
    assert told("Baker", subject=Subject.CERTIFICATES) is None
    assert texts(told("Baker", subject=Subject.SKILLS))[0].startswith("Baker to beekeeping")


def test_a_page_about_that_very_move_is_searched_like_any_other() -> None:
    page = lines("Beekeeping for millers", "Beekeeper", BEEKEEPER)  # the key is the title here
    query = Query("q", "q", Intent.STEPS, (), roles=("Beekeeper",), origin="Miller")
    assert select_move(query, page) is None


DOCUMENTS = (
    Document("beekeeper.md", "Beekeeper", "", (), "0", role="Beekeeper", aliases=("beekeeping",)),
    Document("baker.md", "Baker", "", (), "0", role="Master baker"),
)


def ask(question: str) -> Query:
    known = frozenset(stems("beekeeper baker certificate wood month"))
    roles = {document.key: document.role for document in DOCUMENTS if document.role}
    return understand(question, (), vocabulary=known, spellings=read_spellings(DOCUMENTS), roles=roles)


@pytest.mark.parametrize(
    "question",
    [
        "How do I go from master baker to beekeeper?",
        "I'm a master baker, how do I become a beekeeper?",
        "as a master baker how can i get into beekeeping",
        "Can a master baker become a beekeeper?",
        "how long from master baker to beekeeper",
    ],
)
def test_the_second_career_is_the_goal(question: str) -> None:
    query = ask(question)
    assert (query.roles, query.origin) == (("Beekeeper",), "Master baker")


@pytest.mark.parametrize(
    "question", ["Master baker or beekeeper?", "How far is it from my home to a beekeeper or a master baker?"]
)
def test_two_careers_alone_are_no_move(question: str) -> None:
    query = ask(question)
    assert query.origin is None
    assert set(query.roles) == {"Beekeeper", "Master baker"}
