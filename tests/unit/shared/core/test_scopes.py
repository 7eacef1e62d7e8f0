"""A subscription's path is never shown; what is no subscription stays as Azure writes it."""

import pytest

from shared.core.scopes import scope_in_words, subscription_in_words


def test_a_subscription_is_named_before_its_id() -> None:
    assert subscription_in_words("/subscriptions/1", "Production") == "Production (1)"
    assert scope_in_words("/subscriptions/1") == "this subscription"


@pytest.mark.parametrize(
    "scope", ["/", "/subscriptions/", "/subscriptions/1/resourceGroups/a", "/providers/Microsoft.Capacity"]
)
def test_another_scope_stays_as_it_is(scope: str) -> None:
    assert (subscription_in_words(scope, "Production"), scope_in_words(scope)) == (scope, scope)
