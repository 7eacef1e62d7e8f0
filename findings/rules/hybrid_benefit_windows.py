"""Windows virtual machines billed for a licence that the customer may already own."""

from findings.predicates import is_deallocated, is_dev_test
from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure

CLIENT_PUBLISHERS = ("microsoftwindowsdesktop", "microsoftvisualstudio")


def _pays_for_a_licence(machine: Resource, _facts: Facts) -> bool:
    is_windows = machine.text("osType").lower() == "windows"
    return is_windows and not machine.text("licenseType").lower().startswith("windows")


def _is_client_image(machine: Resource, _facts: Facts) -> bool:
    return machine.text("imagePublisher").lower() in CLIENT_PUBLISHERS


RULE = Rule(
    name="hybrid_benefit_windows",
    text=RuleText(
        "Windows virtual machine",
        "Windows virtual machines",
        "{count} {them} without Azure Hybrid Benefit",
        "These virtual machines pay for Windows Server by the hour. If you own Windows Server licences with Software "
        "Assurance, or subscription licences, you can use them here instead. We cannot see your licences, so we give "
        "no amount.",
        "Check your licence inventory. If you have enough unused licences, turn on the benefit for each virtual "
        "machine. This needs no restart and can be undone at any time.",
        "https://learn.microsoft.com/azure/virtual-machines/windows/hybrid-use-benefit-licensing",
    ),
    measure=Measure.LICENCE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/virtualmachines", "microsoft.compute/virtualmachinescalesets"),
    matches=_pays_for_a_licence,
    exclusions=(
        Exclusion(
            "virtual machines in dev/test subscriptions, which are not billed for a Windows licence", is_dev_test
        ),
        Exclusion("deallocated virtual machines, which are not billed for a licence", is_deallocated),
        Exclusion("Windows client and Visual Studio images, which have different licence terms", _is_client_image),
    ),
    evidence=(property_field("Size", "vmSize"), property_field("Image", "imageOffer")),
    has_saving=False,
    reads=("imageOffer", "imagePublisher", "licenseType", "osType", "powerState", "vmSize"),
)
