"""Public IP addresses of the Basic SKU, which Microsoft has retired."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_basic(address: Resource, _facts: Facts) -> bool:
    """Unassociated ones are reported for that."""
    return address.sku_text("name") == "basic" and address.has("ipConfigurationId")


RULE = Rule(
    name="basic_public_ips",
    text=RuleText(
        "public IP address",
        "public IP addresses",
        "{count} {them} of the Basic SKU",
        "Microsoft retired Basic SKU public IP addresses on 30 Sep 2025. They have no availability zones and "
        "no security by default.",
        "Upgrade the address to the Standard SKU. For most attachments this needs a short interruption.",
        "https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-upgrade",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/publicipaddresses",),
    matches=_is_basic,
    evidence=(
        sku_field(),
        property_field("Allocation", "publicIPAllocationMethod"),
    ),
    has_saving=False,
    undo="The upgrade cannot be undone.",
    reads=("ipConfigurationId", "publicIPAllocationMethod"),
)
