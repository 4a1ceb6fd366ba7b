"""Alarms that are judged here: what they signal happens once, whoever dies in the middle of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from isotherm.core.arns import resource_arn
from isotherm.core.errors import Busy, Lost, Refused
from isotherm.core.states import Status
from isotherm.engine.recording.alarm_actions import target_of
from isotherm.engine.recording.watches import put_watch
from isotherm.kit.measures import Sample, Series, sum_of
from isotherm.kit.metric_queries import Query
from isotherm.kit.watches import State
from isotherm.resources.orchestration.autoscaling_group import AutoScalingGroup
from isotherm.resources.orchestration.scaling_policy import ScalingPolicy
from isotherm.testing.lives import Killed
from isotherm.testing.scene import Scene, play

TYPES = (AutoScalingGroup(), ScalingPolicy())
PROJECT = "project"
LOAD = Series(project_id=PROJECT, namespace="App", name="load")
GROUP = {"min_size": 0, "max_size": 5, "desired_capacity": 1, "resource": {"type": "Test::Thing"}}
POLICY = {
    "auto_scaling_group_id": {"get_resource": "g"},
    "adjustment_type": "change_in_capacity",
    "scaling_adjustment": 1,
}
HOOK = "https://listener.example.org/hooks/path-that-is-a-secret?token=secret"


def template(**policy: Any) -> str:
    return json.dumps(
        {
            "heat_template_version": "2021-04-16",
            "resources": {
                "g": {"type": "OS::Heat::AutoScalingGroup", "properties": GROUP},
                "p": {"type": "OS::Heat::ScalingPolicy", "properties": POLICY | policy},
            },
        }
    )


async def made(scene: Scene, **policy: Any) -> str:
    """A stack, and what signals its policy."""
    async with scene.worker():
        stack_id = await scene.create(template(**policy))
        assert (await scene.settle(stack_id)).status is Status.COMPLETE
    stack = await scene.stack(stack_id)
    return resource_arn(PROJECT, stack.name, stack_id, "p")


async def watch(scene: Scene, **fields: Any) -> None:
    given: dict[str, Any] = {
        "name": "high",
        "series": LOAD,
        "statistic": "Average",
        "period": 60,
        "threshold": 10.0,
        "comparison": "GreaterThanThreshold",
    }
    now = scene.clock.now()
    await put_watch(scene.store.watches, now, PROJECT, given | fields)


async def measure(scene: Scene, value: float) -> None:
    """In the last whole minute."""
    at = scene.clock.now() - timedelta(minutes=1)
    sample = Sample(series=LOAD, at=at, unit="", sum=sum_of([(value, 1.0)]))
    await scene.store.watches.add_samples([sample])


async def state(scene: Scene) -> State:
    found = await scene.store.watches.watch(PROJECT, "high")
    assert found is not None
    return found.state


async def kinds(scene: Scene) -> list[str]:
    """What became of the alarm, oldest first."""
    return [each.kind for each in reversed(await scene.store.watches.history(PROJECT))]


def test_a_group_grows_each_minute_while_the_alarm_lasts() -> None:
    async def scenario(scene: Scene) -> None:
        await watch(scene, alarm_actions=(await made(scene), HOOK))
        async with scene.worker(), scene.worker():
            await measure(scene, 99)
            await scene.clock.sleep(30)
            assert await state(scene) is State.ALARM
            assert len(scene.world.things) == 2
            for members in (3, 4, 5):
                await measure(scene, 99)
                await scene.clock.sleep(60)
                assert len(scene.world.things) == members
            await measure(scene, 99)
            await scene.clock.sleep(60)
            assert len(scene.world.things) == 5
            told = await kinds(scene)
            assert (told.count("StateUpdate"), told.count("Action")) == (1, 6)
            assert len(scene.listeners.heard) == 1
            await scene.clock.sleep(600)
            assert await state(scene) is State.INSUFFICIENT_DATA

    play(scenario, types=TYPES)


def test_a_policy_that_cools_down_passes_over_what_comes_meanwhile() -> None:
    async def scenario(scene: Scene) -> None:
        await watch(scene, alarm_actions=(await made(scene, cooldown=100),))
        async with scene.worker():
            for seconds, members in ((30, 2), (60, 2), (60, 3)):
                await measure(scene, 99)
                await scene.clock.sleep(seconds)
                assert len(scene.world.things) == members

    play(scenario, types=TYPES)


class Deadly:
    """A store whose user dies at one call, before or after it has its effect."""

    def __init__(self, store: Any, method: str, *, after: bool) -> None:
        self._store, self._method, self._after = store, method, after
        self.struck = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name != self._method or self.struck:
            return found

        async def die(*arguments: Any, **more: Any) -> Any:
            self.struck = True
            if self._after:
                await found(*arguments, **more)
            raise Killed

        return die


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("method", ["conclude", "claim_call", "end_call", "post"])
def test_who_dies_while_judging_leaves_nothing_undone_or_doubled(
    method: str, *, after: bool
) -> None:
    async def scenario(scene: Scene) -> None:
        arn = await made(scene)
        await measure(scene, 99)
        await watch(scene, alarm_actions=(arn,))
        store: Any = scene.store
        if method == "post":
            original, deadly = store.post, Deadly(store, method, after=after)
            store.post = deadly.post
        else:
            original = store.watches
            deadly = store.watches = Deadly(original, method, after=after)
        async with scene.worker():
            await scene.clock.sleep(5)
        assert deadly.struck
        setattr(store, "post" if method == "post" else "watches", original)
        async with scene.worker():
            await scene.clock.sleep(100)
        told = await kinds(scene)
        assert told.count("StateUpdate") == 1
        assert told.count("Action") in (1, 2)
        assert len(scene.world.things) == scene.world.made == 1 + told.count("Action")

    play(scenario, types=TYPES)


def test_two_workers_judge_as_one() -> None:
    async def scenario(scene: Scene) -> None:
        await watch(scene, alarm_actions=(await made(scene),))
        await measure(scene, 99)
        async with scene.worker(), scene.worker():
            await scene.clock.sleep(30)
        assert len(scene.world.things) == 2
        assert (await kinds(scene)).count("Action") == 1

    play(scenario, types=TYPES)


def test_an_action_on_what_is_not_there_is_tried_for_a_while() -> None:
    async def scenario(scene: Scene) -> None:
        arn = await made(scene)
        await watch(scene, alarm_actions=(arn.removesuffix("p") + "nothing",))
        await measure(scene, 99)
        async with scene.worker():
            await scene.clock.sleep(20 * 60)
        told = [each.summary for each in await scene.store.watches.history(PROJECT)]
        assert sum(each.startswith("Failed to execute action") for each in told) >= 1
        assert await scene.store.watches.due_calls(scene.clock.now(), 10) == []

    play(scenario, types=TYPES)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("arn:openstack:heat::p:stacks/n/i/resources/r", "r"),
        ("http://x/v1/signal/arn%3Aopenstack%3Aheat%3A%3Ap%3Astacks/n/i/resources/r?S=1", "r"),
        ("https://x/v1/p/stacks/n/i/resources/r/signal", "r"),
        ("stack/r", "r"),
        ("arn:openstack:heat::p:stacks/n/i", None),
        ("http://example.org/hook", None),
        ("http://[x", None),
        ("mailto:x", None),
        ("a/b/c", None),
    ],
)
def test_what_an_action_names(action: str, resource: str | None) -> None:
    found = target_of(action)
    assert (found and found.resource) == resource


WRONG = (
    "arn:openstack:heat::other:stacks/n/i/resources/r",
    "arn:aws:sns:eu-west-1:1:topic",
    "mailto:x",
    "http:///x",
    "http://[x",
    "http://x/" + "y" * 1024,
)


def test_actions_that_cannot_be_done_are_refused() -> None:
    async def scenario(scene: Scene) -> None:
        for wrong in WRONG:
            with pytest.raises(Refused):
                await watch(scene, alarm_actions=(wrong,))

    play(scenario, types=TYPES)


@pytest.mark.parametrize("by", ["name", "id"])
def test_a_policy_is_found_by_its_name_or_its_own_id(by: str) -> None:
    async def scenario(scene: Scene) -> None:
        arn = await made(scene)
        row = (await scene.rows(arn.split("/")[2]))["p"]
        await watch(scene, alarm_actions=("stack/p" if by == "name" else str(row.physical_id),))
        await measure(scene, 99)
        async with scene.worker():
            await scene.clock.sleep(30)
        assert len(scene.world.things) == 2

    play(scenario, types=TYPES)


def test_a_webhook_is_told_what_changed() -> None:
    async def scenario(scene: Scene) -> None:
        await watch(scene, alarm_actions=(HOOK,), description="busy")
        await measure(scene, 99)
        async with scene.worker():
            await scene.clock.sleep(30)
        ((url, _, body),) = scene.listeners.heard
        assert url == HOOK
        assert (body["AlarmName"], body["OldStateValue"], body["NewStateValue"]) == (
            "high",
            "INSUFFICIENT_DATA",
            "ALARM",
        )
        assert body["Trigger"]["MetricName"] == "load"
        told = [each.summary for each in await scene.store.watches.history(PROJECT)]
        assert told[0] == "Successfully executed action https://listener.example.org"
        assert not any("secret" in each for each in told)

    play(scenario, types=TYPES)


def test_a_webhook_that_does_not_answer_is_told_again_by_the_same_key() -> None:
    async def scenario(scene: Scene) -> None:
        await watch(scene, alarm_actions=(HOOK,))
        await measure(scene, 99)
        scene.listeners.answers = [Lost("gone"), Busy("later")]
        async with scene.worker(), scene.worker():
            await scene.clock.sleep(60)
        assert len(scene.listeners.heard) == 2
        assert len({key for _, key, _ in scene.listeners.heard}) == 1
        assert (await kinds(scene)).count("Action") == 1

    play(scenario, types=TYPES)


def test_a_webhook_that_says_no_is_not_asked_again() -> None:
    async def scenario(scene: Scene) -> None:
        await watch(scene, alarm_actions=(HOOK,))
        await measure(scene, 99)
        scene.listeners.answers = [Refused("no", status=404)]
        async with scene.worker():
            await scene.clock.sleep(600)
        assert scene.listeners.heard == []
        told = [each.summary for each in await scene.store.watches.history(PROJECT)]
        assert "Failed to execute action https://listener.example.org: no (HTTP 404)" in told

    play(scenario, types=TYPES)


@pytest.mark.parametrize("method", ["claim_call", "end_call"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_who_dies_while_a_webhook_is_told_leaves_it_told_by_one_key(
    method: str, *, after: bool
) -> None:
    async def scenario(scene: Scene) -> None:
        await measure(scene, 99)
        await watch(scene, alarm_actions=(HOOK,))
        store: Any = scene.store
        original = store.watches
        deadly = store.watches = Deadly(original, method, after=after)
        async with scene.worker():
            await scene.clock.sleep(5)
        assert deadly.struck
        store.watches = original
        async with scene.worker(), scene.worker():
            await scene.clock.sleep(120)
        assert len({key for _, key, _ in scene.listeners.heard}) == 1
        assert len(scene.listeners.heard) == (2 if (method, after) == ("end_call", False) else 1)
        assert (await kinds(scene)).count("Action") == 1

    play(scenario, types=TYPES)


def test_an_alarm_about_others_follows_within_seconds() -> None:
    async def scenario(scene: Scene) -> None:
        await watch(scene)
        about = {"name": "both", "rule": "ALARM(high)", "alarm_actions": (HOOK,)}
        over = {"name": "over", "rule": "ALARM(both)", "alarm_actions": (HOOK,)}
        for each in (about, over):
            await put_watch(scene.store.watches, scene.clock.now(), PROJECT, each)
        async with scene.worker():
            await scene.clock.sleep(5)
            await measure(scene, 99)
            await scene.clock.sleep(62)
            assert await state(scene) is State.ALARM
        told = [body for _, _, body in scene.listeners.heard]
        assert [(each["AlarmName"], each["AlarmRule"]) for each in told] == [
            ("both", "ALARM(high)"),
            ("over", "ALARM(both)"),
        ]

    play(scenario, types=TYPES)


def test_an_alarm_on_what_is_computed_goes_off() -> None:
    async def scenario(scene: Scene) -> None:
        queries = (
            Query(id="m", series=LOAD, statistic="Sum", period=60, returned=False),
            Query(id="e", expression="m / 2"),
        )
        await watch(scene, series=None, queries=queries, alarm_actions=(HOOK,), threshold=49.0)
        await measure(scene, 99)
        async with scene.worker():
            await scene.clock.sleep(30)
            assert await state(scene) is State.ALARM
        ((_, _, body),) = scene.listeners.heard
        assert "MetricName" not in body["Trigger"]

    play(scenario, types=TYPES)


def test_an_alarm_on_fine_values_goes_off_within_seconds() -> None:
    async def scenario(scene: Scene) -> None:
        await watch(scene, period=10, alarm_actions=(HOOK,))
        async with scene.worker():
            await scene.clock.sleep(60)
            at = scene.clock.now() - timedelta(seconds=1)
            sample = Sample(series=LOAD, at=at, unit="", sum=sum_of([(99.0, 1.0)]), fine=True)
            await scene.store.watches.add_samples([sample])
            await scene.clock.sleep(12)
            assert await state(scene) is State.ALARM

    play(scenario, types=TYPES)


def test_an_alarm_that_is_changed_while_it_goes_off_does_so_once() -> None:
    async def scenario(scene: Scene) -> None:
        arn = await made(scene)
        await watch(scene, alarm_actions=(arn,))
        await measure(scene, 99)
        store: Any = scene.store
        original = store.watches

        class Slow:
            """Hears of the alarm before it goes off, and changes it after that."""

            def __getattr__(self, name: str) -> Any:
                return getattr(original, name)

            async def watch(self, project_id: str, name: str) -> Any:
                found = await original.watch(project_id, name)
                await scene.clock.sleep(10)
                return found

        async with scene.worker():
            now = scene.clock.now()
            wish = {"name": "high", "series": LOAD, "statistic": "Average", "period": 60}
            more = {"threshold": 20.0, "comparison": "GreaterThanThreshold"}
            await put_watch(Slow(), now, PROJECT, {**wish, **more, "alarm_actions": (arn,)})
            await scene.clock.sleep(20)
        assert len(scene.world.things) == 2
        assert (await kinds(scene)).count("StateUpdate") == 1

    play(scenario, types=TYPES)
