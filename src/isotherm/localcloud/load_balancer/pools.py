"""Pools: members that do the work of a listener."""

from dataclasses import replace
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Wish, said_only
from isotherm.localcloud.kinds.checks import or_none, text
from isotherm.localcloud.load_balancer.balancers import BALANCERS
from isotherm.localcloud.load_balancer.dialect import DIALECT, LIFE, PartKind, forget, references
from isotherm.localcloud.load_balancer.entities import Listener, Pool
from isotherm.localcloud.load_balancer.listeners import LISTENERS, POOLS_OF, unsuited
from isotherm.localcloud.load_balancer.state import Balancing

_ID = said_only(or_none(text(1)), update=False, default=None)


def create(service: Balancing, call: Call, wish: Wish) -> Pool:
    listener = _listener(service, call, wish)
    if listener is None and wish["loadbalancer_id"] is None:
        raise Fault(
            400,
            "Validation failure: Must provide at least one of: loadbalancer_id, listener_id",
        )
    balancer = BALANCERS.find(
        service, call.caller, listener.loadbalancer_id if listener else wish["loadbalancer_id"]
    )
    service.require_mutable(balancer)
    owner = {"project_id": balancer.project_id, "loadbalancer_id": balancer.id}
    pool = POOLS.add(service, call.caller, {**wish, **owner})
    if listener is not None:
        listener.default_pool_id = pool.id
        service.keep(listener)
    return pool


def _listener(service: Balancing, call: Call, wish: Wish) -> Listener | None:
    """The listener whose default the pool is to be. Raises Fault 400, 404, 409."""
    if wish["listener_id"] is None:
        return None
    listener = LISTENERS.find(service, call.caller, wish["listener_id"])
    if wish["protocol"] not in POOLS_OF[listener.protocol]:
        raise unsuited(wish["protocol"], listener.protocol)
    if listener.default_pool_id is not None:
        raise Fault(409, "This listener already has a default pool")
    return listener


def delete(service: Balancing, call: Call, pool: Pool) -> None:
    for policy in service.policies:
        if policy.redirect_pool_id == pool.id:
            raise Fault(409, f"Pool {pool.id} is in use by L7 policy {policy.id}")


def remove(service: Balancing, pool: Pool) -> None:
    leading_here = service.listeners_of(pool)
    forget(service, pool)
    for listener in leading_here:
        listener.default_pool_id = None
        service.keep(listener)


def _more(service: Balancing, call: Call, pool: Pool, view: str) -> dict[str, Any]:
    monitor = service.monitor_of(pool.id)
    return {
        "loadbalancers": [{"id": pool.loadbalancer_id}],
        "listeners": references(service.listeners_of(pool)),
        "members": references(service.members.find(pool_id=pool.id)),
        **({"healthmonitor_id": monitor.id} if monitor else {}),
    }


POOLS = PartKind[Pool](
    dialect=DIALECT,
    name="pool",
    entity=Pool,
    also={"loadbalancer_id": _ID, "listener_id": _ID},
    limit="pool",
    life=replace(LIFE, removed=remove),
    create=create,
    delete=delete,
    more=_more,
)
