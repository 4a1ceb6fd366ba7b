"""OS::Neutron::Segment: a part that a network is made of below."""

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.network import SEGMENT
from isotherm.resources.network.network_type import NetworkType

_WITH_PHYSICAL = ("flat", "vlan")
_WITHOUT_ID = ("flat", "local")
_LAST_VLAN = 4094


class SegmentProperties(Properties):
    network: str = prop("Network that it is a part of.", finds="neutron.network")
    network_type: str = prop("Technique.", allowed=("local", "vlan", "vxlan", "gre", "geneve", "flat"))
    physical_network: str | None = prop("Physical network, for flat and vlan.")
    segmentation_id: int | None = prop("Its number there.", ge=1)
    name: str | None = prop("Name; by default one is made up.", update_allowed=True)
    description: str | None = prop("Description.", clears="", update_allowed=True)


@register("OS::Neutron::Segment", support=supported("9.0.0"))
class Segment(NetworkType[SegmentProperties]):
    """A part that a network is made of below; for administrators."""

    entity = SEGMENT
    extension = "segment"
    status_field = ""

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        kind, sure = properties.get("network_type"), kit.surely_given(properties)
        if not isinstance(kind, str):
            return
        if kind in _WITH_PHYSICAL and "physical_network" not in kit.given(properties):
            yield "physical_network", f"must be given for a segment of type {kind}"
        if kind not in _WITH_PHYSICAL and "physical_network" in sure:
            yield "physical_network", f"cannot be given for a segment of type {kind}"
        number = properties.get("segmentation_id")
        if kind in _WITHOUT_ID and "segmentation_id" in sure:
            yield "segmentation_id", f"cannot be given for a segment of type {kind}"
        if kind == "vlan" and isinstance(number, int) and number > _LAST_VLAN:
            yield "segmentation_id", f"must be at most {_LAST_VLAN} for a segment of type vlan"
