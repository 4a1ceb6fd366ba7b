"""Volumes: making, changing, losing them; types, quotas, lists."""

from typing import Any

import pytest
from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud

NOWHERE = "11111111-1111-4111-8111-111111111111"
SERVER = "22222222-2222-4222-8222-222222222222"


class Volumes:
    """A client of block storage in the user's project."""

    def __init__(self, http: Http, cloud: LocalCloud) -> None:
        self.http = http
        self.cloud = cloud
        self.project_ids = {
            name: cloud.identity.projects.find(name=name, domain_id="default")[0].id
            for name in ("admin", "demo")
        }

    async def __call__(
        self, method: str, path: str, body: object = None, *, user: str = "demo", mv: str = "3.71"
    ) -> Answer:
        headers = {"OpenStack-API-Version": f"volume {mv}"}
        url = f"/volume/v3/{self.project_ids[user]}{path}"
        return await self.http(method, url, body, user=user, headers=headers)

    async def make(self, **wish: Any) -> str:
        """The id of a new volume that is available by the next request."""
        answer = await self("POST", "/volumes", {"volume": {"size": 1, **wish}})
        assert answer.status == 202, answer.body
        made_id: str = answer.body["volume"]["id"]
        return made_id

    async def show(self, volume_id: str, **more: Any) -> dict[str, Any]:
        answer = await self("GET", f"/volumes/{volume_id}", **more)
        assert answer.status == 200, answer.body
        volume: dict[str, Any] = answer.body["volume"]
        return volume

    async def act(
        self, volume_id: str, action: str, argument: object = None, **more: Any
    ) -> Answer:
        return await self("POST", f"/volumes/{volume_id}/action", {action: argument or {}}, **more)

    async def snapshot(self, volume_id: str, **wish: Any) -> str:
        answer = await self("POST", "/snapshots", {"snapshot": {"volume_id": volume_id, **wish}})
        assert answer.status == 202, answer.body
        made_id: str = answer.body["snapshot"]["id"]
        return made_id


@pytest.fixture
def volumes(http: Http, cloud: LocalCloud) -> Volumes:
    return Volumes(http, cloud)


def message(answer: Answer) -> str:
    (fault,) = answer.body.values()
    assert fault["code"] == answer.status
    text: str = fault["message"]
    return text


async def test_a_volume_is_created_shown_and_deleted(volumes: Volumes) -> None:
    answer = await volumes("POST", "/volumes", {"volume": {"size": "2", "name": "data"}})
    made = answer.body["volume"]
    assert (answer.status, made["status"], made["size"]) == (202, "creating", 2)
    assert answer.headers["openstack-api-version"] == "volume 3.71"
    assert answer.headers["x-compute-request-id"] == answer.headers["x-openstack-request-id"]

    shown = await volumes.show(made["id"])
    assert shown["status"] == "available"
    assert shown["bootable"] == "false"
    assert shown["created_at"].endswith(".000000")
    assert shown["volume_type"] == "__DEFAULT__"

    assert (await volumes("DELETE", f"/volumes/{made['id']}")).status == 202
    gone = await volumes("GET", f"/volumes/{made['id']}")
    assert (gone.status, message(gone)) == (404, f"Volume {made['id']} could not be found.")


async def test_states_last_as_long_as_their_timings(volumes: Volumes) -> None:
    volumes.cloud.frame.timings.seconds = {"block-storage.volume.*": 5.0}
    volume_id = await volumes.make()
    assert (await volumes.show(volume_id))["status"] == "creating"
    volumes.cloud.advance(5)
    assert (await volumes.act(volume_id, "os-extend", {"new_size": 3})).status == 202
    assert (await volumes.show(volume_id))["status"] == "extending"
    volumes.cloud.advance(5)
    assert ((shown := await volumes.show(volume_id))["status"], shown["size"]) == ("available", 3)
    await volumes("DELETE", f"/volumes/{volume_id}")
    assert (await volumes.show(volume_id))["status"] == "deleting"


async def test_what_an_earlier_version_left_under_way_ends(volumes: Volumes) -> None:
    """It scheduled the end of a create without saying in which status."""
    volumes.cloud.frame.timings.seconds = {"block-storage.volume.*": 5.0}
    volume_id = await volumes.make()
    schedule = volumes.cloud.frame.schedule
    schedule.cancel("block-storage", volume_id)
    schedule.add("block-storage", "volume.complete", volume_id, after=5.0, args={})
    volumes.cloud.advance(5)
    assert (await volumes.show(volume_id))["status"] == "available"


