"""Network v2.0: networks, addresses, ports, routers, floating IPs, security groups."""

from isotherm.localcloud.network.faults import render
from isotherm.localcloud.network.peering import PeeringNetworking
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=PeeringNetworking,
    mount="/network",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("network", "neutron", "/network"),),
)
