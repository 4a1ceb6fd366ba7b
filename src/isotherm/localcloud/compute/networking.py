"""Networks of servers: which they get, plugging and unplugging."""

from collections.abc import Mapping, Sequence
from typing import Any

from isotherm.localcloud.compute.entities import NetworkRequest, Server
from isotherm.localcloud.compute.faults import conflict, invalid, not_found
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Caller, Fault, instead_of
from isotherm.localcloud.peers import PortFacts, PortWish

_AMBIGUOUS = "Multiple possible networks found, use a Network ID to be more specific."


def resolve(
    compute: Compute, caller: Caller, wish: str | Sequence[Mapping[str, Any]] | None
) -> list[NetworkRequest]:
    """What `networks` of a request means. Raises Fault 400, 403, 409."""
    if wish == "none":
        return []
    if isinstance(wish, str) or not wish:
        return _default(compute, caller, automatic=wish == "auto")
    return [_requested(compute, caller, entry) for entry in wish]


def _default(compute: Compute, caller: Caller, *, automatic: bool) -> list[NetworkRequest]:
    found = compute.frame.peers.network.usable_network_ids(caller)
    if len(found) > 1:
        raise conflict(_AMBIGUOUS)
    if automatic and not found:
        raise invalid(f"Unable to automatically allocate a network for project {caller.project_id}")
    return [NetworkRequest(network_id=network_id) for network_id in found]


def _requested(compute: Compute, caller: Caller, entry: Mapping[str, Any]) -> NetworkRequest:
    tag = entry.get("tag")
    if entry.get("port"):
        check_free_port(compute, caller, entry["port"], missing=400)
        return NetworkRequest(port_id=entry["port"], tag=tag)
    if not entry.get("uuid"):
        raise invalid("Bad network format: missing 'uuid'")
    network_id = entry["uuid"]
    with instead_of(404, invalid(f"Network {network_id} could not be found.")):
        compute.frame.peers.network.find_network(caller, network_id)
    return NetworkRequest(network_id=network_id, fixed_ip=entry.get("fixed_ip"), tag=tag)


def check_free_port(compute: Compute, caller: Caller, port_id: str, *, missing: int) -> PortFacts:
    """A port that nothing is plugged into. Raises Fault 409, or `missing` if there is none."""
    with instead_of(404, Fault(missing, f"Port id {port_id} could not be found.")):
        port = compute.frame.peers.network.find_port(caller, port_id)
    if port.device_id:
        raise conflict(f"Port {port_id} is still in use.")
    if not port.addresses:
        raise invalid(f"Port {port_id} requires a FixedIP in order to be used.")
    return port


def resolve_security_groups(compute: Compute, caller: Caller, names: Sequence[str]) -> list[str]:
    """The groups' ids, each once. Raises Fault 400."""
    found: dict[str, None] = {}
    for name in names:
        try:
            found[compute.frame.peers.network.find_security_group(caller, name)] = None
        except Fault as fault:
            if fault.status == 409:
                raise conflict(
                    f"Multiple security groups found matching '{name}'. "
                    "Use an ID to be more specific."
                ) from fault
            raise invalid(f"Unable to find security_group with name or id '{name}'") from fault
    return list(found)


def plug(compute: Compute, server: Server, request: NetworkRequest) -> PortFacts:
    """Bind the requested port or make one. Raises what the network service refuses with."""
    network, owner = compute.frame.peers.network, compute.owner(server)
    if request.port_id is not None:
        port = network.bind_port(owner, request.port_id, server.id)
    else:
        port = network.create_server_port(
            owner,
            PortWish(
                network_id=request.network_id or "",
                device_id=server.id,
                fixed_ip=request.fixed_ip,
                security_groups=tuple(server.security_group_ids),
                availability_zone=server.availability_zone or "nova",
            ),
        )
    if request.tag is not None:
        server.interface_tags[port.id] = request.tag
    return port


def find_interface(compute: Compute, server: Server, port_id: str) -> PortFacts:
    """Raises Fault 404 if the port is not the server's."""
    for port in compute.frame.peers.network.ports_of(server.id):
        if port.id == port_id:
            return port
    raise not_found("Port id", port_id)


def unplug_all(compute: Compute, server: Server) -> None:
    network = compute.frame.peers.network
    for port in network.ports_of(server.id):
        network.release_port(port.id)
    server.interface_tags.clear()
