"""Handlers that explain the state of a stack."""

from __future__ import annotations

from typing import Any

from isotherm.api.native.call import Call
from isotherm.api.native.views import time_text
from isotherm.usecases.stacks.why import Cause, Place, explain_stack


async def why(call: Call) -> dict[str, Any]:
    found = await explain_stack(call.services, call.caller, *call.stack)
    stack = found.stack
    return {
        "why": {
            "stack_name": stack.name,
            "stack_id": stack.id,
            "stack_status": f"{stack.action}_{stack.status}",
            "stack_status_reason": stack.status_reason,
            "cause": _cause(found.cause) if found.cause is not None else None,
            "next": list(found.next),
        }
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "trouble": cause.trouble.name.lower(),
        "way": [_place(each) for each in cause.way],
        "kind": cause.kind,
        "message": cause.message,
        "request_id": cause.request_id,
        "since": time_text(cause.since),
        "template": cause.template,
        "hook": cause.hook,
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "stack_name": place.stack.name,
        "stack_id": place.stack.id,
        "resource_name": place.resource,
        "resource_type": place.type,
        "resource_status": place.state,
        "physical_resource_id": place.physical_id,
    }
