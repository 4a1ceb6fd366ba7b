"""What a traversal is sent for beside its plan, as it is recorded."""

from __future__ import annotations

from collections.abc import Iterable

from isotherm.engine.operations import OPERATIONS
from isotherm.engine.recording.parts import Parts, parts_inside, path_of
from isotherm.engine.steps.run import Errand
from isotherm.kit.registry import Registry
from isotherm.ports.records import Operation, Resource, Stack, Traversal
from isotherm.ports.store import Store
from isotherm.template import StackDefinition


async def errand_of(
    store: Store, stack: Stack, traversal: Traversal, rows: Iterable[Resource]
) -> Errand:
    """``rows`` are those of the stack."""
    return Errand(
        snapshot_id=traversal.snapshot_id,
        kept=await _kept(store, stack, traversal),
        adopts=OPERATIONS[traversal.operation].adopts,
        abandons=traversal.abandons,
        observes=traversal.observes,
        lent=any(row.adopted for row in rows) and await _is_lent(store, stack),
    )


def restored(errand: Errand, definition: StackDefinition, types: Registry) -> frozenset[str]:
    """The resources that have something to be brought back to."""
    if errand.adopts:
        return frozenset()
    return frozenset(
        name
        for name, part in errand.kept.items()
        if name in definition.resources
        and (kind := types.get(definition.resources[name].type)) is not None
        and kind.name == part.get("type")
        and kind.restorable(part.get("resource_data") or {})
    )


async def _kept(store: Store, stack: Stack, traversal: Traversal) -> Parts:
    if not traversal.snapshot_id or traversal.operation is Operation.SNAPSHOT:
        return {}
    snapshot = await store.snapshot(traversal.snapshot_id)
    if snapshot is None:
        return {}
    return parts_inside(snapshot.resources, await path_of(store, stack))


async def _is_lent(store: Store, stack: Stack) -> bool:
    root = await store.stack(stack.root_id) if stack.root_id else stack
    return root is not None and root.lent
