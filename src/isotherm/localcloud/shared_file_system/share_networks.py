"""Share networks: where the servers of shares are reached."""

from typing import Any, ClassVar

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Wish, merged
from isotherm.localcloud.shared_file_system.dialect import ShareDialect, argument
from isotherm.localcloud.shared_file_system.entities import SecurityService, ShareNetwork
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

_PAIR = ("neutron_net_id", "neutron_subnet_id")


def check(shares: SharedFileSystems, call: Call, wish: Wish, there: ShareNetwork | None) -> None:
    if (
        there is not None
        and shares.shares.count("share_network_id", there.id)
        and {*_PAIR} & {*wish}
    ):
        used = f"Cannot update share network {there.id}. It is used by share servers."
        raise Fault(403, f"{used} Only 'name' and 'description' fields are available for update")
    if "nova_net_id" in (call.json.get("share_network") or ()):
        raise Fault(400, "nova networking is not supported starting in Ocata.")
    network, subnet = merged(wish, there, *_PAIR)
    if bool(network) != bool(subnet):
        both = "both neutron_net_id and neutron_subnet_id or none of them."
        raise Fault(400, f"When creating a new share network subnet you need to specify {both}")


def delete(shares: SharedFileSystems, call: Call, network: ShareNetwork) -> None:
    if used := len(shares.shares.find(share_network_id=network.id)):
        raise Fault(409, f"Can not delete share network {network.id}, it has {used} share(s).")


class _NetworkDialect(ShareDialect):
    words: ClassVar = {"missing": (404, "Share network {entity_id} could not be found.")}


NETWORKS = Kind[SharedFileSystems, ShareNetwork](
    dialect=_NetworkDialect(),
    name="share_network",
    entity=ShareNetwork,
    path="/share-networks",
    brief=True,
    limit="share_networks",
    listing=Listing(
        linked=False,
        filters=("name", "neutron_net_id", "neutron_subnet_id", "description"),
        matchers={"security_service_id": lambda shares, each, said: said in each.security_services},
    ),
    check=check,
    delete=delete,
)


def _service(shares: SharedFileSystems, call: Call, said: Any, *, known_as: str) -> SecurityService:
    """Raises Fault 400, 404."""
    service_id = argument(said, "security_service_id")
    found = shares.security_services.get(service_id)
    if found is None or not call.caller.sees(found.project_id):
        raise Fault(404, f"{known_as}Security service {service_id} could not be found.")
    return found


@NETWORKS.action("add_security_service", "add_security_service", status=200)
def add_service(shares: SharedFileSystems, call: Call, network: ShareNetwork, said: Any) -> object:
    service = _service(shares, call, said, known_as="SecurityServiceNotFound: ")
    if shares.shares.find(share_network_id=network.id):
        raise Fault(403, "Cannot add security services. Share network is used.")
    taken = [shares.security_services.get(each) for each in network.security_services]
    if any(each is not None and each.type == service.type for each in taken):
        raise Fault(
            409,
            "Invalid security service: Cannot add security service to share network. Security "
            f"service with '{service.type}' type already added to '{network.id}' share network",
        )
    network.security_services = [*network.security_services, service.id]
    shares.networks.save(network)
    return NETWORKS.reply(shares, call, network)


@NETWORKS.action("remove_security_service", "remove_security_service", status=200)
def remove_service(
    shares: SharedFileSystems, call: Call, network: ShareNetwork, said: Any
) -> object:
    service = _service(shares, call, said, known_as="")
    if service.id not in network.security_services:
        both = f"share network {network.id} and security service {service.id}"
        raise Fault(400, f"Failed to dissociate {both}: No association defined.")
    network.security_services = [each for each in network.security_services if each != service.id]
    shares.networks.save(network)
    return NETWORKS.reply(shares, call, network)