async def test_an_injected_fault_ends_in_the_services_error_states(volumes: Volumes) -> None:
    volumes.cloud.inject("block-storage.volume.create", state="error", count=1)
    broken = await volumes.make()
    assert (await volumes.show(broken))["status"] == "error"
    volumes.cloud.inject("block-storage.volume.delete", state="error", count=1)
    await volumes("DELETE", f"/volumes/{broken}")
    assert (await volumes.show(broken))["status"] == "error_deleting"


@pytest.mark.parametrize(
    ("wish", "status", "words"),
    [
        ({"size": 0}, 400, "0 is less than the minimum of 1"),
        ({"size": "big"}, 400, "does not match"),
        ({"size": None}, 400, "malformed"),
        ({"size": 1, "junk": 1}, 400, "'junk' was unexpected"),
        ({"size": 1, "volume_type": "none"}, 404, "Volume type with name none could not"),
        ({"size": 1, "availability_zone": "mars"}, 400, "Availability zone 'mars' is invalid."),
        ({"size": 1, "imageRef": NOWHERE}, 400, "Invalid image identifier"),
        ({"size": 1, "snapshot_id": NOWHERE}, 404, f"Snapshot {NOWHERE} could not be found."),
        ({"size": 1, "source_volid": NOWHERE}, 404, f"Volume {NOWHERE} could not be found."),
        ({"size": 1, "snapshot_id": NOWHERE, "source_volid": NOWHERE}, 400, "only one of"),
        ({"size": 1, "multiattach": True}, 400, "multiattach parameter has been removed"),
        ({"size": 1, "metadata": {"a": 1}}, 400, "not of type 'string'"),
        ({"size": 5000}, 413, "quota is 1000G and 0G has been consumed"),
    ],
)
async def test_wishes_that_cannot_be_met(
    volumes: Volumes, wish: dict[str, Any], status: int, words: str
) -> None:
    answer = await volumes("POST", "/volumes", {"volume": wish})
    assert answer.status == status
    assert words in message(answer)


async def test_a_volume_from_an_image_is_bootable_and_knows_it(volumes: Volumes) -> None:
    (image,) = (await volumes.http("GET", "/image/v2/images?name=cirros")).body["images"]
    shown = await volumes.show(await volumes.make(imageRef=image["id"]))
    assert shown["bootable"] == "true"
    assert shown["volume_image_metadata"]["image_id"] == image["id"]
    assert shown["volume_image_metadata"]["image_name"] == "cirros"
    assert shown["volume_image_metadata"]["disk_format"] == image["disk_format"]


async def test_copies_are_as_large_as_their_source_at_least(volumes: Volumes) -> None:
    origin = await volumes.make(size=2)
    snapshot = await volumes.snapshot(origin)
    wish = {"volume": {"snapshot_id": snapshot}}
    copy = (await volumes("POST", "/volumes", wish)).body["volume"]
    assert (copy["size"], copy["snapshot_id"]) == (2, snapshot)
    wish = {"volume": {"source_volid": origin, "size": 1}}  # type: ignore[dict-item]
    assert "cannot be smaller" in message(await volumes("POST", "/volumes", wish))


async def test_a_volume_with_snapshots_stays_unless_they_go_too(volumes: Volumes) -> None:
    volume_id = await volumes.make()
    snapshot_id = await volumes.snapshot(volume_id)
    refused = await volumes("DELETE", f"/volumes/{volume_id}")
    assert refused.status == 400
    assert "have snapshots" in message(refused)
    assert (await volumes("DELETE", f"/volumes/{volume_id}?cascade=True")).status == 202
    assert (await volumes("GET", f"/snapshots/{snapshot_id}")).status == 404


