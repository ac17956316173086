"""The check of words against evidence: what is not borne out does not pass."""

from dataclasses import replace

import pytest

from advisor.answer.ground import ground, numbers, split_draft, stands_in_its_passage, supports
from advisor.answer.selection import Group, Selection, Shape, only
from advisor.records import Passage, Snippet


def evidence(text: str, quote: str = "", document: str = "a.md") -> Snippet:
    quote = quote or text
    passage = Passage(f"{document}#x#{len(text)}", document, "Data Engineer", ("Phases",), 0, len(quote), quote)
    return Snippet(text, quote, passage, ("Phases",))


LENGTH = evidence("Phase 2 of the training takes 10 weeks with Kafka and Airflow.")
NEVER = evidence("Bakers do not work on Sundays.")
LINKED = evidence("The course is at https://example.org/sql and covers SQL joins.")
ALL = [LENGTH, NEVER, LINKED]


@pytest.mark.parametrize("piece", ALL)
def test_evidence_bears_itself_out(piece: Snippet) -> None:
    assert supports(piece, piece.text)


def test_evidence_said_again_stands_and_keeps_its_passages() -> None:
    grounded = ground("\n".join(piece.text for piece in ALL), ALL, question="Tell me all")
    assert grounded.stands
    assert [piece.passage for piece in grounded.kept] == [piece.passage for piece in ALL]


# each is its evidence with one thing made false
@pytest.mark.parametrize(
    ("piece", "draft"),
    [
        (LENGTH, "Phase 2 of the training takes 12 weeks with Kafka and Airflow."),  # another number
        (LENGTH, "Phase 2 of the training takes twelve weeks with Kafka and Airflow."),  # another number, in words
        (LENGTH, "Phase 3 of the training takes 10 weeks with Kafka and Airflow."),  # another ordinal
        (LENGTH, "Phase 2 of the training takes 10 weeks with Spark and Airflow."),  # another name
        (LENGTH, "Phase 2 of the training never takes 10 weeks with Kafka and Airflow."),  # denied
        (NEVER, "Bakers do work on Sundays."),  # no longer denied
        (LINKED, "The course is at https://example.com/sql and covers SQL joins."),  # another address
        (LINKED, "The course is at https://example.org/sql-2 and covers SQL joins."),
        (LINKED, "The course is at https://example.org/sql and covers gardening, hedges, lawns, spades and bread."),
    ],
)
def test_a_false_wording_is_not_borne_out(piece: Snippet, draft: str) -> None:
    grounded = ground(draft, [piece], question="What about it?")
    assert not grounded.stands
    assert grounded.dropped == (draft,)


def test_a_true_sentence_beside_an_invented_one_does_not_stand_but_is_kept() -> None:
    invented = "It also costs 900 dollars at Stanford."
    grounded = ground(f"{LENGTH.text} {invented}", [LENGTH], question="How long?")
    assert [piece.text for piece in grounded.kept] == [LENGTH.text]
    assert grounded.dropped == (invented,)
    assert not grounded.stands


def test_words_of_two_sources_mixed_in_one_sentence_are_not_borne_out() -> None:
    other = evidence("Phase 1 of the apprenticeship takes 3 years with Spade and Secateurs.", document="b.md")
    draft = "Phase 2 of the training takes 3 years with Kafka and Airflow."
    assert not ground(draft, [LENGTH, other], question="How long?").kept


def test_an_item_left_out_is_lost() -> None:
    items = [evidence("Airflow schedules jobs"), evidence("Kafka carries streams"), evidence("dbt shapes tables")]
    grounded = ground("Airflow schedules jobs.\nKafka carries streams.", items, question="Which tools?")
    assert len(grounded.kept) == 2
    assert "dbt shapes tables" in grounded.lost
    assert not grounded.stands


def test_a_number_left_out_is_lost() -> None:
    grounded = ground("The training has a phase with Kafka and Airflow.", [LENGTH], question="What is it?")
    assert {"2", "10"} <= set(grounded.lost)


def test_a_link_left_out_is_lost() -> None:
    grounded = ground("The course covers SQL joins.", [LINKED], question="Where is the course?")
    assert "https://example.org/sql" in grounded.lost


@pytest.mark.parametrize("draft", ["", "   \n", "[1]", "- "])
def test_an_empty_draft_does_not_stand(draft: str) -> None:
    assert not ground(draft, [LENGTH], question="How long?").stands


def test_a_draft_without_any_evidence_does_not_stand() -> None:
    assert not ground("It takes a while.", [], question="How long?").stands


def test_marks_of_the_writer_count_for_nothing() -> None:
    marked = ground(f"{LENGTH.text[:-1]} [7].", [NEVER, LENGTH], question="How long?")
    assert [piece.passage for piece in marked.kept] == [LENGTH.passage]


def test_a_name_from_the_question_may_be_said() -> None:
    draft = "For Ada, Phase 2 of the training takes 10 weeks with Kafka and Airflow."
    assert not supports(LENGTH, f"So {draft}", "How long?")
    assert supports(LENGTH, f"So {draft}", "How long for Ada?")


def test_digits_and_number_words_are_one() -> None:
    assert numbers("Four weeks, 4 weeks and 1,000 hours") == {"4", "1,000"}
    assert numbers("one of them") == set()
    assert numbers("see https://example.org/42") == set()


def test_bullets_marks_and_sentences_are_taken_apart() -> None:
    assert split_draft("- One is here [1].\n2. Two are there. Three too [2].\n\n* Four") == [
        "One is here.",
        "Two are there.",
        "Three too.",
        "Four",
    ]


# drafts that a small model wrote and an earlier check let through
@pytest.mark.parametrize(
    ("said", "draft", "question"),
    [
        (
            "Machine-learning algorithms for AI/ML engineers: Unsupervised learning: clustering, PCA.",
            "The machine-learning algorithms for AI/ML engineers belong to unsupervised learning.",
            "What belongs to unsupervised learning?",
        ),
        (
            "The difficulty of AI/ML engineering is high.",
            "The difficulty level of AI/ML engineering is extremely high.",
            "How hard is it?",
        ),
        (
            "Python for Data Science: Duration: about 26 hours.",
            "The Python for Data Science course takes 26 hours.",
            "How many hours is that Python for Data Science course?",
        ),
    ],
    ids=["half of it", "stretched", "qualifier lost"],
)
def test_what_says_less_or_more_than_its_source_does_not_stand(said: str, draft: str, question: str) -> None:
    assert not ground(draft, [evidence(said)], question=question).stands


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Phase 2 takes 10 weeks, with Kafka and Airflow.", True),
        ("Phase 2 takes 12 weeks, with Kafka and Airflow.", False),
        ("Phase 2 takes 10 weeks, with Spark and Airflow.", False),
        ("Phase 2 takes 10 weeks: see https://example.org/elsewhere", False),
        ("Phases: gardeners prune hedges and mow lawns in spring.", False),
    ],
)
def test_a_piece_of_the_extract_must_stand_in_the_passage_it_cites(text: str, stands: bool) -> None:
    assert stands_in_its_passage(replace(LENGTH, text=text)) is stands


def test_pieces_that_do_not_hold_leave_a_selection() -> None:
    false = replace(LENGTH, text="Phase 2 takes 12 weeks.")
    mixed = Selection(Shape.LIST, (Group("Times:", (LENGTH, false)), Group("Others:", (false,))))
    assert only(mixed, stands_in_its_passage) == Selection(Shape.LIST, (Group("Times:", (LENGTH,)),))
    assert only(Selection(Shape.LIST, (Group("Times:", (false,)),)), stands_in_its_passage) is None
