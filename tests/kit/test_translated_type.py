"""A type that says in other words what another one is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from isotherm.kit import (
    Changes,
    Context,
    Entity,
    EntityType,
    Outcome,
    Pending,
    Properties,
    Ready,
    TranslatedType,
    attr,
    prop,
)
from isotherm.kit.changes import Change
from isotherm.testing.cloud import RecordingCloud
from isotherm.testing.resource_run import ResourceRun, properties_of

THING = Entity("things", "thing", "/things", "things")


class ThingProperties(Properties):
    name: str | None = prop(update_allowed=True)
    size: int = prop(default=3, update_allowed=True, by_call=True)
    colour: str = prop(default="red")
    password: str | None = prop(secret=True)


class Thing(EntityType[ThingProperties]):
    service = "things"
    entity = THING
    name_limit = 30

    async def update(self, ctx: Context[ThingProperties], changes: Changes) -> Outcome:
        ctx.data["changed"] = sorted(changes)
        return await super().update(ctx, changes)

    async def make_way(self, ctx: Context[ThingProperties]) -> None:
        ctx.data["way"] = "made"

    async def take_back(self, ctx: Context[ThingProperties]) -> None:
        ctx.data["way"] = "taken"

    async def suspend(self, ctx: Context[ThingProperties]) -> Outcome:
        return Pending(7)

    async def resume(self, ctx: Context[ThingProperties]) -> Outcome:
        return Pending(8)


class DingProperties(Properties):
    groesse: int | None = prop(update_allowed=True)
    farbe: str | None = prop(update_allowed=True)
    other: str | None = prop(update_allowed=True)


class Ding(TranslatedType[DingProperties]):
    target = Thing()
    name_limit = 20
    attributes = (attr("groesse", int, source="size"),)

    def words(self, props: DingProperties, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"size": props.groesse, "colour": props.farbe, "password": props.other}


TYPE = Ding()


class SacheProperties(Properties):
    groesse: int | None = prop(sends="size")
    farbe: str | None = prop(sends="colour")
    unused: str | None = prop(sends=None)


class Sache(TranslatedType[SacheProperties]):
    target = Thing()


def test_properties_say_what_the_target_calls_them() -> None:
    said = SacheProperties.of({"groesse": 5, "farbe": "", "unused": "x"})
    assert Sache().translated(said, {}).given() == {"size": 5, "colour": "red"}


async def test_the_target_does_what_is_to_be_done() -> None:
    run = ResourceRun.begin(TYPE, {"groesse": 5}, RecordingCloud(entities=(THING,)))
    assert isinstance(await run.create(), Ready)
    thing = run.cloud.objects(THING)[run.ctx.physical_id]
    assert (thing["name"], thing["size"], thing["colour"]) == ("stack-it-token", 5, "red")
    assert await run.attribute("groesse") == 5
    assert (await run.attribute("show"))["size"] == 5
    assert isinstance(await TYPE.check(run.ctx), Ready)
    assert isinstance(await run.update({"groesse": 6, "other": "x"}), Ready)
    assert run.ctx.data == {"changed": ["password", "size"]}
    assert await TYPE.suspend(run.ctx) == Pending(7)
    assert await TYPE.resume(run.ctx) == Pending(8)
    await TYPE.make_way(run.ctx)
    assert run.ctx.data["way"] == "made"
    await TYPE.take_back(run.ctx)
    assert run.ctx.data["way"] == "taken"
    assert await TYPE.settle(run.ctx, thing) is None
    assert TYPE.joined(run.ctx, thing)
    assert TYPE.judge(thing) == Ready(thing)
    assert TYPE.judge_delete(thing) == Pending()
    assert TYPE.poll_entity == THING
    assert await TYPE.advance(run.ctx, thing) == Ready(thing)
    found = await TYPE.find(run.crash().ctx)
    assert [each.physical_id for each in found] == [run.ctx.physical_id]
    await TYPE.delete(run.ctx)
    assert await TYPE.advance_delete(run.ctx, thing) == Pending()
    assert run.cloud.objects(THING) == {}


async def test_an_update_of_what_is_not_recorded_changes_nothing() -> None:
    run = ResourceRun.begin(TYPE, {}, RecordingCloud(entities=(THING,)))
    await run.create()
    await TYPE.update(run.ctx, Changes())
    assert run.ctx.data == {"changed": []}


@pytest.mark.parametrize(
    ("before", "after", "replaced"),
    [({"groesse": 1}, {"groesse": 2}, False), ({"farbe": "blue"}, {"farbe": "green"}, True)],
)
def test_what_the_target_cannot_change_in_place_asks_for_another_object(
    before: dict[str, Any], after: dict[str, Any], replaced: bool
) -> None:
    changes = Changes({name: Change(before[name], after[name]) for name in before})
    recorded, desired = properties_of(TYPE, before), properties_of(TYPE, after)
    assert isinstance(recorded, DingProperties)
    assert isinstance(desired, DingProperties)
    assert TYPE.replaces(changes, recorded, desired) is replaced


def test_what_the_target_says_holds_unless_something_else_is_said() -> None:
    assert (TYPE.service, TYPE.name_limit, TYPE.effectless) == ("things", 20, False)
