"""What has ended is never recommended in silence."""

import numpy as np
import pytest

from advisor.answer.ground import stands_in_its_passage
from advisor.answer.retired import Gone, find_gone, may_hold_gone, with_current, with_warnings
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Page, make_page
from advisor.corpus.chunking import chunk_document
from advisor.corpus.outline import outline_document
from advisor.corpus.reading import find_sections
from advisor.corpus.roadmap import read_roadmap
from advisor.records import Document, Passage, Snippet

PAGE = """## Certificates for beekeepers

- **[Example Bee Keeper Specialty](https://bees.example.org/s)** by the Guild
  - Kind: certificate
  - Status: retired on 31 March 2026
  - Successor: Swarm Catcher
  - Cost: EUR 20
- **[Hive Inspector (exam HI-900)](https://bees.example.org/h)** by the Guild
  - Kind: certificate
  - Status: active
  - Cost: EUR 30
- **[Smoke Master (exam SM-100)](https://bees.example.org/m)** by the Guild
  - Kind: certificate
  - Status: closed on 1 May 2024
  - Cost: EUR 30
"""
ELSEWHERE = Passage("r.md#a", "r.md", "A roadmap", ("Way",), 0, 10, "Get it.")


@pytest.fixture
def gone() -> tuple[Gone, ...]:
    document = Document("bees.md", "Bees", PAGE, find_sections(PAGE), "0")
    outline = outline_document(document)
    vectors = np.zeros((len(outline.nodes), 2), dtype=np.float32)
    assert may_hold_gone(document)
    page = make_page(outline, chunk_document(document, count_pieces=len), vectors)
    return find_gone([(page, read_roadmap(outline))])


def selection(*texts: str, shape: Shape = Shape.SENTENCES) -> Selection:
    return Selection(shape, (Group("", tuple(Snippet(text, text, ELSEWHERE) for text in texts)),))


def warned(gone: tuple[Gone, ...], *texts: str) -> list[str]:
    return [piece.text for piece in with_warnings(selection(*texts), gone).snippets[len(texts) :]]


def test_only_what_its_page_calls_ended_is_gone(gone: tuple[Gone, ...]) -> None:
    assert [one.name for one in gone] == ["Example Bee Keeper Specialty", "Smoke Master"]


@pytest.mark.parametrize(
    "text",
    ["Get the Example Bee Keeper Specialty certificate.", "The bee keeper specialty by Example suits beginners."],
)
def test_a_name_in_silence_brings_the_line_that_tells(gone: tuple[Gone, ...], text: str) -> None:
    assert warned(gone, text) == ["Example Bee Keeper Specialty: retired on 31 March 2026; successor: Swarm Catcher."]


def test_an_exam_code_is_enough(gone: tuple[Gone, ...]) -> None:
    assert warned(gone, "Book SM-100 next.") == ["Smoke Master: closed on 1 May 2024."]
    assert warned(gone, "Book SM-1000 next.") == []


def test_an_active_certificate_brings_nothing(gone: tuple[Gone, ...]) -> None:
    assert warned(gone, "Hive Inspector, exam HI-900, is active.") == []


def test_who_tells_it_already_is_not_interrupted(gone: tuple[Gone, ...]) -> None:
    assert warned(gone, "Smoke Master (exam SM-100) was closed on 1 May 2024.") == []


def test_a_short_answer_also_says_what_came_after(gone: tuple[Gone, ...]) -> None:
    ended = "The Example Bee Keeper Specialty was retired on 31 March 2026."
    assert warned(gone, ended) == ["Example Bee Keeper Specialty: retired on 31 March 2026; successor: Swarm Catcher."]
    assert warned(gone, ended, "A Swarm Catcher takes its place.") == []
    assert warned(gone, ended, "One.", "Two.") == []


def test_the_warning_rests_on_words_of_its_page(gone: tuple[Gone, ...]) -> None:
    assert all(one.told.quote in PAGE and stands_in_its_passage(one.told) for one in gone)


def test_a_table_keeps_its_cells(gone: tuple[Gone, ...]) -> None:
    table = selection("Get SM-100.", shape=Shape.TABLE)
    assert with_warnings(table, gone) is table


def asked(gone: tuple[Gone, ...], question: str, *texts: str) -> list[str]:
    return [piece.text for piece in with_warnings(selection(*texts), gone, question=question).snippets]


@pytest.mark.parametrize(
    "question",
    ["Shall I book the SM-100 exam?", "shall i book sm-100", "Is the Smoke Master certificate worth it?"],
)
def test_one_that_the_question_names_is_warned_of_first(gone: tuple[Gone, ...], question: str) -> None:
    assert asked(gone, question, "Book early.") == ["Smoke Master: closed on 1 May 2024.", "Book early."]


@pytest.mark.parametrize(
    "question", ["Does a master need smoke?", "Smoke is what every bee likes, says the master.", "Is SM-10 good?", ""]
)
def test_words_of_its_name_in_another_order_or_far_apart_name_nothing(gone: tuple[Gone, ...], question: str) -> None:
    assert asked(gone, question, "Book early.") == ["Book early."]


def test_who_asks_what_replaced_it_is_told_however_long_the_answer(gone: tuple[Gone, ...]) -> None:
    said = ("The Example Bee Keeper Specialty was retired on 31 March 2026.", "One.", "Two.")
    question = "what replaced the example bee keeper specialty?"
    assert asked(gone, question, *said)[0].endswith("successor: Swarm Catcher.")
    assert asked(gone, "is the example bee keeper specialty hard?", *said) == list(said)


VERSIONS = """## Certificates

- **[Guild Certified: Hive Associate (004)](https://bees.example.org/a)** by the Guild
  - Kind: certificate
  - Status: active
- **[Hive Inspector](https://bees.example.org/h)** by the Guild
  - Kind: certificate
  - Status: active
- **[Guild Certified: Wax Associate (002)](https://bees.example.org/w)** by the Guild
  - Kind: certificate
  - Status: retired on 1 May 2024

Version 003 of the Hive Associate was retired on 8 January 2026.
"""


def current(*texts: str) -> list[str]:
    document = Document("bees.md", "Bees", VERSIONS, find_sections(VERSIONS), "0")
    outline = outline_document(document)
    vectors = np.zeros((len(outline.nodes), 2), dtype=np.float32)
    page: Page = make_page(outline, chunk_document(document, count_pieces=len), vectors)
    pieces = tuple(Snippet(text, text, page.passages[0]) for text in texts)
    roadmap = read_roadmap(outline)
    selection = Selection(Shape.SENTENCES, (Group("", pieces),))
    found = with_current(selection, page=lambda _: page, roadmap=lambda _: roadmap)
    assert all(stands_in_its_passage(snippet) for snippet in found.snippets[len(texts) :])
    return [snippet.text for snippet in found.snippets[len(texts) :]]


def test_an_ended_version_brings_the_one_that_stands() -> None:
    ended = "Version 003 of the Hive Associate was retired on 8 January 2026."
    assert current(ended) == ["Guild Certified: Hive Associate (004): active."]
    assert current(ended, "Take Guild Certified: Hive Associate (004).") == []


@pytest.mark.parametrize(
    "text",
    ["The Hive Associate is hard.", "Version 001 of the Wax Associate was retired in 2023.", "The guild has closed."],
)
def test_what_has_not_ended_or_has_no_version_that_stands_brings_nothing(text: str) -> None:
    assert current(text) == []
