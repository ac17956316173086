"""One question from end to end: the order of events, and that the extract stands whenever the writer does not hold."""

import dataclasses
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from conftest import (
    EndlessWriter,
    HashingEmbedder,
    OpenAdvisor,
    count_pieces,
    failing_writer,
    inventing_writer,
    repeating_writer,
    write_corpus,
)

from advisor.career.marks import ItemState, Mark
from advisor.errors import QuestionError, UsageError
from advisor.index.build import build_index
from advisor.index.publish import Snapshot, open_snapshot
from advisor.memory import open_conversations
from advisor.pipeline import EXTRACTIVE, Advisor
from advisor.records import Answer, Done, Event, Extract, Intent, Profile, Sources, Status, Token

ANSWERABLE = "How long is phase 1?"
UNANSWERABLE = "What is the capital of France?"


def done(events: Sequence[Event]) -> Answer:
    assert isinstance(events[-1], Done)
    return events[-1].answer


def extract(events: Sequence[Event]) -> Answer:
    return next(event.answer for event in events if isinstance(event, Extract))


def kinds(events: Sequence[Event]) -> list[type]:
    """The kinds of events in order, repeated ones once."""
    found: list[type] = []
    for event in events:
        if not found or found[-1] is not type(event):
            found.append(type(event))
    return found


def said(answer: Answer) -> Answer:
    """The answer without what differs from run to run."""
    return dataclasses.replace(answer, timings_ms=Answer("", Status.ANSWERED, "").timings_ms, notes=(), generator="")


def turns(advisor: Advisor, conversation: str = "c") -> list[Answer]:
    return [turn.answer for turn in advisor.conversations.turns(conversation, owner="local")]


def test_sources_come_first_then_the_extract_then_tokens_then_one_done(advisor_with: OpenAdvisor) -> None:
    events = list(advisor_with(repeating_writer()).ask(ANSWERABLE, conversation="c"))
    assert kinds(events) == [Sources, Extract, Token, Done]
    assert sum(isinstance(event, Done) for event in events) == 1


def test_the_extract_is_there_before_the_writer_is_asked(advisor_with: OpenAdvisor) -> None:
    writer = repeating_writer()
    events = advisor_with(writer).ask(ANSWERABLE, conversation="c")
    for event in events:
        if isinstance(event, Extract):
            break
    assert writer.prompts == []
    next(events)
    assert len(writer.prompts) == 1


def test_the_answer_says_the_fact_and_cites_its_section(advisor_with: OpenAdvisor) -> None:
    answer = done(list(advisor_with(None).ask(ANSWERABLE, conversation="c")))
    assert answer.status is Status.ANSWERED
    assert "6 weeks" in answer.text
    assert "10 weeks" not in answer.text
    assert [citation.document for citation in answer.citations] == ["data-engineer.md"]
    assert "Phase 1" in answer.citations[0].section


