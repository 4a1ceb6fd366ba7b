"""The object store: containers, objects, and who gets to them."""

import hmac
from hashlib import sha256
from typing import Any

import pytest
from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud


@pytest.fixture
def base(demo_project: str) -> str:
    return f"/object-store/v1/AUTH_{demo_project}"


async def names(http: Http, base: str, path: str = "", **query: Any) -> list[str]:
    answer = await http("GET", f"{base}{path}", params={"format": "json", **query})
    assert answer.status == 200
    return [each.get("name") or each["subdir"] for each in answer.body]


async def put(http: Http, path: str, data: bytes = b"", **headers: str) -> Answer:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return await http("PUT", path, data=data, headers=said)


async def test_a_container_has_its_life(http: Http, base: str) -> None:
    assert (await http("HEAD", f"{base}/c")).status == 404
    assert (await put(http, f"{base}/c", x_container_meta_colour="red")).status == 201
    assert (await put(http, f"{base}/c", x_container_meta_size="big")).status == 202
    shown = await http("HEAD", f"{base}/c")
    assert shown.status == 204
    assert shown.headers["x-container-meta-colour"] == "red"
    assert shown.headers["x-container-meta-size"] == "big"
    assert shown.headers["x-container-object-count"] == "0"
    assert (await put(http, f"{base}/c/o", b"12345")).status == 201
    refused = await http("DELETE", f"{base}/c")
    assert refused.status == 409
    assert b"There was a conflict" in refused.body
    account = await http("HEAD", base)
    assert account.headers["x-account-container-count"] == "1"
    assert account.headers["x-account-bytes-used"] == "5"
    assert (await http("DELETE", f"{base}/c/o")).status == 204
    assert (await http("DELETE", f"{base}/c")).status == 204
    assert (await http("DELETE", f"{base}/c")).status == 404


async def test_settings_go_as_they_came(http: Http, base: str) -> None:
    await put(http, f"{base}/c", x_container_read=".r:*", x_container_meta_colour="red")
    removal = {"X-Remove-Container-Read": "x", "X-Container-Meta-Colour": ""}
    assert (await http("POST", f"{base}/c", headers=removal)).status == 204
    shown = await http("HEAD", f"{base}/c")
    assert not {"x-container-read", "x-container-meta-colour"} & shown.headers.keys()
    long = await put(http, f"{base}/c", x_container_meta_a="x" * 257)
    assert (long.status, long.body[:24]) == (400, b"Metadata value longer th")
    assert (await put(http, f"{base}/{'n' * 257}")).status == 400
    assert (await put(http, f"{base}/c", x_versions_enabled="true")).status == 400


async def test_lists_are_cut_at_prefixes_markers_and_delimiters(http: Http, base: str) -> None:
    await put(http, f"{base}/c")
    assert (await http("GET", f"{base}/c")).status == 204
    for name in ("a/1", "a/2", "b", "c/3"):
        await put(http, f"{base}/c/{name}")
    assert await names(http, base, "/c") == ["a/1", "a/2", "b", "c/3"]
    assert await names(http, base, "/c", prefix="a/") == ["a/1", "a/2"]
    assert await names(http, base, "/c", delimiter="/") == ["a/", "b", "c/"]
    assert await names(http, base, "/c", prefix="a/", delimiter="/") == ["a/1", "a/2"]
    assert await names(http, base, "/c", marker="a/2", limit=1) == ["b"]
    assert await names(http, base, "/c", marker="b", reverse="true") == ["a/2", "a/1"]
    assert (await http("GET", f"{base}/c")).body == b"a/1\na/2\nb\nc/3\n"
    assert (await http("GET", f"{base}/c", params={"limit": "10001"})).status == 412
    assert (await http("GET", f"{base}/c", params={"format": "xml"})).status == 406
    assert await names(http, base) == ["c"]


async def test_an_object_is_read_as_it_was_written(http: Http, base: str) -> None:
    await put(http, f"{base}/c")
    headers = {"x_object_meta_who": "me", "content_disposition": "inline"}
    await put(http, f"{base}/c/a%20b.txt", b"0123456789", content_type="text/x", **headers)
    read = await http("GET", f"{base}/c/a%20b.txt", headers={"Range": "bytes=2-4"})
    assert (read.status, read.body) == (206, b"234")
    assert read.headers["content-range"] == "bytes 2-4/10"
    assert read.headers["content-type"] == "text/x"
    assert read.headers["x-object-meta-who"] == "me"
    assert read.headers["content-disposition"] == "inline"
    beyond = await http("GET", f"{base}/c/a%20b.txt", headers={"Range": "bytes=20-"})
    assert beyond.status == 416
    assert (
        await http("POST", f"{base}/c/a%20b.txt", headers={"X-Object-Meta-New": "1"})
    ).status == 202
    read = await http("HEAD", f"{base}/c/a%20b.txt")
    assert "x-object-meta-who" not in read.headers
    assert read.headers["content-length"] == "10"
    copied = await put(http, f"{base}/c/copy", x_copy_from="/c/a%20b.txt")
    assert copied.status == 201
    assert (await http("GET", f"{base}/c/copy")).body == b"0123456789"
    assert (await put(http, f"{base}/c/bad", b"x", etag="0" * 32)).status == 422
    assert (await put(http, f"{base}/none/x", b"x")).status == 404


