"""Microversions, flavors, key pairs, server groups, quotas, hosts."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tests.localcloud.compute_world import NOWHERE, World, world
from tests.localcloud.conftest import Http

__all__ = ["world"]

PUBLIC_KEY = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4YePRe8lAMmB29AU1qTs+8czfMT55shMHGptMxd8xJ me@here"
)


async def test_the_version_document_needs_no_token(http: Http, url: str) -> None:
    version = (await http("GET", "/compute/v2.1/", user=None)).body["version"]
    assert (version["min_version"], version["version"]) == ("2.1", "2.96")
    assert version["links"][0]["href"] == f"{url}/compute/v2.1/"


@pytest.mark.parametrize(("asked", "status"), [("2.97", 406), ("3.1", 406), ("abc", 400)])
async def test_unknown_microversions_are_refused(world: World, asked: str, status: int) -> None:
    assert (await world("GET", "/servers", mv=asked)).status == status


async def test_replies_name_their_microversion(world: World) -> None:
    answer = await world("GET", "/servers", mv="latest")
    assert answer.headers["openstack-api-version"] == "compute 2.96"
    assert answer.headers["x-openstack-nova-api-version"] == "2.96"
    assert answer.headers["x-compute-request-id"] == answer.headers["x-openstack-request-id"]


async def test_servers_show_more_with_the_microversion(world: World) -> None:
    server_id = await world.server()
    steps = {
        "2.9": {"locked"},
        "2.19": {"description"},
        "2.26": {"tags"},
        "2.63": {"trusted_image_certificates"},
        "2.71": {"server_groups"},
        "2.73": {"locked_reason"},
        "2.90": {"OS-EXT-SRV-ATTR:hostname"},
        "2.96": {"pinned_availability_zone"},
    }
    known = set(await world.show(server_id, mv="2.1"))
    for mv, new in steps.items():
        shown = set(await world.show(server_id, mv=mv))
        assert shown - known == new
        known = shown
    assert (await world.show(server_id, mv="2.46"))["flavor"]["id"] == "1"
    assert (await world.show(server_id, mv="2.47"))["flavor"]["original_name"] == "m1.tiny"


async def _flavor(world: World, user: str = "admin", mv: str = "2.1", **wish: Any) -> Any:
    flavor = {"name": "big", "ram": 64, "vcpus": 1, "disk": 1, **wish}
    return await world("POST", "/flavors", {"flavor": flavor}, user=user, mv=mv)


async def test_flavors_are_made_by_administrators(world: World) -> None:
    refused = await _flavor(world, user="demo")
    assert refused.body["forbidden"]["message"] == (
        "Policy doesn't allow os_compute_api:os-flavor-manage:create to be performed."
    )
    made = await _flavor(world, id="big", swap=5, description="d", mv="2.75")
    assert made.body["flavor"]["swap"] == 5
    for wish, message in (
        ({"id": "big", "name": "x"}, "Flavor with ID big already exists."),
        ({"name": "big"}, "Flavor with name big already exists."),
    ):
        refused = await _flavor(world, **wish)
        assert (refused.status, refused.body["conflictingRequest"]["message"]) == (409, message)
    assert (await world("DELETE", "/flavors/big", user="admin")).status == 202
    assert (await world("GET", "/flavors/big")).status == 404


async def test_a_private_flavor_is_for_those_who_have_access(
    world: World, demo_project: str
) -> None:
    private: dict[str, Any] = {"os-flavor-access:is_public": False}
    await _flavor(world, id="mine", **private)
    assert (await world("GET", "/flavors/mine")).status == 404
    refused = await world.boot(flavorRef="mine")
    assert refused.body["badRequest"]["message"] == "Flavor mine could not be found."
    grant = {"addTenantAccess": {"tenant": demo_project}}
    await world("POST", "/flavors/mine/action", grant, user="admin")
    assert (await world("GET", "/flavors/mine")).status == 200
    assert (await world("POST", "/flavors/mine/action", grant, user="admin")).status == 409


async def test_extra_specs(world: World) -> None:
    path = "/flavors/1/os-extra_specs"
    await world("POST", path, {"extra_specs": {"a:b": "c"}}, user="admin")
    assert (await world("GET", path)).body == {"extra_specs": {"a:b": "c"}}
    assert (await world("GET", f"{path}/nope")).status == 404
    assert (await world("POST", path, {"extra_specs": {"a": "b"}})).status == 403
    assert (await world("DELETE", f"{path}/a:b", user="admin")).status == 200


async def test_a_generated_key_pair_works(world: World) -> None:
    made = await world("POST", "/os-keypairs", {"keypair": {"name": "k"}}, mv="2.2")
    pair = made.body["keypair"]
    assert (made.status, pair["type"]) == (201, "ssh")
    load_pem_private_key(pair["private_key"].encode(), password=None)
    shown = (await world("GET", "/os-keypairs/k")).body["keypair"]
    assert shown["fingerprint"] == pair["fingerprint"]
    assert "private_key" not in shown
    assert (await world.boot(key_name="k")).status == 202


async def test_an_imported_key_pair_has_its_md5_fingerprint(world: World) -> None:
    wish = {"keypair": {"name": "k", "public_key": PUBLIC_KEY}}
    made = await world("POST", "/os-keypairs", wish)
    assert made.body["keypair"]["fingerprint"] == "1b:bd:cf:67:c4:0e:6a:17:63:c2:b8:68:42:d3:b7:85"
    again = await world("POST", "/os-keypairs", wish)
    assert again.body["conflictingRequest"]["message"] == "Key pair 'k' already exists."
    assert (await world("GET", "/os-keypairs/k", user="admin")).status == 404
    assert (await world("DELETE", "/os-keypairs/k")).status == 202
    bad = {"keypair": {"name": "k", "public_key": "ssh-rsa AAAA"}}
    refused = await world("POST", "/os-keypairs", bad)
    assert refused.body["badRequest"]["message"] == (
        "Keypair data is invalid: failed to generate fingerprint"
    )
    assert (
        await world("POST", "/os-keypairs", {"keypair": {"name": "k"}}, mv="2.92")
    ).status == 400


async def test_server_groups_have_one_policy_since_2_64(world: World) -> None:
    wish = {"name": "g", "policy": "anti-affinity", "rules": {"max_server_per_host": 2}}
    made = await world("POST", "/os-server-groups", {"server_group": wish}, mv="2.64")
    group_id = made.body["server_group"]["id"]
    old = (await world("GET", f"/os-server-groups/{group_id}")).body["server_group"]
    assert (old["policies"], "policy" in old) == (["anti-affinity"], False)
    rules = {**wish, "policy": "affinity"}
    refused = await world("POST", "/os-server-groups", {"server_group": rules}, mv="2.64")
    assert refused.body["badRequest"]["message"] == "Only anti-affinity policy supports rules."
    assert (await world("DELETE", f"/os-server-groups/{group_id}")).status == 204
    assert (await world("GET", f"/os-server-groups/{NOWHERE}")).status == 404


async def test_limits_count_what_is_used(world: World, demo_project: str) -> None:
    await world.server(flavorRef="3")
    absolute = (await world("GET", "/limits", mv="2.57")).body["limits"]["absolute"]
    assert (absolute["totalInstancesUsed"], absolute["totalCoresUsed"]) == (1, 2)
    detail = await world("GET", f"/os-quota-sets/{demo_project}/detail", mv="2.57")
    assert detail.body["quota_set"]["ram"] == {"limit": 51200, "in_use": 4096, "reserved": 0}
    assert "injected_files" not in detail.body["quota_set"]
    lower = {"quota_set": {"cores": 1}}
    refused = await world("PUT", f"/os-quota-sets/{demo_project}", lower, user="admin")
    assert refused.status == 400


async def test_hosts_are_for_administrators(world: World) -> None:
    zones = (await world("GET", "/os-availability-zone")).body["availabilityZoneInfo"]
    assert [zone["zoneName"] for zone in zones] == ["nova"]
    for path in ("/os-hypervisors", "/os-services", "/os-availability-zone/detail"):
        assert (await world("GET", path)).status == 403
        assert (await world("GET", path, user="admin")).status == 200
