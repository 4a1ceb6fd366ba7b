"""Records with the fields that a test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.claims import claim_one

from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.ports.records import Event, Operation, Resource, Source, Stack, Traversal, replace
from isotherm.ports.store import Fence, Lease, Store

START = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """A moment relative to START."""
    return START + timedelta(seconds=seconds)


def make_stack(**fields: Any) -> Stack:
    stack_id = new_id()
    given: dict[str, Any] = {
        "id": stack_id,
        "name": f"stack-{stack_id}",
        "project_id": "project",
        "user_id": "user",
        "username": "demo",
        "action": Action.CREATE,
        "status": Status.IN_PROGRESS,
        "status_reason": "",
        "created_at": START,
        "traversal": 1,
        "source_id": "source",
        "credentials": {},
    }
    return Stack(**given | fields)


def make_traversal(stack_id: str, number: int = 1, **fields: Any) -> Traversal:
    given: dict[str, Any] = {"operation": Operation.CREATE, "started_at": START}
    return Traversal(stack_id=stack_id, number=number, **given | fields)


def make_event(stack_id: str, **fields: Any) -> Event:
    given: dict[str, Any] = {
        "id": new_id(),
        "at": START,
        "resource_name": "server",
        "resource_type": "OS::Nova::Server",
        "physical_id": None,
        "action": Action.CREATE,
        "status": Status.IN_PROGRESS,
        "status_reason": "state changed",
    }
    return Event(stack_id=stack_id, **given | fields)


def make_resource(stack_id: str, **fields: Any) -> Resource:
    given: dict[str, Any] = {
        "id": new_id(),
        "name": "server",
        "type": "OS::Nova::Server",
        "traversal": 1,
        "action": Action.CREATE,
        "status": Status.IN_PROGRESS,
        "created_at": START,
        "updated_at": START,
    }
    return Resource(stack_id=stack_id, **given | fields)


async def add_stack(store: Store, **fields: Any) -> Stack:
    """Keep a new stack whose first traversal started when the stack was created."""
    if "source_id" not in fields:
        source = Source(template={}, environment={}, files={})
        fields["source_id"] = await store.put_source(source)
    stack = make_stack(**fields)
    traversal = make_traversal(stack.id, stack.traversal, started_at=stack.created_at)
    await store.create_stack(stack, traversal, make_event(stack.id))
    return stack


async def overtake(store: Store, stack: Stack, **fields: Any) -> Stack:
    """Give the stack its next traversal, unfinished."""
    newer = replace(stack, traversal=stack.traversal + 1, **fields)
    traversal = make_traversal(stack.id, newer.traversal, operation=Operation.UPDATE)
    assert await store.supersede(newer, traversal, None, expected=stack)
    return newer


async def lease(store: Store, stack: Stack, owner: str = "worker", seconds: float = 60) -> Lease:
    """Claim just this stack."""
    taken = await claim_one(store, owner, stack.id, seconds)
    assert taken is not None
    return taken


async def fence(store: Store, stack: Stack, owner: str = "worker") -> Fence:
    """A fence that holds: a fresh lease, and the stack's present traversal."""
    return Fence(lease=await lease(store, stack, owner), traversal=stack.traversal)
