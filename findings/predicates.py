"""What several rules ask about a resource."""

from findings.resource import Resource
from findings.rule import EvidenceField, Exclusion, Facts

DEV_WORDS = frozenset({"dev", "development", "test", "testing", "tst", "qa", "sandbox", "sbx", "poc", "demo"})
ENVIRONMENT_TAGS = ("environment", "env", "stage")
SEPARATORS = str.maketrans("_. /", "----")


def is_deallocated(machine: Resource, _facts: Facts | None = None) -> bool:
    """Return whether the machine is deallocated: its compute and its licences are not billed."""
    return machine.text("powerState").lower() == "powerstate/deallocated"


def is_dev_test(resource: Resource, facts: Facts) -> bool:
    """Return whether its subscription has a dev/test offer, in which licences are not billed."""
    return resource.subscription_id.lower() in facts.dev_test_subscriptions


def dev_marker(resource: Resource) -> str:
    """Return what names a development or test environment: a tag or the resource group; empty if neither does.

    A tag decides: what is tagged as production is none, whatever its group is called.
    """
    for name, value in resource.tags.items():
        if name.lower() in ENVIRONMENT_TAGS and value:
            return f"tag {name}: {value}" if _words(str(value)) & DEV_WORDS else ""
    group = resource.group or ""
    return f"resource group {group}" if _words(group) & DEV_WORDS else ""


def _words(text: str) -> set[str]:
    return set(text.lower().translate(SEPARATORS).split("-"))


def is_dev(resource: Resource, _facts: Facts | None = None) -> bool:
    """Return whether a tag or the resource group names a development or test environment."""
    return bool(dev_marker(resource))


ENVIRONMENT = EvidenceField("Environment", dev_marker)
NOT_RUNNING = Exclusion("deallocated virtual machines, which are not billed for compute", is_deallocated)
