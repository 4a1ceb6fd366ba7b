"""Which steps are started first, and what is told of how an operation went."""

from __future__ import annotations

from tests.scenarios.templates import ref, things

from isotherm.core.errors import Refused
from isotherm.core.ids import StackId
from isotherm.core.states import Status
from isotherm.ports.records import Report, StepReport
from isotherm.testing.scene import Scene, play
from isotherm.testing.world import Fault


async def report_of(scene: Scene, stack_id: str, number: int | None = None) -> Report:
    found = await scene.store.report(StackId(stack_id), number)
    assert found is not None
    return found


def steps_of(report: Report) -> dict[str, StepReport]:
    return {each.resource: each for each in report.steps}


def test_what_the_longest_way_hangs_on_starts_first() -> None:
    async def scenario(scene: Scene) -> None:
        many: dict[str, dict[str, object]] = {f"a{number}": {} for number in range(100)}
        template = things(**many, y={"uses": ref("z")}, z={})
        async with scene.worker():
            stack_id = await scene.create(template)
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE
        begun = [line for line in await scene.history(stack_id) if "CREATE_IN_PROGRESS" in line]
        assert begun[:2] == ["stack CREATE_IN_PROGRESS", "z CREATE_IN_PROGRESS"]

    play(scenario)


def test_a_crowd_comes_to_the_cloud_a_few_at_a_time_and_waits_together() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(**{f"a{n}": {} for n in range(200)}))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.COMPLETE
        assert scene.clock.monotonic() < 5, "who waits for his object holds up nobody"
        assert len(await scene.rows(stack_id)) == 200

    play(scenario)


def test_a_report_tells_what_each_step_waited_for_and_how_long_it_took() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={"uses": ref("a")}))
            await scene.settle(stack_id)
        report = await report_of(scene, stack_id)
        assert (report.operation.value, report.number) == ("CREATE", 1)
        a, b = steps_of(report)["a"], steps_of(report)["b"]
        assert (a.kind, a.after, a.ready, a.outcome) == ("create", (), 0.0, "done")
        assert (b.after, b.ready) == (("a",), a.ended)
        assert 2 <= a.ended - a.begun < 3
        assert 2 <= b.ended - b.begun < 3

    play(scenario)


def test_removals_have_waited_for_all_that_was_made_before() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            await scene.settle(stack_id)
            await scene.update(stack_id, things(b={}))
            await scene.settle(stack_id)
        report = await report_of(scene, stack_id)
        made, removed = steps_of(report)["b"], steps_of(report)["a"]
        assert report.number == 2
        assert removed.kind == "delete"
        assert removed.after == (made.key,)
        assert removed.begun >= made.ended

    play(scenario)


def test_what_failed_is_told_and_what_was_not_begun_is_left_out() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.inject("create", Fault(Refused("no", status=400), count=99))
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={"uses": ref("a")}))
            await scene.settle(stack_id)
        report = await report_of(scene, stack_id)
        assert {name: each.outcome for name, each in steps_of(report).items()} == {"a": "failed"}

    play(scenario)


def test_workers_learn_how_long_things_take() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            await scene.settle(stack_id)
        learnt = {(each.type, each.kind): each.seconds for each in await scene.store.durations()}
        assert 2 <= learnt["Test::Thing", "create"] < 3

    play(scenario)
