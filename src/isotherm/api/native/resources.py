"""Handlers of resources."""

from __future__ import annotations

from typing import Any

from isotherm.api.native import views
from isotherm.api.native.call import Call
from isotherm.api.native.queries import strict_boolean
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.resources import (
    FILTERS,
    MarkRequest,
    ResourceListRequest,
    list_resources,
    mark_resource,
    show_metadata,
    show_resource,
)
from isotherm.usecases.signals import signal_resource


async def index(call: Call) -> dict[str, Any]:
    request = ResourceListRequest(
        nested_depth=call.query.number("nested_depth") or 0,
        filters=call.query.filters(FILTERS),
    )
    found = await list_resources(call.services, call.caller, *call.stack, request)
    view = views.resource_detail if call.query.flag("with_detail") else views.listed_resource
    return {"resources": [view(call.links, each) for each in found]}


async def show(call: Call) -> dict[str, Any]:
    found = await show_resource(
        call.services,
        call.caller,
        call.stack,
        call.path["resource_name"],
        with_attributes=call.query.all("with_attr"),
    )
    return {"resource": views.resource_detail(call.links, found)}


async def metadata(call: Call) -> dict[str, Any]:
    name = call.path["resource_name"]
    return {"metadata": await show_metadata(call.services, call.caller, call.stack, name)}


async def signal(call: Call) -> None:
    details, name = await call.details(), call.path["resource_name"]
    await signal_resource(call.services, call.caller, call.stack, name, details)


async def unhealthy(call: Call) -> None:
    body = await call.body()
    if strange := body.keys() - {"mark_unhealthy", "resource_status_reason"}:
        raise BadRequest(f"Invalid keys in resource mark unhealthy {sorted(strange)}")
    if "mark_unhealthy" not in body:
        raise BadRequest("Missing mandatory (mark_unhealthy) key from mark unhealthy request")
    request = MarkRequest(
        unhealthy=strict_boolean("mark_unhealthy", body["mark_unhealthy"]),
        reason=str(body.get("resource_status_reason") or ""),
    )
    name = call.path["resource_name"]
    await mark_resource(call.services, call.caller, call.stack, name, request)
