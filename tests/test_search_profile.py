"""A profile's career fills in for one that a question lacks, and bends no other question."""

from collections.abc import Sequence

import pytest

from advisor.records import Answer, Citation, Claim, Intent, Profile, Query, Status
from advisor.search.profile import is_told, told, untold
from advisor.search.query import understand
from advisor.search.roles import Spelling
from advisor.text import stems

SPELLINGS = (Spelling("Master baker", ("master", "baker"), True), Spelling("Gardener", ("gardener",), True),
             Spelling("Gardener", ("gardening",), False))  # fmt: skip
ROLES = {"baker.md": "Master baker", "gardener.md": "Gardener"}
BAKER = Profile("Master baker", ("sugar",), 8, "50")
VOCABULARY = frozenset(stems("baker gardener yeast certificate book spade mistake"))


def query(question: str, history: Sequence[Answer] = (), profile: Profile | None = BAKER) -> Query:
    return understand(question, history, vocabulary=VOCABULARY, spellings=SPELLINGS, roles=ROLES, profile=profile)


def answered(question: str, *documents: str, understood: str = "") -> Answer:
    citations = tuple(Citation(n, f"{key}#x", key, "Time", None, "yeast") for n, key in enumerate(documents, 1))
    claims = (Claim("yeast", tuple(range(1, len(citations) + 1)), True),)
    return Answer(question, Status.ANSWERED, "yeast", claims, citations, understood=understood or question)


@pytest.mark.parametrize(
    "question",
    ["How long will it take me?", "Which certificates are there?", "What are the biggest mistakes?", "Is it hard?",
     "How do I start?", "How long is phase 2?", "Which books should I read?", "How much does it cost?", "What is it?",
     "Does it suit me?"],
)  # fmt: skip
def test_where_only_the_career_is_missing_the_profiles_is_meant(question: str) -> None:
    found = query(question)
    assert (found.roles, found.leaning, found.assumed) == (("Master baker",), None, "Master baker")
    assert found.standalone.endswith(" (Master baker)")
    assert found.terms


@pytest.mark.parametrize("question", ["What is yeast?", "How long does the yeast course take?", "What is a framework?"])
def test_a_question_about_something_leans_to_the_profiles_career(question: str) -> None:
    found = query(question)
    assert (found.roles, found.leaning, found.assumed) == ((), "Master baker", "Master baker")
    assert found.standalone == query(question, profile=None).standalone


@pytest.mark.parametrize(
    "question",
    [
        "How do I become a gardener?",
        "Is gardening hard?",
        "Master baker or gardener?",
        "How long does it take to become a nurse?",
        "What are the mistakes of a sea captain?",
        "Which career suits me?",
        "Which careers need no certificate?",
        "Are there other jobs for me?",
        "Compare all careers",
        "hello",
    ],
)
def test_a_question_that_names_or_seeks_a_career_is_never_bent(question: str) -> None:
    assert query(question) == query(question, profile=None)


@pytest.mark.parametrize("profile", [None, Profile(), Profile("Astronaut"), Profile(known=("yeast",))])
def test_a_profile_without_a_career_of_the_pages_changes_nothing(profile: Profile | None) -> None:
    for question in ("How long will it take me?", "What is yeast?"):
        assert query(question, profile=profile).assumed is None


def test_a_conversation_about_another_career_goes_before_the_profile() -> None:
    before = [answered("What is a gardener?", "gardener.md")]
    assert query("How long does it take?", before).roles == ("Gardener",)
    assert query("Which certificates are there?", before).assumed is None
    assert query("And which takes longer?", [answered("Both?", "gardener.md", "baker.md")]).assumed is None


def test_a_conversation_about_no_career_or_the_profiles_own_leaves_the_profile_its_say() -> None:
    for before in (answered("What is yeast?", "guide.md"), answered("What is yeast?", "baker.md", "gardener.md")):
        assert query("Which certificates are there?", [before]).roles == ("Master baker",)


def test_a_follow_up_on_an_answer_that_the_profile_shaped_carries_its_topic_and_no_more() -> None:
    before = answered("How long is it?", "baker.md", understood="How long is it? (Master baker, from your profile)")
    found = query("And the certificates?", [before])
    assert found.roles == ("Master baker",)
    assert found.assumed is None
    assert not set(stems("from your profile")) & set(found.terms)
    assert "profile" not in found.standalone


def test_an_answer_tells_of_a_career_that_was_filled_in_even_if_nothing_is_cited() -> None:
    question = "How long will it take me?"
    shaped = told(Answer(question, Status.REFUSED, "no"), query(question), ROLES)
    assert shaped.understood == "How long will it take me? (Master baker, from your profile)"
    assert is_told(shaped)
    assert not is_told(Answer(question, Status.REFUSED, "no", understood=question))
    assert untold(shaped.understood) == query(question).standalone


def test_brackets_in_a_careers_name_do_not_end_what_is_told_too_early() -> None:
    roles = {"x.md": "Scientist (ML)"}
    found = understand("How long is it?", [], vocabulary=VOCABULARY, roles=roles, profile=Profile("Scientist (ML)"))
    shaped = told(Answer("How long is it?", Status.REFUSED, "no"), found, roles)
    assert found.roles == ("Scientist (ML)",)
    assert shaped.understood == "How long is it? (Scientist ML, from your profile)"


def test_an_answer_tells_of_a_leaning_only_where_it_cites_a_page_of_that_career() -> None:
    question = "What is yeast?"
    cited = told(answered(question, "gardener.md", "baker.md"), query(question), ROLES)
    assert cited.understood == "What is yeast? (Master baker, from your profile)"
    for elsewhere in (answered(question, "gardener.md"), answered(question)):
        assert told(elsewhere, query(question), ROLES) == elsewhere


def test_without_a_profile_an_answer_stays_as_it_is() -> None:
    answer = answered("What is yeast?", "baker.md")
    assert told(answer, Query("What is yeast?", "What is yeast?", Intent.DEFINITION, ("yeast",)), ROLES) == answer
