"""Share networks: where the servers of shares are reached."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Wish
from isotherm.localcloud.shared_file_system.dialect import DIALECT, argument
from isotherm.localcloud.shared_file_system.entities import ShareNetwork
from isotherm.localcloud.shared_file_system.security_services import SECURITY_SERVICES
from isotherm.localcloud.shared_file_system.state import SharedFileSystems


def create(shares: SharedFileSystems, call: Call, wish: Wish) -> ShareNetwork:
    _require_pair(wish)
    return NETWORKS.add(shares, call.caller, wish)


def change(shares: SharedFileSystems, call: Call, network: ShareNetwork, wish: Wish) -> None:
    names = ("neutron_net_id", "neutron_subnet_id")
    if any(each.share_network_id == network.id for each in shares.shares) and set(names) & set(
        wish
    ):
        raise Fault(403, f"Cannot update share network {network.id}. It is used by share servers.")
    _require_pair({**{name: getattr(network, name) for name in names}, **wish})
    NETWORKS.assign(shares, network, wish)


def _require_pair(wish: Wish) -> None:
    if bool(wish.get("neutron_net_id")) != bool(wish.get("neutron_subnet_id")):
        raise Fault(
            400, "When creating a new share network, both neutron net and subnet must be given."
        )


def delete(shares: SharedFileSystems, call: Call, network: ShareNetwork) -> None:
    if any(each.share_network_id == network.id for each in shares.shares):
        raise Fault(409, f"Can not delete share network {network.id}, it has share(s).")


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
    create=create,
    change=change,
    delete=delete,
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
