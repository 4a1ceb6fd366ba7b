"""Duties: which are due, and who is at them, by the database's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, Integer, bindparam, or_, select, update

from isotherm.ports.store import Duty
from isotherm.store.backend import database_now
from isotherm.store.statements import Statements
from isotherm.store.tables import duties
from isotherm.store.writer import Change

_FARTHEST_MICROSECONDS = 7 * 86400 * 1_000_000
"""No duty is put off for longer."""
_ABSURD = 3
"""Times the duration of a lease."""

_DUE = (
    select(duties.c.kind, duties.c.key, duties.c.epoch)
    .where(
        duties.c.kind.in_(bindparam("kinds", expanding=True)),
        # What lies beyond all that is ever asked for was written before the clock was set back.
        or_(
            duties.c.due_at <= database_now(),
            duties.c.due_at > database_now() + _FARTHEST_MICROSECONDS,
        ),
        or_(
            duties.c.expires_at <= database_now(),
            duties.c.expires_at > database_now() + bindparam("absurd", type_=BigInteger),
        ),
    )
    .order_by(duties.c.due_at, duties.c.kind, duties.c.key)
    .limit(bindparam("most", type_=Integer))
    # One that another worker is just taking is passed over.
    .with_for_update(skip_locked=True)
)
_THIS = (duties.c.kind == bindparam("of_kind"), duties.c.key == bindparam("of_key"))
_LATER = database_now() + bindparam("duration", type_=BigInteger)
_TAKE = (
    update(duties)
    .where(*_THIS)
    .values(owner=bindparam("taker"), epoch=duties.c.epoch + 1, expires_at=_LATER)
)
_END = (
    update(duties)
    .where(*_THIS, duties.c.owner == bindparam("holder"), duties.c.epoch == bindparam("held"))
    .values(owner=None, expires_at=database_now(), due_at=_LATER)
)


def _microseconds(seconds: float) -> int:
    return round(seconds * 1_000_000)


@dataclass(frozen=True, slots=True)
class AddDuty(Change[None]):
    """A duty that is due at once; one that is there already stays as it is."""

    statements: Statements
    kind: str
    key: str

    def apply(self, connection: Connection) -> None:
        new = {"kind": self.kind, "key": self.key, "due_at": 0, "epoch": 0, "expires_at": 0}
        connection.execute(self.statements.add_duty, new)


@dataclass(frozen=True, slots=True)
class ClaimDuties(Change[list[Duty]]):
    """Take what is due and nobody is at."""

    owner: str
    kinds: Sequence[str]
    limit: int
    seconds: float

    def apply(self, connection: Connection) -> list[Duty]:
        duration = _microseconds(self.seconds)
        wanted = {"kinds": self.kinds, "most": self.limit, "absurd": _ABSURD * duration}
        due = connection.execute(_DUE, wanted).all()
        if due:
            taking = {"taker": self.owner, "duration": duration}
            rows = [{"of_kind": row.kind, "of_key": row.key, **taking} for row in due]
            connection.execute(_TAKE, rows)
        return [
            Duty(kind=row.kind, key=row.key, owner=self.owner, epoch=row.epoch + 1) for row in due
        ]


@dataclass(frozen=True, slots=True)
class EndDuty(Change[None]):
    """Give a duty back, if it is still held."""

    duty: Duty
    due_in: float

    def apply(self, connection: Connection) -> None:
        duty = self.duty
        held = {"of_kind": duty.kind, "of_key": duty.key, "holder": duty.owner, "held": duty.epoch}
        connection.execute(_END, {**held, "duration": _microseconds(self.due_in)})
