"""OS::Neutron::Quota: how many objects of the network service a project may have."""

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.network import QUOTA


class QuotaProperties(Properties):
    project: str = prop("Project that is limited.", finds="keystone.project", sends=None)
    subnet: int | None = prop("Subnets; -1 for any number.", ge=-1, update_allowed=True)
    network: int | None = prop("Networks; -1 for any number.", ge=-1, update_allowed=True)
    floatingip: int | None = prop("Floating IPs; -1 for any number.", ge=-1, update_allowed=True)
    security_group_rule: int | None = prop("Rules of all groups; -1 for any number.", ge=-1, update_allowed=True)
    security_group: int | None = prop("Security groups; -1 for any number.", ge=-1, update_allowed=True)
    router: int | None = prop("Routers; -1 for any number.", ge=-1, update_allowed=True)
    port: int | None = prop("Ports; -1 for any number.", ge=-1, update_allowed=True)
    subnetpool: int | None = prop("Subnet pools; -1 for any number.", ge=-1, update_allowed=True, since="12.0.0")
    rbac_policy: int | None = prop("RBAC policies; -1 for any number.", ge=-1, update_allowed=True, since="12.0.0")


@register("OS::Neutron::Quota", support=supported("8.0.0"))
class Quota(kit.QuotaType[QuotaProperties]):
    """How many objects of the network service a project may have; administrators only."""

    entity = QUOTA
    extension = "quotas"
