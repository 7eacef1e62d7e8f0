"""ExpressRoute circuits that the connectivity provider has not provisioned."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_not_provisioned(circuit: Resource, _facts: Facts) -> bool:
    """Only `NotProvisioned`: provisioning and deprovisioning are transitions."""
    return circuit.text("serviceProviderProvisioningState").lower() == "notprovisioned"


RULE = Rule(
    name="unprovisioned_expressroute_circuits",
    text=RuleText(
        "ExpressRoute circuit",
        "ExpressRoute circuits",
        "{count} {them} not provisioned by the provider",
        "An ExpressRoute circuit is billed from the moment Azure issues its service key, even if the connectivity "
        "provider has not provisioned it.",
        "Ask the network team whether an order with the provider is under way. If not, delete the circuit.",
        "https://learn.microsoft.com/azure/expressroute/expressroute-workflows",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/expressroutecircuits",),
    matches=_is_not_provisioned,
    evidence=(
        sku_field(),
        property_field("Provider's state", "serviceProviderProvisioningState"),
        property_field("Circuit's state", "circuitProvisioningState"),
    ),
    reads=("circuitProvisioningState", "serviceProviderProvisioningState"),
)
