"""OS::Heat::AutoScalingGroup: resources of one kind, as many as the load asks for."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.resources.orchestration.draining import seconds_to_drain
from isotherm.resources.orchestration.scaling import (
    CAPACITY,
    adjusted,
    count_sound,
    names_of,
    note_made,
    settle_capacity,
    settle_names,
    stock_of,
)


class RollingUpdates(Properties):
    min_in_service: int = prop("Members that are ready at any time.", default=0, ge=0)
    max_batch_size: int = prop("Members changed at a time.", default=1, ge=1)
    pause_time: float = prop("Seconds between two batches.", default=0, ge=0)


class AutoScalingGroupProperties(Properties):
    resource: dict[str, Any] = prop("What each member is: type, properties, metadata.", update_allowed=True)
    max_size: int = prop("Members at the most.", ge=0, update_allowed=True)
    min_size: int = prop("Members at least.", ge=0, update_allowed=True)
    cooldown: int | None = prop("Seconds in which no policy acts again.", update_allowed=True)
    desired_capacity: int | None = prop("Members at first, and after an update.", update_allowed=True)
    rolling_updates: RollingUpdates = prop(
        "How members get a new definition.",
        default={"min_in_service": 0, "max_batch_size": 1, "pause_time": 0},
        update_allowed=True,
    )


Here = kit.Context[AutoScalingGroupProperties]


@register("OS::Heat::AutoScalingGroup", support=supported("2014.1"))
class AutoScalingGroup(kit.GroupType[AutoScalingGroupProperties]):
    """Resources of one kind, as many as policies make of them."""

    any_attribute = False
    tells_of_failed = False
    by_name = frozenset({"outputs"})
    listed = frozenset({"outputs_list"})
    attributes = (
        attr("outputs", dict, "An attribute of all members, by their names.", since="2014.2"),
        attr("outputs_list", list, "An attribute of all members.", since="2014.2"),
        attr("current_size", int, "How many members there are.", since="2015.1"),
        attr("refs", list, "What refers to the members.", since="7.0.0"),
        attr("refs_map", dict, "What refers to the members, by their names.", since="7.0.0"),
    )

    def validate(self, properties: kit.Values) -> kit.Problems:
        low, high, desired = (properties.get(name) for name in ("min_size", "max_size", "desired_capacity"))
        if not isinstance(low, int) or not isinstance(high, int):
            return
        if low > high:
            yield "min_size", "MinSize can not be greater than MaxSize"
        elif isinstance(desired, int) and not low <= desired <= high:
            yield "desired_capacity", "DesiredCapacity must be between MinSize and MaxSize"

    async def take_stock(self, ctx: Here) -> None:
        await settle_names(ctx)
        settle_capacity(ctx, ctx.props.desired_capacity, (ctx.props.min_size, ctx.props.max_size))

    def stock_of(self, names: Sequence[str]) -> kit.Values:
        return stock_of(names)

    async def leave(self, ctx: Here, members: Collection[str]) -> float:
        return await seconds_to_drain(ctx, members)

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        outcome = await super().advance(ctx, remote)
        await count_sound(ctx, outcome)
        return outcome

    def note_made(self, ctx: Here) -> None:
        note_made(ctx, ctx.props.cooldown)

    async def adjust(self, ctx: Here) -> kit.Outcome:
        await settle_names(ctx)
        return await self.change(ctx)

    def receive(self, signalled: kit.Signalled, details: kit.Values | None) -> kit.Received | None:
        given = signalled.properties
        return adjusted(signalled, details or {}, (given["min_size"], given["max_size"]), given.get("cooldown"))

    def size(self, props: AutoScalingGroupProperties, data: kit.Values) -> int:
        first = props.min_size if props.desired_capacity is None else props.desired_capacity
        return data.get(CAPACITY, first)  # type: ignore[no-any-return]

    def names(self, size: int, data: kit.Values) -> Sequence[str]:
        return names_of(size, data)

    def members(
        self, props: AutoScalingGroupProperties, names: Sequence[str], data: kit.Values
    ) -> Mapping[str, kit.Member]:
        each = props.resource
        properties, metadata = each.get("properties") or {}, each.get("metadata")
        return {name: kit.write_member(name, each["type"], properties, metadata=metadata) for name in names}

    def rolling(self, ctx: Here) -> kit.Pace | None:
        pace = ctx.props.rolling_updates
        return kit.Pace(pace.max_batch_size, pace.min_in_service, pace.pause_time)

    def attribute(self, ctx: Here, remote: kit.Remote, name: str) -> kit.Value:
        if name == "current_size":
            return len(remote["outputs"]["refs_map"])
        return super().attribute(ctx, remote, name)
