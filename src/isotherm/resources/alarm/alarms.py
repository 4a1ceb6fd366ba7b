"""OS::Aodh::*Alarm, and OS::Ceilometer::CombinationAlarm: what the alarm service watches, one type for each kind."""

from __future__ import annotations

import json
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, changeable, deprecated, hidden, prop, register, supported
from isotherm.kit.services.alarm import ALARM
from isotherm.resources.alarm import alarm_type
from isotherm.resources.alarm.alarm_type import Acting, AlarmType

_METADATA = "metadata."


class Condition(Properties):
    field: str | None = prop("Field.")
    type: str = prop("Type of the value.", default="string", allowed=alarm_type.VALUE_TYPES, since="8.0.0")
    op: str | None = prop("Comparison.", allowed=alarm_type.COMPARISONS)
    value: str | None = prop("Value, as text.")


class AlarmProperties(Acting):
    comparison_operator: str | None = alarm_type.COMPARISON
    evaluation_periods: int | None = alarm_type.PERIODS
    meter_name: str = prop("Meter.")
    period: int | None = changeable("Seconds of a period.")
    statistic: str | None = changeable(
        "What is made of the values of a period.", allowed=("count", "avg", "sum", "min", "max")
    )
    threshold: float = alarm_type.LIMIT
    matching_metadata: dict[str, Any] = changeable("What samples must have in their metadata.", default={}, sends=None)
    query: list[Condition] | None = changeable("What samples must meet.", since="2015.1")


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


class Aggregated(Acting):
    comparison_operator: str | None = alarm_type.COMPARISON
    evaluation_periods: int | None = alarm_type.PERIODS
    aggregation_method: str | None = alarm_type.METHOD
    granularity: int | None = alarm_type.GRANULARITY
    threshold: float = alarm_type.LIMIT


class ResourceAlarmProperties(Aggregated):
    metric: str = changeable("Name of the metric.")
    resource_id: str = changeable("Resource that is measured.")
    resource_type: str = changeable("Its type.")


class MetricsAlarmProperties(Aggregated):
    metrics: list[Any] = changeable("Ids of the metrics.")


class ResourcesAlarmProperties(Aggregated):
    metric: str = changeable("Name of the metric.")
    query: str = changeable("Which resources are measured, as JSON text.")
    resource_type: str = changeable("Their type.")


@register("OS::Aodh::GnocchiResourcesAlarm", support=supported("2015.1"))
class GnocchiResourcesAlarm(AlarmType[ResourceAlarmProperties]):
    """Watches a metric of one resource."""

    kind = "gnocchi_resources_threshold"


@register("OS::Aodh::GnocchiAggregationByMetricsAlarm", support=supported("2015.1"))
class GnocchiAggregationByMetricsAlarm(AlarmType[MetricsAlarmProperties]):
    """Watches several metrics as one."""

    kind = "gnocchi_aggregation_by_metrics_threshold"


@register("OS::Aodh::GnocchiAggregationByResourcesAlarm", support=supported("2015.1"))
class GnocchiAggregationByResourcesAlarm(AlarmType[ResourcesAlarmProperties]):
    """Watches a metric of all resources that meet a query."""

    kind = "gnocchi_aggregation_by_resources_threshold"


class PrometheusAlarmProperties(Acting):
    comparison_operator: str | None = alarm_type.COMPARISON
    query: str = changeable("Query in PromQL.")
    threshold: float = alarm_type.LIMIT


@register("OS::Aodh::PrometheusAlarm", support=supported("22.0.0"))
class PrometheusAlarm(AlarmType[PrometheusAlarmProperties]):
    """Watches what a Prometheus server knows."""

    kind = "prometheus"


class EventCondition(Properties):
    field: str | None = prop("Field of the event.")
    type: str = prop("Type of the value.", default="string", allowed=alarm_type.VALUE_TYPES)
    op: str | None = prop("Comparison.", allowed=alarm_type.COMPARISONS)
    value: str | None = prop("Value, as text.")


class EventAlarmProperties(Acting):
    event_type: str = changeable("Which events; `*` stands for anything.", default="*")
    query: list[EventCondition] | None = changeable("What they must meet.")


@register("OS::Aodh::EventAlarm", support=supported("8.0.0"))
class EventAlarm(AlarmType[EventAlarmProperties]):
    """Waits for something to happen."""

    kind = "event"


class LbMemberHealthAlarmProperties(Acting):
    pool: str = changeable("Pool.", resolves="octavia.pool", sends="pool_id")
    stack: str = prop("Id of the stack that the members belong to.", sends="stack_id")
    autoscaling_group_id: str = changeable("Group whose members they are.")


@register("OS::Aodh::LBMemberHealthAlarm", support=supported("13.0.0"))
class LbMemberHealthAlarm(AlarmType[LbMemberHealthAlarmProperties]):
    """Notices members of a pool that do not answer."""

    kind = "loadbalancer_member_health"


class CompositeRule(Properties):
    operator: str = changeable("Whether all rules must hold, or one.", allowed=("or", "and"))
    rules: list[Any] = changeable("Rules, each with its type.", min_length=2)


class CompositeAlarmProperties(Acting):
    composite_rule: CompositeRule = changeable("Rules.", sends=None)


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
    alarm_ids: list[Any] = changeable("Alarms that are combined.", min_length=1, sends=None)
    operator: str | None = changeable("Whether all of them count together, or each.", allowed=("and", "or"), sends=None)


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
