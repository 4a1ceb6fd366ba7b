"""Host aggregates, and the availability zones that they make up."""

from typing import Any

import pytest
from tests.localcloud.compute_world import World, world

__all__ = ["world"]

PATH = "/os-aggregates"


async def make(world: World, name: str, **more: Any) -> str:
    body = {"aggregate": {"name": name, **more}}
    made = await world("POST", PATH, body, user="admin")
    assert made.status == 200
    return str(made.body["aggregate"]["id"])


async def act(world: World, aggregate: str, action: str, **arguments: Any) -> Any:
    return await world("POST", f"{PATH}/{aggregate}/action", {action: arguments}, user="admin")


async def test_hosts_come_and_go_once(world: World) -> None:
    one = await make(world, "one")
    answers = [
        await act(world, one, action, host=host)
        for action, host in (
            ("add_host", "compute-1"),
            ("add_host", "compute-1"),
            ("add_host", "nowhere"),
            ("remove_host", "compute-2"),
        )
    ]
    assert [each.status for each in answers] == [200, 409, 404, 404]
    assert (await world("DELETE", f"{PATH}/{one}", user="admin")).status == 400
    await act(world, one, "remove_host", host="compute-1")
    assert (await world("DELETE", f"{PATH}/{one}", user="admin")).status == 200
    assert (await world("GET", f"{PATH}/{one}", user="admin")).status == 404


async def test_names_are_unique(world: World) -> None:
    await make(world, "one")
    two = await make(world, "two")
    body = {"aggregate": {"name": "one"}}
    assert (await world("POST", PATH, body, user="admin")).status == 409
    assert (await world("PUT", f"{PATH}/{two}", body, user="admin")).status == 409


async def test_metadata_that_is_null_goes(world: World) -> None:
    one = await make(world, "one", availability_zone="zone")
    await act(world, one, "set_metadata", metadata={"a": "b", "c": "d"})
    await act(world, one, "set_metadata", metadata={"c": None})
    shown = (await world("GET", f"{PATH}/{one}", user="admin", mv="2.41")).body["aggregate"]
    assert shown["metadata"] == {"a": "b", "availability_zone": "zone"}
    assert len(shown["uuid"]) == 36


async def test_only_administrators_see_them(world: World) -> None:
    assert (await world("GET", PATH)).status == 403


@pytest.mark.parametrize("zone", ["nova", "fast"])
async def test_servers_run_on_the_hosts_of_their_zone(world: World, zone: str) -> None:
    one = await make(world, "one", availability_zone="fast")
    await act(world, one, "add_host", host="compute-1")
    listed = (await world("GET", "/os-availability-zone")).body["availabilityZoneInfo"]
    assert [each["zoneName"] for each in listed] == ["fast", "nova"]
    for _ in range(3):
        server = await world.show(await world.server(availability_zone=zone), user="admin")
        on_first = server["OS-EXT-SRV-ATTR:host"] == "compute-1"
        assert (server["OS-EXT-AZ:availability_zone"], on_first) == (zone, zone == "fast")


async def test_hosts_with_servers_stay_in_their_zone(world: World) -> None:
    plain, zoned = await make(world, "plain"), await make(world, "zoned", availability_zone="z1")
    for host in ("compute-1", "compute-2", "compute-3"):
        await act(world, plain, "add_host", host=host)
    used = (await world.show(await world.server(), user="admin"))["OS-EXT-SRV-ATTR:host"]
    told = {"aggregate": {"availability_zone": "z2"}}
    refusals = [
        await world("PUT", f"{PATH}/{plain}", told, user="admin"),
        await act(world, plain, "set_metadata", metadata={"availability_zone": "z2"}),
        await act(world, zoned, "add_host", host=used),
    ]
    assert [each.status for each in refusals] == [400, 400, 409]
    assert (await act(world, plain, "remove_host", host=used)).status == 200
    assert (await world("PUT", f"{PATH}/{plain}", told, user="admin")).status == 200
    (free, *_) = {"compute-1", "compute-2", "compute-3"} - {used}
    await act(world, plain, "remove_host", host=free)
    await act(world, zoned, "add_host", host=free)
    await world.server(availability_zone="z1")
    assert (await act(world, zoned, "remove_host", host=free)).status == 409


async def test_a_host_is_in_one_zone(world: World) -> None:
    one, two = [await make(world, each, availability_zone=each) for each in ("z1", "z2")]
    plain = await make(world, "plain")
    for each in (one, plain):
        await act(world, each, "add_host", host="compute-1")
    assert (await act(world, two, "add_host", host="compute-1")).status == 409
    for zone in ("z2", None):
        told = {"aggregate": {"availability_zone": zone}}
        assert (await world("PUT", f"{PATH}/{plain}", told, user="admin")).status == 400
