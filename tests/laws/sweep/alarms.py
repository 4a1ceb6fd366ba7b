"""Samples of alarms."""

from __future__ import annotations

from collections.abc import Mapping

from tests.laws.sweep.samples import QUEUES, Sample, made, ref

ONE = {
    "metric": "cpu",
    "resource_id": "server",
    "resource_type": "instance",
    "aggregation_method": "mean",
    "threshold": 80,
}
SUB = {**ONE, "type": "gnocchi_resources_threshold"}
LIMIT = {"aggregation_method": "mean", "threshold": 80}
CONSTRAINED = {"time_constraints": [{"name": "a", "start": "0 0 * * *", "duration": 60}]}
POOL = {
    "net": made("OS::Neutron::Net"),
    "subnet": made("OS::Neutron::Subnet", network=ref("net"), cidr="10.7.0.0/24"),
    "balancer": made("OS::Octavia::LoadBalancer", vip_subnet=ref("subnet")),
    "pool": made(
        "OS::Octavia::Pool",
        loadbalancer=ref("balancer"),
        lb_algorithm="ROUND_ROBIN",
        protocol="HTTP",
    ),
}
MEMBERS = {"pool": ref("pool"), "stack": "s", "autoscaling_group_id": "g"}

WATCHED = {
    "Namespace": "App",
    "MetricName": "load",
    "Statistic": "Average",
    "Period": "60",
    "EvaluationPeriods": "1",
    "Threshold": "80",
    "ComparisonOperator": "GreaterThanThreshold",
}

SAMPLES: Mapping[str, Sample] = {
    "AWS::CloudWatch::Alarm": Sample(WATCHED, {**WATCHED, "Threshold": "90"}, None),
    "OS::Ceilometer::CombinationAlarm": Sample(
        {"alarm_ids": [ref("one"), ref("two")], "operator": "or"},
        {"alarm_ids": [ref("one")]},
        {"alarm_ids": [ref("one"), ref("two")], **CONSTRAINED},
        {each: made("OS::Aodh::Alarm", meter_name="cpu", threshold=1) for each in ("one", "two")},
    ),
    "OS::Heat::CWLiteAlarm": Sample(
        WATCHED, {**WATCHED, "Threshold": "90"}, {**WATCHED, "MetricName": "other"}
    ),
    "OS::Aodh::Alarm": Sample(
        {"meter_name": "cpu", "threshold": 1, "matching_metadata": {"a": "b"}},
        {"meter_name": "cpu", "threshold": 2, "severity": "critical", "enabled": False},
        {"meter_name": "disk", "threshold": 1},
    ),
    "OS::Aodh::CompositeAlarm": Sample(
        {"composite_rule": {"operator": "or", "rules": [SUB, SUB]}},
        {"composite_rule": {"operator": "and", "rules": [SUB, SUB]}},
        {"composite_rule": {"operator": "or", "rules": [SUB, SUB]}, **CONSTRAINED},
    ),
    "OS::Aodh::EventAlarm": Sample(
        {"event_type": "a", "alarm_queues": [ref("queue")]},
        {"event_type": "b", "ok_queues": [ref("queue2")]},
        {"event_type": "a", **CONSTRAINED},
        QUEUES,
    ),
    "OS::Aodh::GnocchiAggregationByMetricsAlarm": Sample(
        {"metrics": ["a"], **LIMIT},
        {"metrics": ["b"], **LIMIT},
        {"metrics": ["a"], **LIMIT, **CONSTRAINED},
    ),
    "OS::Aodh::GnocchiAggregationByResourcesAlarm": Sample(
        {"metric": "cpu", "resource_type": "instance", "query": "{}", **LIMIT},
        {"metric": "disk", "resource_type": "instance", "query": "{}", **LIMIT},
        {"metric": "cpu", "resource_type": "instance", "query": "{}", **LIMIT, **CONSTRAINED},
    ),
    "OS::Aodh::GnocchiResourcesAlarm": Sample(
        ONE, {**ONE, "threshold": 90, "granularity": 60}, {**ONE, **CONSTRAINED}
    ),
    "OS::Aodh::LBMemberHealthAlarm": Sample(
        MEMBERS, {**MEMBERS, "autoscaling_group_id": "h"}, {**MEMBERS, "stack": "t"}, POOL
    ),
    "OS::Aodh::PrometheusAlarm": Sample(
        {"query": "up", "threshold": 1},
        {"query": "down", "threshold": 2},
        {"query": "up", "threshold": 1, **CONSTRAINED},
    ),
}
