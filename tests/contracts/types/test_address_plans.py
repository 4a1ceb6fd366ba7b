"""OS::Neutron::AddressScope and SubnetPool: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.network import ADDRESS_SCOPE, SUBNET_POOL

pytestmark = pytest.mark.slow


async def test_address_scope(admin: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        scope = resource("OS::Neutron::AddressScope", **properties)
        return document({"scope": scope}, show=attr("scope", "show"))

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template(name=name, tenant_id=admin.project_id))
    physical_id = stack.ids["scope"]
    scope = await cloud.show(ADDRESS_SCOPE, physical_id)
    assert (scope["name"], scope["ip_version"], scope["shared"]) == (name, 4, False)
    assert stack.outputs["show"] == scope
    await stacks.update(stack, template(shared=True, tenant_id=admin.project_id))
    scope = await cloud.show(ADDRESS_SCOPE, physical_id)
    assert stack.ids["scope"] == physical_id
    assert scope["shared"] is True
    assert scope["name"].startswith(f"{name}-scope-")
    await stacks.update(stack, template(ip_version=6))
    successor = stack.ids["scope"]
    assert await admin.gone(ADDRESS_SCOPE, physical_id)
    assert (await cloud.show(ADDRESS_SCOPE, successor))["ip_version"] == 6
    await stacks.delete(stack)
    assert await admin.gone(ADDRESS_SCOPE, successor)


async def test_subnet_pool(admin: Account, name: str) -> None:
    def template(*prefixes: str, **properties: Any) -> Document:
        return document(
            {
                "scope": resource("OS::Neutron::AddressScope", name=name, shared=True),
                "pool": resource("OS::Neutron::SubnetPool", prefixes=[*prefixes], **properties),
            },
            show=attr("pool", "show"),
        )

    async def lengths() -> list[int]:
        pool = await cloud.show(SUBNET_POOL, physical_id)
        return [int(pool[f"{each}_prefixlen"]) for each in ("min", "default", "max")]

    stacks, cloud = admin.stacks, admin.cloud
    first = {"min_prefixlen": 20, "default_prefixlen": 24, "max_prefixlen": 28}
    limited = {"default_quota": 512, "tags": ["a"], "address_scope": ref("scope")}
    stack = await stacks.create(name, template("10.80.0.0/16", name=name, **limited, **first))
    physical_id = stack.ids["pool"]
    pool = await cloud.show(SUBNET_POOL, physical_id)
    assert stack.outputs["show"] == pool
    assert (pool["name"], pool["prefixes"]) == (name, ["10.80.0.0/16"])
    assert (pool["default_quota"], pool["tags"]) == (512, ["a"])
    assert pool["address_scope_id"] == stack.ids["scope"]
    assert await lengths() == [20, 24, 28]
    more = ("10.80.0.0/16", "10.82.0.0/16")
    await stacks.update(stack, template(*more, min_prefixlen=22))
    pool = await cloud.show(SUBNET_POOL, physical_id)
    assert stack.ids["pool"] == physical_id
    assert (pool["prefixes"], pool["default_quota"]) == ([*more], 0)
    assert (pool["address_scope_id"], pool["tags"]) == (None, [])
    assert pool["name"].startswith(f"{name}-pool-")
    assert await lengths() == [22, 22, 32]
    more = ("10.82.0.0/16", "10.84.0.0/16")
    await stacks.update(stack, template(*more, min_prefixlen=22))
    assert (await cloud.show(SUBNET_POOL, physical_id))["prefixes"] == [*more]
    # Within a scope, the successor gets the prefixes that its predecessor had.
    await stacks.update(stack, template(*more, address_scope=ref("scope")))
    assert await lengths() == [8, 8, 32]
    await stacks.update(stack, template(*more, address_scope=ref("scope"), shared=True))
    successor = stack.ids["pool"]
    assert await admin.gone(SUBNET_POOL, physical_id)
    pool = await cloud.show(SUBNET_POOL, successor)
    assert (pool["shared"], pool["address_scope_id"]) == (True, stack.ids["scope"])
    await stacks.delete(stack)
    assert await admin.gone(SUBNET_POOL, successor)
