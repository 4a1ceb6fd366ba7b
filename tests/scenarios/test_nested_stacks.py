"""A template as a resource: a stack of its own that is made, changed and removed with it."""

from __future__ import annotations

import pytest
from tests.scenarios.templates import attribute, nested, ref, stack, thing

from isotherm.core.errors import Refused
from isotherm.core.ids import new_id
from isotherm.core.states import Action, Status
from isotherm.core.values import Secret
from isotherm.ports.records import Stack
from isotherm.ports.store import StackQuery
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault

SIZE = {"size": {"type": "number", "default": 1}}
PAIR = nested(
    {"a": thing(size={"get_param": "size"}), "b": thing(uses=ref("a"))},
    SIZE,
    serial=attribute("a", "serial"),
    first=ref("a"),
)
MIDDLE = nested(
    {"pair": stack("pair.yaml", size={"get_param": "size"})},
    SIZE,
    first=attribute("pair", "first"),
)
FILES = {"pair.yaml": PAIR, "middle.yaml": MIDDLE}


def outer(size: int = 1, file: str = "middle.yaml") -> str:
    return nested(
        {"deep": stack(file, size=size), "last": thing(uses=attribute("deep", "first"))},
        first=attribute("deep", "first"),
    )


async def everything(scene: Scene) -> list[Stack]:
    return await scene.store.stacks(StackQuery(project_id="project", show_nested=True))


async def below(scene: Scene, stack_id: str, *names: str) -> str:
    """The id of the stack behind the resources of these names, one inside the other."""
    for name in names:
        stack_id = (await scene.rows(stack_id))[name].physical_id or ""
    return stack_id


async def consistent(scene: Scene) -> None:
    """What is recorded of all live stacks is what is in the world, and nothing else."""
    rows = [row for each in await everything(scene) for row in await scene.store.resources(each.id)]
    assert all(row.current for row in rows)
    things = {row.physical_id for row in rows if row.type == "Test::Thing"}
    assert things == scene.world.things.keys()
    stacks = {row.physical_id for row in rows if row.type != "Test::Thing"}
    assert stacks == {each.id for each in await everything(scene) if each.parent_id}


def test_outputs_of_a_nested_stack_reach_who_reads_them() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(size=7), files=FILES)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        pair = await below(scene, stack_id, "deep", "pair")
        a = scene.world.things[(await scene.rows(pair))["a"].physical_id or ""]
        last = scene.world.things[(await scene.rows(stack_id))["last"].physical_id or ""]
        assert (a["size"], last["uses"]) == (7, a["id"])
        child = await scene.stack(pair)
        middle = await scene.stack(await below(scene, stack_id, "deep"))
        assert (child.parent_id, child.parent_resource) == (middle.id, "pair")
        assert child.root_id == middle.root_id == stack_id
        assert child.name.startswith(f"{middle.name}-pair-")
        await consistent(scene)

    play(scenario)


def test_attributes_are_outputs_and_what_is_inside() -> None:
    inner = nested(
        {"a": thing(size=2)},
        fine=attribute("a", "size"),
        broken={"str_split": [",", "a", 5]},
    )
    wanted = {
        "fine": attribute("n", "fine"),
        "reference": attribute("n", "resource.a"),
        "size": attribute("n", "resource.a", "size"),
        "also_size": attribute("n", "resource.a.size"),
        "every": attribute("n"),
        "broken": attribute("n", "broken"),
        "nobody": attribute("n", "resource.nobody"),
    }

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            template = nested({"n": stack("inner.yaml")}, **wanted)
            stack_id = await scene.create(template, files={"inner.yaml": inner})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        row = (await scene.rows(stack_id))["n"]
        (a,) = scene.world.named("a")
        assert row.attributes == {
            "fine": 2,
            "resource.a": a["id"],
            "resource.a.size": 2,
        }

    play(scenario)


