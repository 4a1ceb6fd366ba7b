"""What is shown of a stack."""

from __future__ import annotations

from isotherm.core.values import Value
from isotherm.engine.preparing.definitions import Definer
from isotherm.engine.preparing.present import Present, known_outputs
from isotherm.planning.replacement import current_rows
from isotherm.testing.scene import Scene


async def outputs(scene: Scene, stack_id: str) -> dict[str, Value]:
    """Values and, in their place, errors of the outputs as they are shown."""
    definer = Definer(scene.store, scene.world, scene.types)
    shown = await scene.stack(stack_id)
    definition = await definer.define(shown)
    rows = current_rows(await scene.store.resources(stack_id))
    scope = await Present(definer, scene.clock).scope(shown, definition, rows)
    values, errors = known_outputs(definition, scope)
    return {**values, **errors}
