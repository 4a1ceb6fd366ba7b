"""Shared file systems over HTTP: shares, their networks, types and quotas."""

from typing import Any

from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud

SHARE = "/share/v2"


async def call(
    http: Http, method: str, path: str, body: Any = None, *, user: str = "demo", minor: int = 42
) -> Answer:
    version = {"X-OpenStack-Manila-API-Version": f"2.{minor}"}
    return await http(method, f"{SHARE}{path}", body, user=user, headers=version)


async def make(http: Http, path: str, key: str, user: str = "demo", **wish: Any) -> dict[str, Any]:
    answer = await call(http, "POST", path, {key: wish}, user=user)
    assert answer.status < 300, answer.body
    made: dict[str, Any] = answer.body[key]
    return made


async def test_a_share_takes_its_time(http: Http, cloud: LocalCloud) -> None:
    cloud.frame.timings.seconds["shared-file-system.share.create"] = 5.0
    share = await make(http, "/shares", "share", share_proto="nfs", size=2, name="one")
    assert (share["status"], share["share_proto"]) == ("creating", "NFS")
    assert (await call(http, "DELETE", f"/shares/{share['id']}")).status == 403
    cloud.advance(5)
    shown = (await call(http, "GET", f"/shares/{share['id']}")).body["share"]
    assert shown["status"] == "available"
    found = await call(http, "GET", "/shares/detail?name=one")
    assert [each["id"] for each in found.body["shares"]] == [share["id"]]
    assert (await call(http, "DELETE", f"/shares/{share['id']}")).status == 202
    gone = await call(http, "GET", f"/shares/{share['id']}")
    assert (gone.status, list(gone.body)) == (404, ["itemNotFound"])


async def test_access_is_given_and_taken(http: Http, cloud: LocalCloud) -> None:
    share = await make(http, "/shares", "share", share_proto="NFS", size=1)
    path = f"/shares/{share['id']}/action"
    rule = {"access_type": "ip", "access_to": "10.0.0.1", "access_level": "ro"}
    made = await call(http, "POST", path, {"allow_access": rule})
    assert made.body["access"]["state"] == "queued_to_apply"
    assert (await call(http, "POST", path, {"allow_access": rule})).status == 400
    cloud.advance(0)
    listed = (await call(http, "POST", path, {"access_list": None})).body["access_list"]
    assert [(each["access_to"], each["state"]) for each in listed] == [("10.0.0.1", "active")]
    rules = await call(http, "GET", f"/share-access-rules?share_id={share['id']}", minor=45)
    assert rules.body == {"access_list": [{**each, "metadata": {}} for each in listed]}
    denied = {"deny_access": {"access_id": made.body["access"]["id"]}}
    cloud.frame.timings.seconds["shared-file-system.share.deny_access"] = 5.0
    assert (await call(http, "POST", path, denied)).status == 202
    going = (await call(http, "POST", path, {"access_list": None})).body["access_list"]
    assert [each["state"] for each in going] == ["queued_to_deny"]
    assert (await call(http, "POST", path, {"allow_access": rule})).status == 400
    cloud.advance(5)
    assert (await call(http, "POST", path, denied)).status == 404


async def test_quotas_and_projects_are_kept_apart(http: Http, stranger: str) -> None:
    share = await make(http, "/shares", "share", share_proto="NFS", size=600)
    more = {"share": {"share_proto": "NFS", "size": 600}}
    assert (await call(http, "POST", "/shares", more)).status == 413
    assert (await call(http, "POST", "/shares", more, user=stranger)).status == 200
    assert (await call(http, "GET", f"/shares/{share['id']}", user=stranger)).status == 404
    kinds = {"share_type": {"name": "t", "extra_specs": {"driver_handles_share_servers": "True"}}}
    assert (await call(http, "POST", "/types", kinds)).status == 403


async def test_a_type_with_servers_needs_a_network(http: Http) -> None:
    specs = {"driver_handles_share_servers": "True"}
    await make(http, "/types", "share_type", user="admin", name="served", extra_specs=specs)
    wish: dict[str, Any] = {"share_proto": "NFS", "size": 1, "share_type": "served"}
    assert (await call(http, "POST", "/shares", {"share": wish})).status == 400
    network = await make(http, "/share-networks", "share_network", name="n")
    share = await make(http, "/shares", "share", share_network_id=network["id"], **wish)
    held = await call(http, "DELETE", f"/share-networks/{network['id']}")
    assert held.status == 409
    await call(http, "DELETE", f"/shares/{share['id']}")
    assert (await call(http, "DELETE", f"/share-networks/{network['id']}")).status == 202


async def test_a_network_has_one_security_service_of_a_kind(http: Http) -> None:
    services = [
        await make(http, "/security-services", "security_service", type="ldap") for _ in range(2)
    ]
    network = await make(http, "/share-networks", "share_network")
    path = f"/share-networks/{network['id']}/action"
    first, second = ({"security_service_id": each["id"]} for each in services)
    assert (await call(http, "POST", path, {"add_security_service": first})).status == 200
    assert (await call(http, "POST", path, {"add_security_service": second})).status == 409
    held = await call(http, "DELETE", f"/security-services/{services[0]['id']}")
    assert held.status == 403
    assert (await call(http, "POST", path, {"remove_security_service": first})).status == 200
    assert (await call(http, "POST", path, {"remove_security_service": first})).status == 400
