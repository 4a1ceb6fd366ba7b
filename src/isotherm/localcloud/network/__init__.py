"""Network v2.0: networks, addresses, ports, routers, floating IPs, security groups."""

from isotherm.localcloud.network import (
    actions,
    address_scopes,
    floating_ips,
    layer2_gateways,
    metering,
    networks,
    port_forwardings,
    ports,
    qos,
    qos_rule_routes,
    quotas,
    rbac,
    routers,
    security_group_rules,
    security_groups,
    segments,
    service_chains,
    subnet_pools,
    subnets,
    surroundings,
    taps,
    trunks,
)
from isotherm.localcloud.network.faults import render
from isotherm.localcloud.network.peering import PeeringNetworking
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=PeeringNetworking,
    mount="/network",
    routes=(
        surroundings.versions,
        surroundings.routes,
        actions.routes,
        qos_rule_routes.routes,
        quotas.routes,
    ),
    kinds=(
        networks.KIND,
        subnets.KIND,
        ports.KIND,
        routers.KIND,
        floating_ips.KIND,
        security_groups.KIND,
        security_group_rules.KIND,
        subnet_pools.KIND,
        address_scopes.KIND,
        rbac.KIND,
        qos.KIND,
        trunks.KIND,
        metering.LABELS,
        metering.RULES,
        segments.KIND,
        port_forwardings.KIND,
        layer2_gateways.GATEWAYS,
        layer2_gateways.L2_GATEWAYS,
        layer2_gateways.CONNECTIONS,
        service_chains.CLASSIFIERS,
        service_chains.PAIRS,
        service_chains.GROUPS,
        service_chains.CHAINS,
        taps.SERVICES,
        taps.FLOWS,
    ),
    render=render,
    catalog=(CatalogEntry("network", "neutron", "/network"),),
)

__all__ = ["registration"]
