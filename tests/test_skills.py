"""A learner's words for skills: what is the same, what is near, what is something else."""

import pytest

from advisor.career.skills import (
    Closeness,
    Vocabulary,
    canonical,
    closeness,
    mended,
    named_in,
    read_known,
    read_vocabulary,
    same_skill,
)


@pytest.fixture
def vocabulary() -> Vocabulary:
    names = ["Python", "JavaScript", "Statistics", "Kubernetes", "HTML", "CSS", "CI/CD", "SAS", "OpenAPI"]
    return read_vocabulary(names, ["We use OpenAI and Scala here."])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("js", "JavaScript"),
        ("Java Script", "JavaScript"),
        ("k8s", "Kubernetes"),
        ("ML", "machine learning"),
        ("ml algorithms", "Machine learning"),
        ("golang", "Go"),
        ("csharp", "C#"),
        ("cpp", "C++"),
        ("postgres", "PostgreSQL"),
        ("data modeling", "Data modelling"),
        ("dataviz", "Data visualisation"),
        ("model optimization", "Model optimisation"),
        ("REST API", "REST APIs"),
        ("cloud", "Cloud platforms"),
        ("continuous integration", "CI/CD"),
        ("Python programming", "python"),
        ("basic SQL", "SQL"),
        ("maths", "Mathematics"),
        ("Advanced mathematics (calculus and linear algebra)", "math"),
        ("SQL Server", "mssql"),
    ],
)
def test_two_spellings_of_one_skill_are_the_same(one: str, other: str) -> None:
    assert same_skill(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Java", "JavaScript"),
        ("C", "C++"),
        ("C", "C#"),
        ("C++", "C#"),
        ("C", "Objective-C"),
        ("R", "Rust"),
        ("SQL", "SQL Server"),
        ("UX", "Experiment design"),
        ("UX design", "Experiment design"),
        ("security", "Web security"),
        ("design", "System design"),
        ("React", "React Native"),
        ("", ""),
        ("", "SQL"),
    ],
)
def test_two_skills_are_not_the_same(one: str, other: str) -> None:
    assert not same_skill(one, other)


def test_words_without_any_letters_have_no_form() -> None:
    assert canonical(" ?! ") == ()


@pytest.mark.parametrize(
    ("known", "need", "detail", "expected"),
    [
        ("python", "Python", "files", Closeness.SAME),
        ("tableau", "Power BI", "DAX (Tableau will do as well)", Closeness.ALTERNATIVE),
        ("go", "Python", "known well; Java, Go, C# or JavaScript serve equally", Closeness.ALTERNATIVE),
        ("oracle", "PostgreSQL", "or SQL Server or Oracle; one engine known deeply", Closeness.ALTERNATIVE),
        ("pandas", "Python", "notebooks", Closeness.COMES_WITH),
        ("AWS", "Cloud", "storage", Closeness.COMES_WITH),
        ("Excel", "Spreadsheets", "", Closeness.COMES_WITH),
        ("airflow", "Scheduling", "retries in Airflow or Kestra", Closeness.PART),
        ("web security", "Security", "", Closeness.PART),
        ("TypeScript", "TypeScript and React", "", Closeness.PART),
        ("security", "Web security", "sessions", None),
        ("java", "JavaScript", "objects", None),
        ("sql", "PostgreSQL", "or SQL Server or Oracle", None),
        ("C", "C++", "larger firmware", None),
    ],
)
def test_how_near_a_known_skill_comes(known: str, need: str, detail: str, expected: Closeness | None) -> None:
    assert closeness(known, need, detail) is expected


@pytest.mark.parametrize(
    ("known", "text", "expected"),
    [
        ("go", "wherever the logs go", False),
        ("go", "tools in Go", True),
        ("r", "spreadsheets, SQL, R, Tableau", True),
        ("r", "R&D budgets", False),
        ("c", "C++ and C#", False),
        ("c", "pointers in C", True),
        ("react", "how people react", False),
        ("react", "components in React", True),
        ("ml", "machine learning for tables", True),
        ("sql", "", False),
    ],
)
def test_a_name_that_is_also_a_word_counts_only_as_a_name(known: str, text: str, expected: bool) -> None:
    assert named_in(known, text) is expected


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("pythn", "Python"),
        ("javascrpt", "JavaScript"),
        ("statistik", "Statistics"),
        ("pyhton scripting", "Python scripting"),
        ("Kubernets", "Kubernetes"),
    ],
)
def test_a_typo_is_mended(given: str, read: str, vocabulary: Vocabulary) -> None:
    assert mended(given, vocabulary) == read


@pytest.mark.parametrize("given", ["OpenAI", "Scala", "SASS", "Java", "Cython", "Rust", "C"])
def test_a_word_that_pages_write_or_that_is_short_or_begins_otherwise_is_no_typo(
    given: str, vocabulary: Vocabulary
) -> None:
    assert mended(given, vocabulary) == given


def test_a_list_is_read_once_in_order(vocabulary: Vocabulary) -> None:
    known = read_known(" js, pythn; ,JavaScript\nHTML/CSS, CI/CD, html and css", vocabulary)
    assert [one.name for one in known] == ["js", "Python", "HTML", "CSS", "CI/CD"]
    assert [one.given for one in known if one.given != one.name] == ["pythn"]


def test_what_is_no_pair_of_skills_stays_whole(vocabulary: Vocabulary) -> None:
    assert [one.name for one in read_known("research and development", vocabulary)] == ["research and development"]


def test_nothing_given_is_nothing_known(vocabulary: Vocabulary) -> None:
    assert read_known(" , ;", vocabulary) == ()
