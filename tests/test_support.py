"""Support of a sentence by a passage: what each guard lets through and stops, and the two scores by hand."""

from collections.abc import Sequence

import numpy as np
import pytest
from test_lines import CARD, TABLE

from advisor.evaluation.support import (
    EMBEDDING_THRESHOLD,
    Quantity,
    Tier,
    agrees,
    embedding_support,
    in_digits,
    lexical_support,
    quantities,
    states_all,
    supports,
    unstated_quantities,
)
from advisor.index.embedding import Vectors

LENGTH = "Kafka takes 10 weeks at 5 hours a week."


class AngleEmbedder:
    """Two dimensions: a text on water points along the first, one on fire along the second, any other between."""

    name = digest = "angle"
    dimension = 2

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._row(text) for text in texts], dtype=np.float32)

    def _row(self, text: str) -> tuple[float, float]:
        if "water" in text:
            return (1, 0)
        return (0, 1) if "fire" in text else (0.6, 0.8)


EMBEDDER = AngleEmbedder()

# --- the scores ------------------------------------------------------------------------------------


def test_the_lexical_score_is_the_share_of_content_stems_the_passage_has() -> None:
    assert lexical_support("Streams carry purple events.", "A stream carries an event.") == pytest.approx(3 / 4)


def test_numbers_in_words_and_digits_are_one_word() -> None:
    assert lexical_support("Kafka takes ten weeks.", "Kafka takes 10 weeks.") == 1


def test_a_sentence_without_content_words_is_not_supported() -> None:
    assert lexical_support("It is so.", LENGTH) == 0


def test_the_embedding_score_is_that_of_the_nearest_line() -> None:
    passage = "- fire burns\n- grass grows\n- fire again"
    assert embedding_support("water flows", passage, EMBEDDER) == pytest.approx(0.6)


def test_a_line_is_embedded_under_its_heading() -> None:
    assert embedding_support("water flows", "## All about water\n\nIt flows.", EMBEDDER) == pytest.approx(1)


def test_the_embedding_score_never_leaves_0_to_1() -> None:
    class Opposed(AngleEmbedder):
        def _row(self, text: str) -> tuple[float, float]:
            return (1, 0) if "water" in text else (-1, 0)

    assert embedding_support("water flows", "grass grows", Opposed()) == 0


@pytest.mark.parametrize("passage", ["", "\n\n"])
def test_an_empty_passage_supports_nothing(passage: str) -> None:
    assert not any(supports("water flows", passage, tier, EMBEDDER) for tier in Tier)


def test_a_passage_supports_its_own_sentences_in_each_tier() -> None:
    assert all(supports(LENGTH, LENGTH, tier, EMBEDDER) for tier in Tier)


def test_a_score_at_the_threshold_supports() -> None:
    class Tilted(AngleEmbedder):
        def _row(self, text: str) -> tuple[float, float]:
            return (1, 0) if "water" in text else (EMBEDDING_THRESHOLD + 0.001, 0)

    assert supports("water flows", "grass grows", Tier.EMBEDDING, Tilted())


def test_the_embedding_tier_asks_for_an_embedder() -> None:
    with pytest.raises(ValueError, match="needs an embedder"):
        supports(LENGTH, LENGTH, Tier.EMBEDDING)


@pytest.mark.parametrize(
    "sentence",
    [
        "Kafka takes 12 weeks at 5 hours a week.",  # quantity
        "Kafka and Spark take 10 weeks.",  # name
        "Kafka does not take 10 weeks.",  # denial
    ],
)
def test_a_failed_guard_makes_both_scores_0(sentence: str) -> None:
    assert lexical_support(sentence, LENGTH) == 0
    assert embedding_support(sentence, LENGTH, EMBEDDER) == 0


# --- quantities ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("10 weeks", Quantity(70, 70, "day")),
        ("a 90-day plan", Quantity(90, 90, "day")),
        ("6–9 months", Quantity(6, 9, "month")),
        ("two to three years", Quantity(24, 36, "month")),
        ("half an hour", Quantity(30, 30, "minute")),
        ("one month", Quantity(1, 1, "month")),
        ("10 hours per week", Quantity(600, 600, "minute", "week")),
        ("ten hours weekly", Quantity(600, 600, "minute", "week")),
        ("USD 1,699", Quantity(1699, 1699, "usd")),
        ("two hundred dollars", Quantity(200, 200, "usd")),
        ("$40 a year", Quantity(40, 40, "usd", "year")),
        ("39 %", Quantity(39, 39, "%")),
        ("phase 3", Quantity(3, 3)),
        ("twenty-five of them", Quantity(25, 25)),
    ],
)
def test_a_quantity_is_read_with_its_unit(text: str, quantity: Quantity) -> None:
    assert quantities(text) == (quantity,)


@pytest.mark.parametrize("text", ["exam DP-203", "k8s", "https://example.org/2024", "no one knows"])
def test_codes_addresses_and_the_word_one_are_no_quantities(text: str) -> None:
    assert quantities(text) == ()


