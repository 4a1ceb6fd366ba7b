"""Who may send which request: roles by routes, as the reference answered (``recorded_roles.json``,
the roles of the project that each route is open to)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.asgi import Answer, send
from tests.desk import TEMPLATE, Desk

from isotherm.api.native import build_application
from isotherm.ports.records import replace
from isotherm.testing.token_cloud import a_caller

ROOT = "/v1/demo-project"
NOTHING = "00000000-0000-0000-0000-000000000000"
RECORDED: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("recorded_roles.json").read_text()
)
ROLES = {
    "admin": ("admin", "manager", "member", "reader"),
    "manager": ("manager", "member", "reader"),
    "member": ("member", "reader"),
    "reader": ("reader",),
    "heat_stack_user": ("heat_stack_user",),
    "heat_stack_owner": ("heat_stack_owner",),
    "service": ("service",),
    "something else": ("something",),
}
"""With what each implies."""
BODIES: dict[str, Any] = {
    "POST validate": {"template": TEMPLATE},
    "POST stacks": {"stack_name": "more", "template": TEMPLATE},
    "POST stacks/preview": {"stack_name": "more", "template": TEMPLATE},
    "POST software_configs": {"name": "setup"},
}


@pytest.fixture
async def asked(desk: Desk) -> tuple[Desk, dict[str, str]]:
    """Callers of each kind, and what routes name."""
    mine = {role: a_caller("demo", roles=held) for role, held in ROLES.items()}
    theirs = {role: a_caller("other", roles=held) for role, held in ROLES.items()}
    callers = {f"demo {role}": each for role, each in mine.items()}
    callers |= {f"other {role}": each for role, each in theirs.items()}
    desk.cloud.callers = {name: replace(each, token=name) for name, each in callers.items()}
    made = await call(desk, "demo member", "POST stacks", {"stack_name": "mxs"})
    stack_id = made.data["stack"]["id"]
    await desk.settle(stack_id, *desk.rows(stack_id))
    config = await call(
        desk, "demo member", "POST software_configs", BODIES["POST software_configs"]
    )
    return desk, {
        "stack": stack_id,
        "config": config.data["software_config"]["id"],
        "event": NOTHING,
        "nothing": NOTHING,
    }


async def call(desk: Desk, token: str, request: str, body: Any = None) -> Answer:
    method, path = request.split(" ")[:2]
    if request == "POST stacks" and body is not None:
        body = {**BODIES["POST stacks"], **body}
    headers = {"x-auth-token": token}
    application = build_application(desk.services)
    return await send(application, method, f"{ROOT}/{path}", body, headers)


@pytest.mark.parametrize(
    ("request_line", "roles"),
    [(each, roles) for roles, every in RECORDED.items() for each in every],
)
async def test_a_request_is_open_to_the_roles_that_it_is_open_to_in_the_reference(
    asked: tuple[Desk, dict[str, str]], request_line: str, roles: str
) -> None:
    """Administrators of other projects reach it, too; nobody else does from there."""
    desk, names = asked
    action = request_line.split(" ")[2:]
    body = {action[0]: None} if action else BODIES.get(request_line)
    if body is None and request_line.startswith(("POST", "PUT", "PATCH")):
        body = {}
    let_in = set()
    for caller in desk.cloud.callers:
        answer = await call(desk, caller, request_line.format(**names), body)
        assert answer.status < 500
        if answer.status not in (401, 403):
            let_in.add(caller)
    assert let_in == {f"demo {each}" for each in roles.split()} | {"other admin"}
