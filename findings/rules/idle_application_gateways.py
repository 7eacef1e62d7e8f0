"""Application gateways with nothing behind them."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, Words, shown
from shared.core.findings import Confidence, Effort, Measure


def _has_no_backend(gateway: Resource, _facts: Facts) -> bool:
    return gateway.properties.get("hasBackends") is False


def _only_redirects(gateway: Resource, _facts: Facts) -> bool:
    return gateway.count("redirectConfigurationsCount") > 0


def _is_stopped(gateway: Resource, _facts: Facts) -> bool:
    return gateway.text("operationalState").lower() == "stopped"


RULE = Rule(
    name="idle_application_gateways",
    words=Words(
        "application gateway",
        "application gateways",
        "{count} {them} with nothing behind",
        "An application gateway is billed by the hour as long as it runs. None of the backend pools of these has a "
        "single address or machine in it, so every request ends at the gateway.",
        "Make sure that no deployment is about to fill a pool, then delete the gateway and its public IP address; or "
        "stop it, which ends its charges and keeps its settings.",
        "https://learn.microsoft.com/azure/application-gateway/understanding-pricing",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/applicationgateways",),
    fits=_has_no_backend,
    exclusions=(
        Exclusion("gateways that redirect, which need nothing behind them", _only_redirects),
        Exclusion("stopped gateways, which are not billed", _is_stopped),
    ),
    shows=(shown("SKU", "skuName"), shown("Backend pools", "backendAddressPoolsCount")),
)
