"""What a line of a page is worth for a question."""

import numpy as np

from advisor.answer.weigh import Page, make_page, weigh
from advisor.corpus.chunking import chunk_document
from advisor.corpus.outline import outline_document
from advisor.corpus.reading import find_sections
from advisor.records import Document, Intent, Query

TWO_PROJECTS = """# Baking

## Project: Bread

Collect a hundred loaves of bread.

## Project: Cake

Collect five hundred cakes.
"""


def page() -> Page:
    document = Document("baking.md", "Baking", TWO_PROJECTS, find_sections(TWO_PROJECTS), "0")
    outline = outline_document(document)
    passages = chunk_document(document, count_pieces=len, limit_pieces=80)
    return make_page(outline, passages, np.zeros((len(outline.nodes), 2), dtype=np.float32))


def first_line(*near: str) -> str:
    """The best line for a question that fits both projects alike, after an answer that cited these passages."""
    query = Query("how many do I collect?", "", Intent.FACT, ("collect",), is_follow_up=bool(near), near=near)
    found = weigh(query, [page()], [], rarity={"collect": 1.0}, vector=np.zeros(2, dtype=np.float32))
    return next(line.node.text for line in found if line.node.text.startswith("Collect"))


def test_a_follow_up_is_about_the_passages_that_were_cited() -> None:
    bread, cake = (next(one.id for one in page().passages if word in one.text) for word in ("loaves", "cakes"))
    assert bread != cake
    assert first_line(bread) == "Collect a hundred loaves of bread."
    assert first_line(cake) == "Collect five hundred cakes."
    assert first_line() == "Collect a hundred loaves of bread."  # ties in reading order
