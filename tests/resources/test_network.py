"""OS::Neutron::* through their lives."""

from typing import Any

import pytest

from isotherm.core.errors import Conflict, Exists, Gone
from isotherm.kit import AnyType, Failed, Pending, Ready, Sibling, Unknown, load_registry
from isotherm.kit.entity import Entity
from isotherm.kit.services.network import (
    FLOATING_IP,
    NETWORK,
    PORT,
    ROUTER,
    SECURITY_GROUP,
    SECURITY_GROUP_RULE,
    SEGMENT,
    SUBNET,
)
from isotherm.resources.network.addresses import all_addresses, first_address
from isotherm.testing.resource_run import ResourceRun, properties_of

TYPES = load_registry()


def neutron(name: str) -> AnyType:
    return TYPES[f"OS::Neutron::{name}"]


def begin(name: str, /, **properties: Any) -> ResourceRun:
    run = ResourceRun.begin(neutron(name), properties)

    def world() -> None:
        for entity in (NETWORK, PORT, ROUTER, FLOATING_IP):
            for each in run.cloud.objects(entity).values():
                each.setdefault("status", "ACTIVE")

    run.world = world
    return run


async def created(name: str, /, **properties: Any) -> ResourceRun:
    run = begin(name, **properties)
    assert isinstance(await run.create(), Ready)
    return run


CREATES: list[tuple[str, Entity, dict[str, Any], dict[str, Any]]] = [
    (
        "Net",
        NETWORK,
        {"qos_policy": "q", "value_specs": {"router:external": True}},
        {
            "name": "stack-it-token",
            "admin_state_up": True,
            "shared": False,
            "qos_policy_id": "q",
            "router:external": True,
        },
    ),
    (
        "Subnet",
        SUBNET,
        {
            "network": "net",
            "cidr": "10.0.0.0/24",
            "gateway_ip": "",
            "allocation_pools": [{"start": "10.0.0.2", "end": "10.0.0.9"}],
        },
        {
            "name": "stack-it-token",
            "network_id": "net",
            "cidr": "10.0.0.0/24",
            "gateway_ip": None,
            "ip_version": 4,
            "dns_nameservers": [],
            "enable_dhcp": True,
            "allocation_pools": [{"start": "10.0.0.2", "end": "10.0.0.9"}],
        },
    ),
    (
        "Port",
        PORT,
        {"network": "net", "name": "p", "fixed_ips": [{"subnet": "s", "ip_address": "10.0.0.3"}]},
        {
            "name": "p",
            "network_id": "net",
            "admin_state_up": True,
            "binding:vnic_type": "normal",
            "fixed_ips": [{"subnet_id": "s", "ip_address": "10.0.0.3"}],
        },
    ),
    (
        "Router",
        ROUTER,
        {
            "external_gateway_info": {
                "network": "ext",
                "external_fixed_ips": [{"subnet": "s"}],
            }
        },
        {
            "name": "stack-it-token",
            "admin_state_up": True,
            "external_gateway_info": {
                "network_id": "ext",
                "external_fixed_ips": [{"subnet_id": "s"}],
            },
        },
    ),
    (
        "SecurityGroup",
        SECURITY_GROUP,
        {"description": "d"},
        {"name": "stack-it-token", "description": "d"},
    ),
    (
        "SecurityGroupRule",
        SECURITY_GROUP_RULE,
        {"security_group": "g", "port_range_min": 22, "port_range_max": 22},
        {
            "security_group_id": "g",
            "direction": "ingress",
            "ethertype": "IPv4",
            "protocol": "tcp",
            "port_range_min": 22,
            "port_range_max": 22,
        },
    ),
    (
        "FloatingIP",
        FLOATING_IP,
        {"floating_network": "ext", "floating_subnet": "s", "port_id": "p"},
        {
            "description": "stack-it-token",
            "floating_network_id": "ext",
            "subnet_id": "s",
            "port_id": "p",
        },
    ),
]
IDS = [each[0] for each in CREATES]


@pytest.mark.parametrize(("name", "entity", "properties", "body"), CREATES, ids=IDS)
async def test_create_sends_the_names_of_the_api(
    name: str, entity: Entity, properties: dict[str, Any], body: dict[str, Any]
) -> None:
    run = await created(name, **properties)
    (call,) = run.cloud.made()
    assert (call.what, call.body) == (entity.key, body)


