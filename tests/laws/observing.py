"""What holds between the rows of a stack and the things of the world."""

from __future__ import annotations

from typing import Any

from isotherm.core.states import Status
from isotherm.ports.records import Resource
from isotherm.testing.scene import Scene


async def check_nothing_lost(scene: Scene, stack_id: str) -> None:
    """Every thing is named by a row, at least by the name that was chosen for it."""
    rows = await scene.store.resources(stack_id)
    ids = {row.physical_id for row in rows}
    chosen = {row.physical_name for row in rows if row.physical_id is None}
    for thing in scene.world.things.values():
        assert thing["id"] in ids or thing["name"] in chosen, f"{thing} is lost"


async def check_terminal(scene: Scene, stack_id: str) -> None:
    """Nobody works on the stack any more, so nothing of it may claim to be in progress."""
    stack = await scene.stack(stack_id)
    assert stack.status is not Status.IN_PROGRESS
    for row in await scene.store.resources(stack_id):
        assert row.status is not Status.IN_PROGRESS, f"{row.name} is {row.action}_{row.status}"


async def check_recorded_is_observed(scene: Scene, stack_id: str) -> None:
    """For a stack that is complete: row for row the thing that it says."""
    rows = await scene.store.resources(stack_id)
    scene.world._bury()
    assert {row.physical_id for row in rows} == scene.world.things.keys()
    assert len(rows) == len(scene.world.things)
    for row in rows:
        assert row.current
        assert row.status is Status.COMPLETE
        assert row.applying is None
        thing = scene.world.things[row.physical_id or ""]
        for key in ("size", "colour", "uses", "fixed_uses"):
            assert row.properties.get(key) == thing.get(key), f"{row.name}.{key}"


async def end_state(scene: Scene, stack_id: str) -> dict[str, Any]:
    """Stack and things without the ids that differ from run to run."""
    stack = await scene.stack(stack_id)
    rows = await scene.rows(stack_id)
    names: dict[Any, str] = {}
    for row in rows.values():
        names[row.physical_id] = row.name
        names[row.attributes.get("address")] = f"address of {row.name}"
    return {
        "": f"{stack.action} {stack.status}",
        **{name: _shown(scene, row, names) for name, row in rows.items()},
    }


def _shown(scene: Scene, row: Resource, names: dict[Any, str]) -> dict[str, Any]:
    thing = scene.world.things.get(row.physical_id or "", {})
    keys = ("size", "colour", "uses", "fixed_uses", "password")
    seen = {key: names.get(thing.get(key), thing.get(key)) for key in keys}
    return {"status": row.status, "dependencies": len(row.dependencies), **seen}
