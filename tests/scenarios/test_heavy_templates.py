"""Queries and big values in running stacks: the engine serves others meanwhile."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping
from typing import Any

import pytest
from tests.scenarios.templates import attribute, things

from isotherm.core.states import Action, Status
from isotherm.core.values import Value
from isotherm.engine.steps import sizes
from isotherm.kit import Problems, Properties, ResourceType
from isotherm.ports.records import Operation
from isotherm.template import QueryError, run_queries_by, run_query
from isotherm.testing.lives import Life
from isotherm.testing.scene import Scene, play

QUERY = {"yaql": {"expression": "$.data + '-x'", "data": attribute("a", "address")}}
GIVEN_UP = "given up: 3 workers in a row ended or failed while they were at it"
TEMPLATE = things(a={}, b={"uses": QUERY})


def test_an_engine_does_not_wait_for_a_query_in_its_loop() -> None:
    threads = []

    def run(expression: str, data: Any) -> Any:
        threads.append(threading.current_thread())
        return run_query(expression, data)

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(TEMPLATE)
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert (await scene.rows(stack_id))["b"].properties["uses"].endswith("-x")
        assert threads
        assert threading.current_thread() not in threads

    run_queries_by(run)
    try:
        play(scenario)
    finally:
        run_queries_by(run_query)


def test_a_query_that_was_ended_fails_its_resource() -> None:
    def refuse(expression: str, data: Any) -> Any:
        raise QueryError("the query takes too long, or too much memory")

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack = await scene.settle(await scene.create(TEMPLATE))
        assert stack.status is Status.FAILED
        assert "the query takes too long" in stack.status_reason

    run_queries_by(refuse)
    try:
        play(scenario)
    finally:
        run_queries_by(run_query)


def test_values_that_are_too_big_together_fail_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them may be, but all of them are read by whoever looks at the stack."""
    monkeypatch.setattr(sizes, "_ANY_STACK", 0)
    many: dict[str, Any] = {f"t{number}": {"uses": "x" * 70_000} for number in range(20)}

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack = await scene.settle(await scene.create(things(**many)))
        assert stack.status is Status.FAILED
        assert "the values of all resources together are too big" in stack.status_reason
        assert len(scene.world.things) < 20

    play(scenario)


def test_a_stack_of_which_one_worker_after_the_other_dies_is_given_up() -> None:
    """It is failed, and others that the next worker owns are not ended by it, too."""

    async def scenario(scene: Scene) -> None:
        scene.settings = dataclasses.replace(scene.settings, most_take_overs=2)
        scene.world.building = 1e6
        stack_id = await scene.create(things(poison={}))
        for _ in range(3):
            life = Life()
            async with scene.worker(life=life):
                await scene.clock.sleep(2 * scene.settings.lease_seconds)
                life.end()
        scene.world.building = 2
        async with scene.worker():
            failed = await scene.settle(stack_id)
            made = await scene.settle(await scene.create(things(fine={}), name="other"))
        assert failed.status is Status.FAILED
        assert GIVEN_UP in failed.status_reason
        assert made.status is Status.COMPLETE

    play(scenario)


class Raising(ResourceType[Properties]):
    """Its author has made a mistake that shows in running stacks alone."""

    name = "Test::Raising"

    def validate(self, properties: Mapping[str, Value]) -> Problems:
        raise ZeroDivisionError


def test_a_stack_at_which_one_worker_after_the_other_fails_is_given_up() -> None:
    async def scenario(scene: Scene) -> None:
        scene.settings = dataclasses.replace(scene.settings, most_take_overs=2)
        async with scene.worker():
            template = "heat_template_version: 2021-04-16\nresources: {a: {type: Test::Raising}}"
            stack_id = await scene.create(template)
            failed = await scene.settle(stack_id)
            assert failed.status is Status.FAILED
            assert GIVEN_UP in failed.status_reason
            await scene.start(stack_id, Operation.DELETE)
            gone = await scene.settle(stack_id)
            assert (gone.action, gone.status) == (Action.DELETE, Status.COMPLETE)

    play(scenario, types=(Raising(),))
