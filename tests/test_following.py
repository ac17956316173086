"""What is offered as a next question: only what the page has, only what was not told."""

from dataclasses import replace

import numpy as np
import pytest

from advisor.answer.following import LONGEST_CHARS, MOST, follow_answer, instead_of
from advisor.answer.weigh import Page, make_page
from advisor.corpus.chunking import chunk_document
from advisor.corpus.outline import outline_document
from advisor.corpus.reading import find_sections
from advisor.corpus.roadmap import read_roadmap
from advisor.records import Answer, Citation, Document, Intent, Passage, Query, Status

CAREER = """## What a beekeeper is

A beekeeper keeps colonies of bees healthy.

## Day-to-day work of a beekeeper

- Opens hives
- Moves boxes

## Roadmap to becoming a beekeeper, in order

1. Phase 1: The bee year
2. Phase 2: Your own hives

## Phase 1 of the beekeeper roadmap: The bee year

- **[Introduction to Bees](https://bees.example.org/intro)** by Example University
  - Kind: course
  - Duration: 6 weeks
  - Cost: free to audit
  - Prerequisites: Hive inspection
- **[The Quiet Hive](https://bees.example.org/quiet)** by A. Author
  - Kind: book
  - Cost: EUR 25

## Phase 2 of the beekeeper roadmap: Your own hives

- **Project: a hive diary**
  - Kind: project
  - Duration: not stated
  - Cost: free

## How long it takes to become a beekeeper

- The Beekeeping Roadmap: 4–5 months

## Certificates for beekeepers

- **[Certified Beekeeper](https://bees.example.org/c)**
  - Kind: certificate
  - Status: active

## How hard it is to become a beekeeper

Harder in winter.
"""
GUIDE = """## Free books on programming

Two of them.

## The coding interview

A whiteboard.

## Whether you need a degree

No.

## How to spot your mistakes

Look.

## When all is lost

Rest.

## Links

Many of them.

## Stages of the hiring process of large companies that pay well and answer

Five of them.

## A degree, a bootcamp or neither

It depends.

## Python or R first

Either.

## Nothing below this heading
"""


def page_of(text: str, role: str | None = None, key: str = "page.md") -> Page:
    document = Document(key, role or "A guide", text, find_sections(text), "0", role=role)
    outline = outline_document(document)
    vectors = np.zeros((len(outline.nodes), 2), dtype=np.float32)
    return make_page(outline, chunk_document(document, count_pieces=len), vectors)


@pytest.fixture(scope="module")
def career() -> Page:
    return page_of(CAREER, "Beekeeper", "beekeeper.md")


@pytest.fixture(scope="module")
def guide() -> Page:
    return page_of(GUIDE, key="guide.md")


def passage_of(page: Page, quote: str) -> Passage:
    at = page.outline.document.text.index(quote)
    return next(passage for passage in page.passages if passage.start <= at < passage.end)


def answer_from(page: Page, *quotes: str, text: str = "So it is [1].", question: str = "q") -> Answer:
    """An answer that relies on these words of the page."""
    found = [passage_of(page, quote) for quote in quotes]
    citations = tuple(
        Citation(number, passage.id, passage.document, " > ".join(passage.section), None, quote)
        for number, (passage, quote) in enumerate(zip(found, quotes, strict=True), start=1)
    )
    return Answer(question, Status.ANSWERED, text, citations=citations)


def query_of(question: str = "q", intent: Intent = Intent.FACT, subject: str | None = None) -> Query:
    return Query(question, question, intent, (), subject=subject)


def offered(page: Page, answer: Answer, query: Query | None = None, *earlier: Answer) -> list[str]:
    found = follow_answer(query or query_of(), answer, page, read_roadmap(page.outline), earlier)
    return [one.text for one in found]


# --- careers ----------------------------------------------------------------------------------------


def test_three_questions_at_most_each_from_a_section_of_the_page(career: Page) -> None:
    found = follow_answer(query_of(), answer_from(career, "Opens hives"), career, read_roadmap(career.outline))
    assert len(found) == MOST
    headings = {node.text for node in career.outline.nodes}
    assert all(one.section in headings and one.document == "beekeeper.md" for one in found)
    assert all("beekeeper" in one.text for one in found)


def test_a_subject_without_a_section_is_not_offered(career: Page) -> None:
    after_the_time = offered(career, answer_from(career, "4–5 months"), query_of(intent=Intent.DURATION))
    assert "hard" in after_the_time[0]  # then would come the first step, which this page does not have
    assert not any("this week" in text or "start" in text for text in after_the_time)


def test_a_subject_with_two_sections_is_not_offered_as_one() -> None:
    page = page_of(f"{CAREER}\n## Certificates abroad\n\n- None\n", "Beekeeper")
    texts = offered(page, answer_from(page, "4–5 months"))
    assert "Tell me about certificates for beekeepers." not in texts[:1]
    assert not any("certificates for a beekeeper" in text for text in texts)


def test_a_section_on_the_time_that_states_none_is_not_offered() -> None:
    page = page_of(CAREER.replace("4–5 months", "it depends"), "Beekeeper")
    assert not any("ow long" in text for text in offered(page, answer_from(page, "it depends")))
    assert not any("ow long" in text for text in offered(page, answer_from(page, "Harder in winter.")))


def test_what_was_told_or_asked_before_is_not_offered_again(career: Page) -> None:
    first = offered(career, answer_from(career, "Harder in winter."))
    assert any("ow long" in text for text in first)
    told = answer_from(career, "4–5 months")
    assert not any("ow long" in text for text in offered(career, answer_from(career, "Harder in winter."), None, told))
    asked = Answer(first[0].upper(), Status.REFUSED, "No.")
    assert first[0] not in offered(career, answer_from(career, "Harder in winter."), None, asked)


