"""A whole engine on a simulated world: for scenarios of creating, changing, crashing.

    def play(scene: Scene) -> ...
        stack = await scene.create(template)
        await scene.settle(stack)

Everything runs in virtual time; workers may be killed at a named point and others
take over.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from isotherm.engine.probe import Point
from isotherm.kit.resource_type import AnyType
from isotherm.testing.lives import Killed
from isotherm.testing.stage import Stage
from isotherm.testing.store import MemoryStore
from isotherm.testing.virtual_time import VirtualClock, run_virtually
from isotherm.testing.world import World, world_types


class KillAt:
    """A probe that kills its worker when ``resource`` passes ``point`` for the n-th time."""

    def __init__(self, point: Point, resource: str = "", *, nth: int = 1) -> None:
        self._point = point
        self._resource = resource
        self._left = nth
        self.struck = False

    def reached(self, point: Point, resource: str) -> None:
        if point is not self._point or (self._resource and resource != self._resource):
            return
        self._left -= 1
        if self._left == 0:
            self.struck = True
            raise Killed


@dataclass
class Scene(Stage):
    """A stage with a simulated world as its cloud."""

    @property
    def world(self) -> World:
        assert isinstance(self.cloud, World)
        return self.cloud


def play(
    scenario: Callable[[Scene], Coroutine[Any, Any, None]],
    *,
    seed: int | None = None,
    world: Mapping[str, Any] | None = None,
    types: Iterable[AnyType] = (),
) -> None:
    """Run a scenario in virtual time; ``world`` are fields of its ``World``, ``types`` are offered
    beside its own."""
    from isotherm.bus.embedded import EmbeddedBus

    async def main() -> None:
        clock = VirtualClock()
        scene = Scene(
            clock=clock,
            store=MemoryStore(clock),
            bus=EmbeddedBus(),
            cloud=World(clock, **(world or {})),
            types=world_types(*types),
        )
        await scenario(scene)

    run_virtually(main, seed=seed)
