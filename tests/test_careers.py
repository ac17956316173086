"""Which career a learner means: the page's own name, an alias, a typo, a field; and honest refusals of the rest."""

import pytest
from plan_bench import our_careers

from advisor.career.careers import find_career
from advisor.errors import UsageError


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Data engineer", "Data engineer"),
        ("DATA ENGINEER", "Data engineer"),
        ("data enginer", "Data engineer"),
        ("pentester", "Penetration tester"),
        ("ethical hacking", "Penetration tester"),
        ("research scientist", "Research scientist (ML)"),
        ("frontend dev", "Front-end developer"),
        ("devops", "DevOps engineer"),
        ("DevOps", "DevOps engineer"),
        ("ios", "iOS developer"),
        ("android", "Android developer"),
        ("front-end", "Front-end developer"),
        ("cyber security", "Security analyst"),
    ],
)
def test_a_career_is_found_by_name_alias_typo_and_field(name: str, role: str) -> None:
    assert find_career(name, our_careers()).name == role


@pytest.mark.parametrize("name", ["data", "ux", "engineer", "developer", "app developer", "astronaut", ""])
def test_a_name_of_several_careers_or_of_none_is_refused_with_the_nearest(name: str) -> None:
    with pytest.raises(UsageError, match="the nearest are"):
        find_career(name, our_careers())


def test_where_no_page_names_a_career_the_cure_is_told() -> None:
    with pytest.raises(UsageError, match="give its pages a `role`"):
        find_career("baker", [])
