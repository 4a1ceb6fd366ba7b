"""OS::Aodh::*Alarm, and OS::Ceilometer::CombinationAlarm: what the alarm service watches, one type for each kind."""

from __future__ import annotations

import json
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, deprecated, hidden, prop, register, supported
from isotherm.kit.services.alarm import ALARM
from isotherm.resources.alarm.alarm_type import (
    COMPARISONS,
    VALUE_TYPES,
    Acting,
    AlarmType,
    comparison_of,
    limit_of,
    periods_of,
)

THRESHOLD = "threshold_rule"
_METADATA = "metadata."


class Condition(Properties):
    field: str | None = prop("Field.")
    type: str = prop("Type of the value.", default="string", allowed=VALUE_TYPES, since="8.0.0")
    op: str | None = prop("Comparison.", allowed=COMPARISONS)
    value: str | None = prop("Value, as text.")


class AlarmProperties(Acting):
    comparison_operator: str | None = comparison_of(THRESHOLD)
    evaluation_periods: int | None = periods_of(THRESHOLD)
    meter_name: str = prop("Meter.", sends=f"{THRESHOLD}.meter_name")
    period: int | None = prop("Seconds of a period.", sends=f"{THRESHOLD}.period", update_allowed=True)
    statistic: str | None = prop(
        "What is made of the values of a period.",
        allowed=("count", "avg", "sum", "min", "max"),
        sends=f"{THRESHOLD}.statistic",
        update_allowed=True,
    )
    threshold: float = limit_of(THRESHOLD)
    matching_metadata: dict[str, Any] = prop(
        "What samples must have in their metadata.", default={}, sends=None, update_allowed=True
    )
    query: list[Condition] | None = prop(
        "What samples must meet.", sends=f"{THRESHOLD}.query", update_allowed=True, since="2015.1"
    )


@register("OS::Aodh::Alarm", support=deprecated("10.0.0", supported("2014.1")))
class Alarm(AlarmType[AlarmProperties]):
    """Watches a meter. Today's alarm services have meters no more: see OS::Aodh::GnocchiResourcesAlarm."""

    kind = "threshold"

    def rule(self, props: AlarmProperties, rule: dict[str, Any]) -> dict[str, Any]:
        conditions = [
            {
                "field": name if name.startswith(_METADATA) else f"{_METADATA}metering.{name}",
                "op": "eq",
                "value": value if isinstance(value, str) else json.dumps(value),
            }
            for name, value in props.matching_metadata.items()
        ]
        return {**rule, "query": [*conditions, *rule.get("query", ())]}


ONE = "gnocchi_resources_threshold"
METRICS = "gnocchi_aggregation_by_metrics_threshold"
RESOURCES = "gnocchi_aggregation_by_resources_threshold"


def _field(kind: str, name: str, doc: str) -> Any:
    return prop(doc, sends=f"{kind}_rule.{name}", update_allowed=True)


def _method(kind: str) -> Any:
    return _field(kind, "aggregation_method", "What is made of the values of a period.")


def _granularity(kind: str) -> Any:
    return _field(kind, "granularity", "Seconds of a period.")


class ResourceAlarmProperties(Acting):
    metric: str = _field(ONE, "metric", "Name of the metric.")
    resource_id: str = _field(ONE, "resource_id", "Resource that is measured.")
    resource_type: str = _field(ONE, "resource_type", "Its type.")
    comparison_operator: str | None = comparison_of(f"{ONE}_rule")
    evaluation_periods: int | None = periods_of(f"{ONE}_rule")
    aggregation_method: str | None = _method(ONE)
    granularity: int | None = _granularity(ONE)
    threshold: float = limit_of(f"{ONE}_rule")


class MetricsAlarmProperties(Acting):
    metrics: list[Any] = _field(METRICS, "metrics", "Ids of the metrics.")
    comparison_operator: str | None = comparison_of(f"{METRICS}_rule")
    evaluation_periods: int | None = periods_of(f"{METRICS}_rule")
    aggregation_method: str | None = _method(METRICS)
    granularity: int | None = _granularity(METRICS)
    threshold: float = limit_of(f"{METRICS}_rule")


class ResourcesAlarmProperties(Acting):
    metric: str = _field(RESOURCES, "metric", "Name of the metric.")
    query: str = _field(RESOURCES, "query", "Which resources are measured, as JSON text.")
    resource_type: str = _field(RESOURCES, "resource_type", "Their type.")
    comparison_operator: str | None = comparison_of(f"{RESOURCES}_rule")
    evaluation_periods: int | None = periods_of(f"{RESOURCES}_rule")
    aggregation_method: str | None = _method(RESOURCES)
    granularity: int | None = _granularity(RESOURCES)
    threshold: float = limit_of(f"{RESOURCES}_rule")


@register("OS::Aodh::GnocchiResourcesAlarm", support=supported("2015.1"))
class GnocchiResourcesAlarm(AlarmType[ResourceAlarmProperties]):
    """Watches a metric of one resource."""

    kind = ONE


@register("OS::Aodh::GnocchiAggregationByMetricsAlarm", support=supported("2015.1"))
class GnocchiAggregationByMetricsAlarm(AlarmType[MetricsAlarmProperties]):
    """Watches several metrics as one."""

    kind = METRICS


