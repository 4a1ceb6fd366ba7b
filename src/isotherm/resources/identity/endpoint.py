"""OS::Keystone::Endpoint: where a service is reached."""

from isotherm import kit
from isotherm.kit import Named, prop, register, supported
from isotherm.kit.services.identity import ENDPOINT
from isotherm.resources.identity.identity_type import IdentityType


class EndpointProperties(Named):
    region: str | None = prop("Region that it is for.", finds="keystone.region", update_allowed=True)
    service: str = prop("Service that it is of.", finds="keystone.service", update_allowed=True)
    interface: str = prop("Whom it is for.", allowed=("public", "internal", "admin"), update_allowed=True)
    url: str = prop("Its address; '$(project_id)s' stands for the caller's project.", update_allowed=True)
    enabled: bool = prop("Whether the catalogue shows it.", default=True, update_allowed=True, since="6.0.0")


@register("OS::Keystone::Endpoint", support=supported("5.0.0"))
class Endpoint(IdentityType[EndpointProperties]):
    """Where a service is reached."""

    entity = ENDPOINT

    async def list_named(self, ctx: kit.Context[EndpointProperties], name: str) -> list[kit.Remote]:
        """Endpoints are not listed by name."""
        return await ctx.api.list(ENDPOINT, service_id=ctx.props.service, interface=ctx.props.interface)
