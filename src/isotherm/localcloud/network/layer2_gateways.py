"""Gateways between networks and what lies outside on the same layer."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Ties
from isotherm.localcloud.network import faults, networks
from isotherm.localcloud.network.dialect import NetworkKind, read_body
from isotherm.localcloud.network.extension_entities import (
    L2Gateway,
    L2GatewayConnection,
    NetworkGateway,
)
from isotherm.localcloud.network.state import Networking


def _still_mapped(kind: str, gateway: str) -> Fault:
    return faults.conflict(
        kind, f"{gateway} still has active mappings with one or more neutron networks."
    )


def delete_gateway(networking: Networking, call: Call, gateway: NetworkGateway) -> None:
    if gateway.ports:
        raise _still_mapped("GatewayInUse", f"Network Gateway '{gateway.id}'")


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


L2_GATEWAYS = NetworkKind[L2Gateway](
    name="l2_gateway",
    entity=L2Gateway,
    path="/l2-gateways",
    ties=Ties(
        users={"l2_gateway_connection": "l2_gateway_id"},
        used=lambda gateway: _still_mapped("L2GatewayInUse", f"L2 Gateway '{gateway.id}'"),
    ),
)


CONNECTIONS = NetworkKind[L2GatewayConnection](
    name="l2_gateway_connection",
    entity=L2GatewayConnection,
    path="/l2-gateway-connections",
    verbs=("create", "list", "show", "delete"),
    ties=Ties(
        names={"l2_gateway_id": L2_GATEWAYS, "network_id": networks.KIND},
        unique=("l2_gateway_id", "network_id"),
        taken=lambda connection: faults.conflict(
            "L2GatewayConnectionExists",
            f"The specified mapping '{connection.network_id}' already exists on the l2 gateway "
            f"'{connection.l2_gateway_id}'.",
        ),
    ),
)
