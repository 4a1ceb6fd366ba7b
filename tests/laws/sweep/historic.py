"""Samples of types that only old templates name."""

from __future__ import annotations

from collections.abc import Mapping

from tests.laws.sweep import balancing
from tests.laws.sweep.samples import NET, SERVERS, Sample, made, ref

LBAAS = (
    *("LoadBalancer", "Listener", "Pool", "PoolMember", "HealthMonitor", "L7Policy", "L7Rule"),
)
"""Those of the second generation are what their successors are, under another name."""

MONITOR = {"delay": 5, "timeout": 3, "max_retries": 2, "type": "HTTP"}
POOL = {
    "protocol": "HTTP",
    "subnet": ref("subnet"),
    "lb_method": "ROUND_ROBIN",
    "vip": {"protocol_port": 80},
}
AROUND = {
    **NET,
    "monitor": made("OS::Neutron::HealthMonitor", **MONITOR),
    "monitor2": made("OS::Neutron::HealthMonitor", **{**MONITOR, "delay": 9}),
}
MEMBER = {"pool_id": ref("pool"), "address": "10.7.0.5", "protocol_port": 80}
POOLS = {
    **NET,
    "pool": made("OS::Neutron::Pool", **POOL),
    "pool2": made("OS::Neutron::Pool", **POOL),
}


def _of_their_time(sample: Sample) -> Sample:
    """Without what was not known then."""

    def without(given: Mapping[str, object] | None) -> Mapping[str, object] | None:
        return given and {
            name: each for name, each in given.items() if name not in ("tags", "monitor_port")
        }

    return Sample(
        without(sample.before) or {}, without(sample.inside), without(sample.other), sample.around
    )


SAMPLES: Mapping[str, Sample] = {
    **{
        f"OS::Neutron::LBaaS::{kind}": _of_their_time(balancing.SAMPLES[f"OS::Octavia::{kind}"])
        for kind in LBAAS
    },
    "OS::Neutron::LBaaS::Pool": Sample(
        {**balancing.POOL, "description": "d"},
        {**balancing.POOL, "lb_algorithm": "SOURCE_IP", "name": "new"},
        {**balancing.POOL, "protocol": "TCP"},
        balancing.LISTENER,
    ),
    "OS::Neutron::LBaaS::PoolMember": Sample(
        {"pool": ref("pool"), "address": "10.7.0.5", "protocol_port": 80, "subnet": ref("subnet")},
        {
            "pool": ref("pool"),
            "address": "10.7.0.5",
            "protocol_port": 80,
            "subnet": ref("subnet"),
            "weight": 5,
        },
        {"pool": ref("pool"), "address": "10.7.0.6", "protocol_port": 80, "subnet": ref("subnet")},
        balancing.POOLS,
    ),
    "OS::Neutron::HealthMonitor": Sample(MONITOR, {**MONITOR, "delay": 9}, None),
    "OS::Neutron::Pool": Sample(
        {**POOL, "monitors": [ref("monitor")]},
        {**POOL, "lb_method": "SOURCE_IP", "description": "d", "monitors": [ref("monitor2")]},
        {**POOL, "protocol": "TCP"},
        AROUND,
    ),
    "OS::Neutron::PoolMember": Sample(
        MEMBER, {**MEMBER, "weight": 7}, {**MEMBER, "pool_id": ref("pool2")}, POOLS
    ),
    "OS::Neutron::LoadBalancer": Sample(
        {"pool_id": ref("pool"), "protocol_port": 80, "members": [ref("server")]},
        {"pool_id": ref("pool2"), "protocol_port": 80, "members": [ref("server2")]},
        None,
        {**POOLS, **SERVERS},
    ),
}
