"""Bare metal: what is remembered of it, and what of it goes over the wire."""

import re
from typing import Annotated, Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import as_is, flag, mapping, or_none, text
from isotherm.localcloud.service import Frame, Service

_TEXT = or_none(text())
_PAIRS = or_none(mapping(as_is))
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")


def _mac(value: Any) -> str:
    if not isinstance(value, str) or not _MAC.fullmatch(value.lower()):
        raise ValueError(f"Expected a MAC address but received {value}.")
    return value.lower()


class Stored(Entity, kw_only=True, eq=False):
    created_at: Annotated[float, moment("+00:00")]
    updated_at: Annotated[float | None, moment("+00:00")] = None
    extra: Annotated[dict[str, Any] | None, said(_PAIRS)] = {}


class Node(Stored, kw_only=True, eq=False):
    driver: Annotated[str, said(text(1), required=True)]
    name: Annotated[str | None, said(_TEXT)] = None
    resource_class: Annotated[str | None, said(_TEXT)] = None
    properties: Annotated[dict[str, Any] | None, said(_PAIRS)] = {}
    driver_info: Annotated[dict[str, Any] | None, said(_PAIRS)] = {}
    provision_state: Annotated[str, shown()] = "enroll"
    power_state: Annotated[str | None, shown()] = None
    maintenance: Annotated[bool, said(flag)] = False
    instance_uuid: Annotated[str | None, said(_TEXT)] = None


class PortGroup(Stored, kw_only=True, eq=False):
    node_uuid: Annotated[str, said(text(1), required=True)]
    name: Annotated[str | None, said(_TEXT)] = None
    address: Annotated[str | None, said(or_none(_mac))] = None
    mode: Annotated[str | None, said(_TEXT)] = "active-backup"


class Port(Stored, kw_only=True, eq=False):
    node_uuid: Annotated[str, said(text(1), required=True)]
    address: Annotated[str, said(_mac, required=True)]
    portgroup_uuid: Annotated[str | None, said(_TEXT)] = None
    local_link_connection: Annotated[dict[str, Any] | None, said(_PAIRS)] = {}
    pxe_enabled: Annotated[bool | None, said(or_none(flag))] = True
    physical_network: Annotated[str | None, said(_TEXT)] = None
    is_smartnic: Annotated[bool | None, said(or_none(flag))] = False
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
