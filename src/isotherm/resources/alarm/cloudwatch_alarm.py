"""AWS::CloudWatch::Alarm and OS::Heat::CWLiteAlarm: alarms on measures that were put in here."""

from __future__ import annotations

from typing import Any

from isotherm import kit
from isotherm.kit import P, Properties, Told, changeable, deprecated, hidden, prop, register, supported
from isotherm.kit.measures import JUDGED_PERIODS, is_extended, may_be_judged, percentile_share
from isotherm.kit.watches import COMPARISONS, FEW_SAMPLES, STATISTICS

NO_UNIT = "None"
MISSING = ("breaching", "notBreaching", "ignore", "missing")
UNITS = (
    *("Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes"),
    *("Bits", "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count"),
    *("Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second"),
    *("Bits/Second", "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second"),
    *("Count/Second", NO_UNIT),
)


class LiteAlarmProperties(Properties):
    description: str | None = changeable("Description.", name="AlarmDescription")
    evaluation_periods: str = changeable("How many periods it takes.", name="EvaluationPeriods")
    metric_name: str = prop("Metric.", name="MetricName")
    namespace: str = prop("Where the metric is.", name="Namespace")
    period: str = changeable("Seconds of a period.", name="Period")
    comparison_operator: str = changeable(
        "How values are compared with the limit.", name="ComparisonOperator", allowed=tuple(COMPARISONS)
    )
    statistic: str = changeable("What is made of the values of a period.", name="Statistic", allowed=STATISTICS)
    threshold: str = changeable("Limit.", name="Threshold")
    units: str | None = changeable("Unit of the values.", name="Units", allowed=UNITS)
    alarm_actions: list[Any] | None = changeable("What an alarm signals.", name="AlarmActions")
    ok_actions: list[Any] | None = changeable("What its end signals.", name="OKActions")
    insufficient_data_actions: list[Any] | None = changeable(
        "What missing data signal.", name="InsufficientDataActions"
    )
    dimensions: list[Any] | None = prop("Which metric of the name.", name="Dimensions")


class AlarmProperties(LiteAlarmProperties):
    description: str = changeable("Description.", name="AlarmDescription", default="An alarm")
    metric_name: str = changeable("Metric.", name="MetricName")
    namespace: str = changeable("Where the metric is.", name="Namespace", default="system/linux")
    units: str = changeable("Unit of the values.", name="Units", default=NO_UNIT, allowed=UNITS)
    alarm_actions: list[Any] = changeable("What an alarm signals.", name="AlarmActions", default=[])
    ok_actions: list[Any] = changeable("What its end signals.", name="OKActions", default=[])
    insufficient_data_actions: list[Any] = changeable(
        "What missing data signal.", name="InsufficientDataActions", default=[]
    )
    dimensions: list[Any] = changeable("Which metric of the name.", name="Dimensions", default=[])


def _of_aws(doc: str, name: str, **more: Any) -> Any:
    """A property that templates for AWS have besides."""
    return changeable(doc, name=name, told=Told.NOT_AT_ALL, **more)


class AwsAlarmProperties(AlarmProperties):
    alarm_name: str | None = prop(
        "Its name in the project; by default one of its own.",
        name="AlarmName",
        min_length=1,
        max_length=255,
        told=Told.NOT_AT_ALL,
    )
    statistic: str | None = changeable(  # type: ignore[assignment]
        "What is made of the values of a period.", name="Statistic", allowed=STATISTICS, told=Told.AS_REQUIRED
    )
    extended: str | None = _of_aws(
        "The same, where it is a percentile or made of one, such as p99.", "ExtendedStatistic"
    )
    unit: str | None = _of_aws("Unit of the values, as AWS calls it.", "Unit", allowed=UNITS)
    datapoints: int | None = _of_aws(
        "How many of these periods must breach the limit; all by default.", "DatapointsToAlarm", ge=1
    )
    missing: str = _of_aws(
        "What periods without values stand for.", "TreatMissingData", default="missing", allowed=MISSING
    )
    few_samples: str | None = _of_aws(
        "Whether a percentile of few values is judged (evaluate), or changes nothing (ignore).",
        "EvaluateLowSampleCountPercentile",
        allowed=FEW_SAMPLES,
    )
    actions_enabled: bool = _of_aws("Whether it acts.", "ActionsEnabled", default=True)


