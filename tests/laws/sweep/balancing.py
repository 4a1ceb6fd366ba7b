"""Samples of load balancers and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from tests.laws.sweep.samples import GROUP, NET, SERVERS, Sample, made, ref

BALANCER = {**NET, "balancer": made("OS::Octavia::LoadBalancer", vip_subnet=ref("subnet"))}
HTTP = {"protocol": "HTTP", "protocol_port": 80, "loadbalancer": ref("balancer")}
LISTENER = {**BALANCER, "listener": made("OS::Octavia::Listener", **HTTP)}
POOL: dict[str, Any] = {
    "protocol": "HTTP",
    "lb_algorithm": "ROUND_ROBIN",
    "loadbalancer": ref("balancer"),
}
POOLS = {**LISTENER, "pool": made("OS::Octavia::Pool", **POOL)}
WATCH = {"delay": 5, "timeout": 3, "max_retries": 2, "type": "HTTP"}
POLICY = {
    **LISTENER,
    "policy": made("OS::Octavia::L7Policy", action="REJECT", listener=ref("listener")),
}
PROFILES = {
    "profile": made("OS::Octavia::FlavorProfile", provider_name="octavia", flavor_data="{}"),
    "profile2": made("OS::Octavia::FlavorProfile", provider_name="octavia", flavor_data="{}"),
    "zones": made(
        "OS::Octavia::AvailabilityZoneProfile", provider_name="octavia", availability_zone_data="{}"
    ),
    "zones2": made(
        "OS::Octavia::AvailabilityZoneProfile", provider_name="octavia", availability_zone_data="{}"
    ),
}
PROJECT = {"project": made("OS::Keystone::Project")}
AsAdmin = partial(Sample, user="admin")

ELASTIC: dict[str, Any] = {
    "AvailabilityZones": ["nova"],
    "Listeners": [{"InstancePort": "8080", "LoadBalancerPort": "80", "Protocol": "HTTP"}],
    "HealthCheck": {
        "HealthyThreshold": "3",
        "UnhealthyThreshold": "5",
        "Interval": "30",
        "Target": "HTTP:8080/up",
        "Timeout": "5",
    },
}

SAMPLES: Mapping[str, Sample] = {
    "AWS::ElasticLoadBalancing::LoadBalancer": Sample(
        {**ELASTIC, "Instances": [ref("server")]},
        {**ELASTIC, "Instances": [ref("server2"), ref("server")], "SecurityGroups": [ref("group")]},
        {**ELASTIC, "AvailabilityZones": ["other"], "Instances": [ref("server")]},
        {**SERVERS, **GROUP},
    ),
    "OS::Octavia::LoadBalancer": Sample(
        {"vip_subnet": ref("subnet")},
        {"vip_subnet": ref("subnet"), "name": "new", "description": "d", "admin_state_up": False},
        {"vip_subnet": ref("subnet"), "vip_address": "10.7.0.77"},
        NET,
    ),
    "OS::Octavia::Listener": Sample(
        {**HTTP, "description": "d"},
        {**HTTP, "name": "new", "connection_limit": 5, "admin_state_up": False},
        {**HTTP, "protocol_port": 81},
        BALANCER,
    ),
    "OS::Octavia::Pool": Sample(
        {**POOL, "session_persistence": {"type": "SOURCE_IP"}},
        {**POOL, "lb_algorithm": "SOURCE_IP", "name": "new", "description": "d"},
        {**POOL, "protocol": "PROXY"},
        LISTENER,
    ),
    "OS::Octavia::PoolMember": Sample(
        {"pool": ref("pool"), "address": "10.7.0.5", "protocol_port": 80, "tags": ["a"]},
        {"pool": ref("pool"), "address": "10.7.0.5", "protocol_port": 80, "weight": 5},
        {"pool": ref("pool"), "address": "10.7.0.5", "protocol_port": 80, "monitor_port": 81},
        POOLS,
    ),
    "OS::Octavia::HealthMonitor": Sample(
        {**WATCH, "pool": ref("pool"), "url_path": "/up"},
        {**WATCH, "pool": ref("pool"), "delay": 9, "expected_codes": "200-204"},
        {**WATCH, "pool": ref("pool"), "type": "HTTPS"},
        POOLS,
    ),
    "OS::Octavia::L7Policy": Sample(
        {"listener": ref("listener"), "action": "REJECT", "position": 1},
        {
            "listener": ref("listener"),
            "action": "REDIRECT_TO_URL",
            "redirect_url": "http://example.org",
            "name": "new",
        },
        None,
        LISTENER,
    ),
    "OS::Octavia::L7Rule": Sample(
        {"l7policy": ref("policy"), "type": "PATH", "compare_type": "EQUAL_TO", "value": "/a"},
        {
            "l7policy": ref("policy"),
            "type": "HEADER",
            "compare_type": "CONTAINS",
            "key": "X-A",
            "value": "b",
            "invert": True,
        },
        None,
        POLICY,
    ),
    "OS::Octavia::FlavorProfile": AsAdmin(
        {"provider_name": "octavia", "flavor_data": "{}", "name": "stack-first"},
        {"provider_name": "octavia", "flavor_data": '{"a": "b"}', "name": "stack-new"},
        None,
    ),
    "OS::Octavia::Flavor": AsAdmin(
        {"flavor_profile": ref("profile"), "name": "stack-small"},
        {"flavor_profile": ref("profile"), "description": "d", "enabled": False},
        {"flavor_profile": ref("profile2"), "name": "stack-small"},
        PROFILES,
    ),
    "OS::Octavia::AvailabilityZoneProfile": AsAdmin(
        {"provider_name": "octavia", "availability_zone_data": "{}", "name": "stack-first"},
        {"provider_name": "amphora", "availability_zone_data": '{"a": "b"}', "name": "stack-new"},
        None,
    ),
    "OS::Octavia::AvailabilityZone": AsAdmin(
        {"availability_zone_profile": ref("zones"), "name": "stack-zone"},
        {"availability_zone_profile": ref("zones"), "name": "stack-zone", "enabled": False},
        {"availability_zone_profile": ref("zones2"), "name": "stack-zone2"},
        PROFILES,
    ),
    "OS::Octavia::Quota": AsAdmin(
        {"project": ref("project"), "loadbalancer": 3},
        {"project": ref("project"), "member": 7},
        None,
        PROJECT,
    ),
}
