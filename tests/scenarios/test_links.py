"""Links pass from one resource to another; what only one can have goes first, and comes back."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scenarios.linking import LINKING, seated, tie, tied
from tests.scenarios.templates import nested, ref, thing

from isotherm.core.errors import Refused
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.ports.records import Stack
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import Fault

ENDS: dict[str, Any] = {"a": tied(), "b": thing(), "c": thing()}
TIED = {**ENDS, "tie": tie(ref("a"), ref("b"))}
RENAMED = {**ENDS, "bond": tie(ref("a"), ref("b"))}
MOVED = {**ENDS, "bond": tie(ref("a"), ref("c"))}
BY_PROPERTY = {**ENDS, "a": tied(tied_to=ref("b"))}
FAILING = {"z": {**thing(), "depends_on": ["a"]}}


async def begun(scene: Scene, resources: dict[str, Any]) -> str:
    stack_id = await scene.create(nested(resources), disable_rollback=False)
    assert (await scene.settle(stack_id)).status is Status.COMPLETE
    return stack_id


async def changed(scene: Scene, stack_id: str, resources: dict[str, Any]) -> Stack:
    await scene.update(stack_id, nested(resources))
    return await scene.settle(stack_id)


def tied_to(scene: Scene) -> Any:
    (a,) = scene.world.named("a")
    return a.get("tied_to")


def only(scene: Scene, name: str) -> Any:
    (found,) = scene.world.named(name)
    return found["id"]


WAYS = {
    "renamed": (TIED, RENAMED, "b"),
    "becomes a property": (TIED, BY_PROPERTY, "b"),
    "becomes a resource": (BY_PROPERTY, RENAMED, "b"),
    "renamed and moved": (TIED, MOVED, "c"),
    "described twice": (TIED, {**TIED, **RENAMED}, "b"),
    "one of two": ({**TIED, **RENAMED}, TIED, "b"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_link_that_another_resource_describes_is_handed_over(way: str) -> None:
    before, after, end = WAYS[way]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begun(scene, before)
            updates = scene.world.count("update")
            stack = await changed(scene, stack_id, after)
            assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE), (
                stack.status_reason
            )
            assert tied_to(scene) == only(scene, end)
            if end == "b":
                # Nobody cuts it, not for a moment; a property that says the same is no harm.
                assert scene.world.count("update") <= updates + (way == "becomes a property")
            await scene.delete(stack_id)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert not scene.world.things

    play(scenario, types=LINKING)


@pytest.mark.parametrize("way", WAYS)
def test_a_rollback_hands_it_back(way: str) -> None:
    before, after, _ = WAYS[way]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begun(scene, before)
            scene.world.inject("create", Fault(Refused("no room", status=400), named="-z-"))
            late = {**thing(), "depends_on": list(after)}
            stack = await changed(scene, stack_id, {**after, "z": late})
            assert (stack.action, stack.status) == (Action.ROLLBACK, Status.COMPLETE), (
                stack.status_reason
            )
            assert tied_to(scene) == only(scene, "b")
            assert set(await scene.rows(stack_id)) == set(before)

    play(scenario, types=LINKING)


@pytest.mark.parametrize("point", list(Point))
@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("way", WAYS)
def test_a_worker_that_dies_on_the_way_loses_no_link(point: Point, nth: int, way: str) -> None:
    before, after, end = WAYS[way]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begun(scene, before)
        await scene.update(stack_id, nested(after))
        async with scene.worker(KillAt(point, nth=nth)):
            await scene.clock.sleep(60)
        async with scene.worker():
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE)
        assert tied_to(scene) == only(scene, end)

    play(scenario, types=LINKING)


@pytest.mark.parametrize("described", [TIED, BY_PROPERTY])
def test_a_lost_link_is_noticed_by_a_check_and_made_again_by_an_update(
    described: dict[str, Any],
) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begun(scene, described)
            scene.world.named("a")[0]["tied_to"] = None
            await scene.check(stack_id)
            checked = await scene.settle(stack_id)
            assert (checked.action, checked.status) == (Action.CHECK, Status.FAILED)
            stack = await changed(scene, stack_id, described)
            assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE)
            assert tied_to(scene) == only(scene, "b")
            scene.world.named("a")[0]["tied_to"] = None
            stack = await changed(scene, stack_id, described)
            assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE)
            assert tied_to(scene) == only(scene, "b")
            assert len(await scene.store.resources(stack_id)) == len(described)

    play(scenario, types=LINKING)


def test_a_link_with_one_end_replaced_is_made_anew() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begun(scene, TIED)
            stack = await changed(scene, stack_id, {**RENAMED, "b": thing(colour="blue")})
            assert stack.status is Status.COMPLETE, stack.status_reason
            assert tied_to(scene) == only(scene, "b")

    play(scenario, types=LINKING)


SEATS = {
    "under another name": ({"old": seated("1")}, {"new": seated("1")}),
    "of several": ({"old": seated("1", "2")}, {"new": seated("2", "3")}),
    "under the same name": (
        {"old": seated("1", depends_on=[])},
        {"old": {"type": "Test::Seated", "properties": {"seats": ["1"], "colour": "blue"}}},
    ),
}


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("way", SEATS)
def test_what_only_one_can_have_is_given_up_and_comes_back(way: str, fails: bool) -> None:
    before, after = SEATS[way]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begun(scene, before)
            (old,) = scene.world.things.values()
            if fails:
                scene.world.inject("create", Fault(Refused("no", status=400), named="-z-"))
            late = {**thing(), "depends_on": list(after)}
            stack = await changed(scene, stack_id, {**after, "z": late})
            assert stack.status is Status.COMPLETE, stack.status_reason
            if fails:
                assert stack.action is Action.ROLLBACK
                assert list(scene.world.things.values()) == [old]
                assert old["seats"] == before["old"]["properties"]["seats"]
            else:
                assert old["id"] not in scene.world.things
        assert not any(row.gave_way for row in await scene.store.resources(stack_id))

    play(scenario, types=LINKING)


def test_what_gives_way_keeps_everything_else() -> None:
    """Only what another asks for is given up, and only by what is to go."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begun(scene, {"old": seated("1"), "kept": seated("2")})
            scene.world.inject("create", Fault(Refused("no", status=400), named="-z-"))
            stack = await changed(scene, stack_id, {"kept": seated("2"), "z": thing()})
            assert stack.action is Action.ROLLBACK
        assert scene.world.count("update") == 0

    play(scenario, types=LINKING)


