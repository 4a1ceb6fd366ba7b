"""Of some things there can be no two alike: one makes way for another, and comes back."""

from __future__ import annotations

from isotherm.kit import Entity, Link, Properties, Ready, Started, UniqueType, prop
from isotherm.testing.resource_run import ResourceRun

LID = Entity("acme", "lid", "/lids", "lids")


class LidProperties(Properties):
    box: str = prop("Box that it closes.")
    colour: str | None = prop("Colour.")


class Lid(UniqueType[LidProperties]):
    entity = LID
    links = (Link("lid of a box", ("box",), details=("colour",)),)


async def begin() -> ResourceRun:
    run = ResourceRun.begin(Lid(), {"box": "b", "colour": "red"})
    run.cloud.entities = (LID,)
    assert isinstance(await run.create(), Ready | Started)
    return run


async def test_one_that_made_way_is_made_again() -> None:
    run = await begin()
    first = run.ctx.physical_id
    for _ in range(2):  # it may be gone already
        await run.type.make_way(run.ctx)
    assert run.cloud.objects(LID) == {}
    await run.type.take_back(run.ctx)
    assert list(run.cloud.objects(LID)) == [run.ctx.physical_id] != [first]
    assert run.cloud.objects(LID)[run.ctx.physical_id]["colour"] == "red"


async def test_one_that_came_back_already_is_not_made_twice() -> None:
    run = await begin()
    made = run.ctx.physical_id
    run.ctx.physical_id = "lost"
    await run.type.take_back(run.ctx)
    assert run.ctx.physical_id == made
    assert list(run.cloud.objects(LID)) == [made]
