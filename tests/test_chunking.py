"""Cutting pages into passages: nothing lost, nothing twice, never more than the embedder reads."""

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import PAGES, count_pieces
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.corpus.chunking import chunk_document, embedding_text
from advisor.corpus.reading import find_sections, read_document
from advisor.records import Document, Passage
from advisor.text import content_hash


def page(text: str, title: str = "A page") -> Document:
    return Document("a.md", title, text, find_sections(text), content_hash(text))


def distinct(text: str) -> str:
    """The text with a number behind each word, so that nothing on the page repeats."""
    count = itertools.count()
    return re.sub(r"[a-zé]+", lambda word: f"{word.group()}{next(count)}", text)


word = st.builds("{}{}".format, st.text("abcdefgé", min_size=1, max_size=12), st.sampled_from(["", ",", ".", ")", ":"]))
line = st.lists(word, min_size=1, max_size=30).map(" ".join)
block = st.one_of(
    line,
    st.builds("{} {}".format, st.sampled_from(["#", "##", "###"]), line),
    st.lists(line, min_size=1, max_size=6).map(lambda items: "\n".join(f"- {item}" for item in items)),
    st.lists(line, min_size=1, max_size=4).map(lambda items: "\n".join(f"{n}. {x}" for n, x in enumerate(items, 1))),
    st.just("```\nx = 1\n```"),
    st.just("| a | b |\n|---|---|\n| 1 | 2 |"),
)
texts = st.lists(block, min_size=1, max_size=10).map("\n\n".join)
pages = texts.map(page)


@given(pages, st.integers(24, 64))
@settings(max_examples=60, deadline=None)
def test_every_passage_is_an_exact_stretch_within_the_limit(document: Document, limit: int) -> None:
    for passage in chunk_document(document, count_pieces=count_pieces, limit_pieces=limit):
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip() != ""
        assert count_pieces(embedding_text(passage)) <= limit


@given(texts.map(distinct).map(page), st.integers(24, 64))
@settings(max_examples=60, deadline=None)
def test_every_character_that_is_not_blank_is_in_exactly_one_passage(document: Document, limit: int) -> None:
    passages = chunk_document(document, count_pieces=count_pieces, limit_pieces=limit)
    covered = Counter(offset for passage in passages for offset in range(passage.start, passage.end))
    assert set(covered.values()) <= {1}
    assert {i for i, char in enumerate(document.text) if not char.isspace()} <= covered.keys()


@given(pages)
@settings(max_examples=40, deadline=None)
def test_ids_are_distinct_and_cutting_is_repeatable(document: Document) -> None:
    first = chunk_document(document, count_pieces=count_pieces, limit_pieces=40)
    assert len({passage.id for passage in first}) == len(first)
    assert chunk_document(document, count_pieces=count_pieces, limit_pieces=40) == first


def cut(text: str, limit: int = 256) -> tuple[Passage, ...]:
    return chunk_document(page(text), count_pieces=count_pieces, limit_pieces=limit)


def test_every_character_of_a_page_without_repeats_is_in_one_passage(tmp_path: Path) -> None:
    for key, text in PAGES.items():
        path = tmp_path / key
        path.write_text(text, encoding="utf-8")
        document = read_document(path, key=key)
        passages = chunk_document(document, count_pieces=count_pieces)
        body = document.text[document.sections[0].start :]
        assert "".join("".join(p.text.split()) for p in passages) == "".join(body.split())


def test_one_section_is_one_passage_where_it_fits() -> None:
    assert [p.section for p in cut("# A\n\nx\n\n## B\n\ny\n\n- z\n")] == [("A",), ("A", "B")]


def test_a_repeated_section_stands_once() -> None:
    assert [p.text for p in cut("# A\n\nSame.\n\n# A\n\nSame.\n\n# B\n\nSame.\n")] == ["# A\n\nSame.", "# B\n\nSame."]


def test_a_passage_knows_the_headings_above_it() -> None:
    assert "Outer" in cut("# Outer\n\nx\n\n## Inner\n\ny\n")[1].context


def test_a_bare_heading_carries_the_headings_below_it() -> None:
    top = cut("# Phases\n\n## First steps\n\nx\n\n## Second steps\n\ny\n")[0]
    assert "First steps" in top.context
    assert "Second steps" in top.context


def test_a_long_list_is_cut_between_its_items() -> None:
    items = [f"- item {n} one two three four" for n in range(20)]
    passages = cut("# List\n\n" + "\n".join(items), limit=60)
    assert len(passages) > 1
    assert [line for p in passages for line in p.text.splitlines() if line.startswith("-")] == items


@pytest.mark.parametrize("text", ["", "   \n\n  ", "\n"])
def test_a_page_without_words_has_no_passages(text: str) -> None:
    assert cut(text) == ()


def test_an_id_survives_edits_elsewhere_on_the_page() -> None:
    before = cut("# A\n\nx\n\n# B\n\ny\n")
    after = cut("# A\n\nsomething else\n\n# B\n\ny\n")
    assert before[1].id == after[1].id
    assert before[0].id != after[0].id


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# A\n\n" + "word " * 40_000, id="words without a break"),
        pytest.param("# A\n\n" + "".join(f"- item {n}\n" for n in range(3000)), id="many items"),
    ],
)
def test_a_long_page_is_not_counted_over_and_over(text: str) -> None:
    """Per character of the page as much is counted as for a page of a quarter of its length, or little more."""
    counted = 0

    def count(part: str) -> int:
        nonlocal counted
        counted += len(part)
        return count_pieces(part)

    chunk_document(page(text[: len(text) // 4]), count_pieces=count)
    quarter, counted = counted, 0
    chunk_document(page(text), count_pieces=count)
    assert counted < 4 * 1.5 * quarter


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# A\n\n" + "This is a sentence of words. " * 20_000, id="sentences on one line"),
        pytest.param("# A\n\n" + "A b. " * 20_000, id="initials on one line"),
        pytest.param(f"# {'heading ' * 20_000}\n\n" + "word " * 20_000, id="a heading without end"),
    ],
)
def test_a_page_that_took_minutes_is_cut(text: str) -> None:
    passages = chunk_document(page(text), count_pieces=count_pieces)
    assert max(count_pieces(embedding_text(passage)) for passage in passages) <= 256


def test_links_longer_than_what_is_looked_at_first_do_not_cut_a_passage_short() -> None:
    """What stands in the address of a link is not counted, so a passage may be far longer than its pieces."""
    link = f"[here](https://example.org/{'x' * 400})"
    text = "# A\n\n" + "".join(f"- {link}\n" for _ in range(100))
    (passage,) = chunk_document(page(text), count_pieces=count_pieces)
    assert passage.text == text.strip()
