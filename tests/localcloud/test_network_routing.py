"""Routers, floating IPs and security groups over HTTP."""

from typing import Any

from tests.localcloud.conftest import Answer, Http
from tests.localcloud.test_network import NETWORK, listed, make, net_with_subnet, refusal


async def routed(http: Http) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A router with a gateway, a network behind it, and its subnet."""
    (public,) = await listed(http, "networks", name="public")
    net, subnet = await net_with_subnet(http)
    info = {"network_id": public["id"]}
    router = await make(http, "routers", name="r", external_gateway_info=info)
    await plug(http, router, "add", subnet_id=subnet["id"])
    return router, net, subnet


async def plug(http: Http, router: dict[str, Any], verb: str, **wish: str) -> Answer:
    return await http("PUT", f"{NETWORK}/routers/{router['id']}/{verb}_router_interface", wish)


async def test_an_interface_takes_the_gateway_address_and_holds_the_subnet(http: Http) -> None:
    router, _, subnet = await routed(http)
    (interface,) = await listed(
        http, "ports", device_owner="network:router_interface", device_id=router["id"]
    )

    assert interface["fixed_ips"] == [{"subnet_id": subnet["id"], "ip_address": "10.1.0.1"}]
    again = await plug(http, router, "add", subnet_id=subnet["id"])
    assert refusal(again) == (400, "BadRequest")
    port = await http("DELETE", f"{NETWORK}/ports/{interface['id']}")
    assert refusal(port) == (409, "ServicePortInUse")
    held = await http("DELETE", f"{NETWORK}/routers/{router['id']}")
    assert refusal(held) == (409, "RouterInUse")
    assert (await plug(http, router, "remove", subnet_id=subnet["id"])).status == 200
    gone = await plug(http, router, "remove", subnet_id=subnet["id"])
    assert refusal(gone) == (404, "RouterInterfaceNotFoundForSubnet")
    assert (await http("DELETE", f"{NETWORK}/routers/{router['id']}")).status == 204


async def test_a_floating_ip_needs_a_router_between(http: Http) -> None:
    (public,) = await listed(http, "networks", name="public")
    net, _ = await net_with_subnet(http)
    port = await make(http, "ports", network_id=net["id"])
    wish = {"floating_network_id": public["id"], "port_id": port["id"]}

    answer = await http("POST", f"{NETWORK}/floatingips", {"floatingip": wish})

    assert refusal(answer) == (404, "ExternalGatewayForFloatingIPNotFound")
    assert await listed(http, "floatingips") == []


async def test_a_floating_ip_follows_its_port(http: Http) -> None:
    router, net, subnet = await routed(http)
    port = await make(http, "ports", network_id=net["id"])
    external = router["external_gateway_info"]["network_id"]
    made = await make(http, "floatingips", floating_network_id=external)
    path = f"{NETWORK}/floatingips/{made['id']}"
    assert (made["status"], made["router_id"]) == ("DOWN", None)
    assert made["floating_ip_address"].startswith("172.24.4.")

    tied = await http("PUT", path, {"floatingip": {"port_id": port["id"]}})

    assert tied.body["floatingip"]["status"] == "ACTIVE"
    assert tied.body["floatingip"]["router_id"] == router["id"]
    assert tied.body["floatingip"]["fixed_ip_address"] == port["fixed_ips"][0]["ip_address"]
    unplug = await plug(http, router, "remove", subnet_id=subnet["id"])
    assert refusal(unplug) == (409, "RouterInterfaceInUseByFloatingIP")
    await http("DELETE", f"{NETWORK}/ports/{port['id']}")
    loose = (await http("GET", path)).body["floatingip"]
    assert (loose["status"], loose["port_id"]) == ("DOWN", None)
    assert (await http("DELETE", path)).status == 204
    again = await make(http, "floatingips", floating_network_id=external)
    assert again["floating_ip_address"] == made["floating_ip_address"]


async def test_extra_routes_must_be_reachable_and_hold_the_interface(http: Http) -> None:
    router, _, subnet = await routed(http)
    path = f"{NETWORK}/routers/{router['id']}"
    route = {"destination": "192.168.0.0/24", "nexthop": "10.1.0.9"}

    far = {"destination": "192.168.0.0/24", "nexthop": "10.99.0.9"}
    refused = await http("PUT", path, {"router": {"routes": [far]}})
    added = await http("PUT", f"{path}/add_extraroutes", {"router": {"routes": [route]}})

    assert refusal(refused) == (400, "InvalidRoutes")
    assert added.body["router"]["routes"] == [route]
    held = await plug(http, router, "remove", subnet_id=subnet["id"])
    assert refusal(held) == (409, "RouterInterfaceInUseByRoute")
    removed = await http("PUT", f"{path}/remove_extraroutes", {"router": {"routes": [route]}})
    assert removed.body["router"]["routes"] == []


async def test_every_project_has_a_default_group_that_lets_its_members_in(
    http: Http, demo_project: str
) -> None:
    (group,) = await listed(http, "security-groups", name="default")

    rules = {
        (r["direction"], r["ethertype"], r["remote_group_id"])
        for r in group["security_group_rules"]
    }
    assert group["project_id"] == demo_project
    assert rules == {
        ("egress", "IPv4", None),
        ("egress", "IPv6", None),
        ("ingress", "IPv4", group["id"]),
        ("ingress", "IPv6", group["id"]),
    }
    net, _ = await net_with_subnet(http)
    port = await make(http, "ports", network_id=net["id"])
    assert port["security_groups"] == [group["id"]]


async def test_rules_are_checked_and_not_doubled(http: Http) -> None:
    group = await make(http, "security-groups", name="g")

    async def add(**wish: Any) -> Answer:
        rule = {"security_group_id": group["id"], "direction": "ingress", **wish}
        return await http("POST", f"{NETWORK}/security-group-rules", {"security_group_rule": rule})

    ssh = {"protocol": "tcp", "port_range_min": 22, "port_range_max": 22}
    assert (await add(**ssh)).status == 201
    assert refusal(await add(**{**ssh, "protocol": 6})) == (409, "SecurityGroupRuleExists")
    backwards = {**ssh, "port_range_min": 23}
    assert refusal(await add(**backwards)) == (400, "SecurityGroupInvalidPortRange")
    assert refusal(await add(remote_ip_prefix="::/0")) == (
        400,
        "SecurityGroupRuleParameterConflict",
    )
    assert refusal(await add(protocol="bogus")) == (400, "SecurityGroupRuleInvalidProtocol")


async def test_a_group_in_use_stays(http: Http) -> None:
    net, _ = await net_with_subnet(http)
    group = await make(http, "security-groups", name="g")
    port = await make(http, "ports", network_id=net["id"], security_groups=[group["id"]])
    path = f"{NETWORK}/security-groups/{group['id']}"

    assert refusal(await http("DELETE", path)) == (409, "SecurityGroupInUse")
    await http("DELETE", f"{NETWORK}/ports/{port['id']}")
    assert (await http("DELETE", path)).status == 204


async def test_a_trunk_holds_its_ports(http: Http) -> None:
    net, _ = await net_with_subnet(http)
    parent, child = [await make(http, "ports", network_id=net["id"]) for _ in range(2)]
    sub_port = {"port_id": child["id"], "segmentation_type": "vlan", "segmentation_id": 10}
    trunk = await make(http, "trunks", port_id=parent["id"], sub_ports=[sub_port])

    for port, kind in ((parent, "PortInUseAsTrunkParent"), (child, "PortInUseAsSubPort")):
        held = await http("DELETE", f"{NETWORK}/ports/{port['id']}")
        assert refusal(held) == (409, kind)
    assert (await http("DELETE", f"{NETWORK}/trunks/{trunk['id']}")).status == 204
    assert (await http("DELETE", f"{NETWORK}/ports/{child['id']}")).status == 204