class WatchType(kit.ResourceType[P]):
    """Kept and judged by the service itself; its name is its physical id."""

    effectless = False

    def wish(self, props: P) -> kit.Fields:
        return _wish(props)

    def given_name(self, props: P) -> str:
        """Empty where the template leaves it to us."""
        return ""

    async def create(self, ctx: kit.Context[P]) -> kit.Outcome:
        name = self.given_name(ctx.props) or ctx.physical_name
        await ctx.watches.put(name, self._owned(ctx))
        return kit.Started(name)

    def _owned(self, ctx: kit.Context[P]) -> kit.Fields:
        """The wish; an alarm whose name anybody may think of is known by its owner."""
        wanted = self.wish(ctx.props)
        return {**wanted, "owner": ctx.intent.uuid} if self.given_name(ctx.props) else wanted

    async def update(self, ctx: kit.Context[P], changes: kit.Changes) -> kit.Outcome:
        await ctx.watches.put(ctx.physical_id, self._owned(ctx))
        return kit.Pending(0)

    async def delete(self, ctx: kit.Context[P]) -> kit.Outcome:
        named = self.given_name(ctx.recorded or ctx.props)
        await ctx.watches.remove(ctx.physical_id, owner=ctx.intent.uuid if named else "")
        return kit.Ready()

    async def observe(self, ctx: kit.Context[P]) -> kit.Remote | None:
        found = await ctx.watches.show(ctx.physical_id) if ctx.physical_id else {}
        return None if found is None else dict(found)

    async def find(self, ctx: kit.Context[P]) -> kit.Candidates:
        given = self.given_name(ctx.props)
        name = given or ctx.physical_name
        there = await ctx.watches.show(name)
        if there is None or (given and there.get("owner") != ctx.intent.uuid):
            return ()
        return (kit.Candidate(name),)

    async def suspend(self, ctx: kit.Context[P]) -> kit.Outcome:
        await ctx.watches.put(ctx.physical_id, {**self._owned(ctx), "actions_enabled": False})
        return kit.Ready({})

    async def resume(self, ctx: kit.Context[P]) -> kit.Outcome:
        await ctx.watches.put(ctx.physical_id, self._owned(ctx))
        return kit.Ready({})

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        for name, wrong in (("EvaluationPeriods", _wrong_count), ("Period", _wrong_period), ("Threshold", _wrong)):
            value = properties.get(name)
            if isinstance(value, str) and (reason := wrong(value)):
                yield name, reason


def _wrong(text: str) -> str:
    """What is wrong with a number; empty if nothing is."""
    try:
        float(text)
    except ValueError:
        return f"{text!r} is no number"
    return ""


def _wrong_count(text: str) -> str:
    return _wrong(text) or ("" if text.isdecimal() and int(text) else f"{text} is no whole number of 1 or more")


def _wrong_period(text: str) -> str:
    if wrong := _wrong(text):
        return wrong
    if text.isdecimal() and may_be_judged(int(text)):
        return ""
    return f"{text} is none of {', '.join(map(str, JUDGED_PERIODS))}, and no multiple of 60 seconds"


def _wish(props: Any) -> kit.Fields:
    periods = int(props.evaluation_periods)
    units = props.units or NO_UNIT
    return {
        "namespace": props.namespace,
        "metric": props.metric_name,
        "dimensions": {str(each["Name"]): str(each["Value"]) for each in props.dimensions or ()},
        "description": props.description or "",
        "statistic": props.statistic,
        "period": int(props.period),
        "evaluation_periods": periods,
        "datapoints": periods,
        "threshold": float(props.threshold),
        "comparison": props.comparison_operator,
        "unit": "" if units == NO_UNIT else units,
        "alarm_actions": tuple(map(str, props.alarm_actions or ())),
        "ok_actions": tuple(map(str, props.ok_actions or ())),
        "insufficient_actions": tuple(map(str, props.insufficient_data_actions or ())),
    }


@register("AWS::CloudWatch::Alarm")
class CloudWatchAlarm(WatchType[AwsAlarmProperties]):
    """Watches measures that were put in through the CloudWatch API, and signals what its actions name."""

    exclusive = (("Statistic", "ExtendedStatistic"),)
    one_of = (("Statistic", "ExtendedStatistic"),)

    def given_name(self, props: AwsAlarmProperties) -> str:
        return props.alarm_name or ""

    def wish(self, props: AwsAlarmProperties) -> kit.Fields:
        wanted = _wish(props)
        unit = "" if props.unit == NO_UNIT else props.unit or wanted["unit"]
        datapoints = props.datapoints or wanted["datapoints"]
        more = {"missing": props.missing, "actions_enabled": props.actions_enabled}
        more["few_samples"] = props.few_samples or FEW_SAMPLES[0]
        statistic = props.statistic or props.extended
        return {**wanted, **more, "unit": unit, "datapoints": datapoints, "statistic": statistic}

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        if properties.get("Unit") and properties.get("Units") not in (None, NO_UNIT):
            yield "Unit", "cannot be used together with Units"
        extended = properties.get("ExtendedStatistic")
        if isinstance(extended, str) and not is_extended(extended):
            yield "ExtendedStatistic", f"{extended!r} is no statistic, such as p99 or tm90"
        if properties.get("EvaluateLowSampleCountPercentile") and not _may_be_percentile(extended):
            yield "EvaluateLowSampleCountPercentile", "is for an ExtendedStatistic that is a percentile, such as p99"
        datapoints, periods = properties.get("DatapointsToAlarm"), properties.get("EvaluationPeriods")
        if not isinstance(datapoints, int) or not isinstance(periods, str) or not periods.isdecimal():
            return
        if datapoints > int(periods):
            yield "DatapointsToAlarm", "must be at most EvaluationPeriods"


def _may_be_percentile(extended: Any) -> bool:
    """Also where it is known only later."""
    if extended is None:
        return False
    return not isinstance(extended, str) or percentile_share(extended) is not None


@register("OS::Heat::CWLiteAlarm", support=hidden("10.0.0", deprecated("2014.2", supported("2014.1"))))
class LiteAlarm(WatchType[LiteAlarmProperties]):
    """The former name of AWS::CloudWatch::Alarm."""
