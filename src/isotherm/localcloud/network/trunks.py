"""Trunks: a parent port that carries the traffic of sub-ports."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.network import faults, ports
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.entities import Trunk
from isotherm.localcloud.network.state import Networking
from isotherm.localcloud.network.trunk_ports import trunk_of_sub_port

_LAST_VLAN = 4094


def create(networking: Networking, call: Call, wish: Wish) -> Trunk:
    port = ports.KIND.find(networking, call.caller, wish["port_id"])
    if networking.trunks.find(port_id=port.id) or port.host_id:
        raise _parent_in_use(port.id)
    if trunk_of_sub_port(networking, port.id) is not None:
        raise _sub_port_in_use(port.id)
    trunk = Trunk(**{**wish, "sub_ports": []})
    trunk.sub_ports = _checked(networking, call.caller, trunk, wish["sub_ports"])
    networking.require_quota(trunk.project_id, {"trunk": 1})
    return networking.add(networking.trunks, trunk)


def delete(networking: Networking, call: Call, trunk: Trunk) -> None:
    _require_enabled(trunk)
    port = networking.ports.get(trunk.port_id)
    if port is not None and port.host_id:
        raise faults.conflict("TrunkInUse", f"Trunk {trunk.id} is currently in use.")


def add_sub_ports(networking: Networking, caller: Caller, trunk: Trunk, given: list[Any]) -> None:
    """Raises Fault 400, 404, 409."""
    _require_enabled(trunk)
    trunk.sub_ports = [*trunk.sub_ports, *_checked(networking, caller, trunk, given)]
    networking.save(networking.trunks, trunk)


def remove_sub_ports(networking: Networking, trunk: Trunk, given: list[Any]) -> None:
    """Raises Fault 404, 409."""
    _require_enabled(trunk)
    gone = {each.get("port_id") for each in given}
    for missing in sorted(gone - {each["port_id"] for each in trunk.sub_ports}):
        raise faults.missing(
            "SubPortNotFound", f"SubPort {missing} on trunk {trunk.id} could not be found."
        )
    trunk.sub_ports = [each for each in trunk.sub_ports if each["port_id"] not in gone]
    networking.save(networking.trunks, trunk)


def _checked(
    networking: Networking, caller: Caller, trunk: Trunk, given: list[Any]
) -> list[dict[str, Any]]:
    taken = {(each["segmentation_type"], each["segmentation_id"]) for each in trunk.sub_ports}
    checked: list[dict[str, Any]] = []
    for each in given:
        sub_port = _sub_port(each)
        port = ports.KIND.find(networking, caller, sub_port["port_id"])
        if networking.trunks.find(port_id=port.id) or port.id == trunk.port_id:
            raise _parent_in_use(port.id)
        if trunk_of_sub_port(networking, port.id) is not None:
            raise _sub_port_in_use(port.id)
        segment = (sub_port["segmentation_type"], sub_port["segmentation_id"])
        if segment in taken:
            raise faults.conflict(
                "DuplicateSubPort",
                f"segmentation_type {segment[0]} and segmentation_id {segment[1]} already in use "
                f"on trunk {trunk.id}.",
            )
        taken.add(segment)
        checked.append(sub_port)
    return checked


def _sub_port(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or "port_id" not in given:
        raise faults.invalid_input(f"Invalid subport details '{given}': missing port_id")
    if given.get("segmentation_type") == "inherit":
        raise faults.invalid_input("Unknown segmentation_type 'inherit'")
    if not {"segmentation_type", "segmentation_id"} <= given.keys():
        raise faults.invalid_input(
            f"Invalid subport details '{given}': missing segmentation information. Must specify "
            "both segmentation_id and segmentation_type"
        )
    if given["segmentation_type"] != "vlan":
        raise faults.invalid_input(f"Unknown segmentation_type '{given['segmentation_type']}'")
    number = str(given["segmentation_id"])
    if not number.isdigit() or not 0 < int(number) <= _LAST_VLAN:
        raise faults.invalid_input(f"Segmentation ID '{number}' is not in range")
    return {
        "port_id": given["port_id"],
        "segmentation_type": "vlan",
        "segmentation_id": int(number),
    }


def _require_enabled(trunk: Trunk) -> None:
    if not trunk.admin_state_up:
        raise faults.conflict("TrunkDisabled", f"Trunk {trunk.id} is currently disabled.")


def _parent_in_use(port_id: str) -> Fault:
    return faults.conflict(
        "ParentPortInUse",
        f"Port {port_id} is currently in use and is not eligible for use as a parent port.",
    )


def _sub_port_in_use(port_id: str) -> Fault:
    return faults.conflict("TrunkPortInUse", f"Port {port_id} is in use by another trunk.")


KIND = NetworkKind[Trunk](
    name="trunk",
    entity=Trunk,
    create=create,
    delete=delete,
    quota="trunk",
)
