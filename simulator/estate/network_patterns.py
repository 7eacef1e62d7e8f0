"""Patterns of gateways, load balancers, addresses, plans and pools."""

from simulator.estate.patterns import (
    ADDRESS,
    BALANCER,
    CONNECTION,
    DATABASE,
    DDOS_PLAN,
    ENDPOINT,
    FREE_BALANCER,
    FREE_PLAN,
    GATEWAY,
    INTERFACE,
    NAT,
    NETWORK_GATEWAY,
    PLAN,
    POOL,
    SECURITY_GROUP,
    Bag,
    Part,
    Pattern,
    PatternContext,
    same,
    sku,
)

STANDARD = sku("Standard")
STATIC = {"publicIPAllocationMethod": "Static"}
ELSEWHERE = {"id": "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/z/1"}
BALANCE, GATEWAYS, FREE_ADDRESS = "idle_load_balancers", "idle_application_gateways", "unused_public_ips"
UNCONNECTED, ORPHAN, EMPTY_PLAN = "unused_network_gateways", "orphan_network_interfaces", "empty_app_service_plans"


def _backend(**properties: object) -> list[Bag]:
    return [{"name": "pool", "properties": properties}]


def _on_the_interface(context: PatternContext) -> Bag:
    return {**STATIC, "ipConfiguration": {"id": f"{context.ids[0]}/ipConfigurations/primary"}}


def _endpoint(state: str, kind: str = "privateLinkServiceConnections") -> Bag:
    target = "/subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/gone"
    connection = {"privateLinkServiceId": target, "privateLinkServiceConnectionState": {"status": state}}
    empty: Bag = {"privateLinkServiceConnections": [], "manualPrivateLinkServiceConnections": []}
    return {**empty, kind: [{"name": "one", "properties": connection}]}


def _ends(context: PatternContext) -> Bag:
    """A connection writes its gateways' ids in its own casing."""
    first, second = context.ids[0].upper(), context.ids[1].lower()
    return {"virtualNetworkGateway1": {"id": first}, "virtualNetworkGateway2": {"id": second}}


ADDRESSES: tuple[Pattern, ...] = (
    (Part(ADDRESS, same(**STATIC), STANDARD, rule=FREE_ADDRESS),),
    (Part(ADDRESS, same(**STATIC, natGateway=ELSEWHERE), STANDARD, looks_like=FREE_ADDRESS),),
    (Part(ADDRESS, same(**STATIC, publicIPPrefix=ELSEWHERE), STANDARD, looks_like=FREE_ADDRESS),),
    (Part(ADDRESS, same(publicIPAllocationMethod="Dynamic"), sku("Basic"), looks_like=FREE_ADDRESS),),
    (
        Part(INTERFACE, same(hostedWorkloads=[]), rule=ORPHAN),
        Part(ADDRESS, _on_the_interface, STANDARD, rule="public_ips_on_orphan_interfaces", looks_like=FREE_ADDRESS),
    ),
    (
        Part(INTERFACE, same(virtualMachine=ELSEWHERE, hostedWorkloads=[]), looks_like=ORPHAN),
        Part(ADDRESS, _on_the_interface, STANDARD, looks_like="public_ips_on_orphan_interfaces"),
    ),
    (Part(INTERFACE, same(hostedWorkloads=["volume"]), looks_like=ORPHAN),),
    (Part(INTERFACE, same(privateEndpoint=ELSEWHERE, hostedWorkloads=[]), looks_like=ORPHAN),),
    (Part(INTERFACE, same(privateLinkService=ELSEWHERE), looks_like=ORPHAN),),
    (Part(SECURITY_GROUP, same(securityRules=[]), rule="orphan_security_groups"),),
    (Part(SECURITY_GROUP, same(networkInterfaces=[ELSEWHERE]), looks_like="orphan_security_groups"),),
    (Part(SECURITY_GROUP, same(subnets=[ELSEWHERE]), looks_like="orphan_security_groups"),),
)

BALANCERS: tuple[Pattern, ...] = (
    (Part(BALANCER, same(backendAddressPools=[], loadBalancingRules=[{}]), STANDARD, rule=BALANCE),),
    (Part(BALANCER, same(backendAddressPools=_backend(backendIPConfigurations=[])), STANDARD, rule=BALANCE),),
    (Part(FREE_BALANCER, same(backendAddressPools=[]), sku("Basic"), looks_like=BALANCE),),
    (Part(BALANCER, same(backendAddressPools=[], inboundNatRules=[ELSEWHERE]), STANDARD, looks_like=BALANCE),),
    (
        Part(
            BALANCER,
            same(backendAddressPools=_backend(backendIPConfigurations=[ELSEWHERE])),
            STANDARD,
            looks_like=BALANCE,
        ),
    ),
    (
        Part(
            BALANCER,
            same(backendAddressPools=_backend(loadBalancerBackendAddresses=[{"name": "one"}])),
            STANDARD,
            looks_like=BALANCE,
        ),
    ),
)

REDIRECT: Bag = {"name": "http", "properties": {"redirectConfiguration": ELSEWHERE}}

