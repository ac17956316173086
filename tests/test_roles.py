"""Which careers a question names: spellings from the corpus, plurals, typos, fields."""

import pytest

from advisor.records import Document
from advisor.search.roles import Mention, mentions, read_spellings, role_of


def page(role: str | None, *aliases: str) -> Document:
    return Document(f"{role}.md", role or "A guide", "", (), "0", role=role, aliases=aliases)


SPELLINGS = read_spellings(
    (
        page("Data engineer", "data pipeline engineer", "data engineering"),
        page("Data scientist", "product data scientist"),
        page("Site reliability engineer", "SRE"),
        page("MLOps engineer", "MLOps"),
        page("Back-end developer", "backend developer"),
        page("UX designer"),
        page(None),
    )
)


def named(question: str) -> list[tuple[str, bool]]:
    return [(mention.role, mention.names_person) for mention in mentions(question, SPELLINGS)]


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("what does a data engineer do", "Data engineer"),
        ("are Data Engineers happy?", "Data engineer"),
        ("a data enginer's day", "Data engineer"),
        ("data pipeline engineer: which books", "Data engineer"),
        ("how do i become an sre", "Site reliability engineer"),
        ("backend devs and sql", "Back-end developer"),
        ("back end developer", "Back-end developer"),
        ("ux desginer portfolio", "UX designer"),
    ],
)
def test_a_person_is_known_by_name_alias_plural_and_typo(question: str, role: str) -> None:
    assert named(question) == [(role, True)]


@pytest.mark.parametrize(
    ("question", "role"), [("is data engineering hard", "Data engineer"), ("the mlops bit", "MLOps engineer")]
)
def test_a_field_is_no_person(question: str, role: str) -> None:
    assert named(question) == [(role, False)]


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("how do i get into data engineering", "Data engineer"),
        ("a career in mlops, or jobs", "MLOps engineer"),
        ("the way towards ux design", "UX designer"),
        ("i am a nurse, how do i switch to data engineering", "Data engineer"),
    ],
)
def test_a_field_that_somebody_goes_into_is_the_career(question: str, role: str) -> None:
    assert named(question) == [(role, True)]


def test_a_name_that_lacks_more_than_two_letters_is_no_typo() -> None:
    spellings = read_spellings((page("Statistician"), page("Solutions architect")))
    assert mentions("which statistics book is good", spellings) == ()
    assert [one.role for one in mentions("a good statistican", spellings)] == ["Statistician"]
    architecture = mentions("is solutions architecture hard", spellings)
    assert [(one.role, one.names_person) for one in architecture] == [("Solutions architect", False)]


@pytest.mark.parametrize("part", ["part", "block", "phase", "module"])
def test_a_part_that_is_called_like_a_field_names_no_career(part: str) -> None:
    assert named(f"how long is the mlops {part} of a data scientist?") == [("Data scientist", True)]


def test_several_roles_come_in_the_order_of_the_question() -> None:
    assert named("SRE or data scientist, and what of an sre") == [
        ("Site reliability engineer", True),
        ("Data scientist", True),
    ]


def test_the_longest_name_wins() -> None:
    (mention,) = mentions("a product data scientist", SPELLINGS)
    assert mention == Mention("Data scientist", ("product", "data", "scientist"), names_person=True)


@pytest.mark.parametrize("question", ["which engineer earns most", "who reads data", "designing data", ""])
def test_other_words_name_nobody(question: str) -> None:
    assert named(question) == []


def test_documents_of_one_role_have_it_and_of_several_have_none() -> None:
    roles = {"a.md": "Data engineer", "b.md": "Data engineer", "c.md": "UX designer"}
    assert role_of(("a.md", "b.md", "guide.md"), roles) == "Data engineer"
    assert role_of(("a.md", "c.md"), roles) is None
    assert role_of(("guide.md",), roles) is None


# --- fields: a role without its last word -----------------------------------------------------------


def fields(*roles: str) -> list[tuple[tuple[str, ...], str]]:
    """The names of these roles that name a field, and the role of each."""
    return [(one.words, one.role) for one in read_spellings([page(role) for role in roles]) if not one.names_person]


@pytest.mark.parametrize(
    ("role", "field"),
    [
        ("DevOps engineer", ("devops",)),
        ("iOS developer", ("ios",)),
        ("Computer vision engineer", ("computer", "vision")),
        ("Front-end developer", ("front", "end")),
        ("AI/ML engineer", ("ai", "ml")),
        ("NLP scientist (research)", ("nlp",)),
    ],
)
def test_a_role_without_its_last_word_names_its_field(role: str, field: tuple[str, ...]) -> None:
    assert fields(role) == [(field, role)]


@pytest.mark.parametrize("role", ["Data engineer", "Cloud engineer", "Statistician", "Research scientist (ML)"])
def test_one_plain_word_is_too_common_to_name_a_field(role: str) -> None:
    assert fields(role) == []


def test_what_two_roles_have_in_common_is_the_field_of_neither() -> None:
    assert fields("UX designer", "UX researcher", "DevOps engineer") == [(("devops",), "DevOps engineer")]


def test_two_pages_of_one_role_have_one_field() -> None:
    assert fields("DevOps engineer", "DevOps engineer") == [(("devops",), "DevOps engineer")]


def test_a_name_that_a_page_gives_goes_before_a_field_that_is_made() -> None:
    spellings = read_spellings([page("Data platform engineer"), page("Data architect", "data platform")])
    assert {one.role for one in spellings if one.words == ("data", "platform")} == {"Data architect"}


def test_a_person_is_one_though_another_name_of_the_career_is_a_field() -> None:
    spellings = read_spellings([page("Project manager", "project management")])
    for question, is_person in (("is a project manager rich?", True), ("is project management hard?", False)):
        (mention,) = mentions(question, spellings)
        assert (mention.role, mention.names_person) == ("Project manager", is_person)


def test_a_field_is_found_in_a_question_and_is_no_person() -> None:
    spellings = read_spellings([page("Computer vision engineer")])
    (field,) = mentions("is computer vision hard?", spellings)
    (person,) = mentions("is a computer vision engineer rich?", spellings)
    assert (field.role, field.names_person) == ("Computer vision engineer", False)
    assert (person.role, person.names_person) == ("Computer vision engineer", True)
