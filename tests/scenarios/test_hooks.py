"""Steps wait at the hooks of the environment until somebody lets them go on."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scenarios.templates import nested, ref, stack, thing, things

from isotherm.core.errors import Refused
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.kit.plugins import load_registry
from isotherm.ports.records import Operation
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import Fault

TWO = things(a={"size": 1}, b={"uses": ref("a")})
GROWN = things(a={"size": 2}, b={"uses": ref("a")})


def hooked(*hooks: str, names: tuple[str, ...] = ("a",)) -> dict[str, Any]:
    said: dict[str, Any] = {"hooks": list(hooks)}
    for name in reversed(names):
        said = {name: said}
    return {"resource_registry": {"resources": said}}


async def told(scene: Scene, stack_id: str, name: str = "a") -> list[str]:
    """The events of a resource: its state, and the reason where there is one to tell."""
    events = [each for each in await scene.events(stack_id) if each.resource_name == name]
    return [
        f"{each.action}_{each.status}"
        + (f": {each.status_reason}" if each.status_reason != "state changed" else "")
        for each in events
    ]


def test_a_create_waits_before_and_after() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(TWO, environment=hooked("pre-create", "post-create"))
            await scene.until_paused(stack_id, "a", "pre-create")
            await scene.clock.sleep(600)
            assert not scene.world.things
            row = (await scene.rows(stack_id))["a"]
            assert (row.action, row.status, row.physical_id) == (Action.INIT, Status.COMPLETE, None)
            await scene.clear(stack_id, "a", "pre-create")
            await scene.until_paused(stack_id, "a", "post-create")
            await scene.clock.sleep(600)
            assert len(scene.world.things) == 1
            assert set(await scene.rows(stack_id)) == {"a"}, "what uses it waits, too"
            await scene.clear(stack_id, "a", "post-create")
            ended = await scene.settle(stack_id)
        assert (ended.action, ended.status) == (Action.CREATE, Status.COMPLETE)
        assert await told(scene, stack_id) == [
            "INIT_COMPLETE: CREATE paused until Hook pre-create is cleared",
            "INIT_COMPLETE: Hook pre-create is cleared",
            "CREATE_IN_PROGRESS",
            "CREATE_COMPLETE",
            "CREATE_COMPLETE: CREATE paused until Hook post-create is cleared",
            "CREATE_COMPLETE: Hook post-create is cleared",
        ]
        assert len(await scene.store.resources(stack_id)) == 2

    play(scenario)


def test_an_update_waits_before_and_after() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(TWO)
            await scene.settle(stack_id)
            environment = hooked("pre-update", "post-update")
            await scene.update(stack_id, GROWN, environment=environment)
            await scene.until_paused(stack_id, "a", "pre-update")
            assert [each["size"] for each in scene.world.things.values()] == [1, 1]
            await scene.clear(stack_id, "a", "pre-update")
            await scene.until_paused(stack_id, "a", "post-update")
            await scene.clear(stack_id, "a", "post-update")
            ended = await scene.settle(stack_id)
        assert (ended.action, ended.status) == (Action.UPDATE, Status.COMPLETE)
        assert (await told(scene, stack_id))[2:] == [
            "CREATE_COMPLETE: UPDATE paused until Hook pre-update is cleared",
            "CREATE_COMPLETE: Hook pre-update is cleared",
            "UPDATE_IN_PROGRESS",
            "UPDATE_COMPLETE",
            "UPDATE_COMPLETE: UPDATE paused until Hook post-update is cleared",
            "UPDATE_COMPLETE: Hook post-update is cleared",
        ]

    play(scenario)


def test_an_update_that_changes_nothing_waits_before_and_not_after() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(TWO)
            await scene.settle(stack_id)
            await scene.update(stack_id, TWO, environment=hooked("pre-update", "post-update"))
            await scene.until_paused(stack_id, "a", "pre-update")
            await scene.clear(stack_id, "a", "pre-update")
            ended = await scene.settle(stack_id)
        assert (ended.action, ended.status) == (Action.UPDATE, Status.COMPLETE)

    play(scenario)


def test_what_an_update_makes_or_removes_does_not_wait() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}, c={"colour": "red"}))
            await scene.settle(stack_id)
            everything = hooked(
                "pre-create", "post-create", "pre-delete", "post-delete", names=("*",)
            )
            after = things(b={}, c={"colour": "blue"})
            await scene.update(stack_id, after, environment=everything)
            ended = await scene.settle(stack_id)
        assert (ended.action, ended.status) == (Action.UPDATE, Status.COMPLETE)
        assert len(scene.world.things) == 2

    play(scenario)


@pytest.mark.parametrize("kind", [{}, {"type": "OS::Heat::Value"}])
def test_a_removal_waits_before_and_after(kind: dict[str, Any]) -> None:
    async def scenario(scene: Scene) -> None:
        spec = {**kind, "value": 1} if kind else {}
        async with scene.worker():
            stack_id = await scene.create(
                things(a=spec), environment=hooked("pre-delete", "post-delete")
            )
            await scene.settle(stack_id)
            await scene.delete(stack_id)
            await scene.until_paused(stack_id, "a", "pre-delete")
            assert len(scene.world.things) == (0 if kind else 1)
            await scene.clear(stack_id, "a", "pre-delete")
            await scene.until_paused(stack_id, "a", "post-delete")
            assert not scene.world.things
            await scene.clock.sleep(600)
            assert (await scene.stack(stack_id)).status is Status.IN_PROGRESS
            await scene.clear(stack_id, "a", "post-delete")
            ended = await scene.settle(stack_id)
        assert (ended.action, ended.status) == (Action.DELETE, Status.COMPLETE)
        assert not await scene.store.resources(stack_id)
        assert (await told(scene, stack_id))[2:] == [
            "CREATE_COMPLETE: DELETE paused until Hook pre-delete is cleared",
            "CREATE_COMPLETE: Hook pre-delete is cleared",
            "DELETE_IN_PROGRESS",
            "DELETE_COMPLETE",
            "DELETE_COMPLETE: DELETE paused until Hook post-delete is cleared",
            "DELETE_COMPLETE: Hook post-delete is cleared",
        ]

    play(scenario, types=[load_registry()["OS::Heat::Value"]])


@pytest.mark.parametrize("names", [("a", "t"), ("a", "*"), ("*", "*")])
def test_what_is_inside_a_stack_waits_by_name_or_wildcard(names: tuple[str, ...]) -> None:
    async def scenario(scene: Scene) -> None:
        outer = nested({"a": stack("kid.yaml")})
        files = {"kid.yaml": nested({"t": thing()})}
        async with scene.worker():
            environment = hooked("pre-create", names=names)
            stack_id = await scene.create(outer, files=files, environment=environment)
            while not (inside := await scene.store.children(stack_id)):
                await scene.clock.sleep(0.25)
            await scene.until_paused(inside[0].id, "t", "pre-create")
            await scene.clock.sleep(600)
            assert not scene.world.things
            await scene.clear(inside[0].id, "t", "pre-create")
            ended = await scene.settle(stack_id)
        assert (ended.action, ended.status) == (Action.CREATE, Status.COMPLETE)

    play(scenario)


HOOKS = ["pre-create", "post-create"]


@pytest.mark.parametrize("hook", HOOKS)
def test_the_stack_fails_in_time_while_a_hook_waits(hook: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(TWO, environment=hooked(hook), timeout_mins=1)
            begun = scene.clock.monotonic()
            ended = await scene.settle(stack_id)
            assert 59 <= scene.clock.monotonic() - begun <= 62
            assert (ended.action, ended.status) == (Action.CREATE, Status.FAILED)
            row = (await scene.rows(stack_id))["a"]
            made = Action.INIT if hook == "pre-create" else Action.CREATE
            assert (row.action, row.status, row.pause) == (made, Status.COMPLETE, None)
            assert f"before Hook {hook} was cleared" in (await told(scene, stack_id))[-1]
            await scene.update(stack_id, TWO)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert len(scene.world.things) == scene.world.made == 2

    play(scenario)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_stack_that_waits_can_be_deleted(hook: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(TWO, environment=hooked(hook))
            await scene.until_paused(stack_id, "a", hook)
            await scene.delete(stack_id)
            ended = await scene.settle(stack_id, within=60)
        assert (ended.action, ended.status) == (Action.DELETE, Status.COMPLETE)
        assert not scene.world.things
        assert not await scene.store.resources(stack_id)

    play(scenario)


@pytest.mark.parametrize("hook", HOOKS)
def test_an_update_overtakes_what_waits(hook: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            environment = hooked(hook)
            stack_id = await scene.create(TWO, environment=environment)
            await scene.until_paused(stack_id, "a", hook)
            await scene.update(stack_id, GROWN, environment=environment)
            ended = await scene.settle(stack_id, within=60)
        assert (ended.action, ended.status) == (Action.UPDATE, Status.COMPLETE)
        assert len(scene.world.things) == scene.world.made == 2
        assert {row.pause for row in await scene.store.resources(stack_id)} <= {None}

    play(scenario)


def test_an_update_that_waits_can_be_cancelled_in_both_ways() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(TWO)
            await scene.settle(stack_id)
            for cancel, action in ((scene.cancel, Action.ROLLBACK), (scene.stop, Action.UPDATE)):
                await scene.update(stack_id, GROWN, environment=hooked("pre-update"))
                await scene.until_paused(stack_id, "a", "pre-update")
                await cancel(stack_id)
                ended = await scene.settle(stack_id, within=60)
                assert ended.action is action
        assert ended.status is Status.FAILED
        assert [each["size"] for each in scene.world.things.values()] == [1, 1]

    play(scenario)


def test_what_waits_is_put_off_when_something_else_fails() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            scene.world.inject("create", Fault(error=Refused("no"), named="-bad-"))
            both = things(a={}, bad={})
            stack_id = await scene.create(both, environment=hooked("pre-create"))
            await scene.until_paused(stack_id, "a", "pre-create")
            ended = await scene.settle(stack_id, within=600)
            assert (ended.action, ended.status) == (Action.CREATE, Status.FAILED)
            assert "resources.bad" in ended.status_reason
            await scene.clear(stack_id, "a", "pre-create")
            while await scene.store.messages(stack_id):
                await scene.clock.sleep(0.25)
            assert (await scene.rows(stack_id))["a"].action is Action.INIT
            await scene.update(stack_id, things(a={}))
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert len(scene.world.things) == 1

    play(scenario)


def test_a_rollback_heeds_the_hooks_of_the_environment_that_it_returns_to() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(
                TWO, environment=hooked("pre-update"), disable_rollback=False
            )
            await scene.settle(stack_id)
            scene.world.inject("create", Fault(error=Refused("no")))
            await scene.update(stack_id, things(a={"size": 2}, c={}))
            await scene.until_paused(stack_id, "a", "pre-update")
            assert (await scene.stack(stack_id)).action is Action.ROLLBACK
            await scene.clear(stack_id, "a", "pre-update")
            ended = await scene.settle(stack_id)
        assert (ended.action, ended.status) == (Action.ROLLBACK, Status.COMPLETE)
        assert [each["size"] for each in scene.world.things.values()] == [1, 1]

    play(scenario)


def test_a_mark_is_taken_in_while_the_resource_waits() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(TWO, environment=hooked(*HOOKS))
            for hook in HOOKS:
                await scene.until_paused(stack_id, "a", hook)
                await scene.mark(stack_id, "a")
                await scene.clock.sleep(1)
                row = (await scene.rows(stack_id))["a"]
                assert (row.action, row.status) == (Action.CHECK, Status.FAILED)
                await scene.clear(stack_id, "a", hook)
            ended = await scene.settle(stack_id)
        assert (ended.action, ended.status) == (Action.CREATE, Status.COMPLETE)
        assert len(scene.world.things) == 2

    play(scenario)


def test_a_hook_is_cleared_though_the_wake_up_is_lost() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(TWO, environment=hooked("pre-create"))
            await scene.until_paused(stack_id, "a", "pre-create")
            heard, scene.bus = scene.bus, _Deaf()
            await scene.clear(stack_id, "a", "pre-create")
            scene.bus = heard
            await scene.settle(stack_id, within=scene.settings.poll_seconds + 60)

    play(scenario)


class _Deaf:
    async def wake(self, topic: str, key: str) -> None:
        pass

    def listen(self, topic: str) -> Any:
        raise NotImplementedError

    async def close(self) -> None:
        pass


def test_several_that_wait_do_not_keep_each_other_awake() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(
                things(a={}, b={}, c={}), environment=hooked("pre-create", names=("*",))
            )
            for name in "abc":
                await scene.until_paused(stack_id, name, "pre-create")
            await scene.mark(stack_id, "a")
            await scene.clock.sleep(600)
            for name in "cab":
                await scene.clear(stack_id, name, "pre-create")
                await scene.clock.sleep(1)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert len(scene.world.things) == 3

    play(scenario)


@pytest.mark.parametrize("operation", [Operation.CHECK, Operation.SUSPEND, Operation.RESUME])
def test_other_operations_do_not_wait(operation: Operation) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            everything = hooked("pre-update", "post-update", "pre-delete", names=("*",))
            stack_id = await scene.create(TWO, environment=everything)
            await scene.settle(stack_id)
            if operation is Operation.RESUME:
                await scene.start(stack_id, Operation.SUSPEND)
                await scene.settle(stack_id, within=60)
            await scene.start(stack_id, operation)
            assert (await scene.settle(stack_id, within=60)).status is Status.COMPLETE

    play(scenario)


@pytest.mark.parametrize("point", list(Point), ids=lambda each: each.value)
@pytest.mark.parametrize("name", ["a", "b"])
def test_breakpoints_survive_the_death_of_the_worker(point: Point, name: str) -> None:
    """Killed at any point of a life with all hooks; each hook is waited at once."""
    hooks = ("pre-create", "post-create", "pre-update", "post-update", "pre-delete", "post-delete")

    async def scenario(scene: Scene) -> None:
        environment = hooked(*hooks)
        stack_id = await scene.create(TWO, environment=environment)
        for operation in (Operation.CREATE, Operation.UPDATE, Operation.DELETE):
            if operation is Operation.UPDATE:
                await scene.update(stack_id, GROWN, environment=environment)
            elif operation is Operation.DELETE:
                await scene.delete(stack_id)
            for hook in (f"pre-{operation.lower()}", f"post-{operation.lower()}"):
                async with scene.worker(KillAt(point, name)):
                    await scene.clock.sleep(120)
                async with scene.worker():
                    await scene.until_paused(stack_id, "a", hook)
                async with scene.worker():
                    await scene.clock.sleep(1)
                    await scene.clear(stack_id, "a", hook)
                    while await scene.store.messages(stack_id):
                        await scene.clock.sleep(0.25)
            async with scene.worker():
                assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert not scene.world.things
        assert scene.world.made == 2
        pauses = [line for line in await told(scene, stack_id) if " paused until " in line]
        assert [line.split("Hook ")[1].split()[0] for line in pauses] == list(hooks)

    play(scenario)


def test_what_is_restricted_is_refused_after_its_hook() -> None:
    """The order of the reference: first somebody looks, then the environment forbids."""

    async def scenario(scene: Scene) -> None:
        environment = hooked("pre-update", "post-update")
        environment["resource_registry"]["resources"]["a"]["restricted_actions"] = "update"
        async with scene.worker():
            stack_id = await scene.create(TWO)
            await scene.settle(stack_id)
            await scene.update(stack_id, GROWN, environment=environment)
            await scene.until_paused(stack_id, "a", "pre-update")
            await scene.clear(stack_id, "a", "pre-update")
            ended = await scene.settle(stack_id)
            assert (ended.action, ended.status) == (Action.UPDATE, Status.FAILED)
            assert "update is restricted" in ended.status_reason
            await scene.update(stack_id, TWO, environment=environment)
            await scene.until_paused(stack_id, "a", "pre-update")
            await scene.clear(stack_id, "a", "pre-update")
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert [each["size"] for each in scene.world.things.values()] == [1, 1]

    play(scenario)


@pytest.mark.parametrize("hook", ["pre-create", "post-create"])
def test_members_of_groups_wait(hook: str) -> None:
    async def scenario(scene: Scene) -> None:
        group = {
            "type": "OS::Heat::ResourceGroup",
            "properties": {"count": 2, "resource_def": {"type": "Test::Thing"}},
        }
        async with scene.worker():
            stack_id = await scene.create(
                nested({"g": group}), environment=hooked(hook, names=("g", "0"))
            )
            while not (inside := await scene.store.children(stack_id)):
                await scene.clock.sleep(0.25)
            await scene.until_paused(inside[0].id, "0", hook)
            await scene.clock.sleep(60)
            assert (await scene.rows(inside[0].id))["1"].status is Status.COMPLETE
            await scene.clear(inside[0].id, "0", hook)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE

    play(scenario, types=[load_registry()["OS::Heat::ResourceGroup"]])
