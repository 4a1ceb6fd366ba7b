"""OS::Keystone::Domain: projects, users and groups with names of their own."""

from isotherm import kit
from isotherm.kit import Described, prop, register, supported
from isotherm.kit.services.identity import DOMAIN
from isotherm.resources.identity.identity_type import IdentityType


class DomainProperties(Described):
    enabled: bool = prop("Whether its users can log in.", default=True, update_allowed=True)


@register("OS::Keystone::Domain", support=supported("8.0.0"))
class Domain(IdentityType[DomainProperties]):
    """Projects, users and groups with names of their own; all of them go with it."""

    entity = DOMAIN
    claims = (kit.Claim("name of a domain", ("name",)),)

    async def remove(self, ctx: kit.Context[DomainProperties]) -> None:
        """One that is enabled cannot be deleted."""
        await ctx.api.update(DOMAIN, ctx.physical_id, {"enabled": False})
        await super().remove(ctx)
