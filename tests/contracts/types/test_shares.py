"""OS::Manila::*: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.shared_file_system import (
    SECURITY_SERVICE,
    SHARE,
    SHARE_NETWORK,
    SHARE_TYPE,
)

pytestmark = pytest.mark.slow


async def test_share(account: Account, name: str) -> None:
    def template(*addresses: str, level: str = "rw", **properties: Any) -> Document:
        rule = {"access_type": "ip", "access_level": level}
        rules = [{**rule, "access_to": each} for each in addresses]
        given = {"share_protocol": "NFS", "size": 1, "access_rules": rules, **properties}
        share = resource("OS::Manila::Share", **given)
        outputs = {each: attr("share", each) for each in ("status", "export_locations")}
        return document({"share": share}, **outputs)

    async def let_in() -> list[str]:
        told = await cloud.act(SHARE, share, "access_list")
        return sorted(f"{each['access_to']} {each['access_level']}" for each in told["access_list"])

    stacks, cloud = account.stacks, account.cloud
    first = template("10.0.0.1", "10.0.0.2", name=name, metadata={"a": "b"}, description="d")
    stack = await stacks.create(name, first)
    share = stack.ids["share"]
    shown = await cloud.show(SHARE, share)
    assert (shown["name"], shown["description"], shown["metadata"]) == (name, "d", {"a": "b"})
    assert stack.outputs["status"] == "available"
    assert share in stack.outputs["export_locations"][0]["path"].replace("_", "-")
    assert await let_in() == ["10.0.0.1 rw", "10.0.0.2 rw"]
    await stacks.update(stack, template("10.0.0.2", "10.0.0.3", level="ro", metadata={"c": 1}))
    shown = await cloud.show(SHARE, share)
    assert stack.ids["share"] == share
    assert shown["name"].startswith(f"{name}-share-")
    assert (shown["metadata"], shown["is_public"]) == ({"c": "1"}, False)
    assert await let_in() == ["10.0.0.2 ro", "10.0.0.3 ro"]
    await stacks.delete(stack)
    assert await account.gone(SHARE, share)


async def test_a_share_for_everybody(admin: Account, account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        return document(
            {"share": resource("OS::Manila::Share", share_protocol="NFS", size=1, **properties)}
        )

    refused = await account.stacks.try_create(name, template(is_public=True))
    assert refused.status == "CREATE_FAILED"
    assert "'is_public'" in refused.reason
    await account.stacks.delete(refused)
    stack = await admin.stacks.create(name, template())
    await admin.stacks.update(stack, template(is_public=True))
    assert (await admin.cloud.show(SHARE, stack.ids["share"]))["is_public"] is True
    await admin.stacks.delete(stack)


async def test_share_network(account: Account, name: str) -> None:
    def template(*services: str, **properties: Any) -> Document:
        given = {"neutron_network": ref("net"), "neutron_subnet": ref("subnet"), **properties}
        joined = [ref(each) for each in services]
        return document(
            {
                "net": resource("OS::Neutron::Net"),
                "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.71.0.0/24"),
                "ldap": resource("OS::Manila::SecurityService", type="ldap", server="s"),
                "kerberos": resource("OS::Manila::SecurityService", type="kerberos"),
                "place": resource("OS::Manila::ShareNetwork", security_services=joined, **given),
            }
        )

    async def joined() -> list[str]:
        found = await cloud.list(SECURITY_SERVICE, share_network_id=stack.ids["place"])
        return sorted(str(each["type"]) for each in found)

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("ldap", name=name))
    place = stack.ids["place"]
    shown = await cloud.show(SHARE_NETWORK, place)
    assert (shown["name"], shown["neutron_net_id"]) == (name, stack.ids["net"])
    assert await joined() == ["ldap"]
    await stacks.update(stack, template("kerberos", description="d"))
    assert (await cloud.show(SHARE_NETWORK, place))["description"] == "d"
    assert await joined() == ["kerberos"]
    await stacks.delete(stack)
    assert await account.gone(SHARE_NETWORK, place)


async def test_share_type(admin: Account, name: str) -> None:
    def template(**specs: Any) -> Document:
        given: dict[str, Any] = {
            "name": name,
            "driver_handles_share_servers": True,
            "extra_specs": specs,
        }
        return document({"kind": resource("OS::Manila::ShareType", is_public=False, **given)})

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template(a="1", b="2"))
    kind = stack.ids["kind"]
    shown = await cloud.show(SHARE_TYPE, kind)
    own = {"driver_handles_share_servers": "True", "snapshot_support": "True"}
    assert shown["extra_specs"] == {**own, "a": "1", "b": "2"}
    assert shown["share_type_access:is_public"] is False
    await stacks.update(stack, template(b="3"))
    assert (await cloud.show(SHARE_TYPE, kind))["extra_specs"] == {**own, "b": "3"}
    await stacks.delete(stack)
    assert await admin.gone(SHARE_TYPE, kind)
