"""OS::Neutron::NetworkGateway, L2Gateway and L2GatewayConnection: networks that go on outside on the same layer."""

from collections.abc import Iterator
from typing import Any

from isotherm import kit
from isotherm.kit import Named, Properties, attr, changeable, deprecated, former, hidden, prop, register, supported
from isotherm.kit.services.network import L2_GATEWAY, L2_GATEWAY_CONNECTION, NETWORK_GATEWAY
from isotherm.resources.network.network_type import NetworkType, UndatedNetworkType


class Device(Properties):
    id: str = prop("Its id.")
    interface_name: str = prop("Interface of it.")


class Connection(Properties):
    network_id: str | None = former("network", exists="neutron.network", support=hidden("5.0.0", deprecated("2014.2")))
    network: str = prop("Network.", finds="neutron.network", since="2014.2")
    segmentation_type: str = prop("Technique outside.", default="flat", allowed=("flat", "vlan"))
    segmentation_id: int | None = prop("Number of the VLAN outside.", ge=0, le=4094)

    @classmethod
    def problems(cls, given: kit.Values) -> kit.Problems:
        number = given.get("segmentation_id")
        match given.get("segmentation_type", "flat"):
            case "flat" if isinstance(number, int) and number:
                yield "segmentation_id", "can only be 0 for segmentation_type flat"
            case "vlan" if number is None:
                yield "segmentation_id", "must be given for segmentation_type vlan"


class NetworkGatewayProperties(Named):
    devices: list[Device] = changeable("Devices that it is made of.", min_length=1)
    connections: list[Connection] = changeable("Networks that it connects.", default={}, sends=None, reads=None)


Call = kit.Fields


@register("OS::Neutron::NetworkGateway", support=supported("2014.1"))
class NetworkGateway(NetworkType[NetworkGatewayProperties]):
    """Connects networks to what lies outside on the same layer."""

    entity = NETWORK_GATEWAY
    renewed_by = ("devices",)
    completes = ("connections",)
    attributes = (attr("default", doc="Whether it is the one that is taken by default."),)

    async def complete(self, ctx: kit.Context[NetworkGatewayProperties], remote: kit.Remote) -> bool:
        there, wanted = list(remote.get("ports") or ()), list(_bodies(ctx.props))
        for each in there:
            if each not in wanted:
                await _call(ctx, "disconnect", each)
        for each in wanted:
            if each not in there:
                await _call(ctx, "connect", each)
        return sorted(map(repr, there)) != sorted(map(repr, wanted))

    async def remove(self, ctx: kit.Context[NetworkGatewayProperties]) -> None:
        for each in (await ctx.api.show(NETWORK_GATEWAY, ctx.physical_id)).get("ports") or ():
            await _call(ctx, "disconnect", each)
        await super().remove(ctx)


def _bodies(props: NetworkGatewayProperties) -> Iterator[Call]:
    for each in props.connections:
        yield {
            "network_id": each.network,
            "segmentation_type": each.segmentation_type,
            "segmentation_id": each.segmentation_id or 0,
        }


async def _call(ctx: kit.Context[NetworkGatewayProperties], verb: str, connection: Call) -> None:
    names = ("network_id", "segmentation_type", "segmentation_id")
    body = {name: connection[name] for name in names if name in connection}
    await ctx.api.call("network", "PUT", f"/network-gateways/{ctx.physical_id}/{verb}_network", body)


class Interface(Properties):
    name: str = prop("Its name.")
    segmentation_id: list[Any] | None = prop("Numbers of VLANs there.")


class L2Device(Properties):
    device_name: str = prop("Its name.")
    interfaces: list[Interface] = prop("Its interfaces.")


class L2GatewayProperties(Properties):
    name: str = changeable("Name.")
    devices: list[L2Device] = changeable("Devices that it is made of.")


@register("OS::Neutron::L2Gateway", support=supported("12.0.0"))
class L2Gateway(UndatedNetworkType[L2GatewayProperties]):
    """A gateway to networks outside on the same layer."""

    entity = L2_GATEWAY
    extension = "l2-gateway"


class L2GatewayConnectionProperties(Properties):
    l2_gateway_id: str = prop("Gateway.")
    network_id: str = prop("Network.", exists="neutron.network")
    segmentation_id: str | None = prop("Number of the VLAN outside, where the gateway gives none.")


@register("OS::Neutron::L2GatewayConnection", support=supported("12.0.0"))
class L2GatewayConnection(NetworkType[L2GatewayConnectionProperties]):
    """Connects a network to a gateway."""

    entity = L2_GATEWAY_CONNECTION
    extension = "l2-gateway-connection"
    name_field = ""
    alike = ("l2_gateway_id", "network_id")
    links = (kit.Link("L2 gateway connection", ("l2_gateway_id", "network_id"), details=("segmentation_id",)),)
