"""Actions of servers: which states they lead to, and from which they are refused."""

from typing import Any

import pytest
from tests.localcloud.compute_world import World, world
from tests.localcloud.fake_peers import IMAGE

from isotherm.localcloud import LocalCloud

__all__ = ["world"]


@pytest.mark.parametrize(
    ("actions", "status"),
    [
        (["os-stop"], "SHUTOFF"),
        (["os-stop", "os-start"], "ACTIVE"),
        (["pause"], "PAUSED"),
        (["pause", "unpause"], "ACTIVE"),
        (["suspend"], "SUSPENDED"),
        (["suspend", "resume"], "ACTIVE"),
        (["rescue"], "RESCUE"),
        (["rescue", "unrescue"], "ACTIVE"),
        (["shelve"], "SHELVED_OFFLOADED"),
        (["shelve", "unshelve"], "ACTIVE"),
    ],
)
async def test_actions_lead_to_states(world: World, actions: list[str], status: str) -> None:
    server_id = await world.server()
    for action in actions:
        assert (await world.act(server_id, action)).status in (200, 202)
    assert (await world.show(server_id))["status"] == status


@pytest.mark.parametrize(
    ("before", "action", "argument", "name", "state"),
    [
        (None, "os-start", None, "start", "active"),
        ("os-stop", "os-stop", None, "stop", "stopped"),
        ("os-stop", "reboot", {"type": "SOFT"}, "reboot", "stopped"),
        ("os-stop", "pause", None, "pause", "stopped"),
        ("pause", "resize", {"flavorRef": "2"}, "resize", "paused"),
        (None, "confirmResize", None, "confirmResize", "active"),
        ("rescue", "rescue", None, "rescue", "rescued"),
    ],
)
async def test_wrong_states_are_refused(
    world: World, before: str | None, action: str, argument: Any, name: str, state: str
) -> None:
    server_id = await world.server()
    if before is not None:
        await world.act(server_id, before)
    refused = await world.act(server_id, action, argument)
    assert (refused.status, refused.body["conflictingRequest"]["message"]) == (
        409,
        f"Cannot '{name}' instance {server_id} while it is in vm_state {state}",
    )


async def test_an_action_is_refused_while_another_one_runs(world: World, cloud: LocalCloud) -> None:
    cloud.frame.timings.seconds = {"compute.server.stop": 5.0}
    server_id = await world.server()
    await world.act(server_id, "os-stop")
    assert (await world.show(server_id))["OS-EXT-STS:task_state"] == "powering-off"
    refused = await world.act(server_id, "os-stop")
    assert refused.body["conflictingRequest"]["message"].endswith("in task_state powering-off")


async def test_a_resize_waits_to_be_confirmed_or_reverted(world: World) -> None:
    server_id = await world.server()
    await world.act(server_id, "resize", {"flavorRef": "2"})
    shown = await world.show(server_id)
    assert (shown["status"], shown["flavor"]["original_name"]) == ("VERIFY_RESIZE", "m1.small")
    assert (await world.act(server_id, "revertResize")).status == 202
    shown = await world.show(server_id)
    assert (shown["status"], shown["flavor"]["original_name"]) == ("ACTIVE", "m1.tiny")

    await world.act(server_id, "resize", {"flavorRef": "2"})
    await world.show(server_id)
    assert (await world.act(server_id, "confirmResize")).status == 204
    shown = await world.show(server_id)
    assert (shown["status"], shown["flavor"]["original_name"]) == ("ACTIVE", "m1.small")
    refused = await world.act(server_id, "resize", {"flavorRef": "2"})
    assert refused.body["badRequest"]["message"] == "When resizing, instances must change flavor!"


async def test_a_resize_does_not_ask_for_an_image_that_is_gone(world: World) -> None:
    image_id = world.images.add(min_ram=600)
    server_id = await world.server(imageRef=image_id, flavorRef="2")
    del world.images.images[image_id]
    refused = await world.act(server_id, "resize", {"flavorRef": "1"})
    assert refused.body["badRequest"]["message"] == (
        "Flavor's memory is too small for requested image."
    )
    assert (await world.act(server_id, "resize", {"flavorRef": "3"})).status == 202


