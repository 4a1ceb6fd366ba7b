"""OS::Heat::ResourceChain: resources of several types that share their properties."""

from collections.abc import Mapping, Sequence
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported


class ResourceChainProperties(Properties):
    resources: list[Any] = prop("Types of the members, in order.", update_allowed=True)
    concurrent: bool = prop("Make all members at once, not one after the other.", default=False)
    resource_properties: dict[str, Any] | None = prop("Properties that all members get.")


@register("OS::Heat::ResourceChain", support=supported("6.0.0"))
class ResourceChain(kit.GroupType[ResourceChainProperties]):
    """Resources of several types that share their properties, made one after the other."""

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
