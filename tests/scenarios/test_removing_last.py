"""Nothing that was there before is destroyed until everything else has succeeded."""

from __future__ import annotations

import pytest
import yaml
from tests.scenarios.templates import attribute, nested, ref, stack, thing, things
from tests.scenarios.test_nested_stacks import below, consistent, everything

from isotherm.core.errors import Refused
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.ports.store import StackQuery
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import Fault


def no_room(count: int = 1) -> Fault:
    return Fault(Refused("no room", status=400), named="-z-", count=count)


INNER = nested({"disk": thing(colour="red"), "second": thing(uses=ref("disk"))})
WITHOUT = nested({"other": thing()})
REPLACED = nested({"disk": thing(colour="blue"), "second": thing(uses=ref("disk"))})
MIDDLE = nested({"inner": stack("inner.yaml")})

OUTER = nested({"kid": stack("middle.yaml"), "here": thing(colour="red")})


def changed(kid: bool = True, **more: object) -> str:
    resources = {"kid": stack("middle.yaml")} if kid else {}
    late = {**thing(), "depends_on": list(resources)}
    return nested({**resources, "z": late, **more})


VARIANTS = {
    "removed": (changed(here=thing(colour="blue")), WITHOUT),
    "replaced": (changed(here=thing(colour="blue")), REPLACED),
    "the stack goes": (changed(kid=False), INNER),
    "everything": (changed(), WITHOUT),
}


async def objects(scene: Scene) -> dict[str, str | None]:
    """Ids of all objects of all stacks by the places of their rows."""
    found: dict[str, str | None] = {}
    query = StackQuery(project_id="project", show_nested=True)
    for each in await scene.store.stacks(query):
        for row in (await scene.rows(each.id)).values():
            found[f"{each.parent_resource}.{row.name}"] = row.physical_id
    return found


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_rollback_finds_everything_that_was_there(variant: str) -> None:
    template, inner = VARIANTS[variant]

    async def scenario(scene: Scene) -> None:
        files = {"middle.yaml": MIDDLE, "inner.yaml": INNER}
        async with scene.worker():
            stack_id = await scene.create(OUTER, files=files, disable_rollback=False)
            await scene.settle(stack_id)
            before, made = await objects(scene), set(scene.world.things)
            scene.world.inject("create", no_room())
            await scene.update(stack_id, template, {**files, "inner.yaml": inner})
            result = await scene.settle(stack_id)
        assert (result.action, result.status) == (Action.ROLLBACK, Status.COMPLETE)
        assert await objects(scene) == before
        assert set(scene.world.things) == made
        await consistent(scene)

    play(scenario)


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_not_wanted_any_more_is_gone_in_the_end(variant: str) -> None:
    template, inner = VARIANTS[variant]

    async def scenario(scene: Scene) -> None:
        files = {"middle.yaml": MIDDLE, "inner.yaml": INNER}
        async with scene.worker():
            stack_id = await scene.create(OUTER, files=files, disable_rollback=False)
            await scene.settle(stack_id)
            await scene.update(stack_id, template, {**files, "inner.yaml": inner})
            result = await scene.settle(stack_id)
        assert (result.action, result.status) == (Action.UPDATE, Status.COMPLETE)
        assert not any(each.untidy for each in await everything(scene))
        await consistent(scene)
        z_made = next(i for i, call in enumerate(scene.world.calls) if "-z-" in call[1])
        assert all(verb != "delete" for verb, _ in scene.world.calls[:z_made])

    play(scenario)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("after", [0.0, 0.05, 0.3, 1.0, 2.2, 3.0, 4.3])
def test_a_cancelled_update_has_lost_nothing(variant: str, after: float) -> None:
    """Until everything is made; from then on the new template is what counts."""
    template, inner = VARIANTS[variant]

    async def scenario(scene: Scene) -> None:
        files = {"middle.yaml": MIDDLE, "inner.yaml": INNER}
        async with scene.worker():
            stack_id = await scene.create(OUTER, files=files, disable_rollback=False)
            source = (await scene.settle(stack_id)).source_id
            before = await objects(scene)
            await scene.update(stack_id, template, {**files, "inner.yaml": inner})
            await scene.clock.sleep(after)
            if (await scene.stack(stack_id)).status is not Status.IN_PROGRESS:
                return
            await scene.cancel(stack_id)
            result = await scene.settle(stack_id)
        assert (result.action, result.status) == (Action.ROLLBACK, Status.COMPLETE)
        if result.source_id == source:
            assert await objects(scene) == before
        else:
            assert not scene.world.named("here") or "here" in template
        await consistent(scene)

    play(scenario)


