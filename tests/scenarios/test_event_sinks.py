"""Event sinks of the environment are told of everything, in order, whatever dies in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.scenarios.templates import nested, ref, stack, thing, things

from isotherm.core.errors import Gone, Lost
from isotherm.core.states import Status
from isotherm.engine.probe import Point
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.event_sinks import EVENT_SINKS, EventSink, event_sink
from isotherm.ports.records import Stack
from isotherm.testing.scene import KillAt, Scene, play

TWO = things(a={}, b={"uses": ref("a"), "password": "hush"})
ENVIRONMENT = {"event_sinks": [{"type": "test-list", "target": "list"}]}


class ListSink(EventSink):
    """Keeps what it is told; ``error`` is raised instead as long as there is one."""

    kind = "test-list"

    def __init__(self) -> None:
        self.told: list[Mapping[str, Any]] = []
        self.error: Exception | None = None

    async def tell(self, api: CloudApi, sink: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        assert sink["target"] == "list"
        if self.error is not None:
            raise self.error
        self.told.append(event)

    @property
    def ids(self) -> list[str]:
        """In the order in which they came first."""
        return list(dict.fromkeys(str(each["id"]) for each in self.told))


@pytest.fixture
def sink() -> Iterator[ListSink]:
    event_sink(ListSink)
    yield EVENT_SINKS["test-list"]  # type: ignore[misc]
    del EVENT_SINKS["test-list"]


async def create(scene: Scene, template: str = TWO, **fields: Any) -> str:
    return await scene.create(template, environment=ENVIRONMENT, tells=True, **fields)


async def ended(scene: Scene, stack_id: str) -> Stack:
    found = await scene.settle(stack_id)
    await scene.clock.sleep(5)
    return found


async def written(scene: Scene, stack_id: str) -> list[str]:
    return [each.id for each in await scene.events(stack_id)]


def test_a_whole_life_is_told(sink: ListSink) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await create(scene)
            await scene.clock.sleep(3.5)
            assert sink.told, "while it is under way"
            await ended(scene, stack_id)
            await scene.mark(stack_id, "a")
            await scene.clock.sleep(5)
            assert sink.ids == await written(scene, stack_id)
            await scene.delete(stack_id)
            await ended(scene, stack_id)
        assert sink.ids == await written(scene, stack_id)
        assert len(sink.told) == len(sink.ids), "once each, where nothing goes wrong"
        last = sink.told[-1]
        assert (last["type"], last["version"]) == ("os.heat.event", "0.1")
        assert last["payload"]["stack_id"] == stack_id
        assert last["payload"]["resource_action"] == "DELETE"
        assert last["payload"]["resource_status"] == "COMPLETE"
        assert "hush" not in str(sink.told)

    play(scenario)


def test_stacks_below_are_told_of_too(sink: ListSink) -> None:
    async def scenario(scene: Scene) -> None:
        files = {"kid.yaml": nested({"t": thing()})}
        async with scene.worker():
            stack_id = await create(scene, nested({"n": stack("kid.yaml")}), files=files)
            await ended(scene, stack_id)
            (kid,) = await scene.store.children(stack_id)
            ids = set(await written(scene, stack_id)) | set(await written(scene, kid.id))
        assert set(sink.ids) == ids

    play(scenario)


def test_a_stack_without_sinks_tells_nobody(sink: ListSink) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            await ended(scene, await scene.create(TWO))
        assert not sink.told

    play(scenario)


@pytest.mark.parametrize("error", [Lost("nobody answers"), Gone("no queue"), ValueError("its own")])
def test_a_sink_in_trouble_holds_nothing_up(sink: ListSink, error: Exception) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            sink.error = error
            stack_id = await create(scene)
            assert (await scene.settle(stack_id, within=30)).status is Status.COMPLETE
            sink.error = None
            await scene.update(stack_id, TWO, environment=ENVIRONMENT)
            await ended(scene, stack_id)
            everything = await written(scene, stack_id)
        later = isinstance(error, Lost)
        assert sink.ids == (everything if later else everything[-len(sink.ids) :])
        assert sink.ids

    play(scenario)


@pytest.mark.parametrize("point", list(Point), ids=lambda each: each.value)
def test_nothing_is_left_out_when_a_worker_dies(sink: ListSink, point: Point) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await create(scene)
        async with scene.worker(KillAt(point, "b")):
            await scene.clock.sleep(120)
        async with scene.worker():
            await ended(scene, stack_id)
            await scene.delete(stack_id)
            await ended(scene, stack_id)
        assert sink.ids == await written(scene, stack_id)

    play(scenario)


def test_an_address_is_told_once_even_if_the_worker_dies(caplog: pytest.LogCaptureFixture) -> None:
    address = "https://hook.example/path?token=hush"

    async def scenario(scene: Scene) -> None:
        scene.listeners.answers = [Lost("no answer")]
        async with scene.worker():
            sinks = {"event_sinks": [{"type": "webhook", "target": address}]}
            stack_id = await scene.create(TWO, environment=sinks, tells=True)
            await ended(scene, stack_id)
            heard = scene.listeners.heard
            assert {each[0] for each in heard} == {address}
            assert list(dict.fromkeys(key for _, key, _ in heard)) == await written(scene, stack_id)
            assert all(body["id"] == key for _, key, body in heard)

    play(scenario)
    assert "hush" not in caplog.text
    assert "hook.example" in caplog.text
