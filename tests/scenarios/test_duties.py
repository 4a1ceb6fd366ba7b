"""What workers do now and then: purge what is old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.scenarios.templates import things

from isotherm.core.errors import Denied
from isotherm.core.states import Status
from isotherm.engine.owning.duties import Rule
from isotherm.engine.settings import EngineSettings
from isotherm.engine.tools import Tools
from isotherm.ports.cloud import Cloud
from isotherm.ports.store import StoreUnavailable
from isotherm.testing.scene import Scene, play

HOUR, DAY = 3600, 86400


def test_messages_that_were_taken_in_are_removed_after_some_time() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            await scene.settle(stack_id)
            await scene.mark(stack_id, "a")
            await scene.clock.sleep(3 * HOUR)
        later = scene.clock.now() + timedelta(days=1)
        assert await scene.store.purge_messages(later) == 0, "a worker has purged it"

    play(scenario)


@pytest.mark.parametrize(("days", "kept"), [(None, True), (2, False), (30, True)])
def test_deleted_stacks_are_kept_as_long_as_the_operator_wishes(
    days: int | None, kept: bool
) -> None:
    async def scenario(scene: Scene) -> None:
        scene.settings = EngineSettings(deleted_stacks_days=days)
        async with scene.worker():
            live = await scene.create(things(a={}), name="live")
            gone = await scene.create(things(a={}), name="gone")
            for stack_id in (live, gone):
                await scene.settle(stack_id)
            await scene.delete(gone)
            await scene.settle(gone)
            await scene.clock.sleep(3 * DAY)
            assert (await scene.stack(live)).status is Status.COMPLETE
        assert (await scene.store.stack(gone) is not None) is kept

    play(scenario)


def test_one_of_many_workers_does_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(scene: Scene) -> None:
        done: list[float] = []

        async def do(tools: Tools, cloud: Cloud, key: str) -> None:
            done.append(tools.clock.monotonic())

        monkeypatch.setattr("isotherm.engine.owning.duties.DUTIES", {"count": Rule(do, HOUR)})
        await scene.store.add_duty("count", "it")
        async with scene.worker(), scene.worker(), scene.worker():
            await scene.clock.sleep(3.5 * HOUR)
        assert len(done) == 4

    play(scenario)


def test_a_duty_that_fails_keeps_none_of_the_others_and_comes_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(scene: Scene) -> None:
        done: list[str] = []

        async def do(tools: Tools, cloud: Cloud, key: str) -> None:
            done.append(key)
            if key == "broken":
                raise ValueError(key)

        monkeypatch.setattr("isotherm.engine.owning.duties.DUTIES", {"some": Rule(do, HOUR)})
        for key in ("broken", "sound"):
            await scene.store.add_duty("some", key)
        async with scene.worker():
            await scene.clock.sleep(1.5 * HOUR)
        assert done == ["broken", "sound"] * 2

    play(scenario)
    assert "duty some broken failed" in caplog.text


def test_a_duty_that_the_cloud_refuses_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(scene: Scene) -> None:
        async def do(tools: Tools, cloud: Cloud, key: str) -> None:
            raise Denied("Identity gives no token: wrong password")

        monkeypatch.setattr("isotherm.engine.owning.duties.DUTIES", {"some": Rule(do, HOUR)})
        await scene.store.add_duty("some", "one")
        async with scene.worker():
            await scene.clock.sleep(0.5 * HOUR)

    play(scenario)
    assert "duty some one failed, as the cloud did: Identity gives no token: wrong" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_database_that_stays_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(scene: Scene) -> None:
        left, done = 3, []

        async def do(tools: Tools, cloud: Cloud, key: str) -> None:
            nonlocal left
            left -= 1
            if left > 0:
                raise StoreUnavailable("away")
            done.append(key)

        monkeypatch.setattr("isotherm.engine.owning.duties.DUTIES", {"some": Rule(do, HOUR)})
        await scene.store.add_duty("some", "it")
        async with scene.worker():
            await scene.clock.sleep(HOUR)
        assert done == ["it"]

    play(scenario)
