"""The native API as an application: addresses, faults, limits, methods, policy."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from tests.asgi import Answer, send
from tests.desk import TEMPLATE, Desk

from isotherm.api.native import build_application
from isotherm.api.native.routes import ROUTES
from isotherm.core.errors import Busy, Denied, Lost, Refused
from isotherm.usecases.policy_rules import BASE, rules

ROOT = "/v1/demo-project"


class Client:
    """Sends requests with a user's token."""

    def __init__(self, desk: Desk, user: str = "demo") -> None:
        self._application = build_application(desk.services)
        self._token = {"x-auth-token": f"{user}-token"}

    async def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return await send(self._application, method, path, body, {**self._token, **given})


@pytest.fixture
def client(desk: Desk) -> Client:
    return Client(desk)


async def create(client: Client, name: str = "web", **headers: str) -> Answer:
    body = {"stack_name": name, "template": TEMPLATE}
    answer = await client("POST", f"{ROOT}/stacks", body, **headers)
    assert answer.status == 201
    return answer


async def test_links_lead_back_the_way_the_request_came(client: Client) -> None:
    created = await create(client)
    stack_id = created.data["stack"]["id"]
    expected = f"http://api.example/v1/demo-project/stacks/web/{stack_id}"
    assert created.headers["location"] == expected
    path = f"{ROOT}/stacks/web/{stack_id}"
    mounted = await client("GET", f"/orchestration{path}")
    (link,) = mounted.data["stack"]["links"]
    assert link["href"] == f"http://api.example/orchestration{path}"
    proxied = await client(
        "GET",
        path,
        x_forwarded_proto="https",
        x_forwarded_host="cloud.example:8004, inner",
        x_forwarded_prefix="/heat/",
    )
    (link,) = proxied.data["stack"]["links"]
    assert link["href"] == f"https://cloud.example:8004/heat{path}"
    versions = await client("GET", "/orchestration/")
    assert versions.status == 300
    (link,) = versions.data["versions"][0]["links"]
    assert link["href"] == "http://api.example/orchestration/v1/"


async def test_a_name_alone_redirects(client: Client) -> None:
    stack_id = (await create(client)).data["stack"]["id"]
    full = f"http://api.example{ROOT}/stacks/web/{stack_id}"
    plain = f"arn:openstack:heat::demo-project:stacks/web/{stack_id}"
    arn = plain.replace(":", "%3A")
    for method, name, target in (
        ("GET", "web", full),
        ("DELETE", stack_id, full),
        ("GET", "web/events", f"{full}/events"),
        ("POST", "web/actions", f"{full}/actions"),
        ("GET", arn, full),
        ("GET", plain, full),
        ("GET", arn.replace("/", "%2F"), full),
        ("GET", f"{plain}/resources", f"{full}/resources"),
    ):
        answer = await client(method, f"{ROOT}/stacks/{name}")
        assert (answer.status, answer.headers["location"]) == (302, target)


async def test_paging_links_to_the_next_page(client: Client) -> None:
    for name in ("a", "b", "c"):
        await create(client, name)
    seen: list[str] = []
    address = f"http://api.example{ROOT}/stacks?limit=2&sort_keys=name&sort_dir=asc"
    while True:
        page = (await client("GET", address.removeprefix("http://api.example"))).data
        seen += [each["stack_name"] for each in page["stacks"]]
        if "links" not in page:
            break
        address = page["links"][0]["href"]
    assert seen == ["a", "b", "c"]


async def test_every_answer_has_an_id_of_its_own(client: Client) -> None:
    theirs = "req-11111111-1111-1111-1111-111111111111"
    answers = [await client("GET", p, x_openstack_request_id=theirs) for p in ("/", ROOT, "/x")]
    ids = [each.headers["x-openstack-request-id"] for each in answers]
    assert all(each.startswith("req-") and len(each) == 40 for each in ids)
    assert len({*ids, theirs}) == 4


