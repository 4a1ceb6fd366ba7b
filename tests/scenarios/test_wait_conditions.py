"""Wait conditions: stacks that go on when somebody elsewhere says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.scenarios.showing import outputs

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.engine.recording.signals import signal_message
from isotherm.resources.orchestration.wait_condition import AwsWaitCondition, WaitCondition
from isotherm.resources.orchestration.wait_condition_handle import (
    AwsWaitConditionHandle,
    UpdateWaitConditionHandle,
    WaitConditionHandle,
)
from isotherm.testing.scene import KillAt, Scene, play

TYPES = (
    WaitCondition(),
    WaitConditionHandle(),
    AwsWaitCondition(),
    AwsWaitConditionHandle(),
    UpdateWaitConditionHandle(),
)


def template(count: int = 1, timeout: int = 300, **handle: Any) -> str:
    """``after`` is made when the condition is fulfilled."""
    condition = {"handle": {"get_resource": "h"}, "timeout": timeout, "count": count}
    return json.dumps(
        {
            "heat_template_version": "2021-04-16",
            "resources": {
                "h": {
                    "type": "OS::Heat::WaitConditionHandle",
                    "properties": {"signal_transport": "NO_SIGNAL"},
                    **handle,
                },
                "c": {"type": "OS::Heat::WaitCondition", "properties": condition},
                "after": {"type": "Test::Thing", "depends_on": "c"},
            },
            "outputs": {"data": {"value": {"get_attr": ["c", "data"]}}},
        }
    )


def aws_template(
    count: int = 1, timeout: int = 300, kind: str = "AWS::CloudFormation::WaitConditionHandle"
) -> str:
    condition = {"Handle": {"Ref": "h"}, "Timeout": timeout, "Count": count}
    return json.dumps(
        {
            "HeatTemplateFormatVersion": "2012-12-12",
            "Resources": {
                "h": {"Type": kind},
                "c": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": condition},
            },
            "Outputs": {"data": {"Value": {"Fn::GetAtt": ["c", "Data"]}}},
        }
    )


async def waiting(scene: Scene, source: str) -> str:
    """A stack whose condition waits."""
    stack_id = await scene.create(source)
    await scene.clock.sleep(10)
    assert (await scene.stack(stack_id)).status is Status.IN_PROGRESS
    return stack_id


async def ended(scene: Scene, stack_id: str) -> tuple[Action, Status]:
    stack = await scene.settle(stack_id)
    return stack.action, stack.status


async def noted(scene: Scene, stack_id: str) -> dict[str, Any]:
    return (await scene.rows(stack_id))["h"].present_metadata


CREATED = (Action.CREATE, Status.COMPLETE)
FAILED = (Action.CREATE, Status.FAILED)


def test_the_stack_goes_on_when_enough_signals_have_come() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(2))
            await scene.signal(stack_id, "h")
            await scene.clock.sleep(10)
            assert scene.world.made == 0
            await scene.signal(stack_id, "h", {"reason": "booted", "data": {"a": 1}, "id": "x"})
            assert await ended(scene, stack_id) == CREATED
            assert scene.world.made == 1
            rows = await scene.rows(stack_id)
            assert rows["h"].present_metadata == {
                "1": {"status": "SUCCESS", "reason": "Signal 1 received", "data": None},
                "x": {"status": "SUCCESS", "reason": "booted", "data": {"a": 1}},
            }
            assert json.loads(rows["c"].attributes["data"]) == {"1": None, "x": {"a": 1}}
            await scene.signal(stack_id, "h", {"id": "late"})
            await scene.clock.sleep(10)
        told = json.loads(str((await outputs(scene, stack_id))["data"]))
        assert told == {"1": None, "x": {"a": 1}, "late": None}
        told = [each for each in await scene.events(stack_id) if each.action is Action.SIGNAL]
        assert [(each.resource_name, each.status_reason) for each in told] == [
            ("h", "Signal: status:SUCCESS reason:Signal 1 received"),
            ("h", "Signal: status:SUCCESS reason:booted"),
            ("h", "Signal: status:SUCCESS reason:Signal 3 received"),
        ]

    play(scenario, types=TYPES)


def test_a_signal_nobody_is_woken_for_is_found_by_the_worker_at_its_stack() -> None:
    """As where the parts of the service share a database alone, or the broker is away."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template())
            handle = (await scene.rows(stack_id))["h"]
            await scene.store.post(signal_message(handle, None, scene.clock.now()))
            await scene.settle(stack_id, within=scene.settings.poll_seconds + 5)
            assert await ended(scene, stack_id) == CREATED

    play(scenario, types=TYPES)


