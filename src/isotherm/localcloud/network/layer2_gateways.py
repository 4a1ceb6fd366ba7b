"""Gateways between networks and what lies outside on the same layer."""

from typing import Any

from isotherm.localcloud.entities import new_uuid
from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import NEW, Ties, Wish
from isotherm.localcloud.network import faults, networks
from isotherm.localcloud.network.dialect import NetworkKind, read_body
from isotherm.localcloud.network.extension_entities import (
    L2Gateway,
    L2GatewayConnection,
    NetworkGateway,
    segmentation,
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


def _require_admin(caller: Caller, verb: str) -> None:
    """Raises Fault 403."""
    if not caller.is_admin:
        raise Fault(
            403,
            f"User does not have admin privileges: Cannot {verb} resource for non admin tenant.",
            kind="AdminRequired",
        )


def _refuse_reading(networking: Networking, caller: Caller) -> None:
    _require_admin(caller, "GET")


def _visible(networking: Networking, caller: Caller, each: object) -> bool:
    _require_admin(caller, "GET")
    return True


def _check_gateway(networking: Networking, call: Call, wish: Wish, there: L2Gateway | None) -> None:
    """Devices stay as many as they are; interfaces may be others."""
    _require_admin(call.caller, "CREATE")
    known = {each["device_name"]: each for each in there.devices} if there else {}
    for device in wish.get("devices", ()):
        name = device["device_name"]
        if there is not None and name not in known:
            raise faults.missing(
                "L2GatewayDeviceNotFound", f"L2 Gateway Device {name} could not be found."
            )
        known[name] = {"id": new_uuid(), **known.get(name, {}), **device}
    if "devices" in wish:
        wish["devices"] = list(known.values())


L2_GATEWAYS = NetworkKind[L2Gateway](
    name="l2_gateway",
    entity=L2Gateway,
    path="/l2-gateways",
    ties=Ties(
        users={"l2_gateway_connection": "l2_gateway_id"},
        used=lambda gateway: _still_mapped("L2GatewayInUse", f"L2 Gateway '{gateway.id}'"),
    ),
    check=_check_gateway,
    visible=_visible,
    before_list=_refuse_reading,
)


def _check_connection(networking: Networking, call: Call, wish: Wish, there: object) -> None:
    _require_admin(call.caller, "CREATE")
    network = networks.KIND.find(networking, call.caller, wish["network_id"])
    gateway = L2_GATEWAYS.made(networking).get(wish["l2_gateway_id"])
    interfaces = (
        [each for device in gateway.devices for each in device["interfaces"]] if gateway else []
    )
    _check_segmentation(
        wish["segmentation_id"], tagged=any(each["segmentation_id"] for each in interfaces)
    )
    L2_GATEWAYS.find(networking, call.caller, wish["l2_gateway_id"])
    for other in CONNECTIONS.made(networking):
        if (other.network_id, other.l2_gateway_id) == (network.id, wish["l2_gateway_id"]):
            names = ("network_id", "l2_gateway_id", "segmentation_id")
            raise faults.conflict(
                "L2GatewayConnectionExists",
                f"The specified mapping '{ {name: wish[name] for name in names} }' exists on "
                f"network gateway '{other.l2_gateway_id}'.",
            )


def _tagged(gateway: L2Gateway) -> bool:
    return any(
        each["segmentation_id"] for device in gateway.devices for each in device["interfaces"]
    )


def _check_segmentation(said: str, *, tagged: bool) -> None:
    """Either the gateway's interfaces or the connection says which VLAN. Raises Fault 400."""
    if not said and not tagged:
        raise faults.invalid_input(
            "Segmentation id must be specified in create l2gateway connections"
        )
    try:
        _ = said and segmentation(said)
    except ValueError as error:
        raise faults.invalid_input(str(error)) from error
    if said and tagged:
        raise faults.invalid_input(
            "default segmentation_id should not be provided when segmentation_id is assigned "
            "during l2gateway creation"
        )


def _segmentation(
    networking: Networking, call: Call, connection: L2GatewayConnection, view: str
) -> dict[str, Any]:
    """A number, except in the answer to the request that made it."""
    number = connection.segmentation_id
    return {"segmentation_id": number if view == NEW or not number else int(number)}


CONNECTIONS = NetworkKind[L2GatewayConnection](
    name="l2_gateway_connection",
    entity=L2GatewayConnection,
    path="/l2-gateway-connections",
    check=_check_connection,
    visible=_visible,
    before_list=_refuse_reading,
    more=_segmentation,
)
