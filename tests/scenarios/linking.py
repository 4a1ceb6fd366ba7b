"""Types that tie things to each other, and that take places which only one can have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import Properties, prop
from isotherm.kit.registry import Registry
from isotherm.testing.world import THING, Thing, ThingProperties, world_types


class TieProperties(Properties):
    thing: str = prop("What is tied.", update_allowed=True)
    to: str = prop("What it is tied to.", update_allowed=True)


class Tie(kit.AssociationType[TieProperties]):
    """Ties a thing, which is free or refuses, to another."""

    name = "Test::Tie"
    entity = THING
    links: ClassVar = (kit.Link("tie", ("thing", "to")),)
    claims: ClassVar = (kit.Claim("tied", ("thing",)),)

    def identity(self, props: TieProperties) -> str:
        return props.thing

    async def join(self, ctx: kit.Context[TieProperties]) -> None:
        tied = (await ctx.api.show(THING, ctx.props.thing)).get("tied_to")
        if tied:
            raise kit.Refused(f"it is tied to {tied}", status=409)
        await ctx.api.update(THING, ctx.props.thing, {"tied_to": ctx.props.to})

    async def part(self, ctx: kit.Context[TieProperties]) -> None:
        await ctx.api.update(THING, ctx.physical_id, {"tied_to": None})

    async def connection(self, ctx: kit.Context[TieProperties], identity: str) -> kit.Remote | None:
        remote = await ctx.api.show(THING, identity)
        ours = {ctx.props.to, ctx.recorded.to if ctx.recorded else None} - {None}
        return remote if remote.get("tied_to") in ours else None


class TiedProperties(ThingProperties):
    tied_to: str | None = prop("What it is tied to.", update_allowed=True)


class Tied(Thing):
    """A thing that can say by itself what it is tied to."""

    name = "Test::Tied"
    Properties = TiedProperties
    links: ClassVar = (kit.Link("tie", (kit.OWN, "tied_to")),)

    def joined(self, ctx: kit.Context[Any], remote: kit.Remote) -> bool:
        return ctx.props.tied_to in (None, remote.get("tied_to"))


class SeatedProperties(ThingProperties):
    seats: list[str] = prop("Places that nobody else can have.", default=[])


class Seated(Thing):
    """A thing with places."""

    name = "Test::Seated"
    Properties = SeatedProperties
    claims: ClassVar = (kit.Claim("seat", ("seats",)),)

    async def create(self, ctx: kit.Context[Any]) -> kit.Outcome:
        taken = {seat for each in await ctx.api.list(THING) for seat in each.get("seats") or ()}
        if taken & set(ctx.props.seats):
            raise kit.Refused("the seat is taken", status=409)
        return await super().create(ctx)

    async def make_way(self, ctx: kit.Context[Any]) -> None:
        await ctx.api.update(THING, ctx.physical_id, {"seats": []})

    async def take_back(self, ctx: kit.Context[Any]) -> None:
        await ctx.api.update(THING, ctx.physical_id, {"seats": ctx.props.seats})


LINKING = (Tie(), Tied(), Seated())


def linking_types() -> Registry:
    return world_types(*LINKING)


def tie(thing: Any, to: Any) -> Mapping[str, Any]:
    return {"type": "Test::Tie", "properties": {"thing": thing, "to": to}}


def tied(**properties: Any) -> dict[str, Any]:
    return {"type": "Test::Tied", "properties": properties}


def seated(*seats: str, **keys: Any) -> dict[str, Any]:
    return {"type": "Test::Seated", "properties": {"seats": list(seats)}, **keys}
