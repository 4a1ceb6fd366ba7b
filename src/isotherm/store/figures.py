"""Figures of all that is in the database, for whoever watches over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, and_, case, func, not_, or_, select, type_coerce

from isotherm.store.backend import database_now
from isotherm.store.tables import leases, stacks

_BY_STATE = (
    select(stacks.c.action, stacks.c.status, func.count())
    .where(stacks.c.deleted_at.is_(None))
    .group_by(stacks.c.action, stacks.c.status)
)
_SINCE = type_coerce(leases.c.waiting_since, BigInteger)
_OWNED = and_(leases.c.owner.is_not(None), leases.c.expires_at > database_now())
_FREE_SINCE = case((leases.c.expires_at > _SINCE, leases.c.expires_at), else_=_SINCE)
_OF_WORK = select(
    func.count(case((not_(_OWNED), 1))),
    func.count(case((_OWNED, 1))),
    database_now() - func.min(case((not_(_OWNED), _FREE_SINCE))),
    database_now() - func.min(_SINCE),
).where(or_(leases.c.waiting_since.is_not(None), _OWNED))
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """``stacks`` by action and status; ``waiting`` for an owner, the first since
    ``waiting_seconds``; ``leased`` to one; the oldest action goes on for ``working_seconds``."""

    stacks: Mapping[tuple[str, str], int]
    waiting: int
    leased: int
    waiting_seconds: float
    working_seconds: float


def read_figures(connection: Connection) -> Figures:
    by_state = {(action, status): count for action, status, count in connection.execute(_BY_STATE)}
    waiting, leased, waiting_for, working_for = connection.execute(_OF_WORK).one()
    return Figures(by_state, waiting, leased, _seconds(waiting_for), _seconds(working_for))


def _seconds(microseconds: int | None) -> float:
    """Clocks of the machines that wrote may go a little ahead."""
    return max(float(microseconds or 0) / _MICROSECONDS, 0.0)
