"""Inboxes of stacks: adding to them without a lease, reading them, removing what was taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    false,
    func,
    insert,
    select,
    true,
    update,
)

from isotherm.ports.records import Message
from isotherm.store.encoding import Encoding
from isotherm.store.rows import MESSAGES, Row
from isotherm.store.tables import leases, messages, traversals
from isotherm.store.types import Instant
from isotherm.store.writer import Change

_AT_ONCE = 500

_LOCK_STACK = (
    select(leases.c.stack_id).where(leases.c.stack_id == bindparam("stack")).with_for_update()
)
_EXISTING = select(messages.c.seq).where(messages.c.id == bindparam("wanted"))
_OPEN = (
    select(messages)
    .where(messages.c.stack_id == bindparam("stack"), messages.c.taken == false())
    .order_by(messages.c.seq)
)
_OLD = (
    select(messages.c.seq)
    .where(messages.c.at < bindparam("before", type_=Instant), messages.c.taken == true())
    .limit(_AT_ONCE)
)
_REMOVE = delete(messages).where(messages.c.seq.in_(bindparam("seqs", expanding=True)))

FIRST_OPEN = (
    select(func.min(messages.c.at))
    .where(messages.c.stack_id == leases.c.stack_id, messages.c.taken == false())
    .scalar_subquery()
)
"""Within a statement about ``leases``: since when a message waits in the stack's inbox."""

TAKE = (
    update(messages)
    .where(messages.c.id == bindparam("wanted"), messages.c.stack_id == bindparam("stack"))
    .values(taken=True)
)

_UNFINISHED = (
    select(traversals.c.started_at)
    .where(
        traversals.c.stack_id == leases.c.stack_id,
        traversals.c.number == leases.c.traversal,
        traversals.c.finished == false(),
    )
    .scalar_subquery()
)
RESET_WAITING = (
    update(leases)
    .where(leases.c.stack_id == bindparam("stack"))
    .values(waiting_since=func.coalesce(_UNFINISHED, FIRST_OPEN))
)
"""After a change of its inbox: whether the stack waits for an owner."""


@dataclass(frozen=True, slots=True)
class Post(Change[bool]):
    """One message more; False where its stack is not there."""

    message: Row

    def apply(self, connection: Connection) -> bool:
        stack = {"stack": self.message["stack_id"]}
        # First of all, as commits do: so messages are ordered, and nobody waits in a circle.
        if connection.scalar(_LOCK_STACK, stack) is None:
            return False
        if connection.scalar(_EXISTING, {"wanted": self.message["id"]}) is None:
            connection.execute(insert(messages), {**self.message, "taken": False})
            connection.execute(RESET_WAITING, stack)
        return True


@dataclass(frozen=True, slots=True)
class PurgeMessages(Change[int]):
    """Remove some that were taken in and came before a time; how many, 0 when all are gone."""

    before: datetime

    def apply(self, connection: Connection) -> int:
        old = list(connection.scalars(_OLD, {"before": self.before}))
        if old:
            connection.execute(_REMOVE, {"seqs": old})
        return len(old)


def read_messages(connection: Connection, stack_id: str, encoding: Encoding) -> list[Message]:
    """Those that have not been taken in, in the order in which they came."""
    rows = connection.execute(_OPEN, {"stack": stack_id})
    return [MESSAGES.to_record(row, encoding) for row in rows]
