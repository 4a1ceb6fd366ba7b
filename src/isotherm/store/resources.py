"""Reading resource rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from isotherm.ports.records import Resource
from isotherm.store.encoding import Encoding
from isotherm.store.rows import RESOURCES
from isotherm.store.tables import resources

_OF_STACK = (
    select(resources).where(resources.c.stack_id == bindparam("stack")).order_by(resources.c.seq)
)
_OF_STACKS = (
    select(resources)
    .where(resources.c.stack_id.in_(bindparam("stacks", expanding=True)))
    .order_by(resources.c.stack_id, resources.c.seq)
)
_OF_NAME = _OF_STACK.where(resources.c.name == bindparam("name"))
_NAMESAKES = (
    select(resources)
    .where(resources.c.physical_id == bindparam("physical_id"))
    .order_by(resources.c.seq)
)
_OWNERS = (
    select(resources.c.physical_id)
    .where(resources.c.physical_id.in_(bindparam("physical_ids", expanding=True)))
    .distinct()
)
_MOST_PARAMETERS = 1000


def read_resources(
    connection: Connection, stack_id: str, name: str | None, encoding: Encoding
) -> list[Resource]:
    """All rows of a stack (of one name, if it is given), in the order in which they were first
    written."""
    if name is None:
        rows = connection.execute(_OF_STACK, {"stack": stack_id})
    else:
        rows = connection.execute(_OF_NAME, {"stack": stack_id, "name": name})
    return [RESOURCES.to_record(row, encoding) for row in rows]


def read_resources_of(
    connection: Connection, stack_ids: Sequence[str], encoding: Encoding
) -> list[Resource]:
    """All rows of several stacks, each stack's in the order in which they were first written."""
    rows = connection.execute(_OF_STACKS, {"stacks": stack_ids})
    return [RESOURCES.to_record(row, encoding) for row in rows]


def read_namesakes(connection: Connection, physical_id: str, encoding: Encoding) -> list[Resource]:
    """All rows that name an object, of whatever stack."""
    rows = connection.execute(_NAMESAKES, {"physical_id": physical_id})
    return [RESOURCES.to_record(row, encoding) for row in rows]


def read_owners(connection: Connection, physical_ids: Sequence[str]) -> set[str]:
    """Which of the physical ids are named by a row."""
    owned: set[str] = set()
    for start in range(0, len(physical_ids), _MOST_PARAMETERS):
        asked = physical_ids[start : start + _MOST_PARAMETERS]
        owned.update(filter(None, connection.scalars(_OWNERS, {"physical_ids": asked})))
    return owned
