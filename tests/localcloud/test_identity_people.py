"""Projects, users, groups, roles and their grants; the catalogue's objects."""

import pytest
from tests.localcloud.conftest import Answer, Http, password_auth

V3 = "/identity/v3"
TOKENS = f"{V3}/auth/tokens"


async def create(http: Http, kind: str, **fields: object) -> str:
    """By the administrator; the new object's id."""
    answer = await http("POST", f"{V3}/{kind}s", {kind: fields}, user="admin")
    assert answer.status == 201, answer.body
    made_id: str = answer.body[kind]["id"]
    return made_id


async def role_id(http: Http, name: str) -> str:
    found = await http("GET", f"{V3}/roles?name={name}", user="admin")
    held_id: str = found.body["roles"][0]["id"]
    return held_id


async def login(http: Http, user: str, project: str | None = None) -> Answer:
    return await http("POST", TOKENS, password_auth(user, "pw", project), user=None)


async def test_a_new_user_gets_in_where_it_has_a_role(http: Http) -> None:
    project = await create(http, "project", name="lab")
    user = await create(http, "user", name="ada", password="pw", email="ada@example.org")
    assert (await login(http, "ada", "lab")).status == 401

    member = await role_id(http, "member")
    grant = f"{V3}/projects/{project}/users/{user}/roles/{member}"
    assert (await http("PUT", grant, user="admin")).status == 204
    token = (await login(http, "ada", "lab")).body["token"]
    assert {role["name"] for role in token["roles"]} == {"member", "reader"}

    assert (await http("DELETE", grant, user="admin")).status == 204
    assert (await http("DELETE", grant, user="admin")).status == 404
    assert (await login(http, "ada", "lab")).status == 401


async def test_group_members_have_the_groups_roles(http: Http) -> None:
    project = await create(http, "project", name="lab")
    user = await create(http, "user", name="ada", password="pw")
    group = await create(http, "group", name="crew")
    reader = await role_id(http, "reader")
    await http("PUT", f"{V3}/projects/{project}/groups/{group}/roles/{reader}", user="admin")
    membership = f"{V3}/groups/{group}/users/{user}"
    assert (await http("HEAD", membership, user="admin")).status == 404
    assert (await http("PUT", membership, user="admin")).status == 204

    assert (await login(http, "ada", "lab")).status == 201
    query = f"effective&user.id={user}&include_names"
    effective = await http("GET", f"{V3}/role_assignments?{query}", user="admin")
    (assignment,) = effective.body["role_assignments"]
    assert assignment["role"]["name"] == "reader"
    assert assignment["scope"]["project"]["name"] == "lab"


async def test_roles_on_a_domain_reach_its_projects_only_when_inherited(http: Http) -> None:
    await create(http, "project", name="lab")
    user = await create(http, "user", name="ada", password="pw")
    grant = f"/domains/default/users/{user}/roles/{await role_id(http, 'reader')}"
    await http("PUT", f"{V3}{grant}", user="admin")
    assert (await login(http, "ada", "lab")).status == 401
    handed_down = f"{V3}/OS-INHERIT{grant}/inherited_to_projects"
    assert (await http("PUT", handed_down, user="admin")).status == 204
    assert (await login(http, "ada", "lab")).status == 201


async def test_a_disabled_user_loses_its_token(http: Http) -> None:
    user = await create(http, "user", name="ada", password="pw")
    token = {"X-Auth-Token": (await login(http, "ada")).headers["x-subject-token"]}
    assert (await http("GET", f"{V3}/users/{user}", user=None, headers=token)).status == 200
    off = {"user": {"enabled": False}}
    assert (await http("PATCH", f"{V3}/users/{user}", off, user="admin")).status == 200
    assert (await http("GET", f"{V3}/users/{user}", user=None, headers=token)).status == 401


async def test_a_changed_password_and_a_disabled_user_count_at_the_next_login(http: Http) -> None:
    user = f"{V3}/users/{await create(http, 'user', name='ada', password='pw')}"
    assert (await login(http, "ada")).status == 201
    await http("PATCH", user, {"user": {"enabled": False}}, user="admin")
    assert (await login(http, "ada")).status == 401
    await http("PATCH", user, {"user": {"enabled": True, "password": "new"}}, user="admin")
    assert (await login(http, "ada")).status == 401
    renewed = password_auth("ada", "new")
    assert (await http("POST", TOKENS, renewed, user=None)).status == 201


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "users"),
        ("GET", "projects"),
        ("GET", "domains"),
        ("GET", "groups"),
        ("GET", "roles"),
        ("GET", "role_assignments"),
        ("GET", "services"),
        ("GET", "endpoints"),
        ("DELETE", "projects/anything"),
    ],
)
async def test_what_is_for_administrators(http: Http, method: str, path: str) -> None:
    assert (await http(method, f"{V3}/{path}")).status == 403


