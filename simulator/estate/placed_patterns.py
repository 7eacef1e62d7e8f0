"""Which patterns a subscription has, as resources of its own."""

import random
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from simulator.estate.compute_checks import COMPUTE_CHECKS
from simulator.estate.compute_patterns import COMMITTED, DISKS, LICENCES, MACHINES, SNAPSHOTS
from simulator.estate.network_patterns import (
    ADDRESSES,
    APPLICATION_GATEWAYS,
    BALANCERS,
    NETWORK_GATEWAYS,
    OTHERS,
)
from simulator.estate.patterns import Part, Pattern, PatternContext
from simulator.estate.service_checks import SERVICE_CHECKS
from simulator.estate.service_patterns import SERVICES

PATTERNS: tuple[Pattern, ...] = (
    *DISKS, *MACHINES, *SNAPSHOTS, *LICENCES, *ADDRESSES, *BALANCERS, *APPLICATION_GATEWAYS, *NETWORK_GATEWAYS, *OTHERS,
    *SERVICES,
)  # fmt: skip
"""All patterns of a subscription with room for them; smaller ones have some of them, by seed."""

ALL_PARTS = sum(map(len, PATTERNS))
SMALL_SHARE = 2.5
"""In a subscription without room for all, one resource in so many is of a pattern."""


EVERY_PATTERN: tuple[Pattern, ...] = (*PATTERNS, *COMPUTE_CHECKS, *SERVICE_CHECKS)
"""What a subscription of a varied estate has besides its other resources."""


@dataclass(frozen=True, eq=False)
class PlacedPart:
    """A part of a pattern as a resource: `owner_id` is the id of what manages it."""

    part: Part
    ids: tuple[str, ...]
    owner_id: str

    def properties(self, today: date) -> dict[str, Any]:
        """Its properties, as Resource Graph has them on that day."""
        return self.part.properties(PatternContext(self.ids, today))


def patterns_for(
    seed: int, subscription_index: int, resource_count: int, *, has_commitments: bool = False
) -> tuple[Pattern, ...]:
    """All of them, or as many as there is room for; those of commitments come on top."""
    if has_commitments:
        return (*patterns_for(seed, subscription_index, resource_count), *COMMITTED)
    if resource_count > 2 * ALL_PARTS:
        return PATTERNS
    mixed = list(PATTERNS)
    random.Random(f"{seed}/planted/{subscription_index}").shuffle(mixed)  # noqa: S311 - sample data
    room = int(resource_count / SMALL_SHARE)
    lengths = [sum(map(len, mixed[:count])) for count in range(len(mixed) + 1)]
    return tuple(islice(mixed, sum(length <= room for length in lengths) - 1))
