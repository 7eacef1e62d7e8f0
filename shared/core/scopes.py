"""A scope of Azure in words: users know a subscription by its name, and the portal finds it by its id."""

SUBSCRIPTION_PREFIX = "/subscriptions/"


def subscription_in_words(scope: str, name: str) -> str:
    """Return `Production (1f2e…)` for the subscription's path; another scope stays as Azure writes it."""
    identifier = _subscription_id(scope)
    return f"{name} ({identifier})" if identifier else scope


def scope_in_words(scope: str) -> str:
    """Return the scope where the reader already sees which subscription it is about."""
    return "this subscription" if _subscription_id(scope) else scope


def _subscription_id(scope: str) -> str:
    """The id if the scope is a whole subscription, else the empty text."""
    identifier = scope.removeprefix(SUBSCRIPTION_PREFIX)
    return "" if identifier == scope or "/" in identifier else identifier
