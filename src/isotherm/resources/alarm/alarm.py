"""OS::Aodh::Alarm: watches a meter, as long as there is a service that has some."""

import json
from typing import Any

from isotherm.kit import Properties, deprecated, prop, register, supported
from isotherm.resources.alarm.alarm_type import (
    COMPARISONS,
    VALUE_TYPES,
    Acting,
    AlarmType,
    comparison_of,
    limit_of,
    periods_of,
)

RULE = "threshold_rule"
_METADATA = "metadata."


class Condition(Properties):
    field: str | None = prop("Field.")
    type: str = prop("Type of the value.", default="string", allowed=VALUE_TYPES, since="8.0.0")
    op: str | None = prop("Comparison.", allowed=COMPARISONS)
    value: str | None = prop("Value, as text.")


class AlarmProperties(Acting):
    comparison_operator: str | None = comparison_of(RULE)
    evaluation_periods: int | None = periods_of(RULE)
    meter_name: str = prop("Meter.", sends=f"{RULE}.meter_name")
    period: int | None = prop("Seconds of a period.", sends=f"{RULE}.period", update_allowed=True)
    statistic: str | None = prop(
        "What is made of the values of a period.",
        allowed=("count", "avg", "sum", "min", "max"),
        sends=f"{RULE}.statistic",
        update_allowed=True,
    )
    threshold: float = limit_of(RULE)
    matching_metadata: dict[str, Any] = prop(
        "What samples must have in their metadata.", default={}, sends=None, update_allowed=True
    )
    query: list[Condition] | None = prop(
        "What samples must meet.", sends=f"{RULE}.query", update_allowed=True, since="2015.1"
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
