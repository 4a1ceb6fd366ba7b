"""OS::Aodh::CompositeAlarm: several rules as one."""

from typing import Any

from isotherm.kit import Properties, prop, register, supported
from isotherm.resources.alarm.alarm_type import Acting, AlarmType


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
