"""Stacks: the changes that requests make, and reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, insert, not_, or_, select

from isotherm.core.ids import ProjectId
from isotherm.ports.records import Stack
from isotherm.ports.store import NameTaken, NoRoom, StackQuery, Work
from isotherm.store.backend import contains
from isotherm.store.commits import (
    SET_TRAVERSAL,
    UPDATE_STACK,
    newest_traversal,
    stack_parameters,
)
from isotherm.store.encoding import Encoding
from isotherm.store.listing import Listing, Page
from isotherm.store.rows import STACKS, Row, tags_to_text
from isotherm.store.statements import Statements
from isotherm.store.tables import leases, resources, stacks, traversals
from isotherm.store.traversals import read_open
from isotherm.store.writer import Change

_STACK = select(stacks, leases.c.traversal).join(leases, leases.c.stack_id == stacks.c.id)
_LIVE = stacks.c.deleted_at.is_(None)

_BY_ID = _STACK.where(stacks.c.id == bindparam("stack"))
_IN_PROJECT = _STACK.where(stacks.c.project_id == bindparam("project"))
_FIND_BY_ID = _IN_PROJECT.where(stacks.c.id == bindparam("wanted"))
# Nested stacks can be named too; a root stack of the same name goes first.
_FIND_BY_NAME = (
    _IN_PROJECT.where(stacks.c.name == bindparam("wanted"), _LIVE)
    .order_by(stacks.c.parent_id.is_not(None), stacks.c.created_at.desc())
    .limit(1)
)
_CHILDREN = _STACK.where(stacks.c.parent_id == bindparam("stack"), _LIVE).order_by(
    stacks.c.created_at, stacks.c.id
)
_NAME_OWNER = select(stacks.c.id).where(
    stacks.c.project_id == bindparam("project"), stacks.c.live_name == bindparam("wanted")
)
_EXISTING = select(stacks.c.id).where(stacks.c.id == bindparam("stack"))
_LOCK_NEWEST = (
    select(leases.c.traversal).where(leases.c.stack_id == bindparam("stack")).with_for_update()
)
_STATE = select(
    stacks.c.action, stacks.c.status, stacks.c.deleted_at, stacks.c.previous_source_id
).where(stacks.c.id == bindparam("stack"))
_STARTED_AT = select(traversals.c.started_at).where(
    traversals.c.stack_id == bindparam("stack"), traversals.c.number == bindparam("wanted")
)
_COUNT_RESOURCES = (
    select(func.count())
    .select_from(resources)
    .join(stacks, stacks.c.id == resources.c.stack_id)
    .where(stacks.c.project_id == bindparam("project"), _LIVE, resources.c.current)
)

_ROOTS = (stacks.c.project_id == bindparam("project"), _LIVE, stacks.c.parent_id.is_(None))
_COUNT_OF_ROOTS = select(func.count()).select_from(stacks).where(*_ROOTS)
_LOCK_OF_ROOTS = (
    select(stacks.c.id)
    .where(*_ROOTS)
    .order_by(stacks.c.created_at, stacks.c.id)
    .limit(1)
    .with_for_update()
)

_LISTING = Listing(
    stacks.c.id,
    {name: stacks.c[name] for name in Stack.__struct_fields__ if name in stacks.c}
    | {"owner_id": stacks.c.parent_id},
    default_sort=("created_at",),
)


@dataclass(frozen=True, slots=True)
class CreateStack(Change[None]):
    """A new stack with its first traversal; raises NameTaken, NoRoom."""

    statements: Statements
    stack: Row
    traversal: Row
    event: Row
    most: int
    snapshot: Row | None = None

    def apply(self, connection: Connection) -> None:
        stack = self.stack
        if connection.scalar(_EXISTING, {"stack": stack["id"]}):
            return  # committed already, though the answer was lost
        if stack["live_name"] is not None:
            wanted = {"project": stack["project_id"], "wanted": stack["live_name"]}
            if connection.scalar(_NAME_OWNER, wanted):
                raise NameTaken(stack["name"])
            self._require_room(connection, stack["project_id"])
        connection.execute(insert(stacks), stack)
        newest = newest_traversal(self.traversal)
        lease = {
            "stack_id": newest["stack"],
            "traversal": newest["number"],
            "waiting_since": newest["since"],
            "epoch": 0,
            "expires_at": 0,
        }
        connection.execute(insert(leases), lease)
        connection.execute(self.statements.put_traversal, self.traversal)
        connection.execute(self.statements.add_event, self.event)
        if self.snapshot:
            connection.execute(self.statements.put_snapshot, self.snapshot)

    def _require_room(self, connection: Connection, project_id: str) -> None:
        of_project = {"project": project_id}
        if self.most < 0 or 2 * _count(connection, of_project) < self.most:
            return
        # Those who come at once wait for each other; as long as there is room enough, nobody.
        connection.execute(_LOCK_OF_ROOTS, of_project)
        if _count(connection, of_project) >= self.most:
            raise NoRoom


def _count(connection: Connection, of_project: Mapping[str, str]) -> int:
    return connection.scalar(_COUNT_OF_ROOTS, of_project) or 0


@dataclass(frozen=True, slots=True)
class Supersede(Change[bool]):
    """A stack with a new traversal, if it is still as ``expected``."""

    statements: Statements
    stack: Row
    traversal: Row
    event: Row | None
    expected: Stack
    snapshot: Row | None = None

    def apply(self, connection: Connection) -> bool:
        stack_id, number = self.stack["id"], self.traversal["number"]
        # Whoever changes a stack has its lease row locked, so it cannot move any more.
        newest = connection.scalar(_LOCK_NEWEST, {"stack": stack_id})
        if newest == number:
            # Ours, if it was committed already though the answer was lost.
            wanted = {"stack": stack_id, "wanted": number}
            return bool(connection.scalar(_STARTED_AT, wanted) == self.traversal["started_at"])
        if newest != self.expected.traversal or self._has_moved(connection):
            return False
        connection.execute(SET_TRAVERSAL, newest_traversal(self.traversal))
        connection.execute(UPDATE_STACK, stack_parameters(self.stack))
        connection.execute(self.statements.put_traversal, self.traversal)
        if self.event:
            connection.execute(self.statements.add_event, self.event)
        if self.snapshot:
            connection.execute(self.statements.put_snapshot, self.snapshot)
        return True

    def _has_moved(self, connection: Connection) -> bool:
        present = connection.execute(_STATE, {"stack": self.expected.id}).one()
        return tuple(present) != (
            self.expected.action,
            self.expected.status,
            self.expected.deleted_at,
            self.expected.previous_source_id,
        )


def read_stack(connection: Connection, stack_id: str, encoding: Encoding) -> Stack | None:
    """A stack by id, deleted or not."""
    return _one(connection, _BY_ID, {"stack": stack_id}, encoding)


def read_work(connection: Connection, stack_id: str, encoding: Encoding) -> Work | None:
    """What the stack has for its owner."""
    found = read_open(connection, stack_id, encoding)
    stack = read_stack(connection, stack_id, encoding)
    if found is None or stack is None:
        return None
    return Work(stack=stack, traversal=found[0], messages=found[1])


def find_stack(
    connection: Connection, project_id: ProjectId, name_or_id: str, encoding: Encoding
) -> Stack | None:
    """A stack of the project by id, or a live one by name."""
    wanted = {"project": project_id, "wanted": name_or_id}
    return _one(connection, _FIND_BY_ID, wanted, encoding) or _one(
        connection, _FIND_BY_NAME, wanted, encoding
    )


def read_children(connection: Connection, stack_id: str, encoding: Encoding) -> list[Stack]:
    """Live stacks nested in this one."""
    return _all(connection, _CHILDREN.params(stack=stack_id), encoding)


def list_stacks(connection: Connection, query: StackQuery, encoding: Encoding) -> list[Stack]:
    """Stacks as the query asks for."""
    page = Page(query.sort_keys, query.descending, query.limit, query.marker)
    return _all(connection, _LISTING.page(connection, _matching(_STACK, query), page), encoding)


def count_stacks(connection: Connection, query: StackQuery) -> int:
    """How many stacks match the query, whatever its page."""
    return connection.scalar(_matching(select(func.count()).select_from(stacks), query)) or 0


def count_resources(connection: Connection, project_id: str) -> int:
    """Current resources in the live stacks of a project."""
    return connection.scalar(_COUNT_RESOURCES, {"project": project_id}) or 0


def _matching(statement: Select[Any], query: StackQuery) -> Select[Any]:
    if query.project_id is not None:
        statement = statement.where(stacks.c.project_id == query.project_id)
    if not query.show_deleted:
        statement = statement.where(_LIVE)
    if not query.show_nested:
        statement = statement.where(stacks.c.parent_id.is_(None))
    return _tagged(_LISTING.filtered(statement, query.filters), query)


def _tagged(statement: Select[Any], query: StackQuery) -> Select[Any]:
    def has(tag: str) -> contains:
        return contains(stacks.c.tags, tags_to_text((tag,)))

    for tag in query.tags:
        statement = statement.where(has(tag))
    if query.tags_any:
        statement = statement.where(or_(*map(has, query.tags_any)))
    if query.not_tags:
        statement = statement.where(not_(and_(*map(has, query.not_tags))))
    for tag in query.not_tags_any:
        statement = statement.where(not_(has(tag)))
    return statement


def _one(
    connection: Connection, statement: Select[Any], parameters: Row, encoding: Encoding
) -> Stack | None:
    row = connection.execute(statement, parameters).one_or_none()
    return STACKS.to_record(row, encoding) if row else None


def _all(connection: Connection, statement: Select[Any], encoding: Encoding) -> list[Stack]:
    return [STACKS.to_record(row, encoding) for row in connection.execute(statement)]