@pytest.mark.parametrize(
    ("kind", "name"), [("project", "demo"), ("user", "demo"), ("role", "member")]
)
async def test_names_are_unique(http: Http, kind: str, name: str) -> None:
    answer = await http("POST", f"{V3}/{kind}s", {kind: {"name": name}}, user="admin")
    assert answer.status == 409
    assert answer.body["error"]["title"] == "Conflict"


async def test_a_domain_is_disabled_before_it_is_deleted_with_all_in_it(http: Http) -> None:
    domain = await create(http, "domain", name="tenant")
    user = await create(http, "user", name="ada", domain_id=domain)
    url = f"{V3}/domains/{domain}"
    assert (await http("DELETE", url, user="admin")).status == 403
    await http("PATCH", url, {"domain": {"enabled": False}}, user="admin")
    assert (await http("DELETE", url, user="admin")).status == 204
    assert (await http("GET", f"{V3}/users/{user}", user="admin")).status == 404


async def test_a_project_with_others_below_it_stays(http: Http) -> None:
    parent = await create(http, "project", name="parent")
    child = await create(http, "project", name="child", parent_id=parent, note="kept")
    shown = await http("GET", f"{V3}/projects/{child}", user="admin")
    assert shown.body["project"]["note"] == "kept"
    assert (await http("DELETE", f"{V3}/projects/{parent}", user="admin")).status == 403
    assert (await http("DELETE", f"{V3}/projects/{child}", user="admin")).status == 204
    assert (await http("DELETE", f"{V3}/projects/{parent}", user="admin")).status == 204


async def test_builtin_roles_stay(http: Http) -> None:
    url = f"{V3}/roles/{await role_id(http, 'member')}"
    assert (await http("DELETE", url, user="admin")).status == 403


async def test_an_endpoint_of_a_new_service_is_in_the_catalogue(http: Http) -> None:
    service = await create(http, "service", type="tickets", name="names")
    wish = {"service_id": service, "interface": "public", "region": "RegionOne"}
    wrong = {"endpoint": {**wish, "url": "http://tickets/%(nothing)s"}}
    assert (await http("POST", f"{V3}/endpoints", wrong, user="admin")).status == 400
    await create(http, "endpoint", **wish, url="http://tickets/%(project_id)s")

    catalog = (await http("GET", f"{V3}/auth/catalog")).body["catalog"]
    (found,) = [entry for entry in catalog if entry["type"] == "tickets"]
    assert found["endpoints"][0]["url"].startswith("http://tickets/")

    assert (await http("DELETE", f"{V3}/services/{service}", user="admin")).status == 204
    catalog = (await http("GET", f"{V3}/auth/catalog")).body["catalog"]
    assert "tickets" not in {entry["type"] for entry in catalog}


async def test_own_projects_domains_and_system(http: Http) -> None:
    projects = (await http("GET", f"{V3}/auth/projects")).body["projects"]
    assert [project["name"] for project in projects] == ["demo"]
    assert (await http("GET", f"{V3}/auth/domains")).body["domains"] == []
    assert (await http("GET", f"{V3}/auth/system")).body["system"] == []
    admins = await http("GET", f"{V3}/auth/system", user="admin")
    assert admins.body["system"] == [{"all": True}]


@pytest.mark.parametrize(
    ("kind", "fields", "shown"),
    [
        ("domain", {"name": "n"}, None),
        ("project", {"name": "n"}, None),
        ("group", {"name": "n"}, None),
        ("service", {"name": "n", "type": "t"}, None),
        ("region", {"id": "n"}, ""),
    ],
)
async def test_a_description_may_be_null(
    http: Http, kind: str, fields: dict[str, str], shown: str | None
) -> None:
    wish = {kind: {**fields, "description": None}}
    answer = await http("POST", f"{V3}/{kind}s", wish, user="admin")
    assert answer.status == 201
    assert answer.body[kind]["description"] == shown
