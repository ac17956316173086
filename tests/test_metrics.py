"""The metrics, against figures worked out by hand."""

import math
from collections.abc import Callable, Sequence

import pytest

from advisor.evaluation.metrics import (
    Abstention,
    CitationScores,
    CitedStatement,
    CragScore,
    Nugget,
    RiskPoint,
    Verdict,
    abstention,
    citation_scores,
    crag_score,
    forbidden_found,
    ndcg_at_k,
    nugget_found,
    nugget_recall,
    recall_at_k,
    reciprocal_rank_at_k,
    risk_coverage_curve,
    says,
    token_f1,
    unknown_names,
    unsupported_numbers,
    validity,
)

# --- rankings ------------------------------------------------------------------------------------


def test_recall_is_the_share_of_relevant_ids_among_the_first_k() -> None:
    ranked, relevant = ["a", "b", "c", "d"], {"b", "d", "z"}
    assert [recall_at_k(ranked, relevant, k) for k in (1, 2, 4, 9)] == pytest.approx([0, 1 / 3, 2 / 3, 2 / 3])


def test_an_id_that_comes_twice_is_recalled_once() -> None:
    assert recall_at_k(["b", "b"], {"b", "d"}, 2) == 0.5


def test_the_reciprocal_rank_is_that_of_the_first_relevant_id() -> None:
    assert reciprocal_rank_at_k(["a", "b", "c"], {"c", "b"}, 3) == 0.5
    assert reciprocal_rank_at_k(["a", "b", "c"], {"c"}, 2) == 0.0


def test_ndcg_weighs_the_grade_itself_by_the_logarithm_of_its_rank() -> None:
    # found: 1 at rank 1, 2 at rank 3: 1 + 2/log2(4) = 2; ideal: 2 + 1/log2(3)
    assert ndcg_at_k(["a", "x", "b"], {"a": 1, "b": 2}, 3) == pytest.approx(2 / (2 + 1 / math.log2(3)))


def test_a_grade_of_two_counts_twice_a_grade_of_one_not_three_times() -> None:
    assert ndcg_at_k(["a"], {"a": 1, "b": 2}, 1) == 0.5


def test_the_ideal_ranking_is_cut_at_k_too() -> None:
    assert ndcg_at_k(["a", "x", "b"], {"a": 1, "b": 1}, 1) == 1.0


def test_ungraded_and_negative_ids_gain_nothing() -> None:
    assert ndcg_at_k(["x", "bad", "a"], {"a": 1, "bad": -2}, 3) == 0.5  # 1/log2(4), ideal 1


def test_a_repeated_id_gains_once_and_still_takes_up_room() -> None:
    assert ndcg_at_k(["a", "a", "b"], {"a": 1, "b": 1}, 3) == pytest.approx((1 + 1 / 2) / (1 + 1 / math.log2(3)))


def test_equal_grades_may_stand_in_either_order_and_the_given_order_stands() -> None:
    grades = {"a": 1, "b": 1}
    assert ndcg_at_k(["a", "b", "x"], grades, 3) == ndcg_at_k(["b", "a", "x"], grades, 3) == 1.0
    assert ndcg_at_k(["x", "a", "b"], grades, 3) < 1.0


def test_a_question_without_relevant_ids_scores_nothing() -> None:
    assert recall_at_k(["a"], set(), 1) == 0.0
    assert reciprocal_rank_at_k(["a"], set(), 1) == 0.0
    assert ndcg_at_k(["a"], {"a": 0}, 1) == 0.0


@pytest.mark.parametrize("score", [lambda k: recall_at_k(["a"], {"a"}, k), lambda k: ndcg_at_k(["a"], {"a": 1}, k)])
def test_a_cut_before_the_first_rank_is_an_error(score: Callable[[int], float]) -> None:
    with pytest.raises(ValueError, match="k is 0"):
        score(0)


