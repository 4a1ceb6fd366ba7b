"""What the log tells of stacks: each action's begin and end, and every failure."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from tests.scenarios.templates import ref, things

from isotherm.core.errors import Busy, Refused
from isotherm.core.states import Status
from isotherm.core.tracing import traced, tracing
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault


class Lines(logging.Handler):
    """Messages at info and above, each with what it is traced with."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[tuple[str, dict[str, str]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.getMessage(), dict(traced())))

    def about(self, word: str) -> list[str]:
        return [line for line, _ in self.lines if word in line]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    log = logging.getLogger("isotherm")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield handler
    log.removeHandler(handler)
    log.setLevel(logging.NOTSET)


def test_an_action_is_told_when_it_begins_and_when_it_has_ended(lines: Lines) -> None:
    async def scenario(scene: Scene) -> None:
        with tracing(request_id="req-of-the-create"):
            stack_id = await scene.create(things(a={}, b={"uses": ref("a")}))
        async with scene.worker():
            stack = await scene.settle(stack_id)
        begin, end = lines.about(f"stack {stack.name}:")
        assert begin.endswith("CREATE begins")
        assert "CREATE_COMPLETE after" in end
        for _, ids in lines.lines:
            assert ids == {
                "request_id": "req-of-the-create",
                "stack_id": stack_id,
                "traversal": "1",
            }

    play(scenario)


def test_what_shows_in_resources_alone_is_told_to_its_end_too(lines: Lines) -> None:
    async def scenario(scene: Scene) -> None:
        with tracing(request_id="req-of-the-create"):
            stack_id = await scene.create(things(a={}))
        async with scene.worker():
            await scene.settle(stack_id)
            with tracing(request_id="req-of-the-order"):
                await scene.order(stack_id, "a", "forget")
            await scene.clock.sleep(60)
        begin, end = lines.about("REMEDY")
        assert begin.endswith("REMEDY begins")
        assert "REMEDY ends after" in end
        for line, ids in lines.lines:
            assert ("REMEDY" in line) == (ids["request_id"] == "req-of-the-order")

    play(scenario)


def test_no_failure_is_silent(lines: Lines) -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=Refused("no room left")))
        async with scene.worker():
            stack = await scene.settle(await scene.create(things(a={})))
        assert stack.status is Status.FAILED
        (of_resource,) = lines.about("resource a (")
        assert "no room left" in of_resource
        (of_stack,) = lines.about("CREATE_FAILED")
        assert "no room left" in of_stack

    play(scenario)


def test_a_step_that_may_not_begin_has_failed_too(lines: Lines) -> None:
    forbid = {"resource_registry": {"resources": {"a": {"restricted_actions": "update"}}}}

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={"size": 1}), environment=forbid)
            await scene.settle(stack_id)
            await scene.update(stack_id, things(a={"size": 2}), environment=forbid)
            assert (await scene.settle(stack_id)).status is Status.FAILED
        (of_resource,) = lines.about("resource a (")
        assert "update is restricted" in of_resource

    play(scenario)


def test_what_is_tried_again_is_told_too(lines: Lines) -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=Busy("of-the-cloud")))
        async with scene.worker():
            stack = await scene.settle(await scene.create(things(a={})))
        assert stack.status is Status.COMPLETE
        (waiting,) = lines.about("waiting for the cloud")
        assert "Busy" in waiting
        assert "of-the-cloud" not in waiting

    play(scenario)
