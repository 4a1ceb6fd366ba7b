"""Ownership of stacks: who may write, and until when by the database's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    bindparam,
    case,
    select,
    type_coerce,
    update,
)

from isotherm.ports.store import Lease
from isotherm.store.backend import database_now
from isotherm.store.tables import leases, traversals
from isotherm.store.types import Instant
from isotherm.store.writer import Change

_FREE = (leases.c.waiting_since.is_not(None), leases.c.expires_at <= database_now())
_UNTIL = database_now() + bindparam("duration", type_=BigInteger)

# A stack that was given back waits behind those that nobody has looked at yet.
_WAITING_SINCE = case(
    (leases.c.expires_at > type_coerce(leases.c.waiting_since, BigInteger), leases.c.expires_at),
    else_=type_coerce(leases.c.waiting_since, BigInteger),
)
# Rows that another worker is just taking are passed over; SQLite has one writer at a time.
_FIND = (
    select(leases.c.stack_id, leases.c.epoch)
    .where(*_FREE)
    .order_by(_WAITING_SINCE, leases.c.stack_id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_FIND_ONE = (
    select(leases.c.stack_id, leases.c.epoch)
    .where(leases.c.stack_id == bindparam("stack"), *_FREE)
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(leases)
    .where(leases.c.stack_id == bindparam("stack"), leases.c.epoch == bindparam("former"))
    .values(owner=bindparam("new_owner"), epoch=leases.c.epoch + 1, expires_at=_UNTIL)
)
_HELD = (leases.c.owner == bindparam("holder"), leases.c.expires_at > database_now())
_PROLONG = update(leases).where(*_HELD).values(expires_at=_UNTIL)
_HOLDINGS = select(leases.c.stack_id).where(*_HELD)
_DISOWN = update(leases).where(*_HELD).values(expires_at=database_now())
_RELEASE = (
    update(leases)
    .where(
        leases.c.stack_id == bindparam("stack"),
        leases.c.owner == bindparam("holder"),
        leases.c.epoch == bindparam("held_epoch"),
        leases.c.expires_at > database_now(),
    )
    .values(expires_at=database_now())
)
_OVERDUE = (
    select(leases.c.stack_id)
    .join(
        traversals,
        (traversals.c.stack_id == leases.c.stack_id) & (traversals.c.number == leases.c.traversal),
    )
    .where(*_FREE, traversals.c.deadline <= bindparam("moment", type_=Instant))
    .order_by(traversals.c.deadline)
)


def _microseconds(seconds: float) -> int:
    return round(seconds * 1_000_000)


@dataclass(frozen=True, slots=True)
class Claim(Change[list[Lease]]):
    """Take stacks that wait and are owned by nobody: ``stack_id``, or any, ``limit`` at most."""

    owner: str
    seconds: float
    limit: int = 1
    stack_id: str | None = None

    def apply(self, connection: Connection) -> list[Lease]:
        if self.stack_id is None:
            found = connection.execute(_FIND, {"most": self.limit}).all()
        else:
            found = connection.execute(_FIND_ONE, {"stack": self.stack_id}).all()
        if found:
            duration = _microseconds(self.seconds)
            connection.execute(
                _TAKE,
                [
                    {
                        "stack": stack_id,
                        "former": epoch,
                        "new_owner": self.owner,
                        "duration": duration,
                    }
                    for stack_id, epoch in found
                ],
            )
        return [
            Lease(stack_id=stack_id, owner=self.owner, epoch=epoch + 1) for stack_id, epoch in found
        ]


@dataclass(frozen=True, slots=True)
class Renew(Change[set[str]]):
    """Prolong what an owner still holds."""

    owner: str
    seconds: float

    def apply(self, connection: Connection) -> set[str]:
        holder = {"holder": self.owner}
        connection.execute(_PROLONG, {**holder, "duration": _microseconds(self.seconds)})
        return set(connection.scalars(_HOLDINGS, holder))


@dataclass(frozen=True, slots=True)
class Disown(Change[None]):
    """End all leases of an owner."""

    owner: str

    def apply(self, connection: Connection) -> None:
        connection.execute(_DISOWN, {"holder": self.owner})


@dataclass(frozen=True, slots=True)
class Release(Change[None]):
    """Give one lease back, if it is still held."""

    lease: Lease

    def apply(self, connection: Connection) -> None:
        lease = self.lease
        parameters = {
            "stack": lease.stack_id,
            "holder": lease.owner,
            "held_epoch": lease.epoch,
        }
        connection.execute(_RELEASE, parameters)


def read_overdue(connection: Connection, now: datetime) -> list[str]:
    """Stacks that nobody owns and whose traversal is past its deadline."""
    return list(connection.scalars(_OVERDUE, {"moment": now}))
