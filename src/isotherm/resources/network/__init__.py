"""OS::Neutron::*: networks and what connects to them."""

from isotherm.resources.network import (
    floating_ip,
    net,
    port,
    router,
    router_interface,
    security_group,
    security_group_rule,
    subnet,
)

__all__ = [
    "floating_ip",
    "net",
    "port",
    "router",
    "router_interface",
    "security_group",
    "security_group_rule",
    "subnet",
]
