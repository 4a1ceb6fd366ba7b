"""Share networks: where the servers of shares are reached."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Ties, Wish, merged
from isotherm.localcloud.shared_file_system.dialect import DIALECT, argument
from isotherm.localcloud.shared_file_system.entities import ShareNetwork
from isotherm.localcloud.shared_file_system.security_services import SECURITY_SERVICES
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

_PAIR = ("neutron_net_id", "neutron_subnet_id")


def check(shares: SharedFileSystems, call: Call, wish: Wish, there: ShareNetwork | None) -> None:
    if (
        there is not None
        and shares.shares.count("share_network_id", there.id)
        and {*_PAIR} & {*wish}
    ):
        raise Fault(403, f"Cannot update share network {there.id}. It is used by share servers.")
    network, subnet = merged(wish, there, *_PAIR)
    if bool(network) != bool(subnet):
        raise Fault(
            400, "When creating a new share network, both neutron net and subnet must be given."
        )


NETWORKS = Kind[SharedFileSystems, ShareNetwork](
    dialect=DIALECT,
    name="share_network",
    entity=ShareNetwork,
    path="/share-networks",
    brief=True,
    limit="share_networks",
    listing=Listing(
        filters=("name", "neutron_net_id", "neutron_subnet_id", "description"),
        matchers={"security_service_id": lambda shares, each, said: said in each.security_services},
    ),
    ties=Ties(
        users={"share": "share_network_id"},
        used=lambda network: Fault(
            409, f"Can not delete share network {network.id}, it has share(s)."
        ),
    ),
    check=check,
)


@NETWORKS.action("add_security_service", "add_security_service", status=200)
def add_service(shares: SharedFileSystems, call: Call, network: ShareNetwork, said: Any) -> object:
    service = SECURITY_SERVICES.find(shares, call.caller, argument(said, "security_service_id"))
    if service.id in network.security_services:
        raise Fault(409, "Security service is already assigned to the share network.")
    taken = [shares.security_services.get(each) for each in network.security_services]
    if any(each is not None and each.type == service.type for each in taken):
        raise Fault(
            409,
            "Cannot add security service to share network. Security service with "
            f"'{service.type}' type already added to share network '{network.id}'",
        )
    network.security_services = [*network.security_services, service.id]
    NETWORKS.touch(shares, network)
    return NETWORKS.reply(shares, call, network)


@NETWORKS.action("remove_security_service", "remove_security_service", status=200)
def remove_service(
    shares: SharedFileSystems, call: Call, network: ShareNetwork, said: Any
) -> object:
    service_id = argument(said, "security_service_id")
    if service_id not in network.security_services:
        raise Fault(400, f"Security service {service_id} is not assigned to the share network.")
    network.security_services = [each for each in network.security_services if each != service_id]
    NETWORKS.touch(shares, network)
    return NETWORKS.reply(shares, call, network)