@pytest.mark.parametrize(("name", "entity", "properties", "body"), CREATES, ids=IDS)
async def test_a_crash_after_the_create_finds_the_same_object(
    name: str, entity: Entity, properties: dict[str, Any], body: dict[str, Any]
) -> None:
    run = begin(name, **properties)
    assert list(await run.type.find(run.ctx)) == []
    await run.create()
    found = await run.type.find(run.crash().ctx)
    assert [each.physical_id for each in found] == [run.ctx.physical_id]
    assert found[0].created_at == run.cloud.time


@pytest.mark.parametrize(("name", "entity", "properties", "body"), CREATES, ids=IDS)
async def test_delete_removes_the_object(
    name: str, entity: Entity, properties: dict[str, Any], body: dict[str, Any]
) -> None:
    run = await created(name, **properties)
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.objects(entity) == {}
    run.ctx.physical_id = ""
    assert isinstance(await run.type.delete(run.ctx), Ready)


@pytest.mark.parametrize(
    ("status", "expected"),
    [("ACTIVE", Ready), ("DOWN", Ready), ("BUILD", Pending), ("ERROR", Failed)],
)
def test_judge(status: str, expected: type) -> None:
    assert isinstance(neutron("Port").judge({"status": status}), expected)


async def test_delete_waits_for_what_still_uses_the_object_but_not_for_ever() -> None:
    run = await created("Net")
    run.cloud.fail("delete", "network", Conflict("in use"), Conflict("in use"))
    assert isinstance(await run.delete(), Ready)
    assert len(run.cloud.made("delete")) == 3
    run = await created("Net")
    run.cloud.fail("delete", "network", *[Conflict("in use")] * 40)
    with pytest.raises(Conflict):
        await run.delete()


async def test_tags_are_set_and_taken_away() -> None:
    run = await created("Net", tags=["a"])
    path = f"PUT /networks/{run.ctx.physical_id}/tags"
    run.cloud.put(NETWORK, run.ctx.physical_id, tags=["a"])
    await run.update({"tags": ["b"]})
    run.cloud.put(NETWORK, run.ctx.physical_id, tags=["b"])
    await run.update({})
    assert [c.body for c in run.cloud.made("call", path)] == [
        {"tags": ["a"]},
        {"tags": ["b"]},
        {"tags": []},
    ]


async def test_update_sends_what_changed_under_the_names_of_the_api() -> None:
    run = await created("Net", name="a", qos_policy="q1")
    run.cloud.calls.clear()
    assert isinstance(await run.update({"qos_policy": "q2"}), Ready)
    (call,) = run.cloud.made()
    assert call.body == {"name": "stack-it-token", "qos_policy_id": "q2"}


async def test_nobody_looks_for_what_its_delete_call_has_removed() -> None:
    run = await created("Port", network="n")
    run.cloud.calls.clear()
    assert isinstance(await run.delete(), Ready)
    assert [each.verb for each in run.cloud.calls] == ["delete"]


async def test_agents_host_and_let_go() -> None:
    run = await created("Net", dhcp_agent_ids=["a1"])
    run.cloud.calls.clear()
    run.cloud.fail("call", "POST /agents/a2/dhcp-networks", Exists("hosted"))
    assert isinstance(await run.update({"dhcp_agent_ids": ["a2"]}), Ready)
    assert [c.what for c in run.cloud.made()] == [
        f"DELETE /agents/a1/dhcp-networks/{run.ctx.physical_id}",
        "POST /agents/a2/dhcp-networks",
    ]
    router = await created("Router", l3_agent_id="a1")
    assert [c.what for c in router.cloud.made("call")] == ["POST /agents/a1/l3-routers"]


async def test_segments_of_a_network() -> None:
    run = await created("Net")
    run.cloud.put(SEGMENT, "s1", network_id=run.ctx.physical_id)
    assert [s["id"] for s in await run.attribute("segments")] == ["s1"]


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ({"network": "n"}, "cidr"),
        ({"cidr": "10.0.0.0/8", "prefixlen": 24}, "prefixlen"),
        ({"cidr": "10.0.0.0/8", "ipv6_ra_mode": "slaac", "ip_version": 4}, "ip_version"),
    ],
)
def test_subnet_rules(properties: dict[str, Any], path: str) -> None:
    assert [where for where, _ in neutron("Subnet").validate(properties)] == [path]


