"""Handlers of events."""

from __future__ import annotations

from typing import Any

from isotherm.api.native import views
from isotherm.api.native.call import Call
from isotherm.usecases.events import FILTERS, EventListRequest, list_events, show_event


async def index(call: Call) -> dict[str, Any]:
    query = call.query
    depth = query.number("nested_depth")
    request = EventListRequest(
        resource=call.path.get("resource_name"),
        nested_depth=depth or 0,
        filters=query.filters(FILTERS),
        sort_keys=query.all("sort_keys"),
        descending=query.descending(),
        limit=query.number("limit"),
        marker=query.text("marker"),
    )
    found = await list_events(call.services, call.caller, *call.stack, request)
    with_root = depth is not None
    return {"events": [views.listed_event(call.links, e, with_root=with_root) for e in found]}


async def show(call: Call) -> dict[str, Any]:
    found = await show_event(
        call.services,
        call.caller,
        call.stack,
        call.path["resource_name"],
        call.path["event_id"],
    )
    return {"event": views.event_detail(call.links, found)}
