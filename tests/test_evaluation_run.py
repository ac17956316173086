"""A run over three pages: what counts as right, where a fault lies, and that no question is ever lost."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from conftest import HashingEmbedder, OpenAdvisor, repeating_writer

from advisor.errors import StoreError
from advisor.evaluation.metrics import Expected, Nugget, Verdict
from advisor.evaluation.questions import Case, Gold
from advisor.evaluation.rows import Fault, Outcome, RetrievalScores, Row, WordedBy
from advisor.evaluation.run import evaluate, fitting_rows, generator_name, is_right, verdict_of
from advisor.index.publish import Snapshot
from advisor.memory import open_conversations
from advisor.pipeline import EXTRACTIVE, Advisor
from advisor.records import Claim, Done, Event, Status

PHASE_1 = "How long is phase 1?"
TOOLS = "What tools does a gardener use?"
UNANSWERABLE = "What is the capital of France?"
SIX_WEEKS = Nugget("6 weeks", ("six weeks",))


def case(question: str, expected: Expected = Expected.ANSWER, *nuggets: Nugget, **others: Any) -> Case:
    return Case(**{"id": "q", "kind": "k", **others}, question=question, expected=expected, nuggets=nuggets)


def row_of(advisor: Advisor, asked: Case, generator: str | None = None) -> Row:
    (row,) = evaluate(advisor, [asked], generator=generator)
    return row


class Retold(Advisor):
    """Gives every answer with another text and other claims, as a broken composer would, and notes what it is asked."""

    text, claims = "", tuple[Claim, ...]()

    def __init__(self, *parts: Any, **others: Any) -> None:
        super().__init__(*parts, **others)
        self.asked: list[tuple[str, str]] = []

    def ask(self, question: str, **others: Any) -> Iterator[Event]:
        self.asked.append((question, others["conversation"]))
        for event in super().ask(question, **others):
            if isinstance(event, Done):
                event = Done(replace(event.answer, status=Status.ANSWERED, text=self.text, claims=self.claims))
            yield event


@pytest.fixture
def retold(snapshot: Snapshot, embedder: HashingEmbedder) -> Iterator[Retold]:
    with open_conversations(None) as conversations:
        yield Retold(snapshot, embedder=embedder, writer=None, conversations=conversations)


# --- rows ------------------------------------------------------------------------------------------


def test_a_right_answer_is_measured_in_every_respect(advisor_with: OpenAdvisor) -> None:
    gold = Gold(page="data-engineer.md", section="Phase 1: Foundations (6 weeks)", grade=2)
    row = row_of(advisor_with(None), case(PHASE_1, Expected.ANSWER, SIX_WEEKS, gold=(gold,), forbidden=("10 weeks",)))
    assert (row.status, row.right, row.verdict, row.fault) == (Outcome.ANSWERED, True, Verdict.RIGHT, Fault.NONE)
    assert (row.nugget_recall, row.hits_nugget_recall, row.missing) == (1.0, 1.0, ())
    assert (row.forbidden, row.forbidden_watched) == ((), 1)
    assert row.retrieval == RetrievalScores(1.0, 1.0, 1.0, 1.0)
    assert (row.citation_recall, row.citation_precision, row.citation_validity) == (1.0, 1.0, 1.0)
    assert row.answer == "Phase 1: Foundations takes 6 weeks [1]."
    assert row.words == 6  # the mark is no word
    assert row.cited[0].quote == "## Phase 1: Foundations (6 weeks)"
    assert row.cited[0].passage_id == row.hits[0].passage_id
    assert row.worded_by is WordedBy.EXTRACT
    assert row.first_text_ms is not None
    assert row.total_ms is not None


def test_a_question_without_gold_and_nuggets_has_no_share_of_them(advisor_with: OpenAdvisor) -> None:
    row = row_of(advisor_with(None), case(UNANSWERABLE, Expected.REFUSE))
    assert row.right
    assert (row.retrieval, row.nugget_recall, row.hits_nugget_recall, row.citation_recall) == (None, None, None, None)


def test_gold_that_the_build_lacks_counts_as_not_found(advisor_with: OpenAdvisor) -> None:
    gold = Gold(page="florist.md", section="Roses", grade=2)
    row = row_of(advisor_with(None), case(PHASE_1, Expected.ANSWER, SIX_WEEKS, gold=(gold,)))
    assert row.retrieval == RetrievalScores(0.0, 0.0, 0.0, 0.0)


def test_earlier_questions_are_asked_first_and_nothing_of_it_stays(retold: Retold) -> None:
    rows = list(evaluate(retold, [case("And then?", id="a", history=(TOOLS, PHASE_1)), case(TOOLS, id="b")]))
    assert [row.history for row in rows] == [(TOOLS, PHASE_1), ()]
    (first, one), (second, same), (third, again), (other, another) = retold.asked
    assert (first, second, third, other) == (TOOLS, PHASE_1, "And then?", TOOLS)
    assert one == same == again != another
    assert retold.conversations.list("local") == ()


def test_an_earlier_question_that_cannot_be_asked_is_noted(advisor_with: OpenAdvisor) -> None:
    row = row_of(advisor_with(None), case(PHASE_1, Expected.ANSWER, SIX_WEEKS, history=("x" * 3000,)))
    assert row.right
    assert "passed over" in row.notes[0]


def test_the_model_words_an_answer_unless_extracts_are_asked_for(advisor_with: OpenAdvisor) -> None:
    advisor, asked = advisor_with(repeating_writer()), case(PHASE_1, Expected.ANSWER, SIX_WEEKS)
    worded, extract = row_of(advisor, asked), row_of(advisor, asked, EXTRACTIVE)
    assert (worded.worded_by, worded.origin.generator) == (WordedBy.MODEL, "scripted")
    assert (extract.worded_by, extract.origin.generator) == (WordedBy.EXTRACT, EXTRACTIVE)
    assert generator_name(advisor_with(None), "some model") == EXTRACTIVE


# --- faults ----------------------------------------------------------------------------------------


def test_a_fact_that_no_passage_read_has_is_a_fault_of_retrieval(advisor_with: OpenAdvisor) -> None:
    row = row_of(advisor_with(None), case(TOOLS, Expected.ANSWER, Nugget("Spade"), Nugget("Rake")))
    assert (row.right, row.verdict, row.missing) == (False, Verdict.WRONG, ("Rake",))
    assert (row.nugget_recall, row.hits_nugget_recall) == (0.5, 0.5)
    assert row.fault is Fault.RETRIEVAL


def test_a_fact_that_was_read_but_not_said_is_a_fault_of_writing(advisor_with: OpenAdvisor) -> None:
    row = row_of(advisor_with(None), case(TOOLS, Expected.ANSWER, Nugget("Spade"), Nugget("hedges, lawns and flowers")))
    assert (row.nugget_recall, row.hits_nugget_recall, row.fault) == (0.5, 1.0, Fault.WRITING)


def test_a_refusal_says_nothing_whatever_it_names_nearby(advisor_with: OpenAdvisor) -> None:
    row = row_of(
        advisor_with(None), case(UNANSWERABLE, Expected.ANSWER, Nugget("Data Engineer"), forbidden=("Gardener",))
    )
    assert "Data Engineer" in row.answer
    assert (row.nugget_recall, row.forbidden, row.verdict) == (0.0, (), Verdict.MISSING)


def test_something_forbidden_makes_a_complete_answer_wrong(advisor_with: OpenAdvisor) -> None:
    row = row_of(advisor_with(None), case(PHASE_1, Expected.ANSWER, SIX_WEEKS, forbidden=("six weeks", "9 years")))
    assert (row.right, row.forbidden, row.fault) == (False, ("six weeks",), Fault.WRITING)


def test_what_the_cited_passages_do_not_say_is_counted(retold: Retold) -> None:
    retold.text = "Phase 1 takes 99 weeks at Stanford [1]. It is fun [7]."
    retold.claims = (Claim("Phase 1 takes 99 weeks at Stanford.", (1,), True), Claim("It is fun.", (7,), True))
    row = row_of(retold, case(PHASE_1))
    assert (row.citation_recall, row.citation_precision, row.citation_validity) == (0.0, 0.0, 0.5)
    assert (row.unsupported_numbers, row.unknown_names) == (("99",), ("Stanford",))


def test_an_answer_without_claims_is_borne_out_by_nothing(retold: Retold) -> None:
    retold.text = "Phase 1: Foundations takes 6 weeks."
    row = row_of(retold, case(PHASE_1, Expected.ANSWER, SIX_WEEKS))
    assert (row.right, row.citation_recall, row.citation_precision, row.citation_validity) == (True, 0.0, 0.0, None)


def test_a_question_that_raises_is_a_wrong_row_and_the_run_goes_on(advisor_with: OpenAdvisor) -> None:
    gold = Gold(page="gardener.md", section="Tools", grade=2)
    endless = case("x" * 3000, Expected.REFUSE, Nugget("Spade"), id="endless", gold=(gold,), forbidden=("Rake",))
    rows = list(evaluate(advisor_with(None), [endless, case(PHASE_1, Expected.ANSWER, SIX_WEEKS)]))
    assert [row.right for row in rows] == [False, True]
    assert (rows[0].status, rows[0].verdict, rows[0].fault) == (Outcome.ERROR, Verdict.WRONG, Fault.NONE)
    assert rows[0].error.startswith("QuestionError: ")
    assert (rows[0].nugget_recall, rows[0].forbidden_watched) == (0.0, 1)
    assert rows[0].retrieval == RetrievalScores(0.0, 0.0, 0.0, 0.0)
    assert (rows[0].first_text_ms, rows[0].total_ms) == (None, None)


@pytest.mark.parametrize("raised", [StoreError("the disk is full"), KeyError("p#1"), RuntimeError("no Done")])
def test_whatever_a_question_breaks_on_costs_only_its_own_row(raised: Exception, retold: Retold) -> None:
    class Broken(Retold):
        def ask(self, question: str, **others: Any) -> Iterator[Event]:
            if question == TOOLS:
                raise raised
            return super().ask(question, **others)

    broken = Broken(retold.snapshot, embedder=retold.embedder, writer=None, conversations=retold.conversations)
    rows = list(evaluate(broken, [case(TOOLS), case(UNANSWERABLE, id="other")]))
    assert [row.status for row in rows] == [Outcome.ERROR, Outcome.ANSWERED]
    assert type(raised).__name__ in rows[0].error


def test_an_interruption_ends_the_run(retold: Retold) -> None:
    class Interrupted(Retold):
        def ask(self, question: str, **others: Any) -> Iterator[Event]:
            raise KeyboardInterrupt

    advisor = Interrupted(retold.snapshot, embedder=retold.embedder, writer=None, conversations=retold.conversations)
    with pytest.raises(KeyboardInterrupt):
        list(evaluate(advisor, [case(TOOLS)]))


# --- going on where a run stopped --------------------------------------------------------------------


def test_questions_that_are_done_are_counted_but_not_asked(advisor_with: OpenAdvisor) -> None:
    cases = [case(PHASE_1, id="a"), case(TOOLS, id="b"), case(UNANSWERABLE, id="c")]
    steps: list[tuple[int, int]] = []
    rows = evaluate(advisor_with(None), cases, done={"b"}, progress=lambda done, total: steps.append((done, total)))
    assert [row.id for row in rows] == ["a", "c"]
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_rows_fit_only_the_same_build_generator_and_question(advisor_with: OpenAdvisor) -> None:
    asked = case(PHASE_1, Expected.ANSWER, SIX_WEEKS)
    row = row_of(advisor_with(None), asked)
    fits = {"build": row.origin.build, "generator": EXTRACTIVE}
    assert fitting_rows([row], [asked], **fits) == (row,)
    assert fitting_rows([row], [asked], **fits | {"build": "another"}) == ()
    assert fitting_rows([row], [asked], **fits | {"generator": "another"}) == ()
    assert fitting_rows([row], [asked.model_copy(update={"nuggets": ()})], **fits) == ()
    assert fitting_rows([row], [], **fits) == ()


def test_a_question_that_raised_is_asked_again(advisor_with: OpenAdvisor) -> None:
    asked = case("x" * 3000)
    row = row_of(advisor_with(None), asked)
    assert fitting_rows([row], [asked], build=row.origin.build, generator=EXTRACTIVE) == ()


# --- right and wrong -------------------------------------------------------------------------------

ANSWERED, REFUSED, CLARIFY, ERROR = Outcome.ANSWERED, Outcome.REFUSED, Outcome.CLARIFY, Outcome.ERROR


@pytest.mark.parametrize(
    ("expected", "right"),
    [
        (Expected.ANSWER, {ANSWERED}),
        (Expected.REFUSE, {REFUSED}),
        (Expected.CLARIFY, {CLARIFY}),
        (Expected.WARN, {ANSWERED, REFUSED, CLARIFY}),
    ],
)
def test_each_expectation_has_the_replies_that_meet_it(expected: Expected, right: set[Outcome]) -> None:
    asked = case("?x", expected)
    assert {status for status in Outcome if is_right(asked, status, missing=(), forbidden=())} == right


@pytest.mark.parametrize("status", [REFUSED, CLARIFY, ERROR])
def test_a_warning_that_names_facts_must_say_them(status: Outcome) -> None:
    asked = case("?x", Expected.WARN, SIX_WEEKS)
    assert is_right(asked, ANSWERED, missing=(), forbidden=())
    assert not is_right(asked, status, missing=("6 weeks",), forbidden=())


@pytest.mark.parametrize("expected", [Expected.ANSWER, Expected.WARN])
def test_a_missing_fact_or_a_forbidden_wording_makes_an_answer_wrong(expected: Expected) -> None:
    asked = case("?x", expected, SIX_WEEKS)
    assert not is_right(asked, ANSWERED, missing=("6 weeks",), forbidden=())
    assert not is_right(asked, ANSWERED, missing=(), forbidden=("10 weeks",))


def test_not_answering_is_worth_more_than_answering_wrongly_or_breaking_down() -> None:
    verdicts = {status: verdict_of(status, right=False) for status in Outcome}
    assert verdicts == {
        ANSWERED: Verdict.WRONG,
        REFUSED: Verdict.MISSING,
        CLARIFY: Verdict.MISSING,
        ERROR: Verdict.WRONG,
    }
    assert verdict_of(REFUSED, right=True) is Verdict.RIGHT
