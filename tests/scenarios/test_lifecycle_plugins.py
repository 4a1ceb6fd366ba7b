"""What plug-ins do before and after operations, and what they cannot break."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.scenarios.templates import nested, stack, thing, things

from isotherm.core.states import Status
from isotherm.engine.owning.lifecycles import PATIENCE
from isotherm.kit import Lifecycle, OperationRefused, StackOperation
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault


@dataclass
class Told(Lifecycle):
    """Notes what it is told; ``raises`` is what it does before an operation."""

    name: str
    log: list[str]
    raises: BaseException | None = None
    hangs: bool = False
    fails_after: bool = False
    operations: list[StackOperation] = field(default_factory=list)

    async def before(self, operation: StackOperation) -> None:
        self.operations.append(operation)
        self.log.append(f"{self.name} before {operation.operation}")
        if self.hangs:
            await asyncio.Event().wait()
        if self.raises is not None:
            raise self.raises

    async def after(self, operation: StackOperation, failure: str) -> None:
        self.log.append(f"{self.name} after {operation.operation} {failure}".strip())
        if self.fails_after:
            raise ZeroDivisionError


def act(scenario: Any, *lifecycles: Lifecycle) -> None:
    async def with_plugins(scene: Scene) -> None:
        scene.lifecycles = lifecycles
        await scenario(scene)

    play(with_plugins)


def test_they_are_called_in_their_order_before_and_the_other_way_after() -> None:
    log: list[str] = []
    first, second = Told("first", log), Told("second", log)

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            await scene.settle(stack_id)
            await scene.delete(stack_id)
            await scene.settle(stack_id)
            await scene.clock.sleep(1)
        assert log == [
            "first before CREATE",
            "second before CREATE",
            "second after CREATE",
            "first after CREATE",
            "first before DELETE",
            "second before DELETE",
            "second after DELETE",
            "first after DELETE",
        ]
        told = first.operations[0]
        assert (told.stack_id, told.stack_name, told.number) == (stack_id, "stack", 1)
        assert (told.project_id, told.user_id, told.parent_id) == ("project", "user", "")

    act(scenario, first, second)


def test_nested_stacks_are_told_with_the_stack_above() -> None:
    told = Told("it", [])

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            template = nested({"kid": stack("kid.yaml")})
            stack_id = await scene.create(template, files={"kid.yaml": things(a={})})
            await scene.settle(stack_id)
        assert [each.parent_id for each in told.operations] == ["", stack_id]

    act(scenario, told)


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        (OperationRefused("changes are frozen"), "changes are frozen"),
        (ZeroDivisionError("oops"), "Told failed: ZeroDivisionError: oops"),
    ],
)
def test_one_that_refuses_fails_the_operation_before_anything_is_done(
    raised: Exception, reason: str
) -> None:
    log: list[str] = []
    lifecycles = [Told("first", log), Told("no", log, raises=raised), Told("last", log)]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            ended = await scene.settle(stack_id)
            await scene.clock.sleep(1)
        assert ended.status is Status.FAILED
        assert ended.status_reason.endswith(reason)
        assert scene.world.made == 0
        assert [each.split(":")[0] for each in log][:2] == [
            "first before CREATE",
            "no before CREATE",
        ]
        assert [each.partition(" CREATE")[0] for each in log[2:]] == ["no after", "first after"]
        lifecycles[1].raises = None
        async with scene.worker():
            await scene.update(stack_id, things(a={}))
            assert (await scene.settle(stack_id)).status is Status.COMPLETE

    act(scenario, *lifecycles)


def test_one_that_hangs_does_not_hold_the_stack_for_long() -> None:
    log: list[str] = []

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            begun = scene.clock.monotonic()
            stack_id = await scene.create(things(a={}))
            ended = await scene.settle(stack_id)
            assert scene.clock.monotonic() - begun < PATIENCE + 10
        assert ended.status is Status.FAILED
        assert "TimeoutError" in ended.status_reason

    act(scenario, Told("slow", log, hangs=True))


def test_what_fails_after_an_operation_changes_nothing() -> None:
    log: list[str] = []

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            scene.world.inject("create", Fault(status="ERROR", count=10))
            stack_id = await scene.create(nested({"a": thing()}))
            assert (await scene.settle(stack_id)).status is Status.FAILED
            scene.world.faults.clear()
            await scene.update(stack_id, nested({"a": thing()}))
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            await scene.clock.sleep(1)
        assert log[1].startswith("it after CREATE ResourceInError: resources.a: ")
        assert log[2:] == ["it before UPDATE", "it after UPDATE"]

    act(scenario, Told("it", log, fails_after=True))