INSIDE = {"type": "inside.yaml", "properties": {"thing": ref("a"), "to": ref("b")}}
TEXTS = {"thing": {"type": "string"}, "to": {"type": "string"}}
TIES = nested({"tie": tie({"get_param": "thing"}, {"get_param": "to"})}, TEXTS)
TIES_NOTHING = nested({"other": thing()}, TEXTS)
MOVES = {
    "into a nested stack": (TIED, {**ENDS, "kid": INSIDE}, TIES, TIES),
    "out of a nested stack": ({**ENDS, "kid": INSIDE}, TIED, TIES, TIES),
    "out of a nested stack that stays": (
        {**ENDS, "kid": INSIDE},
        {**TIED, "kid": INSIDE},
        TIES,
        TIES_NOTHING,
    ),
}


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("way", MOVES)
def test_a_link_passes_from_stack_to_stack_within_a_tree(way: str, fails: bool) -> None:
    before, after, inside, inside_then = MOVES[way]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(
                nested(before), files={"inside.yaml": inside}, disable_rollback=False
            )
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            late = {**thing(), "depends_on": list(after)}
            if fails:
                scene.world.inject("create", Fault(Refused("no", status=400), named="-z-"))
            await scene.update(stack_id, nested({**after, "z": late}), {"inside.yaml": inside_then})
            stack = await scene.settle(stack_id)
            assert stack.action is (Action.ROLLBACK if fails else Action.UPDATE)
            assert stack.status is Status.COMPLETE, stack.status_reason
            assert tied_to(scene) == only(scene, "b")
            await scene.delete(stack_id)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert not scene.world.things

    play(scenario, types=LINKING)


def test_a_link_of_somebody_else_is_no_business_of_ours() -> None:
    """What was refused because another stack has it is not cut when the failed one goes."""
    given = {"thing": {"get_param": "thing"}, "to": {"get_param": "to"}}

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            await begun(scene, TIED)
            mine, end = only(scene, "a"), only(scene, "b")
            texts = {name: {"type": "string"} for name in given}
            described = nested({"tie": tie(*given.values())}, texts)
            environment = {"parameters": {"thing": mine, "to": end}}
            other = await scene.create(described, name="other", environment=environment)
            assert (await scene.settle(other)).status is Status.FAILED
            await scene.delete(other)
            assert (await scene.settle(other)).status is Status.COMPLETE
            assert tied_to(scene) == end

    play(scenario, types=LINKING)
