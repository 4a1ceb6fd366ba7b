"""Values that stacks of a project export and import."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.engine.recording.starting import Starter, begin
from isotherm.ports.records import Operation, Source, Stack, replace
from isotherm.usecases.outputs import show_output
from isotherm.usecases.refusals import ExportExists, ExportInUse
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.delete import delete_stack
from isotherm.usecases.stacks.update import UpdateRequest, update_stack

AWS: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09"}


def exporting(name: str, value: Any = "v") -> dict[str, Any]:
    return {**AWS, "Outputs": {"o": {"Value": value, "Export": {"Name": name}}}}


EXPORTING = exporting("net")
IMPORTING = {**AWS, "Outputs": {"o": {"Value": {"Fn::ImportValue": "net"}}}}


async def create(desk: Desk, name: str, template: dict[str, Any], **files: str) -> Stack:
    source = SourceRequest(template=template, files={f"{n}.yaml": t for n, t in files.items()})
    request = CreateRequest(name=name, source=source)
    stack = await create_stack(desk.services, desk.caller, request)
    desk.clock.advance(1)
    return await desk.settle(stack.id)


async def update(desk: Desk, stack: Stack, template: dict[str, Any]) -> None:
    request = UpdateRequest(source=SourceRequest(template=template))
    await update_stack(desk.services, desk.caller, stack.name, stack.id, request)
    desk.clock.advance(1)
    await desk.settle(stack.id)


async def test_an_import_reads_what_another_stack_exports(desk: Desk) -> None:
    giver = await create(desk, "giver", EXPORTING)
    taker = await create(desk, "taker", IMPORTING)
    shown = await show_output(desk.services, desk.caller, "taker", taker.id, "o")
    assert shown.value == "v"
    with pytest.raises(ExportInUse, match="Export net cannot be deleted as it is in use by taker"):
        await delete_stack(desk.services, desk.caller, "giver", giver.id)
    await desk.delete(taker.id)
    await desk.delete(giver.id)


async def test_a_name_is_exported_by_one_stack_only(desk: Desk) -> None:
    giver = await create(desk, "giver", EXPORTING)
    with pytest.raises(ExportExists, match="Export net is already exported by stack giver"):
        await create(desk, "other", EXPORTING)
    other = await create(desk, "other", exporting("lan"))
    with pytest.raises(ExportExists, match="Export net is already exported by stack giver"):
        await update(desk, other, EXPORTING)
    await update(desk, giver, exporting("wan"))
    await update(desk, other, EXPORTING)


async def test_names_of_another_project_are_free(desk: Desk) -> None:
    await create(desk, "giver", EXPORTING)
    request = CreateRequest(name="giver", source=SourceRequest(template=EXPORTING))
    await create_stack(desk.services, desk.other, request)


async def test_an_update_keeps_what_others_import(desk: Desk) -> None:
    giver = await create(desk, "giver", EXPORTING)
    taker = await create(desk, "taker", IMPORTING)
    for without in (exporting("lan"), {**AWS, "Outputs": {"o": {"Value": "v"}}}):
        with pytest.raises(ExportInUse, match="net cannot be deleted as it is in use by taker"):
            await update(desk, giver, without)
    more = {**EXPORTING["Outputs"], "p": {"Value": "w", "Export": {"Name": "lan"}}}
    await update(desk, giver, {**AWS, "Outputs": more})
    await update(desk, taker, {**AWS, "Outputs": {"o": {"Value": "own"}}})
    await update(desk, giver, exporting("wan"))


async def test_an_importer_on_its_way_out_still_counts(desk: Desk) -> None:
    giver = await create(desk, "giver", EXPORTING)
    taker = await create(desk, "taker", IMPORTING)
    await delete_stack(desk.services, desk.caller, "taker", taker.id)
    with pytest.raises(ExportInUse):
        await delete_stack(desk.services, desk.caller, "giver", giver.id)


async def test_an_import_of_nothing_is_an_error(desk: Desk) -> None:
    resources = {
        "r": {"Type": "OS::Heat::Value", "Properties": {"value": {"Fn::ImportValue": "net"}}}
    }
    with pytest.raises(InvalidDocument, match="No export named net"):
        await create(desk, "taker", {**AWS, "Resources": resources})


async def test_a_value_that_others_import_stays(desk: Desk) -> None:
    giver = await create(desk, "giver", EXPORTING)
    taker = await create(desk, "taker", IMPORTING)
    with pytest.raises(ExportInUse, match="net cannot be updated as it is in use by taker"):
        await update(desk, giver, exporting("net", "w"))
    resources = {"r": {"Type": "OS::Heat::Value", "Properties": {"value": "w"}}}
    later = exporting("net", {"Fn::GetAtt": ["r", "value"]})
    await update(desk, giver, {**later, "Resources": resources})
    await update(desk, taker, {**AWS, "Outputs": {"o": {"Value": "own"}}})
    await update(desk, giver, exporting("net", "x"))


NESTING = {**AWS, "Resources": {"k": {"Type": "kid.yaml"}}}
KID = json.dumps(EXPORTING)


async def nested(desk: Desk, parent: Stack) -> Stack:
    """What an engine makes of the resource ``k`` of NESTING."""
    source_id = await desk.store.put_source(Source(template=EXPORTING, environment={}, files={}))
    child = replace(
        parent,
        id=new_id(),
        name=f"{parent.name}-k",
        parent_id=parent.id,
        parent_resource="k",
        source_id=source_id,
        traversal=0,
        action=Action.INIT,
        status=Status.COMPLETE,
    )
    starter = Starter(desk.store, desk.bus, desk.clock)
    now = desk.clock.now()
    await starter.start(*begin(child, Operation.CREATE, number=1, now=now, deadline=None))
    return await desk.settle(child.id)


async def test_what_nested_stacks_export_counts(desk: Desk) -> None:
    giver = await create(desk, "giver", EXPORTING)
    with pytest.raises(ExportExists, match="Export net is already exported by stack giver"):
        await create(desk, "above", NESTING, kid=KID)
    await desk.delete(giver.id)
    with pytest.raises(ExportExists, match="Export net is already exported by stack above"):
        await create(desk, "above", {**NESTING, **exporting("net")}, kid=KID)
    above = await create(desk, "above", NESTING, kid=KID)
    await nested(desk, above)
    request = UpdateRequest(source=SourceRequest(template=NESTING, files={"kid.yaml": KID}))
    await update_stack(desk.services, desk.caller, "above", above.id, request)
    await desk.settle(above.id)
    await create(desk, "taker", IMPORTING)
    with pytest.raises(ExportInUse, match="in use by taker"):
        await update(desk, above, AWS)
    with pytest.raises(ExportInUse, match="in use by taker"):
        await delete_stack(desk.services, desk.caller, "above", above.id)