async def test_an_attachment_goes_from_reserved_to_in_use(volumes: Volumes) -> None:
    volume_id = await volumes.make()
    wish = {"volume_uuid": volume_id, "instance_uuid": SERVER}
    answer = await volumes("POST", "/attachments", {"attachment": wish})
    attachment = answer.body["attachment"]
    assert attachment["status"] == (await volumes.show(volume_id))["status"] == "reserved"
    assert (await volumes("POST", "/attachments", {"attachment": wish})).status == 400

    path = f"/attachments/{attachment['id']}"
    connector = {"host": "h", "mountpoint": "/dev/vdc"}
    await volumes("PUT", path, {"attachment": {"connector": connector}})
    assert (await volumes.show(volume_id))["status"] == "attaching"
    assert (await volumes("POST", f"{path}/action", {"os-complete": {}})).status == 204

    shown = await volumes.show(volume_id)
    assert shown["status"] == "in-use"
    (held,) = shown["attachments"]
    assert (held["server_id"], held["device"]) == (SERVER, "/dev/vdc")
    assert (await volumes("DELETE", f"/volumes/{volume_id}")).status == 400

    assert (await volumes("DELETE", path)).body == {"attachments": []}
    assert (await volumes.show(volume_id))["status"] == "available"
    assert (await volumes("GET", path)).status == 404
    assert (await volumes("GET", "/attachments", mv="3.0")).status == 404


async def test_the_older_way_to_attach(volumes: Volumes) -> None:
    volume_id = await volumes.make()
    assert (await volumes.act(volume_id, "os-reserve")).status == 202
    assert "must be available to reserve" in message(await volumes.act(volume_id, "os-reserve"))
    wish = {"instance_uuid": SERVER, "mountpoint": "/dev/vdb"}
    assert (await volumes.act(volume_id, "os-attach", wish)).status == 202
    shown = await volumes.show(volume_id)
    assert (shown["status"], shown["metadata"]["attached_mode"]) == ("in-use", "rw")
    assert (await volumes.act(volume_id, "os-begin_detaching")).status == 202
    assert (await volumes.show(volume_id))["status"] == "detaching"
    assert (await volumes.act(volume_id, "os-detach")).status == 202
    assert (await volumes.show(volume_id))["attachments"] == []


async def test_a_volume_shared_by_its_type_has_several_attachments(volumes: Volumes) -> None:
    specs = {"name": "shared", "extra_specs": {"multiattach": "<is> True"}}
    made = await volumes("POST", "/types", {"volume_type": specs}, user="admin")
    assert made.status == 200
    volume_id = await volumes.make(volume_type="shared")
    for server_id in (SERVER, NOWHERE):
        wish = {"volume_uuid": volume_id, "instance_uuid": server_id, "connector": {"host": "h"}}
        answer = await volumes("POST", "/attachments", {"attachment": wish})
        path = f"/attachments/{answer.body['attachment']['id']}"
        await volumes("POST", f"{path}/action", {"os-complete": {}})
    assert len((await volumes.show(volume_id))["attachments"]) == 2
    await volumes("DELETE", path)
    assert (await volumes.show(volume_id))["status"] == "in-use"
    type_id = made.body["volume_type"]["id"]
    in_use = await volumes("DELETE", f"/types/{type_id}", user="admin")
    assert message(in_use) == "Target volume type is still in use."


async def test_extending_only_upwards_and_only_what_is_free(volumes: Volumes) -> None:
    volume_id = await volumes.make()
    same = await volumes.act(volume_id, "os-extend", {"new_size": 1})
    assert "must be greater than current size" in message(same)
    assert (await volumes.act(volume_id, "os-reserve")).status == 202
    busy = await volumes.act(volume_id, "os-extend", {"new_size": 2})
    assert (busy.status, "currently attaching" in message(busy)) == (400, True)


async def test_what_is_for_administrators(volumes: Volumes) -> None:
    volume_id = await volumes.make()
    refused = await volumes.act(volume_id, "os-reset_status", {"status": "error"})
    assert (refused.status, "Policy doesn't allow" in message(refused)) == (403, True)
    reset = await volumes.act(volume_id, "os-reset_status", {"status": "error"}, user="admin")
    assert reset.status == 202
    assert (await volumes.show(volume_id))["status"] == "error"
    assert (await volumes.act(volume_id, "os-force_delete", user="admin")).status == 202
    assert (await volumes("GET", f"/volumes/{volume_id}")).status == 404
    assert (await volumes("GET", "/os-services")).status == 403


