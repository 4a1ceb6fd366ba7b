"""What network's extensions remember, and what of it goes over the wire."""

from typing import Annotated, Any

import msgspec

from isotherm.localcloud.kinds import said, shown
from isotherm.localcloud.network.checks import (
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
    description: Annotated[str | None, said(_TEXT)] = ""


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


class PortForwarding(Nameless, kw_only=True, eq=False):
    floatingip_id: str = ""
    description: Annotated[str | None, said(_TEXT)] = ""
    protocol: Annotated[
        str, said(one_of("tcp", "udp", "icmp", "icmp6", "sctp", "dccp"), required=True)
    ]
    external_port: Annotated[int | None, said(_PORT_NUMBER)] = None
    internal_port: Annotated[int | None, said(_PORT_NUMBER)] = None
    internal_port_id: Annotated[str, said(uuid_text, required=True)]
    internal_ip_address: Annotated[str | None, said(_TEXT)] = None


class NetworkGateway(Bare, kw_only=True, eq=False):
    devices: Annotated[
        list[dict[str, str]], once(list_of(mapping({"id": text()}, {"interface_name": text()})))
    ] = []
    default: Annotated[bool, shown()] = False
    ports: Annotated[list[dict[str, Any]], shown()] = []


_INTERFACE = mapping({"name": text()}, {"segmentation_id": list_of(integer(0, 4094))})


class L2Gateway(Bare, kw_only=True, eq=False):
    devices: Annotated[
        list[dict[str, Any]],
        said(
            list_of(mapping({"device_name": text(), "interfaces": list_of(_INTERFACE)})),
            required=True,
        ),
    ]


class L2GatewayConnection(Nameless, kw_only=True, eq=False):
    l2_gateway_id: Annotated[str, once(uuid_text, required=True)]
    network_id: Annotated[str, once(uuid_text, required=True)]
    segmentation_id: Annotated[int | None, once(or_none(integer(0, 4094)))] = None


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


class TapService(Described, kw_only=True, eq=False):
    port_id: Annotated[str, once(uuid_text, required=True)]
    status: Annotated[str, shown()] = "ACTIVE"


class TapFlow(Described, kw_only=True, eq=False):
    tap_service_id: Annotated[str, once(uuid_text, required=True)]
    source_port: Annotated[str, once(uuid_text, required=True)]
    direction: Annotated[str, once(one_of("IN", "OUT", "BOTH"), required=True)]
    vlan_filter: Annotated[str | None, once(_TEXT)] = None
    status: Annotated[str, shown()] = "ACTIVE"
