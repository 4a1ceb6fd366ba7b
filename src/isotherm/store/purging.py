"""Removing what deleted stacks leave behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, select

from isotherm.store.backend import database_now
from isotherm.store.tables import attachments, contents, snapshots, sources, stacks
from isotherm.store.types import Instant
from isotherm.store.writer import Change

_STACKS_AT_ONCE = 20
# For this long after it was given, a source may be about to become some stack's.
_GRACE_MICROSECONDS = 3600 * 1_000_000

_OLD = (
    select(stacks.c.id)
    .where(stacks.c.deleted_at < bindparam("before", type_=Instant))
    .order_by(stacks.c.deleted_at)
    .limit(_STACKS_AT_ONCE)
)
# The rest of their rows goes with them, by foreign key.
_REMOVE = delete(stacks).where(stacks.c.id.in_(bindparam("stack_ids", expanding=True)))
_REMOVE_SOURCES = delete(sources).where(
    sources.c.touched_at < database_now() - _GRACE_MICROSECONDS,
    ~exists().where(stacks.c.source_id == sources.c.id),
    ~exists().where(stacks.c.previous_source_id == sources.c.id),
    ~exists().where(snapshots.c.source_id == sources.c.id),
)
_REMOVE_CONTENTS = delete(contents).where(
    ~exists().where(sources.c.template_id == contents.c.id),
    ~exists().where(sources.c.files_id == contents.c.id),
)


_REMOVE_ATTACHMENTS = delete(attachments).where(
    attachments.c.at < bindparam("before", type_=Instant),
    ~exists().where(stacks.c.id == attachments.c.stack_id),
)
"""Of stacks that are gone, or that never came."""


@dataclass(frozen=True, slots=True)
class PurgeStacks(Change[int]):
    """Remove a few stacks that were deleted before a time; how many, 0 when all are gone."""

    before: datetime

    def apply(self, connection: Connection) -> int:
        old = list(connection.scalars(_OLD, {"before": self.before}))
        if old:
            connection.execute(_REMOVE, {"stack_ids": old})
        connection.execute(_REMOVE_ATTACHMENTS, {"before": self.before})
        return len(old)


@dataclass(frozen=True, slots=True)
class PurgeSources(Change[None]):
    """Remove sources that no stack or snapshot has any more, and contents that no source has."""

    def apply(self, connection: Connection) -> None:
        connection.execute(_REMOVE_SOURCES)
        connection.execute(_REMOVE_CONTENTS)
