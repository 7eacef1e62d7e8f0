"""The states of a subscription as Resource Manager lists them, for readers.

https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states
"""

DELETED = "deleted"
ACTIVE_STATES = ("", "Unknown", "Enabled")
"""States that explain nothing; the empty one is of a step planned by an earlier version."""

_SENTENCES = {
    DELETED: "This subscription is deleted: Azure has no data of it that can be read.",
    "disabled": "Azure lists this subscription as disabled.",
    "warned": "Azure lists this subscription as warned: it will soon be disabled.",
    "pastdue": "Azure lists this subscription as past due: a payment is outstanding.",
}


def state_sentence(state: str) -> str:
    """Return a sentence about a state other than Enabled; an unknown state is quoted."""
    return _SENTENCES.get(state.casefold(), f"Azure lists this subscription as \u201c{state}\u201d.")
