"""What an environment forbids to do with a resource is not done, and told."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scenarios.templates import nested, stack, thing, things

from isotherm.core.states import Action, Status
from isotherm.ports.records import Resource
from isotherm.testing.scene import Scene, play


def restricting(*words: str, names: tuple[str, ...] = ("a",)) -> dict[str, Any]:
    said: dict[str, Any] = {"restricted_actions": list(words)}
    for name in reversed(names):
        said = {name: said}
    return {"resource_registry": {"resources": said}}


async def updated(
    scene: Scene, before: str, after: str, environment: dict[str, Any], **files: Any
) -> tuple[str, Resource, Resource, str]:
    """The stack's id, the row of ``a`` before and after an update, and how that ended."""
    async with scene.worker():
        stack_id = await scene.create(before, **files)
        await scene.settle(stack_id)
        first = (await scene.rows(stack_id))["a"]
        await scene.update(stack_id, after, environment=environment, **files)
        ended = await scene.settle(stack_id)
    last = (await scene.rows(stack_id))["a"]
    return stack_id, first, last, f"{ended.action}_{ended.status}: {ended.status_reason}"


@pytest.mark.parametrize(
    ("words", "after", "action"),
    [
        (("update",), {"size": 2}, "update"),
        (("replace",), {"colour": "blue"}, "replace"),
        (("update", "replace"), {"size": 2, "colour": "blue"}, "replace"),
    ],
)
def test_a_forbidden_change_fails_the_update_and_touches_nothing(
    words: tuple[str, ...], after: dict[str, Any], action: str
) -> None:
    async def scenario(scene: Scene) -> None:
        before = things(a={"size": 1, "colour": "red"})
        wanted = things(a={"size": 1, "colour": "red", **after})
        stack_id, first, last, ended = await updated(scene, before, wanted, restricting(*words))
        assert ended == (
            "UPDATE_FAILED: Resource UPDATE failed: ResourceActionRestricted: "
            f"resources.a: {action} is restricted for resource."
        )
        assert last == first
        assert [each["size"] for each in scene.world.things.values()] == [1]
        told = [each for each in await scene.events(stack_id) if each.resource_name == "a"]
        assert (told[-1].action, told[-1].status) == (Action.UPDATE, Status.FAILED)
        assert told[-1].status_reason == f"{action} is restricted for resource."

    play(scenario)


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (("replace",), {"size": 2, "colour": "red"}),
        (("update",), {"size": 1, "colour": "blue"}),
        (("update", "replace"), {"size": 1, "colour": "red"}),
        ((), {"size": 2, "colour": "red"}),
    ],
)
def test_what_is_not_forbidden_is_done(words: tuple[str, ...], after: dict[str, Any]) -> None:
    async def scenario(scene: Scene) -> None:
        before = things(a={"size": 1, "colour": "red"})
        *_, ended = await updated(scene, before, things(a=after), restricting(*words))
        assert ended.startswith("UPDATE_COMPLETE")
        (only,) = scene.world.things.values()
        assert (only["size"], only["colour"]) == (after["size"], after["colour"])

    play(scenario)


def test_removal_is_not_restricted() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={}))
            await scene.settle(stack_id)
            everything = restricting("update", "replace", names=("*",))
            await scene.update(stack_id, things(b={}), environment=everything)
            ended = await scene.settle(stack_id)
        assert (ended.action, ended.status) == (Action.UPDATE, Status.COMPLETE)
        assert len(scene.world.things) == 1

    play(scenario)


@pytest.mark.parametrize("names", [("a", "t"), ("a", "*"), ("*", "*")])
def test_what_is_inside_a_stack_is_protected_by_name_or_wildcard(names: tuple[str, ...]) -> None:
    size = {"size": {"type": "number", "default": 1}}
    kid = nested({"t": thing(size={"get_param": "size"})}, size)

    async def scenario(scene: Scene) -> None:
        before, after = (nested({"a": stack("kid.yaml", size=each)}) for each in (1, 2))
        files = {"files": {"kid.yaml": kid}}
        *_, ended = await updated(scene, before, after, restricting("update", names=names), **files)
        assert ended == (
            "UPDATE_FAILED: Resource UPDATE failed: ResourceActionRestricted: "
            "resources.a.resources.t: update is restricted for resource."
        )
        assert [each["size"] for each in scene.world.things.values()] == [1]

    play(scenario)


def test_a_stack_inside_is_protected_from_another_template() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            outer, protected = nested({"a": stack("kid.yaml")}), restricting("update")
            kids = [nested({"t": thing(size=each)}) for each in (1, 2)]
            stack_id = await scene.create(outer, files={"kid.yaml": kids[0]})
            await scene.settle(stack_id)
            ends = []
            for kid in kids:
                await scene.update(stack_id, outer, {"kid.yaml": kid}, environment=protected)
                ends.append((await scene.settle(stack_id)).status)
        assert ends == [Status.COMPLETE, Status.FAILED]
        assert [each["size"] for each in scene.world.things.values()] == [1]

    play(scenario)
