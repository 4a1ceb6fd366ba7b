"""Create, update and delete: what a user sees, and what is left in the cloud."""

from __future__ import annotations

import pytest
import yaml
from tests.scenarios.templates import attribute, ref, things

from isotherm.core.states import Action, Status
from isotherm.core.values import Secret
from isotherm.testing.scene import Scene, play


def test_a_stack_is_created_in_the_order_of_its_references_and_as_parallel_as_they_allow() -> None:
    async def scenario(scene: Scene) -> None:
        template = things(
            net={},
            a={"uses": ref("net")},
            b={"uses": ref("net")},
            last={"uses": attribute("a", "address")},
        )
        async with scene.worker():
            stack_id = await scene.create(template)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.CREATE, Status.COMPLETE), stack.status_reason
        assert stack.status_reason == "Stack CREATE completed successfully"
        rows = await scene.rows(stack_id)
        net = rows["net"].physical_id
        assert rows["a"].properties["uses"] == rows["b"].properties["uses"] == net
        address = scene.world.things[rows["a"].physical_id or ""]["address"]
        assert rows["last"].properties["uses"] == address
        history = await scene.history(stack_id)
        assert history[0] == "stack CREATE_IN_PROGRESS"
        assert history[-1] == "stack CREATE_COMPLETE"
        assert history.index("net CREATE_COMPLETE") < history.index("a CREATE_IN_PROGRESS")
        assert history.index("b CREATE_IN_PROGRESS") < history.index("a CREATE_COMPLETE")
        # Three levels of two seconds each, not four one after the other.
        assert 6 <= scene.clock.monotonic() < 8

    play(scenario)


def test_events_name_what_is_not_there_yet_as_it_will_be_called() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            await scene.settle(stack_id)
            (row,) = (await scene.rows(stack_id)).values()
            events = await scene.events(stack_id)
        told = [each.physical_id for each in events if each.resource_name == "a"]
        assert told == [row.physical_name, row.physical_id]

    play(scenario)


def test_a_hundred_things_build_at_the_same_time_and_are_watched_by_list() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack = await scene.settle(
                await scene.create(things(**{f"t{i}": {} for i in range(100)}))
            )
        assert stack.status is Status.COMPLETE
        assert scene.world.count("create") == 100
        assert scene.world.count("list") < 20
        assert scene.world.count("show") < 20
        assert scene.clock.monotonic() < 4

    play(scenario)


def test_an_update_changes_in_place_replaces_adds_and_removes() -> None:
    async def scenario(scene: Scene) -> None:
        before = things(kept={}, grown={"size": 1}, painted={"colour": "red"}, gone={})
        after = things(
            kept={}, grown={"size": 2}, painted={"colour": "blue"}, new={"uses": ref("painted")}
        )
        async with scene.worker():
            stack_id = await scene.create(before)
            await scene.settle(stack_id)
            old = await scene.rows(stack_id)
            await scene.update(stack_id, after)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE), stack.status_reason
        rows = await scene.rows(stack_id)
        assert rows["kept"] == old["kept"]
        assert rows["grown"].physical_id == old["grown"].physical_id
        assert scene.world.things[rows["grown"].physical_id or ""]["size"] == 2
        assert rows["painted"].physical_id != old["painted"].physical_id
        assert rows["new"].properties["uses"] == rows["painted"].physical_id
        assert len(scene.world.things) == 4
        assert {row.physical_id for row in rows.values()} == scene.world.things.keys()

    play(scenario)


def test_an_update_that_changes_nothing_touches_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        template = things(a={}, b={"uses": ref("a")}, c={"uses": attribute("b", "address")})
        async with scene.worker():
            stack_id = await scene.create(template)
            await scene.settle(stack_id)
            calls = len(scene.world.calls)
            await scene.update(stack_id, template)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE)
        assert len(scene.world.calls) == calls

    play(scenario)


def test_dependants_of_a_replaced_thing_are_changed_before_the_old_one_goes() -> None:
    async def scenario(scene: Scene) -> None:
        def template(colour: str) -> str:
            return things(base={"colour": colour}, user={"uses": ref("base")})

        async with scene.worker():
            stack_id = await scene.create(template("red"))
            await scene.settle(stack_id)
            await scene.update(stack_id, template("blue"))
            await scene.settle(stack_id)
        rows = await scene.rows(stack_id)
        assert rows["user"].properties["uses"] == rows["base"].physical_id
        verbs = [verb for verb, _ in scene.world.calls if verb in ("create", "update", "delete")]
        assert verbs == ["create", "create", "create", "update", "delete"]

    play(scenario)


def test_delete_goes_against_the_dependencies_and_leaves_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={"uses": ref("a")}, c={"uses": ref("b")}))
            await scene.settle(stack_id)
            await scene.delete(stack_id)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
        assert stack.deleted_at is not None
        deleted = [name.split("-")[1] for verb, name in scene.world.calls if verb == "delete"]
        assert deleted == ["c", "b", "a"]
        assert not scene.world.things
        assert not scene.world.trusts
        assert not await scene.store.resources(stack_id)

    play(scenario)


def test_a_retained_thing_stays_when_its_stack_goes() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={"deletion_policy": "Retain"}, b={}))
            await scene.settle(stack_id)
            await scene.delete(stack_id)
            stack = await scene.settle(stack_id)
            history = await scene.history(stack_id)
        assert stack.status is Status.COMPLETE
        assert [each["name"].split("-")[1] for each in scene.world.things.values()] == ["a"]
        told = [line for line in history if line.startswith("a DELETE")]
        assert told == ["a DELETE_IN_PROGRESS", "a DELETE_COMPLETE"], "the resource is gone"

    play(scenario)


@pytest.mark.parametrize("hidden", [False, True])
def test_what_becomes_secret_or_visible_is_only_recorded_anew(hidden: bool) -> None:
    def template(hidden: bool) -> str:
        described = yaml.safe_load(
            things(
                {
                    "colour": attribute("a", "show", "colour"),
                    "copy": attribute("b", "show", "colour"),
                },
                a={"colour": {"get_param": "p"}},
                b={"colour": attribute("a", "show", "colour")},
            )
        )
        described["parameters"] = {"p": {"type": "string", "default": "scarlet", "hidden": hidden}}
        return yaml.safe_dump(described)

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template(not hidden))
            await scene.settle(stack_id)
            before, events = await scene.rows(stack_id), await scene.history(stack_id)
            await scene.update(stack_id, template(hidden))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE
        rows = await scene.rows(stack_id)
        for name, row in rows.items():
            assert row.physical_id == before[name].physical_id
            for values in (row.properties, row.attributes["show"]):
                expected = Secret("scarlet") if hidden else "scarlet"
                assert values["colour"] == expected
        told = (await scene.history(stack_id))[len(events) :]
        assert told == ["stack UPDATE_IN_PROGRESS", "stack UPDATE_COMPLETE"]
        assert scene.world.count("create") == 2
        assert scene.world.count("update") == 0

    play(scenario)
