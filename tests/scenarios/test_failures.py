"""When the cloud says no, is silent, or too slow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.scenarios.templates import nested, ref, thing, things

from isotherm.core.errors import Busy, Lost, Refused
from isotherm.core.failures import Failure
from isotherm.core.states import Action, Status
from isotherm.engine.steps import converging
from isotherm.planning.decision import Decision
from isotherm.planning.plan import Kind
from isotherm.ports.records import Operation
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault

QUOTA = Refused("Quota exceeded for things", status=403, request_id="req-1234")


def test_a_refusal_ends_the_create_with_the_clouds_own_words_and_request_id() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=QUOTA, named="-b-"))
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={}, after={"uses": ref("b")}))
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.CREATE, Status.FAILED)
        assert stack.status_reason == (
            "Resource CREATE failed: Forbidden: resources.b: "
            "Quota exceeded for things (HTTP 403) (Request-ID: req-1234)"
        )
        rows = await scene.rows(stack_id)
        assert rows["a"].status is Status.COMPLETE, "what ran was allowed to finish"
        assert rows["b"].status is Status.FAILED
        assert "after" not in rows
        assert scene.world.count("create") == 2, "a refusal is not repeated"

    play(scenario)


def test_a_failed_create_rolls_back_to_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=QUOTA, named="-c-"))
        async with scene.worker():
            stack_id = await scene.create(
                things(a={}, b={"uses": ref("a")}, c={"uses": ref("b")}), disable_rollback=False
            )
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.ROLLBACK, Status.COMPLETE)
        assert not scene.world.things
        history = [line for line in await scene.history(stack_id) if line.startswith("stack ")]
        assert history == [
            "stack CREATE_IN_PROGRESS",
            "stack CREATE_FAILED",
            "stack ROLLBACK_IN_PROGRESS",
            "stack ROLLBACK_COMPLETE",
        ]

    play(scenario)


def test_what_was_rolled_back_to_nothing_is_a_template_of_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=QUOTA, named="-b-"))
        async with scene.worker():
            stack_id = await scene.create(
                things(a={}, b={}), disable_rollback=False, environment={"parameters": {"p": "x"}}
            )
            back = await scene.settle(stack_id)
            source = await scene.store.source(back.source_id)
            assert source.template == {"heat_template_version": "2021-04-16"}
            assert not source.environment["parameters"]
            assert back.previous_source_id is None, "it has never been complete"
            await scene.start(stack_id, Operation.UPDATE)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE)
        assert not scene.world.things, "an update in part makes nothing of what was given up"

    play(scenario)


def test_the_stack_tells_what_was_being_done_to_the_resource() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=QUOTA, named="-b-"))
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            await scene.settle(stack_id)
            await scene.update(stack_id, things(a={}, b={}))
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.UPDATE, Status.FAILED)
        assert stack.status_reason.startswith("Resource CREATE failed: Forbidden: resources.b: ")

    play(scenario)


def test_a_failed_update_returns_to_the_very_objects_it_had() -> None:
    async def scenario(scene: Scene) -> None:
        before = things(a={"colour": "red"}, b={"uses": ref("a"), "size": 1})
        after = things(a={"colour": "blue"}, b={"uses": ref("a"), "size": 2}, c={"uses": ref("b")})
        async with scene.worker():
            stack_id = await scene.create(before, disable_rollback=False)
            await scene.settle(stack_id)
            old = await scene.rows(stack_id)
            scene.world.inject("create", Fault(error=QUOTA, named="-c-"))
            await scene.update(stack_id, after)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.ROLLBACK, Status.COMPLETE), (
            stack.status_reason
        )
        rows = await scene.rows(stack_id)
        assert rows["a"].physical_id == old["a"].physical_id
        assert rows["b"].physical_id == old["b"].physical_id
        assert rows["b"].properties["uses"] == rows["a"].physical_id
        assert {row.physical_id for row in rows.values()} == scene.world.things.keys()
        assert scene.world.things[rows["b"].physical_id or ""]["size"] == 1

    play(scenario)


def test_a_rollback_that_fails_tells_the_first_cause() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=QUOTA, named="-b-"))
        scene.world.inject("delete", Fault(error=Refused("locked", status=409), count=99))
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={}), disable_rollback=False)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.ROLLBACK, Status.FAILED)
        assert "locked" in stack.status_reason
        assert "Quota exceeded" in stack.status_reason

    play(scenario)


def test_an_object_that_goes_to_error_is_replaced_by_a_fresh_one() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(status="ERROR", count=2))
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            stack = await scene.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason
            assert scene.world.count("create") == 3
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert not scene.world.things, "the failed ones are not forgotten"

    play(scenario)


def test_attempts_are_limited() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(status="ERROR", count=99))
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            stack = await scene.settle(stack_id)
            assert stack.status_reason == (
                "Resource CREATE failed: ResourceInError: resources.a: "
                'Went to status ERROR due to "Unknown"'
            )
            assert scene.world.count("create") == 1 + scene.settings.retry_limit
            rows = await scene.rows(stack_id)
            assert scene.world.things.keys() == {rows["a"].physical_id}, "only the last is kept"

    play(scenario)


@pytest.mark.parametrize("applied", [True, False])
def test_a_lost_reply_never_makes_a_second_object(applied: bool) -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=Lost("connection reset"), applied=applied))
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert len(scene.world.things) == 1
        assert scene.world.count("create") == (1 if applied else 2)

    play(scenario)


def test_a_busy_cloud_is_waited_for() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=Busy("later", after=7.0), count=2))
        async with scene.worker():
            stack = await scene.settle(await scene.create(things(a={})))
        assert stack.status is Status.COMPLETE
        assert scene.clock.monotonic() > 14

    play(scenario)


def test_a_stack_that_takes_too_long_is_ended_by_its_deadline() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.building = 10_000
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={"uses": ref("a")}), timeout_mins=1)
            stack = await scene.settle(stack_id)
            assert (stack.action, stack.status) == (Action.CREATE, Status.FAILED)
            assert stack.status_reason == "Create timed out"
            assert 60 <= scene.clock.monotonic() < 62
            rows = await scene.rows(stack_id)
            assert rows["a"].status is Status.FAILED
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert not scene.world.things

    play(scenario)


def test_values_that_do_not_fit_when_known_fail_their_resource() -> None:
    async def scenario(scene: Scene) -> None:
        template = things(a={}, b={"size": {"get_attr": ["a", "address"]}})
        async with scene.worker():
            stack_id = await scene.create(template)
            stack = await scene.settle(stack_id)
        assert stack.status is Status.FAILED
        assert "resources.b.properties.size" in stack.status_reason
        assert (await scene.rows(stack_id))["b"].status is Status.FAILED

    play(scenario)


def test_secrets_show_in_no_event_and_no_reason() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=QUOTA))
        async with scene.worker():
            stack_id = await scene.create(things(a={"password": "hunter2"}))
            stack = await scene.settle(stack_id)
        assert "hunter2" not in repr(await scene.events(stack_id))
        assert "hunter2" not in repr(stack)
        assert "hunter2" not in repr(await scene.rows(stack_id))

    play(scenario)


def test_a_failed_resource_is_made_anew_by_the_next_update() -> None:
    async def scenario(scene: Scene) -> None:
        template = things(a={}, b={"uses": ref("a")})
        scene.world.inject("create", Fault(error=QUOTA, named="-b-"))
        async with scene.worker():
            stack_id = await scene.create(template)
            await scene.settle(stack_id)
            await scene.update(stack_id, template)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE), stack.status_reason
        assert len(scene.world.things) == 2
        assert len(await scene.store.resources(stack_id)) == 2

    play(scenario)


def test_a_secret_that_the_cloud_echoes_is_sealed_again() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={"password": "hunter2"}))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE
        (thing,) = scene.world.things.values()
        assert thing["password"] == "hunter2", "the cloud got it"
        assert "hunter2" not in repr(await scene.rows(stack_id))
        assert "hunter2" not in repr(await scene.events(stack_id))

    play(scenario)


def test_a_failure_is_kept_as_a_value_with_its_stack_and_its_resource() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=QUOTA, named="-b-"))
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={}))
            stack = await scene.settle(stack_id)
            row = (await scene.rows(stack_id))["b"]
            assert row.failure is not None
            assert stack.failure == replace(row.failure, action="CREATE")
            assert row.failure == Failure(
                "Forbidden",
                "resources.b",
                "Quota exceeded for things (HTTP 403) (Request-ID: req-1234)",
                "req-1234",
                row.id,
            )
            assert row.status_reason == str(row.failure)
            await scene.update(stack_id, things(a={}, b={}))
            stack = await scene.settle(stack_id)
        assert stack.failure is None, "it tells of the present state"
        assert (await scene.rows(stack_id))["b"].failure is None

    play(scenario)


def test_a_failure_within_nested_stacks_names_the_row_inside() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(error=QUOTA, named="-b-"))
        inner = nested({"b": thing()})
        middle = nested({"inner": {"type": "inner.yaml"}})
        files = {"inner.yaml": inner, "middle.yaml": middle}
        async with scene.worker():
            outer = nested({"outer": {"type": "middle.yaml"}})
            stack_id = await scene.create(outer, files=files)
            stack = await scene.settle(stack_id)
        assert stack.failure is not None
        assert stack.failure.path == "resources.outer.resources.inner.resources.b"
        assert (stack.failure.kind, stack.failure.request_id) == ("Forbidden", "req-1234")
        middle_id = (await scene.rows(stack_id))["outer"].physical_id or ""
        inner_id = (await scene.rows(middle_id))["inner"].physical_id or ""
        assert stack.failure.row_id == (await scene.rows(inner_id))["b"].id

    play(scenario)


def test_nothing_is_done_that_the_plan_had_not_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Should planner and executor ever come to different ends, the executor stops."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            before = (await scene.settle(stack_id), await scene.rows(stack_id))[1]["a"]
            monkeypatch.setattr(converging, "decide", lambda *_: Decision(Kind.REPLACE))
            await scene.update(stack_id, things(a={"size": 2}))
            stack = await scene.settle(stack_id)
        assert stack.status_reason == (
            "Resource UPDATE failed: Error: resources.a: a fault of this service: the plan said "
            "update, now it would be replace; nothing was done"
        )
        assert (await scene.rows(stack_id))["a"] == before
        assert scene.world.things.keys() == {before.physical_id}

    play(scenario)
    assert "planned update, decided replace" in caplog.text
