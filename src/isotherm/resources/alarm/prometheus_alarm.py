"""OS::Aodh::PrometheusAlarm: watches what a Prometheus server knows."""

from isotherm.kit import prop, register, supported
from isotherm.resources.alarm.alarm_type import Acting, AlarmType, comparison_of, limit_of

RULE = "prometheus_rule"


class PrometheusAlarmProperties(Acting):
    comparison_operator: str | None = comparison_of(RULE)
    query: str = prop("Query in PromQL.", sends=f"{RULE}.query", update_allowed=True)
    threshold: float = limit_of(RULE)


@register("OS::Aodh::PrometheusAlarm", support=supported("22.0.0"))
class PrometheusAlarm(AlarmType[PrometheusAlarmProperties]):
    """Watches what a Prometheus server knows."""

    kind = "prometheus"
