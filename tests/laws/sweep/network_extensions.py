"""Samples of what the extensions of the network service add."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from tests.laws.sweep.samples import INTERFACE, NET, PORTS, ROUTER, made, ref
from tests.laws.sweep.samples import Sample as AnySample

Sample = partial(AnySample, user="admin")

FORWARD = {
    "floating_ip": ref("address"),
    "internal_port": ref("port"),
    "internal_ip_address": {"get_attr": ["port", "fixed_ips", 0, "ip_address"]},
    "internal_port_number": 22,
    "external_port": 2222,
    "protocol": "tcp",
}
DEVICES, DEVICES2 = (
    [{"device_name": "leaf", "interfaces": [{"name": name, "segmentation_id": [10]}]}]
    for name in ("eth1", "eth2")
)
GATEWAYS = {
    name: made("OS::Neutron::L2Gateway", name=f"stack-{name}", devices=DEVICES)
    for name in ("gateway", "gateway2")
}
WAY = {"id": "device", "interface_name": "eth0"}
PAIRS = {
    name: made("OS::Neutron::PortPair", ingress=ref("port"), egress=ref("port2"))
    for name in ("pair", "pair2")
}
GROUPS = {
    "pairs": made("OS::Neutron::PortPairGroup", port_pairs=[ref("pair")]),
    "pairs2": made("OS::Neutron::PortPairGroup", port_pairs=[ref("pair2")]),
}
FLOWS = {
    name: made("OS::Neutron::FlowClassifier", protocol=protocol)
    for name, protocol in (("flow", "tcp"), ("flow2", "udp"))
}
LABELS = {name: made("OS::Neutron::MeteringLabel") for name in ("label", "label2")}
TAP = {"tap": made("OS::Neutron::TaaS::TapService", port=ref("port2"))}
TRAFFIC = {"source_ip_prefix": "10.7.0.0/24", "logical_source_port": ref("port")}


def counted(label: str, prefix: str) -> dict[str, object]:
    return {"metering_label_id": ref(label), "remote_ip_prefix": prefix}


SAMPLES: Mapping[str, AnySample] = {
    "OS::Neutron::FloatingIPPortForward": AnySample(
        FORWARD,
        {**FORWARD, "internal_port_number": 23, "external_port": 2223, "protocol": "udp"},
        {**FORWARD, "floating_ip": ref("address2")},
        {
            **NET,
            **ROUTER,
            **INTERFACE,
            **PORTS,
            "address": made("OS::Neutron::FloatingIP", floating_network="public"),
            "address2": made("OS::Neutron::FloatingIP", floating_network="public"),
        },
    ),
    "OS::Neutron::FlowClassifier": Sample(
        {**TRAFFIC, "name": "stack-flow"},
        {**TRAFFIC, "name": "stack-new", "description": "d"},
        {**TRAFFIC, "protocol": "icmp"},
        {**NET, **PORTS},
    ),
    "OS::Neutron::L2Gateway": Sample(
        {"name": "stack-way", "devices": DEVICES},
        {"name": "stack-new", "devices": DEVICES2},
        None,
    ),
    "OS::Neutron::L2GatewayConnection": Sample(
        {"l2_gateway_id": ref("gateway"), "network_id": ref("net")},
        None,
        {"l2_gateway_id": ref("gateway2"), "network_id": ref("net")},
        {**NET, **GATEWAYS},
    ),
    "OS::Neutron::MeteringLabel": Sample({"name": "stack-label"}, None, {"description": "d"}),
    "OS::Neutron::MeteringRule": Sample(
        counted("label", "10.0.0.0/8"), None, counted("label", "11.0.0.0/8"), LABELS
    ),
    "OS::Neutron::NetworkGateway": Sample(
        {"devices": [WAY], "connections": [{"network": ref("net")}]},
        {
            "name": "stack-new",
            "devices": [WAY],
            "connections": [
                {"network": ref("net"), "segmentation_type": "vlan", "segmentation_id": 10}
            ],
        },
        {"devices": [{**WAY, "interface_name": "eth1"}]},
        NET,
    ),
    "OS::Neutron::PortChain": Sample(
        {"port_pair_groups": [ref("pairs")], "flow_classifiers": [ref("flow")]},
        {
            "name": "stack-new",
            "port_pair_groups": [ref("pairs2"), ref("pairs")],
            "flow_classifiers": [ref("flow2")],
        },
        {
            "port_pair_groups": [ref("pairs")],
            "flow_classifiers": [ref("flow")],
            "chain_parameters": {"correlation": "nsh"},
        },
        {**NET, **PORTS, **PAIRS, **GROUPS, **FLOWS},
    ),
    "OS::Neutron::PortPair": Sample(
        {"ingress": ref("port"), "egress": ref("port2")},
        {"name": "stack-new", "description": "d", "ingress": ref("port"), "egress": ref("port2")},
        {"ingress": ref("port2"), "egress": ref("port")},
        {**NET, **PORTS},
    ),
    "OS::Neutron::PortPairGroup": Sample(
        {"port_pairs": [ref("pair")]},
        {"name": "stack-new", "port_pairs": [ref("pair2")]},
        None,
        {**NET, **PORTS, **PAIRS},
    ),
    "OS::Neutron::Segment": Sample(
        {"network": ref("net"), "network_type": "vxlan", "name": "stack-part"},
        {"network": ref("net"), "network_type": "vxlan", "description": "d"},
        {"network": ref("net"), "network_type": "geneve"},
        NET,
    ),
    "OS::Neutron::TaaS::TapFlow": Sample(
        {"port": ref("port"), "tap_service": ref("tap"), "vlan_filter": "1-5,9"},
        {"port": ref("port"), "tap_service": ref("tap"), "vlan_filter": "1-5,9", "name": "s-n"},
        {"port": ref("port"), "tap_service": ref("tap"), "direction": "IN"},
        {**NET, **PORTS, **TAP},
    ),
    "OS::Neutron::TaaS::TapService": Sample(
        {"port": ref("port"), "name": "stack-tap"},
        {"port": ref("port"), "description": "d"},
        {"port": ref("port2")},
        {**NET, **PORTS},
    ),
}
