"""Images over HTTP: records, data, patches, deletion."""

import hashlib
from typing import Any

import pytest
from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud

IMAGES = "/image/v2/images"
NOWHERE = "11111111-1111-4111-8111-111111111111"
BARE = {"disk_format": "raw", "container_format": "bare"}
_PATCH = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
_BYTES = {"Content-Type": "application/octet-stream"}


async def create(http: Http, user: str = "demo", **fields: Any) -> str:
    answer = await http("POST", IMAGES, {**BARE, **fields}, user=user)
    assert answer.status == 201, answer.body
    image_id: str = answer.body["id"]
    return image_id


async def patch(http: Http, image_id: str, *changes: object, user: str = "demo") -> Answer:
    return await http("PATCH", f"{IMAGES}/{image_id}", list(changes), user=user, headers=_PATCH)


def replace(name: str, value: object) -> dict[str, object]:
    return {"op": "replace", "path": f"/{name}", "value": value}


async def upload(http: Http, image_id: str, content: bytes, user: str = "demo") -> Answer:
    path = f"{IMAGES}/{image_id}/file"
    return await http("PUT", path, user=user, data=content, headers=_BYTES)


async def show(http: Http, image_id: str, user: str = "demo") -> Any:
    return (await http("GET", f"{IMAGES}/{image_id}", user=user)).body


async def test_versions_lead_to_v2(http: Http) -> None:
    answer = await http("GET", "/image/", user=None)
    assert answer.status == 300
    newest = answer.body["versions"][0]
    assert (newest["id"], newest["status"]) == ("v2.17", "CURRENT")
    assert newest["links"][0]["href"].endswith("/image/v2/")


async def test_an_active_public_image_is_there_from_the_start(http: Http) -> None:
    [image] = (await http("GET", IMAGES)).body["images"]
    assert (image["name"], image["status"], image["visibility"]) == ("cirros", "active", "public")
    data = (await http("GET", image["file"].replace("/v2", "/image/v2"))).body
    assert hashlib.md5(data, usedforsecurity=False).hexdigest() == image["checksum"]


async def test_a_new_image_has_the_defaults_of_the_service(http: Http, demo_project: str) -> None:
    answer = await http("POST", IMAGES, {"hw_disk_bus": "scsi", "tags": ["a", "a"]})
    image = answer.body
    assert answer.status == 201
    assert answer.headers["location"].endswith(f"{IMAGES}/{image['id']}")
    assert image["self"] == f"/v2/images/{image['id']}"
    expected = {
        "name": None,
        "status": "queued",
        "visibility": "shared",
        "owner": demo_project,
        "tags": ["a"],
        "size": None,
        "min_disk": 0,
        "protected": False,
        "hw_disk_bus": "scsi",
    }
    assert {name: image[name] for name in expected} == expected
    assert "stores" not in image


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        ({"id": "abc"}, 400, "does not match"),
        ({"name": 1}, 400, "is not of type"),
        ({"min_disk": -1}, 400, "negative"),
        ({"min_ram": 2**31}, 400, "out of range"),
        ({"min_disk": True}, 400, "is not of type"),
        ({"disk_format": "floppy"}, 400, "is not one of"),
        ({"tags": ["x" * 256]}, 400, "too long"),
        ({"hw_x": 1}, 400, "is not of type"),
        ({"visibility": "public"}, 403, "publicize_image"),
        ({"status": "active"}, 403, "read-only"),
        ({"os_glance_x": "1"}, 403, "reserved"),
        ({"owner": "somebody"}, 403, "not permitted"),
        ({f"k{n}": "x" for n in range(129)}, 413, "Attempted: 129, Maximum: 128"),
    ],
)
async def test_wishes_are_checked(
    http: Http, fields: dict[str, object], status: int, text: str
) -> None:
    answer = await http("POST", IMAGES, fields)
    assert (answer.status, text in answer.body.decode()) == (status, True)
    assert answer.headers["content-type"].startswith("text/html")