@register("OS::Aodh::GnocchiAggregationByResourcesAlarm", support=supported("2015.1"))
class GnocchiAggregationByResourcesAlarm(AlarmType[ResourcesAlarmProperties]):
    """Watches a metric of all resources that meet a query."""

    kind = RESOURCES


PROMETHEUS = "prometheus_rule"


class PrometheusAlarmProperties(Acting):
    comparison_operator: str | None = comparison_of(PROMETHEUS)
    query: str = prop("Query in PromQL.", sends=f"{PROMETHEUS}.query", update_allowed=True)
    threshold: float = limit_of(PROMETHEUS)


@register("OS::Aodh::PrometheusAlarm", support=supported("22.0.0"))
class PrometheusAlarm(AlarmType[PrometheusAlarmProperties]):
    """Watches what a Prometheus server knows."""

    kind = "prometheus"


class EventCondition(Properties):
    field: str | None = prop("Field of the event.")
    type: str = prop("Type of the value.", default="string", allowed=VALUE_TYPES)
    op: str | None = prop("Comparison.", allowed=COMPARISONS)
    value: str | None = prop("Value, as text.")


class EventAlarmProperties(Acting):
    event_type: str = prop(
        "Which events; `*` stands for anything.", default="*", sends="event_rule.event_type", update_allowed=True
    )
    query: list[EventCondition] | None = prop("What they must meet.", sends="event_rule.query", update_allowed=True)


@register("OS::Aodh::EventAlarm", support=supported("8.0.0"))
class EventAlarm(AlarmType[EventAlarmProperties]):
    """Waits for something to happen."""

    kind = "event"


MEMBER_HEALTH = "loadbalancer_member_health_rule"


class LbMemberHealthAlarmProperties(Acting):
    pool: str = prop("Pool.", resolves="octavia.pool", sends=f"{MEMBER_HEALTH}.pool_id", update_allowed=True)
    stack: str = prop("Id of the stack that the members belong to.", sends=f"{MEMBER_HEALTH}.stack_id")
    autoscaling_group_id: str = prop(
        "Group whose members they are.", sends=f"{MEMBER_HEALTH}.autoscaling_group_id", update_allowed=True
    )


@register("OS::Aodh::LBMemberHealthAlarm", support=supported("13.0.0"))
class LbMemberHealthAlarm(AlarmType[LbMemberHealthAlarmProperties]):
    """Notices members of a pool that do not answer."""

    kind = "loadbalancer_member_health"


class CompositeRule(Properties):
    operator: str = prop("Whether all rules must hold, or one.", allowed=("or", "and"), update_allowed=True)
    rules: list[Any] = prop("Rules, each with its type.", min_length=2, update_allowed=True)


class CompositeAlarmProperties(Acting):
    composite_rule: CompositeRule = prop("Rules.", sends=None, update_allowed=True)


@register("OS::Aodh::CompositeAlarm", support=supported("8.0.0"))
class CompositeAlarm(AlarmType[CompositeAlarmProperties]):
    """Several rules as one."""

    kind = "composite"

    def rule(self, props: CompositeAlarmProperties, rule: dict[str, Any]) -> dict[str, Any]:
        return {props.composite_rule.operator: props.composite_rule.rules}


_GONE = hidden("10.0.0", deprecated("7.0.0", supported("2014.1")))
RULES = "rules"
"""Key of the private data: the rules of the alarms that are combined."""


class CombinationAlarmProperties(Acting):
    alarm_ids: list[Any] = prop("Alarms that are combined.", min_length=1, sends=None, update_allowed=True)
    operator: str | None = prop(
        "Whether all of them count together, or each.", allowed=("and", "or"), sends=None, update_allowed=True
    )


@register("OS::Ceilometer::CombinationAlarm", support=_GONE)
class CombinationAlarm(AlarmType[CombinationAlarmProperties]):
    """Several alarms as one; today OS::Aodh::CompositeAlarm, which it makes of their rules.

    It keeps to the rules that these have when it is made or changed.
    """

    kind = "composite"

    async def create(self, ctx: kit.Context[CombinationAlarmProperties]) -> kit.Outcome:
        if ctx.stage != RULES:
            await self._look(ctx)
            return kit.Pending(0, stage=RULES)
        return await super().create(ctx)

    async def update(self, ctx: kit.Context[CombinationAlarmProperties], changes: kit.Changes) -> kit.Outcome:
        await self._look(ctx)
        return await super().update(ctx, changes)

    async def _look(self, ctx: kit.Context[CombinationAlarmProperties]) -> None:
        shown = [await ctx.api.show(ALARM, str(each)) for each in ctx.props.alarm_ids]
        ctx.data[RULES] = [{**each[f"{each['type']}_rule"], "type": each["type"]} for each in shown]

    def create_body(self, ctx: kit.Context[CombinationAlarmProperties]) -> dict[str, Any]:
        rules = ctx.data.get(RULES, [])
        # A composite has two rules at least; one alarm twice is what it is.
        parts = rules * 2 if len(rules) == 1 else rules
        rule = {ctx.props.operator or "and": parts}
        return {**super().create_body(ctx), "composite_rule": rule}
