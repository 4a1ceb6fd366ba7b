"""OS::Aodh::Gnocchi*Alarm: watch metrics of one resource, of several, or several metrics."""

from typing import Any

from isotherm.kit import prop, register, supported
from isotherm.resources.alarm.alarm_type import Acting, AlarmType, comparison_of, limit_of, periods_of

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
