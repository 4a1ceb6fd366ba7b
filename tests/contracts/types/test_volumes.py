"""OS::Cinder::Volume and VolumeAttachment: what the cloud then has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.block_storage import VOLUME
from isotherm.kit.services.compute import VOLUME_ATTACHMENT as ATTACHMENT

pytestmark = pytest.mark.slow


async def test_volume(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        volume = resource("OS::Cinder::Volume", **properties)
        outputs = ("size", "status", "display_name", "display_description", "metadata",
                   "metadata_values", "bootable", "attachments_list", "volume_type",
                   "availability_zone", "created_at", "encrypted")  # fmt: skip
        return document({"volume": volume}, **{each: attr("volume", each) for each in outputs})

    stacks, cloud = account.stacks, account.cloud
    first = {"name": name, "description": "for data", "metadata": {"tier": "gold", "old": "1"}}
    stack = await stacks.create(name, template(size=1, **first))
    physical_id = stack.ids["volume"]
    volume = await cloud.show(VOLUME, physical_id)
    assert {each: volume[each] for each in first} == first
    assert (volume["size"], volume["status"]) == (1, "available")
    outputs = dict(stack.outputs)
    assert json.loads(outputs.pop("metadata")) == volume["metadata"]
    assert outputs == {
        "size": "1",
        "status": "available",
        "display_name": name,
        "display_description": "for data",
        "metadata_values": volume["metadata"],
        "bootable": "false",
        "attachments_list": [],
        "volume_type": volume["volume_type"],
        "availability_zone": volume["availability_zone"],
        "created_at": volume["created_at"],
        "encrypted": "False",
    }
    await stacks.update(stack, template(size=2, read_only=True, metadata={"tier": "lead"}))
    volume = await cloud.show(VOLUME, physical_id)
    assert stack.ids["volume"] == physical_id
    assert (volume["size"], volume["status"], volume["description"]) == (2, "available", None)
    assert volume["name"].startswith(f"{name}-volume-")
    assert volume["metadata"] == {"tier": "lead", "readonly": "True"}
    assert stack.outputs["size"] == "2"

    source = await cloud.create(VOLUME, {"size": 1, "name": f"{name}-source"})
    try:
        await account.settled(VOLUME, source["id"], "available")
        await stacks.update(stack, template(size=2, source_volid=source["id"]))
        successor = stack.ids["volume"]
        assert successor != physical_id
        assert await account.gone(VOLUME, physical_id)
        assert (await cloud.show(VOLUME, successor))["source_volid"] == source["id"]
        await stacks.delete(stack)
        assert await account.gone(VOLUME, successor)
    finally:
        await cloud.delete(VOLUME, source["id"])


async def test_volume_from_an_image(account: Account, name: str) -> None:
    volume = resource("OS::Cinder::Volume", size=1, image="cirros")
    stack = await account.stacks.create(
        name, document({"volume": volume}, bootable=attr("volume", "bootable"))
    )
    shown = await account.cloud.show(VOLUME, stack.ids["volume"])
    image = await account.cloud.find("glance.image", "cirros")
    assert shown["volume_image_metadata"]["image_id"] == image
    assert stack.outputs["bootable"] == "true"
    await account.stacks.delete(stack)
    assert await account.gone(VOLUME, shown["id"])


async def test_volume_attachment(account: Account, name: str) -> None:
    def template(attached: str, to: str) -> Document:
        server = resource(
            "OS::Nova::Server", image="cirros", flavor="m1.tiny", networks=[{"network": "private"}]
        )
        volume = resource("OS::Cinder::Volume", size=1)
        attachment = resource(
            "OS::Cinder::VolumeAttachment", instance_uuid=ref(to), volume_id=ref(attached)
        )
        given = {"one": server, "two": server, "data": volume, "spare": volume}
        return document({**given, "attachment": attachment})

    async def places() -> set[tuple[str, str]]:
        """Which volume is where, both by name, as compute and block storage agree."""
        names = {
            physical_id: each for each, physical_id in stack.ids.items() if each != "attachment"
        }
        by_compute = {
            (names[each["volumeId"]], server)
            for server in ("one", "two")
            for each in await cloud.list(ATTACHMENT, parent=stack.ids[server])
        }
        by_storage = {
            (volume, names[each["server_id"]])
            for volume in ("data", "spare")
            for each in (await cloud.show(VOLUME, stack.ids[volume]))["attachments"]
        }
        assert by_compute == by_storage
        return by_storage

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("data", "one"))
    assert stack.ids["attachment"] == stack.ids["data"]
    assert await places() == {("data", "one")}
    await stacks.update(stack, template("spare", "one"))
    assert stack.ids["attachment"] == stack.ids["spare"]
    assert await places() == {("spare", "one")}
    await stacks.update(stack, template("spare", "two"))
    assert await places() == {("spare", "two")}
    assert (await cloud.show(VOLUME, stack.ids["data"]))["status"] == "available"
    await stacks.delete(stack)
    for volume in ("data", "spare"):
        assert await account.gone(VOLUME, stack.ids[volume])
