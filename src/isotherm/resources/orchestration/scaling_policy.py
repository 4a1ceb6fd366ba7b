"""OS::Heat::ScalingPolicy and AWS::AutoScaling::ScalingPolicy: change the size of a group when signalled."""

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register
from isotherm.kit.context import P


class Policy(kit.StackUserType[P]):
    """What a policy does, whatever its properties are called."""

    takes_signals = True

    def asked(self, given: kit.Values) -> kit.Forward:
        """The group, and what is to become of it."""
        raise NotImplementedError

    async def equip(self, ctx: kit.Context[P]) -> None:
        await self.sign(ctx, kit.Purpose.SIGNAL)

    def receive(self, signalled: kit.Signalled, details: kit.Values | None) -> kit.Received | None:
        if not is_alarm(details):
            return None
        return kit.Received(reason_of(details), forward=self.asked(signalled.properties))


class ScalingPolicyProperties(Properties):
    auto_scaling_group_id: str = prop("The group.")
    scaling_adjustment: float = prop("By how many members, to how many, or by what percentage.", update_allowed=True)
    adjustment_type: str = prop(
        "What the adjustment means.", allowed=tuple(each.value for each in kit.Adjustment), update_allowed=True
    )
    cooldown: float | None = prop("Seconds in which the group is not adjusted again.", update_allowed=True)
    min_adjustment_step: int | None = prop("Members that a percentage changes at least.", ge=0, update_allowed=True)


@register("OS::Heat::ScalingPolicy")
class ScalingPolicy(Policy[ScalingPolicyProperties]):
    """Changes the size of a group whenever it is signalled."""

    attributes = (
        attr(
            "alarm_url",
            doc="Signed address that alarms call.",
            volatile=True,
            secret=True,
            reads=kit.signed_address_of,
        ),
        attr("signal_url", doc="Address that users of the project signal.", fetched=True, since="5.0.0"),
    )

    async def fetch(self, ctx: kit.Context[ScalingPolicyProperties], attribute: str) -> kit.Value:
        return await ctx.users.signal_address(ctx.resource, by_owner=True)

    def asked(self, given: kit.Values) -> kit.Forward:
        adjustment = {
            "kind": given["adjustment_type"],
            "amount": given["scaling_adjustment"],
            "cooldown": given.get("cooldown"),
            "least": given.get("min_adjustment_step"),
        }
        return kit.Forward(given["auto_scaling_group_id"], adjustment)


_AWS_KINDS = {
    "ChangeInCapacity": kit.Adjustment.CHANGE,
    "ExactCapacity": kit.Adjustment.EXACT,
    "PercentChangeInCapacity": kit.Adjustment.PERCENT,
}


class AwsScalingPolicyProperties(Properties):
    AutoScalingGroupName: str = prop("The group.")
    ScalingAdjustment: int = prop("By how many members, to how many, or by what percentage.", update_allowed=True)
    AdjustmentType: str = prop("What the adjustment means.", allowed=tuple(_AWS_KINDS), update_allowed=True)
    Cooldown: int | None = prop("Seconds in which the group is not adjusted again.", update_allowed=True)
    MinAdjustmentStep: int | None = prop("Members that a percentage changes at least.", ge=0, update_allowed=True)


@register("AWS::AutoScaling::ScalingPolicy")
class AwsScalingPolicy(Policy[AwsScalingPolicyProperties]):
    """Changes the size of a group whenever it is signalled; a reference to it is its signed address."""

    attributes = (
        attr(
            "AlarmUrl",
            doc="Signed address that alarms call.",
            volatile=True,
            secret=True,
            reads=kit.signed_address_of,
        ),
    )

    def reference(self, ctx: kit.Context[AwsScalingPolicyProperties]) -> kit.Value:
        return kit.signed_address_of(ctx, {}) or super().reference(ctx)

    def asked(self, given: kit.Values) -> kit.Forward:
        adjustment = {
            "kind": _AWS_KINDS[given["AdjustmentType"]].value,
            "called": given["AdjustmentType"],
            "amount": given["ScalingAdjustment"],
            "cooldown": given.get("Cooldown"),
            "least": given.get("MinAdjustmentStep"),
        }
        return kit.Forward(given["AutoScalingGroupName"], adjustment)


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
