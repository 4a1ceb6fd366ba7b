"""OS::Octavia::Quota: how many load balancers and parts of them a project may have."""

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.load_balancer import QUOTA


class QuotaProperties(Properties):
    """-1 always means that there is no limit."""

    project: str = prop("Project that is limited.", finds="keystone.project", sends=None)
    healthmonitor: int | None = prop("Health monitors.", ge=-1, update_allowed=True)
    listener: int | None = prop("Listeners.", ge=-1, update_allowed=True)
    loadbalancer: int | None = prop("Load balancers.", ge=-1, update_allowed=True)
    pool: int | None = prop("Pools.", ge=-1, update_allowed=True)
    member: int | None = prop("Members.", ge=-1, update_allowed=True)


@register("OS::Octavia::Quota", support=supported("14.0.0"))
class Quota(kit.QuotaType[QuotaProperties]):
    """How many load balancers and parts of them a project may have; administrators only."""

    entity = QUOTA
