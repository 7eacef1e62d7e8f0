"""What several rules ask about a resource."""

from findings.resource import Resource
from findings.rule import Facts


def is_deallocated(machine: Resource, _facts: Facts | None = None) -> bool:
    """Return whether the machine is deallocated: its compute and its licences are not billed."""
    return machine.text("powerState").lower() == "powerstate/deallocated"


def is_dev_test(resource: Resource, facts: Facts) -> bool:
    """Return whether its subscription has a dev/test offer, in which licences are not billed."""
    return resource.subscription_id.lower() in facts.dev_test_subscriptions