def test_the_subject_that_was_asked_for_is_not_offered_though_another_section_answered(career: Page) -> None:
    texts = offered(career, answer_from(career, "Opens hives"), query_of(subject="difficulty"))
    assert not any("hard" in text for text in texts)


def test_the_same_answer_gives_the_same_questions(career: Page) -> None:
    answer = answer_from(career, "Opens hives")
    assert offered(career, answer) == offered(career, answer)


@pytest.mark.parametrize(
    ("role", "spoken"),
    [("AI/ML engineer", "an AI/ML engineer"), ("UX designer", "a UX designer"), ("iOS developer", "an iOS developer"),
     ("Data Engineer", "a data engineer"), ("Research scientist (ML)", "a research scientist"),
     ("SRE", "an SRE"), ("User researcher", "a user researcher")],
)  # fmt: skip
def test_the_role_is_worded_as_within_a_sentence(role: str, spoken: str) -> None:
    page = page_of(CAREER, role)
    assert any(spoken in text for text in offered(page, answer_from(page, "Harder in winter.")))


# --- courses and phases -----------------------------------------------------------------------------


def test_of_a_course_what_its_page_states_and_the_answer_did_not_say(career: Page) -> None:
    told = answer_from(career, "**[Introduction to Bees](https://bees.example.org/intro)**")
    assert offered(career, told)[:2] == [
        "How long does “Introduction to Bees” take?",
        "Is “Introduction to Bees” free?",
    ]
    said = answer_from(career, "Duration: 6 weeks", text="Introduction to Bees takes 6 weeks [1].")
    assert offered(career, said)[:2] == [
        "Is “Introduction to Bees” free?",
        "What do I need before “Introduction to Bees”?",
    ]


def test_of_a_course_nothing_that_its_page_does_not_state(career: Page) -> None:
    texts = offered(career, answer_from(career, "**[The Quiet Hive](https://bees.example.org/quiet)**"))
    assert texts[0] == "What does “The Quiet Hive” cost?"
    assert not any("take?" in text or "before" in text for text in texts)
    assert "a hive diary" not in " ".join(offered(career, answer_from(career, "**Project: a hive diary**")))


def test_after_an_answer_of_several_courses_none_of_them_is_asked_about(career: Page) -> None:
    texts = offered(career, answer_from(career, "Duration: 6 weeks", "**[The Quiet Hive]"))
    assert not any("“" in text for text in texts)


def test_after_a_phase_comes_the_next_and_after_the_way_its_first(career: Page) -> None:
    assert "What is in phase 2, Your own hives?" in offered(career, answer_from(career, "**[The Quiet Hive]"))
    assert not any("phase" in text for text in offered(career, answer_from(career, "**Project: a hive diary**")))
    assert offered(career, answer_from(career, "1. Phase 1: The bee year"))[0] == "What is in phase 1, The bee year?"


# --- pages without a role ---------------------------------------------------------------------------


def test_a_guide_offers_its_next_sections_in_words_that_stand_alone(guide: Page) -> None:
    assert offered(guide, answer_from(guide, "Two of them.")) == [
        "Tell me about the coding interview.",
        "Tell me whether I need a degree.",
        "How do I spot my mistakes?",
    ]


def test_headings_that_are_dull_too_long_empty_or_a_comparison_are_passed_over_and_earlier_ones_come_last(
    guide: Page,
) -> None:
    assert offered(guide, answer_from(guide, "Rest.")) == [
        "Python or R first?",
        "Tell me about free books on programming.",
        "Tell me about the coding interview.",
    ]


def test_names_keep_their_capitals_and_other_first_words_lose_them() -> None:
    page = page_of(
        "## Google courses for beginners\n\nAsk Google.\n\n## Financial aid for learners\n\nSome.\n\n"
        "## Deep Learning Specialization (3 months)\n\nHard.\n\n## Stages of hiring\n\nTwo.\n"
    )
    assert offered(page, answer_from(page, "Two.")) == [
        "Tell me about Google courses for beginners.",
        "Tell me about financial aid for learners.",
        "Tell me about “Deep Learning Specialization”.",
    ]
    assert "Tell me about the stages of hiring." in offered(page, answer_from(page, "Hard."))


def test_no_question_is_longer_than_the_limit_or_comes_twice(guide: Page, career: Page) -> None:
    for page in (guide, career):
        for node in page.outline.nodes[1:]:
            texts = offered(page, answer_from(page, page.outline.quote(node)))
            assert len(texts) == len(set(texts)) <= MOST
            assert all(len(text) <= LONGEST_CHARS for text in texts)


def test_without_citations_nothing_is_offered(career: Page) -> None:
    assert offered(career, Answer("q", Status.ANSWERED, "So.")) == []


# --- refusals ---------------------------------------------------------------------------------------


def test_a_refusal_offers_what_the_sections_it_names_answer(guide: Page, career: Page) -> None:
    near = [passage_of(career, "Harder in winter."), passage_of(guide, "A whiteboard."), passage_of(guide, "Many of")]
    pages = {"beekeeper.md": career, "guide.md": guide}
    found = instead_of(query_of("What does a beekeeper earn?"), near, pages)
    assert [one.section for one in found] == ["How hard it is to become a beekeeper", "The coding interview"]
    again = replace(answer_from(career, "Opens hives"), question=found[0].text)
    assert instead_of(query_of(), near, pages, [again]) == found[1:]
    assert instead_of(query_of(), [], {}) == ()
