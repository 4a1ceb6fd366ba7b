"""What network's extensions remember, and what of it goes over the wire."""

import re
from typing import Annotated, Any

import msgspec

from isotherm.localcloud.kinds import said, shown
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.checks import (
    Unconvertible,
    boolean,
    cidr,
    integer,
    list_of,
    mapping,
    one_of,
    or_none,
    text,
    uuid_text,
)
from isotherm.localcloud.network.entities import Bare, once

_TEXT, _ANY_NUMBER = or_none(text()), or_none(integer(0))
_PORT_NUMBER = or_none(integer(1, 65535))
_PREFIX = or_none(cidr)
_IDS = list_of(uuid_text)


class Described(Bare, kw_only=True, eq=False):
    description: Annotated[str | None, said(text())] = ""


class Nameless(Bare, kw_only=True, eq=False):
    name: str = ""


class MeteringLabel(Described, kw_only=True, eq=False):
    shared: Annotated[bool, once(boolean)] = False


class MeteringLabelRule(Nameless, kw_only=True, eq=False):
    metering_label_id: Annotated[str, once(uuid_text, required=True)]
    remote_ip_prefix: Annotated[str | None, once(_PREFIX)] = None
    source_ip_prefix: Annotated[str | None, once(_PREFIX)] = None
    destination_ip_prefix: Annotated[str | None, once(_PREFIX)] = None
    direction: Annotated[str, once(one_of("ingress", "egress"))] = "ingress"
    excluded: Annotated[bool, once(boolean)] = False


class Segment(Described, kw_only=True, eq=False):
    network_id: Annotated[str, once(uuid_text, required=True)]
    network_type: Annotated[
        str, once(one_of("flat", "geneve", "gre", "local", "vlan", "vxlan"), required=True)
    ]
    physical_network: Annotated[str | None, once(_TEXT)] = None
    segmentation_id: Annotated[int | None, once(_ANY_NUMBER)] = None


def port_range(value: Any) -> str:
    """Two port numbers, as `first:last`; the same one twice where one is said."""
    ends = str(value).split(":")
    for each in ends:
        if not (each.isascii() and each.isdigit() and 0 < int(each) < 65536):
            raise ValueError(f"Invalid port: {each}")
    if int(ends[0]) > int(ends[-1]):
        raise ValueError("First port in a port range must be lower than the second port")
    return f"{ends[0]}:{ends[-1]}"


_RANGE = or_none(port_range)


class PortForwarding(Nameless, kw_only=True, eq=False):
    """Its ranges are stored; a port is told where a range is of one."""

    project_id: Annotated[str, once(text(), shown=False)]
    floatingip_id: str = ""
    description: Annotated[str | None, said(_TEXT)] = ""
    protocol: Annotated[
        str, said(one_of("tcp", "udp", "icmp", "icmp6", "sctp", "dccp"), required=True)
    ]
    external_port: Annotated[int | None, said(_PORT_NUMBER)] = None
    external_port_range: Annotated[str | None, said(_RANGE)] = None
    internal_port: Annotated[int | None, said(_PORT_NUMBER)] = None
    internal_port_range: Annotated[str | None, said(_RANGE)] = None
    internal_port_id: Annotated[str, said(uuid_text, required=True)]
    internal_ip_address: Annotated[str | None, said(_TEXT)] = None


class NetworkGateway(Bare, kw_only=True, eq=False):
    devices: Annotated[
        list[dict[str, str]], once(list_of(mapping({"id": text()}, {"interface_name": text()})))
    ] = []
    default: Annotated[bool, shown()] = False
    ports: Annotated[list[dict[str, Any]], shown()] = []


def segmentation(value: Any) -> str:
    """The number of a VLAN, as text."""
    try:
        number = int(value)
    except (TypeError, ValueError) as error:
        raise Unconvertible("Segmentation id must be a valid integer") from error
    if not 0 <= number <= 4095:
        raise Unconvertible("Segmentation id is out of range")
    return str(value)