def test_a_change_of_a_file_reaches_the_stacks_made_of_it() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.settle(stack_id)
            before = {each.id for each in await everything(scene)}
            pair = nested({"a": thing(size=5), "new": thing(uses=ref("a"))}, SIZE, first=ref("new"))
            await scene.update(stack_id, outer(), {**FILES, "pair.yaml": pair})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert {each.id for each in await everything(scene)} == before
        assert [each["size"] for each in scene.world.named("a")] == [5]
        (new,), (last,) = scene.world.named("new"), scene.world.named("last")
        assert not scene.world.named("b")
        assert last["uses"] == new["id"]
        await consistent(scene)

    play(scenario)


def test_another_file_behind_a_resource_changes_its_stack_in_place() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.settle(stack_id)
            made = scene.world.made
            child = await below(scene, stack_id, "deep")
            await scene.update(stack_id, outer(file="other.yaml"), {**FILES, "other.yaml": MIDDLE})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert (await below(scene, stack_id, "deep"), scene.world.made) == (child, made)
        assert (await scene.rows(stack_id))["deep"].type == "other.yaml"

    play(scenario)


def test_a_failure_deep_inside_is_told_with_its_place_and_mended_in_place() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(Refused("no room", status=400), named="-b-"))
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            failed = await scene.settle(stack_id)
            child = await below(scene, stack_id, "deep")
            await scene.update(stack_id, outer(), FILES)
            mended = await scene.settle(stack_id)
        place = "resources.deep.resources.pair.resources.b"
        assert (
            failed.status_reason
            == f"Resource CREATE failed: BadRequest: {place}: no room (HTTP 400)"
        )
        assert mended.status is Status.COMPLETE, mended.status_reason
        assert await below(scene, stack_id, "deep") == child
        await consistent(scene)

    play(scenario)


def test_a_failed_update_is_rolled_back_below_too() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(size=1), files=FILES, disable_rollback=False)
            await scene.settle(stack_id)
            pair = nested({"a": thing(size=9), "x": thing(uses=ref("a"))}, SIZE, first=ref("a"))
            scene.world.inject("create", Fault(Refused("no room", status=400), named="-x-"))
            await scene.update(stack_id, outer(size=2), {**FILES, "pair.yaml": pair})
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.ROLLBACK, Status.COMPLETE)
        assert [each["size"] for each in scene.world.named("a")] == [1]
        assert len(scene.world.named("b")) == 1
        await consistent(scene)

    play(scenario)


def test_a_failed_first_create_is_rolled_back_to_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(Refused("no room", status=400), named="-b-"))
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES, disable_rollback=False)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.ROLLBACK, Status.COMPLETE)
        assert not scene.world.things
        assert [each.id for each in await everything(scene)] == [stack_id]

    play(scenario)


def test_a_check_looks_inside() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.settle(stack_id)
            (b,) = scene.world.named("b")
            b["_status"] = "ERROR"
            await scene.check(stack_id)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.CHECK, Status.FAILED)
        assert "resources.deep.resources.pair.resources.b" in stack.status_reason

    play(scenario)


def test_the_end_of_a_nested_stack_is_noticed_at_once() -> None:
    async def scenario(scene: Scene) -> None:
        async def seconds(template: str) -> float:
            begun = scene.clock.monotonic()
            await scene.settle(await scene.create(template, files=FILES, name=new_id()))
            return scene.clock.monotonic() - begun

        flat = nested(
            {"a": thing(), "b": thing(uses=ref("a")), "last": thing(uses=ref("b"))},
        )
        async with scene.worker():
            assert await seconds(outer()) - await seconds(flat) < scene.settings.first_poll

    play(scenario)


def test_a_time_out_ends_what_is_below_too() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES, timeout_mins=1)
            stack = await scene.settle(stack_id)
            child = await scene.settle(await below(scene, stack_id, "deep"))
            pair = await scene.settle(await below(scene, stack_id, "deep", "pair"))
        states = {(each.action, each.status) for each in (stack, child, pair)}
        assert states == {(Action.CREATE, Status.FAILED)}
        assert stack.status_reason == "Create timed out"

    play(scenario, world={"building": 50.0})


