"""Windows machines that pay for a licence which the customer may own already."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, Words, shown
from shared.core.findings import Confidence, Effort, Measure

CLIENT_PUBLISHERS = ("microsoftwindowsdesktop", "microsoftvisualstudio")


def _pays_for_a_licence(machine: Resource, _facts: Facts) -> bool:
    is_windows = machine.text("osType").lower() == "windows"
    return is_windows and not machine.text("licenseType").lower().startswith("windows")


def _is_dev_test(machine: Resource, facts: Facts) -> bool:
    return machine.subscription_id.lower() in facts.dev_test_subscriptions


def _is_no_server(machine: Resource, _facts: Facts) -> bool:
    return machine.text("imagePublisher").lower() in CLIENT_PUBLISHERS


RULE = Rule(
    name="hybrid_benefit_windows",
    words=Words(
        "Windows machine",
        "Windows machines",
        "{count} {them} eligible for Azure Hybrid Benefit, if you own licences",
        "These machines pay for Windows Server by the hour. Whoever owns Windows Server licences with Software "
        "Assurance, or subscriptions, may use them here instead. We cannot see which licences you own, so we name no "
        "amount.",
        "Ask whoever keeps your licences. If there are enough free ones, switch the benefit on for each machine: no "
        "restart, and reversible at any time.",
        "https://learn.microsoft.com/azure/virtual-machines/windows/hybrid-use-benefit-licensing",
    ),
    measure=Measure.LICENCE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/virtualmachines", "microsoft.compute/virtualmachinescalesets"),
    fits=_pays_for_a_licence,
    exclusions=(
        Exclusion("machines in dev/test subscriptions, which pay for no Windows licence", _is_dev_test),
        Exclusion("Windows clients and Visual Studio images, to which other terms apply", _is_no_server),
    ),
    shows=(shown("Size", "vmSize"), shown("Image", "imageOffer")),
    has_saving=False,
)