def _devices(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise faults.broken()
    return [_device(each) for each in _filled(value, "device list")]


def _device(device: dict[str, Any]) -> dict[str, Any]:
    name = _filled(device.get("device_name"), "device_name")
    interfaces = _filled(device.get("interfaces"), "interfaces")
    return {"device_name": name, "interfaces": [_interface(each) for each in interfaces]}


def _interface(said: dict[str, Any]) -> dict[str, Any]:
    name = _filled(said.get("name"), "interface name")
    numbers = [segmentation(each) for each in said.get("segmentation_id") or ()]
    return {"segmentation_id": numbers, "name": name}


def _filled(value: Any, noun: str) -> Any:
    if not value:
        raise ValueError(f"Cannot create a gateway with an empty {noun}")
    return value


class Owned(Bare, kw_only=True, eq=False):
    """Tells its project by the older of its two names only."""

    project_id: Annotated[str, once(text(), shown=False)]


class L2Gateway(Owned, kw_only=True, eq=False):
    devices: Annotated[list[dict[str, Any]], said(_devices, required=True)]


class L2GatewayConnection(Owned, kw_only=True, eq=False):
    name: str = ""
    network_id: Annotated[str, once(uuid_text, required=True)]
    l2_gateway_id: Annotated[str, once(text(), required=True)]
    segmentation_id: Annotated[str, once(text(), shown=False)] = ""


class FlowClassifier(Described, kw_only=True, eq=False):
    ethertype: Annotated[str, once(one_of("IPv4", "IPv6"))] = "IPv4"
    protocol: Annotated[str | None, once(_TEXT)] = None
    source_port_range_min: Annotated[int | None, once(_PORT_NUMBER)] = None
    source_port_range_max: Annotated[int | None, once(_PORT_NUMBER)] = None
    destination_port_range_min: Annotated[int | None, once(_PORT_NUMBER)] = None
    destination_port_range_max: Annotated[int | None, once(_PORT_NUMBER)] = None
    source_ip_prefix: Annotated[str | None, once(_PREFIX)] = None
    destination_ip_prefix: Annotated[str | None, once(_PREFIX)] = None
    logical_source_port: Annotated[str | None, once(or_none(uuid_text))] = None
    logical_destination_port: Annotated[str | None, once(or_none(uuid_text))] = None
    l7_parameters: Annotated[dict[str, Any], once(mapping({}))] = {}


def _parameters(**known: Any) -> Any:
    return once(or_none(mapping({}, known)))


class PortPair(Described, kw_only=True, eq=False):
    ingress: Annotated[str, once(uuid_text, required=True)]
    egress: Annotated[str, once(uuid_text, required=True)]
    service_function_parameters: Annotated[
        dict[str, Any] | None,
        _parameters(correlation=or_none(one_of("mpls", "nsh")), weight=integer(0)),
    ] = msgspec.field(default_factory=lambda: {"correlation": None, "weight": 1})


class PortPairGroup(Described, kw_only=True, eq=False):
    port_pairs: Annotated[list[str], said(_IDS)] = []


class PortChain(Described, kw_only=True, eq=False):
    port_pair_groups: Annotated[list[str], said(_IDS, required=True)]
    flow_classifiers: Annotated[list[str], said(_IDS)] = []
    chain_parameters: Annotated[
        dict[str, Any] | None,
        _parameters(correlation=one_of("mpls", "nsh"), symmetric=boolean),
    ] = msgspec.field(default_factory=lambda: {"correlation": "mpls", "symmetric": False})
    chain_id: Annotated[int, shown()] = 0


def _vlans(value: Any) -> str:
    if not re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", str(value)):
        raise ValueError(f"'{value}' is not a valid input")
    return str(value)


class TapService(Described, kw_only=True, eq=False):
    port_id: Annotated[str, once(uuid_text, required=True)]
    status: Annotated[str, shown()] = "ACTIVE"


class TapFlow(Described, kw_only=True, eq=False):
    tap_service_id: Annotated[str, once(uuid_text, required=True)]
    source_port: Annotated[str, once(uuid_text, required=True)]
    direction: Annotated[str, once(one_of("IN", "OUT", "BOTH"), required=True)]
    vlan_filter: Annotated[str | None, once(or_none(_vlans))] = None
    status: Annotated[str, shown()] = "ACTIVE"
