"""Routes of servers' interfaces, addresses and security groups."""

from typing import Any

from isotherm.localcloud.compute import checks, instance_actions, networking
from isotherm.localcloud.compute.dialect import read
from isotherm.localcloud.compute.entities import NetworkRequest, Server
from isotherm.localcloud.compute.faults import conflict, invalid
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.permissions import check_state
from isotherm.localcloud.compute.rendering import addresses_of
from isotherm.localcloud.compute.routing import ComputeRoutes
from isotherm.localcloud.compute.state import Compute, transitions
from isotherm.localcloud.exchange import Call, Fault, instead_of
from isotherm.localcloud.kinds import said
from isotherm.localcloud.kinds.checks import list_of, shape, text, uuid
from isotherm.localcloud.peers import PortFacts

routes = ComputeRoutes()

_PATH = "/servers/{server_id}/os-interface"
_STATES = ("active", "paused", "stopped")
_ADDRESS = shape({"ip_address": text(1)}, "ip_address")
_CREATE = {
    "net_id": said(uuid),
    "port_id": said(uuid),
    "fixed_ips": said(list_of(_ADDRESS, least=1, most=1)),
    "tag": said(checks.TAG, since=49),
}


@routes.get(_PATH, "interface.list")
def list_interfaces(compute: Compute, call: Call) -> object:
    server = compute.server_of(call)
    ports = compute.frame.peers.network.ports_of(server.id)
    return {"interfaceAttachments": [_show(call, server, port) for port in ports]}


@routes.get(_PATH + "/{port_id}", "interface.show")
def show_interface(compute: Compute, call: Call) -> object:
    server = compute.server_of(call)
    port = networking.find_interface(compute, server, call.params["port_id"])
    return {"interfaceAttachment": _show(call, server, port)}


@routes.post(_PATH, "interface.create")
def create_interface(compute: Compute, call: Call) -> object:
    wish = read(call, "interfaceAttachment", _CREATE)
    server = compute.server_of(call)
    request = _request(wish)
    check_state(call, server, "attach_interface", _STATES)
    if request.port_id is not None:
        networking.check_free_port(compute, call.caller, request.port_id, missing=404)
    elif request.network_id is None:
        request = networking.resolve(compute, call.caller, None)[0]
    else:
        _check_network(compute, call, request.network_id)
    port = _plug(compute, server, request)
    compute.frame.peers.network.activate_port(port.id)
    instance_actions.begin(compute, call, server, "attach_interface", "compute_attach_interface")
    instance_actions.finish(compute, server)
    compute.touch(server)
    return {
        "interfaceAttachment": _show(
            call, server, networking.find_interface(compute, server, port.id)
        )
    }


def _request(wish: dict[str, Any]) -> NetworkRequest:
    network_id, port_id = wish.get("net_id"), wish.get("port_id")
    addresses = [each["ip_address"] for each in wish.get("fixed_ips", ())]
    if network_id and port_id:
        raise invalid("Must not input both network_id and port_id")
    if addresses and not network_id:
        raise invalid("Must input network_id when request IP address")
    return NetworkRequest(
        network_id=network_id,
        port_id=port_id,
        fixed_ip=addresses[0] if addresses else None,
        tag=wish.get("tag"),
    )


def _check_network(compute: Compute, call: Call, network_id: str) -> None:
    with instead_of(404, Fault(404, f"Network {network_id} could not be found.")):
        compute.frame.peers.network.find_network(call.caller, network_id)


def _plug(compute: Compute, server: Server, request: NetworkRequest) -> PortFacts:
    try:
        return networking.plug(compute, server, request)
    except Fault as fault:
        if fault.status == 409 and request.fixed_ip is not None:
            raise conflict(f"Fixed IP {request.fixed_ip} is already in use.") from fault
        raise


@routes.delete(_PATH + "/{port_id}", "interface.delete", status=202)
def delete_interface(compute: Compute, call: Call) -> None:
    server, port_id = compute.server_of(call), call.params["port_id"]
    # Whether it has this one is found out later, and told nobody.
    check_state(call, server, "detach_interface", _STATES)
    instance_actions.begin(compute, call, server, "detach_interface", "compute_detach_interface")
    compute.touch(server)
    compute.advance(call, "server.unplug", server, port_id=port_id)


@transitions.on("server.unplug")
def unplug(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    port_id = args["port_id"]
    if any(port.id == port_id for port in compute.frame.peers.network.ports_of(server.id)):
        compute.frame.peers.network.release_port(port_id)
    server.interface_tags.pop(port_id, None)
    instance_actions.finish(compute, server)
    compute.touch(server)


@routes.get("/servers/{server_id}/ips", "server.list_addresses")
def list_addresses(compute: Compute, call: Call) -> object:
    return {"addresses": _addresses(compute, call)}


@routes.get("/servers/{server_id}/ips/{network}", "server.list_addresses")
def list_addresses_on_network(compute: Compute, call: Call) -> object:
    addresses, network = _addresses(compute, call), call.params["network"]
    if network not in addresses:
        raise Fault(404, "Instance is not a member of specified network")
    return {network: addresses[network]}


@routes.get("/servers/{server_id}/os-security-groups", "server.list_security_groups")
def list_security_groups(compute: Compute, call: Call) -> object:
    server = compute.server_of(call)
    groups = compute.frame.peers.network.security_groups_of(server.id)
    shown = [
        {
            "id": group.id,
            "name": group.name,
            "description": group.description,
            "tenant_id": group.project_id,
            "rules": [],
        }
        for group in groups
    ]
    return {"security_groups": shown}


def _addresses(compute: Compute, call: Call) -> dict[str, list[dict[str, Any]]]:
    server = compute.server_of(call)
    return addresses_of(compute.frame.peers.network.ports_of(server.id), extended=False)


def _show(call: Call, server: Server, port: PortFacts) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "net_id": port.network_id,
        "port_id": port.id,
        "mac_addr": port.mac_address,
        "port_state": port.status,
        "fixed_ips": [
            {"subnet_id": each.subnet_id, "ip_address": each.address} for each in port.addresses
        ],
    }
    if minor_of(call) >= 70:
        shown["tag"] = server.interface_tags.get(port.id)
    return shown
