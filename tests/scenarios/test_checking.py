"""A check tells the truth: what was never made is not sound, what gave no answer is not broken."""

from __future__ import annotations

from tests.scenarios.templates import nested, ref, stack, thing, things

from isotherm.core.errors import Refused
from isotherm.core.states import Action, Status
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault


def test_what_was_never_made_is_not_sound_and_is_made_by_the_next_update() -> None:
    template = things(a={}, b={"uses": ref("a")}, c={"uses": ref("b")})

    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(Refused("no room", status=400), named="-b-"))
        async with scene.worker():
            stack_id = await scene.create(template)
            await scene.settle(stack_id)
            await scene.check(stack_id)
            checked = await scene.settle(stack_id)
            assert (checked.action, checked.status) == (Action.CHECK, Status.FAILED)
            rows = await scene.rows(stack_id)
            assert (rows["a"].action, rows["a"].status) == (Action.CHECK, Status.COMPLETE)
            assert (rows["b"].action, rows["b"].status) == (Action.CHECK, Status.FAILED)
            assert "c" not in rows
            await scene.update(stack_id, template)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert len(scene.world.things) == 3

    play(scenario)


def test_a_stack_whose_last_resource_is_missing_is_not_sound() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={"uses": ref("a")}))
            await scene.clock.sleep(1)
            await scene.stop(stack_id)
            await scene.settle(stack_id)
            await scene.check(stack_id)
            checked = await scene.settle(stack_id)
        assert (checked.action, checked.status) == (Action.CHECK, Status.FAILED)
        assert "resources.b: it was never made" in checked.status_reason

    play(scenario)


def test_a_check_goes_on_inside_of_a_stack_that_failed_in_part() -> None:
    inner = nested({"a": thing(), "b": thing(uses=ref("a")), "c": thing()})
    template = nested({"kid": stack("inner.yaml")})

    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(Refused("no room", status=400), named="-b-"))
        async with scene.worker():
            stack_id = await scene.create(template, files={"inner.yaml": inner})
            await scene.settle(stack_id)
            await scene.check(stack_id)
            checked = await scene.settle(stack_id)
            kid = (await scene.rows(stack_id))["kid"].physical_id or ""
            inside = await scene.rows(kid)
            assert (checked.action, checked.status) == (Action.CHECK, Status.FAILED)
            assert "resources.kid.resources.b" in checked.status_reason
            assert (inside["a"].action, inside["a"].status) == (Action.CHECK, Status.COMPLETE)
            assert (inside["b"].action, inside["b"].status) == (Action.CHECK, Status.FAILED)
            assert (inside["c"].action, inside["c"].status) == (Action.CHECK, Status.COMPLETE)
            await scene.update(stack_id, template, {"inner.yaml": inner})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert len(scene.world.things) == 3

    play(scenario)


def test_a_check_without_an_answer_costs_no_object() -> None:
    async def scenario(scene: Scene) -> None:
        template = things(a={}, b={})
        async with scene.worker():
            stack_id = await scene.create(template)
            await scene.settle(stack_id)
            made = set(scene.world.things)
            scene.world.inject("show", Fault(Refused("forbidden", status=403), count=2))
            await scene.check(stack_id)
            assert (await scene.settle(stack_id)).status is Status.FAILED
            await scene.update(stack_id, template)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert set(scene.world.things) == made

    play(scenario)


def test_what_a_check_found_broken_is_made_anew() -> None:
    async def scenario(scene: Scene) -> None:
        template = things(a={})
        async with scene.worker():
            stack_id = await scene.create(template)
            await scene.settle(stack_id)
            (old,) = scene.world.things
            scene.world.things[old]["_status"] = "ERROR"
            await scene.check(stack_id)
            assert (await scene.settle(stack_id)).status is Status.FAILED
            await scene.update(stack_id, template)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert old not in scene.world.things

    play(scenario)
