"""The actions of the CloudWatch API, with their policies and handlers."""

from __future__ import annotations

from isotherm.api.aws.door import Action, Handler
from isotherm.api.cloudwatch import alarms, measures

_OFFERS = {"SetAlarmState": ("AlarmName", "StateValue", "StateReason")}
"""The parameters that have an effect, where that is not all that AWS has."""


def _action(name: str, handler: Handler) -> Action:
    return Action(name, f"cloudwatch:{name}", handler, _OFFERS.get(name))


ACTIONS = (
    _action("DeleteAlarms", alarms.delete),
    _action("DescribeAlarmHistory", alarms.history),
    _action("DescribeAlarms", alarms.describe),
    _action("DescribeAlarmsForMetric", alarms.describe_for_metric),
    _action("DisableAlarmActions", alarms.disable_actions),
    _action("EnableAlarmActions", alarms.enable_actions),
    _action("GetMetricData", measures.data),
    _action("GetMetricStatistics", measures.statistics),
    _action("ListMetrics", measures.index),
    _action("PutMetricAlarm", alarms.put),
    _action("PutMetricData", measures.put),
    _action("SetAlarmState", alarms.set_state),
)
