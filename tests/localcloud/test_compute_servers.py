"""Servers: create, show, list, delete."""

from typing import Any

import pytest
from tests.localcloud.compute_world import NOWHERE, World, world
from tests.localcloud.fake_peers import IMAGE

from isotherm.localcloud import LocalCloud

__all__ = ["world"]


async def test_a_server_is_built_and_active_at_the_next_look(world: World) -> None:
    made = await world.boot(metadata={"a": "b"})

    assert made.status == 202
    assert set(made.body["server"]) == {
        "id",
        "links",
        "OS-DCF:diskConfig",
        "security_groups",
        "adminPass",
    }
    server = await world.show(made.body["server"]["id"], mv="2.1")
    assert (server["status"], server["OS-EXT-STS:vm_state"]) == ("ACTIVE", "active")
    assert server["flavor"]["id"] == "1"
    assert server["addresses"]["private"][0]["OS-EXT-IPS:type"] == "fixed"
    assert server["metadata"] == {"a": "b"}


async def test_a_deleted_server_is_gone_with_its_ports(world: World) -> None:
    server_id = await world.server()
    assert (await world("DELETE", f"/servers/{server_id}")).status == 204
    gone = await world("GET", f"/servers/{server_id}")
    assert (gone.status, gone.body["itemNotFound"]["message"]) == (
        404,
        f"Instance {server_id} could not be found.",
    )
    assert (await world.ask("GET", f"/ports?device_id={server_id}"))["ports"] == []


async def test_a_volume_is_attached_at_the_next_device(world: World) -> None:
    server_id, volume_id = await world.server(), world.volumes.add()
    path = f"/servers/{server_id}/os-volume_attachments"
    made = await world("POST", path, {"volumeAttachment": {"volumeId": volume_id}})

    assert made.body["volumeAttachment"] == {
        "id": volume_id,
        "serverId": server_id,
        "volumeId": volume_id,
        "device": "/dev/vdb",
    }
    listed = await world("GET", path, mv="2.89")
    assert listed.body["volumeAttachments"][0]["volumeId"] == volume_id
    assert world.volumes.volumes[volume_id].status == "in-use"
    assert (await world("DELETE", f"{path}/{volume_id}")).status == 202
    assert (await world("GET", path)).body == {"volumeAttachments": []}
    assert world.volumes.volumes[volume_id].status == "available"


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"imageRef": NOWHERE}, "Can not find requested image"),
        ({"imageRef": ""}, "Missing imageRef attribute"),
        ({"flavorRef": "nope"}, "Flavor nope could not be found."),
        ({"key_name": "nokey"}, "Invalid key_name provided."),
        ({"availability_zone": "x"}, "The requested availability zone is not available"),
        ({"networks": [{"uuid": NOWHERE}]}, f"Network {NOWHERE} could not be found."),
        ({"networks": [{"port": NOWHERE}]}, f"Port id {NOWHERE} could not be found."),
        ({"networks": [{"fixed_ip": "10.0.0.9"}]}, "Bad network format: missing 'uuid'"),
        (
            {"security_groups": [{"name": "nosg"}]},
            "Unable to find security_group with name or id 'nosg'",
        ),
        ({"min_count": 3, "max_count": 2}, "min_count must be <= max_count"),
        (
            {"user_data": "no!"},
            "Invalid input for field/attribute user_data. Value: no!. 'no!' is not a 'base64'",
        ),
        (
            {"block_device_mapping_v2": [{"source_type": "volume", "boot_index": 0}]},
            "Block Device Mapping is Invalid: Missing device UUID.",
        ),
    ],
)
async def test_what_a_server_names_must_exist(
    world: World, wish: dict[str, Any], message: str
) -> None:
    refused = await world.boot(mv="2.96", **{"networks": "auto", **wish})
    assert (refused.status, refused.body["badRequest"]["message"]) == (400, message)
    assert (await world("GET", "/servers")).body["servers"] == []


@pytest.mark.parametrize(
    ("needs", "word"), [({"min_disk": 2}, "disk"), ({"min_ram": 1024}, "memory")]
)
async def test_a_flavor_must_hold_the_image(world: World, needs: dict[str, int], word: str) -> None:
    image_id = world.images.add(**needs)
    refused = await world.boot(imageRef=image_id)
    assert refused.status == 400
    assert refused.body["badRequest"]["message"].startswith(f"Flavor's {word} is")


async def test_quotas_are_kept(world: World, demo_project: str) -> None:
    limits = {"quota_set": {"instances": 2, "cores": 20, "ram": 600}}
    assert (
        await world("PUT", f"/os-quota-sets/{demo_project}", limits, user="admin")
    ).status == 200
    await world.server()
    refused = await world.boot(min_count=2)
    assert refused.status == 403
    assert refused.body["forbidden"]["message"] == (
        "Quota exceeded for instances, ram: Requested 2, 1024, "
        "but already used 1, 512 of 2, 600 instances, ram"
    )


async def test_a_create_takes_its_time_and_can_end_in_error(
    world: World, cloud: LocalCloud
) -> None:
    cloud.frame.timings.seconds = {"compute.server.create": 10.0}
    server_id = await world.server()
    assert (await world.show(server_id))["OS-EXT-STS:task_state"] == "spawning"
    cloud.advance(10)
    assert (await world.show(server_id))["status"] == "ACTIVE"

    cloud.inject("compute.server.create", state="ERROR", message="No such luck.")
    failed_id = await world.server()
    cloud.advance(10)
    failed = await world.show(failed_id)
    assert (failed["status"], failed["fault"]["message"]) == ("ERROR", "No such luck.")
    assert failed["addresses"] == {}


