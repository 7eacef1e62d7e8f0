"""Premium firewalls whose policy uses no Premium feature."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import EvidenceField, Facts, Lookup, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure

POLICIES = ("microsoft.network/firewallpolicies",)
ACTIVE_MODES = ("alert", "deny")


def _own_id(policy: Resource) -> Iterable[str]:
    yield policy.resource_id


def _own_id_if_used(policy: Resource) -> Iterable[str]:
    """A policy with a parent inherits its settings, which we do not follow."""
    is_inspecting = policy.text("intrusionDetectionMode").lower() in ACTIVE_MODES or policy.has("hasTlsInspection")
    if is_inspecting or policy.has("basePolicyId"):
        yield policy.resource_id


KNOWN = Lookup(POLICIES, _own_id)
USING_PREMIUM = Lookup(POLICIES, _own_id_if_used, reads=("basePolicyId", "hasTlsInspection", "intrusionDetectionMode"))


def _uses_no_premium(firewall: Resource, facts: Facts) -> bool:
    policy = firewall.id_of("firewallPolicyId")
    is_premium = firewall.text("skuTier").lower() == "premium"
    return is_premium and facts.known(KNOWN, policy) and not facts.known(USING_PREMIUM, policy)


RULE = Rule(
    name="premium_firewalls_without_premium_features",
    text=RuleText(
        "Premium firewall",
        "Premium firewalls",
        "{count} {them} without a Premium feature in use",
        "Premium costs more than Standard because of intrusion detection and TLS inspection. The policies of "
        "these firewalls have both turned off. URL filtering and web categories by full path are Premium "
        "features too, and we do not read rules. We do not know the price difference in your agreement, so we "
        "give no amount.",
        "Check that no rule of the policy filters by URL. If none does, change the policy and the firewall to "
        "Standard.",
        "https://learn.microsoft.com/azure/firewall/change-sku",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/azurefirewalls",),
    matches=_uses_no_premium,
    evidence=(
        property_field("Tier", "skuTier"),
        EvidenceField("Policy", lambda one: one.id_of("firewallPolicyId").rpartition("/")[2]),
    ),
    lookups=(
        KNOWN,
        USING_PREMIUM,
    ),
    has_saving=False,
    undo="Change the policy and the firewall back to Premium.",
    reads=("firewallPolicyId", "skuTier"),
)
