"""OS::Designate::*: what the DNS service then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.dns import RECORD_SET, ZONE

pytestmark = pytest.mark.slow


@pytest.fixture
def domain(name: str) -> str:
    return f"{name}.example."


def zone(domain: str, **more: Any) -> Any:
    return resource("OS::Designate::Zone", name=domain, **{"email": "a@example.org", **more})


@pytest.mark.parametrize("kind", ["Zone", "Domain"])
async def test_zone(account: Account, name: str, domain: str, kind: str) -> None:
    def template(**more: Any) -> Document:
        given = {"name": domain, "email": "a@example.org", **more}
        made = resource(f"OS::Designate::{kind}", **given)
        return document({"zone": made}, serial=attr("zone", "serial"))

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(ttl=300, description="d"))
    physical_id = stack.ids["zone"]
    shown = await cloud.show(ZONE, physical_id)
    told = ("name", "ttl", "description", "status")
    assert [shown[each] for each in told] == [domain, 300, "d", "ACTIVE"]
    first = stack.outputs["serial"]
    await stacks.update(stack, template(email="b@example.org"))
    assert stack.ids["zone"] == physical_id
    shown = await cloud.show(ZONE, physical_id)
    assert (shown["email"], shown["ttl"], shown["description"]) == ("b@example.org", 3600, None)
    assert int(stack.outputs["serial"]) > int(first)
    await stacks.delete(stack)
    assert await account.gone(ZONE, physical_id)


@pytest.mark.parametrize("word", ["primaries", "masters"])
async def test_copied_zone(account: Account, name: str, domain: str, word: str) -> None:
    def template(*servers: str) -> Document:
        given: dict[str, Any] = {"name": domain, "type": "SECONDARY", word: list(servers)}
        return document({"zone": resource("OS::Designate::Zone", **given)})

    stack = await account.stacks.create(name, template("10.0.0.1"))
    shown = await account.cloud.show(ZONE, stack.ids["zone"])
    assert (shown["type"], shown["masters"]) == ("SECONDARY", ["10.0.0.1"])
    await account.stacks.update(stack, template("10.0.0.2", "10.0.0.3"))
    shown = await account.cloud.show(ZONE, stack.ids["zone"])
    assert sorted(shown["masters"]) == ["10.0.0.2", "10.0.0.3"]
    await account.stacks.delete(stack)


async def test_record_set(account: Account, name: str, domain: str) -> None:
    def template(*records: str, **more: Any) -> Document:
        given = {"zone": ref("zone"), "type": "A", "records": list(records), **more}
        return document(
            {"zone": zone(domain), "set": resource("OS::Designate::RecordSet", **given)}
        )

    async def shown() -> Any:
        return await cloud.show(RECORD_SET, stack.ids["set"], parent=stack.ids["zone"])

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("10.0.0.1", name="www", ttl=60, description="d"))
    first = await shown()
    assert (first["name"], first["records"], first["ttl"]) == (f"www.{domain}", ["10.0.0.1"], 60)
    await stacks.update(stack, template("10.0.0.2", "10.0.0.3", name="www"))
    second = await shown()
    assert second["id"] == first["id"]
    assert (sorted(second["records"]), second["ttl"]) == (["10.0.0.2", "10.0.0.3"], None)
    await stacks.update(stack, template("10.0.0.2", name=f"web.{domain}"))
    assert (await shown())["name"] == f"web.{domain}"
    await stacks.update(stack, template("10.0.0.2"))
    assert (await shown())["name"].endswith(f".{domain}")
    assert await account.gone(RECORD_SET, first["id"], parent=stack.ids["zone"])
    await stacks.delete(stack)
    assert await account.gone(ZONE, stack.ids["zone"])


async def test_a_record_set_goes_by_another_name(account: Account, name: str, domain: str) -> None:
    def template(resource_name: str, *records: str) -> Document:
        given: dict[str, Any] = {"zone": ref("zone"), "name": "www", "type": "A"}
        made = resource("OS::Designate::RecordSet", **given, records=list(records))
        return document({"zone": zone(domain), resource_name: made})

    async def records() -> list[list[str]]:
        found = await account.cloud.list(RECORD_SET, parent=stack.ids["zone"], type="A")
        return [each["records"] for each in found]

    stack = await account.stacks.create(name, template("one", "10.0.0.1"))
    await account.stacks.update(stack, template("two", "10.0.0.1"))
    assert await records() == [["10.0.0.1"]]
    await account.stacks.update(stack, template("three", "10.0.0.3"))
    assert await records() == [["10.0.0.3"]]
    await account.stacks.delete(stack)


async def test_records_of_one_name(account: Account, name: str, domain: str) -> None:
    def record(data: str, **more: Any) -> Any:
        given = {"domain": ref("zone"), "name": domain, "type": "MX", "data": data, **more}
        return resource("OS::Designate::Record", **given)

    def template(**records: Any) -> Document:
        return document({"zone": zone(domain), **records})

    async def records() -> list[str]:
        found = await cloud.list(RECORD_SET, parent=stack.ids["zone"], type="MX")
        return sorted(record for each in found for record in each["records"])

    stacks, cloud = account.stacks, account.cloud
    one, two = record("one.example.", priority=1), record("two.example.", priority=2)
    stack = await stacks.create(name, template(a=one, b=two))
    assert await records() == ["1 one.example.", "2 two.example."]
    await stacks.update(stack, template(a=record("one.example.", priority=5), b=two))
    assert await records() == ["2 two.example.", "5 one.example."]
    await stacks.update(stack, template(b=two))
    assert await records() == ["2 two.example."]
    for ttl, more in ((77, {"ttl": 77, "description": "d"}), (None, {})):
        await stacks.update(stack, template(b=record("two.example.", priority=2, **more)))
        (found,) = await cloud.list(RECORD_SET, parent=stack.ids["zone"], type="MX")
        assert (found["ttl"], found["description"]) == (ttl, more.get("description"))
    await stacks.update(stack, template())
    assert await records() == []
    await stacks.delete(stack)
