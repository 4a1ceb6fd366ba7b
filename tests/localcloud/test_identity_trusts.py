"""Trusts: what a trustee may do, for how long, and what cannot be lent."""

from typing import Any

import pytest
from tests.localcloud.conftest import PASSWORDS, Answer, Http

from isotherm.localcloud import LocalCloud
from isotherm.localcloud.clock import iso_time

TOKENS = "/identity/v3/auth/tokens"
TRUSTS = "/identity/v3/OS-TRUST/trusts"


@pytest.fixture
def wish(cloud: LocalCloud, demo_project: str) -> dict[str, Any]:
    """A trust from demo to the service user."""
    ids = {user.name: user.id for user in cloud.identity.users}
    return {
        "trustor_user_id": ids["demo"],
        "trustee_user_id": ids["isotherm"],
        "project_id": demo_project,
        "impersonation": True,
        "roles": [{"name": "member"}],
    }


async def make(http: Http, wish: dict[str, Any], **more: Any) -> Answer:
    return await http("POST", TRUSTS, {"trust": {**wish, **more}})


async def use(http: Http, trust_id: str, user: str = "isotherm") -> Answer:
    who = {"name": user, "domain": {"id": "default"}, "password": PASSWORDS[user]}
    identity = {"methods": ["password"], "password": {"user": who}}
    scope = {"OS-TRUST:trust": {"id": trust_id}}
    return await http("POST", TOKENS, {"auth": {"identity": identity, "scope": scope}}, user=None)


async def test_a_trustee_acts_as_the_trustor_with_the_roles_lent(
    http: Http, wish: dict[str, Any]
) -> None:
    made = await make(http, wish)
    assert made.status == 201
    trust = made.body["trust"]
    assert [role["name"] for role in trust["roles"]] == ["member"]

    answer = await use(http, trust["id"])

    token = answer.body["token"]
    assert (token["user"]["name"], token["project"]["name"]) == ("demo", "demo")
    assert {role["name"] for role in token["roles"]} == {"member", "reader"}
    assert token["OS-TRUST:trust"]["trustee_user"]["id"] == wish["trustee_user_id"]


async def test_without_impersonation_the_trustee_stays_itself(
    http: Http, wish: dict[str, Any]
) -> None:
    trust = (await make(http, wish, impersonation=False)).body["trust"]
    token = (await use(http, trust["id"])).body["token"]
    assert (token["user"]["name"], token["project"]["name"]) == ("isotherm", "demo")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"roles": [{"name": "admin"}]}, 404),
        ({"roles": [{"name": "nonesuch"}]}, 404),
        ({"roles": []}, 403),
        ({"trustee_user_id": "nobody"}, 404),
        ({"trustor_user_id": "someone-else"}, 403),
        ({"project_id": "nowhere"}, 404),
        ({"impersonation": "yes"}, 400),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 400),
        ({"expires_at": "tomorrow"}, 400),
        ({"remaining_uses": 0}, 400),
        ({"allow_redelegation": True, "remaining_uses": 1}, 400),
        ({"allow_redelegation": True, "redelegation_count": 4}, 403),
    ],
)
async def test_what_cannot_be_lent_is_refused(
    http: Http, wish: dict[str, Any], change: dict[str, Any], status: int
) -> None:
    assert (await make(http, wish, **change)).status == status


async def test_a_trust_ends_with_its_time(
    http: Http, wish: dict[str, Any], cloud: LocalCloud
) -> None:
    ends = iso_time(cloud.identity.now() + 60)
    trust = (await make(http, wish, expires_at=ends)).body["trust"]
    used = await use(http, trust["id"])
    assert used.body["token"]["expires_at"] == trust["expires_at"]

    cloud.advance(61)

    assert (await use(http, trust["id"])).status == 401
    token = {"X-Auth-Token": used.headers["x-subject-token"]}
    assert (await http("GET", "/identity/v3/auth/catalog", user=None, headers=token)).status == 401


async def test_a_trust_can_be_used_up(http: Http, wish: dict[str, Any]) -> None:
    trust = (await make(http, wish, remaining_uses=1)).body["trust"]
    assert (await use(http, trust["id"])).status == 201
    assert (await use(http, trust["id"])).status == 401
    assert (await http("GET", f"{TRUSTS}/{trust['id']}")).status == 404


async def test_only_the_trustee_uses_a_trust_and_only_its_parties_see_it(
    http: Http, wish: dict[str, Any]
) -> None:
    trust = (await make(http, wish)).body["trust"]
    assert (await use(http, trust["id"], "demo")).status == 403
    assert (await http("GET", TRUSTS)).status == 403
    mine = await http("GET", f"{TRUSTS}?trustor_user_id={wish['trustor_user_id']}")
    assert [each["id"] for each in mine.body["trusts"]] == [trust["id"]]
    theirs = await http("GET", f"{TRUSTS}?trustee_user_id={wish['trustee_user_id']}")
    assert theirs.status == 403


async def test_deleting_a_trust_voids_its_tokens(http: Http, wish: dict[str, Any]) -> None:
    trust = (await make(http, wish)).body["trust"]
    token = {"X-Auth-Token": (await use(http, trust["id"])).headers["x-subject-token"]}
    catalog = "/identity/v3/auth/catalog"
    assert (await http("GET", catalog, user=None, headers=token)).status == 200

    assert (await http("DELETE", f"{TRUSTS}/{trust['id']}")).status == 204

    assert (await http("GET", catalog, user=None, headers=token)).status == 401
    assert (await http("DELETE", f"{TRUSTS}/{trust['id']}")).status == 404


async def test_a_trust_is_passed_on_only_where_it_allows_that(
    http: Http, wish: dict[str, Any]
) -> None:
    closed = (await make(http, wish)).body["trust"]
    token = {"X-Auth-Token": (await use(http, closed["id"])).headers["x-subject-token"]}
    refused = await http("POST", TRUSTS, {"trust": wish}, user=None, headers=token)
    assert refused.status == 403

    opened = (await make(http, wish, allow_redelegation=True)).body["trust"]
    assert opened["redelegation_count"] == 3
    token = {"X-Auth-Token": (await use(http, opened["id"])).headers["x-subject-token"]}
    passed = await http("POST", TRUSTS, {"trust": wish}, user=None, headers=token)
    assert passed.body["trust"]["redelegated_trust_id"] == opened["id"]

    assert (await http("DELETE", f"{TRUSTS}/{opened['id']}")).status == 204
    assert (await http("GET", f"{TRUSTS}/{passed.body['trust']['id']}")).status == 404
