"""OS::Keystone::Region: a part of the cloud with endpoints of its own."""

from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.identity import REGION
from isotherm.resources.identity.identity_type import IdentityType


class RegionProperties(Properties):
    id: str | None = prop("Its id; by default one is made up.")
    parent_region: str | None = prop(
        "Region that it is part of.", finds="keystone.region", sends="parent_region_id", update_allowed=True
    )
    description: str | None = prop("Description.", clears="", update_allowed=True)
    enabled: bool = prop("Whether it can be used.", default=True, update_allowed=True)


@register("OS::Keystone::Region", support=supported("6.0.0"))
class Region(IdentityType[RegionProperties]):
    """A part of the cloud with endpoints of its own."""

    entity = REGION
    name_field = "id"
    chooses_id = True