async def test_an_object_ends_when_its_time_has_come(
    http: Http, base: str, cloud: LocalCloud
) -> None:
    await put(http, f"{base}/c")
    await put(http, f"{base}/c/o", b"x", x_delete_after="60")
    cloud.advance(59)
    assert (await http("GET", f"{base}/c/o")).status == 200
    cloud.advance(2)
    assert (await http("GET", f"{base}/c/o")).status == 404


async def test_older_versions_come_back(http: Http, base: str, cloud: LocalCloud) -> None:
    await put(http, f"{base}/old")
    await put(http, f"{base}/c", x_versions_location="old")
    for content in (b"one", b"two", b"three"):
        await put(http, f"{base}/c/o", content)
        cloud.advance(1)
    assert [each[:5] for each in await names(http, base, "/old")] == ["001o/", "001o/"]
    await http("DELETE", f"{base}/c/o")
    assert (await http("GET", f"{base}/c/o")).body == b"two"
    await http("DELETE", f"{base}/c/o")
    await http("DELETE", f"{base}/c/o")
    assert (await http("DELETE", f"{base}/c/o")).status == 404
    assert await names(http, base, "/old") == []
    await put(http, f"{base}/c", x_history_location="old")
    await put(http, f"{base}/c/o", b"four")
    await http("DELETE", f"{base}/c/o")
    assert len(await names(http, base, "/old")) == 1
    assert (await http("GET", f"{base}/c/o")).status == 404


async def test_others_get_in_by_access_lists_only(http: Http, base: str, stranger: str) -> None:
    await put(http, f"{base}/c")
    await put(http, f"{base}/c/o", b"x")
    assert (await http("GET", f"{base}/c/o", user=stranger)).status == 403
    assert (await http("GET", f"{base}/c/o", user=None)).status == 401
    assert (await http("GET", base, user=stranger)).status == 403
    await http("POST", f"{base}/c", headers={"X-Container-Read": "other:other"})
    assert (await http("GET", f"{base}/c/o", user=stranger)).status == 200
    assert (await http("PUT", f"{base}/c/o", user=stranger)).status == 403
    await http("POST", f"{base}/c", headers={"X-Container-Write": "other:*"})
    assert (await http("PUT", f"{base}/c/p", user=stranger, data=b"y")).status == 201
    assert (await http("GET", f"{base}/c/o", user=None)).status == 401
    await http("POST", f"{base}/c", headers={"X-Container-Read": ".r:*"})
    assert (await http("GET", f"{base}/c/o", user=None)).status == 200
    assert (await http("GET", f"{base}/c", user=None)).status == 401
    await http("POST", f"{base}/c", headers={"X-Container-Read": ".r:*,.rlistings"})
    assert (await http("GET", f"{base}/c", user=None)).status == 200


async def test_a_signed_address_opens_one_object_for_one_method(
    http: Http, base: str, cloud: LocalCloud
) -> None:
    await http("POST", base, headers={"X-Account-Meta-Temp-URL-Key": "key"})
    await put(http, f"{base}/c")
    expires = int(cloud.clock.now()) + 60

    def query(path: str, method: str = "PUT") -> dict[str, str]:
        said = f"{method}\n{expires}\n{path}".encode()
        signature = hmac.new(b"key", said, sha256).hexdigest()
        return {"temp_url_sig": signature, "temp_url_expires": str(expires)}

    path = f"{base}/c/o"
    signed = query(path)
    assert (await http("PUT", path, user=None, data=b"x", params=signed)).status == 201
    assert (await http("HEAD", path, user=None, params=signed)).status == 200
    assert (await http("GET", path, user=None, params=signed)).status == 401
    assert (await http("PUT", f"{path}2", user=None, params=signed)).status == 401
    short = query(path.removeprefix("/object-store"), "GET")
    assert (await http("GET", path, user=None, params=short)).status == 200
    cloud.advance(61)
    assert (await http("GET", path, user=None, params=short)).status == 401


async def test_quotas_refuse_what_is_too_much(http: Http, base: str) -> None:
    await put(http, f"{base}/c", x_container_meta_quota_bytes="5")
    assert (await put(http, f"{base}/c/o", b"12345")).status == 201
    assert (await put(http, f"{base}/c/o", b"54321")).status == 201
    full = await put(http, f"{base}/c/p", b"1")
    assert (full.status, full.body) == (413, b"Upload exceeds quota.")
    await put(http, f"{base}/d", x_container_meta_quota_count="0")
    assert (await put(http, f"{base}/d/p")).status == 413
    await http("POST", base, headers={"X-Account-Meta-Quota-Bytes": "6"})
    await put(http, f"{base}/e")
    assert (await put(http, f"{base}/e/p", b"12")).status == 413
