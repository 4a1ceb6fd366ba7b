"""OS::Octavia::Pool: members that do the work of a listener."""

from isotherm import kit
from isotherm.kit import P, Properties, attr, prop, register, supported
from isotherm.kit.services.load_balancer import POOL
from isotherm.resources.load_balancer.balancer_type import BalancerType, Described

COOKIE = "APP_COOKIE"


class SessionPersistence(Properties):
    type: str = prop("By what a client comes back to its member.", allowed=("SOURCE_IP", "HTTP_COOKIE", COOKIE))
    cookie_name: str | None = prop("Name of the application's cookie.")


class PoolProperties(Described):
    session_persistence: SessionPersistence | None = prop(
        "How clients come back to the same member.", update_allowed=True
    )
    lb_algorithm: str = prop(
        "How members are chosen.",
        allowed=("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP", "SOURCE_IP_PORT"),
        update_allowed=True,
    )
    listener: str | None = prop("Listener whose work it does.", finds="octavia.listener", reads="listeners.0.id")
    loadbalancer: str | None = prop(
        "Load balancer it belongs to.", finds="octavia.loadbalancer", reads="loadbalancers.0.id"
    )
    protocol: str = prop(
        "Protocol of the members.", allowed=("TCP", "HTTP", "HTTPS", "TERMINATED_HTTPS", "PROXY", "UDP")
    )
    tls_enabled: bool = prop("Whether members are reached by TLS.", default=False, update_allowed=True, since="14.0.0")


def check_sessions(kept: kit.Value, path: str) -> kit.Problems:
    """Sessions are kept by an application's cookie, which has a name, or otherwise."""
    if not isinstance(kept, dict) or not isinstance(kept.get("type"), str):
        return
    if kept["type"] == COOKIE and "cookie_name" not in kit.given(kept):
        yield f"{path}.cookie_name", f"must be given where type is {COOKIE}"
    if kept["type"] != COOKIE and "cookie_name" in kit.surely_given(kept):
        yield f"{path}.cookie_name", f"is for type {COOKIE} only"


class PoolType(BalancerType[P]):
    """A pool belongs to a listener or a load balancer."""

    one_of = (("loadbalancer", "listener"),)

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        yield from check_sessions(properties.get("session_persistence"), "session_persistence")


ATTRIBUTES = (
    attr("healthmonitor_id", doc="Its health monitor."),
    attr("listeners", doc="Listeners whose work it does."),
    attr("members", list, "Its members.", volatile=True),
)


@register("OS::Octavia::Pool", support=supported("10.0.0"))
class Pool(PoolType[PoolProperties]):
    """Members that do the work of a listener."""

    entity = POOL
    attributes = ATTRIBUTES
