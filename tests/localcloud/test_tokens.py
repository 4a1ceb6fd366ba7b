"""Getting, reading and losing tokens."""

from tests.localcloud.conftest import PASSWORDS, Http, password_auth

from isotherm.localcloud import LocalCloud

TOKENS = "/identity/v3/auth/tokens"


async def test_a_scoped_token_carries_project_roles_and_catalogue(http: Http, url: str) -> None:
    answer = await http("POST", TOKENS, password_auth("demo", PASSWORDS["demo"], "demo"), user=None)

    assert answer.status == 201
    token = answer.body["token"]
    assert token["methods"] == ["password"]
    assert token["project"]["name"] == "demo"
    assert token["project"]["domain"] == {"id": "default", "name": "Default"}
    assert {role["name"] for role in token["roles"]} == {"member", "reader", "heat_stack_owner"}
    urls = {s["type"]: {e["url"] for e in s["endpoints"]} for s in token["catalog"]}
    assert urls["orchestration"] == {f"{url}/orchestration/v1/{token['project']['id']}"}
    assert answer.headers["x-openstack-request-id"].startswith("req-")


async def test_a_wrong_password_is_refused_as_keystone_refuses(http: Http) -> None:
    answer = await http("POST", TOKENS, password_auth("demo", "wrong", "demo"), user=None)

    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith('Keystone uri="http://')
    assert answer.body["error"]["title"] == "Unauthorized"


async def test_a_token_ends_with_its_time(http: Http, cloud: LocalCloud) -> None:
    assert (await http("GET", "/identity/v3/auth/catalog")).status == 200

    cloud.advance(25 * 3600)

    assert (await http("GET", "/identity/v3/auth/catalog")).status == 401


async def test_only_services_and_administrators_read_others_tokens(http: Http) -> None:
    made = await http(
        "POST", TOKENS, password_auth("admin", PASSWORDS["admin"], "admin"), user=None
    )
    subject = {"X-Subject-Token": made.headers["x-subject-token"]}

    assert (await http("GET", TOKENS, headers=subject)).status == 403
    read = await http("GET", TOKENS, user="isotherm", headers=subject)
    assert read.status == 200
    assert read.body["token"]["user"]["name"] == "admin"


async def test_a_revoked_token_is_void(http: Http) -> None:
    made = await http("POST", TOKENS, password_auth("demo", PASSWORDS["demo"], "demo"), user=None)
    subject = {"X-Subject-Token": made.headers["x-subject-token"]}

    assert (await http("DELETE", TOKENS, headers=subject)).status == 204

    assert (await http("GET", TOKENS, user="admin", headers=subject)).status == 404
