"""OS::Keystone::Role: what users may do."""

from isotherm import kit
from isotherm.kit import Named, prop, register, supported
from isotherm.kit.services.identity import ROLE
from isotherm.resources.identity.identity_type import IdentityType


class RoleProperties(Named):
    domain: str | None = prop("Domain that it is for.", finds="keystone.domain", since="16.0.0")


@register("OS::Keystone::Role", support=supported("2015.1"))
class Role(IdentityType[RoleProperties]):
    """What users may do, once it is assigned to them."""

    entity = ROLE
    claims = (kit.Claim("name of a role", ("name",)),)

    async def list_named(self, ctx: kit.Context[RoleProperties], name: str) -> list[kit.Remote]:
        """Roles of a domain are listed for that alone."""
        where = {"domain_id": ctx.props.domain} if ctx.props.domain else {}
        return await ctx.api.list(ROLE, name=name, **where)
