"""OS::Neutron::Port: where something is connected to a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from isotherm.kit import (
    Changes,
    Context,
    Properties,
    Sibling,
    Value,
    attr,
    deprecated,
    hidden,
    prop,
    register,
    supported,
)
from isotherm.kit.services.network import NETWORK, PORT, SUBNET
from isotherm.resources.network.network_type import InNetwork, NetworkType
from isotherm.resources.networking import PortDetails, subnets_of


class FixedIp(Properties):
    subnet_id: str | None = prop(
        "Former name of 'subnet'.",
        exists="neutron.subnet",
        renamed_to="subnet",
        # The space is what the facts, and so the clients, have.
        support=hidden("5.0.0", deprecated("2014.2 ")),
    )
    subnet: str | None = prop("Subnet, by name or id.", finds="neutron.subnet", since="2014.2")
    ip_address: str | None = prop("Address.", exists="ip_addr")


class PortProperties(InNetwork, PortDetails):
    name: str | None = prop("Name; by default one is made up.", update_allowed=True)
    device_id: str = prop("What uses it.", default="", update_allowed=True)
    device_owner: str = prop("Kind of what uses it.", default="", update_allowed=True)
    fixed_ips: list[FixedIp] | None = prop(
        "Addresses; by default one is chosen.", update_allowed=True
    )
    security_groups: list[Any] | None = prop(
        "Security groups, by name or id; by default the project's.",
        items=prop(resolves="neutron.security_group"),
        update_allowed=True,
    )
    replacement_policy: str = prop(
        "Whether every update replaces it.",
        default="AUTO",
        allowed=("REPLACE_ALWAYS", "AUTO"),
        update_allowed=True,
        support=hidden("9.0.0", deprecated("6.0.0", supported("2014.2"))),
    )
    dns_name: str | None = prop(
        "Name in the network's domain.", exists="dns_name", update_allowed=True, since="7.0.0"
    )
    tags: list[str] | None = prop("Tags.", items=prop("A tag."), update_allowed=True, since="9.0.0")


Here = Context[PortProperties]


@register("OS::Neutron::Port")
class Port(NetworkType[PortProperties]):
    """Where something is connected to a network."""

    entity = PORT
    api_names: ClassVar = {"network": "network_id", "qos_policy": "qos_policy_id"}
    apart = frozenset({"network_id", "replacement_policy", "no_fixed_ips"})
    attributes = (
        attr("admin_state_up", doc="Whether it is up."),
        attr("device_id", doc="What uses it."),
        attr("device_owner", doc="Kind of what uses it."),
        attr("fixed_ips", list, "Its addresses."),
        attr("mac_address", doc="Its MAC address."),
        attr("name", doc="Its name."),
        attr("network_id", doc="Network that it belongs to."),
        attr("security_groups", list, "Its security groups."),
        attr("status", doc="Its state."),
        attr("tenant_id", doc="Project that owns it."),
        attr("allowed_address_pairs", list, "Further addresses it may send from."),
        attr("subnets", list, "The subnets of its addresses.", fetched=True),
        attr("port_security_enabled", bool, "Whether rules are enforced.", since="5.0.0"),
        attr("qos_policy_id", doc="Its quality of service policy.", since="6.0.0"),
        attr("dns_assignment", dict, "Its names.", since="7.0.0"),
        attr("network", dict, "Its network.", fetched=True, since="11.0.0"),
        attr("propagate_uplink_status", bool, "Whether the uplink's state is passed on.",
             since="15.0.0"),
    )  # fmt: skip

    def body(self, values: Mapping[str, Any]) -> dict[str, Any]:
        body = super().body(values)
        if values.get("no_fixed_ips"):
            body["fixed_ips"] = []
        elif body.get("fixed_ips") is not None:
            body["fixed_ips"] = [_address(each) for each in body["fixed_ips"]]
        for name in ("security_groups", "allowed_address_pairs"):
            if name in body and body[name] is None:
                body[name] = []
        return body

    def update_body(self, ctx: Here, changes: Changes) -> Mapping[str, Any]:
        body = dict(super().update_body(ctx, changes))
        if body.get("fixed_ips", 0) is None:
            del body["fixed_ips"]  # the addresses it has are as good as any
        return body

    def replaces(self, changes: Changes, recorded: PortProperties, desired: PortProperties) -> bool:
        return desired.replacement_policy == "REPLACE_ALWAYS"

    async def make_way(self, ctx: Here) -> None:
        """Gives up the addresses that it asked for, so that its successor can have them."""
        if any(each.ip_address for each in ctx.props.fixed_ips or ()):
            await ctx.api.update(PORT, ctx.physical_id, {"fixed_ips": []})

    async def take_back(self, ctx: Here) -> None:
        addresses = [_address(each.given()) for each in ctx.props.fixed_ips or ()]
        if addresses:
            await ctx.api.update(PORT, ctx.physical_id, {"fixed_ips": addresses})

    def implicit_dependencies(self, own: Sibling, others: Sequence[Sibling]) -> Iterable[str]:
        network = own.properties.get("network") or own.properties.get("network_id")
        return subnets_of(network, others)

    async def fetch(self, ctx: Here, attribute: str) -> Value:
        remote = await ctx.api.show(PORT, ctx.physical_id)
        if attribute == "network":
            return dict(await ctx.api.show(NETWORK, str(remote["network_id"])))
        subnets = [each["subnet_id"] for each in remote.get("fixed_ips") or ()]
        return [dict(await ctx.api.show(SUBNET, each)) for each in dict.fromkeys(subnets)]


def _address(given: Mapping[str, Any]) -> dict[str, Any]:
    named = {"subnet_id": given.get("subnet"), "ip_address": given.get("ip_address")}
    return {name: value for name, value in named.items() if value is not None}