async def test_subnet_lists_are_emptied_not_nulled() -> None:
    routes = [{"destination": "10.1.0.0/16", "nexthop": "10.0.0.1"}]
    run = await created("Subnet", network="n", cidr="10.0.0.0/24", host_routes=routes)
    await run.update({"network": "n", "cidr": "10.0.0.0/24"})
    assert run.cloud.made("update")[0].body == {"host_routes": []}


# -- ports ---------------------------------------------------------------------------


async def test_a_port_can_do_without_addresses() -> None:
    run = await created("Port", network="n", no_fixed_ips=True)
    assert run.cloud.made()[0].body["fixed_ips"] == []


async def test_a_port_keeps_the_addresses_that_are_no_longer_asked_for() -> None:
    run = await created("Port", network="n", fixed_ips=[{"ip_address": "10.0.0.3"}])
    nothing: list[dict[str, Any]] = [{}, {"fixed_ips": []}, {"fixed_ips": None}]
    for without in nothing:
        run.cloud.calls.clear()
        assert isinstance(await run.update({"network": "n", **without}), Ready)
        assert run.cloud.made() == []


async def test_a_replaced_port_gives_up_its_address_and_takes_it_back() -> None:
    run = await created("Port", network="n", fixed_ips=[{"ip_address": "10.0.0.3"}])
    port = run.cloud.objects(PORT)[run.ctx.physical_id]
    await run.type.make_way(run.ctx)
    assert port["fixed_ips"] == []
    await run.type.take_back(run.ctx)
    assert port["fixed_ips"] == [{"ip_address": "10.0.0.3"}]
    free = await created("Port", network="n")
    await free.type.make_way(free.ctx)
    await free.type.take_back(free.ctx)
    assert free.cloud.made("update") == []


def test_the_old_replacement_policy_replaces() -> None:
    port = neutron("Port")
    old = properties_of(port, {"network": "n"})
    always = {"network": "n", "replacement_policy": "REPLACE_ALWAYS"}
    run = ResourceRun.begin(port, always, recorded=old)
    assert port.replaces(run.changes(), old, run.ctx.props)
    assert not port.replaces(run.changes(), old, old)


async def test_port_attributes_that_need_calls() -> None:
    run = await created("Port", network="n", fixed_ips=[{"subnet": "s"}, {"subnet": "s"}])
    run.cloud.put(SUBNET, "s", cidr="10.0.0.0/24")
    run.cloud.put(NETWORK, "n", name="net")
    assert [s["cidr"] for s in await run.attribute("subnets")] == ["10.0.0.0/24"]
    network: Any = await run.attribute("network")
    assert network["name"] == "net"


# -- routers ---------------------------------------------------------------------------


async def test_a_router_can_lose_its_way_out() -> None:
    run = await created("Router", external_gateway_info={"network": "ext"})
    assert isinstance(await run.update({}), Ready)
    assert run.cloud.made("update")[0].body == {"external_gateway_info": {}}


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ({"l3_agent_id": "a", "l3_agent_ids": ["b"]}, "l3_agent_id"),
        ({"ha": True, "distributed": True}, "distributed"),
    ],
)
def test_router_rules(properties: dict[str, Any], path: str) -> None:
    assert [where for where, _ in neutron("Router").validate(properties)] == [path]


def interface(**what: str) -> ResourceRun:
    return begin("RouterInterface", router="r", **what)


@pytest.mark.parametrize("what", [{"subnet": "s"}, {"port": "p"}])
async def test_router_interface_through_its_life(what: dict[str, str]) -> None:
    run = interface(**what)
    (name, value), *_ = what.items()
    assert await run.type.find(run.ctx) == ()
    run.world = lambda: run.cloud.put(PORT, "p", device_id="r", fixed_ips=[{"subnet_id": "s"}])
    assert isinstance(await run.create(), Ready)
    assert run.ctx.physical_id == f"r:{name}_id={value}"
    (add,) = run.cloud.made("call")
    assert (add.what, add.body) == ("PUT /routers/r/add_router_interface", {f"{name}_id": value})
    (found,) = await run.type.find(run.crash().ctx)
    assert found.physical_id == run.ctx.physical_id
    run.world = lambda: run.cloud.remove(PORT, "p")
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.made("call")[-1].what == "PUT /routers/r/remove_router_interface"