# --- what a text says ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("It takes FOUR\n weeks.", "4 weeks"),
        ("It takes **4** weeks [2].", "4 weeks"),
        ("about 8 [1] weeks", "8 weeks"),
        ("takes 8 weeks[1, 3].", "takes 8 weeks"),
        ("Plan 4–5 months", "4-5 months"),
        ("Plan 4—5 months", "4-5 months"),
        ("Plan four to five months", "4-5 months"),
        ("Phase 1 – 4 weeks", "4 weeks"),
        ("an 8-week course", "8 weeks"),
        ("It takes 3 months.", "3 month"),
        ("costs $1,500", "$1500"),
        ("a full‑stack role", "Full Stack"),
        ("the “Deep Learning” course", '"deep learning" course'),
        ("Andrew Ng’s course", "Andrew Ng"),
        ("see [the _Deep Learning_ Specialization](https://x.org) first", "Deep Learning Specialization first"),
        ("see [this](https://www.coursera.org/learn/ai-1)", "coursera.org/learn/ai-1"),
        ("see coursera.org/learn/ai-1", "https://www.coursera.org/learn/ai-1"),
        ("C++, C# and Fast.ai", "fast.ai"),
        ("| Git/GitHub | 6+ months |", "6+ Months"),
        ("1. Learn\n2. Python", "Learn Python"),
    ],
)
def test_the_same_thing_in_another_form_is_found(text: str, wording: str) -> None:
    assert says(text, wording)


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("It takes 14 weeks", "4 weeks"),
        ("It takes 4.5 weeks", "5 weeks"),
        ("It takes 1,500 hours", "500 hours"),
        ("It takes 4-5 months", "5 months"),
        ("It takes 2 to 3 months", "3 months"),
        ("It takes 6+ months", "6 months"),
        ("It pays 20k dollars", "20 dollars"),
        ("twenty-one months", "1 month"),
        ("It takes a while [4] weeks later", "4 weeks"),
        ("GitHub", "Git"),
        ("C and Java", "C++"),
        ("Python, then SQL", "SQL Python"),
        ("", "Python"),
    ],
)
def test_what_only_looks_alike_is_not_found(text: str, wording: str) -> None:
    assert not says(text, wording)


def test_a_wording_without_words_is_an_error_in_the_questions() -> None:
    with pytest.raises(ValueError, match="no word or number"):
        says("anything", "**")


def test_nugget_recall_counts_a_nugget_once_whichever_wording_is_found() -> None:
    nuggets = [Nugget("2 months", ("8 weeks",)), Nugget("Python"), Nugget("SQL")]
    assert nugget_recall("Eight weeks, or 2 months, of Python", nuggets) == pytest.approx(2 / 3)
    assert nugget_found("8 weeks", nuggets[0])


def test_without_nuggets_there_is_no_share() -> None:
    assert nugget_recall("anything", []) is None


def test_forbidden_wordings_are_named_in_their_order() -> None:
    assert forbidden_found("Five months, or 2-3 weeks", ["2–3 weeks", "3 weeks", "5 months"]) == (
        "2–3 weeks",
        "5 months",
    )


def test_token_f1_is_the_harmonic_mean_over_shared_tokens() -> None:
    # said: it takes 4 weeks (4); reference: 4 weeks of study (4); shared 2: P = R = 1/2
    assert token_f1("It takes 4 weeks [1].", ["4 weeks of the study"]) == 0.5


def test_token_f1_counts_a_repeated_token_as_often_as_both_have_it() -> None:
    # shared "go" once: P = 1/3, R = 1/1
    assert token_f1("go go go", ["Go!"]) == pytest.approx(0.5)


def test_token_f1_takes_the_best_reference() -> None:
    assert token_f1("Python", ["SQL", "The Python."]) == 1.0


def test_nothing_equals_only_nothing() -> None:
    assert token_f1("the", ["..."]) == 1.0
    assert token_f1("", ["Python"]) == token_f1("Python", [""]) == token_f1("Python", ["SQL"]) == 0.0
    with pytest.raises(ValueError, match="no reference"):
        token_f1("Python", [])


def test_numbers_that_no_passage_has_are_named_once() -> None:
    passages = ["Phase 1 takes four to five months.", "It costs 1,500 euros."]
    statement = "Phase 1 takes 4 months, 6 months or 14, at most 6, and 1500 euros [7]."
    assert unsupported_numbers(statement, passages) == ("6", "14")


def test_one_and_list_numbers_and_addresses_are_no_figures() -> None:
    assert unsupported_numbers("2. Choose one k8s course: [here](https://x.org/99) or https://x.org/98", [""]) == ()
    assert unsupported_numbers("Choose 1 of 2", [""]) == ("1", "2")


def test_names_that_no_passage_has_are_named_once() -> None:
    passages = ["Use python, the AWS console and Deep Learning courses."]
    statement = "Learn Python, Kubernetes and Deep Learning. PyTorch on AWS or Kubernetes helps, and I say: Try it."
    assert unknown_names(statement, passages) == ("Kubernetes", "PyTorch")


def test_each_line_begins_a_sentence_whatever_mark_it_has() -> None:
    assert unknown_names("- **Start** here\n2. Then go on\n| Later | rest |", [""]) == ()


def test_a_plural_or_possessive_is_the_same_name() -> None:
    assert unknown_names("Study the CNNs and read Ng’s notes in 3D", ["A CNN by Ng"]) == ()


# --- citations -----------------------------------------------------------------------------------


def all_letters(statement: str, passages: Sequence[str]) -> bool:
    """A hand-checkable judge: the passages together have every letter of the statement."""
    return set(statement) <= set("".join(passages))


PASSAGES = ["ab", "c", "abc"]


