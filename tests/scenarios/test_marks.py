"""What users know better: a mark has the next update replace, at any depth, unless undone."""

from __future__ import annotations

from tests.scenarios.templates import nested, ref, stack, thing
from tests.scenarios.test_nested_stacks import consistent

from isotherm.core.states import Action, Status
from isotherm.testing.scene import Scene, play

FILES = {"inner.yaml": nested({"deep": thing(), "deeper": thing(uses=ref("deep"))})}
TEMPLATE = nested({"a": thing(), "b": thing(uses=ref("a")), "n": stack("inner.yaml")})


async def made(scene: Scene) -> tuple[str, str]:
    """The stack, and the one in it."""
    stack_id = await scene.create(TEMPLATE, files=FILES)
    assert (await scene.settle(stack_id)).status is Status.COMPLETE
    return stack_id, (await scene.rows(stack_id))["n"].physical_id or ""


async def marked(scene: Scene, stack_id: str, name: str, *, unhealthy: bool = True) -> None:
    await scene.mark(stack_id, name, unhealthy=unhealthy)
    await scene.clock.sleep(5)
    row = (await scene.rows(stack_id))[name]
    wanted = Status.FAILED if unhealthy else Status.COMPLETE
    assert (row.action, row.status) == (Action.CHECK, wanted)


async def update(scene: Scene, stack_id: str) -> None:
    await scene.update(stack_id, TEMPLATE, FILES)
    ended = await scene.settle(stack_id)
    assert ended.status is Status.COMPLETE, ended.status_reason
    await consistent(scene)


def test_what_is_marked_deep_inside_is_replaced_and_nothing_else() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, child = await made(scene)
            before = {name: row.physical_id for name, row in (await scene.rows(child)).items()}
            await marked(scene, child, "deep")
            await update(scene, stack_id)
            after = await scene.rows(child)
            assert after["deep"].physical_id != before["deep"]
            assert after["deeper"].physical_id == before["deeper"]
            assert scene.world.made == 5

    play(scenario)


def test_a_mark_that_is_undone_has_no_effect() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, child = await made(scene)
            for where, name in ((stack_id, "a"), (child, "deep"), (stack_id, "n")):
                await marked(scene, where, name)
                await marked(scene, where, name, unhealthy=False)
            await update(scene, stack_id)
            assert scene.world.made == 4
            assert (await scene.rows(stack_id))["n"].physical_id == child

    play(scenario)


def test_a_nested_stack_that_is_marked_is_made_anew_with_all_that_is_in_it() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, child = await made(scene)
            await marked(scene, stack_id, "n")
            await update(scene, stack_id)
            assert (await scene.rows(stack_id))["n"].physical_id != child
            assert scene.world.made == 6

    play(scenario)


def test_a_nested_stack_in_which_a_check_found_something_is_mended_in_place() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id, child = await made(scene)
            (deep,) = scene.world.named("deep")
            deep["_status"] = "ERROR"
            await scene.check(stack_id)
            assert (await scene.settle(stack_id)).status is Status.FAILED
            await update(scene, stack_id)
            assert (await scene.rows(stack_id))["n"].physical_id == child
            assert scene.world.made == 5

    play(scenario)
