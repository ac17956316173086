"""Pure string functions."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.text import content_hash, normalise, sentence_spans, sentences, slug, stems, visible, words


@given(st.text())
def test_what_is_visible_is_already_visible(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(st.text())
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\ufeff", "\U000e0041", "\x00", "\x1b", "\u00ad"])
def test_hidden_characters_are_taken_out(hidden: str) -> None:
    assert visible(f"a{hidden}b") == "ab"


def test_line_breaks_stay_and_lone_surrogates_become_a_mark() -> None:
    assert visible("a\nb\t\ud800") == "a\nb\t\N{REPLACEMENT CHARACTER}"


def test_quotes_dashes_width_case_and_spaces_make_no_difference() -> None:
    assert normalise("  “Don’t”\n4–5  ＷＥＥＫＳ ") == '"don\'t" 4-5 weeks'


@pytest.mark.parametrize("word", ["c++", "c#", "fast.ai", "node.js", "don't"])
def test_names_of_things_stay_whole(word: str) -> None:
    assert words(f"Learn {word}, then rest.") == ["learn", word, "then", "rest"]


def test_spellings_of_one_thing_share_their_stems() -> None:
    assert stems("ML certs") == stems("machine learning certificates") == stems("Machine-Learning certifications")
    assert stems("maths") == stems("Mathematics")


def test_stop_words_have_no_stems() -> None:
    assert stems("What is the thing that you would recommend?") == []


@given(st.text(max_size=200))
def test_sentences_are_exact_stretches_in_order_and_lose_only_blanks(text: str) -> None:
    spans = list(sentence_spans(text, 0, len(text)))
    ends = [0, *(place for span in spans for place in (span.start, span.end))]
    assert ends == sorted(ends)
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split())


@pytest.mark.parametrize(
    "whole", ["It takes approx. 6 weeks.", "Use a language, e.g. Python.", "Ask Dr. Who.", "By J. Smith in time."]
)
def test_abbreviations_end_no_sentence(whole: str) -> None:
    assert sentences(f"{whole} Then rest.") == [whole, "Then rest."]


def test_a_closing_quote_belongs_to_its_sentence() -> None:
    assert sentences('He said "Stop." Then he left! Why? No.') == ['He said "Stop."', "Then he left!", "Why?", "No."]


def test_the_hash_is_that_of_the_bytes_and_takes_any_text() -> None:
    assert content_hash("é") == hashlib.sha256(b"\xc3\xa9").hexdigest()
    assert len(content_hash("\ud800")) == 64


@pytest.mark.parametrize(
    ("text", "expected"), [("Phase 1: Maths & Code!", "phase-1-maths-code"), ("…", ""), ("Über uns", "über-uns")]
)
def test_a_slug_is_words_joined_by_hyphens(text: str, expected: str) -> None:
    assert slug(text) == expected
