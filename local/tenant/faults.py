"""Faults that a test can switch on, each for a number of requests."""

import threading

KNOWN = {
    "entra_down": "Entra answers 503 on every page and endpoint",
    "entra_error_500": "the token endpoint answers 500 with a body that is not JSON",
    "arm_503": "Resource Manager answers 503 with an empty HTML body",
    "arm_500": "Resource Manager answers 500 InternalServerError",
    "arm_504": "Resource Manager answers 504 GatewayTimeout",
    "arm_429": "Resource Manager answers 429 with Retry-After",
    "arm_429_no_hint": "Resource Manager answers 429 with no number anywhere",
    "arm_drop": "Resource Manager closes the connection without an answer",
    "arm_truncate": "Resource Manager's body ends early",
    "cost_404_null": "Cost Management answers 404 `returns null` for data that it has",
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
    """Which faults are on, and for how many more requests."""

    def __init__(self) -> None:
        self._left: dict[str, int] = {}
        self._lock = threading.Lock()

    def set(self, name: str, times: int) -> None:
        """Raises KeyError for a fault that is not known. 0 switches it off."""
        if name not in KNOWN:
            raise KeyError(name)
        with self._lock:
            self._left[name] = times

    def is_on(self, name: str) -> bool:
        """Whether it is on, without using one up."""
        return self._left.get(name, 0) > 0

    def strikes(self, name: str) -> bool:
        """Whether it hits this request; uses one up."""
        with self._lock:
            left = self._left.get(name, 0)
            if left > 0:
                self._left[name] = left - 1
            return left > 0

    def state(self) -> dict[str, int]:
        with self._lock:
            return {name: left for name, left in self._left.items() if left > 0}