@pytest.mark.parametrize("point", list(Point))
@pytest.mark.parametrize("nth", [1, 2, 4, 7, 11])
@pytest.mark.parametrize("fails", [False, True])
def test_a_worker_that_dies_anywhere_changes_nothing_about_it(
    point: Point, nth: int, fails: bool
) -> None:
    template, inner = VARIANTS["replaced"]

    async def scenario(scene: Scene) -> None:
        files = {"middle.yaml": MIDDLE, "inner.yaml": INNER}
        async with scene.worker():
            stack_id = await scene.create(OUTER, files=files, disable_rollback=False)
            await scene.settle(stack_id)
            before = await objects(scene)
        if fails:
            scene.world.inject("create", no_room(9))
        await scene.update(stack_id, template, {**files, "inner.yaml": inner})
        async with scene.worker(KillAt(point, nth=nth)):
            await scene.clock.sleep(60)
        async with scene.worker():
            result = await scene.settle(stack_id)
        if fails:
            assert (result.action, result.status) == (Action.ROLLBACK, Status.COMPLETE)
            assert await objects(scene) == before
        else:
            assert (result.action, result.status) == (Action.UPDATE, Status.COMPLETE)
            assert set(before.values()) & set((await objects(scene)).values()) == {
                before["None.kid"],
                before["kid.inner"],
                before["inner.second"],
            }
        await consistent(scene)

    play(scenario)


def test_what_was_passed_into_a_stack_goes_after_what_used_it_there() -> None:
    user = nested(
        {"user": thing(uses={"get_param": "base"})}, {"base": {"type": "string"}}, user=ref("user")
    )
    nobody = nested({"other": thing()}, user="nobody")
    before = nested(
        {
            "base": thing(),
            "kid": stack("kid.yaml", base=ref("base")),
            "top": thing(uses=attribute("kid", "user")),
        }
    )

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(before, files={"kid.yaml": user})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            await scene.update(stack_id, nested({"kid": stack("kid.yaml")}), {"kid.yaml": nobody})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        gone = [name.rsplit("-", 2)[-2] for verb, name in scene.world.calls if verb == "delete"]
        assert gone == ["top", "user", "base"]
        await consistent(scene)

    play(scenario)


def test_a_removal_that_fails_is_no_reason_to_return() -> None:
    """What is destroyed already cannot come back; the next update removes the rest."""

    async def scenario(scene: Scene) -> None:
        files = {"middle.yaml": MIDDLE, "inner.yaml": INNER}
        async with scene.worker():
            stack_id = await scene.create(OUTER, files=files, disable_rollback=False)
            await scene.settle(stack_id)
            scene.world.inject(
                "delete", Fault(Refused("locked", status=403), named="-second-", count=1)
            )
            await scene.update(stack_id, changed(), {**files, "inner.yaml": WITHOUT})
            failed = await scene.settle(stack_id)
            place = "resources.kid.resources.inner.resources.second"
            assert (failed.action, failed.status) == (Action.UPDATE, Status.FAILED)
            assert f"Forbidden: {place}: locked" in failed.status_reason
            kid = await scene.stack(await below(scene, stack_id, "kid"))
            assert (kid.action, kid.status) == (Action.UPDATE, Status.FAILED)
            await scene.update(stack_id, changed(), {**files, "inner.yaml": WITHOUT})
            mended = await scene.settle(stack_id)
        assert (mended.action, mended.status) == (Action.UPDATE, Status.COMPLETE)
        await consistent(scene)

    play(scenario)


def test_a_stack_that_is_updated_by_itself_cleans_up_by_itself() -> None:
    async def scenario(scene: Scene) -> None:
        files = {"middle.yaml": MIDDLE, "inner.yaml": INNER}
        async with scene.worker():
            stack_id = await scene.create(OUTER, files=files)
            await scene.settle(stack_id)
            kid = await below(scene, stack_id, "kid")
            await scene.update(kid, MIDDLE, {"inner.yaml": WITHOUT})
            assert (await scene.settle(kid)).status is Status.COMPLETE
        assert not scene.world.named("disk")
        await consistent(scene)

    play(scenario)


def test_an_update_that_fails_without_rollback_keeps_what_is_to_go() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={"uses": ref("a")}))
            await scene.settle(stack_id)
            made = set(scene.world.things)
            scene.world.inject("create", no_room())
            await scene.update(stack_id, things(z={}))
            assert (await scene.settle(stack_id)).status is Status.FAILED
            assert made <= scene.world.things.keys()
            await scene.update(stack_id, things(z={}))
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert [each["name"].split("-")[1] for each in scene.world.things.values()] == ["z"]

    play(scenario)


def test_what_a_condition_switches_off_goes_last_too() -> None:
    def template(plain: bool) -> str:
        described = yaml.safe_load(things(disk={}, z={}))
        described["conditions"] = {"wanted": plain}
        described["resources"]["disk"]["condition"] = "wanted"
        if plain:
            del described["resources"]["z"]
        return yaml.safe_dump(described)

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template(True), disable_rollback=False)
            await scene.settle(stack_id)
            before = await objects(scene)
            scene.world.inject("create", no_room())
            await scene.update(stack_id, template(False))
            result = await scene.settle(stack_id)
        assert (result.action, result.status) == (Action.ROLLBACK, Status.COMPLETE)
        assert await objects(scene) == before

    play(scenario)
