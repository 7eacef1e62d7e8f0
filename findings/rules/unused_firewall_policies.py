"""Firewall policies that no firewall uses."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText
from shared.core.findings import Confidence, Effort, Measure


def _is_unused(policy: Resource, _facts: Facts) -> bool:
    """Azure sends both lists, empty or not: a policy whose lists were not read is not judged."""
    return policy.properties.get("firewallsCount") == 0 and policy.properties.get("childPoliciesCount") == 0


RULE = Rule(
    name="unused_firewall_policies",
    text=RuleText(
        "firewall policy",
        "firewall policies",
        "{count} unused {them}",
        "No firewall and no other policy uses these policies. One that is not used has no effect and hides "
        "which rules apply.",
        "Keep the rules as a template if you need them, then delete the policy.",
        "https://learn.microsoft.com/azure/firewall-manager/policy-overview",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/firewallpolicies",),
    matches=_is_unused,
    has_saving=False,
    undo="Deploy the template again.",
    reads=("childPoliciesCount", "firewallsCount"),
)