async def test_a_router_interface_that_is_gone_is_deleted() -> None:
    run = interface(subnet="s")
    run.ctx.physical_id = "r:subnet_id=s"
    run.cloud.fail("call", "PUT /routers/r/remove_router_interface", Gone("no"))
    assert isinstance(await run.delete(), Ready)


@pytest.mark.parametrize(
    ("properties", "path"), [({}, "subnet"), ({"subnet": "s", "port": "p"}, "port")]
)
def test_router_interface_rules(properties: dict[str, Any], path: str) -> None:
    assert [where for where, _ in neutron("RouterInterface").validate(properties)] == [path]


# -- security groups -------------------------------------------------------------------


def ssh(**more: Any) -> dict[str, Any]:
    return {"protocol": "tcp", "port_range_min": 22, "port_range_max": 22, **more}


async def test_a_group_gets_the_rules_that_it_lacks_and_loses_the_others() -> None:
    run = begin(
        "SecurityGroup",
        rules=[ssh(remote_mode="remote_group_id"), ssh(direction="egress")],
    )
    default: dict[str, Any] = {
        "id": "d",
        "direction": "egress",
        "ethertype": "IPv4",
        "protocol": None,
    }
    run.cloud.put(SECURITY_GROUP_RULE, "d", **default)
    run.world = lambda: [
        each.setdefault("security_group_rules", [default])
        for each in run.cloud.objects(SECURITY_GROUP).values()
    ]
    assert isinstance(await run.create(), Ready)
    group = run.ctx.physical_id
    common = {"security_group_id": group, "ethertype": "IPv4", **ssh()}
    assert [c.physical_id for c in run.cloud.made("delete")] == ["d"]
    assert [c.body for c in run.cloud.made("create", "security_group_rule")] == [
        {**common, "direction": "ingress", "remote_group_id": group},
        {**common, "direction": "egress"},
    ]


async def test_a_group_without_rules_of_its_own_for_leaving_lets_everything_out() -> None:
    run = await created("SecurityGroup")
    assert run.cloud.made("create", "security_group_rule") == []
    assert isinstance(await run.update({"rules": [ssh()], "description": None}), Ready)
    ways = [c.body["direction"] for c in run.cloud.made("create", "security_group_rule")]
    assert sorted(ways) == ["egress", "egress", "ingress"]


async def test_a_rule_that_is_there_is_left_alone() -> None:
    run = begin("SecurityGroup", rules=[ssh()])
    there = {"id": "r", "direction": "ingress", "ethertype": "IPv4", **ssh()}
    run.world = lambda: [
        each.setdefault("security_group_rules", [there])
        for each in run.cloud.objects(SECURITY_GROUP).values()
    ]
    assert isinstance(await run.create(), Ready)
    made = run.cloud.made("create", "security_group_rule")
    assert [c.body["direction"] for c in made] == ["egress", "egress"]
    assert run.cloud.made("delete") == []


async def test_a_rule_that_is_there_in_other_words_is_fine() -> None:
    run = begin("SecurityGroup", rules=[ssh()])
    run.cloud.fail("create", "security_group_rule", Exists("exists"))
    assert isinstance(await run.create(), Ready)


async def test_a_group_without_a_description_has_an_empty_one() -> None:
    run = await created("SecurityGroup", description="d")
    await run.update({})
    assert run.cloud.made("update")[0].body == {"description": ""}


def test_protocols_may_be_numbers() -> None:
    rule = properties_of(neutron("SecurityGroupRule"), {"security_group": "g", "protocol": 6})
    assert rule.given()["protocol"] == "6"
    with pytest.raises(ValueError, match="not an allowed value"):
        properties_of(neutron("SecurityGroupRule"), {"security_group": "g", "protocol": "x"})


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ({"remote_group": "g", "remote_ip_prefix": "10.0.0.0/8"}, "remote_ip_prefix"),
        ({"port_range_min": 5, "port_range_max": 4}, "port_range_max"),
    ],
)
def test_security_group_rule_rules(properties: dict[str, Any], path: str) -> None:
    assert [where for where, _ in neutron("SecurityGroupRule").validate(properties)] == [path]


