"""OS::Aodh::EventAlarm: waits for something to happen."""

from isotherm.kit import Properties, prop, register, supported
from isotherm.resources.alarm.alarm_type import COMPARISONS, VALUE_TYPES, Acting, AlarmType


class Condition(Properties):
    field: str | None = prop("Field of the event.")
    type: str = prop("Type of the value.", default="string", allowed=VALUE_TYPES)
    op: str | None = prop("Comparison.", allowed=COMPARISONS)
    value: str | None = prop("Value, as text.")


class EventAlarmProperties(Acting):
    event_type: str = prop(
        "Which events; `*` stands for anything.", default="*", sends="event_rule.event_type", update_allowed=True
    )
    query: list[Condition] | None = prop("What they must meet.", sends="event_rule.query", update_allowed=True)


@register("OS::Aodh::EventAlarm", support=supported("8.0.0"))
class EventAlarm(AlarmType[EventAlarmProperties]):
    """Waits for something to happen."""

    kind = "event"
