"""OS::Keystone::Group: users who have roles together."""

from isotherm import kit
from isotherm.kit import Named, prop, register, supported
from isotherm.kit.services.identity import GROUP
from isotherm.resources.identity import grants
from isotherm.resources.identity.grants import Grant
from isotherm.resources.identity.identity_type import IdentityType


class GroupProperties(Named):
    domain: str = prop("Domain that it is in.", default="default", finds="keystone.domain", update_allowed=True)
    description: str | None = prop("Description.", default="", clears="", update_allowed=True)
    roles: list[Grant] | None = prop("Roles that its users have.", sends=None, update_allowed=True)


@register("OS::Keystone::Group", support=supported("2015.1"))
class Group(IdentityType[GroupProperties]):
    """Users who have roles together."""

    entity = GROUP
    claims = (kit.Claim("name of a group", ("name",)),)
    completes = ("roles",)

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from grants.misplaced(properties)

    async def complete(self, ctx: kit.Context[GroupProperties], remote: kit.Remote) -> bool:
        return await grants.exchange(ctx, f"{grants.GROUPS}/{ctx.physical_id}")
