"""OS::Neutron::MeteringLabel, MeteringRule, TaaS::TapService and TapFlow: traffic that is counted, and copied."""

from isotherm import kit
from isotherm.kit import P, Properties, changeable, prop, register, supported
from isotherm.kit.services.network import METERING_LABEL, METERING_RULE, TAP_FLOW, TAP_SERVICE
from isotherm.resources.network.network_type import NetworkType, UndatedNetworkType


class MeteringLabelProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    description: str | None = prop("Description.")
    shared: bool = prop("Whether it counts for all projects.", default=False, since="2015.1")


@register("OS::Neutron::MeteringLabel", support=supported("2014.1"))
class MeteringLabel(NetworkType[MeteringLabelProperties]):
    """What traffic is counted for; for administrators."""

    entity = METERING_LABEL
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
    links = (kit.Link("metering rule", ("metering_label_id", "remote_ip_prefix", "direction"), details=("excluded",)),)
    attributes = kit.shown(MeteringRuleProperties, *MeteringRuleProperties.schema)


class Named(Properties):
    name: str = changeable("Name; by default one is made up.", default="")
    description: str = changeable("Description.", default="", clears="")


class TapType(UndatedNetworkType[P]):
    """What taps have in common: agents take them down."""

    goes_at_once = False
    extension = "taas"


class TapServiceProperties(Named):
    port: str = prop("Port that gets the copies.", finds="neutron.port")


@register("OS::Neutron::TaaS::TapService", support=supported("12.0.0"))
class TapService(TapType[TapServiceProperties]):
    """Where copies of traffic go."""

    entity = TAP_SERVICE


class TapFlowProperties(Named):
    port: str = prop("Port whose traffic is copied.", finds="neutron.port", sends="source_port")
    tap_service: str = prop("Where the copies go.", finds="neutron.taas.tap_service")
    direction: str = prop("Which way.", default="BOTH", allowed=("IN", "OUT", "BOTH"))
    vlan_filter: str | None = prop(
        "VLANs that are copied, as numbers and ranges.", pattern=r"^([0-9]+(-[0-9]+)?)(,([0-9]+(-[0-9]+)?))*$"
    )


@register("OS::Neutron::TaaS::TapFlow", support=supported("12.0.0"))
class TapFlow(TapType[TapFlowProperties]):
    """Traffic of a port that is copied."""

    entity = TAP_FLOW