@pytest.mark.parametrize(
    ("size", "announced"), [(1_100_000, None), (10_000_000, None), (10, "99999999999")]
)
async def test_large_bodies_are_refused(client: Client, size: int, announced: str | None) -> None:
    body = b'{"template": "' + b"a" * size + b'"}'
    headers = {"content_length": announced} if announced else {}
    answer = await client("POST", f"{ROOT}/stacks", body, **headers)
    assert answer.status == 400
    assert answer.error["type"] == "RequestLimitExceeded"
    assert "exceeds maximum allowed size (1048576 bytes)" in answer.error["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[1]",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"stack_name": "\xff"}',
        b'{"\xff": 1}',
        {"stack_name": "w", "template": [1]},
        {"stack_name": "w", "template": TEMPLATE, "files": "x"},
        {"stack_name": "w", "template": TEMPLATE, "parameters": [1]},
        {"stack_name": "w", "template": TEMPLATE, "environment": 5},
        {"stack_name": "w", "template": TEMPLATE, "environment": "x: ["},
        {"stack_name": "w", "template": TEMPLATE, "environment": {"foo": 1}},
        {"stack_name": "w", "template": TEMPLATE, "environment_files": "x"},
        {"stack_name": "w", "template": TEMPLATE, "environment_files": ["x"]},
        {"stack_name": "w", "template": TEMPLATE, "timeout_mins": "x"},
        {"stack_name": "w", "template": TEMPLATE, "timeout_mins": -1},
        {"stack_name": "w", "template": TEMPLATE, "timeout_mins": 2**31},
        {"stack_name": "w", "template": TEMPLATE, "timeout_mins": 10**30},
        {"stack_name": "w", "template": TEMPLATE, "timeout_mins": True},
        {"stack_name": "w", "template": TEMPLATE, "disable_rollback": "maybe"},
        {"stack_name": "w", "template": TEMPLATE, "tags": 5},
        {"stack_name": "w", "template": TEMPLATE, "tags": "a" * 81},
        {"stack_name": 5, "template": TEMPLATE},
        {"stack_name": "w", "template": "just text"},
        {"stack_name": "w", "template": "a: &a [*a]"},
        {"stack_name": "w", "template": TEMPLATE, "adopt_stack_data": "{}"},
        {"stack_name": "w", "template": TEMPLATE, "files_container": ["c"]},
    ],
)
async def test_bad_bodies_get_a_clear_400(client: Client, body: Any) -> None:
    answer = await client("POST", f"{ROOT}/stacks", body)
    assert answer.status == 400
    assert answer.error["message"]
    assert (await client("GET", f"{ROOT}/stacks")).data["stacks"] == []


async def test_every_finding_is_a_line_of_the_message(client: Client) -> None:
    resources = {"a": {"type": "OS::No::A"}, "b": {"type": "OS::No::B"}}
    template = json.dumps({"heat_template_version": "2018-08-31", "resources": resources})
    body = {"stack_name": "w", "template": template}
    answer = await client("POST", f"{ROOT}/stacks", body)
    assert answer.error["type"] == "StackValidationFailed"
    first, second = answer.error["message"].splitlines()
    assert "OS::No::A" in first
    assert "OS::No::B" in second
    assert first.startswith("template:1:")


@pytest.mark.parametrize(
    "path",
    [
        "/stacks?limit=x",
        "/stacks?limit=-1",
        "/stacks?with_count=maybe",
        "/stacks?show_deleted=zz",
        "/stacks?sort_dir=up",
        "/resource_types?support_status=XX",
    ],
)
async def test_bad_queries_get_a_400(client: Client, path: str) -> None:
    assert (await client("GET", ROOT + path)).status == 400


async def test_methods_and_unknown_paths(client: Client) -> None:
    assert (await client("PUT", f"{ROOT}/stacks")).status == 405
    options = await client("OPTIONS", f"{ROOT}/stacks")
    assert (options.status, options.headers["allow"]) == (204, "GET,POST")
    for path in (f"{ROOT}/stacks/", f"{ROOT}/stacks/a/b/c/d/e/f", "/v2", ROOT):
        assert (await client("GET", path)).status == 404


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Lost("no answer"), 503),
        (Busy("later"), 503),
        (Denied("no trusts for you"), 403),
        (Refused("cannot", status=409, request_id="req-1"), 502),
    ],
)
async def test_trouble_of_the_cloud_is_told_as_such(
    desk: Desk, client: Client, error: Any, status: int
) -> None:
    desk.cloud.away = error
    answer = await client("GET", f"{ROOT}/stacks")
    assert answer.status == status
    assert answer.error["message"] == str(error)


