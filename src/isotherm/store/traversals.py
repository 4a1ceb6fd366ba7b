"""Reading traversals."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from isotherm.ports.records import Traversal
from isotherm.store.encoding import Encoding
from isotherm.store.rows import TRAVERSALS
from isotherm.store.tables import leases, traversals

_NEWEST = (
    select(traversals)
    .join(
        leases,
        (leases.c.stack_id == traversals.c.stack_id) & (leases.c.traversal == traversals.c.number),
    )
    .where(traversals.c.stack_id == bindparam("stack"))
)


def read_traversal(connection: Connection, stack_id: str, encoding: Encoding) -> Traversal | None:
    """The newest traversal of a stack."""
    row = connection.execute(_NEWEST, {"stack": stack_id}).first()
    return TRAVERSALS.to_record(row, encoding) if row else None