async def test_quotas_are_enforced_and_counted(volumes: Volumes) -> None:
    path = f"/os-quota-sets/{volumes.project_ids['demo']}"
    wish = {"quota_set": {"volumes": 1, "snapshots": 0}}
    assert (await volumes("PUT", path, wish)).status == 403
    assert (await volumes("PUT", path, wish, user="admin")).status == 200
    volume_id = await volumes.make()

    more = await volumes("POST", "/volumes", {"volume": {"size": 1}})
    assert more.status == 413
    assert more.headers["retry-after"] == "0"
    assert message(more) == (
        "VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded for quota 'volumes'."
    )
    snapshot = await volumes("POST", "/snapshots", {"snapshot": {"volume_id": volume_id}})
    assert "Maximum number of snapshots allowed (0) exceeded" in message(snapshot)
    used = (await volumes("GET", f"{path}?usage=True")).body["quota_set"]["volumes"]
    assert used == {"limit": 1, "in_use": 1, "reserved": 0}
    absolute = (await volumes("GET", "/limits")).body["limits"]["absolute"]
    assert (absolute["maxTotalVolumes"], absolute["totalVolumesUsed"]) == (1, 1)
    assert (await volumes("DELETE", path, user="admin")).status == 200
    await volumes.make()


async def test_lists_are_filtered_ordered_and_paged(volumes: Volumes) -> None:
    ids = [await volumes.make(name=name, metadata={"n": name}) for name in ("c", "a", "b")]
    newest_first = (await volumes("GET", "/volumes")).body["volumes"]
    assert [each["id"] for each in newest_first] == ids[::-1]
    by_name = (await volumes("GET", "/volumes?sort=name:asc")).body["volumes"]
    assert [each["name"] for each in by_name] == ["a", "b", "c"]

    first = (await volumes("GET", "/volumes/detail?limit=2&sort=name:asc")).body
    assert [each["name"] for each in first["volumes"]] == ["a", "b"]
    following = first["volumes_links"][0]["href"].partition(volumes.project_ids["demo"])[2]
    assert [each["name"] for each in (await volumes("GET", following)).body["volumes"]] == ["c"]

    one = (await volumes("GET", "/volumes/detail?metadata={'n':'a'}&with_count=True")).body
    assert (one["count"], one["volumes"][0]["name"]) == (1, "a")
    assert (await volumes("GET", "/volumes?status=error")).body["volumes"] == []
    for query in ("nonsense=1", "limit=-1", "limit=x", "sort=nonsense"):
        assert (await volumes("GET", f"/volumes?{query}")).status == 400
    assert (await volumes("GET", f"/volumes?marker={NOWHERE}")).status == 404


async def test_projects_do_not_see_each_others_volumes(volumes: Volumes) -> None:
    mine = await volumes.make()
    wish = {"volume": {"size": 1}}
    theirs = (await volumes("POST", "/volumes", wish, user="admin")).body["volume"]["id"]
    assert (await volumes("GET", f"/volumes/{theirs}")).status == 404
    assert (await volumes("DELETE", f"/volumes/{theirs}")).status == 404
    everybody = await volumes("GET", "/volumes?all_tenants=1")
    assert [each["id"] for each in everybody.body["volumes"]] == [mine]
    everybody = await volumes("GET", "/volumes?all_tenants=1", user="admin")
    assert {each["id"] for each in everybody.body["volumes"]} == {mine, theirs}
    url = f"/volume/v3/{volumes.project_ids['admin']}/volumes"
    assert (await volumes.http("GET", url)).status == 400


async def test_metadata_of_volumes_and_snapshots(volumes: Volumes) -> None:
    volume_id = await volumes.make(metadata={"a": "b"})
    snapshot_id = await volumes.snapshot(volume_id, metadata={"a": "b"})
    for path in (f"/volumes/{volume_id}/metadata", f"/snapshots/{snapshot_id}/metadata"):
        added = await volumes("POST", path, {"metadata": {"c": "d"}})
        assert added.body["metadata"] == {"a": "b", "c": "d"}
        assert (await volumes("PUT", f"{path}/c", {"meta": {"c": "e"}})).body["meta"] == {"c": "e"}
        assert (await volumes("DELETE", f"{path}/a")).status == 200
        assert (await volumes("DELETE", f"{path}/a")).status == 404
        assert (await volumes("GET", path)).body["metadata"] == {"c": "e"}


