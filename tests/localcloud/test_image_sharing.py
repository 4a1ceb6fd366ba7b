"""Who sees which images, in lists and one by one; imports; what other services ask."""

from typing import Any

import pytest
from tests.localcloud.conftest import Http
from tests.localcloud.test_image import BARE, IMAGES, create, patch, replace, show, upload

from isotherm.localcloud import LocalCloud
from isotherm.localcloud.exchange import Caller, Fault


async def names(http: Http, query: str, user: str = "demo") -> list[str]:
    answer = await http("GET", f"{IMAGES}?{query}", user=user)
    assert answer.status == 200, answer.body
    return [image["name"] for image in answer.body["images"]]


@pytest.mark.parametrize(
    ("visibility", "seen", "listed", "change"),
    [
        ("private", 404, False, 404),
        ("shared", 404, False, 404),
        ("community", 200, False, 403),
        ("public", 200, True, 403),
    ],
)
async def test_visibility(
    http: Http, visibility: str, seen: int, listed: bool, change: int
) -> None:
    image_id = await create(http, "admin", name="x", visibility=visibility)
    assert (await http("GET", f"{IMAGES}/{image_id}")).status == seen
    assert ("x" in await names(http, "limit=100")) is listed
    assert (await patch(http, image_id, replace("name", "y"))).status == change
    assert (await http("DELETE", f"{IMAGES}/{image_id}")).status == change
    assert (await upload(http, image_id, b"x")).status == change


async def test_a_shared_image_is_listed_when_it_is_accepted(http: Http, demo_project: str) -> None:
    image_id = await create(http, "admin", name="x")
    path = f"{IMAGES}/{image_id}/members"
    assert (await http("GET", path)).status == 404
    added = await http("POST", path, {"member": demo_project}, user="admin")
    assert (added.status, added.body["status"]) == (200, "pending")
    again = await http("POST", path, {"member": demo_project}, user="admin")
    assert again.status == 409
    assert (await http("GET", f"{IMAGES}/{image_id}")).status == 200
    assert "x" not in await names(http, "visibility=shared")
    assert "x" in await names(http, "visibility=shared&member_status=pending")
    accepted = await http("PUT", f"{path}/{demo_project}", {"status": "accepted"})
    assert accepted.body["status"] == "accepted"
    assert "x" in await names(http, "")
    assert (await patch(http, image_id, replace("name", "y"))).status == 403
    assert (await http("DELETE", f"{path}/{demo_project}")).status == 403
    assert (await http("DELETE", f"{path}/{demo_project}", user="admin")).status == 204
    assert (await http("GET", f"{IMAGES}/{image_id}")).status == 404


async def test_members_are_checked(http: Http, demo_project: str) -> None:
    shared = f"{IMAGES}/{await create(http)}/members"
    assert (await http("POST", shared, {"member": ""})).status == 400
    assert (await http("POST", shared, {})).status == 400
    await http("POST", shared, {"member": "other"})
    assert (await http("PUT", f"{shared}/other", {"status": "accepted"})).status == 403
    assert (await http("PUT", f"{shared}/other", {"status": "x"}, user="admin")).status == 400
    private = f"{IMAGES}/{await create(http, visibility='private')}/members"
    assert (await http("POST", private, {"member": "other"})).status == 403
    assert (await http("GET", private)).status == 403


@pytest.fixture
async def four(http: Http, cloud: LocalCloud) -> list[str]:
    """L0 to L3, a second apart, tagged T; L1 and L2 have 5 and 10 bytes."""
    made = []
    for number in range(4):
        cloud.advance(1)
        extra: dict[str, Any] = {
            "tags": ["T", f"t{number}"],
            "min_ram": number,
            "hw_q": f"v{number % 2}",
        }
        made.append(await create(http, name=f"L{number}", **extra))
    await upload(http, made[1], b"x" * 5)
    await upload(http, made[2], b"x" * 10)
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "3210"),
        ("sort=name:asc", "0123"),
        ("sort_key=status&sort_dir=asc&sort_key=name&sort_dir=desc", "2130"),
        ("tag=t1", "1"),
        ("status=active", "21"),
        ("name=in:L0,L1", "10"),
        ("name=eq:L2", "2"),
        ("size_min=6", "2"),
        ("size_max=6", "1"),
        ("min_ram=2", "2"),
        ("hw_q=v1", "31"),
        ("foo=bar", ""),
        ("created_at=gt:2020-01-01T00:00:00Z", "3210"),
        ("created_at=lt:2020-01-01T00:00:00Z", ""),
        ("protected=true", ""),
        ("os_hidden=true", ""),
        ("visibility=private", ""),
        ("limit=0", ""),
    ],
)
@pytest.mark.usefixtures("four")
async def test_filters_and_order(http: Http, query: str, expected: str) -> None:
    assert "".join(name[1:] for name in await names(http, f"tag=T&{query}")) == expected


@pytest.mark.parametrize(
    "query",
    [
        *("limit=-1", "limit=x", "marker=x", "sort_key=foo", "sort_dir=foo", "sort=name:foo"),
        *("sort=name&sort_key=name", "name=neq:a", "size_min=x", "visibility=foo"),
        *("created_at=foo", "changes-since=2020-01-01T00:00:00Z", "protected=foo"),
        "visibility=shared&member_status=foo",
    ],
)
async def test_bad_queries(http: Http, query: str) -> None:
    assert (await http("GET", f"{IMAGES}?{query}")).status == 400


