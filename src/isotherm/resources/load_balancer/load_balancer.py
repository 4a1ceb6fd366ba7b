"""OS::Octavia::LoadBalancer: an address behind which others do the work."""

from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.kit.services.load_balancer import LOAD_BALANCER
from isotherm.resources.load_balancer.balancer_type import BalancerType, Described


class Addressed(Properties):
    vip_address: str | None = prop("Address; by default any of the subnet.", exists="ip_addr")
    vip_subnet: str = prop("Subnet of its address.", finds="neutron.subnet", sends="vip_subnet_id")
    tenant_id: str | None = prop("Project that owns it.", exists="keystone.project", sends="project_id")


class LoadBalancerProperties(Described, Addressed):
    provider: str | None = prop("Who provides it; by default as the service says.", reads=None)
    flavor: str | None = prop("Flavor.", finds="octavia.flavor", since="14.0.0")
    availability_zone: str | None = prop("Availability zone.", exists="octavia.availabilityzone", since="17.0.0")


ATTRIBUTES = (
    attr("vip_address", doc="Its address."),
    attr("vip_port_id", doc="Port that has the address."),
    attr("vip_subnet_id", doc="Subnet of the address."),
    attr("pools", list, "Its pools."),
)


@register("OS::Octavia::LoadBalancer", support=supported("10.0.0"))
class LoadBalancer(BalancerType[LoadBalancerProperties]):
    """An address behind which others do the work."""

    entity = LOAD_BALANCER
    attributes = (*ATTRIBUTES, attr("flavor_id", doc="Its flavor."))
