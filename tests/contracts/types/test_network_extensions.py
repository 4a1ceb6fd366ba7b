"""Types of the network service's extensions: what the cloud then has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.contracts.types.beds import Account, Bed
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.network import (
    FLOW_CLASSIFIER,
    L2_GATEWAY,
    L2_GATEWAY_CONNECTION,
    METERING_LABEL,
    METERING_RULE,
    NETWORK_GATEWAY,
    PORT_CHAIN,
    PORT_FORWARDING,
    PORT_PAIR,
    PORT_PAIR_GROUP,
    SEGMENT,
    TAP_FLOW,
    TAP_SERVICE,
)

pytestmark = pytest.mark.slow


def ports(*names: str, **properties: Any) -> dict[str, Any]:
    place = [{"subnet": ref("subnet")}]
    found: dict[str, Any] = {
        "net": resource("OS::Neutron::Net"),
        "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.70.0.0/24"),
    }
    for name in names:
        found[name] = resource(
            *("OS::Neutron::Port",), network=ref("net"), fixed_ips=place, **properties
        )
    return found


async def test_segment(admin: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        given = {"network": ref("net"), "network_type": "vxlan", **properties}
        return document({**ports(), "part": resource("OS::Neutron::Segment", **given)})

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template(name=name, description="one"))
    part = stack.ids["part"]
    shown = await cloud.show(SEGMENT, part)
    assert (shown["name"], shown["description"]) == (name, "one")
    assert (shown["network_id"], shown["network_type"]) == (stack.ids["net"], "vxlan")
    await stacks.update(stack, template())
    shown = await cloud.show(SEGMENT, part)
    assert shown["name"].startswith(f"{name}-part-")
    assert shown["description"] == ""
    await stacks.delete(stack)
    assert await admin.gone(SEGMENT, part)


async def test_port_forwarding(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        given = {
            "floating_ip": ref("address"),
            "internal_port": ref("port"),
            "internal_ip_address": attr("port", "fixed_ips", 0, "ip_address"),
            "protocol": "tcp",
            **properties,
        }
        router = resource("OS::Neutron::Router", external_gateway_info={"network": "public"})
        inside: Mapping[str, Any] = {"router": ref("router"), "subnet": ref("subnet")}
        return document(
            {
                **ports("port"),
                "router": router,
                "inside": resource("OS::Neutron::RouterInterface", **inside),
                "address": resource("OS::Neutron::FloatingIP", floating_network="public"),
                "way": resource("OS::Neutron::FloatingIPPortForward", **given),
            }
        )

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(internal_port_number=22, external_port=2222))
    way, address = stack.ids["way"], stack.ids["address"]
    shown = await cloud.show(PORT_FORWARDING, way, parent=address)
    assert (shown["internal_port"], shown["external_port"], shown["protocol"]) == (22, 2222, "tcp")
    assert shown["internal_port_id"] == stack.ids["port"]
    await stacks.update(stack, template(internal_port_number=80, external_port=8080))
    shown = await cloud.show(PORT_FORWARDING, way, parent=address)
    assert (shown["internal_port"], shown["external_port"]) == (80, 8080)
    await stacks.delete(stack)
    assert await account.gone(PORT_FORWARDING, way, parent=address)


async def test_metering(admin: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        label = resource("OS::Neutron::MeteringLabel", name=name, description="web")
        given = {"metering_label_id": ref("label"), **properties}
        return document(
            {"label": label, "rule": resource("OS::Neutron::MeteringRule", **given)},
            direction=attr("rule", "direction"),
            shared=attr("label", "shared"),
        )

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template(remote_ip_prefix="10.0.0.0/8"))
    label, rule = stack.ids["label"], stack.ids["rule"]
    assert (await cloud.show(METERING_LABEL, label))["description"] == "web"
    shown = await cloud.show(METERING_RULE, rule)
    assert (shown["metering_label_id"], shown["excluded"]) == (label, False)
    assert stack.outputs == {"direction": "ingress", "shared": False}
    await stacks.update(stack, template(remote_ip_prefix="10.0.0.0/8", direction="egress"))
    assert await admin.gone(METERING_RULE, rule)
    assert stack.outputs["direction"] == "egress"
    await stacks.delete(stack)
    assert await admin.gone(METERING_LABEL, label)


async def test_network_gateway(account: Account, bed: Bed, name: str) -> None:
    if not bed.local:
        pytest.skip("network services of today have no network gateways")

    def template(*numbers: int, interface: str = "eth0", **properties: Any) -> Document:
        joined = [
            {"network": ref("net"), "segmentation_type": "vlan", "segmentation_id": each}
            for each in numbers
        ]
        device = {"id": "device", "interface_name": interface}
        given = {"devices": [device], "connections": joined, **properties}
        return document({**ports(), "way": resource("OS::Neutron::NetworkGateway", **given)})

    async def connected() -> list[int]:
        shown = await cloud.show(NETWORK_GATEWAY, stack.ids["way"])
        return sorted(each["segmentation_id"] for each in shown["ports"])

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(10, 11, name=name))
    way = stack.ids["way"]
    assert await connected() == [10, 11]
    await stacks.update(stack, template(11, 12))
    assert stack.ids["way"] == way
    assert await connected() == [11, 12]
    await stacks.update(stack, template(interface="eth1"))
    assert stack.ids["way"] != way
    assert await connected() == []
    await stacks.delete(stack)
    assert await account.gone(NETWORK_GATEWAY, way)


async def test_l2_gateway(admin: Account, name: str) -> None:
    def template(interface: str) -> Document:
        devices = [{"device_name": "leaf", "interfaces": [{"name": interface}]}]
        joined: Mapping[str, Any] = {"l2_gateway_id": ref("way"), "network_id": ref("net")}
        return document(
            {
                **ports(),
                "way": resource("OS::Neutron::L2Gateway", name=name, devices=devices),
                "joined": resource(
                    "OS::Neutron::L2GatewayConnection", segmentation_id="42", **joined
                ),
            }
        )

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template("eth1"))
    way, joined = stack.ids["way"], stack.ids["joined"]
    assert (await cloud.show(L2_GATEWAY_CONNECTION, joined))["segmentation_id"] == 42
    await stacks.update(stack, template("eth2"))
    (device,) = (await cloud.show(L2_GATEWAY, way))["devices"]
    assert [each["name"] for each in device["interfaces"]] == ["eth2"]
    await stacks.delete(stack)
    assert await admin.gone(L2_GATEWAY, way)
    assert await admin.gone(L2_GATEWAY_CONNECTION, joined)


async def test_service_chain(account: Account, name: str) -> None:
    def template(protocol: str, **properties: Any) -> Document:
        pair: Mapping[str, Any] = {"ingress": ref("in"), "egress": ref("out")}
        chain: Mapping[str, Any] = {
            "port_pair_groups": [ref("group")],
            "flow_classifiers": [ref("flow")],
        }
        flow: Mapping[str, Any] = {"protocol": protocol, "logical_source_port": ref("source")}
        return document(
            {
                # What traffic is led through is a machine.
                **ports("in", "out", "source", device_id="machine"),
                "pair": resource("OS::Neutron::PortPair", **pair),
                "group": resource("OS::Neutron::PortPairGroup", port_pairs=[ref("pair")]),
                "flow": resource("OS::Neutron::FlowClassifier", **flow),
                "chain": resource("OS::Neutron::PortChain", **chain, **properties),
            }
        )

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("tcp", name=name, description="one"))
    ids = dict(stack.ids)
    shown = await cloud.show(PORT_CHAIN, ids["chain"])
    assert (shown["name"], shown["description"]) == (name, "one")
    assert shown["port_pair_groups"] == [ids["group"]]
    assert shown["flow_classifiers"] == [ids["flow"]]
    assert (await cloud.show(PORT_PAIR, ids["pair"]))["ingress"] == ids["in"]
    assert (await cloud.show(PORT_PAIR_GROUP, ids["group"]))["port_pairs"] == [ids["pair"]]
    await stacks.update(stack, template("udp"))
    assert await account.gone(FLOW_CLASSIFIER, ids["flow"])
    shown = await cloud.show(PORT_CHAIN, ids["chain"])
    assert shown["flow_classifiers"] == [stack.ids["flow"]]
    await stacks.delete(stack)
    assert await account.gone(PORT_CHAIN, ids["chain"])
    assert await account.gone(PORT_PAIR, ids["pair"])


async def test_taps(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        flow = {"port": ref("source"), "tap_service": ref("tap"), **properties}
        return document(
            {
                **ports("probe", "source"),
                "tap": resource("OS::Neutron::TaaS::TapService", port=ref("probe"), name=name),
                "flow": resource("OS::Neutron::TaaS::TapFlow", **flow),
            }
        )

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(vlan_filter="1-5,9"))
    tap, flow = stack.ids["tap"], stack.ids["flow"]
    assert (await cloud.show(TAP_SERVICE, tap))["port_id"] == stack.ids["probe"]
    shown = await cloud.show(TAP_FLOW, flow)
    assert (shown["source_port"], shown["direction"]) == (stack.ids["source"], "BOTH")
    assert (shown["tap_service_id"], shown["vlan_filter"]) == (tap, "1-5,9")
    await stacks.update(stack, template(vlan_filter="1-5,9", description="copies"))
    assert (await cloud.show(TAP_FLOW, flow))["description"] == "copies"
    await stacks.delete(stack)
    assert await account.gone(TAP_SERVICE, tap)
