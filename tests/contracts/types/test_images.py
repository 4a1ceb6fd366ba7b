"""OS::Glance::WebImage: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, resource

from isotherm.kit.services.image import IMAGE

pytestmark = pytest.mark.slow


async def test_web_image(account: Account, name: str, location: str) -> None:
    def template(**properties: Any) -> Document:
        image = resource(
            "OS::Glance::WebImage",
            location=location,
            disk_format="raw",
            container_format="bare",
            **properties,
        )
        return document({"image": image}, status=attr("image", "show", "status"))

    stacks, cloud = account.stacks, account.cloud
    first = {"name": name, "min_ram": 16, "os_distro": "debian", "os_version": "13"}
    stack = await stacks.create(
        name, template(**first, tags=["a"], extra_properties={"colour": "blue", "old": "yes"})
    )
    physical_id = stack.ids["image"]
    image = await cloud.show(IMAGE, physical_id)
    assert {each: image[each] for each in first} == first
    assert (image["status"], image["visibility"], image["tags"]) == ("active", "private", ["a"])
    assert (image["colour"], image["old"]) == ("blue", "yes")
    assert image["disk_format"] == "raw"
    assert image["size"] > 0
    assert stack.outputs["status"] == "active"
    second = {"name": name, "min_ram": 16, "os_distro": "fedora"}
    await stacks.update(
        stack,
        template(**second, protected=True, active=False, extra_properties={"colour": "red"}),
    )
    image = await cloud.show(IMAGE, physical_id)
    assert stack.ids["image"] == physical_id
    assert (image["os_distro"], image["colour"]) == ("fedora", "red")
    assert not {"os_version", "old"} & image.keys()
    assert (image["protected"], image["status"], image["tags"]) == (True, "deactivated", [])
    await stacks.update(stack, template(**second))
    image = await cloud.show(IMAGE, physical_id)
    assert (image["protected"], image["status"]) == (False, "active")
    await stacks.update(stack, template(name=name, min_disk=1))
    successor = stack.ids["image"]
    assert successor != physical_id
    assert await account.gone(IMAGE, physical_id)
    assert (await cloud.show(IMAGE, successor))["min_disk"] == 1
    await stacks.delete(stack)
    assert await account.gone(IMAGE, successor)


async def test_a_public_image_with_members(admin: Account, name: str, location: str) -> None:
    def template(**properties: Any) -> Document:
        image = resource(
            "OS::Glance::WebImage",
            location=location,
            disk_format="raw",
            container_format="bare",
            **properties,
        )
        return document({"image": image})

    async def members() -> list[str]:
        found = await cloud.call("image", "GET", f"/images/{physical_id}/members")
        return [each["member_id"] for each in found["members"]]

    stacks, cloud = admin.stacks, admin.cloud
    someone = "0123456789abcdef0123456789abcdef"
    stack = await stacks.create(name, template(visibility="shared", members=[someone]))
    physical_id = stack.ids["image"]
    assert (await cloud.show(IMAGE, physical_id))["visibility"] == "shared"
    assert await members() == [someone]
    await stacks.update(stack, template(visibility="shared"))
    assert await members() == []
    await stacks.update(stack, template(visibility="public"))
    assert stack.ids["image"] == physical_id
    assert (await cloud.show(IMAGE, physical_id))["visibility"] == "public"
    await stacks.delete(stack)
    assert await admin.gone(IMAGE, physical_id)
