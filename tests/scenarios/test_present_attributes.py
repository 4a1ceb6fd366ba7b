"""Attributes that change by themselves: who shows them or reads them gets what is true now."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scenarios.showing import outputs
from tests.scenarios.templates import attribute, nested, ref, stack, thing, things

from isotherm.core.errors import Busy, Lost, Refused
from isotherm.core.states import Action, Status
from isotherm.engine.preparing.definitions import Definer
from isotherm.engine.preparing.present import Present
from isotherm.resources.orchestration.resource_group import ResourceGroup
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault

READER = things(a={}, reader={"uses": attribute("a", "mood")})
KID = {"kid.yaml": nested({"a": thing()}, mood=attribute("a", "mood"))}
OUTSIDE = nested(
    {"kid": stack("kid.yaml"), "reader": thing(uses=attribute("kid", "mood"))},
    mood=attribute("kid", "mood"),
)


def cheer(scene: Scene) -> None:
    scene.world.named("a")[0]["mood"] = "cheerful"


@pytest.mark.parametrize(("template", "files"), [(READER, {}), (OUTSIDE, KID)])
def test_an_update_reads_again_what_others_read(template: str, files: dict[str, str]) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template, files=files)
            await scene.settle(stack_id)
            assert scene.world.named("reader")[0].get("uses") is None
            cheer(scene)
            await scene.update(stack_id, template, files)
            updated = await scene.settle(stack_id)
            assert (updated.action, updated.status) == (Action.UPDATE, Status.COMPLETE)
            assert scene.world.named("reader")[0]["uses"] == "cheerful"
            updates = scene.world.count("update")
            await scene.update(stack_id, template, files)
            await scene.settle(stack_id)
            assert scene.world.count("update") == updates, "nothing has changed since"

    play(scenario)


def test_what_only_outputs_read_is_not_looked_at_by_an_update() -> None:
    template = things({"mood": attribute("a", "mood")}, a={})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template)
            await scene.settle(stack_id)
            calls = len(scene.world.calls)
            await scene.update(stack_id, template)
            await scene.settle(stack_id)
            assert len(scene.world.calls) == calls
            cheer(scene)
        assert await outputs(scene, stack_id) == {"mood": "cheerful"}

    play(scenario)


def test_outputs_of_nested_stacks_are_those_of_now() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(OUTSIDE, files=KID)
            await scene.settle(stack_id)
            cheer(scene)
            assert await outputs(scene, stack_id) == {"mood": "cheerful"}
            kid = (await scene.rows(stack_id))["kid"].physical_id or ""
            await scene.update(kid, nested({"a": thing()}, mood={"list_join": ["-", ["x", "y"]]}))
            await scene.settle(kid)
            assert await outputs(scene, stack_id) == {"mood": "x-y"}

    play(scenario)


@pytest.mark.parametrize("trouble", [Lost("gone quiet"), Busy("later"), Refused("no", status=403)])
def test_what_cannot_be_read_now_is_shown_as_recorded(trouble: Exception) -> None:
    template = things({"mood": attribute("a", "mood"), "size": attribute("a", "size")}, a={})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template)
            await scene.settle(stack_id)
            cheer(scene)
        for operation in ("show", "list"):
            scene.world.inject(operation, Fault(trouble))  # type: ignore[arg-type]
        assert await outputs(scene, stack_id) == {"mood": None, "size": 1}

    play(scenario)


def test_a_stack_that_failed_in_part_tells_what_is_known_and_what_is_wrong() -> None:
    inner = nested(
        {"a": thing(size=2), "b": thing(uses=ref("a"))},
        size=attribute("a", "size"),
        late=attribute("b", "size"),
        wrong={"str_split": [",", attribute("a", "size"), 5]},
    )
    names = ("size", "late", "wrong")
    around = nested({"inner": stack("inner.yaml")}, **{n: attribute("inner", n) for n in names})
    outer = nested({"kid": stack("around.yaml")}, **{n: attribute("kid", n) for n in names})
    files = {"inner.yaml": inner, "around.yaml": around}

    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(Refused("no room", status=400), named="-b-"))
        async with scene.worker():
            stack_id = await scene.create(outer, files=files)
            assert (await scene.settle(stack_id)).status is Status.FAILED
        found = await outputs(scene, stack_id)
        wrong = found.pop("wrong")
        assert found == {"size": 2}
        assert wrong.startswith("Error in kid output wrong: Error in inner output wrong: ")

    play(scenario)


def test_a_resource_shows_all_its_attributes_as_they_are_now() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            await scene.settle(stack_id)
        cheer(scene)
        definer = Definer(scene.store, scene.world, scene.types)
        shown = await scene.stack(stack_id)
        rows = await scene.rows(stack_id)
        definition = await definer.define(shown)
        now = await Present(definer, scene.clock).row(shown, definition, rows, "a")
        attributes: dict[str, Any] = now.attributes
        assert (attributes["mood"], attributes["show"]["mood"]) == ("cheerful", "cheerful")
        assert attributes["console"] == f"console of {rows['a'].physical_id}"
        assert rows["a"].attributes["mood"] is None

    play(scenario)


def test_a_member_that_went_is_shown_no_more() -> None:
    def group(count: int, **more: Any) -> str:
        g = {
            "type": "OS::Heat::ResourceGroup",
            "properties": {"count": count, "resource_def": thing(), **more},
        }
        read = {name: attribute("g", name) for name in ("resource.0", "resource.0.size", "refs")}
        return nested({"g": g}, **{name.replace(".", "_"): way for name, way in read.items()})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(group(1))
            await scene.settle(stack_id)
            before = await outputs(scene, stack_id)
            assert before["refs"] == [before["resource_0"]]
            assert before["resource_0_size"] == 1
            removed = [{"resource_list": ["0"]}]
            await scene.update(stack_id, group(1, removal_policies=removed))
            await scene.settle(stack_id)
            after = await outputs(scene, stack_id)
        assert after["refs"] not in ([], before["refs"])
        for name in ("resource_0", "resource_0_size"):
            assert f"(g {name.replace('_', '.')}) is incorrect" in str(after[name])

    play(scenario, types=(ResourceGroup(),))
