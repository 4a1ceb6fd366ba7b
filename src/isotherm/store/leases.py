"""Ownership of stacks: who may write, and until when by the database's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Row,
    bindparam,
    case,
    or_,
    select,
    type_coerce,
    update,
)

from isotherm.ports.store import Lease
from isotherm.store.backend import database_now
from isotherm.store.tables import leases
from isotherm.store.writer import Change

# A lease that would hold for longer than any is given for was given before the clock was set
# back; waiting for its end would freeze the stack for as long as that was.
_FREE = (
    leases.c.waiting_since.is_not(None),
    or_(
        leases.c.owner.is_(None),
        leases.c.expires_at <= database_now(),
        leases.c.expires_at > database_now() + bindparam("absurd", type_=BigInteger),
    ),
)
_ABSURD = 3
"""Times the duration of a lease; those that a clock has gone back by little are waited for."""
_UNTIL = database_now() + bindparam("duration", type_=BigInteger)

# A stack that was given back waits behind those that nobody has looked at yet.
_WAITING_SINCE = case(
    (leases.c.expires_at > type_coerce(leases.c.waiting_since, BigInteger), leases.c.expires_at),
    else_=type_coerce(leases.c.waiting_since, BigInteger),
)
# Rows that another worker is just taking are passed over; SQLite has one writer at a time.
_FOUND = (
    leases.c.stack_id,
    leases.c.epoch,
    leases.c.owner,
    leases.c.take_overs,
    (database_now() - leases.c.expires_at).label("free_for"),
    (database_now() - _WAITING_SINCE).label("waited"),
)
_FIND = (
    select(*_FOUND)
    .where(*_FREE)
    .order_by(_WAITING_SINCE, leases.c.stack_id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(leases)
    .where(leases.c.stack_id == bindparam("stack"), leases.c.epoch == bindparam("former"))
    .values(
        owner=bindparam("new_owner"),
        epoch=leases.c.epoch + 1,
        expires_at=_UNTIL,
        take_overs=bindparam("so_often"),
    )
)
_HELD = (leases.c.owner == bindparam("holder"), leases.c.expires_at > database_now())
_OF_THESE = leases.c.stack_id.in_(bindparam("stack_ids", expanding=True))
_PROLONG = update(leases).where(*_HELD, _OF_THESE).values(expires_at=_UNTIL)
_HOLDINGS = select(leases.c.stack_id, leases.c.traversal).where(*_HELD, _OF_THESE)
_DISOWN = update(leases).where(*_HELD).values(expires_at=database_now())
_BREAK_OFF = (
    update(leases)
    .where(
        leases.c.stack_id == bindparam("stack"),
        leases.c.owner == bindparam("holder"),
        leases.c.epoch == bindparam("held_epoch"),
        leases.c.expires_at > database_now(),
    )
    .values(expires_at=database_now(), owner=bindparam("last_owner"))
)
# Whoever is well when he gives a stack back has not died of it: the next owner counts from nought.
_RELEASE = _BREAK_OFF.values(take_overs=-1)


def _microseconds(seconds: float) -> int:
    return round(seconds * 1_000_000)


@dataclass(frozen=True, slots=True)
class Claim(Change[list[Lease]]):
    """Take stacks that wait and are owned by nobody, ``limit`` at most."""

    owner: str
    seconds: float
    limit: int

    def apply(self, connection: Connection) -> list[Lease]:
        duration = _microseconds(self.seconds)
        wanted = {"most": self.limit, "absurd": _ABSURD * duration}
        found = connection.execute(_FIND, wanted).all()
        if found:
            connection.execute(
                _TAKE,
                [
                    {
                        "stack": row.stack_id,
                        "former": row.epoch,
                        "new_owner": self.owner,
                        "duration": duration,
                        "so_often": _take_overs(row),
                    }
                    for row in found
                ],
            )
        return [self._lease(row) for row in found]

    def _lease(self, row: Row[Any]) -> Lease:
        return Lease(
            stack_id=row.stack_id,
            owner=self.owner,
            epoch=row.epoch + 1,
            waited=max(row.waited / 1_000_000, 0.0),
            broken_off=max(row.free_for / 1_000_000, 0.0) if row.owner is not None else None,
            take_overs=_take_overs(row),
        )


def _take_overs(row: Row[Any]) -> int:
    """One more where the last owner has not given the stack back."""
    return 0 if row.owner is None else row.take_overs + 1


@dataclass(frozen=True, slots=True)
class Renew(Change[dict[str, int]]):
    """Prolong what an owner still holds of the stacks; the newest traversal of each.

    Not of all that it holds: a claim of which it never learnt the outcome must run out.
    """

    owner: str
    stack_ids: Sequence[str]
    seconds: float

    def apply(self, connection: Connection) -> dict[str, int]:
        holder = {"holder": self.owner, "stack_ids": self.stack_ids}
        connection.execute(_PROLONG, {**holder, "duration": _microseconds(self.seconds)})
        return {row.stack_id: row.traversal for row in connection.execute(_HOLDINGS, holder)}


@dataclass(frozen=True, slots=True)
class Disown(Change[None]):
    """End all leases of an owner."""

    owner: str

    def apply(self, connection: Connection) -> None:
        connection.execute(_DISOWN, {"holder": self.owner})


@dataclass(frozen=True, slots=True)
class Release(Change[None]):
    """Give one lease back, if it is still held. One that is given back in good order has no
    owner any more; of any other one the last owner stays known."""

    lease: Lease
    in_order: bool
    well: bool

    def apply(self, connection: Connection) -> None:
        lease = self.lease
        parameters = {
            "stack": lease.stack_id,
            "holder": lease.owner,
            "held_epoch": lease.epoch,
            "last_owner": None if self.in_order else lease.owner,
        }
        connection.execute(_RELEASE if self.well else _BREAK_OFF, parameters)
