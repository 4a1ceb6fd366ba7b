"""OS::Neutron::FloatingIPPortForward: a port of a floating IP that leads to one inside."""

from isotherm import kit
from isotherm.kit import KEEP, Properties, prop, register, supported
from isotherm.kit.services.network import PORT_FORWARDING
from isotherm.resources.network.floating_ip import ways_to
from isotherm.resources.network.network_type import NetworkType


class PortForwardingProperties(Properties):
    internal_ip_address: str = prop("Address to lead to.", exists="ip_addr", update_allowed=True)
    internal_port_number: int | None = prop(
        "Port number there.", ge=1, le=65535, sends="internal_port", clears=KEEP, update_allowed=True
    )
    external_port: int = prop("Port number of the floating IP.", ge=1, le=65535, update_allowed=True)
    internal_port: str = prop("Port to lead to.", finds="neutron.port", sends="internal_port_id", update_allowed=True)
    protocol: str = prop("Protocol.", allowed=("tcp", "udp", "icmp", "icmp6", "sctp", "dccp"), update_allowed=True)
    floating_ip: str = prop("Floating IP.", resolves="neutron.floating_ip", sends=None)


@register("OS::Neutron::FloatingIPPortForward", support=supported("19.0.0"))
class PortForwarding(NetworkType[PortForwardingProperties]):
    """A port of a floating IP that leads to one inside."""

    entity = PORT_FORWARDING
    extension = "floating-ip-port-forwarding"
    parent_property = "floating_ip"
    name_field = ""
    alike = ("external_port", "protocol")
    status_field = ""
    sends_whole = True
    links = (
        kit.Link(
            "port forwarding",
            ("floating_ip", "protocol"),
            also=("external_port",),
            details=("internal_ip_address", "internal_port_number", "internal_port"),
        ),
    )

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        yield from ways_to(own.properties.get("internal_port"), others)