async def test_a_server_can_be_deleted_while_it_is_built(world: World, cloud: LocalCloud) -> None:
    cloud.frame.timings.seconds = {"compute.server.create": 10.0}
    server_id = await world.server()
    await world("DELETE", f"/servers/{server_id}")
    cloud.advance(20)
    assert (await world("GET", f"/servers/{server_id}")).status == 404


async def test_a_pattern_that_takes_too_long_is_refused(world: World) -> None:
    await world.server(name="OS::Heat::RandomString")
    answer = await world("GET", "/servers?name=(.*%3F.*%3F)*%3F[^%5Cw]{3}$")
    assert answer.status == 400
    assert "takes too long" in answer.body["badRequest"]["message"]


async def test_lists_are_filtered_and_come_in_pages(world: World) -> None:
    for name in ("web-1", "web-2", "db"):
        await world.server(name=name)

    async def names(query: str) -> list[str]:
        answer = await world("GET", f"/servers?{query}")
        return [server["name"] for server in answer.body["servers"]]

    assert await names("") == ["db", "web-2", "web-1"]
    assert await names("name=^web") == ["web-2", "web-1"]
    assert await names("status=SHUTOFF") == []
    assert await names("sort_key=display_name&sort_dir=asc") == ["db", "web-1", "web-2"]
    first = (await world("GET", "/servers?limit=2")).body
    assert first["servers_links"][0]["rel"] == "next"
    marker = first["servers"][-1]["id"]
    assert f"marker={marker}" in first["servers_links"][0]["href"]
    assert await names(f"limit=2&marker={marker}") == ["web-1"]
    assert (await world("GET", "/servers?marker=nope")).status == 400
    assert (await world("GET", "/servers?all_tenants=1")).status == 403
    everybody = await world("GET", "/servers?all_tenants=1", user="admin")
    assert len(everybody.body["servers"]) == 3


async def test_changes_since_shows_what_was_deleted(world: World) -> None:
    server_id = await world.server()
    await world("DELETE", f"/servers/{server_id}")
    listed = await world("GET", "/servers/detail?changes-since=2020-01-01T00:00:00Z")
    assert [(s["id"], s["status"]) for s in listed.body["servers"]] == [(server_id, "DELETED")]


async def test_several_servers_at_once_are_numbered(world: World) -> None:
    answer = await world.boot(min_count=2, return_reservation_id=True)
    assert answer.body["reservation_id"].startswith("r-")
    listed = await world("GET", "/servers")
    assert {server["name"] for server in listed.body["servers"]} == {"web-1", "web-2"}


async def test_user_data_is_for_administrators(world: World) -> None:
    server_id = await world.server(user_data="aGVsbG8=", config_drive=True)
    shown = await world.show(server_id)
    assert "OS-EXT-SRV-ATTR:user_data" not in shown
    assert shown["config_drive"] == "True"
    shown = await world.show(server_id, user="admin", mv="2.3")
    assert shown["OS-EXT-SRV-ATTR:user_data"] == "aGVsbG8="


async def test_anti_affinity_runs_out_of_hosts(world: World) -> None:
    wish = {"server_group": {"name": "apart", "policies": ["anti-affinity"]}}
    group_id = (await world("POST", "/os-server-groups", wish)).body["server_group"]["id"]
    hosts = set()
    for _ in range(4):
        body = {
            "server": {"name": "a", "flavorRef": "1", "imageRef": IMAGE},
            "os:scheduler_hints": {"group": group_id},
        }
        server_id = (await world("POST", "/servers", body)).body["server"]["id"]
        shown = await world.show(server_id, user="admin")
        hosts.add(shown["OS-EXT-SRV-ATTR:host"])
    assert len(hosts) == 4  # three, and None for the last one
    assert shown["status"] == "ERROR"
    assert shown["fault"]["message"].startswith("No valid host was found.")
    members = (await world("GET", f"/os-server-groups/{group_id}")).body["server_group"]["members"]
    assert len(members) == 4


async def test_other_projects_servers_cannot_be_seen(world: World) -> None:
    server_id = await world.server(user="admin", networks="none", mv="2.37")
    assert (await world("GET", f"/servers/{server_id}")).status == 404
    assert (await world("GET", "/servers")).body == {"servers": []}
    assert (await world("GET", f"/servers/{NOWHERE}")).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {"server": []},
        {"server": {"name": 5}},
        {"server": {"name": "a", "flavorRef": "1", "imageRef": IMAGE, "networks": {}}},
        {"server": {"name": "a", "flavorRef": "1", "imageRef": IMAGE, "metadata": None}},
        {"server": {"name": "a", "flavorRef": True, "imageRef": IMAGE}},
        {
            "server": {"name": "a", "flavorRef": "1", "imageRef": IMAGE},
            "os:scheduler_hints": "x",
        },
        {
            "server": {"name": "a", "flavorRef": "1", "imageRef": IMAGE},
            "os:scheduler_hints": {"group": ["x"]},
        },
    ],
)
async def test_nonsense_is_refused(world: World, body: object) -> None:
    assert (await world("POST", "/servers", body)).status == 400


async def test_as_many_servers_as_the_quota_allows(world: World) -> None:
    await world.boot(min_count=1, max_count=10**9)
    assert len((await world("GET", "/servers")).body["servers"]) == 10
