"""Reading events."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from isotherm.core.ids import EventId, StackId
from isotherm.ports.records import Event
from isotherm.ports.store import EventQuery
from isotherm.store.encoding import Encoding
from isotherm.store.listing import Listing, Page
from isotherm.store.rows import EVENTS
from isotherm.store.tables import events

_LISTING = Listing(
    events.c.id,
    {name: events.c[name] for name in Event.__struct_fields__ if name in events.c},
    default_sort=(),
    tie_breaker=events.c.seq,
)
_ONE = select(events).where(
    events.c.stack_id == bindparam("stack"), events.c.id == bindparam("wanted")
)


def list_events(connection: Connection, query: EventQuery, encoding: Encoding) -> list[Event]:
    """Events as the query asks for; without sort keys in the order in which they were written."""
    statement = select(events).where(events.c.stack_id.in_(query.stack_ids))
    if query.resource_name is not None:
        statement = statement.where(events.c.resource_name == query.resource_name)
    statement = _LISTING.filtered(statement, query.filters)
    page = Page(query.sort_keys, query.descending, query.limit, query.marker)
    rows = connection.execute(_LISTING.page(connection, statement, page))
    return [EVENTS.to_record(row, encoding) for row in rows]


def read_event(
    connection: Connection, stack_id: StackId, event_id: EventId, encoding: Encoding
) -> Event | None:
    """One event of a stack."""
    row = connection.execute(_ONE, {"stack": stack_id, "wanted": event_id}).first()
    return EVENTS.to_record(row, encoding) if row else None
