"""OS::Keystone::Region, Service and Endpoint: what the catalogue shows."""

from isotherm import kit
from isotherm.kit import Described, Named, Properties, changeable, prop, register, supported
from isotherm.kit.services.identity import ENDPOINT, REGION, SERVICE


class RegionProperties(Properties):
    id: str | None = prop("Its id; by default one is made up.")
    parent_region: str | None = changeable(
        "Region that it is part of.", finds="keystone.region", sends="parent_region_id"
    )
    description: str | None = changeable("Description.", clears="")
    enabled: bool = changeable("Whether it can be used.", default=True)


@register("OS::Keystone::Region", support=supported("6.0.0"))
class Region(kit.UndatedType[RegionProperties]):
    """A part of the cloud with endpoints of its own."""

    entity = REGION
    name_field = "id"
    chooses_id = True


class ServiceProperties(Described):
    type: str = changeable("Kind of service, by which clients look for it.")
    enabled: bool = changeable("Whether the catalogue shows it.", default=True, since="6.0.0")


@register("OS::Keystone::Service", support=supported("5.0.0"))
class Service(kit.UndatedType[ServiceProperties]):
    """An entry in the catalogue; its endpoints go with it."""

    entity = SERVICE


class EndpointProperties(Named):
    region: str | None = changeable("Region that it is for.", finds="keystone.region")
    service: str = changeable("Service that it is of.", finds="keystone.service")
    interface: str = changeable("Whom it is for.", allowed=("public", "internal", "admin"))
    url: str = changeable("Its address; '$(project_id)s' stands for the caller's project.")
    enabled: bool = changeable("Whether the catalogue shows it.", default=True, since="6.0.0")


@register("OS::Keystone::Endpoint", support=supported("5.0.0"))
class Endpoint(kit.UndatedType[EndpointProperties]):
    """Where a service is reached."""

    entity = ENDPOINT

    async def list_named(self, ctx: kit.Context[EndpointProperties], name: str) -> list[kit.Remote]:
        """Endpoints are not listed by name."""
        return await ctx.api.list(ENDPOINT, service_id=ctx.props.service, interface=ctx.props.interface)