async def test_an_id_is_given_once(http: Http) -> None:
    assert await create(http, id=NOWHERE) == NOWHERE
    assert (await http("POST", IMAGES, {"id": NOWHERE})).status == 409
    assert (await http("DELETE", f"{IMAGES}/{NOWHERE}")).status == 204
    assert (await http("POST", IMAGES, {"id": NOWHERE})).status == 409


async def test_data_makes_the_image_active(http: Http) -> None:
    image_id = await create(http)
    assert (await http("GET", f"{IMAGES}/{image_id}/file")).status == 204
    assert (await upload(http, image_id, b"abcdef")).status == 204
    image = await show(http, image_id)
    assert (image["status"], image["size"], image["virtual_size"]) == ("active", 6, 6)
    assert image["os_hash_value"] == hashlib.sha512(b"abcdef").hexdigest()
    data = await http("GET", f"{IMAGES}/{image_id}/file")
    assert (data.status, data.body) == (200, b"abcdef")
    assert data.headers["content-md5"] == image["checksum"]
    assert (await upload(http, image_id, b"again")).status == 409


async def test_a_slow_upload_is_saving(http: Http, cloud: LocalCloud) -> None:
    cloud.frame.timings.seconds = {"image.image.upload": 5.0}
    image_id = await create(http)
    await upload(http, image_id, b"abc")
    assert (await show(http, image_id))["status"] == "saving"
    cloud.advance(5)
    assert (await show(http, image_id))["status"] == "active"


async def test_an_upload_can_fail(http: Http, cloud: LocalCloud) -> None:
    cloud.inject("image.image.upload", state="killed")
    image_id = await create(http)
    await upload(http, image_id, b"abc")
    image = await show(http, image_id)
    assert (image["status"], image["size"]) == ("killed", None)
    assert (await http("GET", f"{IMAGES}/{image_id}/file")).status == 204


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        ("bytes=1-2", 206, b"bc"),
        ("bytes=4-100", 206, b"ef"),
        ("bytes=-2", 206, b"ef"),
        ("bytes=6-7", 416, None),
        ("lines=1-2", 416, None),
        ("bytes=0-1,3-4", 400, None),
    ],
)
async def test_parts_of_the_data(http: Http, asked: str, status: int, body: bytes | None) -> None:
    image_id = await create(http)
    await upload(http, image_id, b"abcdef")
    answer = await http("GET", f"{IMAGES}/{image_id}/file", headers={"Range": asked})
    assert answer.status == status
    if body is not None:
        assert answer.body == body


async def test_uploads_are_checked(http: Http) -> None:
    bare = await http("POST", IMAGES, {})
    assert (await upload(http, bare.body["id"], b"abc")).status == 400
    raw = await create(http)
    path, sized = f"{IMAGES}/{raw}/file", {**_BYTES, "X-OpenStack-Image-Size": "4"}
    assert (await http("PUT", path, data=b"abc", headers=sized)).status == 400
    assert (await http("PUT", path, {"a": 1})).status == 415


@pytest.mark.parametrize("disk_format", ["qcow2", "vmdk", "iso", "raw"])
async def test_data_of_any_format_is_taken(http: Http, disk_format: str) -> None:
    """What people try a cloud with is seldom a real disk."""
    image_id = await create(http, disk_format=disk_format)
    assert (await upload(http, image_id, b"anything")).status == 204
    assert (await show(http, image_id))["status"] == "active"


