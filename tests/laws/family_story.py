"""Plays what happens to a family of stacks, and says what must hold whatever it was."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from tests.laws.families import Act, Become, Event, Family, Mark, Signal, Vanish
from tests.laws.strategies import Crash, Restart, Sleep, Trouble

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Probe
from isotherm.ports.records import Operation, Resource, Stack
from isotherm.ports.store import StackQuery
from isotherm.resources.orchestration.autoscaling_group import AutoScalingGroup
from isotherm.resources.orchestration.remote_stack import RemoteStack
from isotherm.resources.orchestration.resource_group import ResourceGroup
from isotherm.resources.orchestration.scaling_policy import ScalingPolicy
from isotherm.testing.scene import KillAt, Scene, play

TYPES = (AutoScalingGroup(), RemoteStack(), ResourceGroup(), ScalingPolicy())
THING, FAR = "Test::Thing", "OS::Heat::Stack"
_STOPPABLE = (Action.CREATE, Action.UPDATE)


def tell(
    first: Family, story: Sequence[Event], last: Family, *, rolls_back: bool, seed: int
) -> None:
    """Whatever happens, all comes to an end, nothing is lost or doubled, an update brings the
    stack to what it says, and a delete leaves nothing."""

    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(
            first.template, files=first.files, disable_rollback=not rolls_back
        )
        async with _Stage(scene, stack_id) as stage:
            for event in story:
                await stage.let(event)
            await scene.clock.sleep(120)
            await stage.calm()
            stack = await _settled(scene, stack_id)
            await _check_terminal(scene)
            await _check_nothing_lost(scene)
            if stack.status is Status.COMPLETE and stack.action in _STOPPABLE:
                await _check_recorded_is_observed(scene)
            if stack.action is Action.SUSPEND:
                await scene.start(stack_id, Operation.RESUME)
                await _settled(scene, stack_id)
            if stack.action is not Action.DELETE:
                await _check_mended(scene, stack_id, last)
            await _check_delete_leaves_nothing(scene, stack_id)

    play(scenario, seed=seed, types=TYPES)


class _Stage:
    """One worker at a time, and one family to which things happen."""

    def __init__(self, scene: Scene, stack_id: str) -> None:
        self._scene = scene
        self._stack_id = stack_id
        self._open = AsyncExitStack()

    async def __aenter__(self) -> _Stage:
        await self._start(None)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def let(self, event: Event) -> None:
        scene = self._scene
        match event:
            case Sleep(seconds):
                await scene.clock.sleep(seconds)
            case Trouble(operation):
                scene.world.inject(operation, event.fault())
            case Restart():
                await self._start(None)
            case Crash(point, nth):
                await self._start(KillAt(point, nth=nth))
            case _:
                stack = await scene.stack(self._stack_id)
                if stack.action is not Action.DELETE:
                    await self._ask(event, stack)

    async def calm(self) -> None:
        """No trouble any more, and a worker that lives."""
        self._scene.world.faults.clear()
        await self._start(None)

    async def _ask(self, event: Event, stack: Stack) -> None:
        """What a user does to a stack that is there, as far as the service lets him."""
        scene, stack_id = self._scene, self._stack_id
        rows = await scene.rows(stack_id)
        match event:
            case Become(family) if stack.action is not Action.SUSPEND:
                await scene.update(stack_id, family.template, files=family.files)
            case Act(what):
                await self._act(what, stack)
            case Signal(times) if "policy" in rows and rows["policy"].reference is not None:
                for _ in range(times):
                    await scene.signal(stack_id, "policy")
            case Mark(name) if name in rows:
                await scene.mark(stack_id, name)
            case Vanish(name) if name in rows:
                await self._vanish(rows[name])

    async def _act(self, what: str, stack: Stack) -> None:
        scene, stack_id = self._scene, self._stack_id
        busy = stack.status is Status.IN_PROGRESS
        match what:
            case "delete":
                await scene.delete(stack_id)
            case "stop" if busy and stack.action in _STOPPABLE:
                await scene.stop(stack_id)
            case "cancel" if busy and stack.action is Action.UPDATE:
                await scene.cancel(stack_id)
            case "check" | "suspend" | "resume" if not busy:
                await scene.start(stack_id, Operation(what.upper()))
            case "snapshot" if not busy:
                await scene.snapshot(stack_id)
            case "restore" if not busy and stack.action is not Action.SUSPEND:
                taken = [
                    each
                    for each in await scene.store.snapshots(stack_id)
                    if each.status is Status.COMPLETE
                ]
                if taken:
                    await scene.restore(stack_id, taken[0].id)

    async def _vanish(self, row: Resource) -> None:
        world = self._scene.world
        if row.type == FAR and row.physical_id in world.far.stacks:
            world.far.vanish(row.physical_id)
        elif row.type == THING:
            world.things.pop(row.physical_id or "", None)
        elif row.physical_id:
            for member in (await self._scene.rows(row.physical_id)).values():
                world.things.pop(member.physical_id or "", None)
                break

    async def _start(self, probe: Probe | None) -> None:
        async with asyncio.timeout(2000):
            await self._open.aclose()
        await self._open.enter_async_context(self._scene.worker(probe))


async def _family(scene: Scene) -> list[Stack]:
    return await scene.store.stacks(StackQuery(project_id="project", show_nested=True))


async def _rows(scene: Scene) -> list[Resource]:
    return [row for each in await _family(scene) for row in await scene.store.resources(each.id)]


async def _settled(scene: Scene, stack_id: str) -> Stack:
    """The stack when nobody of the family has anything to do any more."""
    async with asyncio.timeout(100_000):
        while True:
            await scene.settle(stack_id)
            busy = [each.id for each in await _family(scene) if await _has_work(scene, each.id)]
            if not busy:
                return await scene.stack(stack_id)
            await scene.clock.sleep(0.5)


async def _has_work(scene: Scene, stack_id: str) -> bool:
    traversal = await scene.store.traversal(stack_id)
    return bool(traversal and not traversal.finished) or bool(await scene.store.messages(stack_id))


# -- what must hold ------------------------------------------------------------------------


async def _check_terminal(scene: Scene) -> None:
    for stack in await _family(scene):
        assert stack.status is not Status.IN_PROGRESS, f"{stack.name} is {stack.action}"
    for row in await _rows(scene):
        assert row.status is not Status.IN_PROGRESS, f"{row.name} is {row.action}"


async def _check_nothing_lost(scene: Scene) -> None:
    """Everything there is has an owner, at least by the name that was chosen for it."""
    rows = await _rows(scene)
    ids = {row.physical_id for row in rows}
    chosen = {row.physical_name for row in rows if row.physical_id is None}
    for thing in scene.world.things.values():
        assert thing["id"] in ids or thing["name"] in chosen, f"{thing} is lost"
    for far in scene.world.far.live():
        assert far["id"] in ids or far["stack_name"] in chosen, f"{far} is lost"
    for stack in await _family(scene):
        assert stack.parent_id is None or stack.id in ids, f"{stack.name} is lost"


async def _check_recorded_is_observed(scene: Scene, *, whole: bool = False) -> None:
    """Row for row the object that it says. ``whole``: nothing has vanished either."""
    rows = await _rows(scene)
    scene.world._bury()
    things = {row.physical_id: row for row in rows if row.type == THING}
    assert len(things) == len([row for row in rows if row.type == THING])
    assert things.keys() >= scene.world.things.keys()
    if whole:
        assert things.keys() == scene.world.things.keys()
    for physical_id, thing in scene.world.things.items():
        row = things[physical_id]
        for key in ("size", "uses"):
            assert row.properties.get(key) == thing.get(key), f"{row.name}.{key}"
    far = {row.physical_id: row for row in rows if row.type == FAR}
    for each in scene.world.far.live():
        numbers = {one["output_key"]: one["output_value"] for one in each.get("outputs", ())}
        assert numbers == far[each["id"]].properties["parameters"]


async def _check_mended(scene: Scene, stack_id: str, last: Family) -> None:
    """A check finds what has vanished, and one update brings everything to what it says."""
    await scene.check(stack_id)
    await _settled(scene, stack_id)
    await scene.update(stack_id, last.template, files=last.files)
    stack = await _settled(scene, stack_id)
    assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE), stack.status_reason
    rows = await scene.rows(stack_id)
    assert set(rows) == last.names
    await _check_recorded_is_observed(scene, whole=True)
    if last.counted is not None:
        assert len(await scene.rows(rows["counted"].physical_id or "")) == last.counted
    if last.scaled is not None:
        members = len(await scene.rows(rows["scaled"].physical_id or ""))
        assert 0 <= members <= last.scaled[1]
    assert len(scene.world.far.live()) == (last.far is not None)


async def _check_delete_leaves_nothing(scene: Scene, stack_id: str) -> None:
    stack = await scene.stack(stack_id)
    if (stack.action, stack.status) != (Action.DELETE, Status.COMPLETE):
        await scene.delete(stack_id)
        stack = await _settled(scene, stack_id)
    assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE), stack.status_reason
    scene.world._bury()
    assert not scene.world.things
    assert not scene.world.far.live()
    assert not await _family(scene)
    assert not await scene.store.resources(stack_id)
    assert not scene.world.trusts
