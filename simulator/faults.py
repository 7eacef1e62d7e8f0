"""Faults that a test can switch on, each for a number of requests, or that a fault profile brings."""

import threading
from collections import Counter

from simulator.fault_profiles import FAULT_PROFILES, NONE, FaultDraws

KNOWN = {
    "entra_down": "Entra answers 503 on every page and endpoint",
    "entra_error_500": "the token endpoint answers 500 with a body that is not JSON",
    "entra_no_azure": "Entra answers as in a tenant without Azure Resource Manager (AADSTS650052, AADSTS500011)",
    "entra_assertion_expired": "the token endpoint answers `invalid_grant` because the client's assertion has expired",
    "arm_503": "Resource Manager answers 503 with an empty HTML body",
    "arm_500": "Resource Manager answers 500 InternalServerError",
    "arm_502": "Resource Manager answers 502 with a page of HTML",
    "arm_504": "Resource Manager answers 504 GatewayTimeout",
    "arm_429": "Resource Manager answers 429 with Retry-After",
    "arm_429_short": "Resource Manager answers 429 with a Retry-After that proves too short",
    "arm_429_no_hint": "Resource Manager answers 429 with no number anywhere",
    "arm_429_own_hint": "Resource Manager answers 429 with a hint in Cost Management's own header only",
    "arm_429_hints": "Resource Manager answers 429 with three hints, of which the longest counts",
    "arm_403_disallowed": "Resource Manager answers 403 DisallowedOperation",
    "arm_403_page": "Resource Manager's gateway answers 403 with a page of HTML",
    "arm_drop": "Resource Manager closes the connection without an answer",
    "arm_truncate": "Resource Manager's body ends early",
    "arm_html": "Resource Manager answers 200 with a page of HTML",
    "arm_error_200": "Resource Manager answers 200 with the error of a transient fault",
    "arm_huge": "Resource Manager answers with a page of 16 MB",
    "cost_columns_turned": "Cost Management returns its columns in another order",
    "cost_column_added": "Cost Management adds an unknown column",
    "arm_strange": "Resource Manager answers 200 with JSON of another form than it documents",
    "arm_unknown_error_200": "Resource Manager answers 200 with an unknown error",
    "arm_nothing": "Advisor and the savings plan recommendations answer 204, which they do not document",
    "arm_link_with_blanks": "Resource Manager does not percent-encode its links to the next page",
    "arm_link_to_itself": "Resource Manager names the same page as the next one",
    "arm_link_elsewhere": "Resource Manager names a next page on another host",
    "graph_cut_off": "Resource Graph says that there is more and gives no token for it",
    "cost_column_missing": "Cost Management leaves out a column",
    "cost_strange_month": "Cost Management writes its months in words",
    "cost_404_null": "Cost Management answers 404 `returns null` for data that it has",
    "cost_404_new": "Cost Management answers 404 `not supported for subscription(s)`, as for a new subscription",
    "cost_no_columns": "Cost Management answers without columns and rows",
    "cost_odd_row": "Cost Management's first row has no cost and its last row no currency",
    "graph_says_more": "Resource Graph counts a thousand records more than it sends",
    "odd_kind": "the first recommendation of a list is of an unknown kind or category",
    "long_name": "Resource Graph sends a resource with a name of 300 characters",
    "portal_use": "another user of the tenant queries six months of costs right before a cost query",
    "no_counters": "Cost Management's good answers do not say what is left of the quota",
    "expired_tokens": "the access token of a call counts as expired from then on",
    "claims_challenge": "Resource Manager demands the authentication context c1",
    "mail_429": "Graph answers 429 with Retry-After",
    "mail_503": "Graph answers 503 without a hint",
    "mail_denied": "Graph answers 403 ErrorAccessDenied",
    "mail_drop": "Graph takes the mail and closes the connection without an answer",
    "claims_need_sign_in": "a demanded authentication context is given at sign-in only, never on refresh",
}

FOREVER = 1_000_000_000


class Faults:
    """Which faults are on, and for how many more requests; beside them, those of the profile once it has begun."""

    def __init__(self, profile: str = NONE, seed: int = 0) -> None:
        self._left: dict[str, int] = {}
        self._profile = FAULT_PROFILES[profile]
        self._draws = FaultDraws(profile, seed)
        self._has_begun = False
        self._struck: Counter[str] = Counter()
        self._lock = threading.Lock()

    def set(self, name: str, times: int) -> None:
        """Raises KeyError for a fault that is not known. 0 switches it off."""
        if name not in KNOWN:
            raise KeyError(name)
        with self._lock:
            self._left[name] = times

    def begin_profile(self) -> None:
        """Begin the profile's faults: with the first call of Resource Manager, so that users can sign in."""
        with self._lock:
            if not self._has_begun:
                self._has_begun = True
                self._left.update(dict.fromkeys(self._profile.lasting, FOREVER))

    def is_on(self, name: str) -> bool:
        """Whether it is on, without using one up."""
        return self._left.get(name, 0) > 0

    def strikes(self, name: str) -> bool:
        """Whether it hits this request; uses one up."""
        with self._lock:
            left = self._left.get(name, 0)
            if left > 0:
                self._left[name] = left - 1
            has_struck = left > 0 or (self._has_begun and self._draws.strikes(name))
            self._struck[name] += has_struck
            return has_struck

    def state(self) -> dict[str, int]:
        with self._lock:
            return {name: left for name, left in self._left.items() if left > 0}

    def struck(self) -> dict[str, int]:
        """How many requests each fault has hit."""
        with self._lock:
            return {name: count for name, count in sorted(self._struck.items()) if count}