# -- floating IPs ------------------------------------------------------------------------


async def test_a_floating_ip_is_led_elsewhere_and_nowhere() -> None:
    run = await created(
        "FloatingIP", floating_network="e", port_id="p", fixed_ip_address="10.0.0.3"
    )
    await run.update({"floating_network": "e", "port_id": "p2"})
    await run.update({"floating_network": "e"})
    assert [c.body for c in run.cloud.made("update")] == [{"port_id": "p2"}, {"port_id": None}]


async def test_association_through_its_life() -> None:
    run = begin("FloatingIPAssociation", floatingip_id="f1", port_id="p1")
    run.cloud.put(FLOATING_IP, "f1", port_id=None)
    run.cloud.put(FLOATING_IP, "f2", port_id=None)
    assert await run.type.find(run.ctx) == ()
    assert isinstance(await run.create(), Ready)
    (found,) = await run.type.find(run.crash().ctx)
    assert (found.physical_id, found.exclusive) == ("f1", False)
    assert isinstance(await run.update({"floatingip_id": "f2", "port_id": "p2"}), Ready)
    ips = run.cloud.objects(FLOATING_IP)
    assert (ips["f1"]["port_id"], ips["f2"]["port_id"]) == (None, "p2")
    assert run.ctx.physical_id == "f2"
    assert isinstance(await run.delete(), Ready)
    assert ips["f2"]["port_id"] is None


async def test_an_association_leaves_alone_what_leads_elsewhere_by_now() -> None:
    run = begin("FloatingIPAssociation", floatingip_id="f", port_id="p1")
    run.cloud.put(FLOATING_IP, "f", port_id=None)
    await run.create()
    run.cloud.put(FLOATING_IP, "f", port_id="other")
    await run.delete()
    assert run.cloud.objects(FLOATING_IP)["f"]["port_id"] == "other"
    run.cloud.remove(FLOATING_IP, "f")
    assert isinstance(await run.delete(), Ready)
    assert await run.type.find(run.ctx) == ()


# -- order -----------------------------------------------------------------------------

TEMPLATE = [
    Sibling("subnet", "OS::Neutron::Subnet", {"network": Unknown("net")}),
    Sibling("away", "OS::Neutron::Subnet", {"network": Unknown("other")}),
    Sibling("router", "OS::Neutron::Router", {"external_gateway_info": {"network": "ext"}}),
    Sibling("way", "OS::Neutron::RouterInterface", {"subnet": Unknown("subnet")}),
    Sibling(
        "port",
        "OS::Neutron::Port",
        {"network": Unknown("net"), "fixed_ips": [{"subnet": Unknown("subnet")}]},
    ),
    Sibling("plain", "OS::Neutron::Port", {"network": Unknown("net")}),
    Sibling("outer", "OS::Neutron::Port", {"network": "elsewhere"}),
]


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("Port", {"network": Unknown("net")}, ["subnet"]),
        ("Port", {"network": "elsewhere"}, []),
        ("Router", {"external_gateway_info": {"network": Unknown("net")}}, ["subnet"]),
        ("Router", {}, []),
        ("FloatingIP", {"floating_network": "ext"}, ["router"]),
        ("FloatingIP", {"floating_network": "x", "port_id": Unknown("port")}, ["way"]),
        ("FloatingIPAssociation", {"port_id": Unknown("port")}, ["way"]),
        ("FloatingIPAssociation", {"port_id": Unknown("plain")}, ["way"]),
        ("FloatingIPAssociation", {"port_id": Unknown("outer")}, []),
        ("FloatingIPAssociation", {"port_id": "given"}, []),
    ],
)
def test_what_must_come_first_though_nothing_says_so(
    kind: str, properties: dict[str, Any], expected: list[str]
) -> None:
    own = Sibling("own", f"OS::Neutron::{kind}", properties)
    assert list(neutron(kind).implicit_dependencies(own, TEMPLATE)) == expected


