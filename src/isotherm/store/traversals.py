"""Reading traversals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, false, func, select

from isotherm.ports.records import Traversal
from isotherm.store.encoding import Encoding
from isotherm.store.rows import TRAVERSALS
from isotherm.store.tables import leases, messages, traversals
from isotherm.store.types import Instant

_NEWEST = (
    select(traversals)
    .join(
        leases,
        (leases.c.stack_id == traversals.c.stack_id) & (leases.c.traversal == traversals.c.number),
    )
    .where(traversals.c.stack_id == bindparam("stack"))
)
_BEFORE = select(func.max(traversals.c.number)).where(
    traversals.c.stack_id == bindparam("stack"),
    traversals.c.started_at <= bindparam("start", type_=Instant),
)
_BEGUN = (
    select(traversals)
    .where(
        traversals.c.stack_id == bindparam("stack"),
        traversals.c.started_at <= bindparam("end", type_=Instant),
        traversals.c.number >= func.coalesce(_BEFORE.scalar_subquery(), 0),
    )
    .order_by(traversals.c.number)
)
_WORK = _NEWEST.add_columns(
    exists()
    .where(messages.c.stack_id == bindparam("stack"), messages.c.taken == false())
    .label("messages")
)


def read_traversal(connection: Connection, stack_id: str, encoding: Encoding) -> Traversal | None:
    """The newest traversal of a stack."""
    row = connection.execute(_NEWEST, {"stack": stack_id}).first()
    return TRAVERSALS.to_record(row, encoding) if row else None


def read_traversals(
    connection: Connection, stack_id: str, span: tuple[datetime, datetime], encoding: Encoding
) -> list[Traversal]:
    """Those begun in the span, and the last one before it, oldest first."""
    rows = connection.execute(_BEGUN, {"stack": stack_id, "start": span[0], "end": span[1]})
    return [TRAVERSALS.to_record(row, encoding) for row in rows]


def read_open(
    connection: Connection, stack_id: str, encoding: Encoding
) -> tuple[Traversal, bool] | None:
    """The same, and whether the stack's inbox has messages."""
    row = connection.execute(_WORK, {"stack": stack_id}).first()
    return (TRAVERSALS.to_record(row, encoding), bool(row.messages)) if row else None
