"""Types whose objects do not tell when they were made."""

from __future__ import annotations

from isotherm.kit import Entity, Properties, Ready, UndatedType, prop
from isotherm.testing.cloud import RecordingCloud
from isotherm.testing.resource_run import ResourceRun

BOX = Entity("acme", "box", "/boxes", "boxes")


class BoxProperties(Properties):
    name: str | None = prop(update_allowed=True)


class Box(UndatedType[BoxProperties]):
    name = "Acme::Box"
    entity = BOX


def begin(**properties: str) -> ResourceRun:
    return ResourceRun.begin(Box(), properties, RecordingCloud(entities=(BOX,)))


async def found(run: ResourceRun) -> list[str]:
    return [each.physical_id for each in await run.type.find(run.ctx)]


async def test_an_older_object_of_the_same_name_is_not_taken_for_ours() -> None:
    run = begin(name="mine")
    run.cloud.put(BOX, "older", name="mine")
    assert await found(run) == []
    assert isinstance(await run.create(), Ready)
    assert await found(run) == [run.ctx.physical_id]
    assert run.ctx.physical_id != "older"


async def test_what_has_a_name_of_our_making_is_found_without_a_look_before() -> None:
    run = begin()
    assert isinstance(await run.create(), Ready)
    assert run.cloud.made("list") == []
    assert await found(run.crash()) == [run.ctx.physical_id]


async def test_the_name_is_left_to_the_successor_and_taken_back() -> None:
    run = begin(name="mine")
    await run.create()
    await run.type.make_way(run.ctx)
    await run.type.take_back(run.ctx)
    assert [each.body for each in run.cloud.made("update")] == [
        {"name": "stack-it-token"},
        {"name": "mine"},
    ]
    run.cloud.remove(BOX, run.ctx.physical_id)
    await run.type.make_way(run.ctx)


async def test_where_names_may_be_alike_it_is_kept() -> None:
    class Alike(Box):
        unique_names = False

    run = ResourceRun.begin(Alike(), {"name": "mine"}, RecordingCloud(entities=(BOX,)))
    await run.create()
    await run.type.make_way(run.ctx)
    assert run.cloud.made("update") == []