APPLICATION_GATEWAYS: tuple[Pattern, ...] = (
    (Part(GATEWAY, same(backendAddressPools=_backend(backendAddresses=[]), sku=sku("WAF_v2")), rule=GATEWAYS),),
    (
        Part(
            GATEWAY,
            same(backendAddressPools=_backend(backendAddresses=[{"fqdn": "shop.example"}]), sku=sku("WAF_v2")),
            looks_like=GATEWAYS,
        ),
    ),
    (
        Part(
            GATEWAY,
            same(backendAddressPools=_backend(backendIPConfigurations=[ELSEWHERE]), sku=sku("Standard_v2")),
            looks_like=GATEWAYS,
        ),
    ),
    (
        Part(
            GATEWAY,
            same(
                backendAddressPools=_backend(),
                redirectConfigurations=[ELSEWHERE],
                requestRoutingRules=[REDIRECT],
                sku=sku("Standard_v2"),
            ),
            looks_like=GATEWAYS,
        ),
    ),
    (
        Part(
            GATEWAY,
            same(
                backendAddressPools=_backend(),
                redirectConfigurations=[ELSEWHERE],
                requestRoutingRules=[REDIRECT, {"name": "https", "properties": {"backendAddressPool": ELSEWHERE}}],
                sku=sku("Standard_v2"),
            ),
            rule=GATEWAYS,
        ),
    ),
    (
        Part(
            GATEWAY,
            same(
                backendAddressPools=_backend(),
                redirectConfigurations=[ELSEWHERE],
                requestRoutingRules=[REDIRECT],
                urlPathMaps=[{"name": "paths", "properties": {"defaultBackendAddressPool": ELSEWHERE}}],
                sku=sku("Standard_v2"),
            ),
            rule=GATEWAYS,
        ),
    ),
    (Part(GATEWAY, same(backendAddressPools=[], operationalState="Stopped"), looks_like=GATEWAYS),),
)

NETWORK_GATEWAYS: tuple[Pattern, ...] = (
    (Part(NETWORK_GATEWAY, same(gatewayType="Vpn", sku=sku("VpnGw1")), rule=UNCONNECTED),),
    (Part(NETWORK_GATEWAY, same(gatewayType="ExpressRoute", sku=sku("ErGw1AZ")), rule=UNCONNECTED),),
    (
        Part(
            NETWORK_GATEWAY,
            same(
                gatewayType="Vpn",
                vpnClientConfiguration={"vpnClientAddressPool": {"addressPrefixes": ["172.16.0.0/24"]}},
            ),
            looks_like=UNCONNECTED,
        ),
    ),
    (
        Part(NETWORK_GATEWAY, same(gatewayType="Vpn"), looks_like=UNCONNECTED),
        Part(NETWORK_GATEWAY, same(gatewayType="Vpn"), looks_like=UNCONNECTED),
        Part(CONNECTION, _ends),
    ),
    (Part(NAT, same(subnets=[]), STANDARD, rule="unused_nat_gateways"),),
    (Part(NAT, same(), STANDARD, rule="unused_nat_gateways"),),
    (Part(NAT, same(subnets=[ELSEWHERE]), STANDARD, looks_like="unused_nat_gateways"),),
    (Part(NAT, same(sourceVirtualNetwork=ELSEWHERE), sku("StandardV2"), looks_like="unused_nat_gateways"),),
)

OTHERS: tuple[Pattern, ...] = (
    (Part(PLAN, same(numberOfSites=0, numberOfWorkers=2), sku("P1v3", "PremiumV3"), rule=EMPTY_PLAN),),
    (Part(PLAN, same(numberOfSites=3, numberOfWorkers=1), sku("P1v3", "PremiumV3"), looks_like=EMPTY_PLAN),),
    (Part(FREE_PLAN, same(numberOfSites=0), sku("F1", "Free"), looks_like=EMPTY_PLAN),),
    (Part(FREE_PLAN, same(numberOfSites=0, computeMode="Dynamic"), sku("Y1", "Dynamic"), looks_like=EMPTY_PLAN),),
    (Part(ENDPOINT, same(**_endpoint("Disconnected")), rule="disconnected_private_endpoints"),),
    (
        Part(
            ENDPOINT,
            same(**_endpoint("Disconnected", "manualPrivateLinkServiceConnections")),
            rule="disconnected_private_endpoints",
        ),
    ),
    (Part(ENDPOINT, same(**_endpoint("Approved")), looks_like="disconnected_private_endpoints"),),
    (Part(ENDPOINT, same(**_endpoint("Pending")), looks_like="disconnected_private_endpoints"),),
    (Part(DDOS_PLAN, same(virtualNetworks=[]), rule="unused_ddos_plans"),),
    (Part(DDOS_PLAN, same(virtualNetworks=[ELSEWHERE]), looks_like="unused_ddos_plans"),),
    (Part(DDOS_PLAN, same(publicIPAddresses=[ELSEWHERE]), looks_like="unused_ddos_plans"),),
    (Part(POOL, same(state="Ready"), sku("GP_Gen5", "GeneralPurpose"), rule="empty_elastic_pools"),),
    (
        Part(POOL, same(state="Ready"), sku("GP_Gen5", "GeneralPurpose"), looks_like="empty_elastic_pools"),
        Part(DATABASE, lambda context: {"status": "Online", "elasticPoolId": context.ids[0].upper()}),
    ),
)
