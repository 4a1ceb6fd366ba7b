"""OS::Neutron::L2Gateway and its connections: networks that go on outside on the same layer."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.network import L2_GATEWAY, L2_GATEWAY_CONNECTION
from isotherm.resources.network.network_type import NetworkType


class Interface(Properties):
    name: str = prop("Its name.")
    segmentation_id: list[Any] | None = prop("Numbers of VLANs there.")


class Device(Properties):
    device_name: str = prop("Its name.")
    interfaces: list[Interface] = prop("Its interfaces.")


class L2GatewayProperties(Properties):
    name: str = prop("Name.", update_allowed=True)
    devices: list[Device] = prop("Devices that it is made of.", update_allowed=True)


@register("OS::Neutron::L2Gateway", support=supported("12.0.0"))
class L2Gateway(NetworkType[L2GatewayProperties], kit.UndatedType[L2GatewayProperties]):
    """A gateway to networks outside on the same layer."""

    entity = L2_GATEWAY
    extension = "l2-gateway"
    status_field = ""


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
    status_field = ""
    links = (kit.Link("L2 gateway connection", ("l2_gateway_id", "network_id"), details=("segmentation_id",)),)