@pytest.mark.parametrize(
    ("body", "noted_as"),
    [
        ({"foo": "bar"}, None),
        ({"status": "SUCCESS", "UniqueId": "7"}, None),
        ({"status": None}, None),
        ({"status": "success"}, None),
        ({"status": ""}, None),
        ({"reason": None}, ("1", None)),
        ({"reason": ""}, ("1", "")),
        ({"id": None}, ("None", "Signal 1 received")),
        ({"id": 7, "data": None}, ("7", "Signal 1 received")),
        ({}, ("1", "Signal 1 received")),
    ],
)
def test_what_a_signal_says_is_taken_at_its_word(
    body: dict[str, Any], noted_as: tuple[str, str | None] | None
) -> None:
    """Parts that are left out mean something; those that are null or strange do not."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(2))
            await scene.signal(stack_id, "h", body)
            await scene.clock.sleep(10)
            found = await noted(scene, stack_id)
        assert [(key, each["reason"]) for key, each in found.items()] == (
            [noted_as] if noted_as else []
        )

    play(scenario, types=TYPES)


def test_a_signal_of_failure_fails_the_stack_with_its_reason() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(2))
            await scene.signal(stack_id, "h", {"status": "FAILURE", "reason": "no disk"})
            assert await ended(scene, stack_id) == FAILED
        reason = (await scene.stack(stack_id)).status_reason
        assert "WaitConditionFailure: resources.c: no disk" in reason

    play(scenario, types=TYPES)


def test_what_has_not_come_in_time_fails_the_stack_and_says_how_much_has() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            begun = scene.clock.monotonic()
            stack_id = await waiting(scene, template(3, timeout=60))
            await scene.signal(stack_id, "h", {"reason": "one"})
            assert await ended(scene, stack_id) == FAILED
            assert scene.clock.monotonic() - begun == pytest.approx(60, abs=2)
        reason = (await scene.stack(stack_id)).status_reason
        assert "WaitConditionTimeout: resources.c: 1 of 3 received - one" in reason

    play(scenario, types=TYPES)


@pytest.mark.parametrize("status", ["SUCESS", "success", 1, {"a": 1}, ["SUCCESS"]])
def test_an_unknown_status_counts_as_nothing(status: Any) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(timeout=30))
            await scene.signal(stack_id, "h", {"status": status})
            assert await ended(scene, stack_id) == FAILED
            assert await noted(scene, stack_id) == {}

    play(scenario, types=TYPES)


def test_a_signal_with_an_id_that_has_come_takes_the_place_of_the_first() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(2))
            for reason in ("one", "again"):
                await scene.signal(stack_id, "h", {"id": "x", "reason": reason})
            await scene.clock.sleep(10)
            assert (await scene.stack(stack_id)).status is Status.IN_PROGRESS
            assert [each["reason"] for each in (await noted(scene, stack_id)).values()] == ["again"]
            await scene.signal(stack_id, "h")
            assert await ended(scene, stack_id) == CREATED

    play(scenario, types=TYPES)


def test_signals_count_that_come_before_the_condition_waits() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.building = 30
        source = json.loads(template())
        source["resources"]["before"] = {"type": "Test::Thing"}
        source["resources"]["c"]["depends_on"] = "before"
        async with scene.worker():
            stack_id = await waiting(scene, json.dumps(source))
            await scene.signal(stack_id, "h")
            assert await ended(scene, stack_id) == CREATED

    play(scenario, types=TYPES)


def test_an_update_that_asks_for_more_waits_again_and_one_for_less_does_not() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template())
            await scene.signal(stack_id, "h", {"data": "one"})
            assert await ended(scene, stack_id) == CREATED
            first = (await scene.rows(stack_id))["c"].id
            await scene.update(stack_id, template(2))
            await scene.clock.sleep(250)
            assert (await scene.stack(stack_id)).status is Status.IN_PROGRESS
            await scene.signal(stack_id, "h", {"data": "two"})
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)
            row = (await scene.rows(stack_id))["c"]
            assert row.id == first
            assert json.loads(row.attributes["data"]) == {"1": "one", "2": "two"}
            await scene.update(stack_id, template(1))
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)

    play(scenario, types=TYPES)


def test_an_update_keeps_what_signals_told_until_the_template_says_something_new() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(metadata={"of": "web"}))
            await scene.signal(stack_id, "h")
            await scene.settle(stack_id)
            assert list(await noted(scene, stack_id)) == ["of", "1"]
            await scene.update(stack_id, template(metadata={"of": "web"}, description="New."))
            await scene.settle(stack_id)
            assert list(await noted(scene, stack_id)) == ["of", "1"]
            await scene.update(stack_id, template(metadata={"of": "db"}))
            await scene.settle(stack_id)
            assert await noted(scene, stack_id) == {"of": "db"}

    play(scenario, types=TYPES)


def test_signals_of_the_aws_family_are_complete_or_count_as_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        whole = {"Status": "SUCCESS", "Reason": "done", "Data": "d", "UniqueId": 7}
        async with scene.worker():
            stack_id = await waiting(scene, aws_template())
            for details in (None, {}, {"status": "SUCCESS"}, {**whole, "More": 1}):
                await scene.signal(stack_id, "h", details)
            await scene.signal(stack_id, "h", {k: v for k, v in whole.items() if k != "Data"})
            await scene.clock.sleep(10)
            assert await noted(scene, stack_id) == {}
            await scene.signal(stack_id, "h", whole)
            assert await ended(scene, stack_id) == CREATED
            rows = await scene.rows(stack_id)
        noted_now = {"7": {"Status": "SUCCESS", "Reason": "done", "Data": "d"}}
        assert rows["h"].present_metadata == noted_now
        assert json.loads(rows["c"].attributes["Data"]) == {"7": "d"}

    play(scenario, types=TYPES)


def test_a_condition_needs_a_handle_of_its_stack() -> None:
    async def scenario(scene: Scene) -> None:
        source = json.loads(template())
        source["resources"]["c"]["properties"]["handle"] = "http://example.org/h"
        async with scene.worker():
            stack_id = await scene.create(json.dumps(source))
            assert await ended(scene, stack_id) == FAILED
        reason = (await scene.stack(stack_id)).status_reason
        assert "http://example.org/h is not a valid wait condition handle" in reason

    play(scenario, types=TYPES)


def test_a_thousand_signals_all_count() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(1000))
            for _ in range(1000):
                await scene.signal(stack_id, "h")
            assert await ended(scene, stack_id) == CREATED
            assert len(await noted(scene, stack_id)) == 1000
            told = [each for each in await scene.events(stack_id) if each.action is Action.SIGNAL]
            assert len(told) == 1000

    play(scenario, types=TYPES)


@pytest.mark.parametrize("resource", ["h", "c"])
@pytest.mark.parametrize("point", list(Point), ids=lambda p: p.value)
def test_no_signal_is_lost_or_counted_twice_when_workers_die(point: Point, resource: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker(KillAt(point, resource)):
            stack_id = await scene.create(template(3, timeout=1000))
            await scene.clock.sleep(5)
            if "h" in await scene.rows(stack_id):
                await scene.signal(stack_id, "h")
            await scene.clock.sleep(5)
        before = len(await noted(scene, stack_id)) if await scene.rows(stack_id) else 0
        async with scene.worker():
            await scene.clock.sleep(100)
            while (await scene.stack(stack_id)).status is Status.IN_PROGRESS:
                assert before <= 3
                await scene.signal(stack_id, "h")
                await scene.clock.sleep(10)
            assert await ended(scene, stack_id) == CREATED
        assert len(await noted(scene, stack_id)) == 3
        assert scene.world.made == 1

    play(scenario, types=TYPES)


def test_the_time_limit_runs_on_when_a_worker_dies() -> None:
    async def scenario(scene: Scene) -> None:
        begun = scene.clock.monotonic()
        async with scene.worker(KillAt(Point.AFTER_CALL, "c", nth=20)):
            stack_id = await scene.create(template(timeout=120))
            await scene.clock.sleep(60)
        async with scene.worker():
            assert await ended(scene, stack_id) == FAILED
            assert scene.clock.monotonic() - begun == pytest.approx(120, abs=3)

    play(scenario, types=TYPES)


RENEWED = aws_template(kind="OS::Heat::UpdateWaitConditionHandle")
DONE = {"Status": "SUCCESS", "Reason": "done", "Data": "", "UniqueId": "1"}


async def renewed(scene: Scene) -> tuple[str, dict[str, str]]:
    """A stack that has waited, and the rows that it has."""
    stack_id = await waiting(scene, RENEWED)
    await scene.signal(stack_id, "h", DONE)
    assert await ended(scene, stack_id) == CREATED
    return stack_id, await row_ids(scene, stack_id)


async def row_ids(scene: Scene, stack_id: str) -> dict[str, str]:
    return {name: row.id for name, row in (await scene.rows(stack_id)).items()}


def test_a_handle_of_updates_lets_every_update_wait_again() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, first = await renewed(scene)
            for _ in range(2):
                await scene.update(stack_id, RENEWED)
                await scene.clock.sleep(200)
                assert (await scene.stack(stack_id)).status is Status.IN_PROGRESS
                assert await noted(scene, stack_id) == {}
                await scene.signal(stack_id, "h", DONE)
                assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)
            second = await row_ids(scene, stack_id)
            assert first.keys() == second.keys()
            assert not set(first.values()) & set(second.values())
            assert len(await scene.store.resources(stack_id)) == 2

    play(scenario, types=TYPES)


def test_the_way_back_leads_to_the_handle_that_was_signalled() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, first = await renewed(scene)
            await scene.update(stack_id, RENEWED, disable_rollback=True)
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.FAILED)
            await scene.update(stack_id, RENEWED, disable_rollback=False)
            assert await ended(scene, stack_id) == (Action.ROLLBACK, Status.COMPLETE)
            assert await row_ids(scene, stack_id) == first
            assert list(await noted(scene, stack_id)) == ["1"]
            assert len(await scene.store.resources(stack_id)) == 2

    play(scenario, types=TYPES)


@pytest.mark.parametrize("resource", ["h", "c"])
@pytest.mark.parametrize("point", list(Point), ids=lambda p: p.value)
def test_an_update_makes_its_handle_anew_once_though_workers_die(
    point: Point, resource: str
) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, first = await renewed(scene)
        await scene.update(stack_id, RENEWED)
        async with scene.worker(KillAt(point, resource)):
            await scene.clock.sleep(20)
        async with scene.worker():
            await scene.clock.sleep(100)
            stack = await scene.stack(stack_id)
            if stack.status is Status.IN_PROGRESS:
                await scene.signal(stack_id, "h", DONE)
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)
        assert not set(first.values()) & set((await row_ids(scene, stack_id)).values())
        begun = [each for each in await scene.history(stack_id) if each == "h CREATE_COMPLETE"]
        assert len(begun) == 2

    play(scenario, types=TYPES)


def test_a_newer_operation_does_not_wait_for_signals_that_nobody_sends() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await waiting(scene, template(3, timeout=4000))
            await scene.signal(stack_id, "h")
            await scene.clock.sleep(5)
            begun = scene.clock.monotonic()
            await scene.update(stack_id, template(1, timeout=4000))
            assert await ended(scene, stack_id) == (Action.UPDATE, Status.COMPLETE)
            await scene.update(stack_id, template(2, timeout=4000))
            await scene.clock.sleep(5)
            await scene.delete(stack_id)
            assert await ended(scene, stack_id) == (Action.DELETE, Status.COMPLETE)
            assert scene.clock.monotonic() - begun < 60

    play(scenario, types=TYPES)


@pytest.mark.parametrize(
    "handle", ["AWS::CloudFormation::WaitConditionHandle", "OS::Heat::UpdateWaitConditionHandle"]
)
def test_the_native_condition_waits_at_handles_of_aws(handle: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            source = json.loads(template())
            source["resources"]["h"] = {"type": handle}
            stack_id = await waiting(scene, json.dumps(source))
            await scene.signal(stack_id, "h", {**DONE, "Data": "ready"})
            assert await ended(scene, stack_id) == CREATED
            assert await outputs(scene, stack_id) == {"data": '{"1": "ready"}'}

    play(scenario, types=TYPES)