VPC = [
    Sibling("subnet", "AWS::EC2::Subnet", {"VpcId": Unknown("vpc")}),
    Sibling("moved", "AWS::EC2::SubnetRouteTableAssociation", {"SubnetId": Unknown("subnet")}),
    Sibling("way", "AWS::EC2::VPCGatewayAttachment", {"VpcId": Unknown("vpc")}),
    Sibling("card", "AWS::EC2::NetworkInterface", {"SubnetId": Unknown("subnet")}),
    Sibling("host", "AWS::EC2::Instance", {"SubnetId": Unknown("subnet")}),
    Sibling("bare", "AWS::EC2::Instance", {}),
]


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("EIP", {"InstanceId": Unknown("host")}, ["moved", "way"]),
        ("EIP", {"InstanceId": Unknown("bare")}, []),
        ("EIP", {}, []),
        ("EIPAssociation", {"NetworkInterfaceId": Unknown("card")}, ["moved", "way"]),
        ("EIPAssociation", {"InstanceId": Unknown("host")}, ["moved", "way"]),
        ("EIPAssociation", {"InstanceId": "given"}, []),
    ],
)
def test_an_address_leads_in_once_the_subnet_has_its_way_out(
    kind: str, properties: dict[str, Any], expected: list[str]
) -> None:
    name = f"AWS::EC2::{kind}"
    own = Sibling("own", name, properties)
    assert list(TYPES[name].implicit_dependencies(own, VPC)) == expected


# -- what is not given any more is as if it never had been ---------------------------------


def default_security(run: ResourceRun, *, secured: bool = True) -> None:
    run.cloud.put(NETWORK, "n", port_security_enabled=secured)
    run.cloud.put(SECURITY_GROUP, "default-id", name="default", project_id="project-id")
    run.cloud.put(SECURITY_GROUP, "other-id", name="default", project_id="another")


@pytest.mark.parametrize(
    ("given", "secured", "body"),
    [
        ({"security_groups": ["g"]}, True, {"security_groups": ["default-id"]}),
        ({"security_groups": ["g"]}, False, {"security_groups": []}),
        (
            {"port_security_enabled": False},
            True,
            {"port_security_enabled": True, "security_groups": ["default-id"]},
        ),
        ({"qos_policy": "q"}, True, {"qos_policy_id": None}),
        ({"allowed_address_pairs": [{"ip_address": "10.0.0.8"}]}, True,
         {"allowed_address_pairs": []}),
        ({"dns_name": "d"}, True, {"dns_name": ""}),
        ({"device_id": "d"}, True, {"device_id": ""}),
        ({"name": "d"}, True, {"name": "stack-it-token"}),
        ({"propagate_uplink_status": False}, True, {"propagate_uplink_status": True}),
    ],
)  # fmt: skip
async def test_a_port_goes_back_to_what_it_would_have_got(
    given: dict[str, Any], secured: bool, body: dict[str, Any] | None
) -> None:
    run = await created("Port", network="n", **given)
    default_security(run, secured=secured)
    run.cloud.calls.clear()
    assert isinstance(await run.update({"network": "n"}), Ready)
    assert [each.body for each in run.cloud.made()] == ([body] if body else [])


async def test_a_port_without_security_leaves_its_groups() -> None:
    run = await created("Port", network="n")
    default_security(run)
    run.cloud.calls.clear()
    for secured, groups in ((False, []), (True, ["default-id"])):
        await run.update({"network": "n", "port_security_enabled": secured})
        body = {"port_security_enabled": secured, "security_groups": groups}
        assert run.cloud.made("update")[-1].body == body


async def test_a_port_that_may_have_addresses_again_gets_one_of_each_kind() -> None:
    run = await created("Port", network="n", no_fixed_ips=True)
    for name, version in (("a", 4), ("b", 4), ("c", 6)):
        run.cloud.put(SUBNET, name, network_id="n", ip_version=version)
    await run.update({"network": "n"})
    wanted = [{"subnet_id": "a"}, {"subnet_id": "c"}]
    assert run.cloud.made("update")[-1].body["fixed_ips"] == wanted
    await run.update({"network": "n", "no_fixed_ips": True})
    assert run.cloud.made("update")[-1].body["fixed_ips"] == []
    await run.update({"network": "n", "fixed_ips": [{"ip_address": "10.0.0.3"}]})
    assert run.cloud.made("update")[-1].body["fixed_ips"] == [{"ip_address": "10.0.0.3"}]


async def test_an_empty_list_of_addresses_is_no_wish() -> None:
    run = await created("Port", network="n", fixed_ips=[])
    assert "fixed_ips" not in run.cloud.made("create")[0].body


