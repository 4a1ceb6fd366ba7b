"""List and show the events of a stack."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from isotherm.core.ids import EventId, StackId
from isotherm.engine.recording.stack_moves import STACK_TYPE
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Event, Stack, Traversal
from isotherm.ports.store import EventQuery
from isotherm.usecases.access import stack_of
from isotherm.usecases.refusals import EventsNotFound
from isotherm.usecases.services import Services

_FIELDS = {
    "resource_status": "status",
    "resource_action": "action",
    "resource_name": "resource_name",
    "resource_type": "resource_type",
}
_SORT_FIELDS = {**_FIELDS, "event_time": "at", "created_at": "at"}
FILTERS = frozenset(_FIELDS)


class EventListRequest(Struct, frozen=True, kw_only=True):
    """Newest first unless sorted or told otherwise. ``resource`` restricts to one resource
    name."""

    resource: str | None = None
    nested_depth: int = 0
    filters: Mapping[str, Sequence[str]] = {}
    sort_keys: Sequence[str] = ()
    descending: bool | None = None
    limit: int | None = None
    marker: str | None = None


@dataclass(frozen=True, slots=True)
class EventDetail:
    """An event and the stack it belongs to, which may be a nested one."""

    event: Event
    stack: Stack
    root: Stack

    @property
    def is_about_stack(self) -> bool:
        """Not about one of its resources."""
        return (self.event.resource_type, self.event.physical_id) == (STACK_TYPE, self.stack.id)


async def list_events(
    services: Services, caller: Caller, name: str, stack_id: str, request: EventListRequest
) -> list[EventDetail]:
    """Raises EntityNotFound, and EventsNotFound for a resource nothing is known of."""
    stack = await stack_of(services, caller, name, stack_id)
    family = await _family(services, stack, request.nested_depth)
    events = await services.store.events(await _query(services, family, request))
    if not events and request.resource is not None:
        await _require_events(services, stack, request.resource)
    return [EventDetail(each, family[each.stack_id], stack) for each in events]


async def token_of_each(services: Services, events: Sequence[EventDetail]) -> list[str]:
    """What whoever began the operation that each belongs to calls it; empty where nothing."""
    times: dict[str, list[datetime]] = {}
    for each in events:
        times.setdefault(each.stack.id, []).append(each.event.at)
    begun = {
        stack_id: await services.store.traversals(stack_id, min(told), max(told))
        for stack_id, told in times.items()
    }
    return [_token_at(begun[each.stack.id], each.event.at) for each in events]


def _token_at(begun: Sequence[Traversal], at: datetime) -> str:
    """Of the last operation that had begun by then."""
    last = bisect_right(begun, at, key=lambda each: each.started_at)
    return begun[last - 1].client_token if last else ""


async def show_event(
    services: Services,
    caller: Caller,
    stack_identity: tuple[str, str],
    resource: str,
    event_id: str,
) -> EventDetail:
    """Raises EntityNotFound and EventsNotFound."""
    stack = await stack_of(services, caller, *stack_identity)
    event = await services.store.event(StackId(stack.id), EventId(event_id))
    if event is None or event.resource_name != resource:
        raise EventsNotFound(f"No event {event_id} found")
    return EventDetail(event, stack, stack)


async def _family(services: Services, stack: Stack, depth: int) -> dict[str, Stack]:
    """The stack and its nested stacks, to ``depth``, by id."""
    family = {stack.id: stack}
    if depth > 0:
        for child in await services.store.children(stack.id):
            family |= await _family(services, child, depth - 1)
    return family


async def _query(
    services: Services, family: Mapping[str, Stack], request: EventListRequest
) -> EventQuery:
    sort_keys = [_SORT_FIELDS[key] for key in request.sort_keys if key in _SORT_FIELDS]
    return EventQuery(
        stack_ids=list(family),
        resource_name=request.resource,
        filters={_FIELDS[name]: accepted for name, accepted in request.filters.items()},
        sort_keys=sort_keys,
        descending=not sort_keys if request.descending is None else request.descending,
        limit=request.limit,
        marker=await _marker(services, family, request.marker),
    )


async def _marker(
    services: Services, family: Mapping[str, Stack], marker: str | None
) -> str | None:
    """A marker that names no event is passed over, as if none had been given."""
    if marker is not None:
        for stack_id in family:
            if await services.store.event(StackId(stack_id), EventId(marker)) is not None:
                return marker
    return None


async def _require_events(services: Services, stack: Stack, resource: str) -> None:
    anything = EventQuery(stack_ids=[stack.id], resource_name=resource, limit=1)
    if not await services.store.events(anything):
        raise EventsNotFound(f"No events found for resource {resource}")
