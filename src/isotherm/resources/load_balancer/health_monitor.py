"""OS::Octavia::HealthMonitor: how it is found out whether the members of a pool work."""

from isotherm import kit
from isotherm.kit import attr, prop, register, supported
from isotherm.kit.services.load_balancer import HEALTH_MONITOR
from isotherm.resources.load_balancer.balancer_type import BalancerType, Switched

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PATCH")


class Watching(Switched):
    """What all generations of monitors have."""

    delay: int = prop("Seconds from look to look.", ge=0, update_allowed=True)
    max_retries: int = prop("Looks that must fail until a member is down.", ge=1, le=10, update_allowed=True)
    timeout: int = prop("Seconds that a look may take.", ge=0, update_allowed=True)
    tenant_id: str | None = prop("Project that owns it.", sends="project_id")


class HealthMonitorProperties(Watching):
    expected_codes: str | None = prop("HTTP statuses of a member that works.", update_allowed=True)
    http_method: str | None = prop("HTTP method to ask with.", allowed=METHODS, update_allowed=True)
    pool: str = prop("Pool to watch.", finds="octavia.pool", reads="pools.0.id")
    type: str = prop("How to ask.", allowed=("PING", "TCP", "HTTP", "HTTPS", "UDP-CONNECT"))
    url_path: str | None = prop("Path to ask for.", update_allowed=True)


ALIKE = kit.Link(
    "health monitor of a pool",
    ("pool",),
    details=(
        *("admin_state_up", "delay", "expected_codes", "http_method", "max_retries", "timeout"),
        *("type", "url_path"),
    ),
)
"""A pool is watched in one way."""

ATTRIBUTES = (attr("pools", list, "The pools it watches."),)


@register("OS::Octavia::HealthMonitor", support=supported("10.0.0"))
class HealthMonitor(BalancerType[HealthMonitorProperties], kit.UniqueType[HealthMonitorProperties]):
    """How it is found out whether the members of a pool work."""

    entity = HEALTH_MONITOR
    attributes = ATTRIBUTES
    links = (ALIKE,)
