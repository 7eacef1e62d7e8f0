import pytest

from shared.core.operators import Operator, Role, roles_of
from tests.support.clock import START


@pytest.mark.parametrize(
    ("claim", "roles"),
    [
        (["Reviewer"], {Role.REVIEWER}),
        (["Reviewer", "Admin", "Other"], {Role.REVIEWER, Role.ADMIN}),
        (["reviewer"], set()),
        ("Reviewer", set()),
        ({"Reviewer": 1}, set()),
        ([["Reviewer"]], set()),
        (None, set()),
        ([], set()),
    ],
)
def test_only_a_list_that_names_our_roles_gives_them(claim: object, roles: set[Role]) -> None:
    assert roles_of(claim) == roles


def test_an_admin_may_review_and_a_reviewer_may_not_administer() -> None:
    admin = Operator("o", "n", frozenset({Role.ADMIN}), START, START, START)
    reviewer = Operator("o", "n", frozenset({Role.REVIEWER}), START, START, START)
    assert [admin.may(role) for role in Role] == [True, True]
    assert [reviewer.may(role) for role in Role] == [True, False]
