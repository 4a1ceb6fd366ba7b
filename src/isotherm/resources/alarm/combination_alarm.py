"""OS::Ceilometer::CombinationAlarm: several alarms as one, as templates of yesterday have it."""

from __future__ import annotations

from typing import Any

from isotherm import kit
from isotherm.kit import deprecated, hidden, prop, register, supported
from isotherm.kit.services.alarm import ALARM
from isotherm.resources.alarm.alarm_type import Acting, AlarmType

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
