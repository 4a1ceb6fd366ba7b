"""OS::Aodh::LBMemberHealthAlarm: notices members of a pool that do not answer."""

from isotherm.kit import prop, register, supported
from isotherm.resources.alarm.alarm_type import Acting, AlarmType

RULE = "loadbalancer_member_health_rule"


class LbMemberHealthAlarmProperties(Acting):
    pool: str = prop("Pool.", resolves="octavia.pool", sends=f"{RULE}.pool_id", update_allowed=True)
    stack: str = prop("Id of the stack that the members belong to.", sends=f"{RULE}.stack_id")
    autoscaling_group_id: str = prop(
        "Group whose members they are.", sends=f"{RULE}.autoscaling_group_id", update_allowed=True
    )


@register("OS::Aodh::LBMemberHealthAlarm", support=supported("13.0.0"))
class LbMemberHealthAlarm(AlarmType[LbMemberHealthAlarmProperties]):
    """Notices members of a pool that do not answer."""

    kind = "loadbalancer_member_health"
