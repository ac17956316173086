"""Which words of a passage are highlighted: those that a claim relies on, and no more lines than it uses."""

import pytest

from advisor.text import Span
from advisor.web.highlight import used_spans

CERTIFICATES = """Two certificates count:

- **[Loaf Master](https://example.org/loaf)** by the Guild
  - Kind: certificate
  - Status: active
  - Cost: USD 150
  - Level: master
- **Oven Master** by the Guild
  - Status: active
  - Cost: USD 90
- **Crust Expert** by the School
  - Status: active
"""
PHASES = """The roadmap has three phases. It has no later phase.

| Phase | Content | Duration |
|---|---|---|
| Phase 1 | Doughs | 4 weeks |
| Phase 2 | Ovens | 6 weeks |
| Phase 3 | Crusts | 8 weeks |
"""


def used(text: str, start: str, end: str, *claims: str) -> list[str]:
    """What is highlighted of a text whose quote runs from the first words to the last."""
    quote = Span(text.index(start), text.index(end) + len(end))
    return [text[span.start : span.end] for span in used_spans(text, quote, claims)]


def test_a_row_between_two_that_are_used_is_left_out() -> None:
    assert used(PHASES, "The roadmap", "8 weeks |", "Phase 1: Duration: 4 weeks.", "Phase 3: Duration: 8 weeks.") == [
        "Phase 1",
        "4 weeks",
        "Phase 3",
        "8 weeks",
    ]


def test_cells_of_one_row_and_sentences_of_one_line_are_one_stretch() -> None:
    claims = ("The roadmap has three phases.", "It has no later phase.", "Phase 2: Content: Ovens; Duration: 6 weeks.")
    assert used(PHASES, "The roadmap", "8 weeks |", *claims) == [
        "The roadmap has three phases. It has no later phase.",
        "Phase 2 | Ovens | 6 weeks",
    ]


def test_the_properties_of_an_item_are_found_below_the_quote_and_only_its_own() -> None:
    claim = "Oven Master by the Guild: Status: active, Cost: USD 90"
    assert used(CERTIFICATES, "**Oven", "the Guild\n  - Status: active\n  - Cost: USD 90", claim) == [
        "**Oven Master** by the Guild",
        "Status: active",
        "Cost: USD 90",
    ]
    assert used(CERTIFICATES, "**Oven Master**", "**Oven Master** by the Guild", claim) == [
        "**Oven Master** by the Guild",
        "Status: active",
        "Cost: USD 90",
    ]


def test_items_that_are_alike_keep_their_own_properties() -> None:
    claims = ("Loaf Master by the Guild: Cost: USD 150", "Oven Master by the Guild: Status: active, Cost: USD 90")
    assert used(CERTIFICATES, "**[Loaf", "**Oven Master** by the Guild", *claims) == [
        "**[Loaf Master](https://example.org/loaf)** by the Guild",
        "Cost: USD 150",
        "**Oven Master** by the Guild",
        "Status: active",
        "Cost: USD 90",
    ]


def test_a_property_that_is_cited_alone_is_highlighted_alone() -> None:
    assert used(CERTIFICATES, "Kind: certificate", "Level: master", "Cost: USD 150.") == ["Cost: USD 150"]


def test_a_sentence_whose_number_differs_is_not_used() -> None:
    text = "Baking takes 4 weeks. Milling takes 6 weeks. Selling takes 8 weeks."
    assert used(text, "Baking", "8 weeks.", "Baking takes 4 weeks.", "Selling takes 8 weeks.") == [
        "Baking takes 4 weeks.",
        "Selling takes 8 weeks.",
    ]


def test_what_a_claim_has_already_from_a_longer_sentence_is_not_highlighted_again() -> None:
    text = "The Guild names the loaf course and the oven course.\n\n- Focus: the oven course\n- Cost: none\n"
    assert used(text, "The Guild", "Cost: none", "The Guild names the loaf course and the oven course.") == [
        "The Guild names the loaf course and the oven course."
    ]


def test_a_claim_in_other_words_gets_the_sentence_that_shares_most_with_it() -> None:
    text = "Bread needs patience, flour, water and salt in a warm room. Shops open at six."
    claim = "You will be patient: flour and salt."
    assert used(text, "Bread", "at six.", claim) == ["Bread needs patience, flour, water and salt in a warm room."]


@pytest.mark.parametrize("claims", [(), ("Nothing of this kind.",)])
def test_where_nothing_fits_the_whole_quote_is_highlighted(claims: tuple[str, ...]) -> None:
    text = "Bread needs patience. Shops open at six."
    assert used(text, "needs", "open", *claims) == ["needs patience. Shops open"]


def test_a_quote_within_a_line_is_not_left() -> None:
    text = "- **Algebra** and probability: about 4-5 months at 10 hours a week."
    assert used(text, "about", "a week", "Algebra and probability: about 4–5 months at 10 hours a week.") == [
        "about 4-5 months at 10 hours a week"
    ]


def test_a_wrapped_sentence_is_one_piece() -> None:
    text = "Ask your\nemployer before you pay. Then wait."
    assert used(text, "Ask", "wait.", "Ask your employer before you pay.") == ["Ask your\nemployer before you pay."]


def test_an_empty_quote_highlights_nothing() -> None:
    assert used_spans("some text", Span(4, 4), ("some text",)) == ()
    assert used_spans("", Span(0, 0), ()) == ()
