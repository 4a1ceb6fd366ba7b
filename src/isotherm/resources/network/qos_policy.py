"""OS::Neutron::QoSPolicy: how the traffic of ports or networks is treated."""

from isotherm.kit import Described, attr, prop, register, supported
from isotherm.kit.services.network import QOS_POLICY
from isotherm.resources.network.network_type import NetworkType


class QosPolicyProperties(Described):
    shared: bool = prop("Whether all projects may use it.", default=False, update_allowed=True)
    tenant_id: str | None = prop("Project that owns it.")


@register("OS::Neutron::QoSPolicy", support=supported("6.0.0"))
class QosPolicy(NetworkType[QosPolicyProperties]):
    """How the traffic of ports or networks is treated; by default only administrators make one."""

    entity = QOS_POLICY
    extension = "qos"
    status_field = ""
    attributes = (attr("rules", list, "Its rules.", volatile=True),)