@pytest.mark.parametrize(
    ("cidr", "given", "body"),
    [
        (
            "10.0.0.0/24",
            {"allocation_pools": [{"start": "10.0.0.8", "end": "10.0.0.9"}]},
            {
                "gateway_ip": "10.0.0.1",
                "allocation_pools": [{"start": "10.0.0.2", "end": "10.0.0.254"}],
            },
        ),
        (
            "10.0.0.0/24",
            {"gateway_ip": ""},
            {
                "gateway_ip": "10.0.0.1",
                "allocation_pools": [{"start": "10.0.0.2", "end": "10.0.0.254"}],
            },
        ),
        (
            "fd00::/64",
            {"gateway_ip": "fd00::9", "ip_version": 6},
            {
                "gateway_ip": "fd00::1",
                "allocation_pools": [{"start": "fd00::2", "end": "fd00::ffff:ffff:ffff:ffff"}],
            },
        ),
        ("10.0.0.0/24", {"host_routes": [{"destination": "10.1.0.0/16", "nexthop": "10.0.0.2"}]},
         {"host_routes": []}),
        ("10.0.0.0/24", {"dns_nameservers": ["10.0.0.3"]}, {"dns_nameservers": []}),
        ("10.0.0.0/24", {"enable_dhcp": False}, {"enable_dhcp": True}),
    ],
)  # fmt: skip
async def test_a_subnet_goes_back_to_what_it_would_have_got(
    cidr: str, given: dict[str, Any], body: dict[str, Any]
) -> None:
    fixed = {"network": "n", "cidr": cidr, "ip_version": given.pop("ip_version", 4)}
    run = await created("Subnet", **fixed, **given)
    run.cloud.calls.clear()
    assert isinstance(await run.update(fixed), Ready)
    assert [each.body for each in run.cloud.made()] == [body]


async def test_a_subnet_without_pools_keeps_to_the_gateway_that_it_is_given() -> None:
    fixed = {"network": "n", "cidr": "10.0.0.0/29", "gateway_ip": "10.0.0.3"}
    run = await created(
        "Subnet", **fixed, allocation_pools=[{"start": "10.0.0.5", "end": "10.0.0.6"}]
    )
    await run.update(fixed)
    assert run.cloud.made("update")[0].body == {
        "allocation_pools": [
            {"start": "10.0.0.1", "end": "10.0.0.2"},
            {"start": "10.0.0.4", "end": "10.0.0.6"},
        ]
    }
    await run.update({**fixed, "gateway_ip": ""})
    assert run.cloud.made("update")[1].body["gateway_ip"] is None


@pytest.mark.parametrize(
    ("cidr", "gateway", "ranges"),
    [
        ("10.0.0.0/30", "10.0.0.1", [("10.0.0.2", "10.0.0.2")]),
        ("10.0.0.0/31", "", [("10.0.0.0", "10.0.0.1")]),
        ("10.0.0.7/32", "10.0.0.9", [("10.0.0.7", "10.0.0.7")]),
        ("10.0.0.0/29", "10.0.0.6", [("10.0.0.1", "10.0.0.5")]),
        ("fd00::/127", "", [("fd00::", "fd00::1")]),
    ],
)
def test_addresses_of_a_subnet(cidr: str, gateway: str, ranges: list[tuple[str, str]]) -> None:
    found = [(each["start"], each["end"]) for each in all_addresses(cidr, but=gateway)]
    assert found == ranges
    assert first_address("10.0.0.7/32") == "10.0.0.7"


@pytest.mark.parametrize(
    ("name", "given", "body"),
    [
        ("Net", {"port_security_enabled": False}, {"port_security_enabled": True}),
        ("Net", {"dns_domain": "a.b."}, {"dns_domain": ""}),
        ("SecurityGroup", {"stateful": False}, {"stateful": True}),
        ("SecurityGroup", {"description": "d"}, {"description": ""}),
        ("Router", {"admin_state_up": False}, {"admin_state_up": True}),
    ],
)
async def test_what_is_not_given_any_more_is_at_its_default(
    name: str, given: dict[str, Any], body: dict[str, Any]
) -> None:
    run = await created(name, **given)
    run.cloud.calls.clear()
    await run.update({})
    assert [each.body for each in run.cloud.made()] == [body]
