"""OS::Octavia::Pool, PoolMember and HealthMonitor: who does the work of a listener, and how that is watched."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.load_balancer import HEALTH_MONITOR, MEMBER, POOL
from isotherm.resources.load_balancer.balancer import BalancerType, Described, Switched

COOKIE = "APP_COOKIE"


class SessionPersistence(Properties):
    type: str = prop("By what a client comes back to its member.", allowed=("SOURCE_IP", "HTTP_COOKIE", COOKIE))
    cookie_name: str | None = prop("Name of the application's cookie.")

    @classmethod
    def problems(cls, given: kit.Values) -> kit.Problems:
        """Sessions are kept by an application's cookie, which has a name, or otherwise."""
        kind = given.get("type")
        if kind == COOKIE and "cookie_name" not in kit.given(given):
            yield "cookie_name", f"must be given where type is {COOKIE}"
        if isinstance(kind, str) and kind != COOKIE and "cookie_name" in kit.surely_given(given):
            yield "cookie_name", f"is for type {COOKIE} only"


class PoolProperties(Described):
    session_persistence: SessionPersistence | None = changeable("How clients come back to the same member.")
    lb_algorithm: str = changeable(
        "How members are chosen.", allowed=("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP", "SOURCE_IP_PORT")
    )
    listener: str | None = prop("Listener whose work it does.", finds="octavia.listener", reads="listeners.0.id")
    loadbalancer: str | None = prop(
        "Load balancer it belongs to.", finds="octavia.loadbalancer", reads="loadbalancers.0.id"
    )
    protocol: str = prop(
        "Protocol of the members.", allowed=("TCP", "HTTP", "HTTPS", "TERMINATED_HTTPS", "PROXY", "UDP")
    )
    tls_enabled: bool = changeable("Whether members are reached by TLS.", default=False, since="14.0.0")


@register("OS::Octavia::Pool", support=supported("10.0.0"))
class Pool(BalancerType[PoolProperties]):
    """Members that do the work of a listener."""

    entity = POOL
    one_of = (("loadbalancer", "listener"),)
    attributes = (
        attr("healthmonitor_id", doc="Its health monitor."),
        attr("listeners", doc="Listeners whose work it does."),
        attr("members", list, "Its members.", volatile=True),
    )


class Membership(Switched):
    """What all generations of members have."""

    address: str = prop("Address.", exists="ip_addr")
    protocol_port: int = prop("Port.", ge=1, le=65535)
    weight: int = changeable("How much work it takes, against the others.", default=1, ge=0, le=256)


class PoolMemberProperties(Membership):
    pool: str = prop("Pool.", finds="octavia.pool", sends=None)
    monitor_address: str | None = prop("Address to watch it by, if that is another.", exists="ip_addr")
    monitor_port: int | None = prop("Port to watch it by, if that is another.", ge=1, le=65535)
    subnet: str | None = prop("Subnet of its address.", finds="neutron.subnet")
    tags: list[Any] | None = changeable("Tags.", clears=[], since="13.0.0")


@register("OS::Octavia::PoolMember", support=supported("10.0.0"))
class PoolMember(BalancerType[PoolMemberProperties], kit.UniqueType[PoolMemberProperties]):
    """A server that does work of a pool."""

    entity = MEMBER
    parent_property = "pool"
    links = (
        kit.Link(
            "member of a pool",
            ("pool", "address"),
            ("protocol_port",),
            ("admin_state_up", "monitor_address", "monitor_port", "subnet", "tags", "weight"),
        ),
    )


METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PATCH")


class Watching(Switched):
    """What all generations of monitors have."""

    delay: int = changeable("Seconds from look to look.", ge=0)
    max_retries: int = changeable("Looks that must fail until a member is down.", ge=1, le=10)
    timeout: int = changeable("Seconds that a look may take.", ge=0)
    tenant_id: str | None = prop("Project that owns it.", sends="project_id")


class HealthMonitorProperties(Watching):
    expected_codes: str | None = changeable("HTTP statuses of a member that works.")
    http_method: str | None = changeable("HTTP method to ask with.", allowed=METHODS)
    pool: str = prop("Pool to watch.", finds="octavia.pool", reads="pools.0.id")
    type: str = prop("How to ask.", allowed=("PING", "TCP", "HTTP", "HTTPS", "UDP-CONNECT"))
    url_path: str | None = changeable("Path to ask for.")


_DETAILS = ("admin_state_up", "delay", "expected_codes", "http_method", "max_retries", "timeout", "type", "url_path")


@register("OS::Octavia::HealthMonitor", support=supported("10.0.0"))
class HealthMonitor(BalancerType[HealthMonitorProperties], kit.UniqueType[HealthMonitorProperties]):
    """How it is found out whether the members of a pool work."""

    entity = HEALTH_MONITOR
    attributes = (attr("pools", list, "The pools it watches."),)
    # A pool is watched in one way.
    links = (kit.Link("health monitor of a pool", ("pool",), details=_DETAILS),)