@pytest.mark.parametrize(
    ("statement", "scores"),
    [
        (CitedStatement("ab", (1,)), CitationScores(1, 1, 1, 1)),
        (CitedStatement("ab", (2,)), CitationScores(1, 0, 1, 0)),
        (CitedStatement("ab"), CitationScores(1, 0, 0, 0)),
        (CitedStatement("abc", (1, 2)), CitationScores(1, 1, 2, 2)),  # neither alone, both needed
        (CitedStatement("ab", (1, 2)), CitationScores(1, 1, 2, 1)),  # the second adds nothing
        (CitedStatement("ab", (1, 3)), CitationScores(1, 1, 2, 2)),  # each supports on its own
        (CitedStatement("ab", (1, 1)), CitationScores(1, 1, 1, 1)),
        (CitedStatement("ab", (1, 4)), CitationScores(1, 0, 2, 0)),  # there is no fourth
        (CitedStatement("ab", (0,)), CitationScores(1, 0, 1, 0)),
    ],
)
def test_a_citation_is_precise_if_it_supports_alone_or_is_needed(
    statement: CitedStatement, scores: CitationScores
) -> None:
    assert citation_scores([statement], PASSAGES, all_letters) == scores


def test_recall_precision_and_f1_follow_from_the_counts() -> None:
    statements = [
        CitedStatement("ab", (1, 2)),
        CitedStatement("c", (2,)),
        CitedStatement("b", (2,)),
        CitedStatement("a"),
    ]
    scores = citation_scores(statements, PASSAGES, all_letters)
    assert scores == CitationScores(statements=4, supported=2, citations=4, precise=2)
    assert (scores.recall, scores.precision, scores.f1) == (0.5, 0.5, 0.5)


def test_statements_without_citations_score_nothing_and_no_statements_have_no_score() -> None:
    uncited = citation_scores([CitedStatement("a")], PASSAGES, all_letters)
    assert (uncited.recall, uncited.precision, uncited.f1) == (0.0, 0.0, 0.0)
    empty = citation_scores([], PASSAGES, all_letters)
    assert (empty.recall, empty.precision, empty.f1) == (None, None, None)


def test_validity_is_the_share_of_numbers_that_exist() -> None:
    assert validity([1, 2, 2, 3, 0], 2) == pytest.approx(3 / 5)
    assert validity([], 2) is None


# --- refusals and verdicts -----------------------------------------------------------------------


def test_abstention_counts_refusals_where_they_belong() -> None:
    pairs = [
        ("refuse", "refused"),
        ("refuse", "refused"),
        ("refuse", "answered"),
        ("refuse", "clarify"),
        ("answer", "refused"),
        ("answer", "answered"),
        ("answer", "clarify"),
        ("warn", "refused"),
        ("clarify", "refused"),
    ]
    assert abstention(pairs) == Abstention(2 / 3, 2 / 4, 1 / 3)


def test_without_refusals_there_is_no_precision() -> None:
    assert abstention([("answer", "answered")]) == Abstention(None, None, 0.0)


@pytest.mark.parametrize("pair", [("refuses", "refused"), ("refuse", "refuse")])
def test_a_misspelt_expectation_or_status_is_an_error(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=pair[1] if pair[0] == "refuse" else pair[0]):
        abstention([pair])


def test_the_risk_grows_as_less_certain_answers_are_let_in() -> None:
    curve = risk_coverage_curve([0.2, 0.9, 0.5, 0.7], [True, True, False, True])
    assert curve.points == (
        RiskPoint(0.9, 0.25, 0.0),
        RiskPoint(0.7, 0.5, 0.0),
        RiskPoint(0.5, 0.75, 1 / 3),
        RiskPoint(0.2, 1.0, 1 / 4),
    )
    assert curve.area == pytest.approx((1 / 3 + 1 / 4) / 4)


def test_equal_confidences_are_taken_in_the_order_given() -> None:
    assert risk_coverage_curve([0.5, 0.5], [True, False]).area == 0.25  # risks 0, 1/2
    assert risk_coverage_curve([0.5, 0.5], [False, True]).area == 0.75  # risks 1, 1/2


@pytest.mark.parametrize(("confidences", "correct"), [([], []), ([0.5], []), ([], [True]), ([math.nan], [True])])
def test_a_curve_needs_one_confidence_for_each_verdict(confidences: list[float], correct: list[bool]) -> None:
    with pytest.raises(ValueError, match="confidences"):
        risk_coverage_curve(confidences, correct)


def test_a_wrong_answer_costs_what_a_right_one_earns() -> None:
    verdicts = [Verdict.RIGHT, Verdict.RIGHT, Verdict.RIGHT, Verdict.MISSING, Verdict.WRONG]
    score = crag_score(verdicts)
    assert score.score == pytest.approx(0.4)
    assert score == CragScore(score.score, right=0.6, missing=0.2, wrong=0.2)
    with pytest.raises(ValueError, match="no verdict"):
        crag_score([])
