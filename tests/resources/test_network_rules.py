"""OS::Neutron::*: wrong combinations of properties, and what a trunk or a pool needs care for."""

from typing import Any

import pytest

from isotherm.core.errors import Refused
from isotherm.kit import AnyType, Pending, Ready, load_registry
from isotherm.kit.services.network import SUBNET_POOL, TRUNK
from isotherm.testing.resource_run import ResourceRun

TYPES = load_registry()


MODES = ("ipv6_ra_mode", "ipv6_address_mode")
UNLIKE = {MODES[0]: "slaac", MODES[1]: "dhcpv6-stateful"}


def neutron(name: str) -> AnyType:
    return TYPES[f"OS::Neutron::{name}"]


@pytest.mark.parametrize(
    ("name", "given", "wrong"),
    [
        ("SubnetPool", {"min_prefixlen": 8, "default_prefixlen": 24, "max_prefixlen": 28}, []),
        ("SubnetPool", {"min_prefixlen": 28, "max_prefixlen": 24}, ["max_prefixlen"]),
        ("SubnetPool", {"min_prefixlen": 20, "default_prefixlen": 19}, ["default_prefixlen"]),
        ("SubnetPool", {"max_prefixlen": 20, "default_prefixlen": 21}, ["max_prefixlen"]),
        ("RBACPolicy", {"object_type": "network", "action": "access_as_external"}, []),
        ("RBACPolicy", {"object_type": "subnetpool", "action": "access_as_external"}, ["action"]),
        ("ProviderNet", {"network_type": "vlan", "segmentation_id": "7"}, []),
        ("ProviderNet", {"network_type": "flat", "segmentation_id": "7"}, ["segmentation_id"]),
        ("Segment", {"network_type": "vlan", "physical_network": "p", "segmentation_id": 7}, []),
        ("Segment", {"network_type": "vlan"}, ["physical_network"]),
        ("Segment", {"network_type": "gre", "physical_network": "p"}, ["physical_network"]),
        ("Segment", {"network_type": "local", "segmentation_id": 7}, ["segmentation_id"]),
        ("Quota", {"project": "p"}, ["project"]),
        ("Subnet", {"cidr": "c", "gateway_ip": "10.0.0.1"}, []),
        ("Subnet", {"cidr": "c", "gateway_ip": "~"}, []),
        ("Subnet", {"cidr": "c", "gateway_ip": "gateway"}, ["gateway_ip"]),
        ("Subnet", {"cidr": "c", "ip_version": 6, **dict.fromkeys(MODES, "slaac")}, []),
        ("Subnet", {"cidr": "c", "ip_version": 6, **UNLIKE}, [MODES[1]]),
        ("Router", {"distributed": True, "l3_agent_ids": ["a"]}, ["distributed"]),
        ("Router", {"distributed": True, "l3_agent_id": "a"}, ["distributed"]),
        ("Port", {"no_fixed_ips": True, "fixed_ips": []}, []),
        ("Port", {"no_fixed_ips": True, "fixed_ips": [{"subnet": "s"}]}, ["no_fixed_ips"]),
        ("SecurityGroup", {"name": "default"}, ["name"]),
        ("RouterGateway", {"router_id": "r", "network_id": "n"}, []),
        ("RouterGateway", {"router_id": "r"}, ["network"]),
    ],
)
def test_what_does_not_go_together_is_told(
    name: str, given: dict[str, Any], wrong: list[str]
) -> None:
    assert [where for where, _ in neutron(name).validate(given)] == wrong


async def test_a_pool_waits_for_its_subnets_to_go() -> None:
    run = ResourceRun.begin(neutron("SubnetPool"), {"prefixes": ["10.0.0.0/8"]})
    assert isinstance(await run.create(), Ready)
    used = "Unable to delete subnet pool: Subnet pool has existing allocations."
    run.cloud.fail("delete", SUBNET_POOL.key, Refused(used, status=400))
    assert isinstance(await run.type.delete(run.ctx), Pending)
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.objects(SUBNET_POOL) == {}


async def test_a_pool_is_not_deleted_where_that_is_refused_for_good() -> None:
    run = ResourceRun.begin(neutron("SubnetPool"), {"prefixes": ["10.0.0.0/8"]})
    assert isinstance(await run.create(), Ready)
    run.cloud.fail("delete", SUBNET_POOL.key, Refused("policy", status=403))
    with pytest.raises(Refused, match="policy"):
        await run.type.delete(run.ctx)


async def test_a_trunk_that_an_earlier_attempt_left_up_goes_down() -> None:
    """The attempt ended after the ports were changed."""
    carried = [{"port": "p2", "segmentation_type": "vlan", "segmentation_id": 5}]
    run = ResourceRun.begin(neutron("Trunk"), {"port": "p1", "admin_state_up": False})
    run.world = lambda: [
        each.setdefault("status", "ACTIVE") for each in run.cloud.objects(TRUNK).values()
    ]
    assert isinstance(await run.create(), Ready)
    (trunk,) = run.cloud.objects(TRUNK).values()
    trunk["admin_state_up"] = True
    trunk["sub_ports"] = [{"port_id": "p2", "segmentation_type": "vlan", "segmentation_id": 5}]
    wanted = {"port": "p1", "admin_state_up": False, "sub_ports": carried}
    assert isinstance(await run.update(wanted), Ready)
    (trunk,) = run.cloud.objects(TRUNK).values()
    assert trunk["admin_state_up"] is False
