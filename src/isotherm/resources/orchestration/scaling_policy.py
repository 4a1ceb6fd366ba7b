"""OS::Heat::ScalingPolicy and AWS::AutoScaling::ScalingPolicy: change the size of a group when signalled."""

from collections.abc import Mapping
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import P, Properties, attr, changeable, prop, register

AMOUNT = "By how many members, to how many, or by what percentage."
LEAST = "Members that a percentage changes at least."
MEANS = "What the adjustment means."


class Policy(kit.StackUserType[P]):
    """What a policy does, whatever its properties are called."""

    takes_signals = True
    kinds: ClassVar[Mapping[str, kit.Adjustment]]
    """Kinds of adjustments, by what they are called."""

    async def equip(self, ctx: kit.Context[P]) -> None:
        await self.sign(ctx, kit.Purpose.SIGNAL)

    def receive(self, signalled: kit.Signalled, details: kit.Values | None) -> kit.Received | None:
        if not is_alarm(details):
            return None
        told: Any = self.Properties.of(signalled.properties)
        adjustment = {
            "kind": self.kinds[told.kind].value,
            "called": told.kind,
            "amount": told.amount,
            "cooldown": told.cooldown,
            "least": told.least,
        }
        return kit.Received(reason_of(details), forward=kit.Forward(told.group, adjustment))


def alarm_address(name: str) -> kit.Attribute:
    about = "Signed address that alarms call."
    return attr(name, doc=about, volatile=True, secret=True, reads=kit.signed_address_of)


_KINDS = {each.value: each for each in kit.Adjustment}


class ScalingPolicyProperties(Properties):
    group: str = prop("The group.", name="auto_scaling_group_id")
    amount: float = changeable(AMOUNT, name="scaling_adjustment")
    kind: str = changeable(MEANS, name="adjustment_type", allowed=tuple(_KINDS))
    cooldown: float | None = changeable("Seconds in which the group is not adjusted again.")
    least: int | None = changeable(LEAST, name="min_adjustment_step", ge=0)


@register("OS::Heat::ScalingPolicy")
class ScalingPolicy(Policy[ScalingPolicyProperties]):
    """Changes the size of a group whenever it is signalled."""

    kinds = _KINDS

    def problems(self, properties: kit.Values) -> kit.Problems:
        percent = kit.Adjustment.PERCENT.value
        yield from step_of_a_number(properties, "adjustment_type", "min_adjustment_step", percent)

    attributes = (
        alarm_address("alarm_url"),
        attr("signal_url", doc="Address that users of the project signal.", fetched=True, since="5.0.0"),
    )

    async def fetch(self, ctx: kit.Context[ScalingPolicyProperties], attribute: str) -> kit.Value:
        return await ctx.users.signal_address(ctx.resource, by_owner=True)


_AWS_KINDS = {
    "ChangeInCapacity": kit.Adjustment.CHANGE,
    "ExactCapacity": kit.Adjustment.EXACT,
    "PercentChangeInCapacity": kit.Adjustment.PERCENT,
}


class AwsScalingPolicyProperties(Properties):
    group: str = prop("The group.", name="AutoScalingGroupName")
    amount: int = changeable(AMOUNT, name="ScalingAdjustment")
    kind: str = changeable(MEANS, name="AdjustmentType", allowed=tuple(_AWS_KINDS))
    cooldown: int | None = changeable("Seconds in which the group is not adjusted again.", name="Cooldown")
    least: int | None = changeable(LEAST, name="MinAdjustmentStep", ge=0)


@register("AWS::AutoScaling::ScalingPolicy")
class AwsScalingPolicy(Policy[AwsScalingPolicyProperties]):
    """Changes the size of a group whenever it is signalled; a reference to it is its signed address."""

    kinds = _AWS_KINDS

    def problems(self, properties: kit.Values) -> kit.Problems:
        yield from step_of_a_number(properties, "AdjustmentType", "MinAdjustmentStep", "PercentChangeInCapacity")

    attributes = (alarm_address("AlarmUrl"),)

    def reference(self, ctx: kit.Context[AwsScalingPolicyProperties]) -> kit.Value:
        return kit.signed_address_of(ctx, {}) or super().reference(ctx)


def step_of_a_number(properties: kit.Values, kind: str, least: str, percent: str) -> kit.Problems:
    """A least step of an adjustment that is no percentage: it would have no effect."""
    told = properties.get(kind)
    if isinstance(properties.get(least), int) and isinstance(told, str) and told != percent:
        yield least, f"{least} goes with {kind} {percent} only, not with {told}"


def is_alarm(details: kit.Values | None) -> bool:
    """Whether the signal tells of an alarm that went off; one without details does."""
    told = details or {}
    return str(told.get("current", told.get("state", "alarm"))).lower() == "alarm"


def reason_of(details: kit.Values | None) -> str:
    if not details:
        return "No signal details provided"
    if {"previous", "current"} <= details.keys():
        return f"alarm state changed from {details['previous']} to {details['current']} ({details.get('reason', '')})"
    return "Signal received"
