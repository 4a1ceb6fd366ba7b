"""OS::Heat::ScalingPolicy: changes the size of a group whenever it is signalled."""

from collections.abc import Mapping

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register


class ScalingPolicyProperties(Properties):
    auto_scaling_group_id: str = prop("The group.")
    scaling_adjustment: float = prop("By how many members, to how many, or by what percentage.", update_allowed=True)
    adjustment_type: str = prop(
        "What the adjustment means.", allowed=tuple(each.value for each in kit.Adjustment), update_allowed=True
    )
    cooldown: float | None = prop("Seconds in which the group is not adjusted again.", update_allowed=True)
    min_adjustment_step: int | None = prop("Members that a percentage changes at least.", ge=0, update_allowed=True)


@register("OS::Heat::ScalingPolicy")
class ScalingPolicy(kit.ResourceType[ScalingPolicyProperties]):
    """Changes the size of a group whenever it is signalled."""

    takes_signals = True
    attributes = (
        attr("alarm_url", doc="Signed address that alarms call.", volatile=True, implemented=False),
        attr("signal_url", doc="Address that users of the project signal.", fetched=True, since="5.0.0"),
    )

    async def fetch(self, ctx: kit.Context[ScalingPolicyProperties], attribute: str) -> kit.Value:
        return await ctx.users.signal_address(ctx.resource, by_owner=True)

    def receive(self, signalled: kit.Signalled, details: Mapping[str, kit.Value] | None) -> kit.Received | None:
        if not is_alarm(details):
            return None
        given = signalled.properties
        adjustment = {
            "kind": given["adjustment_type"],
            "amount": given["scaling_adjustment"],
            "cooldown": given.get("cooldown"),
            "least": given.get("min_adjustment_step"),
        }
        return kit.Received(reason_of(details), forward=kit.Forward(given["auto_scaling_group_id"], adjustment))


def is_alarm(details: Mapping[str, kit.Value] | None) -> bool:
    """Whether the signal tells of an alarm that went off; one without details does."""
    told = details or {}
    return str(told.get("current", told.get("state", "alarm"))).lower() == "alarm"


def reason_of(details: Mapping[str, kit.Value] | None) -> str:
    if not details:
        return "No signal details provided"
    if {"previous", "current"} <= details.keys():
        return f"alarm state changed from {details['previous']} to {details['current']} ({details.get('reason', '')})"
    return "Signal received"
