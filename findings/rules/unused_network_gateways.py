"""VPN and ExpressRoute gateways without connections."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Lookup, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _both_ends(connection: Resource) -> Iterable[str]:
    """A network-to-network connection has a gateway at each end."""
    ends = (connection.id_of("virtualNetworkGateway1Id"), connection.id_of("virtualNetworkGateway2Id"))
    return (end for end in ends if end)


CONNECTED = Lookup(
    ("microsoft.network/connections",), _both_ends, reads=("virtualNetworkGateway1Id", "virtualNetworkGateway2Id")
)


def _is_unconnected(gateway: Resource, facts: Facts) -> bool:
    is_known_type = gateway.text("gatewayType").lower() in ("vpn", "expressroute")
    return is_known_type and not facts.known(CONNECTED, gateway.resource_id)


def _has_point_to_site(gateway: Resource, _facts: Facts) -> bool:
    """Pools of addresses are of the gateway, or of groups of its users."""
    return gateway.count("pointToSitePrefixesCount") > 0 or gateway.has("hasUserGroupPools")


RULE = Rule(
    name="unused_network_gateways",
    text=RuleText(
        "virtual network gateway",
        "virtual network gateways",
        "{count} {them} without connections",
        "VPN and ExpressRoute gateways are billed for every hour they exist. These have no connections and no "
        "point-to-site configuration.",
        "Ask the network owners whether a connection is planned. If not, delete the gateway. Recreating one takes up "
        "to 45 minutes and assigns a new public IP address.",
        "https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/virtualnetworkgateways",),
    matches=_is_unconnected,
    exclusions=(Exclusion("gateways configured for point-to-site VPN", _has_point_to_site),),
    evidence=(property_field("Gateway type", "gatewayType"), property_field("SKU", "skuName")),
    lookups=(CONNECTED,),
    reads=("gatewayType", "hasUserGroupPools", "pointToSitePrefixesCount", "skuName"),
)