async def test_patches_change_attributes_and_properties(http: Http) -> None:
    image_id = await create(http, name="a", hw_x="1")
    answer = await patch(
        http,
        image_id,
        replace("name", "b"),
        {"op": "add", "path": "/a~1b", "value": "c"},
        {"op": "remove", "path": "/hw_x"},
    )
    assert (answer.body["name"], answer.body["a/b"]) == ("b", "c")
    assert "hw_x" not in await show(http, image_id)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"op": "remove", "path": "/name"}, 403),
        ({"op": "remove", "path": "/nothing"}, 409),
        (replace("nothing", "x"), 409),
        (replace("status", "active"), 403),
        (replace("id", NOWHERE), 403),
        (replace("owner", "x"), 403),
        (replace("visibility", "public"), 403),
        (replace("visibility", "secret"), 400),
        (replace("min_disk", "5"), 400),
        ({"op": "copy", "path": "/a", "value": "x"}, 400),
        ({"op": "add", "path": "/a"}, 400),
        ({"op": "add", "path": "/a/b", "value": "x"}, 400),
        ({"op": "add", "path": "a", "value": "x"}, 400),
        (1, 400),
    ],
)
async def test_a_bad_change_changes_nothing(http: Http, change: object, status: int) -> None:
    image_id = await create(http, name="a")
    before = await show(http, image_id)
    assert (await patch(http, image_id, replace("name", "b"), change)).status == status
    assert await show(http, image_id) == before


async def test_patches_have_their_media_types(http: Http) -> None:
    image_id = await create(http)
    path = f"{IMAGES}/{image_id}"
    assert (await http("PATCH", path, [])).status == 415
    old = {"Content-Type": "application/openstack-images-v2.0-json-patch"}
    answer = await http("PATCH", path, [{"add": "/zoo", "value": "1"}], headers=old)
    assert answer.body["zoo"] == "1"


async def test_formats_are_fixed_once_there_is_data(http: Http) -> None:
    image_id = await create(http)
    assert (await patch(http, image_id, replace("disk_format", "ploop"))).status == 200
    await upload(http, image_id, b"abc")
    assert (await patch(http, image_id, replace("disk_format", "raw"))).status == 403


async def test_protected_images_stay(http: Http) -> None:
    image_id = await create(http, protected=True)
    assert (await http("DELETE", f"{IMAGES}/{image_id}")).status == 403
    await patch(http, image_id, replace("protected", False))
    assert (await http("DELETE", f"{IMAGES}/{image_id}")).status == 204
    gone = await http("GET", f"{IMAGES}/{image_id}")
    assert gone.status == 404
    assert f"No image found with ID {image_id}" in gone.body.decode()


async def test_deactivated_images_give_no_data(http: Http) -> None:
    image_id = await create(http)
    path = f"{IMAGES}/{image_id}"
    assert (await http("POST", f"{path}/actions/deactivate")).status == 403
    await upload(http, image_id, b"abc")
    assert (await http("POST", f"{path}/actions/deactivate")).status == 204
    assert (await show(http, image_id))["status"] == "deactivated"
    assert (await http("GET", f"{path}/file")).status == 403
    assert (await http("GET", f"{path}/file", user="admin")).status == 200
    assert (await http("POST", f"{path}/actions/reactivate")).status == 204
    assert (await http("GET", f"{path}/file")).status == 200


async def test_tags(http: Http) -> None:
    image_id = await create(http)
    path = f"{IMAGES}/{image_id}/tags"
    assert (await http("PUT", f"{path}/one")).status == 204
    assert (await http("PUT", f"{path}/one")).status == 204
    assert (await show(http, image_id))["tags"] == ["one"]
    assert (await http("DELETE", f"{path}/one")).status == 204
    assert (await http("DELETE", f"{path}/one")).status == 404
    assert (await http("PUT", f"{path}/{'t' * 256}")).status == 400


@pytest.mark.parametrize("name", ["image", "images", "member", "members"])
async def test_schemas_can_be_read(http: Http, name: str) -> None:
    schema = (await http("GET", f"/image/v2/schemas/{name}")).body
    assert schema["name"] == name
    assert "properties" in schema


async def test_the_image_schema_names_what_an_image_shows(http: Http) -> None:
    schema = (await http("GET", "/image/v2/schemas/image")).body
    [image] = (await http("GET", IMAGES)).body["images"]
    assert set(image) <= set(schema["properties"])
