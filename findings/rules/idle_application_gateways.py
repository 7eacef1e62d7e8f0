"""Application gateways without backends."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _has_no_backend(gateway: Resource, _facts: Facts) -> bool:
    return gateway.properties.get("hasBackends") is False


def _only_redirects(gateway: Resource, _facts: Facts) -> bool:
    """A redirect beside a rule that leads to an empty pool excuses nothing: nearly every gateway redirects HTTP."""
    return gateway.count("redirectConfigurationsCount") > 0 and gateway.properties.get("routesToBackend") is False


def _is_stopped(gateway: Resource, _facts: Facts) -> bool:
    return gateway.text("operationalState").lower() == "stopped"


RULE = Rule(
    name="idle_application_gateways",
    text=RuleText(
        "application gateway",
        "application gateways",
        "{count} {them} without backends",
        "An application gateway is billed by the hour while it runs. All backend pools of these gateways are empty, so "
        "they cannot forward any request.",
        "Check that no planned deployment will use the gateway, then delete it and its public IP address. "
        "Alternatively, stop it: this ends the charges and keeps the configuration.",
        "https://learn.microsoft.com/azure/application-gateway/understanding-pricing",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/applicationgateways",),
    matches=_has_no_backend,
    exclusions=(
        Exclusion("gateways that only redirect, which need no backend", _only_redirects),
        Exclusion("stopped gateways, which are not billed", _is_stopped),
    ),
    evidence=(property_field("SKU", "skuName"), property_field("Backend pools", "backendAddressPoolsCount")),
    reads=(
        "backendAddressPoolsCount",
        "hasBackends",
        "operationalState",
        "redirectConfigurationsCount",
        "routesToBackend",
        "skuName",
    ),
)
