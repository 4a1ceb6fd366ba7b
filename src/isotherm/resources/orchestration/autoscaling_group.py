"""OS::Heat::AutoScalingGroup: resources of one kind, as many as the load asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, register, supported
from isotherm.resources.orchestration.resource_group import RollingUpdate
from isotherm.resources.orchestration.scaling import ScalingGroup


class AutoScalingGroupProperties(Properties):
    resource: dict[str, Any] = changeable("What each member is: type, properties, metadata.")
    max_size: int = changeable("Members at the most.", ge=0)
    min_size: int = changeable("Members at least.", ge=0)
    cooldown: int | None = changeable("Seconds in which no policy acts again.")
    desired_capacity: int | None = changeable("Members at first, and after an update.")
    rolling_updates: RollingUpdate = changeable(
        "How members get a new definition.", default={"min_in_service": 0, "max_batch_size": 1, "pause_time": 0}
    )


Here = kit.Context[AutoScalingGroupProperties]


@register("OS::Heat::AutoScalingGroup", support=supported("2014.1"))
class AutoScalingGroup(ScalingGroup[AutoScalingGroupProperties]):
    """Resources of one kind, as many as policies make of them."""

    least, most, desired, cooldown = "min_size", "max_size", "desired_capacity", "cooldown"
    forming = ("resource",)
    by_name = frozenset({"outputs"})
    listed = frozenset({"outputs_list"})
    attributes = (
        attr("outputs", dict, "An attribute of all members, by their names.", since="2014.2"),
        attr("outputs_list", list, "An attribute of all members.", since="2014.2"),
        attr("current_size", int, "How many members there are.", since="2015.1"),
        attr("refs", list, "What refers to the members.", since="7.0.0"),
        attr("refs_map", dict, "What refers to the members, by their names.", since="7.0.0"),
    )

    def members(
        self, props: AutoScalingGroupProperties, names: Sequence[str], data: kit.Values
    ) -> Mapping[str, kit.Member]:
        each = kit.opened(props.resource)
        properties, metadata = each.get("properties") or {}, each.get("metadata")
        return {name: kit.write_member(name, each["type"], properties, metadata=metadata) for name in names}

    def rolling(self, ctx: Here) -> kit.Pace | None:
        return ctx.props.rolling_updates.pace()

    def attribute(self, ctx: Here, remote: kit.Remote, name: str) -> kit.Value:
        if name == "current_size":
            return len(remote["outputs"]["refs_map"])
        return super().attribute(ctx, remote, name)
