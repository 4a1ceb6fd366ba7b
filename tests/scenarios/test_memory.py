"""What a traversal has worked with is gone when it is over, without anybody looking for it."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from tests.scenarios.templates import nested, ref, stack, things

from isotherm.core.errors import Refused
from isotherm.core.states import Action, Status
from isotherm.engine.recording.ledger import Ledger
from isotherm.engine.steps.executor import Executor
from isotherm.engine.steps.run import Run
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault

ONE = things(net={}, a={"uses": ref("net")})
OTHER = things(net={}, a={"uses": ref("net"), "size": 2}, b={})
NESTED = nested({"a": stack("pair.yaml"), "b": stack("pair.yaml")})
FILES = {"pair.yaml": ONE}


@contextmanager
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def kept() -> dict[int, str]:
    kinds = (Run, Ledger, Executor)
    return {id(each): type(each).__name__ for each in gc.get_objects() if isinstance(each, kinds)}


async def goes_well(scene: Scene) -> None:
    stack_id = await scene.create(ONE)
    await scene.settle(stack_id)
    await scene.update(stack_id, OTHER)
    await scene.settle(stack_id)
    await scene.check(stack_id)
    await scene.settle(stack_id)
    await scene.delete(stack_id)
    await scene.settle(stack_id)


async def fails_and_rolls_back(scene: Scene) -> None:
    stack_id = await scene.create(ONE, disable_rollback=False)
    await scene.settle(stack_id)
    scene.world.inject("create", Fault(error=Refused("no")))
    await scene.update(stack_id, OTHER)
    found = await scene.settle(stack_id)
    assert (found.action, found.status) == (Action.ROLLBACK, Status.COMPLETE)
    scene.world.faults.clear()  # the error there knows where it was raised


async def is_overtaken(scene: Scene) -> None:
    stack_id = await scene.create(ONE)
    await scene.clock.sleep(1)
    await scene.update(stack_id, OTHER)
    await scene.settle(stack_id)


async def has_stacks_below(scene: Scene) -> None:
    stack_id = await scene.create(NESTED, files=FILES)
    await scene.settle(stack_id)
    await scene.update(stack_id, NESTED, files=FILES)
    await scene.settle(stack_id)


@pytest.mark.parametrize("life", [goes_well, fails_and_rolls_back, is_overtaken, has_stacks_below])
def test_nothing_is_left_when_a_traversal_is_over(
    life: Callable[[Scene], Awaitable[None]],
) -> None:
    async def scenario(scene: Scene) -> None:
        with no_collector():
            before = kept().keys()  # by tests that keep what they raised
            async with scene.worker():
                await life(scene)
                await scene.clock.sleep(5)
                assert [name for found, name in kept().items() if found not in before] == []

    play(scenario)
