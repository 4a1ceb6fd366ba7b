"""Values that stacks of a project export and import."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.diagnostics import InvalidDocument
from isotherm.ports.records import Stack
from isotherm.usecases.outputs import show_output
from isotherm.usecases.refusals import ExportInUse
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.delete import delete_stack

AWS: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09"}
EXPORTING = {**AWS, "Outputs": {"o": {"Value": "v", "Export": {"Name": "net"}}}}
IMPORTING = {**AWS, "Outputs": {"o": {"Value": {"Fn::ImportValue": "net"}}}}


async def create(desk: Desk, name: str, template: dict[str, Any]) -> Stack:
    request = CreateRequest(name=name, source=SourceRequest(template=template))
    stack = await create_stack(desk.services, desk.caller, request)
    desk.clock.advance(1)
    return await desk.settle(stack.id)


async def test_an_import_reads_what_another_stack_exports(desk: Desk) -> None:
    giver = await create(desk, "giver", EXPORTING)
    taker = await create(desk, "taker", IMPORTING)
    shown = await show_output(desk.services, desk.caller, "taker", taker.id, "o")
    assert shown.value == "v"
    with pytest.raises(ExportInUse, match="Export net cannot be deleted as it is in use by taker"):
        await delete_stack(desk.services, desk.caller, "giver", giver.id)
    await desk.delete(taker.id)
    await desk.delete(giver.id)


async def test_an_import_of_nothing_is_an_error(desk: Desk) -> None:
    resources = {
        "r": {"Type": "OS::Heat::Value", "Properties": {"value": {"Fn::ImportValue": "net"}}}
    }
    with pytest.raises(InvalidDocument, match="No export named net"):
        await create(desk, "taker", {**AWS, "Resources": resources})
