"""Snapshots as requests see them: what is shown, what is refused, and with which words."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from tests.desk import TEMPLATE, Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import (
    ActionInProgress,
    EntityNotFound,
    NotFound,
    NotSupported,
    RequestLimitExceeded,
)
from isotherm.core.states import Action, Status
from isotherm.core.values import REDACTED, Secret
from isotherm.kit.registry import Registry
from isotherm.kit.resource_type import AnyType
from isotherm.ports.records import Operation, Snapshot, Stack, replace
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.services import Services
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.actions import run_action
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.delete import delete_stack
from isotherm.usecases.stacks.snapshots import (
    delete_snapshot,
    list_snapshots,
    restore_snapshot,
    show_snapshot,
    take_snapshot,
)
from isotherm.usecases.stacks.update import UpdateRequest, update_stack


async def a_stack(desk: Desk, **fields: Any) -> Stack:
    source = SourceRequest(template=TEMPLATE, parameters={"p": "one", "s": "secret-word"})
    request = CreateRequest(name="web", source=source, tags="t", **fields)
    stack = await create_stack(desk.services, desk.caller, request)
    return await desk.settle(stack.id, *desk.rows(stack.id))


async def taken(desk: Desk, stack: Stack, label: Any = "first") -> Snapshot:
    record, _ = await take_snapshot(desk.services, desk.caller, stack.name, stack.id, label)
    return record


async def completed(desk: Desk, stack: Stack, **fields: Any) -> Snapshot:
    """A snapshot that an engine has brought to its end."""
    snapshot = await taken(desk, stack)
    done = replace(snapshot, **({"status": Status.COMPLETE, "status_reason": "told"} | fields))
    await desk.settle(stack.id, snapshot=done)
    return done


async def test_a_snapshot_is_shown_as_it_is_begun_and_when_it_is_done(desk: Desk) -> None:
    stack = await a_stack(desk)
    record, contents = await take_snapshot(desk.services, desk.caller, "web", stack.id, "first")
    assert (record.name, record.action, record.status) == ("first", Action.CREATE, "IN_PROGRESS")
    assert contents.resources == {}
    assert contents.stack.tags == ("t",)
    traversal = await desk.store.traversal(stack.id)
    assert traversal is not None
    assert (traversal.operation, traversal.snapshot_id) == (Operation.SNAPSHOT, record.id)
    present = await desk.store.snapshot(record.id)
    assert present is not None
    await desk.settle(stack.id, snapshot=replace(present, status=Status.COMPLETE))
    ((listed, contents),) = await list_snapshots(desk.services, desk.caller, "web", stack.id)
    assert (listed.id, listed.status) == (record.id, Status.COMPLETE)
    assert set(contents.resources) == {"a", "w"}
    assert contents.template["resources"] == TEMPLATE["resources"]
    assert contents.environment["parameters"] == {"p": "one", "s": REDACTED}
    shown, _ = await show_snapshot(desk.services, desk.caller, "web", stack.id, record.id)
    assert shown == listed


async def test_no_snapshot_shows_a_secret(desk: Desk) -> None:
    stack = await a_stack(desk)
    data = {"resource_data": {"token": Secret("hush-hush"), "id": "7"}}
    snapshot = await completed(desk, stack, resources={"a": data})
    _, contents = await show_snapshot(desk.services, desk.caller, "web", stack.id, snapshot.id)
    assert contents.resources["a"]["resource_data"] == {"token": REDACTED, "id": "7"}


async def test_a_busy_stack_is_not_copied_and_snapshots_do_not_overtake(desk: Desk) -> None:
    stack = await a_stack(desk)
    await taken(desk, stack)
    with pytest.raises(ActionInProgress):
        await taken(desk, stack)


async def test_there_is_a_limit_and_what_is_deleted_makes_room() -> None:
    desk = Desk(max_snapshots_per_stack=1)
    stack = await a_stack(desk)
    snapshot = await completed(desk, stack)
    with pytest.raises(RequestLimitExceeded, match="maximum of 1 snapshots"):
        await taken(desk, stack)
    endless = Desk(max_snapshots_per_stack=-1)
    await completed(endless, await a_stack(endless))
    await delete_snapshot(desk.services, desk.caller, "web", stack.id, snapshot.id)
    (message,) = await desk.store.messages(stack.id)
    assert message.content["snapshot"] == snapshot.id


@pytest.mark.parametrize("label", [5, ["x"], {}])
async def test_a_name_is_text_or_nothing(desk: Desk, label: Any) -> None:
    stack = await a_stack(desk)
    with pytest.raises(BadRequest, match="name"):
        await taken(desk, stack, label)


async def test_a_snapshot_of_another_stack_is_not_found(desk: Desk) -> None:
    stack = await a_stack(desk)
    other = await create_stack(
        desk.services,
        desk.caller,
        CreateRequest(name="other", source=SourceRequest(template=TEMPLATE)),
    )
    snapshot = await completed(desk, stack)
    for ask in (show_snapshot, delete_snapshot, restore_snapshot):
        for stack_id, name, wanted in ((other.id, "other", snapshot.id), (stack.id, "web", "abc")):
            with pytest.raises(NotFound, match=f"Snapshot with id {wanted} not found"):
                await ask(desk.services, desk.caller, name, stack_id, wanted)


async def test_what_is_not_complete_can_neither_be_restored_nor_deleted(desk: Desk) -> None:
    stack = await a_stack(desk)
    snapshot = await taken(desk, stack)
    identity = (desk.services, desk.caller, "web", stack.id, snapshot.id)
    with pytest.raises(NotSupported, match="Restoring incomplete snapshot is not supported"):
        await restore_snapshot(*identity)
    with pytest.raises(NotSupported, match="Deleting in-progress snapshot is not supported"):
        await delete_snapshot(*identity)


async def test_a_snapshot_that_was_overtaken_has_failed_and_can_go(desk: Desk) -> None:
    stack = await a_stack(desk)
    snapshot = await taken(desk, stack)
    update = UpdateRequest(source=SourceRequest(template=TEMPLATE))
    await update_stack(desk.services, desk.caller, "web", stack.id, update)
    identity = (desk.services, desk.caller, "web", stack.id, snapshot.id)
    shown, _ = await show_snapshot(*identity)
    assert shown.status is Status.FAILED
    assert "a newer action came first" in shown.status_reason
    with pytest.raises(NotSupported):
        await restore_snapshot(*identity)
    await delete_snapshot(*identity)


async def test_a_restore_is_an_update_to_what_the_snapshot_holds(desk: Desk) -> None:
    stack = await a_stack(desk)
    snapshot = await completed(desk, stack)
    other = UpdateRequest(source=SourceRequest(template=TEMPLATE, parameters={"p": "two"}))
    await update_stack(desk.services, desk.caller, "web", stack.id, other)
    await desk.settle(stack.id)
    back = await restore_snapshot(desk.services, desk.caller, "web", stack.id, snapshot.id)
    assert (back.action, back.status) == (Action.RESTORE, Status.IN_PROGRESS)
    assert (back.source_id, back.tags) == (stack.source_id, ("t",))
    assert back.previous_source_id != stack.source_id, "a roll-back returns to the update"
    traversal = await desk.store.traversal(stack.id)
    assert traversal is not None
    assert (traversal.operation, traversal.snapshot_id) == (Operation.RESTORE, snapshot.id)


async def test_a_restore_overtakes_another_but_not_a_removal(desk: Desk) -> None:
    stack = await a_stack(desk)
    snapshot = await completed(desk, stack)
    identity = (desk.services, desk.caller, "web", stack.id, snapshot.id)
    await restore_snapshot(*identity)
    again = await restore_snapshot(*identity)
    assert again.traversal == 4
    await delete_stack(desk.services, desk.caller, "web", stack.id)
    with pytest.raises(NotSupported, match="deleting"):
        await restore_snapshot(*identity)


async def test_a_snapshot_whose_template_does_not_hold_any_more_is_refused(
    desk: Desk,
) -> None:
    stack = await a_stack(desk)
    snapshot = await completed(desk, stack)
    known = {name: each for name, each in desk.services.registry.items() if "Test" not in name}
    poorer = replace_registry(desk, known)
    with pytest.raises(InvalidDocument, match="OS::Heat::TestResource"):
        await restore_snapshot(poorer, desk.caller, "web", stack.id, snapshot.id)
    present = await desk.store.stack(stack.id)
    assert present is not None
    assert present.status is Status.COMPLETE


async def test_a_suspended_stack_can_be_copied_and_restored(desk: Desk) -> None:
    stack = await a_stack(desk)
    snapshot = await completed(desk, stack)
    await run_action(desk.services, desk.caller, "web", stack.id, "suspend")
    await desk.settle(stack.id)
    await restore_snapshot(desk.services, desk.caller, "web", stack.id, snapshot.id)
    await desk.settle(stack.id)
    await taken(desk, stack)


async def test_snapshots_of_a_deleted_stack_are_not_found(desk: Desk) -> None:
    stack = await a_stack(desk)
    await desk.delete(stack.id)
    with pytest.raises(EntityNotFound):
        await list_snapshots(desk.services, desk.caller, "web", stack.id)


def replace_registry(desk: Desk, types: Mapping[str, AnyType]) -> Services:
    return dataclasses.replace(desk.services, registry=Registry(types))
