"""The lines of a passage under what they stand under, and what is said of one thing."""

import pytest

from advisor.evaluation.lines import Line, lines_under_headings, tells_of_one_thing

TABLE = "| Course | Weeks |\n|---|---|\n| Airflow | 6–8 |\n| Kafka | 10 |"
CARD = """## Phase 2 of the roadmap: Pipelines

Two courses are enough:

- **[Kafka basics](https://example.org/kafka)** by Ada
  - Cost: USD 1,200
  - Topics: exam KF-101, streams"""


def test_list_items_stand_under_heading_lead_and_parent() -> None:
    heading, lead, parent = "Phase 2 of the roadmap: Pipelines", "Two courses are enough", "Kafka basics by Ada"
    assert lines_under_headings(CARD) == (
        Line(lead, (heading,)),
        Line(parent, (heading, lead)),
        Line("Cost: USD 1,200", (heading, lead, parent)),
        Line("Topics: exam KF-101, streams", (heading, lead, parent)),
    )


def test_table_rows_stand_under_their_column_names() -> None:
    assert [line.reading for line in lines_under_headings(TABLE)] == [
        "Course, Weeks: Airflow, 6–8",
        "Course, Weeks: Kafka, 10",
    ]


def test_a_paragraph_falls_into_sentences_and_ends_a_list() -> None:
    lines = lines_under_headings("Ways:\n\n- one\n\nFirst sentence. Second sentence.")
    assert lines[-2:] == (Line("First sentence."), Line("Second sentence."))


def test_a_heading_of_the_same_level_takes_the_place_of_the_one_before() -> None:
    assert lines_under_headings("# A\n## B\nb\n## C\nc") == (Line("b", ("A", "B")), Line("c", ("A", "C")))


def test_a_passage_of_headings_alone_has_them_as_lines() -> None:
    assert lines_under_headings("## Phase 1 (6 weeks)") == (Line("Phase 1 (6 weeks)"),)


@pytest.mark.parametrize(
    ("statement", "passage"),
    [
        ("Kafka: Weeks: 10.", TABLE),
        ("Kafka basics by Ada: Topics: exam KF-101, streams, Cost: USD 1,200", CARD),
        ("Pipelines: Two courses are enough", CARD),
        ("Multiply first: 10 weeks at 10 hours are 100 hours.", "Multiply first: 10 weeks at 10 hours are 100 hours."),
    ],
)
def test_all_that_is_listed_stands_with_one_thing(statement: str, passage: str) -> None:
    assert tells_of_one_thing(statement, lines_under_headings(passage))


@pytest.mark.parametrize(
    ("statement", "passage"),
    [
        ("Kafka: Weeks: 6–8", TABLE),
        ("Kafka basics by Ada: Cost: free", CARD),
        ("You need a degree.", "It is a myth that you need a degree."),
    ],
)
def test_what_stands_with_another_thing_or_in_a_longer_clause_does_not(statement: str, passage: str) -> None:
    assert not tells_of_one_thing(statement, lines_under_headings(passage))
