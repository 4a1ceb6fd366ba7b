"""Routes about resources and events."""

from __future__ import annotations

from isotherm.api.native import events, paths, resources
from isotherm.api.native.queries import arities
from isotherm.api.native.routing import Route

_RESOURCE_QUERY = arities(
    single="nested_depth with_detail",
    mixed="type status name action id physical_resource_id",
)
_EVENT_QUERY = arities(
    single="limit marker sort_dir nested_depth",
    multi="sort_keys",
    mixed="resource_status resource_action resource_name resource_type",
)

RESOURCES = (
    Route(
        "resource_index",
        "GET",
        f"{paths.STACK}/resources",
        resources.index,
        "resource:index",
        query=_RESOURCE_QUERY,
        strict=True,
        summary="List resources",
    ),
    Route(
        "resource_show",
        "GET",
        paths.RESOURCE,
        resources.show,
        "resource:show",
        query=arities(multi="with_attr"),
        summary="Show a resource",
    ),
    Route(
        "resource_metadata_show",
        "GET",
        f"{paths.RESOURCE}/metadata",
        resources.metadata,
        "resource:metadata",
        summary="Show the metadata of a resource",
    ),
    Route(
        "resource_signal",
        "POST",
        f"{paths.RESOURCE}/signal",
        resources.signal,
        "resource:signal",
        summary="Send a signal to a resource",
    ),
    Route(
        "resource_mark_unhealthy",
        "PATCH",
        paths.RESOURCE,
        resources.unhealthy,
        "resource:mark_unhealthy",
        summary="Mark a resource as unhealthy",
    ),
    Route(
        "event_index_stack",
        "GET",
        f"{paths.STACK}/events",
        events.index,
        "events:index",
        query=_EVENT_QUERY,
        summary="List the events of a stack",
    ),
    Route(
        "event_index_resource",
        "GET",
        f"{paths.RESOURCE}/events",
        events.index,
        "events:index",
        query=_EVENT_QUERY,
        summary="List the events of a resource",
    ),
    Route(
        "event_show",
        "GET",
        f"{paths.RESOURCE}/events/{{event_id}}",
        events.show,
        "events:show",
        summary="Show an event",
    ),
)
