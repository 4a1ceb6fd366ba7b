"""Listeners: what a load balancer takes in."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Ties, Wish, merged, said_only
from isotherm.localcloud.kinds.checks import text
from isotherm.localcloud.load_balancer.balancers import BALANCERS
from isotherm.localcloud.load_balancer.dialect import DIALECT, LIFE, PartKind, references
from isotherm.localcloud.load_balancer.entities import Listener, Pool
from isotherm.localcloud.load_balancer.state import Balancing
from isotherm.localcloud.load_balancer.statuses import NO_TRAFFIC

_ANY_HTTP = ("HTTP", "PROXY", "PROXYV2")
POOLS_OF = {
    "TCP": ("TCP", "HTTPS", *_ANY_HTTP),
    "HTTP": _ANY_HTTP,
    "HTTPS": ("HTTPS", "PROXY", "PROXYV2", "TCP"),
    "TERMINATED_HTTPS": _ANY_HTTP,
    "UDP": ("UDP",),
    "SCTP": ("SCTP",),
    "PROMETHEUS": (),
}
"""Which protocols the pools of a listener may speak."""


def check(service: Balancing, call: Call, wish: Wish, there: Listener | None) -> None:
    certificates = ("default_tls_container_ref", "sni_container_refs")
    protocol, default, others = merged(wish, there, "protocol", *certificates)
    _require_certificates(service, call.caller, protocol, default, others)
    is_datagram = protocol in ("UDP", "SCTP")
    for other in [] if there else service.listeners.find(loadbalancer_id=wish["loadbalancer_id"]):
        alike = (other.protocol in ("UDP", "SCTP")) == is_datagram
        if alike and other.protocol_port == wish["protocol_port"]:
            raise Fault(
                409,
                f"Another Listener on this Load Balancer is already using protocol "
                f"{other.protocol} and protocol_port {other.protocol_port}",
            )
    require_pool(service, call.caller, protocol, wish.get("default_pool_id"))


def _require_certificates(
    service: Balancing, caller: Caller, protocol: str, default: str | None, others: list[str]
) -> None:
    """Raises Fault 400."""
    given = [*filter(None, (default, *others))]
    keys = service.frame.peers.key_manager
    if lost := [each for each in given if not keys.holds(caller, each)]:
        raise Fault(400, f"Could not retrieve certificate: {lost}")
    if protocol == "TERMINATED_HTTPS" and not given:
        raise Fault(
            400,
            "Validation failure: An SNI or default certificate container reference must be "
            "provided with TERMINATED_HTTPS listeners.",
        )


def require_pool(
    service: Balancing, caller: Caller, protocol: str, pool_id: str | None
) -> Pool | None:
    """The pool, which suits the listener's protocol. Raises Fault 400, 404."""
    if pool_id is None:
        return None
    pool = service.pools.get(pool_id)
    if pool is None or not caller.sees(pool.project_id):
        raise DIALECT.missing("Pool", pool_id)
    if pool.protocol not in POOLS_OF[protocol]:
        raise unsuited(pool.protocol, protocol)
    return pool


def unsuited(pool: str, listener: str) -> Fault:
    return Fault(
        400,
        f"Validation failure: The pool protocol '{pool}' is invalid while the listener protocol "
        f"is '{listener}'.",
    )


def _more(service: Balancing, call: Call, listener: Listener, view: str) -> dict[str, Any]:
    return {
        "loadbalancers": [{"id": listener.loadbalancer_id}],
        "l7policies": references(service.policies.find(listener_id=listener.id)),
    }


LISTENERS = PartKind[Listener](
    dialect=DIALECT,
    name="listener",
    entity=Listener,
    also={"loadbalancer_id": said_only(text(1), required=True, update=False)},
    limit="listener",
    life=LIFE,
    ties=Ties(names={"loadbalancer_id": BALANCERS}),
    check=check,
    more=_more,
)


@LISTENERS.routes.get(f"{LISTENERS.one}/stats", "listener.show_stats")
def show_stats(service: Balancing, call: Call) -> object:
    LISTENERS.of(service, call)
    return {"stats": NO_TRAFFIC}
