"""Alarms about others whose actions another alarm suppresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.scenarios.test_alarms import HOOK, PROJECT, TYPES, made, watch

from isotherm.kit.measures import Sample, Series, sum_of
from isotherm.kit.watches import Hold, State, Watch
from isotherm.testing.scene import Scene, play

REPAIR = Series(project_id=PROJECT, namespace="App", name="repair")
LOAD = Series(project_id=PROJECT, namespace="App", name="load")


async def alarms(scene: Scene, *actions: str, **suppression: Any) -> None:
    """``page`` is about ``high``, and suppressed while ``repair`` goes off."""
    await watch(scene, missing="notBreaching")
    await watch(scene, name="repair", series=REPAIR, missing="notBreaching")
    about = {"name": "page", "rule": "ALARM(high)", "series": None, "statistic": "", "period": 0}
    acts = {"alarm_actions": actions, "ok_actions": (HOOK,)}
    await watch(scene, **about, **acts, suppressor="repair", **suppression)


async def measure(scene: Scene, series: Series, value: float) -> None:
    at = scene.clock.now() - timedelta(minutes=1)
    await scene.store.watches.add_samples(
        [Sample(series=series, at=at, unit="", sum=sum_of([(value, 1.0)]))]
    )


async def page(scene: Scene) -> Watch:
    found = await scene.store.watches.watch(PROJECT, "page")
    assert found is not None
    return found


def heard(scene: Scene) -> list[tuple[str, str]]:
    return [(body["OldStateValue"], body["NewStateValue"]) for _, _, body in scene.listeners.heard]


def test_actions_wait_until_the_suppressor_is_over_and_a_while_more() -> None:
    async def scenario(scene: Scene) -> None:
        await alarms(scene, HOOK, suppressor_wait=0, suppressor_extension=100)
        async with scene.worker(), scene.worker():
            await scene.clock.sleep(90)
            assert heard(scene) == [("INSUFFICIENT_DATA", "OK")]
            for _ in range(3):
                await measure(scene, REPAIR, 99)
                await measure(scene, LOAD, 99)
                await scene.clock.sleep(60)
            assert ((await page(scene)).state, (await page(scene)).hold) == (
                State.ALARM,
                Hold.ALARM,
            )
            assert len(heard(scene)) == 1
            for _ in range(2):
                await measure(scene, REPAIR, 0)
                await measure(scene, LOAD, 99)
                await scene.clock.sleep(60)
                assert (await page(scene)).hold is Hold.EXTENSION
                assert len(heard(scene)) == 1
            await measure(scene, LOAD, 99)
            await scene.clock.sleep(60)
            assert (await page(scene)).hold is Hold.NOTHING
            assert heard(scene) == [("INSUFFICIENT_DATA", "OK"), ("OK", "ALARM")]
            told = [each.summary for each in await scene.store.watches.history(PROJECT, "page")]
            assert "Actions are suppressed no more" in told

    play(scenario, types=TYPES)


def test_it_is_waited_whether_the_suppressor_goes_off() -> None:
    async def scenario(scene: Scene) -> None:
        await alarms(scene, HOOK, suppressor_wait=45, suppressor_extension=0)
        async with scene.worker():
            await scene.clock.sleep(70)
            await measure(scene, LOAD, 99)
            await scene.clock.sleep(60)
            shown = await page(scene)
            assert (shown.state, shown.hold) == (State.ALARM, Hold.WAIT)
            assert len(heard(scene)) == 1
            assert shown.held_since is not None
            over = shown.held_since + timedelta(seconds=45) - scene.clock.now()
            await scene.clock.sleep(over.total_seconds() + 3)
            assert heard(scene)[1:] == [("OK", "ALARM")]

    play(scenario, types=TYPES)


def test_groups_do_not_grow_while_actions_are_suppressed() -> None:
    async def scenario(scene: Scene) -> None:
        policy = await made(scene)
        await alarms(scene, policy, suppressor_wait=0, suppressor_extension=0)
        async with scene.worker():
            for _ in range(4):
                await measure(scene, REPAIR, 99)
                await measure(scene, LOAD, 99)
                await scene.clock.sleep(60)
            assert len(scene.world.things) == 1
            await measure(scene, REPAIR, 0)
            await measure(scene, LOAD, 99)
            await scene.clock.sleep(60)
            assert len(scene.world.things) == 2

    play(scenario, types=TYPES)
