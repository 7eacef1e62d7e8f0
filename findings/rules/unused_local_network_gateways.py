"""Local network gateways without connections."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import Facts, Lookup, Rule, RuleText
from shared.core.findings import Confidence, Effort, Measure


def _remote_end(connection: Resource) -> Iterable[str]:
    if connection.has("localNetworkGateway2Id"):
        yield connection.id_of("localNetworkGateway2Id")


CONNECTED = Lookup(("microsoft.network/connections",), _remote_end, reads=("localNetworkGateway2Id",))


def _is_unconnected(gateway: Resource, facts: Facts) -> bool:
    return not facts.known(CONNECTED, gateway.resource_id)


RULE = Rule(
    name="unused_local_network_gateways",
    text=RuleText(
        "local network gateway",
        "local network gateways",
        "{count} {them} without connections",
        "A local network gateway describes a network outside Azure. It costs nothing; one without a "
        "connection is left over from a VPN that was removed.",
        "Delete it, unless a connection is about to be made.",
        "https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/localnetworkgateways",),
    matches=_is_unconnected,
    lookups=(CONNECTED,),
    has_saving=False,
    undo="Create it again with the same address space.",
)
