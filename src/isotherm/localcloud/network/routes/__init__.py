"""Network's routes."""

from isotherm.localcloud.network import (
    address_scopes,
    floating_ips,
    networks,
    ports,
    qos,
    rbac,
    routers,
    security_group_rules,
    security_groups,
    subnet_pools,
    subnets,
    trunks,
)
from isotherm.localcloud.network.routes import actions, qos_rules, quotas, surroundings
from isotherm.localcloud.network.routes.resources import resource_routes

ALL = (
    surroundings.versions,
    surroundings.routes,
    resource_routes(networks.KIND),
    resource_routes(subnets.KIND),
    resource_routes(ports.KIND),
    resource_routes(routers.KIND),
    resource_routes(floating_ips.KIND),
    resource_routes(security_groups.KIND),
    resource_routes(security_group_rules.KIND),
    resource_routes(subnet_pools.KIND),
    resource_routes(address_scopes.KIND),
    resource_routes(rbac.KIND),
    resource_routes(qos.KIND),
    resource_routes(trunks.KIND),
    actions.routes,
    qos_rules.routes,
    quotas.routes,
)
