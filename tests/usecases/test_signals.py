"""Signals that are refused since their resource hears none: answered, and told in the events."""

from __future__ import annotations

import pytest
from tests.claims import claim_one
from tests.desk import Desk

from isotherm.core.errors import NotSupported
from isotherm.core.states import Action, Status
from isotherm.engine.recording.inbox import Inbox
from isotherm.engine.recording.ledger import Ledger
from isotherm.ports.records import Stack
from isotherm.ports.store import EventQuery
from isotherm.usecases.signals import signal_resource
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack

HANDLE = "OS::Heat::WaitConditionHandle"


async def a_stack(desk: Desk, action: Action) -> Stack:
    """One with a handle on which that was done."""
    template = {"heat_template_version": "2021-04-16", "resources": {"h": {"type": HANDLE}}}
    source = SourceRequest(template=template)
    stack = await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=source))
    return await desk.settle(stack.id, desk.row(stack.id, "h", HANDLE, action=action))


async def take_messages(desk: Desk, stack: Stack) -> None:
    """As the owner of the stack does."""
    lease = await claim_one(desk.store, "engine", stack.id, 40)
    assert lease is not None
    rows = await desk.store.resources(stack.id)
    ledger = Ledger(desk.store, desk.clock, lease, stack, rows)
    inbox = Inbox(desk.store, desk.services.registry, stack.id)
    assert not await inbox.take(ledger, idle=True)
    await desk.store.release(lease)


@pytest.mark.parametrize("details", [{"status": "SUCCESS"}, {"unset_hook": "pre-update"}, None])
@pytest.mark.parametrize("action", [Action.SUSPEND, Action.DELETE])
async def test_it_is_told_in_the_events(
    desk: Desk, action: Action, details: dict[str, str] | None
) -> None:
    stack = await a_stack(desk, action)
    with pytest.raises(NotSupported, match=f"Signal resource during {action}"):
        await signal_resource(desk.services, desk.caller, ("web", stack.id), "h", details)
    await take_messages(desk, stack)
    event = (await desk.store.events(EventQuery(stack_ids=[stack.id])))[-1]
    assert (event.resource_name, event.action, event.status) == ("h", action, Status.COMPLETE)
    assert event.status_reason == f"Cannot signal resource during {action}"
    assert not await desk.store.messages(stack.id)


async def test_it_changes_nothing_of_a_resource_that_is_gone_meanwhile(desk: Desk) -> None:
    stack = await a_stack(desk, Action.SUSPEND)
    with pytest.raises(NotSupported):
        await signal_resource(desk.services, desk.caller, ("web", stack.id), "h", None)
    await desk.delete(stack.id)
    before = len(await desk.store.events(EventQuery(stack_ids=[stack.id])))
    await take_messages(desk, stack)
    assert len(await desk.store.events(EventQuery(stack_ids=[stack.id]))) == before
