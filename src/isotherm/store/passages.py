"""Stacks at rest, and traversals of theirs that begin and end in one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from isotherm.ports.store import AtRest, Fence, Fenced, Lease, Passage
from isotherm.store.commits import Commit, Gathered, Standing, lock_leases, prepare_commit
from isotherm.store.encoding import Encoding
from isotherm.store.rows import STACKS
from isotherm.store.statements import Statements
from isotherm.store.tables import leases, stacks, traversals
from isotherm.store.writer import Change

_AT_REST = (
    select(stacks, leases.c.traversal, leases.c.epoch)
    .join(leases, leases.c.stack_id == stacks.c.id)
    .where(
        stacks.c.id.in_(bindparam("stack_ids", expanding=True)),
        stacks.c.deleted_at.is_(None),
        leases.c.owner.is_(None),
        leases.c.waiting_since.is_(None),
    )
)
_STARTED_AT = select(traversals.c.started_at).where(
    traversals.c.stack_id == bindparam("stack"), traversals.c.number == bindparam("wanted")
)


def read_at_rest(
    connection: Connection, stack_ids: Sequence[str], encoding: Encoding
) -> list[AtRest]:
    """Those of the stacks that are at rest."""
    rows = connection.execute(_AT_REST, {"stack_ids": list(stack_ids)})
    return [AtRest(stack=STACKS.to_record(row, encoding), epoch=row.epoch) for row in rows]


@dataclass(frozen=True, slots=True)
class PassThrough(Change[bool]):
    """A commit, and passages of other stacks: all, or nothing. The lease of a passage says in which
    epoch its stack was read."""

    commit: Commit
    passages: Sequence[Commit]

    def apply(self, connection: Connection) -> bool:
        (outcome,) = self.apply_all(connection, [self])
        if isinstance(outcome, Fenced):
            raise outcome
        return bool(outcome)

    @classmethod
    def apply_all(cls, connection: Connection, changes: Sequence[PassThrough]) -> list[Any]:
        """For each whether it was written, or its Fenced."""
        named = {each.fence.lease.stack_id for change in changes for each in change._commits}
        standing = lock_leases(connection, named)
        gathered, outcomes = Gathered(), []
        for change in changes:
            outcome = change._outcome(connection, standing)
            outcomes.append(outcome)
            if outcome is True:
                for each in change._commits:
                    gathered.add(each, standing[each.fence.lease.stack_id])
        gathered.write(connection, changes[0].commit.statements)
        return outcomes

    @property
    def _commits(self) -> list[Commit]:
        return [self.commit, *self.passages]

    def _outcome(self, connection: Connection, standing: Mapping[str, Standing]) -> bool | Fenced:
        stack_id = self.commit.fence.lease.stack_id
        held = standing.get(stack_id)
        if refusal := held.refusal(self.commit) if held is not None else "it is gone":
            return Fenced(f"stack {stack_id}: {refusal}")
        return all(
            _is_at_rest(standing, each) or _is_written(connection, each) for each in self.passages
        )


def prepare_passages(
    commit: Commit, passages: Sequence[Passage], statements: Statements, encoding: Encoding
) -> PassThrough:
    """The passages as rows."""
    return PassThrough(
        commit,
        [prepare_commit(_as_read(each), each.writes, statements, encoding) for each in passages],
    )


def _as_read(passage: Passage) -> Fence:
    at = passage.present
    return Fence(lease=Lease(stack_id=at.stack.id, owner="", epoch=at.epoch))


def _is_at_rest(standing: Mapping[str, Standing], passage: Commit) -> bool:
    present = standing.get(passage.fence.lease.stack_id)
    if present is None or present.owner is not None or present.waits:
        return False
    follows = present.traversal + 1 == passage.stack_traversal
    return follows and present.epoch == passage.fence.lease.epoch


def _is_written(connection: Connection, passage: Commit) -> bool:
    """Whether it was committed already, though the answer was lost."""
    ours = passage.traversal
    if ours is None:
        return False
    wanted = {"stack": ours["stack_id"], "wanted": ours["number"]}
    return bool(connection.scalar(_STARTED_AT, wanted) == ours["started_at"])
