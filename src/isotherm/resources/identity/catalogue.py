"""OS::Keystone::Region, Service and Endpoint: what the catalogue shows."""

from isotherm import kit
from isotherm.kit import Described, Named, Properties, prop, register, supported
from isotherm.kit.services.identity import ENDPOINT, REGION, SERVICE


class RegionProperties(Properties):
    id: str | None = prop("Its id; by default one is made up.")
    parent_region: str | None = prop(
        "Region that it is part of.", finds="keystone.region", sends="parent_region_id", update_allowed=True
    )
    description: str | None = prop("Description.", clears="", update_allowed=True)
    enabled: bool = prop("Whether it can be used.", default=True, update_allowed=True)


@register("OS::Keystone::Region", support=supported("6.0.0"))
class Region(kit.UndatedType[RegionProperties]):
    """A part of the cloud with endpoints of its own."""

    entity = REGION
    name_field = "id"
    chooses_id = True


class ServiceProperties(Described):
    type: str = prop("Kind of service, by which clients look for it.", update_allowed=True)
    enabled: bool = prop("Whether the catalogue shows it.", default=True, update_allowed=True, since="6.0.0")


@register("OS::Keystone::Service", support=supported("5.0.0"))
class Service(kit.UndatedType[ServiceProperties]):
    """An entry in the catalogue; its endpoints go with it."""

    entity = SERVICE


class EndpointProperties(Named):
    region: str | None = prop("Region that it is for.", finds="keystone.region", update_allowed=True)
    service: str = prop("Service that it is of.", finds="keystone.service", update_allowed=True)
    interface: str = prop("Whom it is for.", allowed=("public", "internal", "admin"), update_allowed=True)
    url: str = prop("Its address; '$(project_id)s' stands for the caller's project.", update_allowed=True)
    enabled: bool = prop("Whether the catalogue shows it.", default=True, update_allowed=True, since="6.0.0")


@register("OS::Keystone::Endpoint", support=supported("5.0.0"))
class Endpoint(kit.UndatedType[EndpointProperties]):
    """Where a service is reached."""

    entity = ENDPOINT

    async def list_named(self, ctx: kit.Context[EndpointProperties], name: str) -> list[kit.Remote]:
        """Endpoints are not listed by name."""
        return await ctx.api.list(ENDPOINT, service_id=ctx.props.service, interface=ctx.props.interface)
