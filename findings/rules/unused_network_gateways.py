"""VPN and ExpressRoute gateways that nothing is connected to."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Lookup, Rule, Words, shown
from shared.core.findings import Confidence, Effort, Measure


def _both_ends(connection: Resource) -> Iterable[str]:
    """A connection between two networks names a gateway at either end."""
    ends = (connection.id_of("virtualNetworkGateway1Id"), connection.id_of("virtualNetworkGateway2Id"))
    return (end for end in ends if end)


CONNECTED = Lookup(("microsoft.network/connections",), _both_ends)


def _is_unconnected(gateway: Resource, facts: Facts) -> bool:
    is_known_type = gateway.text("gatewayType").lower() in ("vpn", "expressroute")
    return is_known_type and not facts.known(CONNECTED, gateway.resource_id)


def _serves_people(gateway: Resource, _facts: Facts) -> bool:
    return gateway.has("hasPointToSite")


RULE = Rule(
    name="unused_network_gateways",
    words=Words(
        "network gateway",
        "network gateways",
        "{count} {them} without a connection",
        "VPN and ExpressRoute gateways are billed by the hour from the moment they exist. No connection ends at "
        "these, and no person can dial in.",
        "Ask the network's owners whether a connection is planned. If not, delete the gateway; making one again takes "
        "up to 45 minutes and gives another address.",
        "https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/virtualnetworkgateways",),
    fits=_is_unconnected,
    exclusions=(Exclusion("gateways to which people connect directly (point-to-site)", _serves_people),),
    shows=(shown("Kind", "gatewayType"), shown("SKU", "skuName")),
    lookups=(CONNECTED,),
)
