"""Network v2.0: networks, addresses, ports, routers, floating IPs, security groups."""

from isotherm.localcloud.network import (
    actions,
    address_scopes,
    floating_ips,
    networks,
    ports,
    qos,
    qos_rule_routes,
    quotas,
    rbac,
    routers,
    security_group_rules,
    security_groups,
    subnet_pools,
    subnets,
    surroundings,
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
    ),
    render=render,
    catalog=(CatalogEntry("network", "neutron", "/network"),),
)

__all__ = ["registration"]