async def test_unexpected_failures_tell_nothing_of_inside(
    desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr(desk.store, "stacks", broken)
    answer = await client("GET", f"{ROOT}/stacks")
    assert answer.status == 500
    assert b"secret" not in answer.content
    assert answer.error["traceback"] is None


async def test_policy_and_project_are_checked_before_anything_is_said(desk: Desk) -> None:
    stack_id = (await create(Client(desk))).data["stack"]["id"]
    guest = await Client(desk, "guest")("GET", "/v1/guest-project/stacks")
    assert (guest.status, guest.error["type"]) == (403, "Forbidden")
    other = Client(desk, "other")
    foreign = await other("GET", f"{ROOT}/stacks/web/{stack_id}")
    assert (foreign.status, foreign.error["type"]) == (403, "HTTPForbidden")
    hidden = await other("GET", f"/v1/other-project/stacks/web/{stack_id}")
    assert (hidden.status, hidden.error["type"]) == (404, "EntityNotFound")


async def test_an_administrator_is_led_to_the_project_of_a_stack(desk: Desk) -> None:
    """Whatever project the address names."""
    stack_id = (await create(Client(desk))).data["stack"]["id"]
    address = f"http://api.example{ROOT}/stacks/web/{stack_id}"
    admin = Client(desk, "admin")
    for path in (f"/v1/admin-project/stacks/{stack_id}", f"{ROOT}/stacks/{stack_id}"):
        assert (await admin("GET", path)).headers["location"] == address
    for own in (ROOT, "/v1/admin-project"):
        shown = await admin("GET", f"{own}/stacks/web/{stack_id}")
        assert shown.data["stack"]["links"] == [{"href": address, "rel": "self"}]
        (listed,) = (await admin("GET", f"{own}/stacks")).data["stacks"]
        assert (listed["project"], listed["links"][0]["href"]) == ("demo-project", address)
    made = await admin("POST", f"{ROOT}/stacks", {"stack_name": "web", "template": TEMPLATE})
    assert "/v1/admin-project/stacks/web/" in made.headers["location"]
    (plain,) = (await Client(desk)("GET", f"{ROOT}/stacks")).data["stacks"]
    assert "project" not in plain


async def test_configs_are_listed_with_their_project_for_administrators(desk: Desk) -> None:
    await Client(desk)("POST", f"{ROOT}/software_configs", {"name": "setup"})
    shown = {}
    for user in ("demo", "admin"):
        answer = await Client(desk, user)("GET", f"/v1/{user}-project/software_configs")
        (shown[user],) = answer.data["software_configs"]
    assert shown["admin"] == {**shown["demo"], "project": "demo-project"}


def test_every_route_has_a_rule_that_exists() -> None:
    known = {name for name, _, _ in rules()} | set(BASE)
    assert {route.rule for route in ROUTES} <= known


async def test_the_description_of_the_api_covers_every_route(client: Client) -> None:
    document = (await client("GET", "/v1/openapi.json")).data
    described = {
        (method.upper(), path) for path, each in document["paths"].items() for method in each
    }
    assert described == {(r.method, r.path) for r in ROUTES if "..." not in r.path}
    index = document["paths"]["/v1/{project_id}/stacks"]["get"]
    kinds = {each["name"]: each["schema"]["type"] for each in index["parameters"]}
    assert (kinds["limit"], kinds["status"], kinds["project_id"]) == ("string", "array", "string")


async def test_secrets_are_in_no_answer(desk: Desk, client: Client) -> None:
    body = {"stack_name": "web", "template": TEMPLATE, "parameters": {"s": "deep-hush"}}
    stack_id = (await client("POST", f"{ROOT}/stacks", body)).data["stack"]["id"]
    await desk.settle(stack_id, *desk.rows(stack_id))
    stack = f"{ROOT}/stacks/web/{stack_id}"
    paths = ("?resolve_outputs=false", "/environment", "/resources?with_detail=true", "/events")
    for path in paths:
        answer = await client("GET", stack + path)
        assert answer.status == 200
        assert b"deep-hush" not in answer.content
    told = await client("GET", f"{stack}/outputs/hidden")
    assert told.data["output"]["output_value"] == "deep-hush"


@pytest.mark.parametrize("path", ["/healthcheck", "/orchestration/", "/v1/openapi.json"])
async def test_what_is_open_to_all_answers_head_as_get(desk: Desk, path: str) -> None:
    application = build_application(desk.services)
    asked = await send(application, "GET", path, None, {})
    looked = await send(application, "HEAD", path, None, {})
    assert looked.status == asked.status
    assert looked.status in (200, 300)


async def test_numbers_without_end_come_and_go_as_clients_write_them(client: Client) -> None:
    template = {
        "heat_template_version": "2021-04-16",
        "parameters": {"p": {"type": "number", "default": 1}},
        "outputs": {"o": {"value": [{"get_param": "p"}, math.nan]}},
    }
    body = {"stack_name": "web", "template": template, "parameters": {"p": math.inf}}
    stack_id = (await client("POST", f"{ROOT}/stacks", body)).data["stack"]["id"]
    shown = (await client("GET", f"{ROOT}/stacks/web/{stack_id}/outputs/o")).data["output"]
    assert shown["output_value"][0] == math.inf
    assert math.isnan(shown["output_value"][1])
    validated = await client("POST", f"{ROOT}/validate", {**body, "stack_name": None})
    assert validated.data["Parameters"]["p"]["Value"] == math.inf
    assert (await client("POST", f"{ROOT}/stacks", b"{NaN")).status == 400


async def test_a_stack_without_a_report_says_so(client: Client) -> None:
    created = await create(client)
    stack_id = created.data["stack"]["id"]
    answer = await client("GET", f"{ROOT}/stacks/web/{stack_id}/timeline")
    assert answer.status == 404
    assert answer.data["error"]["message"] == "Of stack web no operation has a report."
    refused = await client("GET", f"{ROOT}/stacks/web/{stack_id}/timeline?operation=first")
    assert refused.status == 400


async def test_tags_may_be_empty_texts(client: Client) -> None:
    for name, tags, shown in (("a", "", [""]), ("b", "x,,y", ["x", "", "y"])):
        body = {"stack_name": name, "template": TEMPLATE, "tags": tags}
        stack_id = (await client("POST", f"{ROOT}/stacks", body)).data["stack"]["id"]
        found = await client("GET", f"{ROOT}/stacks/{name}/{stack_id}")
        assert found.data["stack"]["tags"] == shown


async def test_a_template_of_nothing_has_no_version(client: Client) -> None:
    for path, body in (("/stacks", {"stack_name": "w"}), ("/validate", {})):
        answer = await client("POST", ROOT + path, {**body, "template": {}})
        assert (answer.status, answer.error["type"]) == (400, "InvalidTemplateVersion")


async def test_a_preview_refuses_a_name_that_is_taken(client: Client) -> None:
    await create(client)
    body = {"stack_name": "web", "template": TEMPLATE}
    answer = await client("POST", f"{ROOT}/stacks/preview", body)
    assert (answer.status, answer.error["type"]) == (409, "StackExists")
    free = await client("POST", f"{ROOT}/stacks/preview", {**body, "stack_name": "w"})
    assert free.status == 200


async def test_resources_are_found_by_the_status_that_is_shown(client: Client) -> None:
    stack_id = (await create(client)).data["stack"]["id"]
    resources = f"{ROOT}/stacks/web/{stack_id}/resources"
    (shown, *_) = (await client("GET", resources)).data["resources"]
    action, _, status = shown["resource_status"].partition("_")
    for query in (f"{action}_{status}", status, f"X&status={action}_{status}"):
        assert (await client("GET", f"{resources}?status={query}")).data["resources"], query
    assert not (await client("GET", f"{resources}?status=X_{status}")).data["resources"]


async def test_a_mark_says_nothing_else(client: Client) -> None:
    stack_id = (await create(client)).data["stack"]["id"]
    path = f"{ROOT}/stacks/web/{stack_id}/resources/a"
    answer = await client("PATCH", path, {"mark_unhealthy": True, "why": "so"})
    assert answer.status == 400
    assert "why" in answer.error["message"]
