"""OS::Neutron::Segment: a part that a network is made of below."""

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.network import SEGMENT
from isotherm.resources.network.network_type import NetworkType

_PHYSICAL, _TUNNELS = ("flat", "vlan"), ("vxlan", "gre", "geneve")
_LAST_VLAN = 4094


class SegmentProperties(Properties):
    network: str = prop("Network that it is a part of.", finds="neutron.network")
    network_type: str = prop("Technique.", allowed=("local", "vlan", *_TUNNELS, "flat"))
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
    where = (
        kit.Where("network_type", _PHYSICAL, needs=("physical_network",)),
        kit.Where("network_type", ("local", *_TUNNELS), bars=("physical_network",)),
        kit.Where("network_type", ("local", "flat"), bars=("segmentation_id",)),
    )

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        number = properties.get("segmentation_id")
        if properties.get("network_type") == "vlan" and isinstance(number, int) and number > _LAST_VLAN:
            yield "segmentation_id", f"must be at most {_LAST_VLAN} for a segment of type vlan"
