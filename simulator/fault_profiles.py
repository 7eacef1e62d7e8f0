"""Fault profiles: faults that strike without being switched on, at a rate, by a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

NONE = "none"


@dataclass(frozen=True)
class FaultProfile:
    """`rates`: the probability that a fault strikes a request that it can strike; `lasting` faults are always on."""

    rates: Mapping[str, float]
    lasting: tuple[str, ...] = ()


TRANSIENT = {
    "arm_503": 0.05,
    "arm_500": 0.02,
    "arm_502": 0.02,
    "arm_504": 0.02,
    "arm_429": 0.03,
    "arm_429_short": 0.06,
    "arm_429_no_hint": 0.01,
    "arm_429_own_hint": 0.02,
    "arm_429_hints": 0.02,
    "arm_drop": 0.03,
    "arm_truncate": 0.03,
    "arm_html": 0.02,
    "arm_error_200": 0.02,
    "arm_huge": 0.005,
    "cost_columns_turned": 0.2,
    "cost_column_added": 0.2,
    "arm_link_with_blanks": 0.2,
    "cost_404_null": 0.1,
    "portal_use": 0.1,
    "no_counters": 0.3,
    "expired_tokens": 0.04,
    "entra_error_500": 0.1,
    "mail_429": 0.2,
    "mail_503": 0.2,
}
"""What Azure does on a bad day. Every fault is transient, so a scan must end as it does without any."""

UNREADABLE = {
    "arm_strange": 0.02,
    "arm_unknown_error_200": 0.01,
    "cost_odd_row": 0.1,
    "graph_says_more": 0.1,
    "odd_kind": 0.1,
    "long_name": 0.1,
    "arm_link_to_itself": 0.01,
    "arm_link_elsewhere": 0.01,
    "graph_cut_off": 0.1,
    "cost_column_missing": 0.1,
    "cost_strange_month": 0.1,
}
"""Responses that cannot be read: a scan can only report them."""

EMPTY = frozenset({"arm_nothing", "cost_no_columns"})
"""Responses that say there is no data. A scan has to believe them, so no profile brings them."""

FAULT_PROFILES: Mapping[str, FaultProfile] = {
    NONE: FaultProfile({}),
    "azure": FaultProfile(TRANSIENT, ("claims_challenge",)),
    "hostile": FaultProfile(
        {name: min(0.5, 2 * rate) for name, rate in TRANSIENT.items()} | UNREADABLE | {"mail_drop": 0.1},
        ("claims_challenge",),
    ),
}
"""`hostile` also returns responses of no known form: what they hide has to be reported as missing."""


class FaultDraws:
    """Whether a fault of the profile strikes; the same seed gives each fault the same sequence of strikes."""

    def __init__(self, kind: str, seed: int) -> None:
        self._rates = FAULT_PROFILES[kind].rates
        self._draws = {name: random.Random(f"{seed}:{name}") for name in self._rates}  # noqa: S311  repeatable

    def strikes(self, name: str) -> bool:
        return name in self._rates and self._draws[name].random() < self._rates[name]
