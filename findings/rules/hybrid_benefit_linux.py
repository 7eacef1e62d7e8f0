"""Linux virtual machines billed for a subscription that the customer may already own."""

from findings.predicates import is_deallocated
from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure

PUBLISHERS = ("redhat", "suse")


def _pays_for_a_subscription(machine: Resource, _facts: Facts) -> bool:
    """An image of these publishers without a licence type of its own is billed by the hour."""
    is_paid_image = machine.text("imagePublisher").lower() in PUBLISHERS
    return is_paid_image and not machine.has("licenseType")


def _is_own_subscription(machine: Resource, _facts: Facts) -> bool:
    return "byos" in machine.text("imageOffer").lower()


RULE = Rule(
    name="hybrid_benefit_linux",
    text=RuleText(
        "Linux virtual machine",
        "Linux virtual machines",
        "{count} {them} with a Red Hat or SUSE subscription by the hour",
        "These virtual machines pay for their Linux subscription by the hour. If you own Red Hat or SUSE subscriptions "
        "that may be used in the cloud, you can use them here instead. We cannot see your subscriptions, so we give no "
        "amount.",
        "Check your subscriptions with the vendor. If you have enough unused ones, change the licence type of each "
        "virtual machine. This needs no restart.",
        "https://learn.microsoft.com/azure/virtual-machines/linux/azure-hybrid-benefit-linux",
    ),
    measure=Measure.LICENCE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/virtualmachines",),
    matches=_pays_for_a_subscription,
    exclusions=(
        Exclusion("images that bring their own subscription", _is_own_subscription),
        Exclusion("deallocated virtual machines, which are not billed for a subscription", is_deallocated),
    ),
    evidence=(
        property_field("Size", "vmSize"),
        property_field("Publisher", "imagePublisher"),
        property_field("Image", "imageOffer"),
    ),
    has_saving=False,
    reads=("imageOffer", "imagePublisher", "licenseType", "powerState", "vmSize"),
)
