"""Nested stacks in which an update changes nothing: nobody has to own them, and what is told of
them is what would be told if somebody did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.scenarios.templates import attribute, nested, stack, thing
from tests.scenarios.test_groups import TYPES, group
from tests.scenarios.test_nested_stacks import FILES, below, consistent, everything, outer

from isotherm.core.ids import StackId
from isotherm.core.states import Action, Status
from isotherm.engine.preparing import stillness
from isotherm.engine.probe import Point
from isotherm.kit.lifecycle import Lifecycle, StackOperation
from isotherm.ports.store import EventQuery
from isotherm.testing.scene import KillAt, Scene, play


class Watching(Lifecycle):
    """Wants to know of every operation, so that each stack is owned for it."""

    async def before(self, operation: StackOperation) -> None: ...

    async def after(self, operation: StackOperation, failure: str) -> None: ...


async def owners(scene: Scene, stack_id: str) -> dict[str, int]:
    """How often each stack below this one was owned."""
    ids = [each.id for each in await everything(scene) if each.id != stack_id]
    return {each.stack.id: each.epoch for each in await scene.store.at_rest(ids)}


async def told(scene: Scene) -> list[Any]:
    """All that users see of the stacks, with nothing that differs from run to run."""
    stacks = {each.id: each for each in await everything(scene)}
    events = await scene.store.events(EventQuery(stack_ids=list(stacks)))
    seen: list[Any] = [
        (
            stacks[each.stack_id].parent_resource,
            each.resource_name if each.physical_id != each.stack_id else "",
            each.resource_type,
            f"{each.action}_{each.status}",
            each.status_reason,
        )
        for each in events
    ]
    for each in sorted(stacks.values(), key=lambda each: each.parent_resource or ""):
        state = f"{each.action}_{each.status}"
        seen.append((each.parent_resource, state, each.status_reason, each.updated_at is not None))
        seen += [
            (row.name, f"{row.action}_{row.status}", row.traversal, sorted(row.attributes))
            for row in await scene.store.resources(each.id)
        ]
        report = await scene.store.report(StackId(each.id))
        assert report is not None
        seen.append(
            (report.number, report.operation, sorted((s.key, s.outcome) for s in report.steps))
        )
    return seen


async def twice(scene: Scene) -> list[Any]:
    stack_id = await scene.create(outer(), files=FILES)
    await scene.settle(stack_id)
    await scene.update(stack_id, outer(), files=FILES)
    assert (await scene.settle(stack_id)).status is Status.COMPLETE
    await consistent(scene)
    return await told(scene)


def test_what_is_told_of_them_is_the_same_as_when_they_are_visited() -> None:
    found: list[list[Any]] = []

    async def passed_over(scene: Scene) -> None:
        async with scene.worker():
            found.append(await twice(scene))

    async def visited(scene: Scene) -> None:
        scene.lifecycles = (Watching(),)
        await passed_over(scene)

    play(passed_over)
    play(visited)
    passed, visited_too = found
    assert passed == visited_too
    states = [each[:2] + each[3:4] for each in passed if len(each) == 5][-10:]
    assert states == [
        (None, "", "UPDATE_IN_PROGRESS"),
        (None, "deep", "UPDATE_IN_PROGRESS"),
        ("deep", "", "UPDATE_IN_PROGRESS"),
        ("deep", "pair", "UPDATE_IN_PROGRESS"),
        ("pair", "", "UPDATE_IN_PROGRESS"),
        ("pair", "", "UPDATE_COMPLETE"),
        ("deep", "pair", "UPDATE_COMPLETE"),
        ("deep", "", "UPDATE_COMPLETE"),
        (None, "deep", "UPDATE_COMPLETE"),
        (None, "", "UPDATE_COMPLETE"),
    ]


Change = Callable[[Scene, str], Awaitable[None]]


async def same(scene: Scene, stack_id: str) -> None:
    await scene.update(stack_id, outer(), files=FILES)


async def grown(scene: Scene, stack_id: str) -> None:
    await scene.update(stack_id, outer(size=2), files=FILES)


async def renamed(scene: Scene, stack_id: str) -> None:
    mapped = {"resource_registry": {"Old::Thing": "Test::Thing"}}
    await scene.update(stack_id, outer(), files=FILES, environment=mapped)


async def held(scene: Scene, stack_id: str) -> None:
    hook = {"resources": {"deep": {"pair": {"a": {"hooks": "pre-update"}}}}}
    environment = {"resource_registry": hook}
    await scene.update(stack_id, outer(), files=FILES, environment=environment)
    pair = await below(scene, stack_id, "deep", "pair")
    await scene.clock.sleep(10)
    await scene.clear(pair, "a", "pre-update")


async def listened_to(scene: Scene, stack_id: str) -> None:
    """Those who are told of events are told by the owners of the stacks."""
    await scene.update(stack_id, outer(), files=FILES, tells=True)


async def marked(scene: Scene, stack_id: str) -> None:
    """The message lies there when the update begins."""
    pair = await below(scene, stack_id, "deep", "pair")
    await scene.mark(pair, "a")
    await same(scene, stack_id)


async def repaired(scene: Scene, stack_id: str) -> None:
    pair = await below(scene, stack_id, "deep", "pair")
    scene.world.things.pop((await scene.rows(pair))["b"].physical_id or "")
    await scene.update(stack_id, outer(), files=FILES, observes=True)


@pytest.mark.parametrize(
    ("change", "visits", "made"),
    [
        (same, 0, 0),
        (grown, 2, 0),
        (renamed, 2, 0),
        (held, 2, 0),
        (listened_to, 2, 0),
        (marked, 2, 1),
        (repaired, 2, 1),
    ],
)
def test_only_where_nothing_may_have_to_be_done(change: Change, visits: int, made: int) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.settle(stack_id)
            before, so_far = await owners(scene, stack_id), scene.world.made
            await change(scene, stack_id)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            after = await owners(scene, stack_id)
            assert len([each for each in after if after[each] > before[each]]) == visits
            assert scene.world.made == so_far + made
            await consistent(scene)

    play(scenario)


@pytest.mark.parametrize("point", [Point.BEFORE_INTENT, Point.AFTER_OUTCOME])
def test_whoever_dies_at_it_leaves_it_done_or_undone(point: Point) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.settle(stack_id)
        await scene.update(stack_id, outer(), files=FILES)
        async with scene.worker(killed := KillAt(point, "deep")):
            await scene.clock.sleep(120)
        assert killed.struck
        async with scene.worker():
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        told = await scene.store.events(EventQuery(stack_ids=[stack_id]))
        of_deep = [each.action for each in told if each.resource_name == "deep"]
        assert of_deep.count(Action.UPDATE) == 2
        await consistent(scene)

    play(scenario)


def test_many_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """One commit takes so many through, and no more; those above them are visited."""
    monkeypatch.setattr(stillness, "_MOST", 1)

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer(), files=FILES)
            await scene.settle(stack_id)
            before = await owners(scene, stack_id)
            await same(scene, stack_id)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            after = await owners(scene, stack_id)
        visited = [each for each in after if after[each] > before[each]]
        assert visited == [await below(scene, stack_id, "deep")]

    play(scenario)


def test_those_beside_what_changes_are_not_visited() -> None:
    """Of a group that grows, only the group itself and the new member; and one that is marked."""

    async def scenario(scene: Scene) -> None:
        member = nested({"t": thing()}, at=attribute("t", "serial"))
        definition = {"type": "member.yaml"}

        async def update(count: int) -> None:
            template = group(count, resource_def=definition)
            await scene.update(stack_id, template, {"member.yaml": member})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE

        async with scene.worker():
            files = {"member.yaml": member}
            stack_id = await scene.create(group(3, resource_def=definition), files=files)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            before = await owners(scene, stack_id)
            await update(4)
            grown = await owners(scene, stack_id)
            assert sorted(grown[each] > before[each] for each in before) == [False] * 3 + [True]
            await scene.mark(await below(scene, stack_id, "g", "1"), "t")
            await update(4)
            mended = await owners(scene, stack_id)
            assert sorted(mended[each] > grown[each] for each in grown) == [False] * 3 + [True] * 2

    play(scenario, types=TYPES)


def test_what_changes_by_itself_is_still_looked_at() -> None:
    """The attribute that the template passes on is read anew, and reaches who reads it above."""
    inner = nested({"a": thing()}, state=attribute("a", "mood"))
    template = nested({"deep": stack("inner.yaml"), "last": thing(uses=attribute("deep", "state"))})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            files = {"inner.yaml": inner}
            stack_id = await scene.create(template, files=files)
            await scene.settle(stack_id)
            row = (await scene.rows(await below(scene, stack_id, "deep")))["a"]
            scene.world.things[row.physical_id or ""]["mood"] = "grey"
            await scene.update(stack_id, template, files=files)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        last = (await scene.rows(stack_id))["last"]
        assert last.properties["uses"] == "grey"

    play(scenario)
