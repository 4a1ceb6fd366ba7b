"""Every request in every state of a stack works or is refused as clients know it; none breaks.

``recorded_states.json`` has the answers of a running orchestration service: a code, or a code and
an error type. ``DIFFERENT`` says where ours are others on purpose.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
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

DIFFERENT = {
    (state, visit)
    for state in STATES
    if state.endswith("IN_PROGRESS")
    for visit in ("suspend", "resume", "check")
    if STATES[state].get(visit) == 200
}
"""What looks at or puts to rest what is there waits until that has come to an end; there it
overtakes, and leaves what is under way where it was."""


async def in_state(desk: Desk, word: str) -> Stack:
    action, status = _split(word)
    source = SourceRequest(template=TEMPLATE)
    stack = await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=source))
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


async def answer(desk: Desk, stack: Stack, request: list[Any]) -> Any:
    method, path, body = request
    if isinstance(body, dict) and "template" in body:
        body = {**body, "template": TEMPLATE}
    project = desk.caller.project_id
    url = f"/v1/{project}/stacks/{stack.name}/{stack.id}{path}"
    token = {"x-auth-token": desk.caller.token}
    reply = await send(build_application(desk.services), method, url, body, token)
    if reply.status < 400:
        return reply.status
    return [reply.status, reply.error.get("type")]


CASES = [
    pytest.param(word, what, id=f"{word} {what}")
    for word, answers in STATES.items()
    for what in answers
]


@pytest.mark.parametrize(("word", "what"), CASES)
async def test_the_answer_is_the_one_that_clients_know(desk: Desk, word: str, what: str) -> None:
    got = await answer(desk, await in_state(desk, word), REQUESTS[what])
    expected = STATES[word][what]
    assert got == ([409, "ActionInProgress"] if (word, what) in DIFFERENT else expected)


@pytest.mark.parametrize("what", OWN)
@pytest.mark.parametrize("word", STATES)
async def test_requests_of_our_own_never_break(desk: Desk, word: str, what: str) -> None:
    got = await answer(desk, await in_state(desk, word), OWN[what])
    assert got in (200, 202) or got[0] in (400, 404, 409), got