def test_every_citation_is_used_numbered_from_one_and_quotes_its_passage(advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(repeating_writer())
    passages = {passage.id: passage for passage in advisor.snapshot.passages}
    for question in (ANSWERABLE, "Which tools does a gardener use?", "What is a baker?", "Do bakers work on Sundays?"):
        answer = done(list(advisor.ask(question, conversation=question)))
        assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
        assert {n for claim in answer.claims for n in claim.citations} == {c.number for c in answer.citations}
        for citation in answer.citations:
            assert citation.quote in advisor.document_text(citation.document)
            assert passages[citation.passage_id].document == citation.document
            assert f"[{citation.number}]" in answer.text


def test_a_writer_whose_words_hold_is_named_as_the_generator(advisor_with: OpenAdvisor) -> None:
    answer = done(list(advisor_with(repeating_writer()).ask(ANSWERABLE, conversation="c")))
    assert answer.generator == "scripted"
    assert answer.notes == ()
    assert all(claim.supported for claim in answer.claims)


def test_an_invention_never_reaches_the_answer_and_a_note_says_so(advisor_with: OpenAdvisor) -> None:
    events = list(advisor_with(inventing_writer()).ask(ANSWERABLE, conversation="c"))
    answer = done(events)
    assert said(answer) == said(extract(events))
    assert answer.generator == EXTRACTIVE
    assert "Stanford" not in answer.text
    assert len(answer.notes) == 1


def test_an_answer_that_cannot_be_stored_stands_and_says_so(
    advisor_with: OpenAdvisor, caplog: pytest.LogCaptureFixture
) -> None:
    advisor = advisor_with(None)
    with advisor.conversations._transaction() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON turns BEGIN SELECT raise(ABORT, 'full'); END")
    events = list(advisor.ask(ANSWERABLE, conversation="c"))
    assert kinds(events) == [Sources, Extract, Done]
    assert done(events).text == extract(events).text
    assert "this answer is not kept" in done(events).notes[-1]
    assert "a turn is not kept" in caplog.text
    assert turns(advisor) == []


def test_a_writer_that_fails_leaves_the_extract_with_a_note(
    advisor_with: OpenAdvisor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        events = list(advisor_with(failing_writer()).ask(ANSWERABLE, conversation="c"))
    assert said(done(events)) == said(extract(events))
    assert "ran out of ink" in done(events).notes[0]
    assert "ran out of ink" in caplog.text


def test_without_a_writer_the_extract_stands_and_a_note_says_why(advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(None)
    events = list(advisor.ask(ANSWERABLE, conversation="c"))
    assert advisor.writer_name is None
    assert kinds(events) == [Sources, Extract, Done]
    assert len(done(events).notes) == 1


def test_extractive_on_request_asks_no_writer_and_needs_no_note(advisor_with: OpenAdvisor) -> None:
    writer = repeating_writer()
    answer = done(list(advisor_with(writer).ask(ANSWERABLE, conversation="c", generator=EXTRACTIVE)))
    assert writer.prompts == []
    assert (answer.generator, answer.notes) == (EXTRACTIVE, ())


@pytest.mark.parametrize("question", [UNANSWERABLE, "How much does a pilot earn in Peru?", "How long is phase 7?"])
def test_what_the_pages_do_not_cover_is_refused_before_any_writer(advisor_with: OpenAdvisor, question: str) -> None:
    writer = repeating_writer()
    events = list(advisor_with(writer).ask(question, conversation="c"))
    assert kinds(events) == [Sources, Extract, Done]
    assert writer.prompts == []
    assert done(events).status is Status.REFUSED
    assert done(events).claims == ()


def test_a_greeting_is_answered_by_saying_what_there_is(advisor_with: OpenAdvisor) -> None:
    answer = done(list(advisor_with(repeating_writer()).ask("Hello!", conversation="c")))
    assert answer.status is Status.CLARIFY
    assert "Gardener" in answer.text


@pytest.mark.parametrize("question", ["", " \n ", "?!…", "x" * 2001])
def test_a_question_that_cannot_be_asked_is_an_error_and_leaves_no_turn(
    advisor_with: OpenAdvisor, question: str
) -> None:
    advisor = advisor_with(None)
    with pytest.raises(QuestionError):
        list(advisor.ask(question, conversation="c"))
    assert turns(advisor) == []


def test_the_turn_is_stored_before_done(advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(repeating_writer())
    for event in advisor.ask(ANSWERABLE, conversation="c"):
        if isinstance(event, Done):
            assert turns(advisor) == [event.answer]


def test_closing_at_the_extract_stores_it(advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(repeating_writer())
    events = advisor.ask(ANSWERABLE, conversation="c")
    shown = next(event.answer for event in events if isinstance(event, Extract))
    events.close()  # type: ignore[attr-defined]
    assert [said(answer) for answer in turns(advisor)] == [said(shown)]


def test_closing_amid_an_endless_draft_ends_the_writer_and_stores_the_extract(advisor_with: OpenAdvisor) -> None:
    writer = EndlessWriter()
    advisor = advisor_with(writer)
    events = advisor.ask(ANSWERABLE, conversation="c")
    shown = [next(events) for _ in range(10)]
    assert isinstance(shown[-1], Token)
    events.close()  # type: ignore[attr-defined]
    assert writer.ended.is_set()
    assert [said(answer) for answer in turns(advisor)] == [said(extract(shown))]


def test_closing_at_the_sources_stores_nothing(advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(None)
    events = advisor.ask(ANSWERABLE, conversation="c")
    assert isinstance(next(events), Sources)
    events.close()  # type: ignore[attr-defined]
    assert turns(advisor) == []


def test_a_follow_up_is_about_what_was_asked_before(advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(None)
    list(advisor.ask("What is a gardener?", conversation="c"))
    events = list(advisor.ask("Which tools do they use?", conversation="c"))
    assert isinstance(events[0], Sources)
    assert events[0].query.is_follow_up
    assert "Spade" in done(events).text
    assert {citation.document for citation in done(events).citations} == {"gardener.md"}


def test_conversations_do_not_hear_each_other(advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(None)
    list(advisor.ask("What is a gardener?", conversation="one"))
    events = list(advisor.ask("Which tools do they use?", conversation="another"))
    assert isinstance(events[0], Sources)
    assert not events[0].query.is_follow_up


def test_a_role_is_found_by_its_alias_and_a_stranger_is_an_error(advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(None)
    events = list(advisor.ask(ANSWERABLE, conversation="c", role="PIPELINE engineer"))
    assert isinstance(events[0], Sources)
    assert events[0].query.roles == ("Data Engineer",)
    with pytest.raises(UsageError, match="Data Engineer"):
        list(advisor.ask(ANSWERABLE, conversation="c", role="astronaut"))


def test_the_same_question_gets_the_same_answer(advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(None)
    first, second = (done(list(advisor.ask(ANSWERABLE, conversation=name))) for name in "ab")
    assert said(first) == said(second)


def test_hits_come_best_first_and_timings_in_order(advisor_with: OpenAdvisor) -> None:
    answer = done(list(advisor_with(repeating_writer()).ask(ANSWERABLE, conversation="c")))
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)
    timings = answer.timings_ms
    assert 0 <= timings.search <= timings.first_text <= timings.total


def test_a_short_sentence_with_a_duration_stays_a_sentence(advisor_with: OpenAdvisor) -> None:
    answer = done(list(advisor_with(None).ask("How long does an apprenticeship as a gardener take?", conversation="c")))
    assert answer.text.count("takes") == 1


# --- what to ask next ----------------------------------------------------------------------------------


def test_an_answer_offers_next_questions_and_a_wording_keeps_them(advisor_with: OpenAdvisor) -> None:
    events = list(advisor_with(repeating_writer()).ask(ANSWERABLE, conversation="c"))
    assert extract(events).suggestions
    assert done(events).generator == "scripted"
    assert done(events).suggestions == extract(events).suggestions
    assert "What is in phase 2, Pipelines?" in done(events).suggestions


def test_a_question_back_offers_none(advisor_with: OpenAdvisor) -> None:
    assert done(list(advisor_with(None).ask("Hello!", conversation="c"))).suggestions == ()


def test_a_false_number_offers_the_phases_that_there_are(advisor_with: OpenAdvisor) -> None:
    answer = done(list(advisor_with(None).ask("How long is phase 7?", conversation="c")))
    assert answer.status is Status.REFUSED
    assert answer.suggestions == ("What is in phase 1, Foundations?", "What is in phase 2, Pipelines?")


def test_what_was_asked_is_not_offered_again(advisor_with: OpenAdvisor) -> None:
    advisor = advisor_with(None)
    first = done(list(advisor.ask(ANSWERABLE, conversation="c"))).suggestions[0]
    again = done(list(advisor.ask(first, conversation="c"))).suggestions
    assert first not in again
    assert first not in done(list(advisor.ask(ANSWERABLE, conversation="c"))).suggestions


# --- two careers ----------------------------------------------------------------------------------------

CAREER = """---
title: Master {name}
role: Master {name}
---

## What a master {name} is

A master {name} works with a {tool}.

## Common pitfalls of a master {name}

- Losing the {tool}
- Selling the {tool}

## Certificates for master {name}s

- Guild of the {tool}: costs 90 dollars
"""
# Two pages of one career, one of them called otherwise: only the other is the career's own.
LONGER = """---
title: Reading for master bakers
role: Master baker
---

## Books about the biggest mistakes

- Mistakes of a master baker
"""


@pytest.fixture
def careers(tmp_path: Path) -> Iterator[Advisor]:
    """An advisor over the pages of two careers, which finds one passage a question."""
    pages = {
        "baker.md": CAREER.format(name="baker", tool="oven"),
        "keeper.md": CAREER.format(name="beekeeper", tool="smoker"),
        "reading.md": LONGER,
    }
    embedder = HashingEmbedder()
    corpus, index = write_corpus(tmp_path / "careers", pages), tmp_path / "careers-index"
    build_index(corpus, index, embedder=embedder, count_pieces=count_pieces)
    with open_conversations(None) as conversations:
        yield Advisor(open_snapshot(index), embedder=embedder, writer=None, conversations=conversations, top_passages=1)


@pytest.mark.parametrize("question", ["What are the biggest mistakes?", "Which certificates are there?"])
def test_what_each_career_answers_differently_is_asked_back_where_none_is_named(
    careers: Advisor, question: str
) -> None:
    answer = done(list(careers.ask(question, conversation="c")))
    assert answer.status is Status.CLARIFY
    assert answer.citations == ()
    assert "Master baker" in answer.text
    assert "Master beekeeper" in answer.text


def test_with_a_career_the_same_question_is_answered_from_its_page(careers: Advisor) -> None:
    answer = done(list(careers.ask("What are the biggest mistakes of a master beekeeper?", conversation="c")))
    assert answer.status is Status.ANSWERED
    assert "Losing the smoker" in answer.text
    assert {citation.document for citation in answer.citations} == {"keeper.md"}


def test_a_career_given_from_outside_is_a_career_named(careers: Advisor) -> None:
    answer = done(list(careers.ask("What are the biggest mistakes?", conversation="c", role="Master baker")))
    assert answer.status is Status.ANSWERED
    assert "Losing the oven" in answer.text


def test_a_profile_fills_in_the_career_and_the_answer_says_so(careers: Advisor) -> None:
    profile = Profile("Master baker")
    answer = done(list(careers.ask("What are the biggest mistakes?", conversation="c", profile=profile)))
    assert answer.status is Status.ANSWERED
    assert "Losing the oven" in answer.text
    assert answer.understood == "What are the biggest mistakes? (Master baker, from your profile)"


def test_a_career_given_from_outside_goes_before_the_profile(careers: Advisor) -> None:
    profile, asked = Profile("Master baker"), "What are the biggest mistakes?"
    answer = done(list(careers.ask(asked, conversation="c", role="Master beekeeper", profile=profile)))
    assert "Losing the smoker" in answer.text
    assert answer.understood == asked


def test_a_profile_in_the_store_is_not_read_unless_it_is_handed_over(careers: Advisor) -> None:
    careers.conversations.keep_profile(Profile("Master baker"), owner="local")
    assert done(list(careers.ask("What are the biggest mistakes?", conversation="c"))).status is Status.CLARIFY


def test_a_follow_up_is_not_vague(careers: Advisor) -> None:
    list(careers.ask("What is a master baker?", conversation="c"))
    answer = done(list(careers.ask("What are its biggest mistakes?", conversation="c")))
    assert answer.status is Status.ANSWERED
    assert "Losing the oven" in answer.text


def test_a_question_that_names_something_of_its_own_is_not_vague(careers: Advisor) -> None:
    answer = done(list(careers.ask("Which mistakes are there with a smoker?", conversation="c")))
    assert answer.status is not Status.CLARIFY


def test_where_there_is_one_career_only_no_question_is_vague(advisor_with: OpenAdvisor) -> None:
    answer = done(list(advisor_with(None).ask("Which certificates are there?", conversation="c")))
    assert answer.status is not Status.CLARIFY


def test_the_page_called_like_the_career_is_at_hand_even_where_search_found_another(careers: Advisor) -> None:
    events = list(careers.ask("What are the biggest mistakes of a master baker?", conversation="c"))
    assert isinstance(events[0], Sources)
    assert [hit.passage.document for hit in events[0].hits] == ["reading.md"]
    assert "Losing the oven" in done(events).text


def test_careers_set_against_each_other_are_a_table_though_search_found_one(careers: Advisor) -> None:
    events = list(careers.ask("Which mistakes: master baker or master beekeeper?", conversation="c"))
    assert isinstance(events[0], Sources)
    assert len(events[0].hits) == 1
    answer = done(events)
    assert answer.text.startswith("| | Master baker | Master beekeeper |")
    assert {citation.document for citation in answer.citations} == {"baker.md", "keeper.md"}


# --- a plan in the conversation -------------------------------------------------------------------------

PLAN = "I want to become a data engineer, 10 hours a week"


@pytest.fixture
def planning(snapshot: Snapshot, embedder: HashingEmbedder) -> Iterator[Advisor]:
    """An advisor on Saturday 21 November 2026, with a writer that would word whatever it is given."""
    with open_conversations(None) as conversations:
        yield Advisor(
            snapshot,
            embedder=embedder,
            writer=repeating_writer(),
            conversations=conversations,
            today=lambda: date(2026, 11, 21),
        )


def test_a_question_for_a_plan_is_answered_by_a_computed_one_that_nobody_words(planning: Advisor) -> None:
    events = list(planning.ask(PLAN, conversation="c"))
    answer = done(events)
    assert kinds(events) == [Sources, Extract, Done]
    assert isinstance(events[0], Sources)
    assert events[0].query.intent is Intent.PLAN
    assert (answer.status, answer.generator, answer.notes) == (Status.ANSWERED, EXTRACTIVE, ())
    assert answer.text.startswith(  # 6 and 10 weeks at an assumed 5 to 10 hours: 80 to 160 hours, the middle 120
        "**Data Engineer: 80–160 h at 10 h a week = 8–16 weeks**, done by 14 Feb 2027 "
        "(the middle, 120 h, takes 12 weeks from 23 Nov 2026) [1][2]."
    )
    assert {citation.document for citation in answer.citations} == {"data-engineer.md"}
    assert all(citation.quote in planning.document_text(citation.document) for citation in answer.citations)


def test_a_follow_up_changes_the_plan_and_every_other_question_is_answered_as_ever(planning: Advisor) -> None:
    list(planning.ask(PLAN, conversation="c"))
    assert "at 20 h a week = 4–8 weeks" in done(list(planning.ask("and with 20 hours a week?", conversation="c"))).text
    assert "kneads dough" in done(list(planning.ask("What is a baker?", conversation="c"))).text


def test_a_plan_without_a_career_asks_one_question_and_the_next_answer_is_the_plan(careers: Advisor) -> None:
    asked = done(list(careers.ask("Make me a study plan", conversation="c")))
    assert (asked.status, asked.suggestions) == (Status.CLARIFY, ())
    assert asked.text.endswith("Master baker · Master beekeeper.")


def test_a_plan_counts_what_the_learner_has_marked_as_done(planning: Advisor) -> None:
    mark = Mark("Foundations", "", ItemState.DONE, datetime(2026, 11, 20, tzinfo=UTC))
    planning.conversations.set_progress("Data Engineer", mark, owner="local")
    answer = done(list(planning.ask(PLAN, conversation="c")))
    assert "Already known: Foundations (done)" in answer.text
    assert "--with-progress" in answer.text
