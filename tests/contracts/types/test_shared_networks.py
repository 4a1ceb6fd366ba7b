"""OS::Neutron::ProviderNet, RBACPolicy and Quota: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.network import NETWORK, QUOTA, RBAC_POLICY, SEGMENT

pytestmark = pytest.mark.slow

ONE, TWO = "1" * 32, "2" * 32
"""Projects: nobody looks whether there are any."""


async def test_provider_net(admin: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        given = {"physical_network": "physnet1", **properties}
        net = resource("OS::Neutron::ProviderNet", network_type="vlan", **given)
        return document(
            {"net": net},
            **{each: attr("net", each) for each in ("status", "subnets", "segments", "show")},
        )

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template(name=name, segmentation_id="1210", tags=["a"]))
    physical_id = stack.ids["net"]
    net = await cloud.show(NETWORK, physical_id)
    segments = await cloud.list(SEGMENT, network_id=physical_id)
    told = {"status": net["status"], "subnets": [], "segments": segments, "show": net}
    assert stack.outputs == told
    assert (net["name"], net["shared"], net["tags"]) == (name, True, ["a"])
    carried = {"network_type": "vlan", "physical_network": "physnet1", "segmentation_id": 1210}
    assert {each: net[f"provider:{each}"] for each in carried} == carried
    changed = template(segmentation_id="1210", shared=False, router_external=True)
    await stacks.update(stack, changed)
    net = await cloud.show(NETWORK, physical_id)
    assert stack.ids["net"] == physical_id
    assert (net["shared"], net["router:external"], net["tags"]) == (False, True, [])
    assert net["name"].startswith(f"{name}-net-")
    await stacks.update(stack, template(tenant_id=admin.project_id))
    successor = stack.ids["net"]
    assert await admin.gone(NETWORK, physical_id)
    await stacks.delete(stack)
    assert await admin.gone(NETWORK, successor)


async def test_rbac_policy(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        return document(
            {
                "net": resource("OS::Neutron::Net", name=name),
                "group": resource("OS::Neutron::SecurityGroup"),
                "policy": resource(
                    "OS::Neutron::RBACPolicy",
                    depends_on="net",
                    action="access_as_shared",
                    **properties,
                ),
            },
            show=attr("policy", "show"),
        )

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(
        name, template(object_type="network", object_id=name, target_tenant=ONE)
    )
    physical_id = stack.ids["policy"]
    policy = await cloud.show(RBAC_POLICY, physical_id)
    assert stack.outputs["show"] == policy
    assert (policy["object_id"], policy["target_tenant"]) == (stack.ids["net"], ONE)
    await stacks.update(stack, template(object_type="network", object_id=name, target_tenant=TWO))
    assert stack.ids["policy"] == physical_id
    assert (await cloud.show(RBAC_POLICY, physical_id))["target_tenant"] == TWO
    await stacks.update(
        stack,
        template(object_type="security_group", object_id=ref("group"), target_tenant=TWO),
    )
    successor = stack.ids["policy"]
    assert await account.gone(RBAC_POLICY, physical_id)
    assert (await cloud.show(RBAC_POLICY, successor))["object_id"] == stack.ids["group"]
    await stacks.delete(stack)
    assert await account.gone(RBAC_POLICY, successor)


async def test_quota(admin: Account, name: str) -> None:
    def template(**limits: Any) -> Document:
        quota = resource("OS::Neutron::Quota", project=admin.project_id, **limits)
        return document({"quota": quota}, show=attr("quota", "show"))

    async def limits() -> tuple[Any, ...]:
        quota = await cloud.show(QUOTA, admin.project_id)
        return tuple(quota[each] for each in ("network", "subnetpool", "rbac_policy"))

    stacks, cloud = admin.stacks, admin.cloud
    usual = await limits()
    stack = await stacks.create(name, template(network=71, subnetpool=-1))
    assert await limits() == (71, -1, usual[2])
    assert stack.outputs["show"]["network"] == 71
    await stacks.update(stack, template(network=72, rbac_policy=9))
    assert await limits() == (72, usual[1], 9)
    await stacks.delete(stack)
    assert await limits() == usual
