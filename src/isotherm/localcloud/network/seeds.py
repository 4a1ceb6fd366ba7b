"""What network has from the start."""

from isotherm.localcloud.network import routers, security_groups, sharing
from isotherm.localcloud.network.addresses import (
    address_text,
    default_gateway,
    default_pools,
    parse_network,
)
from isotherm.localcloud.network.entities import Network, Router, Subnet
from isotherm.localcloud.network.state import Networking

PRIVATE_CIDR = "10.0.0.0/24"


def plant(networking: Networking) -> None:
    """Network `public` of the admins, `private` of the project demo, `router1` between them."""
    admin, demo = (networking.frame.peers.identity.project_id(name) for name in ("admin", "demo"))
    public = Network(
        project_id=admin,
        name="public",
        external=True,
        is_default=True,
        mtu=1500,
        network_type="flat",
        physical_network="public",
    )
    networking.add(networking.networks, public, revision=2)
    sharing.set_shared(networking, public, "network", sharing.EXTERNAL, shared=True)
    _add_subnet(networking, public, "public-subnet", networking.frame.public_network, dhcp=False)
    security_groups.ensure_default(networking, demo)
    private = Network(project_id=demo, name="private", segmentation_id=1)
    networking.add(networking.networks, private, revision=2)
    subnet = _add_subnet(networking, private, "private-subnet", PRIVATE_CIDR, dhcp=True)
    router = Router(project_id=demo, name="router1")
    networking.add(networking.routers, router, revision=1)
    routers.set_gateway(networking, router, public, None)
    routers.attach_subnet(networking, router, subnet)


def _add_subnet(
    networking: Networking, network: Network, name: str, cidr: str, *, dhcp: bool
) -> Subnet:
    prefix = parse_network(cidr)
    gateway = default_gateway(prefix)
    pools = [
        {"start": address_text(pool.start, 4), "end": address_text(pool.end, 4)}
        for pool in default_pools(prefix, gateway)
    ]
    subnet = Subnet(
        project_id=network.project_id,
        name=name,
        network_id=network.id,
        ip_version=4,
        cidr=cidr,
        gateway_ip=str(gateway),
        allocation_pools=pools,
        enable_dhcp=dhcp,
    )
    return networking.add(networking.subnets, subnet)
