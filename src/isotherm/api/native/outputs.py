"""Handlers of outputs."""

from __future__ import annotations

from typing import Any

from isotherm.api.native import views
from isotherm.api.native.call import Call
from isotherm.usecases.outputs import list_outputs, show_output


async def index(call: Call) -> dict[str, Any]:
    found = await list_outputs(call.services, call.caller, *call.stack)
    return {"outputs": [views.listed_output(each) for each in found]}


async def show(call: Call) -> dict[str, Any]:
    key = call.path["output_key"]
    found = await show_output(call.services, call.caller, *call.stack, key)
    return {"output": views.output_detail(found)}
