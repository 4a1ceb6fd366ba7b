"""What types of several services share about networks."""

from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, Properties, changeable, prop
from isotherm.kit.services.network import SECURITY_GROUP


class AddressPair(Properties):
    mac_address: str | None = prop("MAC address.", exists="mac_addr")
    ip_address: str = prop("IP address or range.", exists="ip_or_cidr")


class Connected(Properties):
    """What names a network or a port, and not both."""

    @classmethod
    def problems(cls, given: kit.Values) -> kit.Problems:
        if not kit.given(given) & {"network", "port"}:
            yield "", "needs a network or a port"
        if {"network", "port"} <= kit.surely_given(given):
            yield "port", "cannot be used together with network"


class PortDetails(Properties):
    """What can be said of a port, whether it is a resource itself or comes with a server."""

    value_specs: dict[str, Any] = changeable("Anything else for the port.", default={}, merges=True)
    admin_state_up: bool = changeable("Whether it is up.", default=True)
    mac_address: str | None = prop("MAC address.", exists="mac_addr")
    allowed_address_pairs: list[AddressPair] | None = changeable("Further addresses of it.", clears=[])
    vnic_type: str = changeable(
        "Kind of virtual card.",
        name="binding:vnic_type",
        default="normal",
        allowed=(
            "normal", "direct", "macvtap", "direct-physical", "baremetal", "virtio-forwarder",
            "smart-nic",
        ),
        since="2015.1",
    )  # fmt: skip
    port_security_enabled: bool | None = changeable(
        "Whether addresses and groups are enforced; by default as the network says.", clears=KEEP, since="5.0.0"
    )
    qos_policy: str | None = changeable("QoS policy.", finds="neutron.qos_policy", since="6.0.0")
    propagate_uplink_status: bool | None = changeable(
        "Whether the uplink's state is passed on.", clears=True, since="15.0.0"
    )
    no_fixed_ips: bool = changeable("To have no address.", default=False, sends=None, since="16.0.0")


async def default_groups(ctx: kit.Context[Any]) -> list[str]:
    """The security groups of ports for which none are named: the project's default one."""
    groups = await ctx.api.list(SECURITY_GROUP, name="default", project_id=ctx.stack.project_id)
    return [each["id"] for each in groups]


def subnets_of(network: Any, others: kit.Siblings) -> kit.Names:
    """The template's subnets of this network: addresses can be had only once they exist."""
    if network is None:
        return
    for other in others:
        if other.type == "OS::Neutron::Subnet" and other.properties.get("network") == network:
            yield other.name
