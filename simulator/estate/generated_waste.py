"""Which of the generated resources are waste, and of which rule: their records are written after this."""

from collections.abc import Callable, Mapping

from simulator.estate.resources import Resource

GENERATED_WASTE: Mapping[str, tuple[str, Callable[[int], bool]]] = {
    "disk": ("unattached_disks", lambda index: index % 3 == 0),
    "pip": ("unused_public_ips", lambda index: index % 4 == 0),
    "nic": ("orphan_network_interfaces", lambda index: index % 5 == 0),
    "nsg": ("orphan_security_groups", lambda index: index % 3 == 0),
    "plan": ("empty_app_service_plans", lambda index: index % 4 == 0),
    "vm": ("hybrid_benefit_windows", lambda index: index % 2 == 0 and index % 6 != 0 and index % 10 != 0),
}
"""Alias of the kind -> the rule, and which resources by their index."""


def is_waste(resource: Resource) -> bool:
    """Whether a generated resource is waste; the part of a pattern names its rule."""
    if resource.placed or resource.kind.alias not in GENERATED_WASTE:
        return False
    return GENERATED_WASTE[resource.kind.alias][1](resource.index)
