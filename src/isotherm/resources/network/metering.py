"""OS::Neutron::MeteringLabel and MeteringRule: which traffic is counted for what."""

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.network import METERING_LABEL, METERING_RULE
from isotherm.resources.network.network_type import NetworkType


class MeteringLabelProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    description: str | None = prop("Description.")
    shared: bool = prop("Whether it counts for all projects.", default=False, since="2015.1")


@register("OS::Neutron::MeteringLabel", support=supported("2014.1"))
class MeteringLabel(NetworkType[MeteringLabelProperties]):
    """What traffic is counted for; for administrators."""

    entity = METERING_LABEL
    status_field = ""
    attributes = kit.shown(MeteringLabelProperties, "name", "description", "shared")


class MeteringRuleProperties(Properties):
    metering_label_id: str = prop("Label that it belongs to.")
    remote_ip_prefix: str = prop("Addresses whose traffic is counted.")
    direction: str = prop("Which way.", default="ingress", allowed=("ingress", "egress"))
    excluded: bool = prop("Whether these addresses are left out.", default="False")


@register("OS::Neutron::MeteringRule", support=supported("2014.1"))
class MeteringRule(NetworkType[MeteringRuleProperties]):
    """Which traffic is counted for a label; for administrators."""

    entity = METERING_RULE
    name_field = ""
    alike = ("metering_label_id", "remote_ip_prefix", "direction")
    status_field = ""
    links = (kit.Link("metering rule", ("metering_label_id", "remote_ip_prefix", "direction"), details=("excluded",)),)
    attributes = kit.shown(MeteringRuleProperties, *MeteringRuleProperties.schema)
