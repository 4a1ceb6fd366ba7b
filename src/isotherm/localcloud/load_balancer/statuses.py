"""How a load balancer and all its parts do, as one tree."""

from typing import Any

from isotherm.localcloud.load_balancer.dialect import operating
from isotherm.localcloud.load_balancer.entities import LoadBalancer, Part, Pool
from isotherm.localcloud.load_balancer.state import Balancing

NO_TRAFFIC = dict.fromkeys(
    ("active_connections", "bytes_in", "bytes_out", "request_errors", "total_connections"), 0
)


def tree(service: Balancing, balancer: LoadBalancer) -> dict[str, Any]:
    listeners = [
        {
            **_brief(service, listener),
            "pools": [
                _pool(service, pool)
                for pool in service.pools.find(loadbalancer_id=balancer.id)
                if listener in service.listeners_of(pool)
            ],
        }
        for listener in service.listeners.find(loadbalancer_id=balancer.id)
    ]
    return {**_brief(service, balancer), "listeners": listeners}


def _pool(service: Balancing, pool: Pool) -> dict[str, Any]:
    members = [
        {**_brief(service, each), "address": each.address, "protocol_port": each.protocol_port}
        for each in service.members.find(pool_id=pool.id)
    ]
    shown = {**_brief(service, pool), "members": members}
    monitor = service.monitor_of(pool.id)
    if monitor is not None:
        shown["health_monitor"] = {**_brief(service, monitor), "type": monitor.type}
    return shown


def _brief(service: Balancing, part: Part) -> dict[str, Any]:
    return {
        "id": part.id,
        "name": part.name,
        "provisioning_status": part.provisioning_status,
        "operating_status": operating(service, part),
    }