def test_the_delegation_ends_with_the_outermost_stack() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.settle(stack_id)
            flat = nested({"last": thing(uses="nothing")})
            await scene.update(stack_id, flat, {})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert [each.id for each in await everything(scene)] == [stack_id]
            assert scene.world.trusts, "what is left still has to act for its owner"
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert not scene.world.trusts
        assert not scene.world.things

    play(scenario)


def test_a_nested_stack_that_is_kept_keeps_the_delegation_until_it_goes() -> None:
    template = nested({"deep": {**stack("middle.yaml"), "deletion_policy": "Retain"}})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template, files=FILES)
            await scene.settle(stack_id)
            child = await below(scene, stack_id, "deep")
            await scene.delete(stack_id)
            assert (await scene.settle(stack_id)).deleted_at is not None
            assert scene.world.trusts
            assert len(scene.world.things) == 2
            await scene.delete(child)
            await scene.settle(child)
        assert not scene.world.trusts
        assert not scene.world.things
        assert not await everything(scene)

    play(scenario)


def test_a_nested_stack_that_somebody_deleted_is_made_again() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.settle(stack_id)
            child = await below(scene, stack_id, "deep")
            await scene.delete(child)
            await scene.settle(child)
            await scene.update(stack_id, outer(), FILES)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert await below(scene, stack_id, "deep") != child
        await consistent(scene)

    play(scenario)


def test_a_secret_stays_one_on_its_way_down_and_up() -> None:
    keeper = nested(
        {"safe": thing(password={"get_param": "word"})},
        {"word": {"type": "string"}},
        said={"get_param": "word"},
    )
    template = nested(
        {"keeper": stack("keeper.yaml", word={"get_param": "word"})},
        {"word": {"type": "string", "hidden": True, "default": "open sesame"}},
    )

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template, files={"keeper.yaml": keeper})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        row = (await scene.rows(stack_id))["keeper"]
        assert isinstance(row.properties["word"], Secret)
        assert isinstance(row.attributes["said"], Secret)
        assert scene.world.named("safe")[0]["password"] == "open sesame"

    play(scenario)


def test_a_renewed_delegation_reaches_the_stacks_inside() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.settle(stack_id)
            renewed = {"trust_id": "another"}
            await scene.update(stack_id, outer(), FILES, credentials=renewed)
            await scene.settle(stack_id)
        assert [each.credentials for each in await everything(scene)] == [renewed] * 3

    play(scenario)


def test_a_facade_tells_what_the_resource_outside_says() -> None:
    shown = nested({"a": thing(uses={"resource_facade": "metadata"})})
    resource = {**stack("shown.yaml"), "metadata": {"size": attribute("t", "size")}}
    template = nested({"t": thing(size=4), "outside": resource})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template, files={"shown.yaml": shown})
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert scene.world.named("a")[0]["uses"] == {"size": 4}

    play(scenario)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("after", [0.0, 0.05, 0.4, 1.0, 2.3, 4.6, 7.0])
def test_a_delete_overtakes_a_create_at_any_time(after: float, seed: int) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.clock.sleep(after)
            await scene.delete(stack_id)
            stack = await scene.settle(stack_id)
        assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE), stack.status_reason
        assert not scene.world.things
        assert not await everything(scene)
        assert not scene.world.trusts

    play(scenario, seed=seed)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("after", [0.0, 0.05, 0.4, 1.0, 2.3, 4.6, 7.0])
def test_an_update_overtakes_a_create_at_any_time(after: float, seed: int) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(size=1), files=FILES)
            await scene.clock.sleep(after)
            await scene.update(stack_id, outer(size=3), FILES)
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE, stack.status_reason
        assert [each["size"] for each in scene.world.named("a")] == [3]
        await consistent(scene)

    play(scenario, seed=seed)


@pytest.mark.parametrize("after", [0.05, 0.4, 1.0, 2.3, 4.6])
def test_a_change_of_a_file_overtakes_a_create(after: float) -> None:
    changed = {**FILES, "pair.yaml": PAIR.replace("      uses:", "      size: 6\n      uses:")}

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.clock.sleep(after)
            await scene.update(stack_id, outer(), changed)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert [each["size"] for each in scene.world.named("b")] == [6]
        await consistent(scene)

    play(scenario)
