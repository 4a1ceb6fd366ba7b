"""OS::Nova::KeyPair, ServerGroup and Flavor: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.compute import AGGREGATE, FLAVOR, KEY_PAIR, QUOTA_SET, SERVER_GROUP
from isotherm.resources.compute.key_generation import generate_ssh

pytestmark = pytest.mark.slow


async def test_key_pair(account: Account, name: str) -> None:
    def template(public_key: str) -> Document:
        key = resource("OS::Nova::KeyPair", name=name, public_key=public_key)
        outputs = {each: attr("key", each) for each in ("public_key", "private_key")}
        return document({"key": key}, reference=ref("key"), **outputs)

    async def public_key() -> Any:
        return (await cloud.show(KEY_PAIR, name))["public_key"]

    stacks, cloud = account.stacks, account.cloud
    one, two = (generate_ssh()[1] for _ in range(2))
    stack = await stacks.create(name, template(one))
    assert await public_key() == one
    assert stack.outputs == {"reference": name, "public_key": one, "private_key": ""}
    assert stack.ids["key"] == name
    # The successor has the same name, which the old pair must give up first.
    await stacks.update(stack, template(two))
    assert await public_key() == two
    assert stack.outputs["public_key"] == two
    await stacks.delete(stack)
    assert await account.gone(KEY_PAIR, name)


async def test_key_pair_that_keeps_its_private_key(account: Account, name: str) -> None:
    key = resource("OS::Nova::KeyPair", name=name, save_private_key=True)
    outputs = {each: attr("key", each) for each in ("public_key", "private_key")}
    stack = await account.stacks.create(name, document({"key": key}, **outputs))
    load_pem_private_key(stack.outputs["private_key"].encode(), None)
    # Who writes the output asks for the key; who looks at the resource does not.
    told = await account.stacks.told(stack, "key")
    assert told["name"]
    assert "private_key" not in told
    shown = await account.cloud.show(KEY_PAIR, name)
    assert stack.outputs["public_key"] == shown["public_key"]
    await account.stacks.delete(stack)
    assert await account.gone(KEY_PAIR, name)


async def test_server_group(account: Account, name: str) -> None:
    def template(policy: str, **properties: Any) -> Document:
        group = resource("OS::Nova::ServerGroup", policies=[policy], **properties)
        return document({"group": group}, policy=attr("group", "show", "policy"))

    stacks, cloud = account.stacks, account.cloud
    limited = template("anti-affinity", name=name, rules={"max_server_per_host": 2})
    stack = await stacks.create(name, limited)
    physical_id = stack.ids["group"]
    group = await cloud.show(SERVER_GROUP, physical_id)
    assert (group["name"], group["policy"]) == (name, "anti-affinity")
    assert group["rules"] == {"max_server_per_host": 2}
    assert stack.outputs["policy"] == "anti-affinity"
    await stacks.update(stack, template("soft-affinity"))
    successor = stack.ids["group"]
    assert successor != physical_id
    assert await account.gone(SERVER_GROUP, physical_id)
    group = await cloud.show(SERVER_GROUP, successor)
    assert group["policy"] == "soft-affinity"
    assert group["name"].startswith(f"{name}-group-")
    await stacks.delete(stack)
    assert await account.gone(SERVER_GROUP, successor)


async def test_flavor(admin: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        flavor = resource("OS::Nova::Flavor", **{"vcpus": 1, "ram": 64, **properties})
        return document(
            {"flavor": flavor},
            is_public=attr("flavor", "is_public"),
            extra_specs=attr("flavor", "extra_specs"),
        )

    async def extra_specs() -> Any:
        path = f"/flavors/{stack.ids['flavor']}/os-extra_specs"
        return (await cloud.call("compute", "GET", path))["extra_specs"]

    async def tenants() -> list[str]:
        path = f"/flavors/{stack.ids['flavor']}/os-flavor-access"
        found = (await cloud.call("compute", "GET", path))["flavor_access"]
        return [each["tenant_id"] for each in found]

    stacks, cloud = admin.stacks, admin.cloud
    given = {"name": name, "disk": 2, "ephemeral": 1, "swap": 8, "is_public": False}
    specs = {"hw:cpu_policy": "shared", "owner:colour": "blue"}
    project = admin.project_id
    stack = await stacks.create(name, template(**given, extra_specs=specs, tenants=[project]))
    physical_id = stack.ids["flavor"]
    flavor = await cloud.show(FLAVOR, physical_id)
    sizes = {each: flavor[each] for each in ("name", "ram", "vcpus", "disk", "swap")}
    assert sizes == {"name": name, "ram": 64, "vcpus": 1, "disk": 2, "swap": 8}
    assert flavor["OS-FLV-EXT-DATA:ephemeral"] == 1
    assert await extra_specs() == specs
    assert await tenants() == [project]
    assert stack.outputs == {"is_public": False, "extra_specs": specs}
    await stacks.update(stack, template(**given, extra_specs={"owner:colour": "red"}))
    assert stack.ids["flavor"] == physical_id
    assert await extra_specs() == {"owner:colour": "red"}
    assert stack.outputs["extra_specs"] == {"owner:colour": "red"}
    assert await tenants() == []
    await stacks.update(stack, template(**{**given, "ram": 128}))
    successor = stack.ids["flavor"]
    assert successor != physical_id
    assert await admin.gone(FLAVOR, physical_id)
    assert (await cloud.show(FLAVOR, successor))["ram"] == 128
    await stacks.delete(stack)
    assert await admin.gone(FLAVOR, successor)


async def test_quota_of_servers(admin: Account, name: str) -> None:
    def template(**limits: int) -> Document:
        given: dict[str, Any] = {"project": ref("project"), **limits}
        quota = resource("OS::Nova::Quota", **given)
        return document({"project": resource("OS::Keystone::Project"), "quota": quota})

    async def limits(*names: str) -> list[int]:
        shown = await cloud.show(QUOTA_SET, stack.ids["project"])
        return [shown[each] for each in names]

    stacks, cloud = admin.stacks, admin.cloud
    usual = await cloud.show(QUOTA_SET, admin.project_id)
    stack = await stacks.create(name, template(cores=3, instances=-1, fixed_ips=4))
    assert await limits("cores", "instances", "fixed_ips") == [3, -1, 4]
    await stacks.update(stack, template(cores=4, ram=512))
    assert await limits("cores", "ram", "instances") == [4, 512, usual["instances"]]
    await stacks.delete(stack)


async def test_host_aggregate(admin: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        aggregate = resource("OS::Nova::HostAggregate", **properties)
        return document({"aggregate": aggregate}, hosts=attr("aggregate", "show", "hosts"))

    stacks, cloud = admin.stacks, admin.cloud
    (host, *_) = [
        each["host"]
        for each in (await cloud.call("compute", "GET", "/os-services"))["services"]
        if each["binary"] == "nova-compute"
    ]
    given: Any = {"name": name, "hosts": [host], "metadata": {"ssd": "true"}}
    stack = await stacks.create(name, template(**given))
    physical_id = stack.ids["aggregate"]
    shown = await cloud.show(AGGREGATE, physical_id)
    assert (shown["name"], shown["availability_zone"], shown["hosts"]) == (name, None, [host])
    assert shown["metadata"] == {"ssd": "true"}
    assert stack.outputs["hosts"] == [host]
    changed: Any = {"availability_zone": f"{name}-zone", "metadata": {"gpu": "true"}}
    await stacks.update(stack, template(name=f"{name}-2", **changed))
    assert stack.ids["aggregate"] == physical_id
    shown = await cloud.show(AGGREGATE, physical_id)
    assert (shown["name"], shown["hosts"]) == (f"{name}-2", [])
    assert shown["metadata"] == {"gpu": "true", "availability_zone": f"{name}-zone"}
    changed["hosts"] = [host]
    await stacks.update(stack, template(name=name, **changed))
    zones = (await cloud.call("compute", "GET", "/os-availability-zone"))["availabilityZoneInfo"]
    assert f"{name}-zone" in {each["zoneName"] for each in zones}
    await stacks.delete(stack)
    assert await admin.gone(AGGREGATE, physical_id)
