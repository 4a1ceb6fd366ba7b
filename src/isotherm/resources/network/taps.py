"""OS::Neutron::TaaS::TapService and TapFlow: copies of the traffic of a port."""

from isotherm import kit
from isotherm.kit import P, Properties, prop, register, supported
from isotherm.kit.services.network import TAP_FLOW, TAP_SERVICE
from isotherm.resources.network.network_type import NetworkType


class Named(Properties):
    name: str = prop("Name; by default one is made up.", default="", update_allowed=True)
    description: str = prop("Description.", default="", clears="", update_allowed=True)


class TapType(NetworkType[P], kit.UndatedType[P]):
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
