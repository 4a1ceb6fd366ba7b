"""Reading snapshots; they are written with their stacks."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from isotherm.ports.records import Snapshot
from isotherm.store.encoding import Encoding
from isotherm.store.rows import SNAPSHOTS
from isotherm.store.tables import snapshots

_OF_STACK = (
    select(snapshots).where(snapshots.c.stack_id == bindparam("stack")).order_by(snapshots.c.seq)
)
_BY_ID = select(snapshots).where(snapshots.c.id == bindparam("wanted"))


def read_snapshots(connection: Connection, stack_id: str, encoding: Encoding) -> list[Snapshot]:
    """Those of a stack, oldest first."""
    found = connection.execute(_OF_STACK, {"stack": stack_id})
    return [SNAPSHOTS.to_record(row, encoding) for row in found]


def read_snapshot(connection: Connection, snapshot_id: str, encoding: Encoding) -> Snapshot | None:
    row = connection.execute(_BY_ID, {"wanted": snapshot_id}).one_or_none()
    return SNAPSHOTS.to_record(row, encoding) if row else None
