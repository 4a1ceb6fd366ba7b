"""What is kept of the resources of a stack in snapshots and exports, and those of the stacks in it.

The form is the one in which clients see exports: by name ``name``, ``resource_id``, ``type``,
``action``, ``status``, ``metadata``, ``resource_data``; what is inside of a nested stack
stands under ``resources``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isotherm.core.values import Value
from isotherm.planning.replacement import current_rows
from isotherm.ports.records import Resource, Stack
from isotherm.ports.store import Store

Parts = Mapping[str, Any]
"""Parts by the names of their resources."""

INSIDE = "resources"
DATA, MORE_DATA = "resource_data", "structured_data"
PHYSICAL_NAME, PROPERTIES = "physical_name", "applied"


def part_of(row: Resource) -> dict[str, Value]:
    """With what is ours alone: by these a copy is found and removed when its resource is gone."""
    return {
        "name": row.name,
        "resource_id": row.physical_id,
        PHYSICAL_NAME: row.physical_name,
        PROPERTIES: {**row.properties, **row.resolved},
        "type": row.type,
        "action": row.action.value,
        "status": row.status.value,
        "metadata": row.present_metadata,
        DATA: row.data,
    }


async def parts_of(store: Store, stack_id: str) -> dict[str, Value]:
    """What is recorded now, those of the stacks below included."""
    rows = current_rows(await store.resources(stack_id))
    parts = {name: part_of(row) for name, row in rows.items()}
    for child in await store.children(stack_id):
        above = parts.get(child.parent_resource or "")
        if above is not None and above["resource_id"] == child.id:
            above[INSIDE] = await parts_of(store, child.id)
    return parts


def parts_inside(parts: Parts, path: Sequence[str]) -> Parts:
    """What is kept of the stack at the end of ``path``; nothing where that did not exist."""
    for name in path:
        part = parts.get(name)
        inside = part.get(INSIDE) if isinstance(part, Mapping) else None
        if not isinstance(inside, Mapping):
            return {}
        parts = inside
    return parts


def all_parts(parts: Parts, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each part with its path, those inside of others too."""
    for name, part in parts.items():
        where = f"{path}.resources.{name}".lstrip(".")
        yield where, part
        yield from all_parts(part.get(INSIDE) or {}, where)


async def path_of(store: Store, stack: Stack) -> list[str]:
    """The names of the resources that lead from the root stack down to ``stack``."""
    path: list[str] = []
    above: Stack | None = stack
    while above is not None and above.parent_id is not None:
        path.insert(0, above.parent_resource or "")
        above = await store.stack(above.parent_id)
    return path
