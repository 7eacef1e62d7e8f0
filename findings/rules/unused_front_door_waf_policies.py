"""Web application firewall policies of Front Door that protect nothing."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _protects_nothing(policy: Resource, _facts: Facts) -> bool:
    """A classic Front Door is linked by its frontend endpoints, a newer one by security policies."""
    links = [policy.properties.get(name) for name in ("securityPolicyLinksCount", "frontendEndpointLinksCount")]
    return 0 in links and not any(links)


RULE = Rule(
    name="unused_front_door_waf_policies",
    text=RuleText(
        "WAF policy",
        "WAF policies",
        "{count} Front Door {them} that protect nothing",
        "A web application firewall policy is billed each month on classic Front Door. No domain and no "
        "frontend endpoint uses these.",
        "Check that no deployment is about to use the policy, then delete it.",
        "https://learn.microsoft.com/azure/web-application-firewall/afds/waf-front-door-create-portal",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/frontdoorwebapplicationfirewallpolicies",),
    matches=_protects_nothing,
    evidence=(sku_field(),),
    undo="Create the policy again from its template.",
    reads=("frontendEndpointLinksCount", "securityPolicyLinksCount"),
)
