"""OS::Heat::ResourceGroup and ResourceChain: as many resources as wanted, of one kind or of several."""

from collections.abc import Mapping, Sequence
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, prop, register, supported

SKIPPED = "skipped"
"""Key of the private data: the names that no member has any more."""


class MemberDefinition(Properties):
    type: str = prop("Type of the members.")
    properties: dict[str, Any] | None = prop("Properties of the members.")
    metadata: dict[str, Any] | None = prop("Metadata of the members.", since="5.0.0")


class RemovalPolicy(Properties):
    resource_list: list[Any] = prop("Members that go first, by name or by what refers to them.", default=[])


class ResourceGroupProperties(Properties):
    count: int = changeable("Number of members.", default=1, ge=0)
    index_var: str = prop(
        "What stands for the number of a member in its properties.", default="%index%", min_length=3, since="2014.2"
    )
    resource_def: MemberDefinition = changeable("What each member is.")
    removal_policies: list[RemovalPolicy] = changeable(
        "Which members go when the group shrinks; by default the last.", default=[], since="2015.1"
    )
    removal_policies_mode: str = changeable(
        "Whether members named before stay away, or may come back.",
        default="append",
        allowed=("append", "update"),
        since="10.0.0",
    )


class BatchCreate(Properties):
    max_batch_size: int = prop("Members made at a time.", default=1, ge=1)
    pause_time: float = prop("Seconds between two batches.", default=0, ge=0)


class RollingUpdate(Properties):
    min_in_service: int = prop("Members that are ready at any time.", default=0, ge=0)
    max_batch_size: int = prop("Members changed at a time.", default=1, ge=1)
    pause_time: float = prop("Seconds between two batches.", default=0, ge=0)

    def pace(self) -> kit.Pace:
        return kit.Pace(self.max_batch_size, self.min_in_service, self.pause_time)


class ResourceGroupPolicy(Properties):
    rolling_update: RollingUpdate | None = prop("How members get a new definition.", support=supported("5.0.0"))
    batch_create: BatchCreate | None = prop("How members are made.", support=supported("5.0.0"))


@register("OS::Heat::ResourceGroup", support=supported("2014.1"))
class ResourceGroup(kit.GroupType[ResourceGroupProperties]):
    """As many resources of one kind as wanted, numbered from 0."""

    UpdatePolicy = ResourceGroupPolicy
    forming = ("resource_def", "index_var")
    by_name = frozenset({"attributes"})
    attributes = (
        attr("refs", list, "What refers to the members, in their order."),
        attr("refs_map", dict, "What refers to the members, by their names.", since="7.0.0"),
        attr("attributes", dict, "An attribute of all members, by their names.", since="2014.2"),
        attr("removed_rsrc_list", list, "Names that removal policies have taken.", since="7.0.0"),
    )

    def size(self, props: ResourceGroupProperties, data: kit.Values) -> int:
        return props.count

    def names(self, size: int, data: kit.Values) -> Sequence[str]:
        return kit.numbered_names(size, data.get(SKIPPED) or ())

    def members(
        self, props: ResourceGroupProperties, names: Sequence[str], data: kit.Values
    ) -> Mapping[str, kit.Member]:
        each, marker = props.resource_def, props.index_var
        return {
            name: kit.write_member(
                name, each.type, kit.with_index(each.properties or {}, marker, name), metadata=each.metadata
            )
            for name in names
        }

    def growth(self, ctx: kit.Context[ResourceGroupProperties]) -> kit.Pace | None:
        policy = ctx.policy.batch_create
        return kit.Pace(policy.max_batch_size, pause=policy.pause_time) if policy else None

    def rolling(self, ctx: kit.Context[ResourceGroupProperties]) -> kit.Pace | None:
        policy = ctx.policy.rolling_update
        return policy.pace() if policy else None

    async def take_stock(self, ctx: kit.Context[ResourceGroupProperties]) -> None:
        """Names from the removal policies that members have, and those taken before."""
        kept = ctx.props.removal_policies_mode == "append"
        before = set(ctx.data.get(SKIPPED) or ()) if kept else set()
        listed = [each for policy in ctx.props.removal_policies for each in policy.resource_list]
        inside = await ctx.stacks.resources(ctx.physical_id) if listed else {}
        by_reference = {each.reference: name for name, each in inside.items()}
        found = {by_reference.get(each, each) for each in listed}
        ctx.data[SKIPPED] = sorted(before | (found & inside.keys()))

    def stock_of(self, names: Sequence[str]) -> kit.Values:
        numbers = [int(each) for each in names if each.isdecimal()]
        gaps = set(range(max(numbers, default=0))) - set(numbers)
        return {SKIPPED: sorted(map(str, gaps))}

    def attribute(self, ctx: kit.Context[ResourceGroupProperties], remote: kit.Remote, name: str) -> kit.Value:
        if name == "removed_rsrc_list":
            return ctx.data.get(SKIPPED) or []
        return super().attribute(ctx, remote, name)


class ResourceChainProperties(Properties):
    resources: list[Any] = changeable("Types of the members, in order.")
    concurrent: bool = prop("Make all members at once, not one after the other.", default=False)
    resource_properties: dict[str, Any] | None = prop("Properties that all members get.")


@register("OS::Heat::ResourceChain", support=supported("6.0.0"))
class ResourceChain(kit.GroupType[ResourceChainProperties]):
    """Resources of several types that share their properties, made one after the other."""

    forming = ("resources", "resource_properties", "concurrent")
    by_name = frozenset({"attributes"})
    attributes = (
        attr("refs", list, "What refers to the members, in their order."),
        attr("attributes", dict, "An attribute of all members, by their names."),
    )

    def size(self, props: ResourceChainProperties, data: kit.Values) -> int:
        return len(props.resources)

    def names(self, size: int, data: kit.Values) -> Sequence[str]:
        return kit.numbered_names(size)

    def members(
        self, props: ResourceChainProperties, names: Sequence[str], data: kit.Values
    ) -> Mapping[str, kit.Member]:
        shared = props.resource_properties or {}
        return {
            name: kit.write_member(
                name,
                props.resources[int(name)],
                shared,
                after="" if props.concurrent or name == "0" else str(int(name) - 1),
            )
            for name in names
        }
