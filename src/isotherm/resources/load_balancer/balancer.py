"""OS::Octavia::LoadBalancer and Listener: an address behind which others do the work, and its ports."""

from typing import Any

from isotherm import kit
from isotherm.kit import P, Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.load_balancer import LISTENER, LOAD_BALANCER


class Switched(Properties):
    admin_state_up: bool = changeable("Whether it is in use.", default=True)


class Described(Switched):
    name: str | None = changeable("Name; by default one is made up.")
    description: str = changeable("Description.", default="")


class BalancerType(kit.EntityType[P]):
    """A part of a load balancer: while one part is changed, all others refuse to be."""

    status_field = "provisioning_status"
    ready_statuses = frozenset({"ACTIVE"})
    failed_statuses = frozenset({"ERROR"})
    gone_statuses = frozenset({"DELETED"})
    patience = 60.0


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
    attributes: tuple[kit.Attribute, ...] = (*ATTRIBUTES, attr("flavor_id", doc="Its flavor."))


TLS = "TERMINATED_HTTPS"


class Listening(Described):
    """What all generations of listeners have."""

    protocol_port: int = prop("Port.", ge=1, le=65535)
    default_tls_container_ref: str | None = changeable("Container with the certificate.")
    sni_container_refs: list[Any] | None = changeable("Containers with certificates for single names.", clears=[])
    connection_limit: int = changeable("Most connections; -1 for any number.", default=-1, ge=-1)
    tenant_id: str | None = prop("Project that owns it.", sends="project_id")


class ListenerProperties(Listening):
    protocol: str = prop("Protocol.", allowed=("TCP", "HTTP", "HTTPS", TLS, "PROXY", "UDP"))
    loadbalancer: str = prop("Load balancer.", finds="octavia.loadbalancer", reads="loadbalancers.0.id")
    default_pool: str | None = changeable("Pool that does the work.", finds="octavia.pool")
    allowed_cidrs: list[str] | None = changeable(
        "Ranges of addresses that may come.", items=prop("A range.", exists="net_cidr"), since="14.0.0"
    )


@register("OS::Octavia::Listener", support=supported("10.0.0"))
class Listener(BalancerType[ListenerProperties]):
    """A port that a load balancer listens on."""

    entity = LISTENER
    attributes = (
        attr("loadbalancers", list, "The load balancers it belongs to."),
        attr("default_pool_id", doc="Pool that does the work."),
    )
    where = (kit.Where("protocol", (TLS,), needs=("default_tls_container_ref",)),)
