"""Handlers of snapshots."""

from __future__ import annotations

from typing import Any

from isotherm.api.native import views
from isotherm.api.native.call import Call
from isotherm.usecases.stacks.snapshots import (
    delete_snapshot,
    list_snapshots,
    restore_snapshot,
    show_snapshot,
    take_snapshot,
)


async def take(call: Call) -> dict[str, Any]:
    label = (await call.body()).get("name")
    taken = await take_snapshot(call.services, call.caller, *call.stack, label)
    return views.snapshot(*taken)


async def index(call: Call) -> dict[str, Any]:
    found = await list_snapshots(call.services, call.caller, *call.stack)
    return {"snapshots": [views.snapshot(*each) for each in found]}


async def show(call: Call) -> dict[str, Any]:
    found = await show_snapshot(call.services, call.caller, *call.stack, _id(call))
    return {"snapshot": views.snapshot(*found)}


async def delete(call: Call) -> None:
    await delete_snapshot(call.services, call.caller, *call.stack, _id(call))


async def restore(call: Call) -> dict[str, str]:
    await restore_snapshot(call.services, call.caller, *call.stack, _id(call))
    return views.accepted()


def _id(call: Call) -> str:
    return call.path["snapshot_id"]