@pytest.mark.usefixtures("four")
async def test_pages_are_linked(http: Http) -> None:
    url, found, first = f"{IMAGES}?tag=T&limit=2&sort=name%3Aasc", [], None
    while url:
        body = (await http("GET", url)).body
        first = first or body["first"]
        assert body["first"] == first
        found += [image["name"] for image in body["images"]]
        url = "/image" + body["next"] if "next" in body else ""
    assert found == ["L0", "L1", "L2", "L3"]


async def test_hidden_images_are_listed_on_demand(http: Http) -> None:
    await create(http, name="x", os_hidden=True)
    assert "x" not in await names(http, "")
    assert await names(http, "os_hidden=true") == ["x"]


def _download(uri: object) -> dict[str, object]:
    return {"method": {"name": "web-download", "uri": uri}}


async def test_a_web_download_becomes_active(http: Http, cloud: LocalCloud) -> None:
    cloud.frame.timings.seconds = {"image.image.import": 3.0}
    image_id = await create(http)
    path = f"{IMAGES}/{image_id}/import"
    assert (await http("POST", path, _download("http://images.example/x.img"))).status == 202
    assert (await show(http, image_id))["status"] == "importing"
    assert (await http("POST", path, _download("http://images.example/x.img"))).status == 409
    cloud.advance(3)
    image = await show(http, image_id)
    assert image["status"] == "active"
    assert image["size"] == len((await http("GET", f"{IMAGES}/{image_id}/file")).body) > 0


async def test_a_web_download_can_fail(http: Http, cloud: LocalCloud) -> None:
    cloud.inject("image.image.import", state="queued")
    image_id = await create(http)
    await http("POST", f"{IMAGES}/{image_id}/import", _download("http://images.example/x"))
    image = await show(http, image_id)
    assert (image["status"], image["os_glance_failed_import"]) == ("queued", "local")


@pytest.mark.parametrize(
    "uri",
    [
        *("ftp://x/y", "file:///etc/passwd", "foo", "http://x:22/y", None, "http://[x"),
        *("http://127.0.0.1/x", "http://169.254.169.254/x", "http://localhost/x"),
    ],
)
async def test_web_downloads_are_filtered(http: Http, uri: object) -> None:
    image_id = await create(http)
    assert (await http("POST", f"{IMAGES}/{image_id}/import", _download(uri))).status == 400
    assert (await show(http, image_id))["status"] == "queued"


async def test_staged_data_is_imported(http: Http) -> None:
    image_id = (await http("POST", IMAGES, {})).body["id"]
    path, direct = f"{IMAGES}/{image_id}", {"method": {"name": "glance-direct"}}
    assert (await http("POST", f"{path}/import", direct)).status == 409
    headers = {"Content-Type": "application/octet-stream"}
    assert (await http("PUT", f"{path}/stage", data=b"abcd", headers=headers)).status == 204
    image = await show(http, image_id)
    assert (image["status"], image["size"]) == ("uploading", 4)
    assert (await http("POST", f"{path}/import", direct)).status == 409
    formats = [{"op": "replace", "path": f"/{name}", "value": BARE[name]} for name in BARE]
    assert (await patch(http, image_id, *formats)).status == 403


@pytest.fixture
def caller(demo_project: str) -> Caller:
    return Caller(
        token_id="t",
        user_id="u",
        user_name="demo",
        roles=frozenset({"member"}),
        project_id=demo_project,
        project_name="demo",
    )


async def test_other_services_find_images(http: Http, cloud: LocalCloud, caller: Caller) -> None:
    peer = cloud.frame.peers.image
    image_id = await create(http, min_disk=3, min_ram=64, hw_x="1")
    await upload(http, image_id, b"abc")
    await show(http, image_id)
    facts = peer.find_image(caller, image_id)
    assert (facts.status, facts.min_disk, facts.min_ram, facts.size) == ("active", 3, 64, 3)
    assert facts.properties == {"hw_x": "1"}
    assert peer.image_data(image_id) == b"abc"
    foreign = await create(http, "admin", visibility="private")
    with pytest.raises(Fault, match="No image found"):
        peer.find_image(caller, foreign)


async def test_snapshots_belong_to_the_project(
    http: Http, cloud: LocalCloud, caller: Caller
) -> None:
    peer = cloud.frame.peers.image
    image_id = peer.create_snapshot(
        caller, "snap", {"image_type": "snapshot", "disk_format": "vhd"}
    )
    queued = await show(http, image_id)
    assert (queued["status"], queued["visibility"]) == ("queued", "private")
    assert (queued["disk_format"], queued["container_format"]) == ("vhd", "bare")
    peer.complete_snapshot(image_id, 2**30)
    image = await show(http, image_id)
    assert (image["status"], image["size"], image["image_type"]) == ("active", 2**30, "snapshot")
    await http("DELETE", f"{IMAGES}/{image_id}")
    peer.complete_snapshot(image_id, 1)
    assert (await http("GET", f"{IMAGES}/{image_id}")).status == 404
