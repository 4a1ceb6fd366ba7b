"""Network v2.0: networks, addresses, ports, routers, floating IPs, security groups."""

from isotherm.localcloud.network import routes
from isotherm.localcloud.network.faults import render
from isotherm.localcloud.network.peering import PeeringNetworking
from isotherm.localcloud.network.state import transitions
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=PeeringNetworking,
    mount="/network",
    routes=routes.ALL,
    render=render,
    transitions=transitions,
    catalog=(CatalogEntry("network", "neutron", "/network"),),
)

__all__ = ["registration"]
