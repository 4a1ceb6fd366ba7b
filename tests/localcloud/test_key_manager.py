"""Secrets, containers and orders: what the key manager takes and refuses."""

from typing import Any

import pytest
from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud
from isotherm.localcloud.clock import iso_time

NOWHERE = "11111111-1111-4111-8111-111111111111"


class Keys:
    """A client of the key manager."""

    def __init__(self, http: Http) -> None:
        self.http = http

    async def __call__(self, method: str, path: str, body: object = None, **more: Any) -> Answer:
        return await self.http(method, f"/key-manager/v1{path}", body, **more)

    async def secret(self, payload: str = "hush", **wish: Any) -> str:
        """The reference of a new secret."""
        body = {"payload": payload, "payload_content_type": "text/plain", **wish}
        answer = await self("POST", "/secrets", body)
        assert answer.status == 201, answer.body
        assert answer.headers["location"] == answer.body["secret_ref"]
        return str(answer.body["secret_ref"])

    async def refused(self, path: str, body: object, **more: Any) -> tuple[int, str]:
        answer = await self("POST", path, body, **more)
        assert answer.body["code"] == answer.status
        return answer.status, answer.body["description"]


@pytest.fixture
def keys(http: Http) -> Keys:
    return Keys(http)


def below(reference: str) -> str:
    return reference.partition("/v1")[2]


async def test_a_secret_and_its_payload(keys: Keys, cloud: LocalCloud) -> None:
    reference = await keys.secret(name="mine", algorithm="aes", bit_length=256)
    shown = (await keys("GET", below(reference))).body
    assert shown["secret_ref"] == reference
    assert (shown["name"], shown["status"], shown["secret_type"]) == ("mine", "ACTIVE", "opaque")
    assert "payload" not in shown
    payload = await keys("GET", below(reference) + "/payload", headers={"Accept": "text/plain"})
    assert (payload.headers["content-type"], payload.body) == ("text/plain", b"hush")
    wrong = await keys("GET", below(reference) + "/payload", headers={"Accept": "image/png"})
    assert wrong.status == 406
    assert (await keys("DELETE", below(reference))).status == 204
    assert (await keys("GET", below(reference))).body["description"] == "Secret not found."


async def test_a_payload_may_come_later_and_once(keys: Keys) -> None:
    made = await keys("POST", "/secrets", {"name": "late"})
    path = below(made.body["secret_ref"])
    assert (await keys("GET", f"{path}/payload")).status == 404
    octets = {"Content-Type": "application/octet-stream"}
    assert (await keys("PUT", path, data=b"\0\1", headers=octets)).status == 204
    assert (await keys("GET", f"{path}/payload")).body == b"\0\1"
    assert (await keys("PUT", path, data=b"x", headers=octets)).status == 409


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({"payload": "x"}, "payload_content_type"),
        ({"payload_content_type": "text/plain"}, "payload"),
        ({"payload": "x", "payload_content_type": "image/png"}, "payload_content_type"),
        (
            {"payload": "x", "payload_content_type": "application/octet-stream"},
            "payload_content_encoding",
        ),
        ({"expiration": "2001-01-01T00:00:00"}, "expiration"),
        ({"expiration": "soon"}, "expiration"),
        ({"bit_length": -1}, "bit_length"),
        ({"secret_type": "none"}, "secret_type"),
    ],
)
async def test_wrong_secrets_are_refused(keys: Keys, body: Any, part: str) -> None:
    status, message = await keys.refused("/secrets", body)
    assert status == 400
    assert message.startswith("Provided object does not match schema 'Secret'")
    assert message.endswith(f"Invalid property: '{part}'")


async def test_a_payload_may_be_too_large(keys: Keys) -> None:
    body = {"payload": "x" * 20_001, "payload_content_type": "text/plain"}
    assert (await keys.refused("/secrets", body))[0] == 413


async def test_a_secret_ends(keys: Keys, cloud: LocalCloud) -> None:
    end = cloud.clock.now() + 60
    reference = await keys.secret(expiration=iso_time(end))
    assert (await keys("GET", below(reference))).status == 200
    cloud.advance(61)
    assert (await keys("GET", below(reference))).status == 404
    assert (await keys("GET", "/secrets")).body["total"] == 0


async def test_lists_have_pages(keys: Keys) -> None:
    references = [await keys.secret(name=f"s{n % 2}") for n in range(12)]
    page = (await keys("GET", "/secrets")).body
    assert [each["secret_ref"] for each in page["secrets"]] == references[:10]
    assert page["total"] == 12
    rest = await keys.http("GET", page["next"])
    assert [each["secret_ref"] for each in rest.body["secrets"]] == references[10:]
    assert "previous" in rest.body
    named = (await keys("GET", "/secrets?name=s1&limit=100")).body
    assert {each["name"] for each in named["secrets"]} == {"s1"}
    assert named["total"] == 6