async def test_backups_hold_their_volume_while_they_are_made(volumes: Volumes) -> None:
    volumes.cloud.frame.timings.seconds = {"block-storage.backup.*": 5.0}
    volume_id = await volumes.make()
    made = await volumes("POST", "/backups", {"backup": {"volume_id": volume_id, "name": "b"}})
    path = f"/backups/{made.body['backup']['id']}"
    assert (await volumes.show(volume_id))["status"] == "backing-up"
    assert (await volumes("DELETE", path)).status == 400
    volumes.cloud.advance(5)
    assert (await volumes.show(volume_id))["status"] == "available"
    assert (await volumes("GET", path)).body["backup"]["status"] == "available"

    restored = await volumes("POST", f"{path}/restore", {"restore": {}})
    volumes.cloud.advance(5)
    target = restored.body["restore"]["volume_id"]
    assert (await volumes.show(target))["status"] == "available"
    assert (await volumes("DELETE", path)).status == 202
    volumes.cloud.advance(5)
    assert (await volumes("GET", path)).status == 404


async def test_private_types_are_for_those_who_were_let_in(volumes: Volumes) -> None:
    wish = {"volume_type": {"name": "fast", "os-volume-type-access:is_public": False}}
    made = await volumes("POST", "/types", wish, user="admin")
    type_id = made.body["volume_type"]["id"]
    assert (await volumes("GET", f"/types/{type_id}")).status == 404
    let_in = {"addProjectAccess": {"project": volumes.project_ids["demo"]}}
    action = f"/types/{type_id}/action"
    assert (await volumes("POST", action, let_in, user="admin")).status == 202
    assert (await volumes("POST", action, let_in, user="admin")).status == 409
    assert (await volumes.show(await volumes.make(volume_type="fast")))["volume_type"] == "fast"


async def test_microversions_are_negotiated(volumes: Volumes) -> None:
    document = await volumes.http("GET", "/volume/", user=None)
    (version,) = document.body["versions"]
    assert (document.status, version["version"]) == (300, "3.71")
    assert (await volumes("GET", "/volumes", mv="3.99")).status == 406
    volume_id = await volumes.make()
    assert "volume_type_id" not in await volumes.show(volume_id, mv="3.62")
    assert "volume_type_id" in await volumes.show(volume_id, mv="3.63")


async def test_what_compute_has_plugged_in_only_compute_unplugs(volumes: Volumes) -> None:
    (image,) = (await volumes.http("GET", "/image/v2/images?name=cirros")).body["images"]
    wish = {"name": "web", "flavorRef": "1", "imageRef": image["id"]}
    made = await volumes.http("POST", "/compute/v2.1/servers", {"server": wish})
    server_id = made.body["server"]["id"]
    volume_id = await volumes.make()
    attachments = f"/compute/v2.1/servers/{server_id}/os-volume_attachments"
    wish = {"volumeAttachment": {"volumeId": volume_id, "device": "/dev/vdb"}}
    assert (await volumes.http("POST", attachments, wish)).status == 200

    shown = await volumes.show(volume_id)
    assert shown["status"] == "in-use"
    (held,) = shown["attachments"]
    assert (held["server_id"], held["device"]) == (server_id, "/dev/vdb")
    refused = await volumes("DELETE", f"/attachments/{held['attachment_id']}")
    assert refused.status == 409
    assert message(refused).startswith(f"Detach volume from instance {server_id}")

    assert (await volumes.http("DELETE", f"{attachments}/{volume_id}")).status == 202
    assert (await volumes.show(volume_id))["status"] == "available"


async def test_a_server_boots_from_a_volume_of_its_own(volumes: Volumes) -> None:
    (image,) = (await volumes.http("GET", "/image/v2/images?name=cirros")).body["images"]
    disk = {
        "boot_index": 0,
        "uuid": image["id"],
        "source_type": "image",
        "destination_type": "volume",
        "volume_size": 3,
        "delete_on_termination": True,
    }
    wish = {"name": "web", "flavorRef": "1", "block_device_mapping_v2": [disk]}
    made = await volumes.http("POST", "/compute/v2.1/servers", {"server": wish})
    url = f"/compute/v2.1/servers/{made.body['server']['id']}"
    assert (await volumes.http("GET", url)).body["server"]["status"] == "ACTIVE"
    (volume,) = (await volumes("GET", "/volumes/detail")).body["volumes"]
    assert (volume["status"], volume["size"], volume["bootable"]) == ("in-use", 3, "true")
    assert (await volumes.http("DELETE", url)).status == 204
    assert (await volumes("GET", "/volumes")).body["volumes"] == []
