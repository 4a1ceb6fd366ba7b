"""Copies of servers and volumes that are kept for snapshots: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account, Bed, need_admin
from tests.contracts.types.stacks import Document, document, ref, resource

from isotherm.kit.services.block_storage import BACKUP, VOLUME
from isotherm.kit.services.compute import SERVER
from isotherm.kit.services.image import IMAGE

pytestmark = pytest.mark.slow


async def named(account: Account, entity: Any, prefix: str) -> list[Any]:
    return [each for each in await account.cloud.list(entity) if each["name"].startswith(prefix)]


async def need_backups(bed: Bed) -> None:
    """Skips where no service of the block storage makes backups."""
    if bed.local:
        return
    async with bed.enter(need_admin(bed)) as admin:
        found = await admin.cloud.call("block-storage", "GET", "/os-services?binary=cinder-backup")
    if not any(each["state"] == "up" for each in found["services"]):
        pytest.skip("this cloud makes no backups of volumes")


async def test_a_volume_is_copied_and_put_back(account: Account, bed: Bed, name: str) -> None:
    await need_backups(bed)

    def template(**properties: Any) -> Document:
        return document({"volume": resource("OS::Cinder::Volume", size=1, **properties)})

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template())
    snapshot = await stacks.snapshot(stack)
    (backup,) = await named(account, BACKUP, f"{name}-volume-")
    physical_id = stack.ids["volume"]
    assert (backup["status"], backup["volume_id"]) == ("available", physical_id)
    await stacks.update(stack, template(description="other"))
    await stacks.restore(stack, snapshot)
    assert stack.ids["volume"] == physical_id, "in place"
    volume = await cloud.show(VOLUME, physical_id)
    assert (volume["status"], volume["description"] or "") == ("available", "")
    await stacks.update(stack, document({}))
    await stacks.restore(stack, snapshot)
    assert stack.ids["volume"] != physical_id
    assert (await cloud.show(VOLUME, stack.ids["volume"]))["status"] == "available"
    await stacks.delete(stack)
    assert await named(account, BACKUP, f"{name}-volume-") == []


async def test_a_volume_in_use_is_copied_and_put_back_as_another(
    account: Account, bed: Bed, name: str
) -> None:
    await need_backups(bed)
    server = resource(
        "OS::Nova::Server", image="cirros", flavor="m1.tiny", networks=[{"network": "private"}]
    )
    attachment = resource(
        "OS::Cinder::VolumeAttachment", instance_uuid=ref("server"), volume_id=ref("volume")
    )
    volume = resource("OS::Cinder::Volume", size=1)
    stacks = account.stacks
    stack = await stacks.create(
        name, document({"server": server, "volume": volume, "attachment": attachment})
    )
    before = dict(stack.ids)
    snapshot = await stacks.snapshot(stack)
    await stacks.restore(stack, snapshot)
    assert stack.ids["server"] == before["server"]
    assert stack.ids["volume"] != before["volume"]
    assert await account.gone(VOLUME, before["volume"])
    shown = await account.cloud.show(VOLUME, stack.ids["volume"])
    assert [each["server_id"] for each in shown["attachments"]] == [before["server"]]
    await stacks.delete(stack)


async def test_a_server_is_copied_and_put_back(account: Account, name: str) -> None:
    def template(flavor: str) -> Document:
        given: dict[str, Any] = {"image": "cirros", "networks": [{"network": "private"}]}
        return document({"server": resource("OS::Nova::Server", flavor=flavor, **given)})

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("m1.tiny"))
    snapshot = await stacks.snapshot(stack)
    (image,) = await named(account, IMAGE, f"{name}-server-")
    assert image["status"] == "active"
    physical_id = stack.ids["server"]
    await stacks.update(stack, template("m1.small"))
    await stacks.restore(stack, snapshot)
    assert stack.ids["server"] == physical_id
    server = await cloud.show(SERVER, physical_id)
    assert (server["status"], server["image"]["id"]) == ("ACTIVE", image["id"])
    await stacks.update(stack, template("m1.tiny"))
    assert (await cloud.show(SERVER, physical_id))["image"]["id"] == image["id"], "and stays so"
    await stacks.act(stack, "suspend")
    await stacks.restore(stack, snapshot)
    assert (await cloud.show(SERVER, physical_id))["status"] == "ACTIVE"
    await stacks.discard(stack, snapshot)
    assert await named(account, IMAGE, f"{name}-server-") == []
    await stacks.delete(stack)
