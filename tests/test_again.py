"""The question before, asked again of another career; and which of the two careers talked about last is meant."""

from dataclasses import replace

import pytest

from advisor.corpus.subjects import Subject
from advisor.records import Answer, Citation, Document, Intent, Query, Status
from advisor.search.again import asked_again
from advisor.search.query import understand
from advisor.search.roles import read_spellings
from advisor.text import stems

DOCUMENTS = tuple(
    Document(f"{n}.md", role, "", (), "0", role=role, aliases=aliases)
    for n, (role, aliases) in enumerate(
        {
            "Bee keeper": ("apiarist",),
            "Flower gardener": (),
            "Market gardener": ("market gardening",),
            "Back-end developer": ("backend developer", "back end"),
            "Front-end developer": ("front end",),
            "Android developer": (),
            "Embedded developer": (),
        }.items()
    )
)
SPELLINGS = read_spellings(DOCUMENTS)
ROLES = {document.key: document.role for document in DOCUMENTS if document.role}
VOCABULARY = frozenset(stems("certificate mistakes project duration day honey plant week"))


def answer(question: str, role: str, status: Status = Status.ANSWERED) -> Answer:
    key = next(key for key, known in ROLES.items() if known == role)
    return Answer(
        question, status, "x [1].", (), (Citation(1, f"{key}#a#b", key, role, None, "x", role),), understood=question
    )


def again(question: str, before: str, role: str) -> str | None:
    return asked_again(question, [answer(before, role)], SPELLINGS, ROLES)


@pytest.mark.parametrize(
    ("question", "before", "asked"),
    [
        ("and as a market gardener?", "Which certificates does a bee keeper need?",
         "Which certificates does a market gardener need?"),
        ("ok and for an apiarist pls", "what mistakes do Flower gardeners make?", "what mistakes do bee keeper make?"),
        ("same question for market gardening", "How long does it take to become a flower gardener?",
         "How long does it take to become a market gardener?"),
        ("what about backend?", "which first jobs are there for a frontend dev",
         "which first jobs are there for a back-end developer"),
        ("and for an embedded one?", "first project for an Android developer?",
         "first project for an embedded developer?"),
        ("and the android developer?", "what does a bee keeper do?", "what does an android developer do?"),
    ],
)  # fmt: skip
def test_the_other_career_takes_the_place_of_the_first(question: str, before: str, asked: str) -> None:
    role = "Bee keeper" if "keeper" in before else "Flower gardener"
    assert again(question, before, role) == asked


def test_what_was_asked_of_that_job_is_asked_of_the_other_by_name() -> None:
    taken = "who is that job good for? (bee keeper; honey)"
    assert again("and bee keeper?", "who is that job good for?", "Flower gardener") == (
        "who is that job good for? (Bee keeper)"
    )
    assert again("and market gardening?", taken, "Bee keeper") == "who is that job good for? (market gardener; honey)"


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("and which tools does a market gardener use?", "How long does a bee keeper train?"),  # asks something else
        ("market gardener?", "How long does a bee keeper train?"),  # may ask what that is
        ("and a bee keeper?", "How long does a bee keeper train?"),  # the same career
        ("and a market gardener?", "Bee keeper or flower gardener?"),  # of two careers
        ("and for an astronaut?", "How long does a bee keeper train?"),  # no page names one
        ("and how long?", "How long does a bee keeper train?"),
    ],
)
def test_anything_more_or_else_is_understood_as_before(question: str, before: str) -> None:
    assert again(question, before, "Bee keeper") is None


def test_without_an_answer_before_nothing_is_asked_again() -> None:
    assert asked_again("and a bee keeper?", [], SPELLINGS, ROLES) is None
    asked_back = answer("About which career?", "Bee keeper", Status.CLARIFY)
    assert asked_again("and a market gardener?", [asked_back], SPELLINGS, ROLES) is None


def ask(question: str, *history: Answer) -> Query:
    return understand(question, history, vocabulary=VOCABULARY, spellings=SPELLINGS, roles=ROLES)


def test_it_is_understood_as_if_it_had_been_asked_so_and_keeps_the_learners_words() -> None:
    query = ask("and as a market gardener?", answer("what mistakes do bee keepers make?", "Bee keeper"))
    plain = ask("what mistakes do market gardener make?")
    assert query == replace(plain, again="and as a market gardener?")
    assert (query.roles, query.subject) == (("Market gardener",), Subject.PITFALLS)


def test_which_of_the_two_sets_the_last_two_careers_against_each_other() -> None:
    history = (
        answer("how long does a bee keeper train?", "Bee keeper"), answer("and a market gardener?", "Market gardener")
    )  # fmt: skip
    assert (quicker := ask("so which of the two is quicker?", *history)).roles == ("Bee keeper", "Market gardener")
    assert quicker.intent is Intent.DURATION
    assert ask("and which of the two is easier?", *history).subject == Subject.DIFFICULTY
    assert ask("which of the two is quicker?", history[0]).roles != ("Bee keeper", "Market gardener")
    assert ask("which of them is quicker?", *history).roles != ("Bee keeper", "Market gardener")
