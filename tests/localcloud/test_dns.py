"""Zones and record sets: what is accepted first and done later, refusals, lists."""

from typing import Any

import pytest
from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud


class Names:
    """A client of the DNS service."""

    def __init__(self, http: Http) -> None:
        self.http = http

    async def __call__(self, method: str, path: str, body: object = None, **more: Any) -> Answer:
        return await self.http(method, f"/dns/v2{path}", body, **more)

    async def zone(self, name: str = "a.example.", **wish: Any) -> str:
        body = {"name": name, "email": "a@example.org", **wish}
        answer = await self("POST", "/zones", body)
        assert (answer.status, answer.body["status"]) == (202, "PENDING"), answer.body
        return str(answer.body["id"])

    async def record_set(self, zone: str, name: str, kind: str, *records: str) -> str:
        body = {"name": name, "type": kind, "records": list(records)}
        answer = await self("POST", f"/zones/{zone}/recordsets", body)
        assert answer.status == 202, answer.body
        return str(answer.body["id"])

    async def refused(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        answer = await self(method, path, body)
        assert answer.body["code"] == answer.status
        assert answer.body["request_id"].startswith("req-")
        return answer.status, answer.body["type"]


@pytest.fixture
def names(http: Http) -> Names:
    return Names(http)


async def test_changes_take_their_time(names: Names, cloud: LocalCloud) -> None:
    cloud.frame.timings.seconds = {"dns.*": 5.0}
    zone = await names.zone()
    path = f"/zones/{zone}"

    async def told() -> tuple[str, str]:
        shown = (await names("GET", path)).body
        return shown["status"], shown["action"]

    assert await told() == ("PENDING", "CREATE")
    cloud.advance(5)
    assert await told() == ("ACTIVE", "NONE")
    serial = (await names("GET", path)).body["serial"]
    changed = await names("PATCH", path, {"ttl": 60})
    assert (changed.status, changed.body["ttl"]) == (202, 60)
    assert changed.body["serial"] > serial
    assert await told() == ("PENDING", "UPDATE")
    cloud.advance(5)
    gone = await names("DELETE", path)
    assert (gone.status, gone.body["action"]) == (202, "DELETE")
    assert await told() == ("PENDING", "DELETE")
    cloud.advance(5)
    assert await names.refused("GET", path) == (404, "zone_not_found")


async def test_a_zone_has_records_of_its_own(names: Names) -> None:
    path = f"/zones/{await names.zone()}/recordsets"
    listed = (await names("GET", path)).body
    own = {each["type"]: each for each in listed["recordsets"]}
    assert listed["metadata"] == {"total_count": 2}
    serial = (await names("GET", path.removesuffix("/recordsets"))).body["serial"]
    assert f"a.example.org. {serial} " in own["SOA"]["records"][0]
    managed = f"{path}/{own['NS']['id']}"
    assert await names.refused("DELETE", managed) == (400, "bad_request")
    assert await names.refused("PUT", managed, {"ttl": 5}) == (400, "bad_request")


async def test_record_sets(names: Names) -> None:
    zone = await names.zone()
    made = await names.record_set(zone, "www.a.example.", "A", "10.0.0.1")
    path = f"/zones/{zone}/recordsets/{made}"
    shown = (await names("GET", path)).body
    assert (shown["zone_name"], shown["status"]) == ("a.example.", "ACTIVE")
    assert shown["links"]["self"].endswith(f"/dns/v2{path}")
    changed = await names("PUT", path, {"records": ["10.0.0.2"], "ttl": 60})
    assert (changed.status, changed.body["records"]) == (202, ["10.0.0.2"])
    every = (await names("GET", "/recordsets?type=A")).body["recordsets"]
    assert [each["id"] for each in every] == [made]
    assert (await names("DELETE", path)).status == 202
    assert (await names("GET", path)).status == 404


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"name": "b.example"}, 400, "invalid_object"),
        ({"name": "example."}, 400, "invalid_object"),
        ({"name": "b.example.", "email": None}, 400, "invalid_object"),
        ({"name": "b.example.", "email": "nobody"}, 400, "invalid_object"),
        ({"name": "b.example.", "type": "SECONDARY"}, 400, "invalid_object"),
        ({"name": "b.example.", "ttl": -1}, 400, "invalid_object"),
        ({"name": "b.example.", "colour": "red"}, 400, "invalid_object"),
        ({"name": "A.example."}, 409, "duplicate_zone"),
    ],
)
async def test_zones_that_cannot_be(names: Names, body: Any, status: int, kind: str) -> None:
    await names.zone()
    wish = {"email": "a@example.org", **body}
    assert await names.refused("POST", "/zones", wish) == (status, kind)


