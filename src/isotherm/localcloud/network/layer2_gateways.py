"""Gateways between networks and what lies outside on the same layer."""

from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.network import faults, networks
from isotherm.localcloud.network.dialect import NetworkKind, read_body
from isotherm.localcloud.network.extension_entities import (
    L2Gateway,
    L2GatewayConnection,
    NetworkGateway,
)
from isotherm.localcloud.network.state import Networking


def delete_gateway(networking: Networking, call: Call, gateway: NetworkGateway) -> None:
    if gateway.ports:
        raise faults.conflict(
            "GatewayInUse",
            f"Network Gateway '{gateway.id}' still has active mappings with one or more neutron "
            "networks.",
        )


GATEWAYS = NetworkKind[NetworkGateway](
    name="network_gateway",
    entity=NetworkGateway,
    path="/network-gateways",
    delete=delete_gateway,
)


@GATEWAYS.routes.put(f"{GATEWAYS.one}/connect_network", "network_gateway.connect_network")
def connect(networking: Networking, call: Call) -> object:
    gateway, said = GATEWAYS.of_own(networking, call, "update"), _connection(networking, call)
    if said in gateway.ports:
        raise faults.conflict(
            "GatewayConnectionInUse", f"The connection {said} is already in use on the gateway."
        )
    gateway.ports = [*gateway.ports, said]
    GATEWAYS.touch(networking, gateway)
    return {"connection_info": {"network_gateway_id": gateway.id, **said}}


@GATEWAYS.routes.put(f"{GATEWAYS.one}/disconnect_network", "network_gateway.disconnect_network")
def disconnect(networking: Networking, call: Call) -> object:
    gateway, said = GATEWAYS.of_own(networking, call, "update"), _connection(networking, call)
    if said not in gateway.ports:
        raise faults.missing(
            "GatewayConnectionNotFound", f"The connection {said} was not found on the gateway."
        )
    gateway.ports = [each for each in gateway.ports if each != said]
    GATEWAYS.touch(networking, gateway)
    return {"connection_info": {"network_gateway_id": gateway.id, **said}}


def _connection(networking: Networking, call: Call) -> dict[str, Any]:
    said = read_body(call)
    network = networks.KIND.find(networking, call.caller, str(said.get("network_id")))
    return {
        "network_id": network.id,
        "segmentation_type": said.get("segmentation_type", "flat"),
        "segmentation_id": said.get("segmentation_id") or 0,
    }


def delete_l2_gateway(networking: Networking, call: Call, gateway: L2Gateway) -> None:
    if any(each.l2_gateway_id == gateway.id for each in CONNECTIONS.made(networking)):
        raise faults.conflict(
            "L2GatewayInUse",
            f"L2 Gateway '{gateway.id}' still has active mappings with one or more neutron "
            "networks.",
        )


L2_GATEWAYS = NetworkKind[L2Gateway](
    name="l2_gateway", entity=L2Gateway, path="/l2-gateways", delete=delete_l2_gateway
)


def create_connection(networking: Networking, call: Call, wish: Wish) -> L2GatewayConnection:
    gateway = L2_GATEWAYS.find(networking, call.caller, wish["l2_gateway_id"])
    network = networks.KIND.find(networking, call.caller, wish["network_id"])
    made = CONNECTIONS.made(networking)
    if any((each.l2_gateway_id, each.network_id) == (gateway.id, network.id) for each in made):
        raise faults.conflict(
            "L2GatewayConnectionExists",
            f"The specified mapping '{network.id}' already exists on the l2 gateway "
            f"'{gateway.id}'.",
        )
    return networking.add(made, L2GatewayConnection(**wish))


CONNECTIONS = NetworkKind[L2GatewayConnection](
    name="l2_gateway_connection",
    entity=L2GatewayConnection,
    path="/l2-gateway-connections",
    verbs=("create", "list", "show", "delete"),
    create=create_connection,
)