async def test_projects_are_apart_but_for_access_lists(keys: Keys, cloud: LocalCloud) -> None:
    path = below(await keys.secret())
    assert (await keys("GET", path, user="isotherm")).status == 403
    assert (await keys("GET", "/secrets", user="admin")).body["total"] == 0
    friend = next(each.id for each in cloud.identity.users if each.name == "isotherm")
    acl = {"read": {"users": [friend], "project-access": True}}
    assert (await keys("PUT", f"{path}/acl", acl)).status == 200
    assert (await keys("GET", path, user="isotherm")).status == 200
    assert (await keys("GET", f"{path}/acl")).body["read"]["users"] == [friend]
    assert (await keys("DELETE", f"{path}/acl")).status == 200
    assert (await keys("GET", path, user="isotherm")).status == 403


async def test_containers(keys: Keys) -> None:
    one, two = await keys.secret(), await keys.secret()
    refs = [{"name": "public_key", "secret_ref": one}, {"name": "private_key", "secret_ref": two}]
    made = await keys("POST", "/containers", {"type": "rsa", "name": "pair", "secret_refs": refs})
    path = below(made.body["container_ref"])
    shown = (await keys("GET", path)).body
    assert (shown["secret_refs"], shown["consumers"]) == (refs, [])
    user = {"name": "balancer", "URL": "http://example.org/1"}
    assert (await keys("POST", f"{path}/consumers", user)).body["consumers"] == [user]
    told = (await keys("GET", f"{path}/consumers")).body
    assert told["total"] == 1
    assert user.items() <= told["consumers"][0].items()
    assert (await keys("DELETE", f"{path}/consumers", user)).body["consumers"] == []
    assert (await keys("DELETE", f"{path}/consumers", user)).status == 404


@pytest.mark.parametrize(
    ("type_", "names", "status"),
    [
        ("rsa", ["public_key"], 400),
        ("rsa", ["public_key", "private_key", "other"], 400),
        ("certificate", ["private_key"], 400),
        ("generic", ["a", "a"], 400),
    ],
)
async def test_wrong_containers(keys: Keys, type_: str, names: list[str], status: int) -> None:
    refs = [{"name": name, "secret_ref": await keys.secret()} for name in names]
    assert (await keys.refused("/containers", {"type": type_, "secret_refs": refs}))[0] == status


async def test_a_container_of_what_is_not_there(keys: Keys) -> None:
    here = (await keys.secret()).rpartition("/")[0]
    elsewhere = [{"name": "a", "secret_ref": f"http://x/v1/secrets/{NOWHERE}"}]
    strange = await keys.refused("/containers", {"type": "generic", "secret_refs": elsewhere})
    assert strange == (400, "Provided field value is not supported")
    refs = [{"name": "a", "secret_ref": f"{here}/{NOWHERE}"}]
    status, message = await keys.refused("/containers", {"type": "generic", "secret_refs": refs})
    assert (status, message) == (404, "Secret provided for 'a' doesn't exist.")


async def test_orders_take_their_time(keys: Keys, cloud: LocalCloud) -> None:
    cloud.frame.timings.seconds = {"key-manager.order.create": 5.0}
    meta = {"algorithm": "aes", "bit_length": 256}
    made = await keys("POST", "/orders", {"type": "key", "meta": meta})
    assert made.status == 202
    path = below(made.body["order_ref"])
    assert (await keys("GET", path)).body["status"] == "PENDING"
    cloud.advance(5)
    order = (await keys("GET", path)).body
    assert order["status"] == "ACTIVE"
    payload = await keys("GET", below(order["secret_ref"]) + "/payload")
    assert len(payload.body) == 32


async def test_an_order_may_fail(keys: Keys, cloud: LocalCloud) -> None:
    cloud.inject("key-manager.order.create", state="ERROR", message="No plugin.", count=1)
    meta = {"algorithm": "aes", "bit_length": 256}
    made = await keys("POST", "/orders", {"type": "key", "meta": meta})
    order = (await keys("GET", below(made.body["order_ref"]))).body
    assert (order["status"], order["error_reason"]) == ("ERROR", "No plugin.")
    status, _ = await keys.refused("/orders", {"type": "key", "meta": {"algorithm": "aes"}})
    assert status == 400


async def test_quotas(keys: Keys, demo_project: str) -> None:
    path = f"/project-quotas/{demo_project}"
    assert (await keys("GET", "/quotas")).body["quotas"]["secrets"] == -1
    limits = {"project_quotas": {"secrets": 1}}
    assert (await keys("PUT", path, limits)).status == 403
    assert (await keys("PUT", path, limits, user="admin")).status == 204
    await keys.secret()
    assert (await keys.refused("/secrets", {}))[0] == 403
    assert (await keys("DELETE", path, user="admin")).status == 204
    assert (await keys("GET", path, user="admin")).status == 404
    await keys.secret()
