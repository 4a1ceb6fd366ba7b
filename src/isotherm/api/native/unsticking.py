"""Handlers of what frees resources and stacks that are stuck."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from isotherm.api.native import views
from isotherm.api.native.call import Call
from isotherm.usecases.stacks.release import release_stack
from isotherm.usecases.unsticking import RemedyRequest, unstick_resource


def remedy(verb: str) -> Callable[[Call], Awaitable[dict[str, Any]]]:
    """A handler of one verb; the body of ``adopt`` names the object."""

    async def handler(call: Call) -> dict[str, Any]:
        body = await call.optional_body() or {}
        request = RemedyRequest(verb=verb, physical_id=body.get("physical_resource_id"))
        name = call.path["resource_name"]
        await unstick_resource(call.services, call.caller, call.stack, name, request)
        return views.accepted()

    return handler


async def release(call: Call) -> dict[str, Any]:
    await release_stack(call.services, call.caller, *call.stack)
    return views.accepted()
