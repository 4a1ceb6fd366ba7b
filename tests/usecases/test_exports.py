"""Values that stacks of a project export and import."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.ports.records import Stack
from isotherm.usecases.outputs import show_output
from isotherm.usecases.refusals import ExportExists, ExportInUse
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.delete import delete_stack
from isotherm.usecases.stacks.update import UpdateRequest, update_stack

AWS: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09"}


def exporting(name: str) -> dict[str, Any]:
    return {**AWS, "Outputs": {"o": {"Value": "v", "Export": {"Name": name}}}}


EXPORTING = exporting("net")
IMPORTING = {**AWS, "Outputs": {"o": {"Value": {"Fn::ImportValue": "net"}}}}


async def create(desk: Desk, name: str, template: dict[str, Any]) -> Stack:
    request = CreateRequest(name=name, source=SourceRequest(template=template))
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