async def test_a_disk_does_not_become_smaller_than_it_was_made(world: World) -> None:
    server_id = await world.server(flavorRef="2")
    refused = await world.act(server_id, "resize", {"flavorRef": "1"})
    assert refused.body["badRequest"]["message"] == (
        "Flavor's disk is smaller than the minimum size specified in image metadata. "
        f"Flavor disk is {2**30} bytes, minimum size is {20 * 2**30} bytes."
    )
    await world.act(server_id, "resize", {"flavorRef": "3"})
    await world.show(server_id)
    await world.act(server_id, "confirmResize")
    assert (await world.act(server_id, "resize", {"flavorRef": "2"})).status == 202


async def test_a_rebuild_takes_another_image_and_name(world: World) -> None:
    server_id, image_id = await world.server(), world.images.add()
    answer = await world.act(server_id, "rebuild", {"imageRef": image_id, "name": "new"})
    assert (answer.status, answer.body["server"]["status"]) == (202, "REBUILD")
    shown = await world.show(server_id)
    assert (shown["status"], shown["name"], shown["image"]["id"]) == ("ACTIVE", "new", image_id)


async def test_a_locked_server_refuses_its_owner(world: World) -> None:
    server_id = await world.server()
    await world.act(server_id, "lock", {"locked_reason": "mine"}, mv="2.73")
    assert (await world.show(server_id))["locked_reason"] == "mine"
    for refused in (
        await world.act(server_id, "os-stop"),
        await world("DELETE", f"/servers/{server_id}"),
    ):
        assert refused.status == 409
        message = refused.body["conflictingRequest"]["message"]
        assert message == f"Instance {server_id} is locked"
    await world.act(server_id, "unlock")
    assert (await world("DELETE", f"/servers/{server_id}")).status == 204


async def test_an_image_of_a_server_becomes_active(world: World) -> None:
    server_id = await world.server()
    answer = await world.act(server_id, "createImage", {"name": "snap"}, mv="2.45")
    await world.show(server_id)
    assert world.images.images[answer.body["image_id"]].status == "active"
    old = await world.act(server_id, "createImage", {"name": "snap"})
    assert old.headers["location"].rpartition("/")[2] in world.images.images


async def test_a_failing_action_ends_in_error(world: World, cloud: LocalCloud) -> None:
    server_id = await world.server()
    cloud.inject("compute.server.rebuild", state="ERROR", message="Disk full.", count=1)
    await world.act(server_id, "rebuild", {"imageRef": IMAGE})
    shown = await world.show(server_id)
    assert (shown["status"], shown["fault"]["message"]) == ("ERROR", "Disk full.")
    assert shown["addresses"]
    await world.act(server_id, "reboot", {"type": "HARD"})
    assert (await world.show(server_id))["status"] == "ACTIVE"


async def test_only_administrators_reset_states(world: World) -> None:
    server_id = await world.server()
    refused = await world.act(server_id, "os-resetState", {"state": "error"})
    assert refused.body["forbidden"]["message"] == (
        "Policy doesn't allow os_compute_api:os-admin-actions:reset_state to be performed."
    )
    await world.act(server_id, "os-resetState", {"state": "error"}, user="admin")
    assert (await world.show(server_id))["status"] == "ERROR"


async def test_actions_are_recorded(world: World) -> None:
    server_id = await world.server()
    stopped = await world.act(server_id, "os-stop")
    listed = await world("GET", f"/servers/{server_id}/os-instance-actions")
    assert [a["action"] for a in listed.body["instanceActions"]] == ["stop", "create"]
    request_id = stopped.headers["x-compute-request-id"]
    path = f"/servers/{server_id}/os-instance-actions/{request_id}"
    shown = await world("GET", path, mv="2.51")
    assert shown.body["instanceAction"]["events"][0]["result"] == "Success"


async def test_metadata_and_tags(world: World) -> None:
    server_id = await world.server(metadata={"a": "b"})
    path = f"/servers/{server_id}"
    await world("PUT", f"{path}/metadata/c", {"meta": {"c": "d"}})
    assert (await world("GET", f"{path}/metadata")).body == {"metadata": {"a": "b", "c": "d"}}
    assert (await world("PUT", f"{path}/metadata/c", {"meta": {"x": "d"}})).status == 400
    assert (await world("DELETE", f"{path}/metadata/zz")).status == 404
    assert (await world("PUT", f"{path}/tags/t", mv="2.26")).status == 201
    assert (await world("PUT", f"{path}/tags/t", mv="2.26")).status == 204
    assert (await world.show(server_id))["tags"] == ["t"]
    assert (await world("GET", f"{path}/tags", mv="2.25")).status == 404
