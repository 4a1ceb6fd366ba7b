"""OS::Cinder::VolumeAttachment through its life."""

import pytest

from isotherm.kit import Failed, Pending, Ready, load_registry
from isotherm.kit.services.block_storage import VOLUME
from isotherm.kit.services.compute import VOLUME_ATTACHMENT as ATTACHMENT
from isotherm.testing.resource_run import ResourceRun

TYPE = load_registry()["OS::Cinder::VolumeAttachment"]


def begin(**properties: object) -> ResourceRun:
    run = ResourceRun.begin(TYPE, {"instance_uuid": "s1", "volume_id": "v1", **properties})
    run.world = lambda: settle(run)
    for volume in ("v1", "v2"):
        run.cloud.put(VOLUME, volume, status="available", attachments=[])
    return run


def settle(run: ResourceRun) -> None:
    """What compute and block storage agree on after a while."""
    for volume in run.cloud.objects(VOLUME).values():
        servers = [
            server
            for server in ("s1", "s2")
            for each in run.cloud.objects(ATTACHMENT, parent=server).values()
            if each["volumeId"] == volume["id"]
        ]
        volume["attachments"] = [{"server_id": server} for server in servers]
        volume["status"] = "in-use" if servers else "available"


async def test_create_attaches_and_takes_the_volume_as_its_id() -> None:
    run = begin(mountpoint="/dev/vdb")
    assert isinstance(await run.create(), Ready)
    assert run.ctx.physical_id == "v1"
    (call,) = run.cloud.made("create")
    assert (call.parent, call.body) == ("s1", {"volumeId": "v1", "device": "/dev/vdb"})


async def test_create_waits_for_the_right_server() -> None:
    run = begin()
    run.ctx.physical_id = "v1"
    elsewhere = {"status": "in-use", "attachments": [{"server_id": "s2"}]}
    assert isinstance(await TYPE.advance(run.ctx, elsewhere), Pending)


@pytest.mark.parametrize("status", ["available", "attaching", "reserved", "detaching"])
def test_judge_waits(status: str) -> None:
    assert isinstance(TYPE.judge({"status": status}), Pending)


def test_judge_tells_a_failed_attachment() -> None:
    outcome = TYPE.judge({"status": "error"})
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith("Volume attachment failed - Unknown status error")


async def test_a_crash_after_the_create_finds_the_same_attachment() -> None:
    run = begin()
    assert await TYPE.find(run.ctx) == ()
    await run.create()
    found = await TYPE.find(run.crash().ctx)
    assert [(each.physical_id, each.exclusive) for each in found] == [("v1", False)]


async def test_update_detaches_before_it_attaches_elsewhere() -> None:
    run = begin()
    await run.create()
    run.cloud.calls.clear()
    assert isinstance(await run.update({"instance_uuid": "s2", "volume_id": "v1"}), Ready)
    assert [(c.verb, c.parent) for c in run.cloud.made()] == [("delete", "s1"), ("create", "s2")]
    assert run.ctx.data == {"server": "s2"}


async def test_update_moves_to_another_volume() -> None:
    run = begin()
    await run.create()
    assert isinstance(await run.update({"instance_uuid": "s1", "volume_id": "v2"}), Ready)
    assert run.ctx.physical_id == "v2"
    assert run.cloud.objects(VOLUME)["v1"]["status"] == "available"


async def test_an_interrupted_update_attaches_once() -> None:
    run = begin()
    await run.create()
    run.ctx.recorded, run.ctx.props = run.ctx.props, begin(instance_uuid="s2").ctx.props
    await TYPE.update(run.ctx, run.changes())
    before = dict(run.ctx.data)
    settle(run)
    await TYPE.advance(run.ctx, run.cloud.objects(VOLUME)["v1"])
    run.ctx.data = before  # the process died before this was recorded
    settle(run)
    await TYPE.advance(run.ctx, run.cloud.objects(VOLUME)["v1"])
    assert len([c for c in run.cloud.made("create") if c.parent == "s2"]) == 1


async def test_update_waits_while_the_volume_is_being_detached() -> None:
    run = begin()
    await run.create()
    run.ctx.data["leaving"] = "s1"
    outcome = await TYPE.advance(run.ctx, {"status": "detaching", "attachments": []})
    assert isinstance(outcome, Pending)


async def test_delete_waits_until_the_volume_is_free() -> None:
    run = begin()
    await run.create()
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.objects(ATTACHMENT, parent="s1") == {}
    assert isinstance(
        await TYPE.advance_delete(run.ctx, {"status": "detaching", "attachments": []}), Pending
    )


async def test_delete_of_what_is_gone() -> None:
    run = begin()
    run.ctx.physical_id = "v1"
    assert isinstance(await run.delete(), Ready)
    run.cloud.remove(VOLUME, "v1")
    assert isinstance(await run.delete(), Ready)
    run.ctx.physical_id = ""
    assert isinstance(await run.delete(), Ready)