def test_digits_take_the_place_of_number_words() -> None:
    assert in_digits("Ninety-five days, half a year or one of a hundred") == "95 days, 6 months or one of 100"


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("It lasts 12 weeks.", "It lasts 10 weeks."),  # another figure
        ("It lasts 10 months.", "It lasts 10 weeks."),  # another unit
        ("It lasts one month.", "It lasts one week."),
        ("It asks 5 hours a day.", "It asks 5 hours a week."),  # another rate
        ("It lasts 10–15 weeks.", "It lasts 15–20 weeks, or 10 at most."),  # ends of no one range
        ("It costs 203 dollars.", "Exam DP-203 has a price in dollars."),  # the figure of a code
        ("It costs EUR 90.", "It costs USD 90."),
        ("It has 12 parts.", "It has 2 parts."),
        ("It gains 20 %.", "It gains 20 points."),
        ("Kafka takes 6 to 8 months.", TABLE),
    ],
)
def test_a_quantity_that_the_passage_does_not_state_is_found(sentence: str, passage: str) -> None:
    assert len(unstated_quantities(sentence, passage)) == 1
    assert not states_all(sentence, passage)


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("It lasts two weeks.", "It lasts 14 days."),  # the same in another unit
        ("It lasts at least 6 months.", "It lasts 6–9 months."),  # one end of a range
        ("It holds more than 140 hours.", "Content: 140+ hours"),
        ("It costs 40 dollars.", "It costs USD 40 a year."),  # the rate left out
        ("Kafka takes 10 weeks.", TABLE),  # the unit is the column's name
        ("Airflow takes 6 to 8 weeks.", TABLE),
        ("It is renewed once a year.", "It is renewed yearly."),  # an article claims no figure
        ("You wait one year.", "You wait a year."),
    ],
)
def test_a_quantity_that_the_passage_states_otherwise_is_let_through(sentence: str, passage: str) -> None:
    assert unstated_quantities(sentence, passage) == ()


# --- names, codes and links ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("The course is by Grace.", CARD),
        ("AWS offers the course.", CARD),  # an acronym, even where the sentence begins
        ("The exam is KF-102.", CARD),
        ("The exam is KF-10.", CARD),  # a part of a code is another code
        ("See https://example.org/spark for it.", CARD),
    ],
)
def test_a_name_code_or_link_that_is_not_in_the_passage_is_found(sentence: str, passage: str) -> None:
    assert not states_all(sentence, passage)


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("The exam is KF 101, by Ada.", CARD),
        ("See https://example.org/kafka.", CARD),
        ("Engineers use ML.", "They use machine learning."),
        ("Purple is a colour.", "A colour."),  # the first word is a capital by its place
    ],
)
def test_a_name_code_or_link_of_the_passage_is_let_through(sentence: str, passage: str) -> None:
    assert states_all(sentence, passage)


# --- agreement -------------------------------------------------------------------------------------

TOOLS = "Setting up the tools is easier than it looks. Membership is not required for the exam; a degree is."


@pytest.mark.parametrize(
    "sentence",
    [
        "Setting up the tools is harder than it looks.",  # the opposite
        "Setting up the tools is not easier than it looks.",  # denied
        "Membership is required for the exam.",  # no longer denied
        "A degree helps, and membership is required for the exam.",  # in one clause of two
    ],
)
def test_a_line_said_again_the_other_way_round_does_not_agree(sentence: str) -> None:
    assert not agrees(sentence, TOOLS)


def test_another_figure_in_the_unit_of_the_line_said_again_does_not_agree() -> None:
    passage = "Ada allows 6 months for the first level. Grace allows 9 months for everything else."
    assert states_all("Ada allows 9 months for the first level.", passage)
    assert not agrees("Ada allows 9 months for the first level.", passage)


@pytest.mark.parametrize(
    "sentence",
    [
        "Setting up the tools is easier than it looks.",
        "Membership is not required for the exam.",
        "Nobody fails at installing what they work with.",  # no line said again: the denial may be a paraphrase
    ],
)
def test_a_line_said_again_or_freely_reworded_agrees(sentence: str) -> None:
    assert agrees(sentence, TOOLS)


def test_a_clause_is_compared_with_the_clause_it_says_again_and_not_with_its_neighbour() -> None:
    passage = "Unit 1 takes 10 hours on Kafka streams; we could not confirm the other units."
    assert agrees("Unit 1 takes 10 hours on Kafka streams.", passage)


def test_a_denial_in_the_heading_is_not_the_lines() -> None:
    assert agrees("Kafka carries event streams.", "## What you do not need\n\nKafka carries event streams.")


def test_what_is_listed_of_one_item_agrees_though_another_denies_it() -> None:
    passage = "- KF-101\n  - Validity: does not expire\n  - Cost: USD 90\n- AF-202\n  - Cost: USD 90"
    assert agrees("KF-101: Validity: does not expire, Cost: USD 90.", passage)
