"""The actions of the CloudWatch API, with their policies and handlers."""

from __future__ import annotations

from isotherm.api.aws.door import Action, Handler
from isotherm.api.cloudwatch import alarm_wishes, alarms, data_queries, measures, tags

_OFFERS = {
    "DescribeAlarmHistory": (
        *("AlarmName", "AlarmTypes", "HistoryItemType", "StartDate", "EndDate"),
        *("MaxRecords", "NextToken", "ScanBy"),
    ),
    "GetMetricData": (
        *("MetricDataQueries", "StartTime", "EndTime", "ScanBy"),
        *("MaxDatapoints", "NextToken", "LabelOptions"),
    ),
    "ListMetrics": ("Namespace", "MetricName", "Dimensions", "NextToken", "RecentlyActive"),
    "PutCompositeAlarm": (
        *("ActionsEnabled", "AlarmActions", "AlarmDescription", "AlarmName", "AlarmRule"),
        *("InsufficientDataActions", "OKActions", "Tags", "ActionsSuppressor"),
        *("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"),
    ),
    "PutMetricAlarm": (
        *("AlarmName", "AlarmDescription", "ActionsEnabled", "OKActions", "AlarmActions"),
        *("InsufficientDataActions", "MetricName", "Namespace", "Statistic", "ExtendedStatistic"),
        *("Dimensions", "Period", "Unit", "EvaluationPeriods", "DatapointsToAlarm", "Threshold"),
        *("ComparisonOperator", "TreatMissingData", "Metrics", "Tags"),
        "EvaluateLowSampleCountPercentile",
    ),
    "PutMetricData": ("Namespace", "MetricData"),
    "SetAlarmState": ("AlarmName", "StateValue", "StateReason", "StateReasonData"),
}
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
    _action("GetMetricData", data_queries.data),
    _action("GetMetricStatistics", measures.statistics),
    _action("ListMetrics", measures.index),
    _action("ListTagsForResource", tags.index),
    _action("PutCompositeAlarm", alarm_wishes.put_composite),
    _action("PutMetricAlarm", alarm_wishes.put),
    _action("PutMetricData", measures.put),
    _action("SetAlarmState", alarms.set_state),
    _action("TagResource", tags.put),
    _action("UntagResource", tags.remove),
)
