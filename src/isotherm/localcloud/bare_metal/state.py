"""Bare metal: what is remembered of it, and what of it goes over the wire."""

import re
from typing import Annotated, Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import (
    as_is,
    flag,
    is_uuid,
    mapping,
    or_none,
    shape,
    text,
)
from isotherm.localcloud.service import Frame, Service

_TEXT = or_none(text())
_PAIRS = or_none(mapping(as_is))
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
_NAME = re.compile(r"[a-zA-Z0-9-._~]+")
DRIVERS = ("fake-hardware", "ipmi", "redfish")


class Unlike(ValueError):
    """Not what a field of its name must be."""

    def told_of(self, name: str) -> str:
        return str(self).replace("NAME", name, 1)


def _mac(value: Any) -> str:
    if not isinstance(value, str) or not _MAC.fullmatch(value.lower()):
        raise Unlike(f"Expected valid MAC address for NAME: {value}")
    return value.lower()


def _node(value: Any) -> str:
    if not is_uuid(str(value)):
        raise Unlike(f"Expected UUID for NAME: {value}")
    return str(value)


def _flag(value: Any) -> bool:
    try:
        return flag(value)
    except ValueError:
        known = "'0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'"
        reason = f"Unrecognized value '{value}', acceptable values are: {known}"
        raise Unlike(f"Invalid NAME: {reason}") from None


def _name(value: Any) -> str:
    if not _NAME.fullmatch(str(value)):
        raise Unlike(f"Cannot create node with invalid name '{value}'")
    return str(value)


_LINK = shape(
    dict.fromkeys(
        (
            *("switch_id", "port_id", "switch_info"),
            *("network_type", "hostname", "vtep-logical-switch"),
        ),
        as_is,
    )
)


class Stored(Entity, kw_only=True, eq=False):
    created_at: Annotated[float, moment("+00:00")]
    updated_at: Annotated[float | None, moment("+00:00")] = None
    extra: Annotated[dict[str, Any] | None, said(_PAIRS)] = {}


class Node(Stored, kw_only=True, eq=False):
    driver: Annotated[str, said(text(1), required=True)]
    name: Annotated[str | None, said(or_none(_name), brief=True)] = None
    resource_class: Annotated[str | None, said(_TEXT)] = None
    properties: Annotated[dict[str, Any] | None, said(_PAIRS)] = {}
    driver_info: Annotated[dict[str, Any] | None, said(_PAIRS)] = {}
    provision_state: Annotated[str, shown(brief=True)] = "enroll"
    target_provision_state: Annotated[str | None, shown()] = None
    power_state: Annotated[str | None, shown(brief=True)] = None
    maintenance: Annotated[bool, said(_flag, brief=True)] = False
    maintenance_reason: Annotated[str | None, shown()] = None
    instance_uuid: Annotated[str | None, said(_TEXT, brief=True)] = None


class PortGroup(Stored, kw_only=True, eq=False):
    node_uuid: Annotated[str, said(_node, required=True)]
    name: Annotated[str | None, said(_TEXT, brief=True)] = None
    address: Annotated[str | None, said(or_none(_mac), brief=True)] = None
    mode: Annotated[str | None, said(_TEXT)] = "active-backup"
    properties: Annotated[dict[str, Any] | None, said(_PAIRS)] = {}
    standalone_ports_supported: Annotated[bool | None, said(or_none(_flag))] = True
    internal_info: Annotated[dict[str, Any], shown()] = {}


class Port(Stored, kw_only=True, eq=False):
    node_uuid: Annotated[str, said(_node, required=True)]
    address: Annotated[str, said(_mac, required=True, brief=True)]
    portgroup_uuid: Annotated[str | None, said(_TEXT)] = None
    local_link_connection: Annotated[dict[str, Any] | None, said(or_none(_LINK))] = {}
    pxe_enabled: Annotated[bool | None, said(or_none(_flag))] = True
    physical_network: Annotated[str | None, said(_TEXT)] = None
    is_smartnic: Annotated[bool | None, said(or_none(_flag))] = False
    internal_info: Annotated[dict[str, Any], shown()] = {}


class BareMetal(Service):
    service_type = "baremetal"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.nodes = self.collection("node", Node)
        self.port_groups = self.collection("portgroup", PortGroup, index=("node_uuid",))
        self.ports = self.collection("port", Port, index=("node_uuid", "address"))

    def seed(self) -> None:
        for name in ("node-1", "node-2"):
            self.nodes.add(Node(name=name, driver="ipmi", created_at=self.now()))
