"""Every request in every state of a stack works or is refused as clients know it; none breaks.

``recorded_states.json`` has the answers of a running orchestration service: a code, or a code and
an error type. ``DIFFERENT`` says where ours are others on purpose.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp
from tests.asgi import send
from tests.claims import claim_one
from tests.desk import TEMPLATE, Desk

from isotherm.api.native import build_application
from isotherm.core.states import Action, Status
from isotherm.engine.recording.stack_moves import settled, stack_event
from isotherm.ports.records import Operation, Pause, Resource, Stack, replace
from isotherm.ports.store import Fence, Writes
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack

RECORDED = json.loads((Path(__file__).parent / "recorded_states.json").read_text())
REQUESTS: dict[str, list[Any]] = RECORDED["requests"]
STATES: dict[str, dict[str, Any]] = RECORDED["states"]

OWN: dict[str, list[Any]] = {
    "why": ["GET", "/why", None],
    "timeline": ["GET", "/timeline", None],
    "release": ["POST", "/release", None],
    "adopt nothing": ["POST", "/resources/a/adopt", {}],
    "adopt a number": ["POST", "/resources/a/adopt", {"physical_resource_id": 7}],
    "plan": ["PUT", "/plan", {"template": TEMPLATE}],
    **{
        f"{verb} {name}": ["POST", f"/resources/{name}/{verb}", {"physical_resource_id": "mine"}]
        for verb in ("retry", "skip", "adopt", "forget", "replace")
        for name in ("a", "zz")
    },
}

_SHOWN_WHEN_GONE = frozenset(
    {"show", "template", "resources", "resource show", "events", "environment", "files", "metadata"}
) | {"mark badly", "dance", "nothing", "two", "delete"}
DIFFERENT: dict[tuple[str, str], Any] = {
    # What looks at or puts to rest what is there waits until that has come to an end; there it
    # overtakes, and leaves what is under way where it was.
    **{
        (state, visit): [409, "ActionInProgress"]
        for state in STATES
        for visit in ("suspend", "resume", "check")
        if state.endswith("IN_PROGRESS") and STATES[state][visit] == 200
    },
    ("DELETE_IN_PROGRESS", "check"): [400, "NotSupported"],
    # What waits before its removal is still there.
    ("DELETE_IN_PROGRESS", "mark"): 200,
    # Nothing can be asked of what is gone but what it was; there it can even be suspended.
    **{
        ("DELETE_COMPLETE", what): [404, "EntityNotFound"]
        for what in STATES["DELETE_COMPLETE"].keys() - _SHOWN_WHEN_GONE
    },
}


async def in_state(desk: Desk, word: str, name: str) -> Stack:
    """A stack of that name in that state."""
    action, status = _split(word)
    source = SourceRequest(template=TEMPLATE)
    stack = await create_stack(desk.services, desk.caller, CreateRequest(name=name, source=source))
    lease = await claim_one(desk.store, "engine", stack.id, 40)
    traversal = await desk.store.traversal(stack.id)
    assert lease is not None
    assert traversal is not None
    gone = (action, status) == (Action.DELETE, Status.COMPLETE)
    moved = replace(
        stack if action is Action.CREATE else settled(stack),
        action=action,
        status=status,
        deleted_at=desk.clock.now() if gone else None,
    )
    writes = Writes(
        resources=() if gone else rows(desk, stack, action, status),
        stack=moved,
        traversal=replace(
            traversal,
            operation=Operation(action.value),
            finished=status is not Status.IN_PROGRESS,
        ),
        events=[stack_event(moved, desk.clock)],
    )
    await desk.store.commit(Fence(lease=lease), writes)
    await desk.store.release(lease)
    return moved


def rows(desk: Desk, stack: Stack, action: Action, status: Status) -> list[Resource]:
    """What is under way waits at a hook, as it did where the answers come from."""
    first, second = desk.rows(stack.id)
    if status is not Status.IN_PROGRESS:
        own = {Action.ROLLBACK: Action.UPDATE}.get(action, action)
        return [replace(first, action=own, status=status), second]
    hook = {Action.CREATE: "pre-create", Action.DELETE: "pre-delete"}.get(action, "pre-update")
    waiting = replace(first, pause=Pause(hook=hook, traversal=1))
    if action is Action.CREATE:
        return [replace(waiting, action=Action.INIT, physical_id=None, reference=None)]
    return [waiting, second]


def _split(word: str) -> tuple[Action, Status]:
    action, _, status = word.partition("_")
    return Action(action), Status(status)


async def answers(word: str, requests: dict[str, list[Any]]) -> dict[str, Any]:
    """What each request gets, each about a stack of its own."""
    desk = Desk(max_stacks_per_tenant=-1)
    app = build_application(desk.services)
    found: dict[str, Any] = {}
    for number, (what, request) in enumerate(requests.items()):
        stack = await in_state(desk, word, f"web-{number}")
        found[what] = await _answer(desk, app, stack, request)
    return found


async def _answer(desk: Desk, app: ASGIApp, stack: Stack, request: list[Any]) -> Any:
    method, path, body = request
    if isinstance(body, dict) and "template" in body:
        body = {**body, "template": TEMPLATE}
    url = f"/v1/{desk.caller.project_id}/stacks/{stack.name}/{stack.id}{path}"
    reply = await send(app, method, url, body, {"x-auth-token": desk.caller.token})
    return reply.status if reply.status < 400 else [reply.status, reply.error.get("type")]


@pytest.mark.parametrize("word", STATES)
async def test_the_answers_are_those_that_clients_know(word: str) -> None:
    expected = {what: DIFFERENT.get((word, what), told) for what, told in STATES[word].items()}
    got = await answers(word, {what: REQUESTS[what] for what in expected})
    assert {what: each for what, each in got.items() if each != expected[what]} == {}


@pytest.mark.parametrize("word", STATES)
async def test_requests_of_our_own_never_break(word: str) -> None:
    for what, got in (await answers(word, OWN)).items():
        assert got in (200, 202) or got[0] in (400, 404, 409), (what, got)
