"""Health monitors: how it is found out whether members work."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Ties, Wish
from isotherm.localcloud.load_balancer.dialect import DIALECT, LIFE, PartKind
from isotherm.localcloud.load_balancer.entities import HealthMonitor
from isotherm.localcloud.load_balancer.pools import POOLS
from isotherm.localcloud.load_balancer.state import Balancing

_ASK = ("http_method", "url_path", "expected_codes")
_USUAL = {"http_method": "GET", "url_path": "/", "expected_codes": "200"}


def create(service: Balancing, call: Call, wish: Wish) -> HealthMonitor:
    if service.monitor_of(wish["pool_id"]) is not None:
        raise Fault(409, "This pool already has a health monitor")
    asks = wish["type"] in ("HTTP", "HTTPS")
    given = [name for name in _ASK if wish.get(name) is not None]
    if given and not asks:
        raise Fault(
            400,
            f"{given[0]} is not a valid option for health monitors of type {wish['type']}",
        )
    if asks:
        wish |= {name: wish.get(name) or _USUAL[name] for name in _ASK}
    return MONITORS.make(service, call, wish)


def change(service: Balancing, call: Call, monitor: HealthMonitor, wish: Wish) -> None:
    if monitor.type in ("HTTP", "HTTPS"):
        wish |= {name: _USUAL[name] for name in _ASK if name in wish and wish[name] is None}
    MONITORS.assign(service, monitor, wish)


def _more(service: Balancing, call: Call, monitor: HealthMonitor, view: str) -> dict[str, Any]:
    return {"pools": [{"id": monitor.pool_id}]}


MONITORS = PartKind[HealthMonitor](
    dialect=DIALECT,
    name="healthmonitor",
    noun="Health Monitor",
    entity=HealthMonitor,
    limit="healthmonitor",
    life=LIFE,
    ties=Ties(names={"pool_id": POOLS}),
    create=create,
    change=change,
    more=_more,
)
