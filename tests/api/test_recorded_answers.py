"""Answers have the codes, error types, headers and shapes that clients were made for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.asgi import send
from tests.desk import TEMPLATE, Desk

from isotherm.api.native import build_application
from isotherm.ports.store import EventQuery
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack

RECORDED = json.loads((Path(__file__).parent / "recorded_answers.json").read_text())

NOT_OFFERED_YET = {"signal"}
"""What these ask for is refused for now."""


def a_template(**more: Any) -> dict[str, Any]:
    return {"heat_template_version": "2018-08-31", **more}


NONE = {"type": "OS::Heat::None"}
CHANGED = {"template": TEMPLATE, "parameters": {"p": "changed"}}
BODIES: Mapping[str, Any] = {
    "validate": {"template": TEMPLATE},
    "validate, no template": {},
    "validate, unknown type": {"template": a_template(resources={"a": {"type": "OS::No::Such"}})},
    "validate, bad version": {"template": {"heat_template_version": "1999-01-01"}},
    "validate, cycle": {
        "template": a_template(
            resources={"a": {**NONE, "depends_on": "b"}, "b": {**NONE, "depends_on": "a"}}
        )
    },
    "body not JSON": b"not json",
    "snapshot": {"name": "first"},
    "preview": {"stack_name": "new", "template": TEMPLATE},
    "create, no name": {"template": TEMPLATE},
    "create, bad name": {"stack_name": "1bad", "template": TEMPLATE},
    "create, unknown parameter": {
        "stack_name": "new",
        "template": TEMPLATE,
        "parameters": {"zz": 1},
    },
    "create, missing parameter": {
        "stack_name": "new",
        "template": a_template(parameters={"q": {"type": "string"}}),
    },
    "create, bad reference": {
        "stack_name": "new",
        "template": a_template(
            resources={
                "a": {"type": "OS::Heat::Value", "properties": {"value": {"get_resource": "zz"}}}
            }
        ),
    },
    "create": {"stack_name": "new", "template": TEMPLATE},
    "create, same name": {"stack_name": "probe", "template": TEMPLATE},
    "preview update": CHANGED,
    "preview update, patch": {"parameters": {"p": "changed"}},
    "update": CHANGED,
    "update at once again": CHANGED,
    "update, patch": {"parameters": {"p": "changed"}},
    "update, nothing": {},
    "mark unhealthy": {"mark_unhealthy": True},
    "mark unhealthy, missing key": {},
    "action check": {"check": None},
    "action suspend": {"suspend": None},
    "action resume": {"resume": None},
    "action cancel_update, idle": {"cancel_update": None},
    "action unknown": {"dance": None},
    "action none": {},
}


@pytest.mark.parametrize(
    "recorded",
    [each for each in RECORDED if each["what"] not in NOT_OFFERED_YET],
    ids=lambda each: each["what"].replace(" ", "_"),
)
async def test_answer(desk: Desk, recorded: Mapping[str, Any]) -> None:
    path = await prepared(desk, recorded)
    token = {"no token": "", "bad token": "wrong"}.get(recorded["what"], "demo-token")
    application = build_application(desk.services)
    answer = await send(
        application,
        recorded["method"],
        path,
        BODIES.get(recorded["what"]),
        {"x-auth-token": token},
    )
    assert answer.status == recorded["status"], answer.content
    assert {name.lower() for name in recorded["headers"]} <= answer.headers.keys()
    if "error" in recorded:
        assert answer.error["type"] == recorded["error"]
        assert answer.error["traceback"] is None
        assert answer.error["message"]
        assert answer.data["code"] == recorded["status"]
    else:
        assert_shaped(answer.data, recorded["body"], recorded["what"])


async def prepared(desk: Desk, recorded: Mapping[str, Any]) -> str:
    """The path of the request, with a settled stack called probe behind it."""
    request = CreateRequest(name="probe", source=SourceRequest(template=TEMPLATE), tags="t")
    stack = await create_stack(desk.services, desk.caller, request)
    await desk.settle(stack.id, *desk.rows(stack.id))
    what = recorded["what"]
    resource = next(each for each in desk.rows(stack.id) if each.name == "a")
    told = desk.event(resource)
    await desk.tell(stack.id, told)
    if what in ("show deleted by id", "delete again"):
        await desk.delete(stack.id)
    events = await desk.store.events(EventQuery(stack_ids=[stack.id], resource_name="a"))
    path = recorded["path"].replace("{id}", stack.id).replace("{event}", events[0].id)
    top = ("/v1", "/healthcheck")
    return path if path == "/" or path.startswith(top) else f"/v1/{desk.caller.project_id}{path}"


def assert_shaped(data: Any, shape: Any, where: str) -> None:
    """``data`` has the keys of ``shape``, with values of its kinds; what differs by the template
    in use (parameters, names of types and properties) is not compared."""
    if isinstance(shape, dict) and where.rpartition(".")[2] in _FREE:
        assert isinstance(data, dict), where
    elif isinstance(shape, dict):
        assert isinstance(data, dict), where
        assert sorted(data) == sorted(shape), where
        for key, each in shape.items():
            assert_shaped(data[key], each, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(data, list), where
        for each in data if shape else ():
            assert_shaped(each, shape[0], where)
    elif shape in _KINDS and data is not None and not isinstance(data, list):
        assert isinstance(data, _KINDS[shape]), f"{where}: {data!r} is not {shape}"


_KINDS = {"str": str, "int": int, "bool": bool}
_FREE = {
    "attributes",
    "parameters",
    "Parameters",
    "Outputs",
    "outputs",
    "properties",
    "Properties",
    "resources",
    "Resources",
    "resource_properties",
    "template",
    "metadata",
}


async def test_what_operators_have_not_enabled_says_so(desk: Desk) -> None:
    path = await prepared(desk, RECORDED[0] | {"path": "/stacks/probe/{id}", "what": ""})
    application = build_application(desk.services)
    token = {"x-auth-token": "demo-token"}
    for method, below, body in (
        ("GET", "/export", None),
        ("DELETE", "/abandon", None),
    ):
        answer = await send(application, method, path + below, body, token)
        assert answer.status == 400
        assert answer.error["type"] == "NotSupported"
        assert "is not supported" in answer.error["message"]
