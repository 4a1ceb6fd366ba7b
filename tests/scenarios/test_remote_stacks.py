"""OS::Heat::Stack: a stack of another orchestration service, which is asked over the network."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from isotherm.core.errors import Busy, Lost, Refused
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.ports.records import Operation
from isotherm.resources.orchestration.remote_stack import RemoteStack
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import Fault

INNER = "heat_template_version: 2021-04-16\n"


def outer(*, region: str = "There", more: Any = None, **parameters: Any) -> str:
    properties = {
        "context": {"region_name": region},
        "template": INNER,
        "parameters": parameters,
        **(more or {}),
    }
    return yaml.safe_dump(
        {
            "heat_template_version": "2021-04-16",
            "resources": {"far": {"type": "OS::Heat::Stack", "properties": properties}},
            "outputs": {
                "all": {"value": {"get_attr": ["far", "outputs"]}},
                "size": {"value": {"get_attr": ["far", "outputs", "size"]}},
            },
        }
    )


def act(scenario: Any) -> None:
    play(scenario, types=[RemoteStack()])


async def ended(scene: Scene, stack_id: str, status: Status = Status.COMPLETE) -> str:
    stack = await scene.settle(stack_id)
    assert stack.status is status, stack.status_reason
    return stack.status_reason


async def one_stack(scene: Scene, stack_id: str, made: int = 1) -> dict[str, Any]:
    """Exactly one exists, which the row names; so many there ever were."""
    (far,) = scene.world.far.live()
    assert (await scene.rows(stack_id))["far"].physical_id == far["id"]
    assert scene.world.far.made == made
    return far


def test_every_action_is_carried_through() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(size=1))
            await ended(scene, stack_id)
            assert (await one_stack(scene, stack_id))["stack_status"] == "CREATE_COMPLETE"
            await scene.update(stack_id, outer(size=2))
            await ended(scene, stack_id)
            far = await one_stack(scene, stack_id)
            assert far["stack_status"] == "UPDATE_COMPLETE"
            assert (await scene.rows(stack_id))["far"].attributes["outputs"] == {"size": 2}
            for operation in (Operation.SUSPEND, Operation.RESUME, Operation.CHECK):
                await scene.start(stack_id, operation)
                await ended(scene, stack_id)
                far = await one_stack(scene, stack_id)
                assert far["stack_status"] == f"{operation.value}_COMPLETE"
            await scene.delete(stack_id)
            await scene.settle(stack_id)
            assert scene.world.far.live() == []

    act(scenario)


def test_the_stack_is_described_with_its_files_and_environment() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(
                outer(size=1, more={"timeout": 7}),
                files={"own.yaml": INNER},
                environment={
                    "parameter_defaults": {"colour": "red"},
                    "resource_registry": {"My::Own": "own.yaml"},
                },
            )
            await ended(scene, stack_id)
        body = scene.world.far.stacks["far-1"]["_body"]
        assert (body["template"], body["timeout_mins"]) == (INNER, 7)
        assert body["disable_rollback"] is True
        assert body["files"] == {"own.yaml": INNER}
        assert body["environment"]["parameters"] == {"size": 1}
        assert body["environment"]["parameter_defaults"] == {"colour": "red"}
        assert body["environment"]["resource_registry"]["My::Own"] == "own.yaml"

    act(scenario)


def test_a_failure_is_told_with_the_text_of_the_other_side_and_mended_by_an_update() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(fail=True))
            assert await ended(scene, stack_id, Status.FAILED) == (
                "Resource CREATE failed: ResourceInError: resources.far: Went to status "
                'CREATE_FAILED due to "a thing would not"'
            )
            await scene.update(stack_id, outer(fail=False))
            await ended(scene, stack_id)
            await one_stack(scene, stack_id)
            await scene.update(stack_id, outer(fail=True))
            assert "Went to status UPDATE_FAILED" in await ended(scene, stack_id, Status.FAILED)
            await scene.update(stack_id, outer(fail=False))
            await ended(scene, stack_id)
            await one_stack(scene, stack_id)

    act(scenario)


def test_a_refusal_is_told_with_the_text_of_the_other_side() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            scene.world.inject("far.create", Fault(Refused("no such type", status=400)))
            stack_id = await scene.create(outer())
            reason = await ended(scene, stack_id, Status.FAILED)
            assert "BadRequest: resources.far: no such type (HTTP 400)" in reason
            assert scene.world.far.live() == []
            await scene.update(stack_id, outer(size=1))
            await ended(scene, stack_id)
            await one_stack(scene, stack_id)

    act(scenario)


@pytest.mark.parametrize("operation", ["create", "update", "delete", "suspend", "show"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(Lost("no answer"), applied=True),
        Fault(Lost("no answer")),
        Fault(Busy("not now"), count=3),
    ],
    ids=["answer lost", "request lost", "busy"],
)
def test_whatever_happens_to_a_call_there_is_one_stack(operation: str, fault: Fault) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            scene.world.inject(f"far.{operation}", Fault(fault.error, fault.applied))
            stack_id = await scene.create(outer(size=1))
            await ended(scene, stack_id)
            await scene.update(stack_id, outer(size=2))
            await ended(scene, stack_id)
            await one_stack(scene, stack_id)
            await scene.start(stack_id, Operation.SUSPEND)
            await ended(scene, stack_id)
            far = await one_stack(scene, stack_id)
            assert far["outputs"] == [{"output_key": "size", "output_value": 2}]
            await scene.delete(stack_id)
            await scene.settle(stack_id)
            assert scene.world.far.live() == []

    act(scenario)


@pytest.mark.parametrize("point", list(Point), ids=lambda p: p.value)
def test_a_restart_in_the_middle_makes_no_second_stack_and_loses_none(point: Point) -> None:
    async def outlive(scene: Scene, stack_id: str) -> None:
        async with scene.worker(KillAt(point, "far")):
            await scene.clock.sleep(120)
        async with scene.worker():
            await scene.settle(stack_id)

    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(outer(size=1))
        await outlive(scene, stack_id)
        await one_stack(scene, stack_id)
        await scene.update(stack_id, outer(size=2))
        await outlive(scene, stack_id)
        far = await one_stack(scene, stack_id)
        assert far["outputs"] == [{"output_key": "size", "output_value": 2}]
        await scene.delete(stack_id)
        await outlive(scene, stack_id)
        assert scene.world.far.live() == []

    act(scenario)


def test_an_update_that_overtakes_a_create_changes_the_same_stack() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(size=1))
            await scene.clock.sleep(1)
            await scene.update(stack_id, outer(size=2))
            await ended(scene, stack_id)
            far = await one_stack(scene, stack_id)
            assert far["outputs"] == [{"output_key": "size", "output_value": 2}]

    act(scenario)


def test_an_update_does_not_wait_for_a_create_or_update_that_hangs() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            begun = scene.clock.monotonic()
            scene.world.far.working = 3000
            stack_id = await scene.create(outer(size=1))
            await scene.clock.sleep(1)
            await scene.update(stack_id, outer(size=2))
            await scene.clock.sleep(1)
            scene.world.far.working = 3
            await scene.update(stack_id, outer(size=3))
            await ended(scene, stack_id)
            assert scene.clock.monotonic() - begun < 60
            far = await one_stack(scene, stack_id)
            assert far["outputs"] == [{"output_key": "size", "output_value": 3}]

    act(scenario)


def test_a_delete_that_overtakes_a_create_leaves_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            scene.world.far.working = 1000
            stack_id = await scene.create(outer(size=1))
            await scene.clock.sleep(1)
            await scene.delete(stack_id)
            await scene.clock.sleep(0.5)
            scene.world.far.working = 1
            await scene.settle(stack_id)
            assert scene.world.far.live() == []

    act(scenario)


def test_another_region_means_another_stack() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(size=1))
            await ended(scene, stack_id)
            await scene.update(stack_id, outer(region="Elsewhere", size=1))
            await ended(scene, stack_id)
            await one_stack(scene, stack_id, made=2)

    act(scenario)


def test_a_stack_that_somebody_removed_fails_a_check_and_is_made_anew() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(size=1))
            await ended(scene, stack_id)
            scene.world.far.vanish("far-1")
            await scene.start(stack_id, Operation.CHECK)
            assert "could not be found" in await ended(scene, stack_id, Status.FAILED)
            await scene.update(stack_id, outer(size=1))
            await ended(scene, stack_id)
            await one_stack(scene, stack_id, made=2)

    act(scenario)


def test_an_action_that_shows_late_is_waited_for() -> None:
    """Some services say yes before the stack shows that anything has begun."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(size=1))
            await ended(scene, stack_id)
            scene.world.far.late = 4.0
            for operation in (Operation.CHECK, Operation.CHECK, Operation.SUSPEND):
                await scene.start(stack_id, operation)
                await ended(scene, stack_id)
                far = await one_stack(scene, stack_id)
                assert far["stack_status"] == f"{operation.value}_COMPLETE"
            rows = await scene.rows(stack_id)
            assert (rows["far"].action, rows["far"].status) == (Action.SUSPEND, Status.COMPLETE)

    act(scenario)