@pytest.mark.parametrize(
    ("name", "kind", "records", "status", "type_"),
    [
        ("www.b.example.", "A", ["10.0.0.1"], 400, "invalid_recordset_location"),
        ("a.example.", "CNAME", ["b.example."], 400, "invalid_recordset_location"),
        ("x.a.example.", "A", ["fe80::1"], 400, "invalid_object"),
        ("x.a.example.", "AAAA", ["10.0.0.1"], 400, "invalid_object"),
        ("x.a.example.", "CNAME", ["b.example"], 400, "invalid_object"),
        ("x.a.example.", "MX", ["mail.a.example."], 400, "invalid_object"),
        ("www.a.example.", "A", ["10.0.0.9"], 409, "duplicate_recordset"),
        ("x.a.example.", "SOA", ["x"], 400, "bad_request"),
    ],
)
async def test_record_sets_that_cannot_be(
    names: Names, name: str, kind: str, records: list[str], status: int, type_: str
) -> None:
    zone = await names.zone()
    await names.record_set(zone, "www.a.example.", "A", "10.0.0.1")
    body = {"name": name, "type": kind, "records": records}
    assert await names.refused("POST", f"/zones/{zone}/recordsets", body) == (status, type_)


async def test_lists_have_filters_and_pages(names: Names) -> None:
    for name in ("a.example.", "b.example.", "c.other."):
        await names.zone(name)
    listed = (await names("GET", "/zones?name=*.example.")).body
    assert [each["name"] for each in listed["zones"]] == ["a.example.", "b.example."]
    page = (await names("GET", "/zones?limit=2&sort_key=name&sort_dir=desc")).body
    assert [each["name"] for each in page["zones"]] == ["c.other.", "b.example."]
    assert page["metadata"]["total_count"] == 3
    rest = (await names.http("GET", page["links"]["next"])).body
    assert [each["name"] for each in rest["zones"]] == ["a.example."]


async def test_projects_are_apart(names: Names) -> None:
    zone = await names.zone()
    assert (await names("GET", "/zones", user="admin")).body["zones"] == []
    headers = {"X-Auth-All-Projects": "true"}
    every = await names("GET", "/zones", user="admin", headers=headers)
    assert [each["id"] for each in every.body["zones"]] == [zone]


async def test_quotas(names: Names, demo_project: str) -> None:
    path = f"/quotas/{demo_project}"
    assert (await names("PATCH", path, {"zones": 1})).status == 403
    assert (await names("PATCH", path, {"zones": 1}, user="admin")).body["zones"] == 1
    zone = await names.zone()
    body = {"name": "b.example.", "email": "a@example.org"}
    assert await names.refused("POST", "/zones", body) == (413, "over_quota")
    await names("PATCH", path, {"recordset_records": 1, "zone_recordsets": 1}, user="admin")
    records = {"name": "x.a.example.", "type": "A", "records": ["10.0.0.1", "10.0.0.2"]}
    sets = f"/zones/{zone}/recordsets"
    assert await names.refused("POST", sets, records) == (413, "over_quota")
    await names.record_set(zone, "x.a.example.", "A", "10.0.0.1")
    other = {"name": "y.a.example.", "type": "A", "records": ["10.0.0.1"]}
    assert await names.refused("POST", sets, other) == (413, "over_quota")
    assert (await names("DELETE", path, user="admin")).status == 204
    assert (await names("GET", path)).body["zones"] == 10


async def test_a_zone_may_fail(names: Names, cloud: LocalCloud) -> None:
    cloud.inject("dns.zone.create", state="ERROR", count=1)
    zone = await names.zone()
    assert (await names("GET", f"/zones/{zone}")).body["status"] == "ERROR"
    assert (await names("DELETE", f"/zones/{zone}")).status == 202
