"""OS::Octavia::Listener: a port that a load balancer listens on."""

from typing import Any

from isotherm import kit
from isotherm.kit import attr, prop, register, supported
from isotherm.kit.services.load_balancer import LISTENER
from isotherm.resources.load_balancer.balancer_type import BalancerType, Described

TLS = "TERMINATED_HTTPS"


class Listening(Described):
    """What all generations of listeners have."""

    protocol_port: int = prop("Port.", ge=1, le=65535)
    default_tls_container_ref: str | None = prop("Container with the certificate.", update_allowed=True)
    sni_container_refs: list[Any] | None = prop(
        "Containers with certificates for single names.", clears=[], update_allowed=True
    )
    connection_limit: int = prop("Most connections; -1 for any number.", default=-1, ge=-1, update_allowed=True)
    tenant_id: str | None = prop("Project that owns it.", sends="project_id")


class ListenerProperties(Listening):
    protocol: str = prop("Protocol.", allowed=("TCP", "HTTP", "HTTPS", TLS, "PROXY", "UDP"))
    loadbalancer: str = prop("Load balancer.", finds="octavia.loadbalancer", reads="loadbalancers.0.id")
    default_pool: str | None = prop("Pool that does the work.", finds="octavia.pool", update_allowed=True)
    allowed_cidrs: list[str] | None = prop(
        "Ranges of addresses that may come.",
        items=prop("A range.", exists="net_cidr"),
        update_allowed=True,
        since="14.0.0",
    )


WHERE = (kit.Where("protocol", (TLS,), needs=("default_tls_container_ref",)),)
ATTRIBUTES = (
    attr("loadbalancers", list, "The load balancers it belongs to."),
    attr("default_pool_id", doc="Pool that does the work."),
)


@register("OS::Octavia::Listener", support=supported("10.0.0"))
class Listener(BalancerType[ListenerProperties]):
    """A port that a load balancer listens on."""

    entity = LISTENER
    attributes = ATTRIBUTES
    where = WHERE