def test_snapshots_are_taken_there_and_put_back() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(size=1))
            await ended(scene, stack_id)
            snapshot = await scene.snapshot(stack_id)
            await ended(scene, stack_id)
            far = scene.world.far.stacks["far-1"]
            assert [each["body"] for each in far["_snapshots"].values()] == [far["_body"]]
            await scene.update(stack_id, outer(size=2))
            await ended(scene, stack_id)
            await scene.restore(stack_id, snapshot)
            await ended(scene, stack_id)
            shown = await one_stack(scene, stack_id)
            assert shown["outputs"] == [{"output_key": "size", "output_value": 1}]
            assert shown["stack_status"] == "RESTORE_COMPLETE"
            await scene.discard(snapshot)
            await scene.clock.sleep(30)
            assert far["_snapshots"] == {}

    act(scenario)


@pytest.mark.parametrize("applied", [True, False])
def test_a_snapshot_whose_answer_is_lost_is_not_taken_twice(applied: bool) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(size=1))
            await ended(scene, stack_id)
            scene.world.inject("far.snapshot", Fault(Lost("no answer"), applied, skip=1))
            await scene.snapshot(stack_id)
            await ended(scene, stack_id)
            assert len(scene.world.far.stacks["far-1"]["_snapshots"]) == 1

    act(scenario)


def test_stopping_waits_for_what_is_under_way() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(size=1))
            await scene.clock.sleep(1)
            await scene.stop(stack_id)
            await scene.settle(stack_id)
            await one_stack(scene, stack_id)
            assert (await scene.rows(stack_id))["far"].status is Status.COMPLETE

    act(scenario)
