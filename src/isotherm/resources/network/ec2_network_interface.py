"""AWS::EC2::NetworkInterface: a port, in the words of AWS."""

from typing import Any

from isotherm import kit
from isotherm.kit import attr, prop, register
from isotherm.kit.services.network import SUBNET
from isotherm.resources.amazon import Tags
from isotherm.resources.network.port import Port

_NETWORK = "network"


class NetworkInterfaceProperties(Tags):
    description: str | None = prop("Description.", name="Description")
    groups: list[Any] | None = prop("Security groups, by id.", name="GroupSet", update_allowed=True)
    address: str | None = prop("Address to have; by default one is chosen.", name="PrivateIpAddress")
    source_dest_check: bool | None = prop("Not used.", name="SourceDestCheck", implemented=False)
    subnet: str = prop("Subnet.", name="SubnetId", finds="neutron.subnet")


def address_of(_: kit.Context[NetworkInterfaceProperties], remote: kit.Remote) -> kit.Value:
    return next((each["ip_address"] for each in remote.get("fixed_ips") or ()), None)


@register("AWS::EC2::NetworkInterface")
class NetworkInterface(kit.TranslatedType[NetworkInterfaceProperties]):
    """A port, in the words of AWS."""

    target = Port()
    claims = (kit.Claim("address", ("PrivateIpAddress",)),)
    attributes = (attr("PrivateIpAddress", doc="Its address.", reads=address_of),)

    def words(self, props: NetworkInterfaceProperties, data: kit.Values) -> kit.Fields:
        place = {"subnet": props.subnet, **({"ip_address": props.address} if props.address else {})}
        return {
            "network": data.get(_NETWORK),
            "fixed_ips": [place],
            "security_groups": props.groups or None,
            "value_specs": {"description": props.description} if props.description else None,
        }

    async def create(self, ctx: kit.Context[NetworkInterfaceProperties]) -> kit.Outcome:
        if _NETWORK not in ctx.data:
            ctx.data[_NETWORK] = (await ctx.api.show(SUBNET, ctx.props.subnet))["network_id"]
            return kit.Pending(0, stage="looked")
        return await super().create(ctx)
