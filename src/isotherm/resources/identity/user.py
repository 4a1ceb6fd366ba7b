"""OS::Keystone::User: somebody who can log in."""

from isotherm import kit
from isotherm.kit import KEEP, Named, attr, prop, register, supported
from isotherm.kit.services.identity import USER
from isotherm.resources.identity import grants
from isotherm.resources.identity.grants import Grant
from isotherm.resources.identity.identity_type import IdentityType


class UserProperties(Named):
    domain: str = prop("Domain that it is in.", default="default", finds="keystone.domain", update_allowed=True)
    description: str | None = prop("Description.", default="", clears="", update_allowed=True)
    enabled: bool = prop("Whether it can log in.", default=True, update_allowed=True)
    email: str | None = prop("E-mail address.", update_allowed=True)
    password: str | None = prop("Password.", secret=True, reads=None, clears=KEEP, update_allowed=True)
    default_project: str | None = prop(
        "Project that it works in unless it says another.", finds="keystone.project", update_allowed=True
    )
    groups: list[str] | None = prop(
        "Groups that it belongs to.", items=prop("A group.", finds="keystone.group"), sends=None, update_allowed=True
    )
    roles: list[Grant] | None = prop("Roles that it has.", sends=None, update_allowed=True)


@register("OS::Keystone::User", support=supported("2015.1"))
class User(IdentityType[UserProperties]):
    """Somebody who can log in. Memberships and roles go with it."""

    entity = USER
    claims = (kit.Claim("name of a user", ("name",)),)
    completes = ("groups", "roles")
    attributes = (
        attr("name", doc="Its name.", since="9.0.0"),
        attr("default_project_id", doc="Project that it works in unless it says another.", since="9.0.0"),
        attr("domain_id", doc="Domain that it is in.", since="9.0.0"),
        attr("enabled", bool, "Whether it can log in.", since="9.0.0"),
        attr("password_expires_at", doc="Until when its password is good.", since="9.0.0"),
    )

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from grants.misplaced(properties)

    async def complete(self, ctx: kit.Context[UserProperties], remote: kit.Remote) -> bool:
        moved = await self._join_groups(ctx)
        return await grants.exchange(ctx, f"{grants.USERS}/{ctx.physical_id}") or moved

    async def _join_groups(self, ctx: kit.Context[UserProperties]) -> bool:
        def call(method: str) -> kit.Call:
            return lambda group: ctx.api.call("identity", method, f"/groups/{group}/users/{ctx.physical_id}")

        before = ctx.recorded.groups if ctx.recorded else ()
        return await kit.exchange(before, ctx.props.groups, add=call("PUT"), remove=call("DELETE"))
